//! `loadUpdateData`.

use super::data_file::{DataFile, bytes_of};
use crate::attributes;
use crate::change::columns::DataColumns;
use crate::change::{ChangeType, Context, HashRule, Inverse, StatementStream};
use crate::sql::identifier::split_names;
use crate::sql::literal::Literal;
use crate::sql::{ObjectName, Statement, Validation, statement};

/// How many rows are sent together at most.
const ROWS: usize = 1000;
/// No row is added to rows that have this many bytes.
const BYTES: usize = 256 << 10;

attributes! {
    /// Adds the rows of a CSV file to a table; rows whose key is there are changed.
    pub struct LoadUpdateData {
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
        /// Whether rows that are not there are left out instead of added.
        pub only_update: Option<bool> = "onlyUpdate",
        /// The columns of the key, as a comma list.
        pub primary_key: Option<String> = "primaryKey" (required),
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
        /// Has no effect here.
        pub use_prepared_statements: Option<bool> = "usePreparedStatements",
    }
}

impl ChangeType for LoadUpdateData {
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
        let mut rows = self.upserts(cx)?;
        if !cx.executing {
            return Ok(Some(Box::new(rows.map(|upsert| upsert.map(Statement::from)))));
        }
        Ok(Some(Box::new(std::iter::from_fn(move || batch(&mut rows)))))
    }

    fn is_volatile(&self) -> bool {
        true
    }

    fn table_to_load(&self) -> Option<ObjectName> {
        Some(self.table())
    }

    fn inverse(&self, cx: &Context<'_>) -> Result<Inverse, String> {
        // A file that is not there, or has another header, is told before anything is undone.
        drop(self.upserts(cx)?);
        Ok(Inverse::Stream)
    }

    /// Every row of the file is deleted by its key.
    fn undo_stream<'a>(&'a self, cx: &Context<'a>) -> Result<StatementStream<'a>, String> {
        let delete = |upsert: statement::Upsert| {
            let predicate = Some(upsert.predicate());
            statement::Delete { table: upsert.table, predicate }.into()
        };
        Ok(Box::new(self.upserts(cx)?.map(move |upsert| upsert.map(delete))))
    }

    fn hash_rule(&self) -> HashRule<'_> {
        self.data_file().hash_rule(self.table_name.as_deref())
    }
}

impl LoadUpdateData {
    fn table(&self) -> ObjectName {
        ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), self.table_name.clone().unwrap_or_default())
    }

    fn data_file(&self) -> DataFile<'_> {
        DataFile {
            change: "loadUpdateData",
            file: self.file.as_deref(),
            relative: self.relative_to_changelog_file,
            encoding: self.encoding.as_deref(),
            separator: self.separator.as_deref(),
            quote: self.quotchar.as_deref(),
            comment: self.comment_line_starts_with.as_deref(),
            columns: &self.columns,
            prepared: None,
        }
    }

    /// What happens with each row, in order.
    fn upserts<'a>(&'a self, cx: &Context<'a>) -> Result<impl Iterator<Item = Result<statement::Upsert, String>> + Send + 'a, String> {
        let table = self.table();
        let rows = self.data_file().open(&table, cx)?;
        let keys: Vec<String> = split_names(self.primary_key.as_deref().unwrap_or("")).map(str::to_owned).collect();
        let columns = rows.columns();
        let kept: Vec<String> = rows.loaded().filter(|c| c.column.allow_update == Some(false)).map(|c| c.target.clone()).collect();
        let only_update = self.only_update == Some(true);
        Ok(rows.map(move |row| {
            let values = columns.iter().cloned().zip(row?.into_iter().map(as_written)).collect();
            Ok(statement::Upsert { table: table.clone(), keys: keys.clone(), values, kept: kept.clone(), only_update })
        }))
    }
}

/// The next rows as one statement, or the error behind them.
fn batch(rows: &mut impl Iterator<Item = Result<statement::Upsert, String>>) -> Option<Result<Statement, String>> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while batch.len() < ROWS && bytes < BYTES {
        match rows.next() {
            Some(Ok(row)) => {
                bytes += row.values.iter().map(|(_, value)| bytes_of(value)).sum::<usize>();
                batch.push(row);
            }
            Some(Err(error)) => return Some(Err(error)),
            None => break,
        }
    }
    (!batch.is_empty()).then(|| Ok(statement::Upserts { rows: batch }.into()))
}

/// Long text is written as any other: these statements are never prepared.
fn as_written(value: Literal) -> Literal {
    match value {
        Literal::LongText(text) => Literal::Text(text),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::context::NoTables;
    use crate::change::data::data_file::tests::Files;
    use crate::dialect::postgres;
    use crate::sql::Target;

    #[test]
    fn rows_are_undone_one_by_one() {
        let target = Target::new(&postgres::DIALECT, None);
        let files = Files(vec![("t.csv", b"id\n1\n\"2\n".to_vec())]);
        let cx = Context { target: &target, resources: &files, executing: true, now: 0, tables: &NoTables };
        let named = |text: &str| Some(text.to_owned());
        let change = LoadUpdateData { file: named("t.csv"), table_name: named("t"), primary_key: named("id"), ..LoadUpdateData::default() };
        assert_eq!(change.inverse(&cx), Ok(Inverse::Stream));
        // The quote that is never closed is not looked at before its turn.
        let mut stream = change.undo_stream(&cx).unwrap();
        let Some(Ok(Statement::Delete(first))) = stream.next() else { panic!("no first row") };
        assert_eq!(first.table, ObjectName::new(None, None, "t"));
        assert!(stream.next().unwrap().is_err());
        let missing = LoadUpdateData { file: named("u.csv"), ..change.clone() };
        assert!(missing.inverse(&cx).unwrap_err().contains("u.csv"));
    }
}
