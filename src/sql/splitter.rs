//! Raw SQL to statements, cut exactly where Liquibase cuts (changelog-formats §5.6, dialects §6).

use regex::Regex;
use std::ops::Range;

/// How raw SQL is split.
#[derive(Debug, Clone, Copy, Default)]
pub struct SplitOptions<'a> {
    /// Whether comments are dropped.
    pub strip_comments: bool,
    /// Whether it is split at all.
    pub split_statements: bool,
    /// What ends a statement; `;`, `GO` and `/` lines when absent.
    pub end_delimiter: Option<&'a str>,
    /// Whether a dollar-quoted text is one token, which Liquibase does not know: it cuts inside.
    pub dollar_quotes: bool,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its text, trimmed.
    pub text: String,
    /// Where it stands in the input.
    pub range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    Comment,
    Other,
}

#[derive(Debug, Clone)]
struct Token {
    kind: Kind,
    range: Range<usize>,
}

/// Splits raw SQL into statements; see the module.
pub fn split(sql: &str, options: &SplitOptions<'_>) -> Vec<Piece> {
    let mut tokens = tokens(sql, options.dollar_quotes);
    if options.strip_comments {
        tokens.retain(|t| t.kind != Kind::Comment);
    }
    let delimiter = Delimiter::new(options.end_delimiter);
    delimiter.merge(sql, &mut tokens);
    let mut out = Out::default();
    let mut depth = 0usize;
    let mut previous: Option<&str> = None;
    for (i, token) in tokens.iter().enumerate() {
        let text = &sql[token.range.clone()];
        let next = || tokens[i + 1..].iter().find(|t| t.kind != Kind::Blank).map(|t| sql[t.range.clone()].to_ascii_lowercase());
        if text.eq_ignore_ascii_case("begin") {
            let other = ["transaction", "trans", "tran", "dialog", "conversation", "distributed"];
            if !next().is_some_and(|n| other.contains(&n.as_str())) {
                depth += 1;
            }
        } else if depth > 0
            && text.eq_ignore_ascii_case("end")
            && !next().is_some_and(|n| ["transaction", "trans", "tran"].contains(&n.as_str()))
        {
            depth -= 1;
        }
        if depth == 0 && options.split_statements && delimiter.is(text, previous) {
            out.emit(sql);
        } else {
            out.add(sql, token);
        }
        previous = Some(text);
    }
    out.emit(sql);
    out.pieces
}

/// The statement being put together.
#[derive(Default)]
struct Out {
    text: String,
    range: Option<Range<usize>>,
    pieces: Vec<Piece>,
}

impl Out {
    fn add(&mut self, sql: &str, token: &Token) {
        if self.text.is_empty() && token.kind == Kind::Blank {
            return;
        }
        // Carriage returns are dropped, as in Liquibase.
        self.text.extend(sql[token.range.clone()].chars().filter(|c| *c != '\r'));
        let range = self.range.get_or_insert(token.range.clone());
        range.end = token.range.end;
    }

    fn emit(&mut self, _sql: &str) {
        let text = trim(&self.text);
        if let (false, Some(range)) = (text.is_empty(), self.range.take()) {
            self.pieces.push(Piece { text: text.to_owned(), range });
        }
        self.text.clear();
        self.range = None;
    }
}

/// Java's `trim`: everything up to the blank.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c <= ' ')
}

/// What ends a statement.
enum Delimiter {
    Usual,
    Never,
    Single(String),
    Long { text: String, pattern: Option<Regex> },
}

impl Delimiter {
    fn new(written: Option<&str>) -> Delimiter {
        match written {
            None => Delimiter::Usual,
            Some("") => Delimiter::Never,
            Some(d) if d.chars().count() == 1 => Delimiter::Single(d.to_owned()),
            Some(d) => {
                let pattern = format!("(?s)^(?:[\\s\\n\\r]*{})$", d.to_lowercase());
                Delimiter::Long { text: d.to_owned(), pattern: Regex::new(&pattern).ok() }
            }
        }
    }

