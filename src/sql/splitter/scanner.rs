//! Tokens of raw SQL by the lexical rules of a dialect.

use super::lexis::{Backslashes, DollarQuotes, Lexis};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A run of white space.
    Blank,
    /// A comment that stripping drops.
    Comment,
    /// A comment that stripping leaves.
    KeptComment,
    /// A string, a quoted name, a text in dollar quotes.
    Quoted,
    /// A name, a word or a number.
    Word,
    /// The delimiter that a `DELIMITER` line has set.
    Delimiter,
    /// One other character.
    Symbol,
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
}

impl Token<'_> {
    /// One past its last byte in the text.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is neither blank nor a comment.
    pub(super) fn is_significant(&self) -> bool {
        !matches!(self.kind, Kind::Blank | Kind::Comment | Kind::KeptComment)
    }

    /// Whether it is that word, in any letter case; a quoted name never is.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }
}

/// Cuts a text into tokens; together they are the whole text. A copy looks ahead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    lexis: &'a Lexis,
    /// What ends a statement instead of `;`.
    delimiter: Option<&'a str>,
    /// Whether a quote or comment was not closed.
    is_unclosed: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, lexis: &'a Lexis) -> Self {
        Scanner { text, at: 0, lexis, delimiter: None, is_unclosed: false }
    }

    /// Whether a quote or comment behind was not closed.
    pub(super) fn is_unclosed(&self) -> bool {
        self.is_unclosed
    }

    /// What ends a statement instead of `;`.
    pub(super) fn delimiter(&self) -> Option<&'a str> {
        self.delimiter
    }

    /// Chooses what ends a statement from here on.
    pub(super) fn set_delimiter(&mut self, delimiter: Option<&'a str>) {
        self.delimiter = delimiter;
    }

    /// What stands behind the last token.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The rest of the line.
    pub(super) fn rest_of_line(&self) -> &'a str {
        let rest = self.rest();
        rest.split('\n').next().unwrap_or(rest)
    }

    /// Goes to the end of the line.
    pub(super) fn skip_line(&mut self) {
        self.at += self.rest_of_line().len();
    }

    /// The next token that is neither blank nor a comment, and the one behind it.
    pub(super) fn next_two(&self) -> (Option<Token<'a>>, Option<Token<'a>>) {
        let mut ahead = self.filter(Token::is_significant);
        let first = ahead.next();
        (first, if first.is_some() { ahead.next() } else { None })
    }

    /// The length of what is closed by an end that was looked for; all of it, when there was none.
    fn closed(&mut self, rest: &str, length: Option<usize>) -> usize {
        self.is_unclosed |= length.is_none();
        length.unwrap_or(rest.len())
    }

    fn token(&mut self, rest: &str, first: char) -> (Kind, usize) {
        if first.is_whitespace() {
            return (Kind::Blank, rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len()));
        }
        if let Some(delimiter) = self.delimiter.filter(|d| rest.starts_with(d)) {
            return (Kind::Delimiter, delimiter.len());
        }
        if let Some(comment) = self.comment(rest) {
            return comment;
        }
        if let Some(length) = self.quoted(rest, first) {
            return (Kind::Quoted, length);
        }
        if !continues_word(first) {
            return (Kind::Symbol, first.len_utf8());
        }
        let length = rest.find(|c| !continues_word(c)).unwrap_or(rest.len());
        // A delimiter of letters or dollars ends a word that it stands in, as in the client that knows the line.
        let inside = self.delimiter.and_then(|d| rest.get(..length)?.find(d));
        (Kind::Word, inside.unwrap_or(length))
    }

    fn comment(&mut self, rest: &str) -> Option<(Kind, usize)> {
        let line = rest.find('\n').unwrap_or(rest.len());
        if let Some(behind) = rest.strip_prefix("--") {
            let is_comment = !self.lexis.blank_behind_dashes || behind.chars().next().is_none_or(|c| c <= ' ') || self.starts_something();
            return is_comment.then_some((Kind::Comment, line));
        }
        if self.lexis.line_comment.is_some_and(|mark| rest.starts_with(mark)) {
            return Some((Kind::KeptComment, line));
        }
        if !rest.starts_with("/*") {
            return None;
        }
        let nested = self.lexis.nested_comments || (self.lexis.executable_comments && is_executable(rest));
        let end = block_comment(rest, nested);
        Some((Kind::Comment, self.closed(rest, end)))
    }

    /// Whether nothing of a statement stands in front in this line, so that `--` cannot be the minus of a minus.
    fn starts_something(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or("").trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with(['\n', ';'])
    }

    /// The length of a string, a quoted name or a text in dollar quotes.
    fn quoted(&mut self, rest: &str, first: char) -> Option<usize> {
        let lexis = self.lexis;
        let in_all = lexis.backslashes == Backslashes::Strings;
        let end = match first {
            '\'' => until_quote(rest, b'\'', in_all),
            '"' => until_quote(rest, b'"', in_all),
            '`' if lexis.backquotes => until_quote(rest, b'`', false),
            '[' if lexis.brackets => until_quote(rest, b']', false),
            'e' | 'E' if lexis.backslashes == Backslashes::EscapeStrings && rest.get(1..)?.starts_with('\'') => {
                until_quote(rest.get(1..)?, b'\'', true).map(|n| n + 1)
            }
            'q' | 'Q' | 'n' | 'N' if lexis.alternative_quotes => alternative_quoted(rest)?,
            '$' if lexis.dollar_quotes != DollarQuotes::None => {
                let tag = dollar_tag(rest).filter(|tag| lexis.dollar_quotes == DollarQuotes::Tagged || tag.len() == 2)?;
                rest.get(tag.len()..)?.find(tag).map(|n| n + 2 * tag.len())
            }
            _ => return None,
        };
        Some(self.closed(rest, end))
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        let rest = self.text.get(start..)?;
        let first = rest.chars().next()?;
        let (kind, length) = self.token(rest, first);
        self.at = start + length;
        Some(Token { kind, text: rest.get(..length)?, start })
    }
}

