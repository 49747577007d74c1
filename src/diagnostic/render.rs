//! Diagnostics as text for people and as JSON for machines.

use super::{Diagnostic, Severity};
use crate::span::SourceMap;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;

/// How wide a source line may be before it is cut around the caret, in characters.
const LINE_WIDTH: usize = 160;

/// The problem as a person reads it:
///
/// ```text
/// error[E0202]: unknown change type 'createIndx'
///   --> main.yaml:5:11
///    |
///  5 |         - createIndx: {tableName: t}
///    |           ^^^^^^^^^^
///    = hint: did you mean `createIndex`?
/// ```
///
/// `color` adds ANSI colours.
pub fn render_text(diagnostic: &Diagnostic, sources: &SourceMap, color: bool) -> String {
    let (word, paint) = match diagnostic.severity {
        Severity::Error => ("error", "\u{1b}[1;31m"),
        Severity::Warning => ("warning", "\u{1b}[1;33m"),
    };
    let (paint, bold, off) = if color { (paint, "\u{1b}[1m", "\u{1b}[0m") } else { ("", "", "") };
    let mut out = format!("{paint}{word}[{}]{off}{bold}: {}{off}\n", diagnostic.code.id, diagnostic.message);
    let located = diagnostic.span.and_then(|s| Some((s, sources.get(s.file)?)));
    if let Some((span, file)) = located {
        let at = file.line_column(span.start);
        let number = at.line.to_string();
        let gutter = " ".repeat(number.len());
        let line = file.line(at.line);
        let (shown, caret_at) = window(line, at.column - 1);
        let rest = shown.chars().count().saturating_sub(caret_at).max(1);
        let wanted = file.text.get(span.start as usize..span.end as usize).map_or(1, |s| s.lines().next().unwrap_or("").chars().count());
        let carets = "^".repeat(wanted.clamp(1, rest));
        let pad: String = shown.chars().take(caret_at).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let _ = writeln!(out, "{gutter}--> {}:{}:{}", file.path, at.line, at.column);
        let _ = writeln!(out, "{gutter} |\n{number} | {shown}\n{gutter} | {pad}{paint}{carets}{off}");
        if let Some(hint) = &diagnostic.hint {
            let _ = writeln!(out, "{gutter} = hint: {hint}");
        }
    } else {
        match (&diagnostic.file, diagnostic.place) {
            (Some(file), Some(at)) => _ = writeln!(out, " --> {file}:{}:{}", at.line, at.column),
            (Some(file), None) => _ = writeln!(out, " --> {file}"),
            (None, _) => {}
        }
        if let Some(hint) = &diagnostic.hint {
            let _ = writeln!(out, "  = hint: {hint}");
        }
    }
    out
}

/// Cuts a long line around a character; returns the text shown and the place of the character in it.
fn window(line: &str, at: usize) -> (String, usize) {
    let clean = |c: char| if c.is_control() && c != '\t' { '\u{fffd}' } else { c };
    if line.len() <= LINE_WIDTH {
        return (line.chars().map(clean).collect(), at);
    }
    let from = at.saturating_sub(LINE_WIDTH / 2);
    let mut shown: String = line.chars().skip(from).take(LINE_WIDTH).map(clean).collect();
    let mut caret = at - from;
    if from > 0 {
        shown.insert(0, '…');
        caret += 1;
    }
    if line.chars().nth(from + LINE_WIDTH).is_some() {
        shown.push('…');
    }
    (shown, caret)
}

/// A problem, for programs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Problem {
    /// Its code, as docs/reference/diagnostics.md has it.
    pub code: &'static str,
    /// The name of the code.
    pub name: &'static str,
    /// Whether it stops a run.
    #[schemars(extend("enum" = ["error", "warning"]))]
    pub severity: &'static str,
    /// What is wrong.
    pub message: String,
    /// The file.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column, from 1.
    pub column: Option<usize>,
    /// What helps.
    pub hint: Option<String>,
}

impl Problem {
    /// A diagnostic with its place in the files.
    pub fn of(diagnostic: &Diagnostic, sources: &SourceMap) -> Problem {
        let located = diagnostic.span.and_then(|s| Some((sources.get(s.file)?, sources.line_column(s))));
        let place = located.as_ref().map(|(_, at)| *at).or(diagnostic.place);
        Problem {
            code: diagnostic.code.id,
            name: diagnostic.code.name,
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: diagnostic.message.clone(),
            file: located.map(|(f, _)| f.path.to_string()).or_else(|| diagnostic.file.clone()),
            line: place.map(|p| p.line),
            column: place.map(|p| p.column),
            hint: diagnostic.hint.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Diagnostic, UNKNOWN_CHANGE};
    use super::*;
    use crate::span::Span;

    #[test]
    fn text_has_place_line_caret_and_hint() {
        let mut map = SourceMap::new();
        let id = map.add("main.yaml", "a\n  - createIndx: {}\n");
        let d = Diagnostic::error(UNKNOWN_CHANGE, "unknown change type 'createIndx'")
            .at(Span::new(id, 6, 16))
            .hint("did you mean `createIndex`?");
        let expected = "error[E0202]: unknown change type 'createIndx'\n --> main.yaml:2:5\n  |\n2 |   - createIndx: {}\n  |     ^^^^^^^^^^\n  = hint: did you mean `createIndex`?\n";
        assert_eq!(render_text(&d, &map, false), expected);
    }

    #[test]
    fn long_lines_are_cut_around_the_caret() {
        let mut map = SourceMap::new();
        let id = map.add("m.yaml", "x".repeat(5000));
        let d = Diagnostic::error(UNKNOWN_CHANGE, "m").at(Span::new(id, 3000, 3001));
        assert!(render_text(&d, &map, false).len() < 500);
    }
}
