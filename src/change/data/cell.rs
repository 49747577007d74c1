//! What a cell of a data file becomes (changes §6.3).

use super::base64;
use crate::change::Context;
use crate::change::columns::Column;
use crate::source::limits::Limits;
use crate::source::text::decode_any;
use crate::sql::ObjectName;
use crate::sql::data_type::{DataType, Logical};
use crate::sql::literal::Literal;
use crate::sql::number::{ColumnNumber, column_number};
use crate::sql::temporal::Temporal;

/// How the cells of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoadType {
    /// As text, by a word that is no load type, or by none.
    Unknown,
    /// As a truth value.
    Boolean,
    /// As a number.
    Numeric,
    /// As a date, without or with a time of day.
    Date,
    /// As a timestamp.
    DateTime,
    /// As a time of day.
    Time,
    /// As text; an empty cell is an empty text.
    String,
    /// As an expression.
    Computed,
    /// As the name of a sequence.
    Sequence,
    /// As bytes, or a file with them.
    Blob,
    /// As the name of a file with the text, or the text.
    Clob,
    /// As text.
    Other,
    /// Not at all.
    Skip,
}

impl LoadType {
    /// The load type of a `type` attribute, in any letter case.
    pub(super) fn of_word(word: &str) -> LoadType {
        match word.trim().to_ascii_uppercase().as_str() {
            "BOOLEAN" => LoadType::Boolean,
            "NUMERIC" => LoadType::Numeric,
            "DATE" => LoadType::Date,
            "DATETIME" => LoadType::DateTime,
            "TIME" => LoadType::Time,
            "STRING" => LoadType::String,
            "COMPUTED" => LoadType::Computed,
            "SEQUENCE" => LoadType::Sequence,
            "BLOB" => LoadType::Blob,
            "CLOB" => LoadType::Clob,
            "UUID" | "OTHER" => LoadType::Other,
            "SKIP" => LoadType::Skip,
            _ => LoadType::Unknown,
        }
    }

    /// The load type of a column of the database (changes §6.2).
    pub(super) fn of_native(native: &str) -> LoadType {
        match DataType::parse(native).logical {
            Logical::Boolean => LoadType::Boolean,
            Logical::BigInt
            | Logical::Int
            | Logical::MediumInt
            | Logical::SmallInt
            | Logical::TinyInt
            | Logical::Decimal
            | Logical::Number
            | Logical::Double
            | Logical::Float
            | Logical::Currency => LoadType::Numeric,
            Logical::Date => LoadType::Date,
            Logical::Time => LoadType::Time,
            Logical::DateTime | Logical::Timestamp => LoadType::DateTime,
            Logical::Char | Logical::NChar | Logical::Varchar | Logical::NVarchar | Logical::Unknown => LoadType::String,
            Logical::Clob | Logical::Xml => LoadType::Clob,
            Logical::Blob => LoadType::Blob,
            Logical::Function => LoadType::Computed,
            Logical::Uuid => LoadType::Other,
        }
    }

    /// Whether its values are bound as parameters.
    pub(super) fn is_bound(self) -> bool {
        matches!(self, LoadType::Blob | LoadType::Clob)
    }
}