    /// Joins runs of tokens that together spell a long delimiter into one token.
    fn merge(&self, sql: &str, tokens: &mut Vec<Token>) {
        let Delimiter::Long { text, .. } = self else { return };
        let mut i = 0;
        while i < tokens.len() {
            let start = tokens[i].range.start;
            if sql[start..].starts_with(text.as_str()) && sql[tokens[i].range.clone()].len() < text.len() {
                let end = start + text.len();
                let last = tokens[i..].iter().take_while(|t| t.range.end <= end).count();
                let whole = last > 1 && tokens[i + last - 1].range.end == end;
                let joined = tokens[i..i + last].windows(2).all(|w| w[0].range.end == w[1].range.start);
                if whole && joined {
                    tokens[i].range.end = end;
                    tokens[i].kind = Kind::Other;
                    tokens.drain(i + 1..i + last);
                }
            }
            i += 1;
        }
    }

    fn is(&self, text: &str, previous: Option<&str>) -> bool {
        let at_line_start = || previous.is_none_or(|p| p.ends_with('\n'));
        match self {
            Delimiter::Usual => text == ";" || ((text.eq_ignore_ascii_case("go") || text == "/") && at_line_start()),
            Delimiter::Never => false,
            Delimiter::Single(d) if d == "/" => text == "/" && at_line_start(),
            Delimiter::Single(d) => text.to_lowercase() == d.to_lowercase(),
            Delimiter::Long { text: d, pattern } => {
                if text.to_lowercase() == d.to_lowercase() {
                    return true;
                }
                let Some(pattern) = pattern else { return false };
                // A token longer than any sensible delimiter cannot match: do not copy it.
                if text.len() > 200 {
                    return false;
                }
                let p = previous.unwrap_or("");
                let tail: String = p.chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
                pattern.is_match(&(tail + text).to_lowercase())
            }
        }
    }
}

fn is_identifier_start(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '_' | '$' | '@') || c >= '\u{c0}'
}

fn is_identifier(c: char) -> bool {
    is_identifier_start(c) || c == '#' || c.is_ascii_digit()
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{3000}')
}

/// Cuts a text into tokens: nothing is lost.
fn tokens(sql: &str, dollar_quotes: bool) -> Vec<Token> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = sql[at..].chars().next() {
        let rest = &sql[at..];
        let (kind, length) = if is_blank(c) {
            (Kind::Blank, rest.find(|c| !is_blank(c)).unwrap_or(rest.len()))
        } else if rest.starts_with("--") {
            (Kind::Comment, rest.find('\n').map_or(rest.len(), |n| if rest[..n].ends_with('\r') { n - 1 } else { n }))
        } else if rest.starts_with("/*") {
            match rest[2..].find("*/") {
                Some(n) => (Kind::Comment, n + 4),
                None => (Kind::Other, 1),
            }
        } else {
            (Kind::Other, token_length(rest, c, dollar_quotes))
        };
        out.push(Token { kind, range: at..at + length });
        at += length;
    }
    out
}

fn token_length(rest: &str, c: char, dollar_quotes: bool) -> usize {
    if dollar_quotes && c == '$' {
        if let Some(n) = dollar_quoted(rest) {
            return n;
        }
    }
    if let Some(n) = string(rest) {
        return n;
    }
    if c.is_ascii_digit() {
        return number(rest);
    }
    if let Some(n) = compound(rest) {
        return n;
    }
    c.len_utf8()
}

/// `$tag$ … $tag$`.
fn dollar_quoted(rest: &str) -> Option<usize> {
    let end = rest[1..].find('$')? + 1;
    let tag = &rest[..=end];
    let body = &tag[1..tag.len() - 1];
    if !body.chars().all(|c| c.is_alphanumeric() || c == '_') || body.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    rest[tag.len()..].find(tag).map(|n| tag.len() + n + tag.len())
}

/// A quoted string, with its prefix.
fn string(rest: &str) -> Option<usize> {
    let prefix = ["_utf8", "rb", "br", "u", "e", "n", "r", "b", ""]
        .iter()
        .find(|p| rest.get(..p.len()).is_some_and(|h| h.eq_ignore_ascii_case(p)) && rest[p.len()..].starts_with('\''))?;
    quoted(&rest[prefix.len()..], b'\'').map(|n| prefix.len() + n)
}

