//! `validate`: everything that is wrong with a changelog for a database.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};
use crate::exec::RunError;
use crate::plan::Limit;
use crate::report::validation;

/// Checks the changelog, and the checksums of what ran.
///
/// # Errors
/// What is wrong.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let json = invocation.wants_json();
    let mut opened = invocation.open_even_if_broken(Needs { changelog: true, access: Access::Read }, output).await?;
    if opened.changelog.problems.has_errors() {
        let (report, failure) = invocation.refuse_broken(&mut opened, true, output).await;
        if json {
            output.document(&validation::document(&report, &opened.changelog))?;
        }
        deploy::close(opened, Ok(()), output).await?;
        return Err(failure);
    }
    let report = {
        let mut progress = Progress::new(invocation, output);
        let mut run = opened.run(&mut progress);
        run.read_existing().await?;
        let report = run.validate(true).await?;
        // Expressions that cannot be parsed are found by planning.
        run.plan(&Limit::None)?;
        report
    };
    if json {
        output.document(&validation::document(&report, &opened.changelog))?;
    }
    let result = if report.is_ok() {
        output.message("No validation errors found.");
        Ok(())
    } else {
        Err(RunError::Validation(Box::new(report)))
    };
    deploy::close(opened, result, output).await
}
