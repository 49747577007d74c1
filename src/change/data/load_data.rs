//! `loadData`.

use super::data_file::{DataFile, Rows, bytes_of};
use super::values;
use crate::attributes;
use crate::change::columns::DataColumns;
use crate::change::{ChangeType, Context, HashRule, StatementStream};
use crate::sql::action::Action;
use crate::sql::statement::Joined;
use crate::sql::{ObjectName, Statement, Validation, statement};

/// How many rows one INSERT has at most in a script, and where values are bound: the number of parameters has a limit.
const ROWS: usize = 50;
/// How many rows one INSERT has at most that is only sent.
const ROWS_SENT: usize = 10_000;
/// No row is added to an INSERT whose texts and values from files have this many bytes.
const BYTES: usize = 1 << 20;
/// The same for an INSERT that is only sent: as a message it is well below every server's limit.
const BYTES_SENT: usize = 256 << 10;

attributes! {
    /// Adds the rows of a CSV file to a table.
    pub struct LoadData {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// How columns of the file are read, and what they are called in the table.
        pub columns: DataColumns = "columns",
        /// Lines that begin with this are left out; `#` when it is not given, none when it is empty.
        pub comment_line_starts_with: Option<String> = "commentLineStartsWith",
        /// The encoding of the file; that of the configuration when it is not given.
        pub encoding: Option<String> = "encoding",
        /// The file; one that ends in `.gz` is decompressed.
        pub file: Option<String> = "file" (required),
        /// What quotes fields: the first character counts; `"` when it is not given, nothing when it is blank.
        pub quotchar: Option<String> = "quotchar",
        /// Whether the file is looked for beside the changelog file instead of in the search path.
        pub relative_to_changelog_file: Option<bool> = "relativeToChangelogFile",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// What separates fields: the first character counts, or `\t` for a tab; `,` when it is not given.
        pub separator: Option<String> = "separator",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
        /// Whether rows are sent as parameters. Columns of type BLOB and CLOB always are.
        pub use_prepared_statements: Option<bool> = "usePreparedStatements",
    }
}

impl ChangeType for LoadData {
    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        self.data_file().validate(validation);
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        match self.stream(cx)? {
            Some(stream) => stream.collect(),
            None => Ok(Vec::new()),
        }
    }

    fn stream<'a>(&'a self, cx: &Context<'a>) -> Result<Option<StatementStream<'a>>, String> {
        let table = self.table();
        let rows = self.data_file().open(&table, cx)?;
        if !cx.executing && (self.use_prepared_statements == Some(true) || rows.must_be_bound()) {
            let file = self.file.as_deref().unwrap_or("");
            let text = format!("loadData of {file} into {} {}", table.name, values::NOT_A_SCRIPT);
            return Ok(Some(Box::new(std::iter::once(Ok(statement::Act(Action::Comment(text)).into())))));
        }
        let joined = if cx.executing { Joined::AsSent } else { Joined::AsScript };
        let is_sent = cx.executing && !rows.must_be_bound();
        let columns = rows.columns();
        let bound = cx.target.caps.bound_values / columns.len().max(1);
        let (most, bytes, full) = match (is_sent, bound) {
            (true, 0) => (ROWS_SENT, BYTES_SENT, joined),
            (true, bound) => (bound, BYTES_SENT, Joined::AsParameters),
            (false, _) => (ROWS, BYTES, joined),
        };
        Ok(Some(Box::new(Batches { columns, table, rows, joined, full, most, bytes })))
    }

    fn is_volatile(&self) -> bool {
        true
    }

    fn table_to_load(&self) -> Option<ObjectName> {
        Some(self.table())
    }

    fn hash_rule(&self) -> HashRule<'_> {
        self.data_file().hash_rule(self.table_name.as_deref())
    }
}

impl LoadData {
    fn table(&self) -> ObjectName {
        ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), self.table_name.clone().unwrap_or_default())
    }

    fn data_file(&self) -> DataFile<'_> {
        DataFile {
            change: "loadData",
            file: self.file.as_deref(),
            relative: self.relative_to_changelog_file,
            encoding: self.encoding.as_deref(),
            separator: self.separator.as_deref(),
            quote: self.quotchar.as_deref(),
            comment: self.comment_line_starts_with.as_deref(),
            columns: &self.columns,
            prepared: self.use_prepared_statements,
        }
    }
}

/// The INSERTs of a file, made while they are asked for.
struct Batches<'a> {
    table: ObjectName,
    columns: Vec<String>,
    rows: Rows<'a>,
    joined: Joined,
    /// The same for those that have as many rows as they can. As parameters these are all the same text, which the server reads once;
    /// the last one, and so the only one of a short file, is better sent together with what stands around it.
    full: Joined,
    /// How many rows one has at most.
    most: usize,
    /// No row is added to one that has this many bytes.
    bytes: usize,
}

