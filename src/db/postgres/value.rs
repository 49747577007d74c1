//! Cells of a result in the server's text format.

use super::super::Value;
use sqlx::postgres::PgRow;
use sqlx::{Row as _, TypeInfo, ValueRef};

/// The value of a cell of a row that came through the simple protocol.
pub(super) fn cell(row: &PgRow, i: usize) -> Value {
    let Ok(raw) = row.try_get_raw(i) else {
        return Value::Null;
    };
    if raw.is_null() {
        return Value::Null;
    }
    let Ok(text) = raw.as_str() else {
        return raw.as_bytes().map(|b| Value::Bytes(b.to_vec())).unwrap_or(Value::Null);
    };
    of_text(raw.type_info().name(), text)
}

/// The value for a text of a type. What cannot be read as its type stays text.
fn of_text(kind: &str, text: &str) -> Value {
    let parsed = match kind {
        "BOOL" => match text {
            "t" => Some(Value::Bool(true)),
            "f" => Some(Value::Bool(false)),
            _ => None,
        },
        "INT2" | "INT4" | "INT8" | "OID" => text.parse().ok().map(Value::Int),
        "BYTEA" => text.strip_prefix("\\x").and_then(unhex).map(Value::Bytes),
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::Text(text.to_string()))
}

/// Bytes from pairs of hexadecimal digits.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: &u8| char::from(*b).to_digit(16);
    text.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        assert_eq!(of_text("INT8", "-9223372036854775808"), Value::Int(i64::MIN));
        assert_eq!(of_text("BOOL", "t"), Value::Bool(true));
        assert_eq!(of_text("FLOAT8", "1e+20"), Value::Text("1e+20".to_string()));
        assert_eq!(of_text("NUMERIC", "1.10"), Value::Text("1.10".to_string()));
        assert_eq!(of_text("BYTEA", "\\x00ff"), Value::Bytes(vec![0, 255]));
        assert_eq!(of_text("BYTEA", "\\x0"), Value::Text("\\x0".to_string()));
    }
}
