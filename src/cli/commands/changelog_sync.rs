//! `changelog-sync` and `changelog-sync-sql`.

use super::deploy::{self, Deed, Deployment};
use crate::cli::{Failure, Invocation, Output};
use crate::plan::Limit;

/// Heads the script, also that of `changelog-sync-to-tag-sql`.
pub(super) const TITLE: &str = "SQL to add all changesets to database history table";

/// Records everything that has not run.
///
/// # Errors
/// As [`deploy::run`].
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let deployment = Deployment { deed: Deed::Sync, limit: Limit::None, title: TITLE.to_owned(), word: "" };
    deploy::run(&deployment, invocation, output).await
}
