//! Data files: the header matched with columns, then rows one by one (changes §6.1 and §6.2).

use super::cell::{self, LoadType};
use crate::change::columns::Column;
use crate::change::{Context, HashRule, hash_rule::FileRef};
use crate::source::csv::{CsvError, CsvFormat, Record, Records};
use crate::source::text::{Charset, Utf8Stream};
use crate::sql::literal::Literal;
use crate::sql::{ObjectName, Validation};
use std::io::Read;

/// A record may not be longer than this, in bytes: a quote that is never closed must not fill the memory.
const LONGEST_RECORD: usize = 64 << 20;

/// How a data file is read, as the change says.
#[derive(Debug, Clone, Copy)]
pub(super) struct DataFile<'a> {
    /// The name of the change, for messages.
    pub(super) change: &'static str,
    /// The file.
    pub(super) file: Option<&'a str>,
    /// Whether it is beside the changelog file.
    pub(super) relative: Option<bool>,
    /// Its encoding.
    pub(super) encoding: Option<&'a str>,
    /// What separates fields.
    pub(super) separator: Option<&'a str>,
    /// What quotes fields.
    pub(super) quote: Option<&'a str>,
    /// What starts a comment.
    pub(super) comment: Option<&'a str>,
    /// The columns.
    pub(super) columns: &'a [Column],
    /// Whether rows are to be bound as parameters.
    pub(super) prepared: Option<bool>,
}

/// The rows of a data file.
pub(super) struct Rows<'a> {
    records: Records<Box<dyn Read + Send>>,
    cx: Context<'a>,
    file: String,
    comment: String,
    schema: Option<String>,
    /// One a header, in order.
    cells: Vec<CellColumn>,
}

/// Where the cells of one place of a record go.
#[derive(Debug, Clone)]
pub(super) struct CellColumn {
    /// The column of the table.
    pub(super) target: String,
    /// How the cells are read.
    pub(super) how: LoadType,
    /// What the changelog says of it.
    pub(super) column: Column,
}

