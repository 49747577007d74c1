//! Defaults of columns: how a value is written depends on the type of the column (dialects §3).

use super::action::RenderError;
use super::data_type::{DataType, Logical};
use super::forms::{CallDefaults, DefaultExpressions, Uuids};
use super::literal::Literal;
use super::target::Target;
use super::temporal::Temporal;
use std::borrow::Cow;

/// How the values of a type are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As they are, without a fraction of zeros.
    Whole,
    /// As they are.
    Bare,
    /// As truth values.
    Truth,
    /// In quotes, whatever they are.
    Quoted,
    /// Texts in quotes, everything else as it is.
    Binary,
    /// As XML.
    Xml,
    /// As they are; a UUID in quotes.
    Uuid,
    /// Dates, times and timestamps.
    Date,
    /// Times only.
    Time,
    /// Timestamps only.
    Timestamp,
}

fn form(logical: Logical) -> Form {
    match logical {
        Logical::BigInt | Logical::Int | Logical::MediumInt | Logical::SmallInt | Logical::TinyInt => Form::Whole,
        Logical::Currency | Logical::Decimal | Logical::Double | Logical::Float | Logical::Number | Logical::Function => Form::Bare,
        Logical::Boolean => Form::Truth,
        Logical::Char | Logical::Clob | Logical::NChar | Logical::NVarchar | Logical::Varchar | Logical::Unknown => Form::Quoted,
        Logical::Blob => Form::Binary,
        Logical::Xml => Form::Xml,
        Logical::Uuid => Form::Uuid,
        Logical::Date => Form::Date,
        Logical::Time => Form::Time,
        Logical::DateTime | Logical::Timestamp => Form::Timestamp,
    }
}

impl Target {
    /// A value as the default of a column of that type.
    ///
    /// # Errors
    /// When such a value makes no sense for the type, or the dialect has no such sequence function.
    pub fn default_value(&self, t: &DataType, value: &Literal) -> Result<String, RenderError> {
        match value {
            Literal::Null => Ok("null".to_owned()),
            Literal::Text(text) if text.eq_ignore_ascii_case("null") => Ok("null".to_owned()),
            Literal::Text(text) => self.default_text(t, text),
            Literal::Number(number) => self.default_number(t, number),
            Literal::Bool(value) => self.default_bool(t, *value),
            Literal::Temporal(temporal) => self.default_temporal(t, temporal),
            Literal::Computed(expression) if self.writes_calls(t) => Ok(expression.clone()),
            Literal::SequenceNext(sequence) if self.writes_calls(t) => Ok(self.qualified(sequence)),
            Literal::Computed(expression) => Ok(self.default_expression(self.expression(expression))),
            _ => self.value(value),
        }
    }

    /// An expression as a default, in parentheses where the server needs them.
    fn default_expression(&self, text: Cow<'_, str>) -> String {
        let bare = match self.caps.default_expressions {
            DefaultExpressions::Bare => true,
            DefaultExpressions::InParentheses => stands_alone(&text, self.dialect.now),
            DefaultExpressions::InParenthesesUnlessWords => is_word(&text) || stands_alone(&text, self.dialect.now),
        };
        if bare { text.into_owned() } else { format!("({text})") }
    }

    /// Whether a text for a timestamp is a function: a call without arguments, or what the server calls the current time.
    fn is_timestamp_function(&self, text: &str) -> bool {
        let is_word = || self.dialect.now_words.iter().any(|word| word.eq_ignore_ascii_case(text));
        (text.ends_with("()") && !text.contains('\'')) || self.is_call_of_now(text) || is_word()
    }

    /// Whether calls stand as they are written in columns of that type.
    fn writes_calls(&self, t: &DataType) -> bool {
        let plain = t.logical != Logical::Unknown && matches!(form(t.logical), Form::Whole | Form::Truth | Form::Quoted | Form::Binary);
        self.caps.call_defaults == CallDefaults::AsWritten && plain
    }

    /// A value as a default that does not depend on the type of the column.
    ///
    /// # Errors
    /// When the dialect has no such sequence function.
    pub fn untyped_default(&self, value: &Literal) -> Result<String, RenderError> {
        match value {
            Literal::Null => Ok("null".to_owned()),
            Literal::Text(text) if text.eq_ignore_ascii_case("null") => Ok("null".to_owned()),
            Literal::Number(number) => Ok(without_zeros(number).to_owned()),
            value => self.value(value),
        }
    }

