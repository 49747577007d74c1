//! `update`, `update-count`, `update-to-tag`, and each of them written as SQL.

use crate::cli::running::Deploy;
use crate::cli::{Failure, Invocation, Output};
use crate::plan::Limit;

pub(super) async fn all(invocation: &Invocation, writing: bool, output: &mut Output) -> Result<(), Failure> {
    let title = "Update Database Script".to_owned();
    invocation.deploy(&Deploy { limit: Limit::None, title, record_only: false, writing }, output).await
}

pub(super) async fn count(invocation: &Invocation, writing: bool, output: &mut Output) -> Result<(), Failure> {
    let count = invocation.count()?;
    let title = format!("Update {count} Changesets Database Script");
    invocation.deploy(&Deploy { limit: Limit::Count(count), title, record_only: false, writing }, output).await
}

pub(super) async fn to_tag(invocation: &Invocation, writing: bool, output: &mut Output) -> Result<(), Failure> {
    let tag = invocation.tag()?;
    let title = format!("Update to '{tag}' Database Script");
    invocation.deploy(&Deploy { limit: Limit::Tag(tag), title, record_only: false, writing }, output).await
}
