//! Rows in the text format of PostgreSQL's COPY, as far as COPY reads from them what INSERT would store.
//!
//! COPY gives each text to the input function of the column's type. INSERT does the same with a text in quotes, but
//! computes a number, a truth value or an expression first and converts the result. So only such rows are written here
//! whose values come out the same both ways; all others stay INSERTs.

use super::literal::{Literal, is_decimal, plain_text};
use super::target::Target;

/// How a column takes values that are no texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As whole numbers.
    Whole,
    /// As numbers with any fraction.
    Decimal,
    /// As truth values.
    Truth,
    /// As bytes.
    Bytes,
    /// Texts only.
    Text,
}

impl Form {
    /// The form of a column of this type, as the server names it without a length.
    pub fn of_native(native: &str) -> Form {
        match native {
            "smallint" | "integer" | "bigint" => Form::Whole,
            "numeric" | "real" | "double precision" => Form::Decimal,
            "boolean" => Form::Truth,
            "bytea" => Form::Bytes,
            _ => Form::Text,
        }
    }
}

/// Adds a row to `out`. False, and `out` as it was, when COPY would read a value of it in another way than INSERT.
pub fn push_row(row: &[Literal], forms: &[Form], target: &Target, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    for (i, value) in row.iter().enumerate() {
        if i > 0 {
            out.push(b'\t');
        }
        if !push(value, forms.get(i).copied().unwrap_or(Form::Text), target, out) {
            out.truncate(start);
            return false;
        }
    }
    out.push(b'\n');
    true
}

fn push(value: &Literal, form: Form, target: &Target, out: &mut Vec<u8>) -> bool {
    match (value, form) {
        (Literal::Null, _) => out.extend_from_slice(b"\\N"),
        (Literal::Text(text), _) if target.is_call_of_now(text) => return false,
        (Literal::Text(text) | Literal::LongText(text), _) => escape(text, out),
        (Literal::Number(text), Form::Whole) if is_whole(text) => out.extend_from_slice(text.as_bytes()),
        (Literal::Number(text), Form::Decimal) if is_decimal(text) => out.extend_from_slice(text.as_bytes()),
        (Literal::Bool(value), Form::Truth) => out.push(if *value { b't' } else { b'f' }),
        (Literal::Temporal(temporal), _) => match plain_text(&(target.dialect.temporal)(temporal)) {
            Some(text) => escape(text, out),
            None => return false,
        },
        (Literal::Bytes(bytes), Form::Bytes) => {
            out.extend_from_slice(b"\\\\x");
            for byte in bytes {
                for digit in [byte >> 4, byte & 15] {
                    out.push(b"0123456789abcdef"[usize::from(digit)]);
                }
            }
        }
        _ => return false,
    }
    true
}

fn escape(text: &str, out: &mut Vec<u8>) {
    if !text.bytes().any(|b| matches!(b, b'\\' | b'\n' | b'\r' | b'\t')) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    for byte in text.bytes() {
        let letter = match byte {
            b'\\' => b'\\',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => {
                out.push(byte);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', letter]);
    }
}

/// A number that fits the widest integer for certain.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    (1..=18).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::postgres;
    use crate::sql::temporal::Temporal;

    fn row(values: &[Literal], forms: &[Form]) -> Option<String> {
        let mut out = b"before\n".to_vec();
        let is_row = push_row(values, forms, &Target::new(&postgres::DIALECT, None), &mut out);
        let text = String::from_utf8(out).unwrap();
        let text = text.strip_prefix("before\n").unwrap().to_owned();
        assert!(is_row || text.is_empty(), "{text:?}");
        is_row.then_some(text)
    }

    #[test]
    fn values_that_copy_reads_as_insert_does() {
        let date = Literal::Temporal(Temporal::parse("2001-02-03").unwrap());
        let values = [
            Literal::Null,
            Literal::Text("a\\b\tc\nd\re\\.".into()),
            Literal::Number("-12".into()),
            Literal::Number("1.50".into()),
            Literal::Bool(false),
            Literal::Bytes(vec![0, 255]),
            date,
            Literal::Text(String::new()),
        ];
        let forms = [Form::Text, Form::Text, Form::Whole, Form::Decimal, Form::Truth, Form::Bytes, Form::Text, Form::Text];
        assert_eq!(row(&values, &forms).as_deref(), Some("\\N\ta\\\\b\\tc\\nd\\re\\\\.\t-12\t1.50\tf\t\\\\x00ff\t2001-02-03\t\n"));
    }

    #[test]
    fn what_insert_computes_is_left_to_it() {
        let number = |text: &str| Literal::Number(text.into());
        for (value, form) in [
            // INSERT rounds.
            (number("1.5"), Form::Whole),
            (number("1234567890123456789"), Form::Whole),
            // The number 7 as text is '7'.
            (number("007"), Form::Text),
            (number("1e5"), Form::Decimal),
            (number("1 + 1"), Form::Whole),
            (number("-"), Form::Decimal),
            (Literal::Bool(true), Form::Text),
            (Literal::Bytes(vec![1]), Form::Text),
            (Literal::Computed("now()".into()), Form::Text),
            (Literal::Text("NOW()".into()), Form::Text),
        ] {
            assert_eq!(row(std::slice::from_ref(&value), &[form]), None, "{value:?} {form:?}");
        }
    }
}
