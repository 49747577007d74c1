//! Tokens that together spell the delimiter of a change (dialects §6.2).

use super::token::{Kind, Token, Tokens};
use std::collections::VecDeque;

/// Tokens among which those that spell the delimiter are one, joined exactly as Liquibase joins them: tokens are held back while
/// they may become the delimiter; when they do not, all are let go, and the last of them is not tried as a beginning.
///
/// What is held back at the end of the text is dropped there: a delimiter, or the `;` that begins a `;;`, ends a text that is not
/// split as well. Liquibase so drops the `END` of an unfinished `END;`, too; here the beginning of a delimiter stays when it has a
/// letter or a digit.
#[derive(Debug)]
pub(super) struct Joined<'a> {
    tokens: Tokens<'a>,
    delimiter: &'a str,
    ready: VecDeque<Token<'a>>,
}

impl<'a> Joined<'a> {
    /// The tokens, joined where they spell the delimiter, if there is one.
    pub(super) fn new(tokens: Tokens<'a>, delimiter: Option<&'a str>) -> Self {
        Joined { tokens, delimiter: delimiter.unwrap_or(""), ready: VecDeque::new() }
    }

    /// The tokens that are still to come, not joined.
    pub(super) fn ahead(&self) -> impl Iterator<Item = Token<'a>> {
        self.ready.iter().copied().chain(self.tokens.clone())
    }
}

impl<'a> Iterator for Joined<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(ready) = self.ready.pop_front() {
            return Some(ready);
        }
        let first = self.tokens.next()?;
        let Some(mut missing) = self.delimiter.strip_prefix(first.text) else { return Some(first) };
        let mut held = VecDeque::from([first]);
        for token in self.tokens.by_ref() {
            match missing.strip_prefix(token.text) {
                Some("") => return Some(Token { kind: Kind::Other, text: self.delimiter, start: first.start, end: token.end }),
                Some(more) => {
                    missing = more;
                    held.push_back(token);
                }
                None => {
                    held.push_back(token);
                    self.ready = held;
                    return self.ready.pop_front();
                }
            }
        }
        let stays = !missing.is_empty() && held.iter().any(|t| t.text.contains(char::is_alphanumeric));
        self.ready = if stays { held } else { VecDeque::new() };
        self.ready.pop_front()
    }
}
