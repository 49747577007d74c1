//! `update-count` and `update-count-sql`.

use super::deploy::{self, Deed, Deployment};
use crate::cli::{Failure, Invocation, Output};
use crate::plan::Limit;

/// Deploys, or writes, the next changesets.
///
/// # Errors
/// When the count is no number; as [`deploy::run`].
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let count = invocation.count()?;
    let title = format!("Update {count} Changesets Database Script");
    let deployment = Deployment { deed: Deed::Update, limit: Limit::Count(count), title, word: "Update-count" };
    deploy::run(&deployment, invocation, output).await
}