/// The value of a cell; `schema` is that of sequences.
///
/// # Errors
/// When a sequence has no name, or a file with the value cannot be read.
pub(super) fn value(text: &str, how: LoadType, column: &Column, schema: Option<&str>, cx: &Context<'_>) -> Result<Literal, String> {
    let is_null = match column.null_placeholder.as_deref() {
        Some(word) => text == word,
        None => text.eq_ignore_ascii_case("NULL"),
    };
    if is_null {
        return Ok(Literal::Null);
    }
    let text = if text.is_empty() { column.default_value.as_deref() } else { Some(text) };
    Ok(match (how, text) {
        (LoadType::Boolean, Some(text)) => Literal::Bool(is_true(text)),
        (LoadType::Boolean, None) => column.default_value_boolean.map_or(Literal::Null, Literal::Bool),
        (LoadType::Numeric, Some(text)) => match column_number(text) {
            ColumnNumber::Absent => Literal::Null,
            ColumnNumber::Number(number) => Literal::Number(number),
            ColumnNumber::Expression(_) => Literal::Computed(text.to_owned()),
        },
        (LoadType::Numeric, None) => column.default_value_numeric.clone().map_or_else(|| computed_default(column), Literal::Number),
        (LoadType::Date | LoadType::DateTime | LoadType::Time, Some(text)) => temporal(text, how, cx.now),
        (LoadType::Date | LoadType::DateTime | LoadType::Time, None) => {
            column.default_value_date.as_ref().map_or_else(|| computed_default(column), |date| temporal(&date.0, how, cx.now))
        }
        (LoadType::String, text) => Literal::Text(text.unwrap_or("").to_owned()),
        (LoadType::Computed, Some(text)) => Literal::Computed(text.to_owned()),
        (LoadType::Computed, None) => computed_default(column),
        (LoadType::Sequence, Some(name)) => Literal::SequenceNext(ObjectName::new(None, schema, name)),
        (LoadType::Sequence, None) => return Err("Must set a sequence name in the loadData column defaultValue attribute".to_owned()),
        (LoadType::Blob, Some(text)) => match base64::decode(text) {
            Some(bytes) => Literal::Bytes(bytes),
            None => Literal::Bytes(cx.resources.read_for_cell(text)?),
        },
        (LoadType::Clob, Some(text)) => match text_of_file(text, column.encoding.as_deref(), cx) {
            Some(content) => Literal::LongText(content),
            None => Literal::Text(text.to_owned()),
        },
        (LoadType::Unknown | LoadType::Other | LoadType::Skip, Some(text)) => Literal::Text(text.to_owned()),
        (LoadType::Unknown | LoadType::Other | LoadType::Skip | LoadType::Blob | LoadType::Clob, None) => Literal::Null,
    })
}

fn computed_default(column: &Column) -> Literal {
    column.default_value_computed.clone().map_or(Literal::Null, Literal::Computed)
}

/// The text of the file that a cell names; `None` when it names none, or one that is no text in that encoding. Columns of type `text`
/// make this question once a cell.
fn text_of_file(name: &str, encoding: Option<&str>, cx: &Context<'_>) -> Option<String> {
    let may_be_path = name.len() <= 1024 && !name.contains(['\n', '\0']);
    let bytes = may_be_path.then(|| cx.resources.read_for_cell(name))?.ok()?;
    decode_any(&bytes, name, Some(encoding.unwrap_or(cx.resources.encoding())), &Limits::default()).ok()
}

/// `true`, `t`, `yes`, `y`, `1`, or an integer above 0.
fn is_true(text: &str) -> bool {
    let word = text.trim().to_ascii_lowercase();
    matches!(word.as_str(), "true" | "t" | "yes" | "y" | "1") || word.parse::<i64>().is_ok_and(|n| n > 0)
}