    fn default_text(&self, t: &DataType, text: &str) -> Result<String, RenderError> {
        let form = form(t.logical);
        if text.trim().is_empty() && matches!(form, Form::Whole | Form::Bare | Form::Uuid) {
            return Err(RenderError::Invalid(format!("the default of a column of type {} is empty", t.written)));
        }
        Ok(match form {
            Form::Whole => whole(text).to_owned(),
            Form::Bare => text.to_owned(),
            Form::Uuid if self.caps.uuids == Uuids::UpperCase => self.string(&text.to_uppercase()),
            Form::Uuid if is_uuid(text) => self.string(text),
            Form::Uuid => text.to_owned(),
            Form::Truth => self.truth_of(t, text)?,
            Form::Timestamp if self.is_timestamp_function(text) => self.default_expression(Cow::Borrowed(text)),
            Form::Xml => (self.dialect.xml)(self.string(text)),
            Form::Quoted | Form::Binary | Form::Date | Form::Time | Form::Timestamp => self.string(text),
        })
    }

    fn default_number(&self, t: &DataType, number: &str) -> Result<String, RenderError> {
        Ok(match form(t.logical) {
            // Text keeps its zeros (`10.0` in a double stays), a number loses them, and so it does for a type that is not known.
            Form::Whole | Form::Bare => without_zeros(number).to_owned(),
            Form::Binary | Form::Xml | Form::Uuid => number.to_owned(),
            Form::Truth => self.truth_of(t, if matches!(number, "1" | "1.0") { "1" } else { "0" })?,
            Form::Quoted if t.logical == Logical::Unknown => self.string(without_zeros(number)),
            Form::Quoted => self.string(number),
            Form::Date | Form::Time | Form::Timestamp => return Err(no_sense("a number", t)),
        })
    }

    fn default_bool(&self, t: &DataType, value: bool) -> Result<String, RenderError> {
        let word = if value { "true" } else { "false" };
        Ok(match form(t.logical) {
            Form::Truth => self.truth_of(t, word)?,
            Form::Whole if t.logical == Logical::SmallInt => u8::from(value).to_string(),
            Form::Whole | Form::Bare if self.caps.booleans_are_apart => u8::from(value).to_string(),
            Form::Uuid if self.caps.uuids == Uuids::UpperCase => self.string(&word.to_uppercase()),
            Form::Whole | Form::Bare | Form::Binary | Form::Uuid => word.to_owned(),
            Form::Quoted => self.string(word),
            Form::Xml => (self.dialect.xml)(self.string(word)),
            Form::Date | Form::Time | Form::Timestamp => return Err(no_sense("a truth value", t)),
        })
    }

    fn default_temporal(&self, t: &DataType, value: &Temporal) -> Result<String, RenderError> {
        let literal = || (self.dialect.temporal)(value);
        let text = || value.to_java();
        Ok(match (form(t.logical), value) {
            (Form::Date, _) | (Form::Time, Temporal::Time(_)) | (Form::Timestamp, Temporal::Timestamp(_)) => literal(),
            (Form::Timestamp, Temporal::Date(_)) => {
                return Err(RenderError::Invalid(format!(
                    "a column of type {} cannot have a date without a time as its default; write {}T00:00:00",
                    t.written,
                    value.to_iso()
                )));
            }
            (Form::Timestamp, Temporal::Time(_)) => return Err(no_sense("a time", t)),
            (Form::Time | Form::Truth, _) => return Err(no_sense("a date", t)),
            (Form::Whole, _) => whole(&text()).to_owned(),
            (Form::Uuid, _) if self.caps.uuids == Uuids::UpperCase => self.string(&text()),
            (Form::Bare | Form::Binary | Form::Uuid, _) => text(),
            (Form::Quoted, _) => self.string(&text()),
            (Form::Xml, _) => (self.dialect.xml)(self.string(&text())),
        })
    }

    /// A truth value for a column of type `t`, which is a bit where the server tells bits from truth values.
    fn truth_of(&self, t: &DataType, text: &str) -> Result<String, RenderError> {
        let value = self.truth_text(text)?;
        let is_bit = self.caps.booleans_are_apart && t.lower_name().ends_with("bit");
        Ok(match value.as_str() {
            "TRUE" if is_bit => "'1'".to_owned(),
            "FALSE" if is_bit => "'0'".to_owned(),
            _ => value,
        })
    }

