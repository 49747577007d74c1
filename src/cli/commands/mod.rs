//! One file a command (with its written twin, which is the same run); the dispatch to them.

mod calculate_checksum;
mod changelog_sync;
mod clear_checksums;
mod completions;
mod config_show;
mod future_rollback;
mod history;
mod list_locks;
mod mark_next_changeset_ran;
mod plan;
mod release_locks;
mod rollback;
mod status;
mod tag;
mod tag_exists;
mod unexpected_changesets;
mod update;
mod update_testing_rollback;
mod validate;

use super::{Failure, Invocation, Output};
use crate::config::CommandKind as Kind;
use crate::plan::Limit;

/// Runs the command of an invocation.
///
/// # Errors
/// What the command reports; the failure carries the exit code.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    match invocation.command {
        Kind::Completions => completions::run(invocation, output),
        Kind::ConfigShow => config_show::run(invocation, output),
        Kind::Plan => plan::run(invocation, output).await,
        Kind::Update => update::all(invocation, false, output).await,
        Kind::UpdateSql => update::all(invocation, true, output).await,
        Kind::UpdateCount => update::count(invocation, false, output).await,
        Kind::UpdateCountSql => update::count(invocation, true, output).await,
        Kind::UpdateToTag => update::to_tag(invocation, false, output).await,
        Kind::UpdateToTagSql => update::to_tag(invocation, true, output).await,
        Kind::UpdateTestingRollback => update_testing_rollback::run(invocation, output).await,
        Kind::Rollback => rollback::to_tag(invocation, false, output).await,
        Kind::RollbackSql => rollback::to_tag(invocation, true, output).await,
        Kind::RollbackCount => rollback::count(invocation, false, output).await,
        Kind::RollbackCountSql => rollback::count(invocation, true, output).await,
        Kind::RollbackToDate => rollback::to_date(invocation, false, output).await,
        Kind::RollbackToDateSql => rollback::to_date(invocation, true, output).await,
        Kind::FutureRollbackSql => future_rollback::run(invocation, Limit::None, output).await,
        Kind::FutureRollbackCountSql => future_rollback::run(invocation, Limit::Count(invocation.count()?), output).await,
        Kind::FutureRollbackFromTagSql => future_rollback::run(invocation, Limit::Tag(invocation.tag()?), output).await,
        Kind::Status => status::run(invocation, output).await,
        Kind::History => history::run(invocation, output).await,
        Kind::Validate => validate::run(invocation, output).await,
        Kind::UnexpectedChangesets => unexpected_changesets::run(invocation, output).await,
        Kind::Tag => tag::run(invocation, output).await,
        Kind::TagExists => tag_exists::run(invocation, output).await,
        Kind::ChangelogSync => changelog_sync::run(invocation, Limit::None, false, output).await,
        Kind::ChangelogSyncSql => changelog_sync::run(invocation, Limit::None, true, output).await,
        Kind::ChangelogSyncToTag => changelog_sync::run(invocation, Limit::Tag(invocation.tag()?), false, output).await,
        Kind::ChangelogSyncToTagSql => changelog_sync::run(invocation, Limit::Tag(invocation.tag()?), true, output).await,
        Kind::MarkNextChangesetRan => mark_next_changeset_ran::run(invocation, false, output).await,
        Kind::MarkNextChangesetRanSql => mark_next_changeset_ran::run(invocation, true, output).await,
        Kind::CalculateChecksum => calculate_checksum::run(invocation, output).await,
        Kind::ClearChecksums => clear_checksums::run(invocation, output).await,
        Kind::ListLocks => list_locks::run(invocation, output).await,
        Kind::ReleaseLocks => release_locks::run(invocation, output).await,
    }
}
