//! `diagnose`: what runs have left behind: the lock, and changesets that are half done.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::FORGET_JOURNAL;
use crate::exec::event::Silent;
use crate::exec::lock::has_session_lock;
use crate::history::journal::{JournalRow, State};
use crate::report::date;
use crate::report::lock::{Diagnosis, HalfDone, HeldLock};

/// Shows the lock and the journal; forgets the journal when asked to.
///
/// # Errors
/// When the tables cannot be read or written.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: false, access: Access::Existing }, output).await?;
    let mut silent = Silent;
    let mut run = opened.run(&mut silent);
    let holder = run.list_locks().await?;
    let is_alive = run.is_runner_alive().await?;
    let journal = run.read_journal().await?;
    let forgets = invocation.settings.is_on(&FORGET_JOURNAL);
    if forgets && is_alive == Some(true) {
        return Err(Failure::usage("a run is under way; its journal cannot be forgotten".to_owned()));
    }
    if forgets {
        run.forget_journal().await?;
    }
    let display = &opened.session.display;
    if invocation.wants_json() {
        output.document(&Diagnosis {
            version: 1,
            database: opened.session.url().to_owned(),
            lock: holder.map(|held| HeldLock { session: session_of(&held.0, is_alive), lock: held.into() }),
            journal: journal.iter().map(HalfDone::from).collect(),
            forgotten: forgets,
        })?;
    } else {
        output.result_line(format_args!("State of {display}"))?;
        match &holder {
            None => output.result_line(" - The lock is free")?,
            Some((owner, since)) => {
                let since = date::styled(since, date::medium);
                let session = session_of(owner, is_alive);
                output.result_line(format_args!(" - The lock is held by {owner} since {since}; its session is {session}"))?;
            }
        }
        if journal.is_empty() {
            output.result_line(" - No changeset is half done")?;
        }
        for row in &journal {
            output.result_line(format_args!(" - {}", entry_text(row)))?;
        }
        if forgets && !journal.is_empty() {
            output.result_line("The journal is forgotten: these changesets start at their first statement again.")?;
        }
    }
    deploy::close(opened, Ok(()), output).await
}

/// What is known of the holder of the lock. Of one that has no session lock, as Liquibase, that nobody holds it says nothing.
fn session_of(holder: &str, is_alive: Option<bool>) -> &'static str {
    match is_alive.filter(|_| has_session_lock(holder)) {
        Some(true) => "alive",
        Some(false) => "gone",
        None => "unknown",
    }
}

fn entry_text(row: &JournalRow) -> String {
    let known = match row.state {
        State::Done => "has taken effect, those behind it have not",
        State::Started => "was begun and its outcome is not known; those before it have taken effect",
    };
    format!("{} of {}: statement {} {known} (since {})", row.work.word(), row.identity, row.statement, row.since)
}
