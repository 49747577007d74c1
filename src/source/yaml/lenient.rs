//! Layout that the reference reads and the scanner refuses: blanks are put in, and the document is read again.
//!
//! * The continuation lines of a quoted scalar may be indented less than its block, or with tabs: the blanks at
//!   their start do not count anyway.
//! * In a flow map, `[` or `{` may follow the colon without a blank.
//!
//! Only blanks change, so the tree is the same; offsets are mapped back to the text as it is written.

use granit_parser::ErrorKind;
use std::borrow::Cow;

/// How many bytes may be read again in all: repairs start over, and must not make reading quadratic.
const BUDGET: usize = 64 << 20;

/// One change: some bytes at a place of the source give way to blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edit {
    at: usize,
    removed: usize,
    inserted: usize,
}

/// The changes made so far, by place.
#[derive(Debug)]
pub(super) struct Edits<'a> {
    source: &'a str,
    list: Vec<Edit>,
    /// For each change: where it ends in the changed text, and in the source.
    ends: Vec<(usize, usize)>,
    spent: usize,
}

impl<'a> Edits<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Edits { source, list: Vec::new(), ends: Vec::new(), spent: 0 }
    }

    /// The source with the changes.
    pub(super) fn text(&self) -> Cow<'a, str> {
        if self.list.is_empty() {
            return Cow::Borrowed(self.source);
        }
        let mut text = String::with_capacity(self.source.len() + self.list.iter().map(|e| e.inserted).sum::<usize>());
        let mut done = 0;
        for edit in &self.list {
            text.push_str(self.source.get(done..edit.at).unwrap_or_default());
            text.extend(std::iter::repeat_n(' ', edit.inserted));
            done = edit.at + edit.removed;
        }
        text.push_str(self.source.get(done..).unwrap_or_default());
        Cow::Owned(text)
    }

    /// The place in the source of a place in the changed text.
    pub(super) fn original(&self, at: usize) -> usize {
        let next = self.ends.partition_point(|(changed, _)| *changed <= at);
        let (changed, source) = next.checked_sub(1).and_then(|n| self.ends.get(n)).copied().unwrap_or((0, 0));
        let place = source + (at - changed);
        // Blanks that were put in stand where what they replace ends.
        self.list.get(next).map_or(place, |edit| place.min(edit.at + edit.removed))
    }

    /// Tries to make a refused place acceptable; says whether the text changed.
    ///
    /// `at` is where the scanner stopped, `from` where the last thing before it ended, in the changed text; `column`
    /// is a column that the block does not lie right of.
    pub(super) fn repair(&mut self, kind: &ErrorKind, at: usize, from: usize, column: usize) -> bool {
        self.spent = self.spent.saturating_add(self.source.len());
        if self.spent > BUDGET {
            return false;
        }
        let (at, from) = (self.original(at), self.original(from));
        match kind {
            ErrorKind::InvalidQuotedScalarIndent | ErrorKind::TabInIndentation => self.indent_quoted(at, from, column + 8),
            ErrorKind::FlowMappingValueAdjacentCollection if self.source.as_bytes().get(at) == Some(&b':') => {
                self.add(&[Edit { at: at + 1, removed: 0, inserted: 1 }])
            }
            _ => false,
        }
    }

    /// Takes changes over, given in order; says whether one of them is new.
    fn add(&mut self, edits: &[Edit]) -> bool {
        if edits.iter().all(|e| self.list.binary_search(e).is_ok()) {
            return false;
        }
        self.list.extend(edits);
        // A newer change of a place stands after the older one, and counts.
        self.list.sort_by_key(|e| e.at);
        self.list.reverse();
        self.list.dedup_by_key(|e| e.at);
        self.list.reverse();
        let mut shift: isize = 0;
        self.ends.clear();
        for edit in &self.list {
            shift = shift.saturating_add_unsigned(edit.inserted).saturating_sub_unsigned(edit.removed);
            let end = edit.at + edit.removed;
            self.ends.push((end.saturating_add_signed(shift), end));
        }
        true
    }

    /// Indents all continuation lines of the quoted scalar that begins after `from` and holds `at`.
    fn indent_quoted(&mut self, at: usize, from: usize, indent: usize) -> bool {
        let Some(open) = opening_quote(self.source, from, at) else { return false };
        let bytes = self.source.as_bytes();
        let quote = bytes.get(open).copied().unwrap_or(b'"');
        let mut edits = Vec::new();
        let mut here = open + 1;
        while let Some(byte) = bytes.get(here).copied() {
            match byte {
                b'\\' if quote == b'"' && !matches!(bytes.get(here + 1), Some(b'\n' | b'\r')) => here += 2,
                b'\'' if quote == b'\'' && bytes.get(here + 1) == Some(&b'\'') => here += 2,
                b'\n' | b'\r' => {
                    here += 1;
                    let blanks = bytes.get(here..).unwrap_or_default().iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                    // A line without text stays empty: it is a line end of the scalar.
                    let empty = matches!(bytes.get(here + blanks), None | Some(b'\n' | b'\r'));
                    edits.push(Edit { at: here, removed: blanks, inserted: if empty { 0 } else { indent } });
                    here += blanks;
                }
                _ if byte == quote => break,
                _ => here += 1,
            }
        }
        self.add(&edits)
    }
}

/// The first quote between two places that begins a scalar: comments do not count.
fn opening_quote(source: &str, from: usize, to: usize) -> Option<usize> {
    let mut blank_before = true;
    let mut comment = false;
    for (at, byte) in source.bytes().enumerate().take(to).skip(from) {
        match byte {
            b'\n' | b'\r' => comment = false,
            _ if comment => {}
            b'#' if blank_before => comment = true,
            b'"' | b'\'' => return Some(at),
            _ => {}
        }
        blank_before = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_mapped_back() {
        let mut edits = Edits::new("ab\n\tcd");
        assert!(edits.add(&[Edit { at: 3, removed: 1, inserted: 4 }]));
        assert!(!edits.add(&[Edit { at: 3, removed: 1, inserted: 4 }]));
        assert!(edits.add(&[Edit { at: 1, removed: 0, inserted: 1 }]));
        assert!(edits.add(&[Edit { at: 3, removed: 1, inserted: 5 }]));
        assert!(edits.add(&[Edit { at: 3, removed: 1, inserted: 4 }]));
        assert_eq!(edits.text(), "a b\n    cd");
        let places: Vec<usize> = (0..=10).map(|at| edits.original(at)).collect();
        assert_eq!(places, [0, 1, 1, 2, 3, 4, 4, 4, 4, 5, 6]);
    }

    #[test]
    fn quotes_in_comments_do_not_open() {
        assert_eq!(opening_quote("a: # it's\n  \"x\ny\"", 1, 15), Some(12));
        assert_eq!(opening_quote("a: b", 1, 4), None);
    }
}
