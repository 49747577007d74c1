//! Java properties files: `name=value` lines (changelog-formats §7.1).
//!
//! `=`, `:` or blanks separate name and value, `#` and `!` begin comments, a backslash at a line end continues the
//! line, and `\t \n \f \r \uXXXX` and any other escaped character stand for characters. The file is ISO-8859-1; the
//! caller decodes it.

use crate::diagnostic::{Diagnostic, Diagnostics, SYNTAX};
use crate::span::{FileId, Span};
use std::iter::Peekable;
use std::str::CharIndices;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The name.
    pub name: String,
    /// The value; empty when none is written.
    pub value: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Where the value stands.
    pub value_span: Span,
}

/// Reads all entries in order; a name may come twice, and then the last one counts in Java.
///
/// A malformed `\uXXXX` is a `SYNTAX` error, and its entry is left out.
pub fn read(file: FileId, text: &str, problems: &mut Diagnostics) -> Vec<Property> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    loop {
        skip(&mut chars, |c| is_blank(c) || is_line_end(c));
        let Some(&(start, first)) = chars.peek() else { return found };
        if matches!(first, '#' | '!') {
            skip(&mut chars, |c| !is_line_end(c));
            continue;
        }
        let entry = part(&mut chars, text.len(), |c| matches!(c, '=' | ':') || is_blank(c)).and_then(|(name, name_end)| {
            continue_line(&mut chars);
            if chars.next_if(|(_, c)| matches!(c, '=' | ':')).is_some() {
                continue_line(&mut chars);
            }
            let value_start = chars.peek().map_or(text.len(), |(at, _)| *at);
            let (value, value_end) = part(&mut chars, text.len(), |_| false)?;
            Ok(Property { name, value, name_span: Span::new(file, start, name_end), value_span: Span::new(file, value_start, value_end) })
        });
        match entry {
            Ok(property) => found.push(property),
            Err(at) => {
                let problem = Diagnostic::error(SYNTAX, "malformed \\uxxxx encoding").at(Span::new(file, at, at + 2));
                problems.push(problem.hint("write four hexadecimal digits, or two backslashes for one backslash"));
                skip(&mut chars, |c| !is_line_end(c));
            }
        }
    }
}

type Chars<'a> = Peekable<CharIndices<'a>>;

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{c}')
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

fn skip(chars: &mut Chars<'_>, skipped: impl Fn(char) -> bool) {
    while chars.next_if(|(_, c)| skipped(*c)).is_some() {}
}

/// Passes over blanks and continued lines.
fn continue_line(chars: &mut Chars<'_>) {
    loop {
        skip(chars, is_blank);
        let mut ahead = chars.clone();
        if ahead.next().is_some_and(|(_, c)| c == '\\') && ahead.peek().is_some_and(|(_, c)| is_line_end(*c)) {
            chars.next();
            line_end(chars);
        } else {
            return;
        }
    }
}

/// Passes over one line end.
fn line_end(chars: &mut Chars<'_>) {
    if chars.next_if(|(_, c)| *c == '\r').is_some() {
        chars.next_if(|(_, c)| *c == '\n');
    } else {
        chars.next_if(|(_, c)| *c == '\n');
    }
}

/// Reads up to the end of the line or a character that ends the part; gives the text and where it ends. The error
/// is the place of a malformed escape.
fn part(chars: &mut Chars<'_>, length: usize, ends: impl Fn(char) -> bool) -> Result<(String, usize), usize> {
    let mut out = String::new();
    let mut high: Option<u16> = None;
    loop {
        let Some(&(at, c)) = chars.peek() else { return Ok((finish(out, high), length)) };
        if is_line_end(c) || ends(c) {
            return Ok((finish(out, high), at));
        }
        chars.next();
        if c != '\\' {
            flush(&mut out, &mut high);
            out.push(c);
            continue;
        }
        match chars.peek().map(|(_, c)| *c) {
            None => {}
            Some(c) if is_line_end(c) => {
                line_end(chars);
                skip(chars, is_blank);
            }
            Some('u') => {
                chars.next();
                let mut unit: u16 = 0;
                for _ in 0..4 {
                    let digit = chars.next_if(|(_, c)| c.is_ascii_hexdigit()).and_then(|(_, c)| c.to_digit(16));
                    unit = unit << 4 | u16::try_from(digit.ok_or(at)?).unwrap_or(0);
                }
                match (high.take(), unit) {
                    (Some(first), 0xdc00..=0xdfff) => {
                        out.extend(char::decode_utf16([first, unit]).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
                    }
                    (before, 0xd800..=0xdbff) => {
                        high = before;
                        flush(&mut out, &mut high);
                        high = Some(unit);
                    }
                    (before, _) => {
                        high = before;
                        flush(&mut out, &mut high);
                        out.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                }
            }
            Some(c) => {
                chars.next();
                flush(&mut out, &mut high);
                out.push(match c {
                    't' => '\t',
                    'n' => '\n',
                    'r' => '\r',
                    'f' => '\u{c}',
                    other => other,
                });
            }
        }
    }
}

/// A first half of a surrogate pair that stays alone is no character.
fn flush(out: &mut String, high: &mut Option<u16>) {
    if high.take().is_some() {
        out.push(char::REPLACEMENT_CHARACTER);
    }
}

fn finish(mut out: String, mut high: Option<u16>) -> String {
    flush(&mut out, &mut high);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        let mut problems = Diagnostics::new();
        let found = read(FileId(0), text, &mut problems).into_iter().map(|p| (p.name, p.value)).collect();
        assert!(problems.is_empty(), "{problems:?}");
        found
    }

    #[test]
    fn separators_comments_and_continuations() {
        let text = "# a comment\n! another\n\na=1\nb : 2\n  c   3\nd\ne=x \\\n   y\\\r\n z\nf\\ g\\:h=\\ i\n#x\\\nj==k";
        let expected = [("a", "1"), ("b", "2"), ("c", "3"), ("d", ""), ("e", "x yz"), ("f g:h", " i"), ("j", "=k")];
        assert_eq!(pairs(text), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn escapes() {
        assert_eq!(pairs(r"a=\u00e9\t\q\\\uD83D\uDE00"), [("a".to_owned(), "é\tq\\😀".to_owned())]);
        assert_eq!(pairs("a = trailing "), [("a".to_owned(), "trailing ".to_owned())]);
        assert_eq!(pairs("a\\\n  b=1"), [("ab".to_owned(), "1".to_owned())]);
        assert_eq!(pairs("a \\\n  = 1"), [("a".to_owned(), "1".to_owned())]);
    }

    #[test]
    fn a_malformed_escape_is_told_and_the_rest_is_read() {
        let mut problems = Diagnostics::new();
        let found = read(FileId(0), "a=C:\\users\nb=2", &mut problems);
        assert_eq!(found.len(), 1);
        assert_eq!(problems.iter().map(|p| (p.code, p.span.map(|s| s.start))).collect::<Vec<_>>(), [(SYNTAX, Some(4))]);
    }

    #[test]
    fn spans_cover_name_and_value() {
        let text = "  ab = c d\n";
        let found = read(FileId(0), text, &mut Diagnostics::new());
        let cut = |s: Span| &text[s.start as usize..s.end as usize];
        assert_eq!(found.iter().map(|p| (cut(p.name_span), cut(p.value_span))).collect::<Vec<_>>(), [("ab", "c d")]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(?s).{0,200}") {
            read(FileId(0), &text, &mut Diagnostics::new());
        }
    }
}
