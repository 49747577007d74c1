//! Values and how a target writes them (dialects §3).

use super::dialect::{Booleans, Target};
use super::identifier::ObjectName;
use super::temporal::Temporal;

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
        }
    }
}