/// A date, `now` or `today` with an offset, or else an expression.
fn temporal(text: &str, how: LoadType, now: i64) -> Literal {
    if let Some(at) = Temporal::relative(text, now) {
        return Literal::Temporal(match how {
            LoadType::Date => Temporal::Date(at.date()),
            LoadType::Time => Temporal::Time(at.time()),
            _ => Temporal::Timestamp(at),
        });
    }
    if let Some(temporal) = Temporal::parse(text) {
        return Literal::Temporal(temporal);
    }
    // Liquibase takes all else for an expression. Digits with colons are none in any database: the server reads them
    // as the date with an offset, or the time without seconds, that they are.
    if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(':') && !text.contains("::") {
        return Literal::Text(text.to_owned());
    }
    Literal::Computed(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::context::NoTables;
    use crate::change::data::data_file::tests::Files;
    use crate::dialect::postgres;
    use crate::sql::Target;

    fn read(text: &str, how: LoadType, column: &Column) -> Result<String, String> {
        let target = Target::new(&postgres::DIALECT, None);
        let files = Files(vec![("c.txt", b"from the file".to_vec())]);
        let cx = Context { target: &target, resources: &files, executing: false, now: 0, tables: &NoTables };
        let value = value(text, how, column, Some("app"), &cx)?;
        match value {
            Literal::LongText(text) => Ok(format!("long {text}")),
            Literal::Bytes(bytes) => Ok(format!("bytes {bytes:?}")),
            other => target.value(&other).map_err(|e| e.to_string()),
        }
    }

    fn plain(text: &str, how: LoadType) -> Result<String, String> {
        read(text, how, &Column::default())
    }

    #[test]
    fn booleans() {
        for (text, expected) in
            [("TRUE", "TRUE"), ("y", "TRUE"), ("2", "TRUE"), ("0", "FALSE"), ("maybe", "FALSE"), ("-1", "FALSE"), ("", "NULL")]
        {
            assert_eq!(plain(text, LoadType::Boolean).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn nulls_are_exact() {
        assert_eq!(plain("null", LoadType::String).as_deref(), Ok("NULL"));
        assert_eq!(plain(" null ", LoadType::String).as_deref(), Ok("' null '"));
        let column = Column { null_placeholder: Some("\\N".into()), default_value: Some("d".into()), ..Column::default() };
        assert_eq!(read("\\N", LoadType::String, &column).as_deref(), Ok("NULL"));
        assert_eq!(read("NULL", LoadType::String, &column).as_deref(), Ok("'NULL'"));
        assert_eq!(read("", LoadType::String, &column).as_deref(), Ok("'d'"));
    }

    #[test]
    fn empty_cells() {
        assert_eq!(plain("", LoadType::String).as_deref(), Ok("''"));
        assert_eq!(plain("", LoadType::Unknown).as_deref(), Ok("NULL"));
        assert_eq!(plain("", LoadType::Numeric).as_deref(), Ok("NULL"));
        assert_eq!(plain("", LoadType::Sequence), Err("Must set a sequence name in the loadData column defaultValue attribute".into()));
    }

    #[test]
    fn numbers_dates_and_expressions() {
        assert_eq!(plain("1000000", LoadType::Numeric).as_deref(), Ok("1000000"));
        assert_eq!(plain("abc", LoadType::Numeric).as_deref(), Ok("abc"));
        assert_eq!(plain("2001-02-03T04:05:06", LoadType::Date).as_deref(), Ok("'2001-02-03 04:05:06'"));
        assert_eq!(plain("12:13:14", LoadType::Time).as_deref(), Ok("'12:13:14'"));
        assert_eq!(plain("31/12/2001", LoadType::Date).as_deref(), Ok("31/12/2001"));
        assert_eq!(plain("2001-02-03T04:05:06+02:00", LoadType::DateTime).as_deref(), Ok("'2001-02-03T04:05:06+02:00'"));
        assert_eq!(plain("now", LoadType::DateTime).as_deref(), Ok("'1970-01-01 00:00:00'"));
        assert_eq!(plain("today+1", LoadType::Date).as_deref(), Ok("'1970-01-02'"));
        assert_eq!(plain("seq_a", LoadType::Sequence).as_deref(), Ok("nextval('app.seq_a')"));
        assert_eq!(plain("upper(x)", LoadType::Computed).as_deref(), Ok("upper(x)"));
    }

    #[test]
    fn files_and_bytes() {
        assert_eq!(plain("c.txt", LoadType::Clob).as_deref(), Ok("long from the file"));
        assert_eq!(plain("no file", LoadType::Clob).as_deref(), Ok("'no file'"));
        assert_eq!(plain("Zg==", LoadType::Blob).as_deref(), Ok("bytes [102]"));
        assert!(plain("none.bin", LoadType::Blob).is_err());
    }

    #[test]
    fn words_and_native_types() {
        assert_eq!(LoadType::of_word("skip"), LoadType::Skip);
        assert_eq!(LoadType::of_word("int"), LoadType::Unknown);
        assert_eq!(LoadType::of_word("timestamp"), LoadType::Unknown);
        assert_eq!(LoadType::of_native("int8"), LoadType::Numeric);
        assert_eq!(LoadType::of_native("character varying(20)"), LoadType::String);
        assert_eq!(LoadType::of_native("timestamp without time zone"), LoadType::DateTime);
        assert_eq!(LoadType::of_native("bit"), LoadType::Boolean);
    }
}
