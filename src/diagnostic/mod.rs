//! What is wrong with the input, where, and what to do about it.
//!
//! Everything that reads files reports [`Diagnostic`]s into one [`Diagnostics`] list and goes on, so that
//! a user sees all problems of all files in one pass.

mod codes;
mod render;

pub use codes::{Code, *};
pub use render::{Problem, render_text};

use crate::span::{LineColumn, Span};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something is ignored or doubtful; the run goes on. `--strict` makes it an error.
    Warning,
    /// The run must not start.
    Error,
}

/// One problem, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, explained in `docs/reference/diagnostics.md`.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One terse sentence without a position.
    pub message: String,
    /// The place, if there is one.
    pub span: Option<Span>,
    /// The file meant when its text is not to be had (a file that is empty or cannot be read).
    pub file: Option<String>,
    /// The place in that file, if it is known.
    pub place: Option<LineColumn>,
    /// What to do, as a full sentence, if known.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error without a place.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Diagnostic { code, severity: Severity::Error, message: message.into(), span: None, file: None, place: None, hint: None }
    }

    /// A warning without a place.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message) }
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Names the file when its text is not to be had.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// As [`Diagnostic::in_file`], with the place.
    #[must_use]
    pub fn in_file_at(self, path: impl Into<String>, place: LineColumn) -> Self {
        Diagnostic { place: Some(place), ..self.in_file(path) }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds "did you mean …?" when one of `known` is close to `word`.
    #[must_use]
    pub fn did_you_mean<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(word, known) {
            Some(best) => self.hint(format!("did you mean `{best}`?")),
            None => self,
        }
    }
}

/// The known word nearest to `word`, if it is near enough to be a slip of the pen; else the only one that begins with it, as
/// `tableName` does with `table`.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let known: Vec<&str> = known.into_iter().collect();
    let near = known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(&lower, &k.to_lowercase()), *k))
        .filter(|(d, k)| *d <= 1 + k.len().max(word.len()) / 4)
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| k);
    let mut longer = known.iter().copied().filter(|k| lower.len() >= MEANINGFUL && k.to_lowercase().starts_with(&lower));
    near.or_else(|| longer.next().filter(|first| longer.all(|other| other == *first)))
}

/// A beginning of fewer characters says nothing.
const MEANINGFUL: usize = 3;

/// A list of problems in the order in which they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// An empty list.
    pub fn new() -> Self {
        Diagnostics::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    /// All problems.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of them stops the run.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// Turns errors into warnings: what was read does not run.
    pub fn make_lenient(&mut self) {
        for d in &mut self.list {
            d.severity = Severity::Warning;
        }
    }

    /// Turns warnings into errors (`--strict`).
    pub fn make_strict(&mut self) {
        for d in &mut self.list {
            d.severity = Severity::Error;
        }
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        assert_eq!(closest("createIndx", ["createTable", "createIndex"]), Some("createIndex"));
        assert_eq!(closest("tablename", ["tableName"]), Some("tableName"));
        assert_eq!(closest("shiny", ["createTable", "include"]), None);
    }
}
