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

/// Classifies a text. One leading `(` goes, and with it one final `)`; the rest is a number when it begins like one
/// in English form.
pub fn column_number(text: &str) -> ColumnNumber {
    if text.eq_ignore_ascii_case("null") {
        return ColumnNumber::Absent;
    }
    let text = match text.strip_prefix('(') {
        Some(rest) => rest.strip_suffix(')').unwrap_or(rest),
        None => text,
    };
    if begins_like_a_number(text) { ColumnNumber::Number(text.to_owned()) } else { ColumnNumber::Expression(text.to_owned()) }
}

/// An optional minus sign, then a digit, or a point with a digit behind it.
fn begins_like_a_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    match digits.first() {
        Some(b) if b.is_ascii_digit() => true,
        Some(b'.') => digits.get(1).is_some_and(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_table_holds() {
        let number = |t: &str| ColumnNumber::Number(t.into());
        let expression = |t: &str| ColumnNumber::Expression(t.into());
        for (text, expected) in [
            ("1.50", number("1.50")),
            ("+1", expression("+1")),
            ("-1", number("-1")),
            (" 5", expression(" 5")),
            ("1,000", number("1,000")),
            ("abc", expression("abc")),
            ("true", expression("true")),
            ("'5'", expression("'5'")),
            ("nextval('x')", expression("nextval('x')")),
            ("GETDATE()", expression("GETDATE()")),
            ("(5)", number("5")),
            ("(5", number("5")),
            ("(abc)", expression("abc")),
            ("", expression("")),
            ("5)", number("5)")),
            ("-", expression("-")),
            ("1e5", number("1e5")),
            ("12abc", number("12abc")),
            ("1 + 2", number("1 + 2")),
            (".5", number(".5")),
            ("5.", number("5.")),
            ("NULL", ColumnNumber::Absent),
        ] {
            assert_eq!(column_number(text), expected, "{text:?}");
        }
    }
}
