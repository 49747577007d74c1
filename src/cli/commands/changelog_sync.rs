//! `changelog-sync` and `changelog-sync-to-tag`, and each of them written as SQL: changesets are recorded, not run.

use crate::cli::running::Deploy;
use crate::cli::{Failure, Invocation, Output};
use crate::plan::Limit;

pub(super) async fn run(invocation: &Invocation, limit: Limit, writing: bool, output: &mut Output) -> Result<(), Failure> {
    let title = "SQL to add all changesets to database history table".to_owned();
    invocation.deploy(&Deploy { limit, title, record_only: true, writing }, output).await
}
