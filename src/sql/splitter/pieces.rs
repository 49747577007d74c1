//! Putting statements together out of the tokens of a text.

use std::borrow::Cow;
use std::ops::Range;

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its text: trimmed, without carriage returns, and without comments when these are stripped.
    pub text: String,
    /// The bytes of the input from its first token to its last one that is not white space.
    pub range: Range<usize>,
}

/// A text without carriage returns, and where they were: Liquibase drops them before it cuts.
#[derive(Debug)]
pub(super) struct Clean<'a> {
    text: Cow<'a, str>,
    /// For each one dropped, where it would stand in `text`; ascending.
    dropped: Vec<usize>,
}

impl<'a> Clean<'a> {
    pub(super) fn new(sql: &'a str) -> Self {
        if !sql.contains('\r') {
            return Clean { text: Cow::Borrowed(sql), dropped: Vec::new() };
        }
        let dropped = sql.match_indices('\r').enumerate().map(|(before, (at, _))| at - before).collect();
        Clean { text: Cow::Owned(sql.replace('\r', "")), dropped }
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The range in the input of a range of the text that is not empty.
    fn original(&self, range: &Range<usize>) -> Range<usize> {
        let start = range.start + self.dropped.partition_point(|at| *at <= range.start);
        let end = range.end + self.dropped.partition_point(|at| *at < range.end);
        start..end
    }
}

/// The statements so far, and the one being put together.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    clean: &'a Clean<'a>,
    done: Vec<Piece>,
    text: String,
    range: Range<usize>,
    /// Where the statement ended before its last token that is not white space.
    end_before_last: usize,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(clean: &'a Clean<'a>) -> Self {
        Pieces { clean, done: Vec::new(), text: String::new(), range: 0..0, end_before_last: 0 }
    }

    /// Adds a token that stands at `range` of the text; blanks in front of a statement are not part of it.
    pub(super) fn push(&mut self, token: &str, range: Range<usize>, blank: bool) {
        if self.text.is_empty() {
            if blank {
                return;
            }
            self.range.start = range.start;
        }
        if !blank {
            self.end_before_last = self.range.end;
            self.range.end = range.end;
        }
        self.text.push_str(token);
    }

    /// Ends the statement, if there is one, which then counts so many times.
    pub(super) fn finish(&mut self, times: usize) {
        // Java's `trim`: whatever is not above the blank.
        let text = self.text.trim_matches(|c: char| c <= ' ');
        if !text.is_empty() {
            let piece = Piece { text: text.to_owned(), range: self.clean.original(&self.range) };
            self.done.extend(std::iter::repeat_n(piece, times));
        }
        self.text.clear();
    }

    /// Takes a semicolon that the statement ends in back, if it is not all of it.
    pub(super) fn drop_semicolon(&mut self) {
        if let Some(text) = self.text.trim_end().strip_suffix(';').filter(|t| !t.trim().is_empty()) {
            self.text.truncate(text.len());
            self.range.end = self.end_before_last;
        }
    }

    /// Forgets the statement that is being put together.
    pub(super) fn discard(&mut self) {
        self.text.clear();
    }

    /// All that were ended.
    pub(super) fn into_done(self) -> Vec<Piece> {
        self.done
    }
}
