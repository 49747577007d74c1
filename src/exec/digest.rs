//! Nothing to do, known without reading anything twice.
//!
//! A run that finds nothing to do leaves a digest of the changelog's inputs and of the ledger in a table. The next run that asks
//! the same way compares both: one query and one pass over the files instead of parsing the changelog and reading the ledger.
//! A digest is never trusted beyond that: whatever differs, or cannot be had, leads to the ordinary way.

use super::run::{Run, RunError};
use super::session::Session;
use super::update::Summary;
use crate::changelog::checksum::hex;
use crate::changelog::inputs;
use crate::changelog::search_path::SearchPath;
use crate::db::{DbError, Frame};
use crate::history::digest::{self, DigestRow};
use crate::history::{Ledger, LedgerRow};
use crate::plan::Limit;
use crate::plan::filter::RanRows;
use crate::snapshot::columns;
use sha2::{Digest as _, Sha256};

/// Changelogs of that many changesets and more are worth a table.
pub const WORTH: usize = 2000;

/// A way of asking: two runs with the same one get the same answer from the same files and the same ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// A digest of everything that decides, but files, environment and ledger.
    pub id: String,
    /// How many changesets a changelog must have to be worth a new table.
    pub worth: usize,
}

impl Question {
    /// A question that these texts decide.
    pub fn new<'t>(texts: impl IntoIterator<Item = &'t str>, worth: usize) -> Question {
        let mut hasher = Sha256::new();
        for text in texts {
            hasher.update(text.len().to_le_bytes());
            hasher.update(text);
        }
        Question { id: hex(&hasher.finalize()), worth }
    }
}

async fn has_table(session: &mut Session, ledger: &Ledger) -> Result<bool, DbError> {
    let target = session.target.clone();
    let table = &ledger.digest_table;
    columns::has_table(session.connection()?, &target, table).await
}

/// What was told when there was nothing to do, if that is still so. An error of the database is an answer too: no.
pub async fn still_nothing_to_do(
    session: &mut Session,
    ledger: &Ledger,
    question: &Question,
    search: &SearchPath,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let select = ledger.select_digest(&question.id)?;
    if !has_table(session, ledger).await.ok()? {
        return None;
    }
    let rows = session.query(&select).await.ok()?;
    let row = rows.first()?;
    let known = DigestRow::from_row(&question.id, row);
    let sum = row.text(digest::SUM)?;
    // Somebody is at work, or was when he was killed: the ordinary way looks after that.
    if row.text(digest::HOLDER).is_some() {
        return None;
    }
    let is_same = known.ledger == short(&sum) && inputs::digest_of(&known.manifest, search, environment)? == known.inputs;
    is_same.then_some(known.summary)
}

/// A sum may be as long as the ledger.
fn short(sum: &str) -> String {
    hex(&Sha256::digest(sum))
}

impl Run<'_> {
    /// Leaves a digest behind when there is nothing left to do, so that the next run knows by it; `tell` makes the text
    /// that it will print. A failure to do so is none of the run.
    pub async fn leave_digest(&mut self, question: &Question, tell: impl Fn(&Summary) -> String) {
        // What cannot be had here is had the ordinary way.
        let _ = self.try_leave_digest(question, tell).await;
    }

    async fn try_leave_digest(&mut self, question: &Question, tell: impl Fn(&Summary) -> String) -> Result<(), RunError> {
        let changelog = self.changelog;
        // Whatever was told would have to be told again; preconditions must be asked each time.
        let is_silent = self.is_silent && changelog.problems.is_empty() && changelog.preconditions.is_empty();
        let Some(select) = self.ledger.select_with_sum() else { return Ok(()) };
        if !is_silent || self.session.is_writing() {
            return Ok(());
        }
        let exists = has_table(self.session, &self.ledger).await?;
        if !exists && changelog.changesets.len() < question.worth {
            return Ok(());
        }
        // Sum and rows are from one moment; what is judged is what was summed.
        let rows = self.session.query(&select).await?;
        let Some(sum) = rows.iter().find_map(|r| r.text(digest::SUM)) else { return Ok(()) };
        self.ran = RanRows::new(rows.iter().filter(|r| r.text(digest::SUM).is_none()).map(LedgerRow::from_row).collect());
        let plan = self.plan(&Limit::None)?;
        if !plan.is_idle() {
            return Ok(());
        }
        let Some(taken) = changelog.search.inputs().take() else { return Ok(()) };
        let mut summary = Summary { up_to_date: true, ..Summary::default() };
        self.count(&plan, &mut summary);
        let row = DigestRow {
            id: question.id.clone(),
            manifest: taken.manifest,
            inputs: taken.digest,
            ledger: short(&sum),
            summary: tell(&summary),
        };
        if !exists {
            let statements = self.ledger.create_digest_table().map_err(|e| RunError::Other(e.to_string()))?;
            for statement in &statements {
                self.session.text(statement).await?;
            }
        }
        let written = self.session.batch(&self.ledger.write_digest(&row), Frame { begin: true, commit: true }).await;
        if let Err((_, error)) = written {
            self.session.rollback().await?;
            return Err(error.into());
        }
        Ok(())
    }
}
