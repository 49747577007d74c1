//! JSON to the node tree.
//!
//! Liquibase reads JSON with its YAML reader, so typing and structure are those of [`super::yaml`]. That reader
//! takes some broken JSON for something else: `{"a": 1 "b": 2}` would be one member with the text `1 "b": 2`. So
//! a scan comes first. It stops at what is malformed, and warns about what is YAML but not JSON: a trailing
//! comma, a `#` comment, single quotes, unquoted words. Tabs may indent.

use super::limits::Limits;
use super::node::Node;
use super::yaml::{self, Entry};
use crate::diagnostic::{Diagnostic, Diagnostics, LIMIT, NOT_STRICT_JSON, SYNTAX};
use crate::span::{FileId, Span};

/// Reads a JSON document whose root is an object, as [`yaml::read`] does for YAML.
///
/// Problems go to `problems`: those of YAML, `SYNTAX` for malformed JSON, `NOT_STRICT_JSON` as a warning.
pub fn read(file: FileId, text: &str, limits: &Limits, problems: &mut Diagnostics) -> Option<Node> {
    let entries = read_entries(file, text, limits, problems)?;
    let mut root = Node::new("", Span::new(file, 0, text.len()));
    root.children = entries.into_iter().map(|e| e.node).collect();
    Some(root)
}

/// As [`read`], but with the shape of each member.
pub fn read_entries(file: FileId, text: &str, limits: &Limits, problems: &mut Diagnostics) -> Option<Vec<Entry>> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0, loose: None, tab: false };
    match scan.document(limits.depth()) {
        Ok(()) => {}
        Err(Fault::Syntax(at, expected)) => {
            let found = match text.get(at..).and_then(|t| t.chars().next()) {
                Some(c) => format!("'{c}'"),
                None => "the end of the file".to_owned(),
            };
            let message = format!("{expected} expected, but this is {found}");
            problems.push(Diagnostic::error(SYNTAX, message).at(Span::new(file, at, at + 1)));
            return None;
        }
        Err(Fault::Deep(at)) => {
            let message = format!("the nesting is deeper than {}", limits.depth());
            problems.push(Diagnostic::error(LIMIT, message).at(Span::new(file, at, at + 1)));
            return None;
        }
    }
    if let Some((at, what)) = scan.loose {
        let message = format!("this is not JSON: {what}; it is read as YAML");
        problems.push(Diagnostic::warning(NOT_STRICT_JSON, message).at(Span::new(file, at, at + 1)));
    }
    if !scan.tab {
        return yaml::read_entries(file, text, limits, true, problems);
    }
    // The YAML scanner knows no tabs between tokens. Tabs inside strings are left as they are.
    let mut bytes = text.as_bytes().to_vec();
    Scan { bytes: text.as_bytes(), at: 0, loose: None, tab: false }.tabs_to_blanks(&mut bytes);
    let text = String::from_utf8(bytes).unwrap_or_default();
    yaml::read_entries(file, &text, limits, true, problems)
}

/// Where the scan stopped, and why.
enum Fault {
    /// What was expected there.
    Syntax(usize, &'static str),
    /// The nesting is too deep.
    Deep(usize),
}

/// A scanner that only checks; it makes nothing.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The first place that is YAML but not JSON, and what it is.
    loose: Option<(usize, &'static str)>,
    /// Whether a tab stands between tokens.
    tab: bool,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn not_json(&mut self, at: usize, what: &'static str) {
        self.loose.get_or_insert((at, what));
    }

    /// Passes over blanks, line ends and comments.
    fn blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\n' | b'\r' => self.at += 1,
                b'\t' => {
                    self.tab = true;
                    self.at += 1;
                }
                b'#' => {
                    self.not_json(self.at, "a comment");
                    while self.peek().is_some_and(|b| b != b'\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    fn document(&mut self, depth: usize) -> Result<(), Fault> {
        self.blanks();
        if !matches!(self.peek(), Some(b'{' | b'[')) {
            // A YAML document in block style, an empty file or a lone scalar: the YAML reader decides.
            if self.at < self.bytes.len() {
                self.not_json(self.at, "there is no object");
            }
            return Ok(());
        }
        let mut open: Vec<u8> = Vec::new();
        loop {
            // Here a value must begin, or a member, or the collection ends.
            self.blanks();
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    if open.len() >= depth {
                        return Err(Fault::Deep(self.at));
                    }
                    open.push(bracket);
                    self.at += 1;
                    self.blanks();
                    if self.closes(&open) {
                        self.at += 1;
                        open.pop();
                    } else {
                        self.key(&open)?;
                        continue;
                    }
                }
                _ => self.scalar("a value")?,
            }
            // A value is complete: commas and closing brackets follow.
            loop {
                self.blanks();
                if open.is_empty() {
                    return if self.at == self.bytes.len() { Ok(()) } else { Err(Fault::Syntax(self.at, "the end of the file")) };
                }
                if self.closes(&open) {
                    self.at += 1;
                    open.pop();
                    continue;
                }
                if self.peek() != Some(b',') {
                    let expected = if open.last() == Some(&b'{') { "',' or '}'" } else { "',' or ']'" };
                    return Err(Fault::Syntax(self.at, expected));
                }
                let comma = self.at;
                self.at += 1;
                self.blanks();
                if self.closes(&open) {
                    self.not_json(comma, "a comma before a closing bracket");
                    continue;
                }
                self.key(&open)?;
                break;
            }
        }
    }

