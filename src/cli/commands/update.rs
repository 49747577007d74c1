//! `update` and `update-sql`.

use super::deploy::{self, Deed, Deployment};
use crate::cli::{Failure, Invocation, Output};
use crate::plan::Limit;

/// Everything that has not run.
pub(super) fn deployment() -> Deployment {
    Deployment { deed: Deed::Update, limit: Limit::None, title: "Update Database Script".to_owned(), word: "Update" }
}

/// Deploys, or writes, everything that has not run.
///
/// # Errors
/// As [`deploy::run`].
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    deploy::run(&deployment(), invocation, output).await
}
