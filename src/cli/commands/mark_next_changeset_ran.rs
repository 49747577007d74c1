//! `mark-next-changeset-ran`, and the same written as SQL: the next changeset is recorded, not run.

use crate::cli::running::Deploy;
use crate::cli::{Failure, Invocation, Output};
use crate::plan::Limit;

pub(super) async fn run(invocation: &Invocation, writing: bool, output: &mut Output) -> Result<(), Failure> {
    let title = "SQL to add the next changeset to database history table".to_owned();
    invocation.deploy(&Deploy { limit: Limit::Count(1), title, record_only: true, writing }, output).await
}
