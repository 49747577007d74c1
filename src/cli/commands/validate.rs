//! `validate`: everything that is wrong with the changelog, without running it.

use crate::cli::opening::Needs;
use crate::cli::progress::Progress;
use crate::cli::{Exit, Failure, Invocation, Output};
use crate::exec::{Run, RunError};
use serde_json::json;

pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: true, writing: true }, output).await?;
    let mut progress = Progress::new(output);
    let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut progress, &opened.options);
    run.read_existing().await?;
    let report = run.validate().await?;
    if invocation.wants_json() {
        let changesets = |list: &[(String, crate::changelog::Identity)]| -> Vec<_> {
            list.iter().map(|(text, id)| json!({"changeset": id.to_string(), "message": text})).collect()
        };
        let checksums: Vec<_> =
            report.checksums.iter().map(|(id, was, now)| json!({"changeset": id.to_string(), "was": was, "now": now})).collect();
        output.result_line(json!({
            "version": 1,
            "valid": report.is_ok(),
            "checksums": checksums,
            "preconditions": report.failed_preconditions.iter().chain(&report.broken_preconditions).collect::<Vec<_>>(),
            "duplicates": report.duplicates.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "failures": report.failures,
            "invalid": changesets(&report.invalid),
            "warnings": changesets(&report.warnings),
        }))?;
        if !report.is_ok() {
            return Err(Failure::new(Exit::Changelog, "ERROR: the changelog is not valid"));
        }
    } else if report.is_ok() {
        output.message("No validation errors found.");
    } else {
        return Err(RunError::Validation(Box::new(report)).into());
    }
    invocation.success(output);
    Ok(())
}
