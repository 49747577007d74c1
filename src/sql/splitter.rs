//! Raw SQL to statements: as the database itself cuts them, or exactly where Liquibase does (docs/design/splitting.md).
//!
//! With the [`Lexis`] of a dialect a text is cut by the dialect's own rules (`native`). Liquibase's rules
//! (`liquibase`) hold without one, for a change with an `endDelimiter`, and for a text that the dialect's rules cannot
//! read to its end.

mod blocks;
mod bodies;
mod lexis;
mod liquibase;
mod native;
mod pieces;
mod scanner;

pub use lexis::{Backslashes, Blocks, DollarQuotes, Lexis};
pub use pieces::Piece;

use pieces::Clean;

/// How raw SQL is split.
#[derive(Debug, Clone, Copy, Default)]
pub struct SplitOptions<'a> {
    /// Whether comments are dropped; `/*+ hints */` are comments too.
    pub strip_comments: bool,
    /// Whether it is split at all; without, all of it is one statement.
    pub split_statements: bool,
    /// What ends a statement; without one, what usually does. Nothing does when it is empty. One character ends a
    /// statement wherever it is a token (`/` only at the start of a line). More characters are a regular expression in
    /// Java's sense, without regard to case, which must match a token, or it and the token before it, as a whole.
    pub end_delimiter: Option<&'a str>,
    /// The lexical rules of the database. Without them it is split exactly as Liquibase does.
    pub lexis: Option<&'a Lexis>,
}

/// Splits raw SQL into statements. An empty statement is left out. No input is an error: what cannot be read by the
/// rules of the database (a quote that is never closed) is split as Liquibase does, where such a quote is a character
/// like any other, and an `end_delimiter` that is no regular expression (see [`delimiter_problem`]) is plain text.
///
/// It takes time linear in the length of the text.
pub fn split(sql: &str, options: &SplitOptions<'_>) -> Vec<Piece> {
    let clean = Clean::new(sql);
    let by_dialect = options.lexis.filter(|_| options.end_delimiter.is_none()).and_then(|lexis| native::split(&clean, options, lexis));
    let mut pieces = by_dialect.unwrap_or_else(|| {
        let dollar_quotes = options.lexis.is_some_and(|l| l.dollar_quotes != DollarQuotes::None);
        liquibase::split(&clean, options, dollar_quotes)
    });
    if let Some(lexis) = options.lexis.filter(|_| options.strip_comments) {
        for piece in &mut pieces {
            piece.text = bodies::without_comments(std::mem::take(&mut piece.text), lexis);
        }
    }
    pieces
}

/// What is wrong with an `endDelimiter`, if anything: one of several characters is a regular expression. Splitting
/// takes a wrong one as plain text, so a changelog that has one is probably not split as its author means.
pub fn delimiter_problem(written: &str) -> Option<String> {
    liquibase::delimiter_problem(written)
}
