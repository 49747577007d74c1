//! Tokens of raw SQL, cut as Liquibase's grammar cuts them (changelog-formats §5.6, dialects §6.1).
//!
//! Only a token that stands alone can end a statement, so the tokens decide where a script is cut: a delimiter inside
//! a string, a quoted name or a comment does not count, and neither does one glued to the letters of a name.

use std::collections::HashMap;

/// What a token is, as far as splitting cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A run of white space.
    Blank,
    /// A line comment without its line end, or a block comment.
    Comment,
    /// Anything else: a string, a name, a number, or one other character.
    Other,
}

/// One token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// Its text.
    pub(super) text: &'a str,
    /// First byte in the text.
    pub(super) start: usize,
    /// One past its last byte in the text.
    pub(super) end: usize,
}

/// Where each `$tag$` of a text stands last. It answers "is there a closing one" without a search to the end.
pub(super) type LastTags<'a> = HashMap<&'a str, usize>;

/// Finds the last place of each `$tag$`.
pub(super) fn last_tags(text: &str) -> LastTags<'_> {
    text.match_indices('$').filter_map(|(at, _)| Some((dollar_tag(text.get(at..)?)?, at))).collect()
}

/// Cuts a text into tokens; together they are the whole text.
///
/// It is a few words of state, and cheap to copy: a copy looks ahead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Set when dollar-quoted texts are tokens.
    dollar_quotes: Option<&'a LastTags<'a>>,
    /// Whether a block comment can still end somewhere behind.
    comment_may_end: bool,
    /// The nearest character that ends a bracketed name, found earlier; valid while it is not behind.
    bracket_stop: usize,
}

impl<'a> Lexer<'a> {
    /// Starts at the beginning. With `dollar_quotes`, a dollar-quoted text is one token.
    pub(super) fn new(text: &'a str, dollar_quotes: Option<&'a LastTags<'a>>) -> Self {
        Lexer { text, at: 0, dollar_quotes, comment_may_end: true, bracket_stop: 0 }
    }

    /// The length of a block comment at the start of `rest`; `None` when it is not closed.
    fn block_comment(&mut self, rest: &str) -> Option<usize> {
        if !self.comment_may_end {
            return None;
        }
        let end = rest.get(2..).and_then(|body| body.find("*/"));
        self.comment_may_end = end.is_some();
        end.map(|n| n + 4)
    }

    /// A string, a dollar-quoted text, a number, a name, or one character.
    fn word(&mut self, rest: &str, first: char) -> usize {
        if let Some(length) = self.dollar_quotes.and_then(|tags| dollar_quoted(rest, self.at, tags)) {
            return length;
        }
        if let Some(length) = string(rest) {
            return length;
        }
        if first.is_ascii_digit() {
            return number(rest);
        }
        self.compound(rest).unwrap_or(first.len_utf8())
    }

    /// Names joined with points.
    fn compound(&mut self, rest: &str) -> Option<usize> {
        let mut length = self.name(rest, 0)?;
        while let Some(behind) = rest.get(length..).and_then(|r| r.strip_prefix('.')) {
            match self.name(behind, length + 1) {
                Some(more) => length += 1 + more,
                None => break,
            }
        }
        Some(length)
    }

    /// One name, plain or quoted, at the start of `rest`, which begins `offset` bytes behind the lexer's place.
    fn name(&mut self, rest: &str, offset: usize) -> Option<usize> {
        let first = rest.chars().next()?;
        if starts_name(first) {
            return Some(rest.find(|c| !continues_name(c)).unwrap_or(rest.len()));
        }
        match first {
            '"' => quoted(rest, b'"'),
            '`' => {
                let stop = rest.get(1..)?.find(['`', '\n'])? + 1;
                (rest.as_bytes().get(stop) == Some(&b'`')).then_some(stop + 1)
            }
            '[' => self.bracketed(rest, self.at + offset),
            _ => None,
        }
    }

    /// `[name]`, which starts neither with a digit (an index of an array) nor with `]`, within one line.
    fn bracketed(&mut self, rest: &str, start: usize) -> Option<usize> {
        let second = rest.get(1..)?.chars().next()?;
        if second.is_ascii_digit() || second == ']' {
            return None;
        }
        if self.bracket_stop <= start {
            let found = rest.get(1..)?.find([']', '\n']);
            self.bracket_stop = found.map_or(self.text.len(), |n| start + 1 + n);
        }
        let stop = self.bracket_stop;
        (self.text.as_bytes().get(stop) == Some(&b']')).then_some(stop + 1 - start)
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        let rest = self.text.get(start..)?;
        let first = rest.chars().next()?;
        let (kind, length) = if first.is_whitespace() {
            (Kind::Blank, rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len()))
        } else if rest.starts_with("--") {
            (Kind::Comment, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            // An unclosed one is no comment; its first character is a token and cutting goes on.
            self.block_comment(rest).map_or((Kind::Other, 1), |length| (Kind::Comment, length))
        } else {
            (Kind::Other, self.word(rest, first))
        };
        self.at = start + length;
        Some(Token { kind, text: rest.get(..length)?, start, end: self.at })
    }
}

/// A lexer whose comments may be left out.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'a> {
    lexer: Lexer<'a>,
    strip_comments: bool,
}

impl<'a> Tokens<'a> {
    /// The tokens of a lexer, without comments when `strip_comments` says so.
    pub(super) fn new(lexer: Lexer<'a>, strip_comments: bool) -> Self {
        Tokens { lexer, strip_comments }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let strip = self.strip_comments;
        self.lexer.find(|t| !(strip && t.kind == Kind::Comment))
    }
}