impl<'a> DataFile<'a> {
    /// The rule of the checksum.
    pub(super) fn hash_rule(&self, table: Option<&'a str>) -> HashRule<'a> {
        let file = FileRef { path: self.file.unwrap_or(""), relative: self.relative == Some(true), encoding: self.encoding };
        HashRule::Data { table, file, comment: self.comment.unwrap_or("#").chars().next() }
    }

    /// Reports what of its columns does not count.
    pub(super) fn validate(&self, validation: &mut Validation) {
        for (place, column) in self.columns.iter().enumerate().filter(|(_, c)| c.header.is_some() && c.index.is_some()) {
            let name = column.name.as_deref().map(str::trim).filter(|n| !n.is_empty());
            let name = name.map(|n| format!(" (name:'{n}')")).unwrap_or_default();
            let (change, number) = (self.change, place + 1);
            validation.warn(format!("Since attribute 'header' is also defined, 'index' ignored for {change} / column[{number}]{name}"));
        }
    }

    /// Opens the file and reads its header.
    ///
    /// # Errors
    /// In Liquibase's words, when the file cannot be read, is empty, or has a header that cannot be matched.
    pub(super) fn open(&self, table: &ObjectName, cx: &Context<'a>) -> Result<Rows<'a>, String> {
        let file = self.file.unwrap_or("").to_owned();
        let stream = cx.resources.open(&file, self.relative == Some(true)).map_err(|_| format!("Unable to read file {file}"))?;
        let charset = |label: &str| Charset::of(label).ok_or_else(|| format!("The encoding {label} of data file {file} is not known"));
        let wanted = charset(self.encoding.unwrap_or(cx.resources.encoding()))?;
        let stream = Utf8Stream::new(stream, wanted).map_err(|e| format!("Unable to read file {file}: {e}"))?;
        if self.encoding.is_some() && !is_same_family(wanted, stream.charset()) {
            return Err(format!(
                "Data file {file} is to be read as {}, but its byte order mark says {}",
                wanted.name(),
                stream.charset().name()
            ));
        }
        let separator = match self.separator {
            None | Some("") => ',',
            Some("\\t") => '\t',
            Some(text) => text.chars().next().unwrap_or(','),
        };
        let quote = match self.quote {
            None => Some('"'),
            Some(text) => text.chars().next().filter(|c| !c.is_whitespace()),
        };
        let boxed: Box<dyn Read + Send> = Box::new(stream);
        let mut records = Records::new(boxed, CsvFormat { separator, quote }, LONGEST_RECORD);
        let header = match records.next() {
            Some(record) => record.map_err(|e| broken(&file, &e))?.fields,
            None => return Err(format!("Data file {file} was empty")),
        };
        let cells = self.matched(&header, table, cx)?;
        if self.prepared == Some(false) && cells.iter().any(|c| c.how.is_bound()) {
            return Err(format!("{} is requesting usePreparedStatements=false but prepared statements are required", self.change));
        }
        let comment = self.comment.unwrap_or("#").to_owned();
        Ok(Rows { records, cx: *cx, file, comment, schema: table.schema.clone(), cells })
    }

    /// Finds the column of each header.
    fn matched(&self, header: &[String], table: &ObjectName, cx: &Context<'_>) -> Result<Vec<CellColumn>, String> {
        let mut columns: Vec<Column> = self.columns.to_vec();
        for (place, name) in header.iter().enumerate() {
            let is_meant = |c: &Column| c.name.as_deref() == Some(name) || c.header.as_deref() == Some(name) || is_at(c.index, place);
            let at = columns.iter().position(is_meant).unwrap_or(columns.len());
            if at == columns.len() {
                if name.trim().is_empty() {
                    return Err("Unreferenced unnamed column is not supported".to_owned());
                }
                columns.push(Column { name: Some(name.trim().to_owned()), ..Column::default() });
            }
            // The last place that means a column has it: a name that is a header too counts for more than `header` and `index`.
            if let Some(column) = columns.get_mut(at) {
                column.header = Some(name.clone());
                column.index = i32::try_from(place).ok();
            }
        }
        let is_named = |given: &Option<String>, name: &str| given.as_deref().is_some_and(|g| g.eq_ignore_ascii_case(name));
        let mut cells = Vec::with_capacity(header.len());
        for (place, name) in header.iter().enumerate() {
            let name = name.trim();
            let found = columns.iter().find(|c| is_at(c.index, place) || is_named(&c.header, name) || is_named(&c.name, name));
            let column = found.cloned().unwrap_or_default();
            let target = column.name.clone().unwrap_or_else(|| name.to_owned());
            let how = match &column.type_text {
                // Its column was meant by a later place too.
                _ if found.is_none() => LoadType::String,
                Some(word) => LoadType::of_word(word),
                None => cx.tables.column_type(table, &target).map_or(LoadType::Unknown, |native| LoadType::of_native(&native)),
            };
            cells.push(CellColumn { target, how, column });
        }
        Ok(cells)
    }
}

/// Whether an encoding and the one that a byte order mark names go together.
fn is_same_family(wanted: Charset, marked: Charset) -> bool {
    // `UTF-16` leaves the order of bytes to the mark.
    let family = |c: Charset| c.name().trim_end_matches("LE").trim_end_matches("BE").to_owned();
    family(wanted) == family(marked)
}

fn is_at(index: Option<i32>, place: usize) -> bool {
    index.is_some_and(|index| usize::try_from(index) == Ok(place))
}

fn broken(file: &str, error: &CsvError) -> String {
    format!("Unable to read file {file}: {error}")
}

impl Rows<'_> {
    /// The columns of the table that rows have values for, in order.
    pub(super) fn columns(&self) -> Vec<String> {
        self.loaded().map(|c| c.target.clone()).collect()
    }

    /// The columns that are loaded, in order.
    pub(super) fn loaded(&self) -> impl Iterator<Item = &CellColumn> {
        self.cells.iter().filter(|c| c.how != LoadType::Skip)
    }

    /// Whether a value of the rows can only be bound as a parameter.
    pub(super) fn must_be_bound(&self) -> bool {
        self.cells.iter().any(|c| c.how.is_bound())
    }

    fn row(&self, record: &Record) -> Result<Option<Vec<Literal>>, String> {
        let Some(first) = record.fields.first() else { return Ok(None) };
        let is_blank = record.fields.len() == 1 && first.trim().is_empty();
        let is_comment = !self.comment.is_empty() && first.starts_with(&self.comment);
        if is_blank || is_comment {
            return Ok(None);
        }
        if record.fields.len() != self.cells.len() {
            return Err(format!(
                "CSV file {} Line {} has {} values defined, Header has {}. Numbers MUST be equal (check for unquoted string with embedded commas)",
                self.file,
                record.number,
                record.fields.len(),
                self.cells.len()
            ));
        }
        let cells = self.cells.iter().zip(&record.fields).filter(|(c, _)| c.how != LoadType::Skip);
        cells
            .map(|(c, text)| cell::value(text, c.how, &c.column, self.schema.as_deref(), &self.cx))
            .collect::<Result<Vec<_>, _>>()
            .map(Some)
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Vec<Literal>, String>;
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let row = match self.records.next()? {
                Ok(record) => self.row(&record),
                Err(e) => Err(broken(&self.file, &e)),
            };
            if let Some(row) = row.transpose() {
                return Some(row);
            }
        }
    }
}