    /// Whether the innermost collection ends here.
    fn closes(&self, open: &[u8]) -> bool {
        matches!((open.last(), self.peek()), (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')))
    }

    /// The key of a member, up to the colon, if the innermost collection is an object.
    fn key(&mut self, open: &[u8]) -> Result<(), Fault> {
        if open.last() != Some(&b'{') {
            return Ok(());
        }
        self.scalar("a key")?;
        self.blanks();
        if self.peek() != Some(b':') {
            return Err(Fault::Syntax(self.at, "':'"));
        }
        self.at += 1;
        Ok(())
    }

    fn scalar(&mut self, expected: &'static str) -> Result<(), Fault> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => self.double_quoted(),
            Some(b'\'') => {
                self.not_json(start, "a text in single quotes");
                self.single_quoted()
            }
            Some(b',' | b':' | b'}' | b']' | b'{' | b'[') | None => Err(Fault::Syntax(start, expected)),
            Some(_) => self.word(),
        }
    }

    fn double_quoted(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(Fault::Syntax(start, "a text with a closing quote")),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.at += 2,
                Some(0..0x20) => {
                    self.not_json(self.at, "a line end or tab inside a text");
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn single_quoted(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(Fault::Syntax(start, "a text with a closing quote")),
                Some(b'\'') if self.bytes.get(self.at + 1) == Some(&b'\'') => self.at += 2,
                Some(b'\'') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(_) => self.at += 1,
            }
        }
    }

    /// An unquoted word: a number, `true`, `false`, `null`, or a plain YAML text.
    fn word(&mut self) -> Result<(), Fault> {
        let start = self.at;
        loop {
            let before = self.bytes.get(self.at.wrapping_sub(1)).copied().unwrap_or(b' ');
            match self.peek() {
                None | Some(b',' | b'{' | b'}' | b'[' | b']' | b'\n' | b'\r') => break,
                Some(b'#') if matches!(before, b' ' | b'\t') => break,
                Some(b':')
                    if matches!(
                        self.bytes.get(self.at + 1),
                        None | Some(b' ' | b'\n' | b'\r' | b'\t' | b'"' | b'\'' | b',' | b'{' | b'[' | b'}' | b']')
                    ) =>
                {
                    break;
                }
                // A quote here is a member whose comma is missing.
                Some(b'"' | b'\'') if matches!(before, b' ' | b'\t') => return Err(Fault::Syntax(self.at, "','")),
                Some(b'"') => return Err(Fault::Syntax(self.at, "','")),
                Some(b'\t') => {
                    self.tab = true;
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
        let word = self.bytes.get(start..self.at).unwrap_or_default().trim_ascii();
        if !matches!(word, b"true" | b"false" | b"null") && !is_number(word) {
            self.not_json(start, "an unquoted text");
        }
        Ok(())
    }

    /// Replaces tabs between tokens by blanks.
    fn tabs_to_blanks(&mut self, bytes: &mut [u8]) {
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => _ = self.double_quoted(),
                b'\t' => {
                    if let Some(tab) = bytes.get_mut(self.at) {
                        *tab = b' ';
                    }
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }
}

/// Whether a word is a number as JSON writes it.
fn is_number(word: &[u8]) -> bool {
    let digits = |w: &[u8]| w.iter().take_while(|b| b.is_ascii_digit()).count();
    let mut rest = word.strip_prefix(b"-").unwrap_or(word);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with(b"0")) {
        return false;
    }
    rest = rest.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = fraction.get(length..).unwrap_or_default();
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let exponent = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let length = digits(exponent);
        return length > 0 && length == exponent.len();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::node::ScalarKind;
    use super::*;
    use crate::diagnostic::Code;
    use proptest::prelude::*;

    fn parse(text: &str) -> (Option<Node>, Vec<(Code, u32)>) {
        let mut problems = Diagnostics::new();
        let node = read(FileId(0), text, &Limits::default(), &mut problems);
        (node, problems.iter().map(|p| (p.code, p.span.map_or(0, |s| s.start))).collect())
    }

    #[test]
    fn json_is_typed_as_yaml() {
        let (node, problems) =
            parse("{\"id\": 1.10, \"n\": 1e3, \"b\": true, \"t\": \"1.0\", \"u\": null, \"big\": 100000000000000000000}");
        assert_eq!(problems, []);
        let root = node.unwrap();
        let of = |name: &str| root.child(name).and_then(Node::value).map(|v| (v.kind, v.text.as_str()));
        assert_eq!(of("id"), Some((ScalarKind::Float, "1.1")));
        assert_eq!(of("n"), Some((ScalarKind::Float, "1000.0")));
        assert_eq!(of("b"), Some((ScalarKind::Bool, "true")));
        assert_eq!(of("t"), Some((ScalarKind::Text, "1.0")));
        assert_eq!(of("u"), None);
        assert_eq!(of("big"), Some((ScalarKind::Int, "100000000000000000000")));
    }

    #[test]
    fn escapes_and_spans() {
        let text = "{\n\t\"a\\u00e9\\/\\n\": \"\\uD83D\\uDE00\\tx\",\r\n\t\"b\":[\t{\"c\":\t\"x\ty\"}]}";
        let (node, problems) = parse(text);
        // A raw tab inside a text is YAML only.
        assert_eq!(problems.iter().map(|p| p.0).collect::<Vec<_>>(), [NOT_STRICT_JSON]);
        let root = node.unwrap();
        assert_eq!(root.children.iter().map(|c| &*c.name).collect::<Vec<_>>(), ["aé/\n", "b"]);
        assert_eq!(root.children[0].text(), Some("😀\tx"));
        let c = root.child("b").unwrap().child("c").unwrap();
        assert_eq!(c.text(), Some("x\ty"));
        assert_eq!(&text[c.name_span.start as usize..c.name_span.end as usize], "\"c\"");
    }

    #[test]
    fn tabs_may_indent() {
        assert_eq!(parse("{\n\t\"a\": [\n\t\t1,\n\t\t2\n\t]\n}\n").1, []);
    }

    /// `trailing-comma.json` and `broken.json` of the conformance folder, and relatives.
    #[test]
    fn yaml_that_is_no_json_is_read_with_a_warning() {
        let (node, problems) = parse("{\"databaseChangeLog\": [{\"changeSet\": {\"id\": \"a\", \"author\": \"c\", }}]}");
        assert_eq!(problems, [(NOT_STRICT_JSON, 62)]);
        let changeset = node.and_then(|n| n.child("databaseChangeLog").and_then(|d| d.child("changeSet")).cloned()).unwrap();
        assert_eq!(changeset.children.len(), 2);
        for text in ["{'a': 1}", "{a: b c}", "{\"a\": 1} # x", "{\"a\": [1,]}", "{\"a\": 01}", "a: 1\n"] {
            let (node, problems) = parse(text);
            assert!(node.is_some(), "{text}");
            assert_eq!(problems.iter().map(|p| p.0).collect::<Vec<_>>(), [NOT_STRICT_JSON], "{text}");
        }
    }

    #[test]
    fn malformed_json_is_an_error() {
        for (text, at) in [
            ("{\"a\": 1 \"b\": 2}", 8),
            ("{\"a\": \"x\" \"b\": 2}", 10),
            ("{\"a\": \"x\"\n\"b\": 2}", 10),
            ("{\"a\" 1}", 5),
            ("{\"a\": }", 6),
            ("{\"a\": 1", 7),
            ("{\"databaseChangeLog\": [", 23),
            ("{\"a\": [1}", 8),
            ("{,}", 1),
            ("{\"a\": 1,, \"b\": 2}", 8),
            ("{\"a\": 1}}", 8),
            ("{\"a\": \"x}", 6),
            ("{\"a\": {} {}}", 9),
        ] {
            let (node, problems) = parse(text);
            assert!(node.is_none(), "{text}");
            assert_eq!(problems, [(SYNTAX, at)], "{text}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(parse(&deep).1.first().map(|p| p.0), Some(LIMIT));
    }

    #[test]
    fn numbers_of_json() {
        for word in ["0", "-1", "10", "1.5", "-0.0", "1e5", "1.0E+5", "1e-5"] {
            assert!(is_number(word.as_bytes()), "{word}");
        }
        for word in ["", "-", "01", "1.", ".5", "+1", "1e", "1e+", "0x1", "NaN", "1_0"] {
            assert!(!is_number(word.as_bytes()), "{word}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(?s).{0,200}") {
            parse(&text);
        }

        #[test]
        fn text_like_json_is_read(text in "(\"a\"|1|:|, |\n|\t|\\{|\\}|\\[|\\]|'|\\\\|#|x){0,40}") {
            parse(&text);
        }
    }
}
