//! Cells of a result in the server's text format.

use super::super::Value;
use sqlx::mysql::MySqlRow;
use sqlx::{Row as _, TypeInfo, ValueRef};

/// The value of a cell of a row that came through the text protocol.
pub(super) fn cell(row: &MySqlRow, i: usize) -> Value {
    let Ok(raw) = row.try_get_raw(i) else {
        return Value::Null;
    };
    if raw.is_null() {
        return Value::Null;
    }
    let kind = raw.type_info().into_owned();
    // The name of a text type with a collation by code points (`utf8mb4_bin`, as of JSON on MariaDB) is that of its
    // binary sibling; only the character set tells them apart, which is what this asks for.
    let kind = if <str as sqlx::Type<sqlx::MySql>>::compatible(&kind) { "TEXT" } else { kind.name() };
    match row.try_get_unchecked::<&[u8], _>(i) {
        Ok(bytes) => of_bytes(kind, bytes),
        Err(_) => Value::Null,
    }
}

/// The value for the bytes of a type. What cannot be read as its type stays text, or bytes.
fn of_bytes(kind: &str, bytes: &[u8]) -> Value {
    match kind {
        "BINARY" | "VARBINARY" | "TINYBLOB" | "BLOB" | "MEDIUMBLOB" | "LONGBLOB" | "GEOMETRY" => return Value::Bytes(bytes.to_vec()),
        "BIT" => {
            // Up to 64 bits, highest byte first.
            let bits = bytes.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
            return i64::try_from(bits).map(Value::Int).unwrap_or_else(|_| Value::Text(bits.to_string()));
        }
        _ => {}
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Value::Bytes(bytes.to_vec());
    };
    let parsed = match kind.strip_suffix(" UNSIGNED").unwrap_or(kind) {
        // An unsigned number above the range of the variant stays text.
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "INT" | "MEDIUMINT" | "BIGINT" | "YEAR" => text.parse().ok().map(Value::Int),
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::Text(text.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        assert_eq!(of_bytes("BOOLEAN", b"1"), Value::Int(1));
        assert_eq!(of_bytes("BIT", &[1]), Value::Int(1));
        assert_eq!(of_bytes("BIT", &[1, 0]), Value::Int(256));
        assert_eq!(of_bytes("BIGINT UNSIGNED", b"18446744073709551615"), Value::Text("18446744073709551615".to_string()));
        assert_eq!(of_bytes("DECIMAL", b"1.10"), Value::Text("1.10".to_string()));
        assert_eq!(of_bytes("DATETIME", b"2026-01-02 03:04:05.5"), Value::Text("2026-01-02 03:04:05.5".to_string()));
        assert_eq!(of_bytes("BLOB", &[0, 255]), Value::Bytes(vec![0, 255]));
    }
}
