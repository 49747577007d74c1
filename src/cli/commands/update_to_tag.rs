//! `update-to-tag` and `update-to-tag-sql`.

use super::deploy::{self, Deed, Deployment};
use crate::cli::{Failure, Invocation, Output};
use crate::plan::Limit;

/// Deploys, or writes, changesets up to and including the one with the tag.
///
/// # Errors
/// When no tag is given; as [`deploy::run`].
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let tag = invocation.tag()?;
    let title = format!("Update to '{tag}' Database Script");
    let deployment = Deployment { deed: Deed::Update, limit: Limit::Tag(tag), title, word: "Update-to-tag" };
    deploy::run(&deployment, invocation, output).await
}
