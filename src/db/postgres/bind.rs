//! `?` parameters for PostgreSQL.
//!
//! The extended protocol needs the type of every parameter, and a text bound to a date column is an error there. So
//! only bytes are bound; everything else becomes a literal, whose type the server takes from where it stands.

use super::super::placeholders::{self, Piece, Quotes};
use super::super::{DbError, Value};

/// A statement whose `?` are replaced.
#[derive(Debug, PartialEq)]
pub(super) struct Bound<'a> {
    /// The statement, with literals and `$1`, `$2`, ….
    pub(super) sql: String,
    /// The values of `$1`, `$2`, ….
    pub(super) bytes: Vec<&'a [u8]>,
}

/// Replaces each `?` outside quotes and comments by its parameter; `??` is the operator `?`. What is bound with a number among
/// `large` becomes a large object, whose number takes its place.
pub(super) fn bind<'a>(sql: &str, parameters: &'a [Value], large: &[usize]) -> Result<Bound<'a>, DbError> {
    let pieces = placeholders::pieces(sql, Quotes::Postgres);
    placeholders::check(pieces.clone(), parameters)?;
    let mut out = Bound { sql: String::with_capacity(sql.len() + parameters.len() * 8), bytes: Vec::new() };
    let mut values = parameters.iter();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.sql.push_str(text),
            Piece::QuestionMark => out.sql.push('?'),
            Piece::Parameter => {
                if let Some(value) = values.next() {
                    push(&mut out, value, large);
                }
            }
        }
    }
    Ok(out)
}

fn push<'a>(out: &mut Bound<'a>, value: &'a Value, large: &[usize]) {
    match value {
        Value::Null => out.sql.push_str("NULL"),
        Value::Bool(b) => out.sql.push_str(if *b { "TRUE" } else { "FALSE" }),
        // In quotes a negative number cannot run together with an operator before it.
        Value::Int(i) => out.sql.push_str(&format!("'{i}'")),
        Value::Text(t) | Value::Decimal(t) => out.sql.push_str(&literal(t)),
        Value::Bytes(b) => {
            out.bytes.push(b);
            let number = out.bytes.len();
            let is_large = large.contains(&number);
            out.sql.push_str(&if is_large { format!("lo_from_bytea(0, ${number})") } else { format!("${number}") });
        }
    }
}

/// A text as a literal that is read the same with `standard_conforming_strings` on and off.
pub(super) fn literal(text: &str) -> String {
    if text.contains('\\') {
        format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(sql: &str, parameters: &[Value]) -> String {
        bind(sql, parameters, &[]).unwrap().sql
    }

    #[test]
    fn parameters_become_literals_and_bytes_are_bound() {
        let parameters = [
            Value::Null,
            Value::Int(-1),
            Value::Text("it's \\ ?".to_string()),
            Value::Bytes(vec![1]),
            Value::Bool(true),
            Value::Bytes(vec![2]),
        ];
        let bound = bind("values (?, 1-?, ?, ?, ?, ?)", &parameters, &[]).unwrap();
        assert_eq!(bound.sql, "values (NULL, 1-'-1', E'it''s \\\\ ?', $1, TRUE, $2)");
        assert_eq!(bound.bytes, [&[1u8][..], &[2][..]]);
        let parameters = [Value::Bytes(vec![1]), Value::Bytes(vec![2])];
        let bound = bind("values (?, ?)", &parameters, &[2]).unwrap();
        assert_eq!(bound.sql, "values ($1, lo_from_bytea(0, $2))");
    }

    #[test]
    fn question_marks_in_quotes_and_comments_stay() {
        let sql = "select '?', E'\\'?', \"?\", $$?$$, a ?? 'b' ";
        assert_eq!(text(sql, &[]), sql.replace("??", "?"));
        assert_eq!(text("select '?''?', ?", &[Value::Int(1)]), "select '?''?', '1'");
    }

    #[test]
    fn the_numbers_must_agree() {
        assert!(bind("select ?", &[], &[]).is_err());
        assert!(bind("select 1", &[Value::Null], &[]).is_err());
    }
}
