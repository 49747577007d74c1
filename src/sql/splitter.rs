//! Raw SQL to statements, cut exactly where Liquibase cuts (changelog-formats §5.6, dialects §6).
//!
//! A statement ends at `;`, at a `GO` or `/` that starts a line, or at the delimiter of the change. Between a `BEGIN`
//! and its `END` nothing is cut. The count is as simple as Liquibase's, so that a script that runs there runs here: it
//! does not know `CASE`, `IF` and `LOOP`, whose `END` counts too, and a `BEGIN;` that starts a transaction holds
//! everything up to an `END`.
//!
//! [`SplitOptions::dollar_quotes`] departs from Liquibase on purpose: see there.

mod delimiter;
mod token;

pub use delimiter::delimiter_problem;

use delimiter::Delimiter;
use std::borrow::Cow;
use std::ops::Range;
use token::{Kind, Lexer, Token, Tokens};

/// Words behind a `BEGIN` that does not open a block.
const NO_BLOCK: [&str; 6] = ["transaction", "trans", "tran", "dialog", "conversation", "distributed"];
/// Words behind an `END` that does not close one.
const NO_BLOCK_END: [&str; 3] = ["transaction", "trans", "tran"];

/// How raw SQL is split.
#[derive(Debug, Clone, Copy, Default)]
pub struct SplitOptions<'a> {
    /// Whether comments are dropped; `/*+ hints */` are comments too.
    pub strip_comments: bool,
    /// Whether it is split at all; without, all of it is one statement.
    pub split_statements: bool,
    /// What ends a statement: `;`, and `GO` and `/` lines when absent; nothing when empty. One character ends a
    /// statement wherever it is a token (`/` only at the start of a line). More characters are a regular expression in
    /// Java's sense, without regard to case, which must match a token, or it and the token before it, as a whole.
    pub end_delimiter: Option<&'a str>,
    /// Whether a dollar-quoted text (`$$ … $$`, `$tag$ … $tag$`) is one token. Liquibase does not know such texts: it
    /// cuts a function body at each `;` outside a BEGIN … END block, and behind an `end;` even before the closing `$$`.
    /// With `true` the body stays whole, words in it open and close no block, and comments in it are kept. It does
    /// not apply with an `end_delimiter` that contains `$$`.
    pub dollar_quotes: bool,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its text: trimmed, without carriage returns, and without comments when these are stripped.
    pub text: String,
    /// The bytes of the input from its first token to its last one that is not white space.
    pub range: Range<usize>,
}

/// Splits raw SQL into statements. An empty statement is left out. No input is an error: an unclosed quote is a
/// character like any other, and an `end_delimiter` that is no regular expression (see [`delimiter_problem`]) is plain
/// text.
///
/// It takes time linear in the length of the text.
pub fn split(sql: &str, options: &SplitOptions<'_>) -> Vec<Piece> {
    let clean = Clean::new(sql);
    let own_dollars = options.end_delimiter.is_some_and(|d| d.contains("$$"));
    let tags = (options.dollar_quotes && !own_dollars).then(|| token::last_tags(&clean.text));
    let delimiter = Delimiter::new(options.end_delimiter);
    let mut tokens = Tokens::new(Lexer::new(&clean.text, tags.as_ref()), options.strip_comments);
    let mut pieces = Pieces { clean: &clean, done: Vec::new(), text: String::new(), range: 0..0 };
    let mut window = String::new();
    let mut depth = 0_usize;
    let mut previous: Option<&str> = None;
    while let Some(first) = tokens.next() {
        let token = delimiter.join(first, &mut tokens);
        if token.text.eq_ignore_ascii_case("begin") {
            depth += usize::from(!is_next_one_of(&tokens, &NO_BLOCK));
        } else if depth > 0 && token.text.eq_ignore_ascii_case("end") {
            depth -= usize::from(!is_next_one_of(&tokens, &NO_BLOCK_END));
        }
        if depth == 0 && options.split_statements && delimiter.ends(token.text, previous, &mut window) {
            pieces.finish();
        } else {
            pieces.push(&token);
        }
        previous = Some(token.text);
    }
    pieces.finish();
    pieces.done
}

/// The text without its comments, trimmed, and without carriage returns.
pub fn strip_comments(sql: &str) -> String {
    let options = SplitOptions { strip_comments: true, ..SplitOptions::default() };
    split(sql, &options).pop().map(|piece| piece.text).unwrap_or_default()
}

/// Whether the next token that is not white space is one of these words.
fn is_next_one_of(tokens: &Tokens<'_>, words: &[&str]) -> bool {
    let next = tokens.clone().find(|t| t.kind != Kind::Blank);
    next.is_some_and(|t| words.iter().any(|w| t.text.eq_ignore_ascii_case(w)))
}

/// A text without carriage returns, and where they were: Liquibase drops them before it cuts.
struct Clean<'a> {
    text: Cow<'a, str>,
    /// For each one dropped, where it would stand in `text`; ascending.
    dropped: Vec<usize>,
}

impl<'a> Clean<'a> {
    fn new(sql: &'a str) -> Self {
        if !sql.contains('\r') {
            return Clean { text: Cow::Borrowed(sql), dropped: Vec::new() };
        }
        let dropped = sql.match_indices('\r').enumerate().map(|(before, (at, _))| at - before).collect();
        Clean { text: Cow::Owned(sql.replace('\r', "")), dropped }
    }

    /// The range in the input of a range of the text that is not empty.
    fn original(&self, range: &Range<usize>) -> Range<usize> {
        let start = range.start + self.dropped.partition_point(|at| *at <= range.start);
        let end = range.end + self.dropped.partition_point(|at| *at < range.end);
        start..end
    }
}

/// The statements so far, and the one being put together.
struct Pieces<'a> {
    clean: &'a Clean<'a>,
    done: Vec<Piece>,
    text: String,
    range: Range<usize>,
}

impl Pieces<'_> {
    fn push(&mut self, token: &Token<'_>) {
        let blank = token.kind == Kind::Blank;
        if self.text.is_empty() {
            if blank {
                return;
            }
            self.range.start = token.start;
        }
        if !blank {
            self.range.end = token.end;
        }
        self.text.push_str(token.text);
    }

    fn finish(&mut self) {
        // Java's `trim`: whatever is not above the blank.
        let text = self.text.trim_matches(|c: char| c <= ' ');
        if !text.is_empty() {
            self.done.push(Piece { text: text.to_owned(), range: self.clean.original(&self.range) });
        }
        self.text.clear();
    }
}

#[cfg(test)]
mod tests;
