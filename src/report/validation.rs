//! What validation found, with places.

use crate::changelog::{Changelog, Identity};
use crate::diagnostic::{
    CHECKSUM_MISMATCH, Code, DUPLICATE_CHANGESET, Diagnostic, Diagnostics, INVALID_CHANGE, MISSING_ATTRIBUTE, PRECONDITION_FAILED,
    render_json,
};
use crate::plan::validate::Report;
use crate::span::Span;
use serde_json::{Value, json};

/// The findings of a report, each at the place of its changeset.
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
        push(
            CHECKSUM_MISMATCH,
            format!("changeset {identity} was edited after it ran: it was {was} but is now {now}"),
            place(identity),
            Some(hint),
        );
    }
    let container = changelog.preconditions.iter().find_map(|p| p.span);
    for reason in report.failed_preconditions.iter().chain(&report.broken_preconditions) {
        push(PRECONDITION_FAILED, reason.clone(), container, None);
    }
    for identity in &report.duplicates {
        let last = changelog.changesets.iter().rfind(|c| c.identity == *identity).map(|c| c.span);
        push(DUPLICATE_CHANGESET, format!("changeset {identity} has the identity of an earlier one"), last, None);
    }
    for text in &report.failures {
        push(MISSING_ATTRIBUTE, text.clone(), None, None);
    }
    for (text, identity) in &report.invalid {
        push(INVALID_CHANGE, format!("{text} (changeset {identity})"), place(identity), None);
    }
    out
}

/// What `validate` says to programs: the problems of the files, then those of the changesets.
pub fn json(report: &Report, changelog: &Changelog) -> Value {
    let findings = diagnostics(report, changelog);
    let all = changelog.problems.iter().chain(findings.iter());
    let list: Vec<Value> = all.map(|p| render_json(p, &changelog.sources)).collect();
    let warnings: Vec<Value> =
        report.warnings.iter().map(|(text, identity)| json!({ "message": text, "changeset": identity.to_string() })).collect();
    let valid = report.is_ok() && !changelog.problems.has_errors();
    json!({ "version": 1, "valid": valid, "problems": list, "warnings": warnings })
}
