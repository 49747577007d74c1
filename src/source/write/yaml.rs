//! A value as YAML, such that it is read again as it was: YAML 1.1, whose plain scalars have types.

use crate::source::scalar::{Plain, classify};
use serde_json::Value;

/// The text of a document.
pub fn write(value: &Value) -> String {
    let mut out = String::new();
    block(value, 0, &mut out);
    out
}

/// Writes a value that stands at the start of a line, or behind `- `.
fn block(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (i, (key, value)) in map.iter().enumerate() {
                if i > 0 {
                    out.push_str(&" ".repeat(indent));
                }
                out.push_str(&scalar(key, indent + 2));
                out.push(':');
                behind_key(value, indent, out);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for (i, value) in list.iter().enumerate() {
                if i > 0 {
                    out.push_str(&" ".repeat(indent));
                }
                out.push_str("- ");
                block(value, indent + 2, out);
            }
        }
        other => {
            out.push_str(&flow(other, indent));
            out.push('\n');
        }
    }
}

/// Writes what belongs to a key that stands at `indent`.
fn behind_key(value: &Value, indent: usize, out: &mut String) {
    let is_nested = matches!(value, Value::Object(map) if !map.is_empty()) || matches!(value, Value::Array(list) if !list.is_empty());
    if is_nested {
        out.push('\n');
        out.push_str(&" ".repeat(indent + 2));
    } else {
        out.push(' ');
    }
    block(value, indent + 2, out);
}

fn flow(value: &Value, indent: usize) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => scalar(text, indent),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
    }
}

/// A text: plain where it is read as the same text, else in quotes, or as a block of lines.
fn scalar(text: &str, indent: usize) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    if let Some(block) = literal(text, indent) {
        return block;
    }
    let is_printable = |c: char| {
        matches!(c, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
            && !matches!(c, '\u{2028}' | '\u{2029}')
    };
    if text.chars().all(is_printable) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c if u32::from(c) <= 0xffff => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// Whether a text means itself without quotes, wherever it stands.
fn is_plain(text: &str) -> bool {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '(' | ')' | '$' | '-' | ' ' | '+' | ';' | '=');
    text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '/' | '$' | '('))
        && !text.ends_with(' ')
        && text.chars().all(is_safe)
        && classify(text) == Plain::Text
}

/// Several lines as a block; `None` where that would not give the same text.
fn literal(text: &str, indent: usize) -> Option<String> {
    let (body, mark) = match text.strip_suffix('\n') {
        Some(body) => (body, "|"),
        None => (text, "|-"),
    };
    let is_simple = |c: char| {
        c == '\n'
            || matches!(c, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{10000}'..)
                && !matches!(c, '\u{2028}' | '\u{2029}')
    };
    let is_fit = body.contains('\n') && !body.starts_with([' ', '\n']) && !body.ends_with(['\n', ' ']) && body.chars().all(is_simple);
    if !is_fit || body.lines().any(|l| !l.is_empty() && l.trim().is_empty()) {
        return None;
    }
    let pad = " ".repeat(indent);
    let lines: Vec<String> = body.split('\n').map(|l| if l.is_empty() { String::new() } else { format!("{pad}{l}") }).collect();
    Some(format!("{mark}\n{}", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::source::{Limits, yaml};
    use crate::span::FileId;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(text: &str) -> Vec<crate::source::Node> {
        let mut problems = Diagnostics::new();
        let entries = yaml::read_entries(FileId(0), text, &Limits::default(), false, &mut problems).unwrap_or_default();
        assert!(!problems.has_errors(), "{text}\n{problems:?}");
        entries.into_iter().map(|e| e.node).collect()
    }

    #[test]
    fn maps_lists_and_texts() {
        let value = json!({"a": [{"b": {"c": 1, "d": []}}, {"e": "x: y"}], "f": "one\n  two\n", "g": "yes", "h": true, "i": "007"});
        let expected = "a:\n  - b:\n      c: 1\n      d: []\n  - e: 'x: y'\nf: |\n  one\n    two\ng: 'yes'\nh: true\ni: '007'\n";
        assert_eq!(write(&value), expected);
        let nodes = read(expected);
        assert_eq!(nodes[1].text(), Some("one\n  two\n"));
        assert_eq!(nodes[2].text(), Some("yes"));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "[a-f0-9:#&*!|>'\"%@`{}\\[\\],?\\-~ \n\t\r\\\\éλ\u{1}\u{85}\u{2028}\u{1f600}.$()]{0,30}", key in "[a-zA-Z]{1,8}") {
            let value = json!({"list": [{key: {"in": text.clone()}}, text.clone()], "end": text.clone()});
            let nodes = read(&write(&value));
            prop_assert_eq!(nodes[0].children[0].children[0].text(), Some(text.as_str()));
            prop_assert_eq!(nodes[0].text(), Some(text.as_str()));
            prop_assert_eq!(nodes[1].text(), Some(text.as_str()));
        }
    }
}
