//! `changelog-sync-to-tag` and `changelog-sync-to-tag-sql`.

use super::changelog_sync::TITLE;
use super::deploy::{self, Deed, Deployment};
use crate::cli::{Failure, Invocation, Output};
use crate::plan::Limit;

/// Records what has not run, up to and including the changeset with the tag.
///
/// # Errors
/// When no tag is given; as [`deploy::run`].
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let deployment = Deployment { deed: Deed::Sync, limit: Limit::Tag(invocation.tag()?), title: TITLE.to_owned(), word: "" };
    deploy::run(&deployment, invocation, output).await
}
