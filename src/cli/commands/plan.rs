//! `plan`: what `update` would do, and why.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::{Exit, Failure, Invocation, Output};
use crate::config::settings::TEMPLATE;
use crate::exec::Run;
use crate::exec::event::Silent;
use crate::plan::Limit;
use crate::plan::programs::Programs;
use crate::plan::validate::{Identities, validate_identities};
use crate::report::plan::{Document, Inputs, document, text};
use crate::report::template;

/// Shows each changeset with its verdict, its SQL and what undoes it.
///
/// # Errors
/// When the ledger cannot be read, or a changeset cannot run on this database.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: true, access: Access::Write }, output).await?;
    let target = opened.session.target.clone();
    let mut silent = Silent;
    let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut silent, &opened.options);
    run.read_existing().await?;
    // Not `Run::plan`, which stops at the first expression that cannot be parsed: here each changeset tells its own.
    let plan = opened
        .selection
        .plan(&opened.changelog, &run.ran, &Limit::None)
        .map_err(|e| Failure::new(Exit::Changelog, format!("ERROR: {e}")))?;
    let options = &opened.options;
    let programs = Programs { allow_commands: options.allow_commands, custom_classes: &options.custom_classes };
    let identities = Identities { selection: &opened.selection, allow_duplicates: options.allow_duplicates, room: run.room() };
    let report =
        validate_identities(&opened.changelog, &run.ran, identities).map_err(|e| Failure::new(Exit::Changelog, format!("ERROR: {e}")))?;
    let inputs =
        Inputs { changelog: &opened.changelog, selection: &opened.selection, target: &target, now: options.now, programs, report: &report };
    let document = document(&inputs, &plan);
    if let Some(path) = invocation.settings.text(&TEMPLATE) {
        output.result(&through(path, &document)?)?;
    } else if invocation.wants_json() {
        output.document(&document)?;
    } else {
        output.result(&text(&document))?;
    }
    let failed = |what: String| Failure::new(Exit::Changelog, format!("ERROR: update refuses this on {}: {what}", document.dialect));
    let failure = match document.changesets.iter().filter(|c| c.refused).count() {
        0 => None,
        1 => Some(failed("1 changeset has errors".to_owned())),
        n => Some(failed(format!("{n} changesets have errors"))),
    };
    deploy::close(opened, Ok(()), output).await?;
    failure.map_or(Ok(()), Err)
}

/// The plan as a template of the user's writes it.
fn through(path: &str, document: &Document) -> Result<String, Failure> {
    let template = std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("the template {path} cannot be read: {e}")))?;
    template::render(path, &template, document).map_err(|e| Failure::usage(format!("the template {path} fails: {e}")))
}
