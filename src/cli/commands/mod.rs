//! One file a command; the dispatch to them. What several have in common is in `deploy` and `undo`.

mod calculate_checksum;
mod changelog_sync;
mod changelog_sync_to_tag;
mod clear_checksums;
mod completions;
mod config_show;
mod convert;
mod deploy;
mod diagnose;
mod future_rollback;
mod history;
mod known_state;
mod list_locks;
mod mark_next_changeset_ran;
mod plan;
mod release_locks;
mod rollback;
mod rollback_count;
mod rollback_to_date;
mod schema;
mod status;
mod tag;
mod tag_exists;
mod undo;
mod unexpected_changesets;
mod update;
mod update_count;
mod update_testing_rollback;
mod update_to_tag;
mod validate;

use super::{Failure, Invocation, Output};
use crate::config::CommandKind::*;
use crate::config::settings::FORMAT;

/// Runs the command of an invocation.
///
/// # Errors
/// What the command reports; the failure carries the exit code.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    match invocation.command {
        CalculateChecksum => calculate_checksum::run(invocation, output).await,
        ChangelogSync | ChangelogSyncSql => changelog_sync::run(invocation, output).await,
        ChangelogSyncToTag | ChangelogSyncToTagSql => changelog_sync_to_tag::run(invocation, output).await,
        ClearChecksums => clear_checksums::run(invocation, output).await,
        Completions => completions::run(invocation, output),
        ConfigShow => config_show::run(invocation, output),
        Convert => convert::run(invocation, output),
        Diagnose => diagnose::run(invocation, output).await,
        FutureRollbackSql | FutureRollbackCountSql | FutureRollbackFromTagSql => future_rollback::run(invocation, output).await,
        History => history::run(invocation, output).await,
        ListLocks => list_locks::run(invocation, output).await,
        MarkNextChangesetRan | MarkNextChangesetRanSql => mark_next_changeset_ran::run(invocation, output).await,
        Plan => plan::run(invocation, output).await,
        ReleaseLocks => release_locks::run(invocation, output).await,
        Rollback | RollbackSql => rollback::run(invocation, output).await,
        RollbackCount | RollbackCountSql => rollback_count::run(invocation, output).await,
        RollbackToDate | RollbackToDateSql => rollback_to_date::run(invocation, output).await,
        Schema => schema::run(invocation, output),
        Status => status::run(invocation, output).await,
        Tag => tag::run(invocation, output).await,
        TagExists => tag_exists::run(invocation, output).await,
        UnexpectedChangesets => unexpected_changesets::run(invocation, output).await,
        Update | UpdateSql => update::run(invocation, output).await,
        UpdateCount | UpdateCountSql => update_count::run(invocation, output).await,
        UpdateTestingRollback => update_testing_rollback::run(invocation, output).await,
        UpdateToTag | UpdateToTagSql => update_to_tag::run(invocation, output).await,
        Validate => validate::run(invocation, output).await,
    }
}

impl Invocation {
    /// Whether the result is for programs.
    fn wants_json(&self) -> bool {
        self.settings.text(&FORMAT) == Some("JSON")
    }
}
