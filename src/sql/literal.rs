//! Values and how a target writes them (dialects §3).

use super::action::{Parameter, RenderError};
use super::forms::Booleans;
use super::identifier::ObjectName;
use super::target::Target;
use super::temporal::Temporal;
use std::borrow::Cow;

/// A value of a column or a default.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// SQL NULL.
    Null,
    /// Text.
    Text(String),
    /// A number, as written.
    Number(String),
    /// A truth value.
    Bool(bool),
    /// A date, time or timestamp.
    Temporal(Temporal),
    /// An expression, written as it is but for the names of the current time.
    Computed(String),
    /// The next value of a sequence.
    SequenceNext(ObjectName),
    /// The current value of a sequence.
    SequenceCurrent(ObjectName),
    /// Bytes, bound as a parameter.
    Bytes(Vec<u8>),
    /// Long text, bound as a parameter.
    LongText(String),
}

/// How long a number is at most that is bound: MySQL's exact numbers have 65 digits.
const DIGITS: usize = 60;

impl Target {
    /// Text in quotes.
    pub fn string(&self, text: &str) -> String {
        (self.dialect.string)(text)
    }

    /// A truth value.
    pub fn boolean(&self, value: bool) -> &'static str {
        match (self.caps.booleans, value) {
            (Booleans::Words, true) => "TRUE",
            (Booleans::Words, false) => "FALSE",
            (Booleans::Digits, true) => "1",
            (Booleans::Digits, false) => "0",
            (Booleans::Letters, true) => "'t'",
            (Booleans::Letters, false) => "'f'",
        }
    }

    /// A value whose column type is not known, as conditions write it (dialects §3).
    ///
    /// # Errors
    /// When the dialect has no such sequence function; when the value can only be a parameter, see [`Target::bind`].
    pub fn value(&self, literal: &Literal) -> Result<String, RenderError> {
        Ok(match literal {
            Literal::Null => "NULL".to_owned(),
            Literal::Text(text) => self.string(text),
            Literal::Number(number) => number.clone(),
            Literal::Bool(value) => self.boolean(*value).to_owned(),
            Literal::Temporal(temporal) => (self.dialect.temporal)(temporal),
            Literal::Computed(expression) => self.expression(expression).into_owned(),
            Literal::SequenceNext(sequence) => {
                let name = self.qualified(sequence);
                (self.dialect.next_value)(&name).ok_or_else(|| self.no_sequence_function("next"))?
            }
            Literal::SequenceCurrent(sequence) => {
                let name = self.qualified(sequence);
                (self.dialect.current_value)(&name).ok_or_else(|| self.no_sequence_function("current"))?
            }
            Literal::Bytes(_) | Literal::LongText(_) => {
                return Err(RenderError::invalid("a value from a file cannot be written as a literal"));
            }
        })
    }

    /// A value that a column gets, as INSERT and SET write it: as [`Target::value`], but a text that is the dialect's own
    /// function of the current time is a call of it (dialects §3).
    ///
    /// # Errors
    /// As [`Target::value`].
    pub fn assigned(&self, literal: &Literal) -> Result<String, RenderError> {
        match literal {
            Literal::Text(text) if self.is_call_of_now(text) => Ok(text.clone()),
            other => self.value(other),
        }
    }

    /// A value as [`Target::assigned`] writes it, or `?` with its parameter added to `parameters` when it must be bound.
    ///
    /// # Errors
    /// As [`Target::value`].
    pub fn bind(&self, literal: &Literal, parameters: &mut Vec<Parameter>) -> Result<String, RenderError> {
        if literal.must_be_bound()
            && let Some(parameter) = self.parameter(literal)
        {
            parameters.push(parameter);
            return Ok("?".to_owned());
        }
        self.assigned(literal)
    }

    /// A value as a parameter that stores what [`Target::assigned`] would, into a column of any type; `None` where only the text does.
    pub fn parameter(&self, literal: &Literal) -> Option<Parameter> {
        Some(match literal {
            Literal::Null => Parameter::Null,
            Literal::Text(text) if !self.is_call_of_now(text) => Parameter::Text(text.clone()),
            Literal::Number(number) => match number.parse() {
                // As texts `+7` and `007` are numbers too, and so they are for the database.
                Ok(whole) => Parameter::Int(whole),
                Err(_) if number.len() <= DIGITS && is_decimal(number) => Parameter::Decimal(number.clone()),
                Err(_) => return None,
            },
            Literal::Bool(value) if self.caps.booleans == Booleans::Digits => Parameter::Int(i64::from(*value)),
            Literal::Temporal(temporal) => Parameter::Text(plain_text(&(self.dialect.temporal)(temporal))?.to_owned()),
            Literal::Bytes(bytes) => Parameter::Bytes(bytes.clone()),
            Literal::LongText(text) => Parameter::Text(text.clone()),
            _ => return None,
        })
    }

    /// An expression as it is written, but for the names of the current time: `current_timestamp…`,
    /// `current_datetime…` and the dialect's own function, in any letter case (dialects §3).
    pub fn expression<'e>(&self, expression: &'e str) -> Cow<'e, str> {
        let lower = expression.to_ascii_lowercase();
        let is_now = lower.starts_with("current_timestamp") || lower.starts_with("current_datetime") || self.is_call_of_now(expression);
        if is_now { (self.dialect.current_time)(expression, self) } else { Cow::Borrowed(expression) }
    }

    /// Whether a text is the dialect's own function of the current time, in any letter case.
    pub fn is_call_of_now(&self, text: &str) -> bool {
        text.eq_ignore_ascii_case(self.dialect.now)
    }

    fn no_sequence_function(&self, which: &str) -> RenderError {
        RenderError::Invalid(format!("{which} value function for a sequence is not configured for database {}", self.dialect.product))
    }
}

