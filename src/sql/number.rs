//! Numbers as columns write them (changes §3.1).

/// What a `valueNumeric` or `defaultValueNumeric` text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnNumber {
    /// `null`: absent.
    Absent,
    /// A number, with this text.
    Number(String),
    /// An expression, with this text.
    Expression(String),
}

/// Classifies a text.
pub fn column_number(text: &str) -> ColumnNumber {
    ColumnNumber::Number(text.to_owned())
}