fn starts_name(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '_' | '$' | '@') || (c >= '\u{c0}' && !c.is_whitespace())
}

fn continues_name(c: char) -> bool {
    starts_name(c) || c == '#' || c.is_ascii_digit()
}

/// The `$tag$` at the start of a text; the tag may be empty and is otherwise a name without `$`.
fn dollar_tag(rest: &str) -> Option<&str> {
    let body = rest.strip_prefix('$')?;
    let length = body.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(body.len());
    if body.starts_with(|c: char| c.is_ascii_digit()) || !body.get(length..)?.starts_with('$') {
        return None;
    }
    rest.get(..length + 2)
}

/// The length of `$tag$ … $tag$` at the start of `rest`, which begins at `start` of the text.
fn dollar_quoted(rest: &str, start: usize, tags: &LastTags<'_>) -> Option<usize> {
    let tag = dollar_tag(rest)?;
    let body = start + tag.len();
    if *tags.get(tag)? < body {
        return None;
    }
    Some(tag.len() + rest.get(tag.len()..)?.find(tag)? + tag.len())
}

/// The length of a string, its prefix (`N'…'`, `E'…'` …) included.
fn string(rest: &str) -> Option<usize> {
    let quote = rest.bytes().take(6).position(|b| b == b'\'')?;
    let prefix = rest.get(..quote)?;
    if !["", "u", "e", "n", "r", "b", "rb", "_utf8"].iter().any(|p| prefix.eq_ignore_ascii_case(p)) {
        return None;
    }
    quoted(rest.get(quote..)?, b'\'').map(|length| quote + length)
}

/// The length of a quoted text. A doubled quote, and a backslash with the character behind it, are inside. When this
/// leaves no closing quote, the longest reading that has one counts: then a backslash was an ordinary character, or
/// the first of two quotes the end.
fn quoted(text: &str, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut fallback = None;
    let mut i = 1;
    while let Some(&b) = bytes.get(i) {
        let next = bytes.get(i + 1);
        if b == b'\\' {
            if next == Some(&quote) {
                fallback = Some(i + 2);
            }
            i += 2;
        } else if b == quote {
            if next != Some(&quote) {
                return Some(i + 1);
            }
            fallback = Some(i + 1);
            i += 2;
        } else {
            i += 1;
        }
    }
    fallback
}

/// The length of a number: digits, a fraction, an exponent.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    let mut length = digits(0);
    if bytes.get(length) == Some(&b'.') && bytes.get(length + 1).is_some_and(u8::is_ascii_digit) {
        length += 1 + digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(sql: &str) -> Vec<&str> {
        Lexer::new(sql, None).map(|t| t.text).collect()
    }

    #[test]
    fn strings_names_numbers_and_comments_are_whole() {
        for whole in [
            "'it''s; ok'",
            "'a\\';b'",
            "N'x;y'",
            "e'a;b'",
            "_utf8'a;'",
            "rb'a;'",
            "\"a\n;b\"",
            "`a;b`",
            "[c;d]",
            "a.b.\"c;d\"",
            "1.5e3",
            "p1@p2",
            "b##",
            "$body$",
            "-- x;y",
            "/* a\n;b */",
            "\u{e9}t\u{e9}",
        ] {
            assert_eq!(texts(whole), [whole]);
        }
        assert_eq!(texts("#b# c"), ["#", "b#", " ", "c"]);
        assert_eq!(texts("[1;2]"), ["[", "1", ";", "2", "]"]);
        assert_eq!(texts("`a\nb`"), ["`", "a", "\n", "b", "`"]);
        assert_eq!(texts("'a\\';b;c"), ["'a\\'", ";", "b", ";", "c"]);
        assert_eq!(texts("/* a"), ["/", "*", " ", "a"]);
    }

    #[test]
    fn dollar_quotes_are_tokens_only_when_asked() {
        let sql = "$x$ a; $$ b; $x$; $1; a$x$; $y$";
        let tags = last_tags(sql);
        let got: Vec<&str> = Lexer::new(sql, Some(&tags)).filter(|t| t.kind == Kind::Other).map(|t| t.text).collect();
        assert_eq!(got, ["$x$ a; $$ b; $x$", ";", "$1", ";", "a$x$", ";", "$y$"]);
        assert_eq!(texts("$x$;$x$"), ["$x$", ";", "$x$"]);
    }

    /// Each of these makes a search to the end of the text for every token when nothing is remembered.
    #[test]
    fn unclosed_texts_take_linear_time() {
        let n = 1 << 20;
        for sql in ["/*".repeat(n), "[".repeat(n), "a.[".repeat(n), "'".repeat(n + 1), "`\n".repeat(n), "\\'".repeat(n), "\"\\".repeat(n)] {
            assert_eq!(Lexer::new(&sql, None).map(|t| t.text.len()).sum::<usize>(), sql.len());
        }
        let sql: String = (0..n / 4).map(|i| format!("$a{i}$ ")).collect();
        let tags = last_tags(&sql);
        assert_eq!(Lexer::new(&sql, Some(&tags)).map(|t| t.text.len()).sum::<usize>(), sql.len());
    }

    proptest! {
        #[test]
        fn tokens_are_the_whole_text(sql in "[a-c0-9 ;'\"\\\\\\-/*\n$@#.()\\[\\]`é]{0,60}") {
            let tags = last_tags(&sql);
            for dollar_quotes in [None, Some(&tags)] {
                let joined: String = Lexer::new(&sql, dollar_quotes).map(|t| t.text).collect();
                prop_assert_eq!(&joined, &sql);
            }
        }
    }
}