/// Letters, digits and what databases allow in names beside them.
fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '#' | '@')
}

/// Whether a comment is code in MySQL and MariaDB.
pub(super) fn is_executable(comment: &str) -> bool {
    comment.starts_with("/*!") || comment.starts_with("/*M!")
}

/// The length of the block comment at the start of `rest`; `None` when it is not closed.
fn block_comment(rest: &str, nested: bool) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut depth = 1_usize;
    let mut at = 2;
    while let Some(pair) = bytes.get(at..at + 2) {
        match pair {
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Some(at);
                }
            }
            b"/*" if nested => {
                depth += 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    None
}

/// The length of a quoted text that ends in `close`; a doubled one is inside, and with `backslashes` what stands behind
/// one of these. `None` when it is not closed.
fn until_quote(text: &str, close: u8, backslashes: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if backslashes => at += 2,
            b if b == close => {
                if bytes.get(at + 1) != Some(&close) {
                    return Some(at + 1);
                }
                at += 2;
            }
            _ => at += 1,
        }
    }
}

/// The length of a string like `q'[it's]'` or `nq'!it's!'` at the start of `rest`, `None` inside when it is not closed;
/// `None` when there is no such string.
fn alternative_quoted(rest: &str) -> Option<Option<usize>> {
    let prefix = if rest.starts_with(['n', 'N']) { 2 } else { 1 };
    let is_prefix = rest.get(..prefix)?.ends_with(['q', 'Q']);
    let body = rest.get(prefix..)?.strip_prefix('\'').filter(|_| is_prefix)?;
    let open = body.chars().next().filter(|c| !c.is_whitespace())?;
    let close = match open {
        '[' => ']',
        '{' => '}',
        '(' => ')',
        '<' => '>',
        other => other,
    };
    let start = prefix + 1 + open.len_utf8();
    let end = rest.get(start..)?.find(&format!("{close}'"));
    Some(end.map(|n| start + n + close.len_utf8() + 1))
}