impl Literal {
    /// Whether the value is an expression, for the server to find out.
    pub fn is_expression(&self) -> bool {
        matches!(self, Literal::Computed(_) | Literal::SequenceNext(_) | Literal::SequenceCurrent(_))
    }

    /// Whether the value can only be bound as a parameter.
    pub fn must_be_bound(&self) -> bool {
        matches!(self, Literal::Bytes(_) | Literal::LongText(_))
    }
}

/// What stands in quotes, when the literal is a plain text in quotes.
pub(super) fn plain_text(literal: &str) -> Option<&str> {
    literal.strip_prefix('\'')?.strip_suffix('\'').filter(|text| !text.contains(['\'', '\\']))
}

/// Whether a number is digits with at most a sign and a point.
pub(super) fn is_decimal(text: &str) -> bool {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{mariadb, mysql, postgres, sqlite};

    fn on(dialect: &'static crate::sql::Dialect) -> Target {
        Target::new(dialect, None)
    }

    #[test]
    fn values_without_a_type() {
        let pg = on(&postgres::DIALECT);
        let my = on(&mysql::DIALECT);
        assert_eq!(pg.value(&Literal::Text("it's".into())), Ok("'it''s'".into()));
        assert_eq!(pg.value(&Literal::Text("c:\\dir".into())), Ok("'c:\\dir'".into()));
        assert_eq!(my.value(&Literal::Text("c:\\dir".into())), Ok("'c:\\\\dir'".into()));
        assert_eq!(pg.value(&Literal::Bool(true)), Ok("TRUE".into()));
        assert_eq!(my.value(&Literal::Bool(true)), Ok("1".into()));
        assert_eq!(pg.value(&Literal::Null), Ok("NULL".into()));
        assert_eq!(pg.value(&Literal::Number("1.50".into())), Ok("1.50".into()));
    }

    #[test]
    fn names_of_the_current_time_become_the_dialects_function() {
        let computed = |text: &str| Literal::Computed(text.into());
        assert_eq!(on(&postgres::DIALECT).value(&computed("CURRENT_TIMESTAMP")), Ok("NOW()".into()));
        assert_eq!(on(&sqlite::DIALECT).value(&computed("current_datetime")), Ok("CURRENT_TIMESTAMP".into()));
        assert_eq!(on(&sqlite::DIALECT).value(&computed("NOW()")), Ok("NOW()".into()));
        assert_eq!(on(&postgres::DIALECT).value(&computed("upper('x')")), Ok("upper('x')".into()));
    }

    #[test]
    fn sequences_are_quoted_as_one_name() {
        let next = Literal::SequenceNext(ObjectName::new(None, None, "app.seq_a"));
        assert_eq!(on(&postgres::DIALECT).value(&next), Ok("nextval('\"app.seq_a\"')".into()));
        assert_eq!(on(&mariadb::DIALECT).value(&next), Ok("NEXT VALUE FOR `app.seq_a`".into()));
        let error = on(&mysql::DIALECT).value(&next).map_err(|e| e.to_string());
        assert_eq!(error, Err("next value function for a sequence is not configured for database MySQL".into()));
    }
}