/// About how many bytes a value has in a statement.
pub(super) fn bytes_of(value: &Literal) -> usize {
    match value {
        Literal::Bytes(bytes) => bytes.len(),
        Literal::LongText(text) | Literal::Text(text) | Literal::Computed(text) | Literal::Number(text) => text.len() + 4,
        _ => 16,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::change::Resources;
    use crate::change::context::NoTables;
    use crate::dialect::postgres;
    use crate::sql::Target;

    /// Files by name.
    pub(in crate::change::data) struct Files(pub(in crate::change::data) Vec<(&'static str, Vec<u8>)>);

    impl Resources for Files {
        fn read(&self, path: &str, _relative: bool) -> Result<Vec<u8>, String> {
            self.0
                .iter()
                .find(|(name, _)| *name == path)
                .map(|(_, bytes)| bytes.clone())
                .ok_or_else(|| format!("The file {path} was not found"))
        }
        fn open(&self, path: &str, relative: bool) -> Result<Box<dyn Read + Send>, String> {
            Ok(Box::new(std::io::Cursor::new(self.read(path, relative)?)))
        }
        fn read_text(&self, path: &str, relative: bool, _encoding: Option<&str>) -> Result<String, String> {
            String::from_utf8(self.read(path, relative)?).map_err(|e| e.to_string())
        }
        fn expand(&self, text: &str) -> Result<String, String> {
            Ok(text.to_owned())
        }
    }

    const NO_COLUMNS: &[Column] = &[];

    fn file() -> DataFile<'static> {
        DataFile {
            change: "loadData",
            file: Some("f.csv"),
            relative: None,
            encoding: None,
            separator: None,
            quote: None,
            comment: None,
            columns: NO_COLUMNS,
            prepared: None,
        }
    }

    fn rows(content: &[u8], how: DataFile<'_>) -> Result<(Vec<String>, Vec<Vec<String>>), String> {
        let target = Target::new(&postgres::DIALECT, None);
        let files = Files(vec![("f.csv", content.to_vec())]);
        let cx = Context { target: &target, resources: &files, executing: false, now: 0, tables: &NoTables };
        let rows = how.open(&ObjectName::new(None, None, "t"), &cx)?;
        let columns = rows.columns();
        let values = rows
            .map(|row| row?.iter().map(|v| target.value(v).map_err(|e| e.to_string())).collect::<Result<Vec<_>, _>>())
            .collect::<Result<Vec<_>, _>>()?;
        Ok((columns, values))
    }

    #[test]
    fn comments_count_behind_the_header_only() {
        let (columns, values) = rows(b"id,name\n1,one\n# another\n\n2,two\n#3,three\n", file()).unwrap();
        assert_eq!(columns, ["id", "name"]);
        assert_eq!(values, [["'1'", "'one'"], ["'2'", "'two'"]]);
        let error = rows(b"# a comment\nid,name\n", file()).unwrap_err();
        assert_eq!(
            error,
            "CSV file f.csv Line 2 has 2 values defined, Header has 1. Numbers MUST be equal (check for unquoted string with embedded commas)"
        );
        let (_, values) = rows(b"a,b\n2,x\n#1,y\n", DataFile { comment: Some("2"), ..file() }).unwrap();
        assert_eq!(values, [["'#1'", "'y'"]]);
    }

    #[test]
    fn separators_quotes_and_encodings() {
        let how = DataFile { separator: Some(";"), quote: Some("'"), ..file() };
        assert_eq!(rows(b"id;name\n1;'semi;colon'\n", how).unwrap().1, [["'1'", "'semi;colon'"]]);
        assert_eq!(rows(b"id\tname\n1\tone\n", DataFile { separator: Some("\\t"), ..file() }).unwrap().1, [["'1'", "'one'"]]);
        assert_eq!(rows(b"a\n\"x\"\n", DataFile { quote: Some(""), ..file() }).unwrap().1, [["'\"x\"'"]]);
        assert_eq!(rows(b"a\ncaf\xe9\n", DataFile { encoding: Some("ISO-8859-1"), ..file() }).unwrap().1, [["'café'"]]);
        assert_eq!(rows(b"\xef\xbb\xbfa\n1\n", file()).unwrap().0, ["a"]);
        assert!(rows(b"\xef\xbb\xbfa\n1\n", DataFile { encoding: Some("UTF-16"), ..file() }).is_err());
    }

    #[test]
    fn files_that_cannot_be_read() {
        assert_eq!(rows(b"", file()).unwrap_err(), "Data file f.csv was empty");
        let missing = DataFile { file: Some("none.csv"), ..file() };
        assert_eq!(rows(b"", missing).unwrap_err(), "Unable to read file none.csv");
        assert_eq!(rows(b"a,,b\n", file()).unwrap_err(), "Unreferenced unnamed column is not supported");
    }

    #[test]
    fn columns_by_name_header_and_place() {
        let named = |name: &str, kind: &str| Column { name: Some(name.into()), type_text: Some(kind.into()), ..Column::default() };
        let columns = [
            Column { header: Some("id".into()), ..named("person_id", "NUMERIC") },
            Column { index: Some(2), ..named("third", "STRING") },
            named("SKIPPED", "skip"),
        ];
        let how = DataFile { columns: &columns, ..file() };
        let (columns, values) = rows(b"id, other ,x,skipped\n1,a,,z\n", how).unwrap();
        // Rows find their column in any letter case, so the last one is skipped.
        assert_eq!(columns, ["person_id", "other", "third"]);
        assert_eq!(values, [["1", "'a'", "''"]]);
    }

    /// Recorded from Liquibase 4.28.
    #[test]
    fn a_header_of_that_name_counts_for_more_than_header_and_place() {
        let column = |name: &str, header: Option<&str>, index: Option<&str>| Column {
            name: Some(name.into()),
            header: header.map(str::to_owned),
            index: index.and_then(|i| i.parse().ok()),
            type_text: Some("skip".into()),
            ..Column::default()
        };
        for (column, text, expected) in [
            (column("born", Some("id"), None), &b"id,name,born\n1,a,b\n"[..], &["id", "name"][..]),
            (column("born", None, Some("1")), b"id,name,born\n1,a,b\n", &["id", "name"]),
            (column("id", Some("name"), None), b"id,name,born\n1,a,b\n", &["name", "born"]),
            (column("x", Some("id"), Some("1")), b"id,name,born\n1,a,b\n", &["name", "born"]),
            (column("x", Some("name"), None), b"id, name ,born\n1,a,b\n", &["id", "born"]),
        ] {
            let how = DataFile { columns: std::slice::from_ref(&column), ..file() };
            assert_eq!(rows(text, how).unwrap().0, expected, "{column:?}");
            let mut validation = Validation::default();
            how.validate(&mut validation);
            assert_eq!(validation.warnings.is_empty(), column.header.is_none() || column.index.is_none());
        }
    }
}