/// The length of a quoted text. A doubled quote and a backslash with its follower are inside; when that leaves no
/// closing quote, the longest reading with one counts (a backslash may be an ordinary character).
fn quoted(text: &str, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut i = 1;
    let mut fallback = None;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => {
                if bytes.get(i + 1) == Some(&quote) {
                    fallback = Some(i + 2);
                }
                i += 2;
            }
            b if b == quote && bytes.get(i + 1) == Some(&quote) => {
                fallback = Some(i + 1);
                i += 2;
            }
            b if b == quote => return Some(i + 1),
            _ => i += 1,
        }
    }
    fallback
}

fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut n = digits(0);
    if bytes.get(n) == Some(&b'.') && bytes.get(n + 1).is_some_and(u8::is_ascii_digit) {
        n += 1 + digits(n + 1);
    }
    if matches!(bytes.get(n), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(n + 1), Some(b'+' | b'-')));
        let exponent = digits((n + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            n += 1 + sign + exponent;
        }
    }
    n
}

/// One identifier: plain, or quoted with `"`, backquotes or brackets.
fn identifier(rest: &str) -> Option<usize> {
    let c = rest.chars().next()?;
    if is_identifier_start(c) {
        return Some(rest.find(|c| !is_identifier(c)).unwrap_or(rest.len()));
    }
    match c {
        '"' => quoted(rest, b'"'),
        '`' => {
            let end = rest[1..].find(['`', '\n', '\r'])? + 1;
            (rest.as_bytes()[end] == b'`').then_some(end + 1)
        }
        '[' => {
            let second = rest[1..].chars().next()?;
            if second.is_ascii_digit() || second == ']' {
                return None;
            }
            let end = rest[1..].find([']', '\n', '\r'])? + 1;
            (rest.as_bytes()[end] == b']').then_some(end + 1)
        }
        _ => None,
    }
}

/// Identifiers joined with points.
fn compound(rest: &str) -> Option<usize> {
    let mut n = identifier(rest)?;
    while rest[n..].starts_with('.') {
        match identifier(&rest[n + 1..]) {
            Some(more) => n += 1 + more,
            None => break,
        }
    }
    Some(n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(sql: &str, strip: bool, split: bool, delimiter: Option<&str>) -> Vec<String> {
        let options = SplitOptions { strip_comments: strip, split_statements: split, end_delimiter: delimiter, dollar_quotes: false };
        super::split(sql, &options).into_iter().map(|p| p.text).collect()
    }

    #[test]
    fn recorded_cases_hold() {
        let cases = include_str!("../../fixtures/splitting/cases.jsonl");
        let mut wrong = Vec::new();
        for line in cases.lines().filter(|l| !l.trim().is_empty()) {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            let flag = |n: &str, d: bool| case[n].as_bool().unwrap_or(d);
            let got = texts(
                case["sql"].as_str().unwrap(),
                flag("stripComments", false),
                flag("splitStatements", true),
                case["endDelimiter"].as_str(),
            );
            let expected: Vec<String> = case["result"].as_array().unwrap().iter().map(|t| t.as_str().unwrap().to_owned()).collect();
            if got != expected {
                wrong.push(format!("{line}\n   got {got:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn dollar_quotes_stay_whole_when_asked() {
        let options = SplitOptions { split_statements: true, dollar_quotes: true, ..SplitOptions::default() };
        let got: Vec<String> = super::split("do $x$ a; b; $x$; select $1; c", &options).into_iter().map(|p| p.text).collect();
        assert_eq!(got, ["do $x$ a; b; $x$", "select $1", "c"]);
    }

    proptest! {
        #[test]
        fn nothing_but_delimiters_is_lost(sql in "[a-fA-F0-9 ;'\"\\-/*\n$@.()]{0,80}") {
            let kept: String = texts(&sql, false, true, None).concat().chars().filter(|c| !c.is_whitespace()).collect();
            let all: String = sql.chars().filter(|c| !c.is_whitespace()).collect();
            let without = |t: &str| t.chars().filter(|c| !matches!(c, ';' | '/')).collect::<String>();
            prop_assert_eq!(without(&kept), without(&all));
        }

        #[test]
        fn no_input_panics(sql in any::<String>(), delimiter in proptest::option::of("[;/@$a-z\\\\]{0,3}")) {
            let _ = texts(&sql, true, true, delimiter.as_deref());
        }
    }
}
