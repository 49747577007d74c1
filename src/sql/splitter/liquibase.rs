//! Splitting exactly as Liquibase does (changelog-formats §5.6, dialects §6).
//!
//! A statement ends at `;`, at a `GO` or `/` that starts a line, or at the delimiter of the change. Between a `BEGIN`
//! and its `END` nothing is cut. The count is as simple as Liquibase's, so that a script that runs there runs here: it
//! does not know `CASE`, `IF` and `LOOP`, whose `END` counts too, and a `BEGIN;` that starts a transaction holds
//! everything up to an `END`.
//!
//! Dollar quotes depart from Liquibase on purpose, where they are asked for: see [`split`].

mod delimiter;
mod joined;
mod token;

pub(super) use delimiter::delimiter_problem;

use super::SplitOptions;
use super::pieces::{Clean, Piece, Pieces};
use delimiter::Delimiter;
use joined::Joined;
use token::{Kind, Lexer, Tokens};

/// Words behind a `BEGIN` that does not open a block.
const NO_BLOCK: [&str; 6] = ["transaction", "trans", "tran", "dialog", "conversation", "distributed"];
/// Words behind an `END` that does not close one.
const NO_BLOCK_END: [&str; 3] = ["transaction", "trans", "tran"];

/// Splits a text. An unclosed quote is a character like any other.
///
/// With `dollar_quotes`, a dollar-quoted text (`$$ … $$`, `$tag$ … $tag$`) is one token. Liquibase does not know such
/// texts: it cuts a function body at each `;` outside a BEGIN … END block, and behind an `end;` even before the closing
/// `$$`. They do not apply with an `end_delimiter` that contains `$$`.
pub(super) fn split(clean: &Clean<'_>, options: &SplitOptions<'_>, dollar_quotes: bool) -> Vec<Piece> {
    let own_dollars = options.end_delimiter.is_some_and(|d| d.contains("$$"));
    let tags = (dollar_quotes && !own_dollars).then(|| token::last_tags(clean.text()));
    let delimiter = Delimiter::new(options.end_delimiter);
    let tokens = Tokens::new(Lexer::new(clean.text(), tags.as_ref()), options.strip_comments);
    let mut tokens = Joined::new(tokens, options.end_delimiter);
    let mut pieces = Pieces::new(clean);
    let mut window = String::new();
    let mut depth = 0_usize;
    let mut previous: Option<&str> = None;
    while let Some(token) = tokens.next() {
        if token.text.eq_ignore_ascii_case("begin") {
            depth += usize::from(!is_next_one_of(&tokens, &NO_BLOCK));
        } else if depth > 0 && token.text.eq_ignore_ascii_case("end") {
            depth -= usize::from(!is_next_one_of(&tokens, &NO_BLOCK_END));
        }
        if depth == 0 && options.split_statements && delimiter.ends(token.text, previous, &mut window) {
            pieces.finish(1);
        } else {
            pieces.push(token.text, token.start..token.end, token.kind == Kind::Blank);
        }
        previous = Some(token.text);
    }
    pieces.finish(1);
    pieces.into_done()
}

/// A text as it is, but for its comments.
pub(super) fn without_comments(text: &str) -> String {
    Tokens::new(Lexer::new(text, None), true).map(|t| t.text).collect()
}

/// Whether the next token that is not white space is one of these words.
fn is_next_one_of(tokens: &Joined<'_>, words: &[&str]) -> bool {
    let next = tokens.ahead().find(|t| t.kind != Kind::Blank);
    next.is_some_and(|t| words.iter().any(|w| t.text.eq_ignore_ascii_case(w)))
}

#[cfg(test)]
mod tests;
