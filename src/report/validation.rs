//! What validation found, with places.

use crate::changelog::{Changelog, Identity};
use crate::diagnostic::{
    CHECKSUM_MISMATCH, Code, DUPLICATE_CHANGESET, Diagnostic, Diagnostics, INVALID_CHANGE, MISSING_ATTRIBUTE, PRECONDITION_FAILED, Problem,
};
use crate::plan::validate::{Finding, Report, edited, used_twice};
use crate::span::Span;
use schemars::JsonSchema;
use serde::Serialize;

/// The findings of a report, each at the place of its change or changeset.
pub fn diagnostics(report: &Report, changelog: &Changelog) -> Diagnostics {
    let mut out = Diagnostics::new();
    let place = |identity: &Identity| changelog.changesets.iter().find(|c| c.identity == *identity).map(|c| c.span);
    let mut push = |code: Code, text: String, span: Option<Span>, hint: Option<&str>| {
        let mut problem = Diagnostic::error(code, text);
        problem.span = span;
        problem.hint = hint.map(str::to_owned);
        out.push(problem);
    };
    for (identity, was, now) in &report.checksums {
        let hint = "write a new changeset instead; if the edit is harmless, add the old checksum as validCheckSum";
        push(CHECKSUM_MISMATCH, edited(identity, was, now), place(identity), Some(hint));
    }
    let container = changelog.preconditions.iter().find_map(|p| p.span);
    for reason in report.failed_preconditions.iter().chain(&report.broken_preconditions) {
        push(PRECONDITION_FAILED, reason.clone(), container, None);
    }
    for identity in &report.duplicates {
        let first = changelog.changesets.iter().find(|c| c.identity == *identity);
        let last = changelog.changesets.iter().rfind(|c| c.identity == *identity).map(|c| c.span);
        let hint = first.map(|first| {
            let line = changelog.sources.line_column(first.span).line;
            if Some(first.span) == last {
                return "its file is included twice".to_owned();
            }
            format!("the earlier one stands at {}:{line}; give this one another id", first.file.path)
        });
        push(DUPLICATE_CHANGESET, used_twice(identity), last, hint.as_deref());
    }
    for text in &report.failures {
        push(MISSING_ATTRIBUTE, text.clone(), None, None);
    }
    for Finding { text, identity, span } in &report.invalid {
        push(INVALID_CHANGE, format!("{text} (changeset {identity})"), Some(*span), None);
    }
    out
}

/// What `validate` says to programs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Document {
    /// Of the form of this document.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// Whether nothing stops a run.
    pub valid: bool,
    /// The problems of the files, then those of the changesets.
    pub problems: Vec<Problem>,
    /// What is doubtful about changesets.
    pub warnings: Vec<Doubt>,
}

/// What is doubtful about a changeset.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Doubt {
    /// What it is.
    pub message: String,
    /// The changeset, as `path::id::author`.
    pub changeset: String,
}

/// The document of `validate`.
pub fn document(report: &Report, changelog: &Changelog) -> Document {
    let findings = diagnostics(report, changelog);
    let all = changelog.problems.iter().chain(findings.iter());
    let doubt = |found: &Finding| Doubt { message: found.text.clone(), changeset: found.identity.to_string() };
    Document {
        version: 1,
        valid: report.is_ok() && !changelog.problems.has_errors(),
        problems: all.map(|p| Problem::of(p, &changelog.sources)).collect(),
        warnings: report.warnings.iter().map(doubt).collect(),
    }
}