    /// A text as a truth value.
    ///
    /// # Errors
    /// In Liquibase's words when it is none.
    pub fn truth_text(&self, text: &str) -> Result<String, RenderError> {
        match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "1" | "b'1'" => Ok(self.boolean(true).to_owned()),
            "false" | "f" | "0" | "b'0'" => Ok(self.boolean(false).to_owned()),
            lower if self.caps.booleans_are_apart && is_bit_string(lower) => Ok(format!("{lower}::\"bit\"")),
            _ => Err(RenderError::Invalid(format!("Unknown boolean value: {text}"))),
        }
    }
}

/// Whether an expression is a default without parentheses everywhere: the current time, a constant, or one that has
/// its parentheses.
fn stands_alone(text: &str, now: &str) -> bool {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let word = lower.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
    let own = now.split('(').next().unwrap_or(now);
    matches!(word, "current_timestamp" | "null" | "true" | "false")
        || word.eq_ignore_ascii_case(own)
        || text.starts_with(['(', '\'', '"', '-', '+'])
        || text.starts_with(|c: char| c.is_ascii_digit())
        // Bits and bytes: b'0', x'ff'.
        || (text.ends_with('\'') && matches!(word, "b" | "x" | "n"))
}

/// Whether a text is one word: a name or a keyword.
fn is_word(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn no_sense(what: &str, t: &DataType) -> RenderError {
    RenderError::Invalid(format!("a column of type {} cannot have {what} as its default", t.written))
}

/// As [`whole`], but what is nothing but a fraction of zeros keeps them, where Liquibase writes no value at all.
fn without_zeros(number: &str) -> &str {
    Some(whole(number)).filter(|w| !w.is_empty()).unwrap_or(number)
}

/// A number without a fraction of zeros.
fn whole(text: &str) -> &str {
    match text.rsplit_once('.') {
        Some((integer, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => integer,
        _ => text,
    }
}

fn is_bit_string(text: &str) -> bool {
    let bits = text.strip_prefix("b'").and_then(|t| t.strip_suffix('\''));
    bits.is_some_and(|bits| !bits.is_empty() && bits.bytes().all(|b| matches!(b, b'0' | b'1')))
}

/// Whether the text is a UUID; as a default it is then no function call and needs quotes.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|g| g.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{h2, hsqldb, mysql, oracle, postgres, sqlite};
    use crate::sql::Dialect;

    fn default(dialect: &'static Dialect, written: &str, value: Literal) -> Result<String, String> {
        let target = Target::new(dialect, None);
        target.default_value(&target.parse_type(written), &value).map_err(|e| e.to_string())
    }

    fn text(text: &str) -> Literal {
        Literal::Text(text.into())
    }

    #[test]
    fn texts_are_quoted_by_type() {
        for (written, value, expected) in [
            ("int", "1", "1"),
            ("int", "3.00", "3"),
            ("decimal(5,2)", "1.50", "1.50"),
            ("varchar(20)", "it's", "'it''s'"),
            ("varchar(20)", "NULL", "null"),
            ("varchar(20)", "", "''"),
            ("boolean", "true", "TRUE"),
            ("bit(1)", "true", "'1'"),
            ("boolean", "b'101'", "b'101'::\"bit\""),
            ("uuid", "gen_random_uuid()", "gen_random_uuid()"),
            ("uuid", "123e4567-e89b-12d3-a456-426614174000", "'123e4567-e89b-12d3-a456-426614174000'"),
            ("xml", "1", "xml '1'"),
            ("timestamp", "1", "'1'"),
            ("timestamp", "now()", "now()"),
            ("datetime", "clock_timestamp()", "clock_timestamp()"),
            ("timestamp", "CURRENT_TIMESTAMP", "'CURRENT_TIMESTAMP'"),
            ("timestamp", "now() + 1", "'now() + 1'"),
            ("date", "now()", "'now()'"),
            ("varchar(9)", "now()", "'now()'"),
            ("my_type", "1", "'1'"),
        ] {
            assert_eq!(default(&postgres::DIALECT, written, text(value)).as_deref(), Ok(expected), "{written} {value}");
        }
        assert_eq!(default(&postgres::DIALECT, "boolean", text("yes")), Err("Unknown boolean value: yes".into()));
        assert!(default(&mysql::DIALECT, "boolean", text("b'101'")).is_err());
        for (dialect, word, expected) in [
            (&oracle::DIALECT, "sysdate", "sysdate"),
            (&oracle::DIALECT, "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
            (&oracle::DIALECT, "CURRENT_DATE", "'CURRENT_DATE'"),
            (&h2::DIALECT, "CURRENT_DATE", "CURRENT_DATE"),
            (&hsqldb::DIALECT, "NOW", "NOW"),
            (&hsqldb::DIALECT, "SYSDATE", "'SYSDATE'"),
            (&sqlite::DIALECT, "current_timestamp", "current_timestamp"),
            (&mysql::DIALECT, "now()", "now()"),
            (&mysql::DIALECT, "utc_timestamp()", "(utc_timestamp())"),
        ] {
            assert_eq!(default(dialect, "timestamp", text(word)).as_deref(), Ok(expected), "{} {word}", dialect.id);
        }
    }

    #[test]
    fn numbers_and_truth_values_fit_the_type() {
        assert_eq!(default(&sqlite::DIALECT, "boolean", Literal::Number("1".into())).as_deref(), Ok("1"));
        // ALTER TABLE … ADD of Liquibase 4.28 on H2 and others.
        let untyped = |number: &str| Target::new(&sqlite::DIALECT, None).untyped_default(&Literal::Number(number.into()));
        assert_eq!(untyped("1.0").as_deref(), Ok("1"));
        assert_eq!(untyped("-0.50").as_deref(), Ok("-0.50"));
        assert_eq!(default(&sqlite::DIALECT, "char(5)", Literal::Number("1".into())).as_deref(), Ok("'1'"));
        assert_eq!(default(&mysql::DIALECT, "smallint", Literal::Bool(true)).as_deref(), Ok("1"));
        assert_eq!(default(&mysql::DIALECT, "int", Literal::Bool(false)).as_deref(), Ok("false"));
        assert_eq!(default(&mysql::DIALECT, "clob", Literal::Bool(true)).as_deref(), Ok("'true'"));
        assert!(default(&mysql::DIALECT, "date", Literal::Bool(true)).is_err());
    }

    #[test]
    fn timestamps_on_other_types_have_a_fraction() {
        let stamp = || Literal::Temporal(Temporal::parse("2001-02-03T04:05:06").unwrap());
        assert_eq!(default(&mysql::DIALECT, "int", stamp()).as_deref(), Ok("2001-02-03 04:05:06"));
        assert_eq!(default(&mysql::DIALECT, "date", stamp()).as_deref(), Ok("'2001-02-03 04:05:06'"));
        assert_eq!(default(&mysql::DIALECT, "varchar(9)", stamp()).as_deref(), Ok("'2001-02-03 04:05:06.0'"));
        assert!(default(&mysql::DIALECT, "time", stamp()).is_err());
        assert!(default(&mysql::DIALECT, "bit", stamp()).is_err());
    }

    #[test]
    fn the_current_time_is_the_dialects() {
        let now = |text: &str| Literal::Computed(text.into());
        assert_eq!(default(&mysql::DIALECT, "timestamp", now("CURRENT_TIMESTAMP(3)")).as_deref(), Ok("NOW(3)"));
        let update = "CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP";
        assert_eq!(default(&mysql::DIALECT, "timestamp", now(update)).as_deref(), Ok(update));
        assert_eq!(default(&postgres::DIALECT, "timestamp", now(update)).as_deref(), Ok("NOW()"));
        assert_eq!(default(&sqlite::DIALECT, "varchar(36)", now("uuid()")).as_deref(), Ok("(uuid())"));
        assert_eq!(default(&sqlite::DIALECT, "date", now("CURRENT_DATE")).as_deref(), Ok("CURRENT_DATE"));
        assert_eq!(default(&mysql::DIALECT, "date", now("CURRENT_DATE")).as_deref(), Ok("(CURRENT_DATE)"));
        assert_eq!(default(&mysql::DIALECT, "varchar(36)", now("uuid()")).as_deref(), Ok("(uuid())"));
        assert_eq!(default(&mysql::DIALECT, "bit(1)", now("b'0'")).as_deref(), Ok("b'0'"));
        assert_eq!(default(&postgres::DIALECT, "varchar(36)", now("uuid()")).as_deref(), Ok("uuid()"));
        assert_eq!(default(&sqlite::DIALECT, "timestamp", now("current_datetime")).as_deref(), Ok("CURRENT_TIMESTAMP"));
    }
}