/// The `$tag$` at the start of a text; the tag may be empty and is otherwise a name without `$`.
pub(super) fn dollar_tag(rest: &str) -> Option<&str> {
    let body = rest.strip_prefix('$')?;
    let length = body.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(body.len());
    if body.starts_with(|c: char| c.is_ascii_digit()) || !body.get(length..)?.starts_with('$') {
        return None;
    }
    rest.get(..length + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: Lexis = Lexis {
        dollar_quotes: DollarQuotes::Tagged,
        alternative_quotes: true,
        backslashes: Backslashes::EscapeStrings,
        nested_comments: true,
        executable_comments: true,
        line_comment: Some("#"),
        blank_behind_dashes: true,
        backquotes: true,
        brackets: true,
        ..Lexis::STANDARD
    };

    fn kinds(lexis: &Lexis, sql: &str) -> Vec<(Kind, String)> {
        Scanner::new(sql, lexis).filter(|t| t.kind != Kind::Blank).map(|t| (t.kind, t.text.to_owned())).collect()
    }

    #[test]
    fn quotes_and_comments_are_one_token_where_the_rules_know_them() {
        for (kind, text) in [
            (Kind::Quoted, "'it''s'"),
            (Kind::Quoted, "\"a\"\"b\""),
            (Kind::Quoted, "`a``b`"),
            (Kind::Quoted, "[a]]b]"),
            (Kind::Quoted, "e'it\\'s'"),
            (Kind::Quoted, "'a\\'"),
            (Kind::Quoted, "$a$ $$ $b$ $a$"),
            (Kind::Quoted, "nq'<it's>'"),
            (Kind::Comment, "/* a /* b */ c */"),
            (Kind::Comment, "-- a"),
            (Kind::KeptComment, "# a"),
            (Kind::Word, "$1"),
            (Kind::Word, "a$b$"),
            (Kind::Word, "\u{e9}t\u{e9}"),
        ] {
            assert_eq!(kinds(&ALL, text), [(kind, text.to_owned())]);
        }
        let without = Lexis::STANDARD;
        assert_eq!(kinds(&without, "/* /* */ */").len(), 3);
        assert_eq!(
            kinds(&without, "'\\' '"),
            kinds(&without, "'\\'").into_iter().chain([(Kind::Quoted, "'".to_owned())]).collect::<Vec<_>>()
        );
        assert_eq!(kinds(&without, "[`a`]").len(), 5);
    }

    #[test]
    fn what_is_not_closed_is_told() {
        for sql in ["'a", "\"a", "`a", "[a", "e'\\'", "$$ a $", "q'[a'", "/* a /* b */"] {
            let mut scanner = Scanner::new(sql, &ALL);
            assert_eq!(scanner.by_ref().map(|t| t.text).collect::<String>(), sql);
            assert!(scanner.is_unclosed(), "{sql}");
        }
    }

    proptest! {
        #[test]
        fn tokens_are_the_whole_text(sql in "[a-cqne0-9 ;'\"\\\\\\-/*!\n$@#.()\\[\\]`\u{e9}]{0,60}", delimiter in proptest::option::of("[;/$a]{1,3}")) {
            for lexis in [&Lexis::STANDARD, &ALL, &Lexis { backslashes: Backslashes::Strings, ..ALL }] {
                let mut scanner = Scanner::new(&sql, lexis);
                scanner.set_delimiter(delimiter.as_deref());
                let mut joined = String::new();
                for token in scanner {
                    prop_assert!(!token.text.is_empty() && token.start == joined.len());
                    joined.push_str(token.text);
                }
                prop_assert_eq!(&joined, &sql);
            }
        }
    }
}
