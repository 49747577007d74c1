//! `rollback` and `rollback-sql`.

use super::undo;
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::TAG_VERSION;
use crate::plan::rollback::Back;

/// Undoes what was deployed after a tag.
///
/// # Errors
/// When no row has the tag; as [`undo::run`].
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let tag = invocation.tag()?;
    let title = format!("Rollback to '{tag}' Script");
    let newest = invocation.settings.text(&TAG_VERSION) == Some("NEWEST");
    let back = if newest { Back::TagNewest(tag) } else { Back::TagOldest(tag) };
    undo::run(&back, &title, invocation, output).await
}
