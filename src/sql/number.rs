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

/// The number at the beginning of a text in English form, written plainly: `1.5E10` is `15000000000`, `10.50` is
/// `10.5`. What follows the number is ignored. `None` when the text begins with none.
///
/// `addDefaultValue` reads numbers in this way, columns as [`column_number`] does.
pub fn parsed_number(text: &str) -> Option<String> {
    if !begins_like_a_number(text) {
        return None;
    }
    let mut plain = String::new();
    let mut point = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match c {
            '-' if plain.is_empty() => plain.push(c),
            '.' if !point => {
                point = true;
                plain.push(c);
            }
            // Groups of thousands, before the point only.
            ',' if !point => {}
            'E' => break,
            c if c.is_ascii_digit() => plain.push(c),
            _ => break,
        }
        rest = &rest[c.len_utf8()..];
    }
    if let Some(exponent) = rest.strip_prefix('E') {
        let end = exponent.char_indices().find(|(i, c)| !(c.is_ascii_digit() || (*i == 0 && *c == '-'))).map_or(exponent.len(), |(i, _)| i);
        if exponent[..end].bytes().any(|b| b.is_ascii_digit()) {
            plain.push('e');
            plain.push_str(&exponent[..end]);
        }
    }
    if let Ok(whole) = plain.parse::<i64>() {
        return Some(whole.to_string());
    }
    plain.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| n.to_string())
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
    fn numbers_are_written_plainly() {
        for (text, expected) in [
            ("42", Some("42")),
            ("10.50", Some("10.5")),
            ("-1", Some("-1")),
            ("9223372036854775807", Some("9223372036854775807")),
            ("1.5E10", Some("15000000000")),
            ("1,000", Some("1000")),
            ("12abc", Some("12")),
            ("(5)", None),
            ("abs(1)", None),
        ] {
            assert_eq!(parsed_number(text).as_deref(), expected, "{text}");
        }
    }

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