impl Iterator for Batches<'_> {
    type Item = Result<Statement, String>;
    fn next(&mut self) -> Option<Self::Item> {
        let mut rows = Vec::new();
        let mut size = 0;
        while rows.len() < self.most && size < self.bytes {
            match self.rows.next() {
                Some(Ok(row)) => {
                    size += row.iter().map(bytes_of).sum::<usize>();
                    rows.push(row);
                }
                Some(Err(e)) => return Some(Err(e)),
                None => break,
            }
        }
        if rows.is_empty() {
            return None;
        }
        let joined = if rows.len() == self.most { self.full } else { self.joined };
        let insert = statement::Insert { table: self.table.clone(), columns: self.columns.clone(), rows, joined };
        Some(Ok(insert.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::context::NoTables;
    use crate::change::data::data_file::tests::Files;
    use crate::dialect::{postgres, sqlite};
    use crate::sql::{Dialect, Target};

    fn load(content: &str, dialect: &'static Dialect, executing: bool, prepared: Option<bool>) -> Vec<String> {
        let target = Target::new(dialect, None);
        let files = Files(vec![("f.csv", content.as_bytes().to_vec())]);
        let cx = Context { target: &target, resources: &files, executing, now: 0, tables: &NoTables };
        let change =
            LoadData { table_name: Some("t".into()), file: Some("f.csv".into()), use_prepared_statements: prepared, ..LoadData::default() };
        let statements = change.statements(&cx).unwrap();
        let actions = statements.iter().flat_map(|s| target.render(s).unwrap());
        actions.map(|a| if let Action::Sql(sql) = a { sql.text } else { format!("{a:?}") }).collect()
    }

    #[test]
    fn rows_are_joined_where_scripts_do_so() {
        let content = "id,name\n1,one\n2,NULL\n";
        assert_eq!(load(content, &postgres::DIALECT, false, None), ["INSERT INTO t (id, name) VALUES ('1', 'one'),('2', NULL);"]);
        let single = ["INSERT INTO t (id, name) VALUES ('1', 'one')", "INSERT INTO t (id, name) VALUES ('2', NULL)"];
        assert_eq!(load(content, &sqlite::DIALECT, false, None), single);
        assert_eq!(load(content, &sqlite::DIALECT, true, None), ["INSERT INTO t (id, name) VALUES ('1', 'one'),('2', NULL)"]);
        assert!(load("id,name\n", &postgres::DIALECT, false, None).is_empty());
    }

    #[test]
    fn fifty_rows_a_statement() {
        let content: String = std::iter::once("id\n".to_owned()).chain((0..120).map(|i| format!("{i}\n"))).collect();
        let sizes: Vec<_> = load(&content, &postgres::DIALECT, false, None).iter().map(|s| s.matches("('").count()).collect();
        assert_eq!(sizes, [50, 50, 20]);
    }

    #[test]
    fn many_rows_are_bound_where_the_server_is_quicker_so() {
        let content: String = std::iter::once("id,at\n".to_owned()).chain((0..5000).map(|i| format!("{i},NOW()\n"))).collect();
        let target = Target::new(&crate::dialect::mysql::DIALECT, None);
        let files = Files(vec![("f.csv", content.into_bytes())]);
        let load = |executing| {
            let cx = Context { target: &target, resources: &files, executing, now: 0, tables: &NoTables };
            let change = LoadData { table_name: Some("t".into()), file: Some("f.csv".into()), ..LoadData::default() };
            let actions = change.statements(&cx).unwrap().into_iter().flat_map(|s| target.render(&s).unwrap()).collect::<Vec<_>>();
            actions.into_iter().filter_map(|a| if let Action::Sql(sql) = a { Some(sql) } else { None }).collect::<Vec<_>>()
        };
        let sent = load(true);
        assert_eq!(sent.iter().map(|sql| sql.parameters.len()).collect::<Vec<_>>(), [2048, 2048, 0]);
        assert_eq!(sent.first().map(|sql| &sql.text), sent.get(1).map(|sql| &sql.text));
        assert!(
            sent.iter()
                .zip(["VALUES (?, NOW()),(?, ", "VALUES (?, ", "VALUES ('4096', NOW()),"])
                .all(|(sql, text)| sql.text.contains(text))
        );
        assert!(load(false).iter().all(|sql| sql.parameters.is_empty()));
    }

    #[test]
    fn prepared_rows_are_no_script() {
        let written = load("id\n1\n", &postgres::DIALECT, false, Some(true));
        assert!(matches!(written.as_slice(), [one] if one.starts_with("Comment(")), "{written:?}");
        assert_eq!(load("id\n1\n", &postgres::DIALECT, true, Some(true)), ["INSERT INTO t (id) VALUES ('1')"]);
    }
}
