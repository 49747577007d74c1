//! Changesets whose statements are committed one by one: how far they got, so that the next run goes on where this one stopped.
//!
//! Before a statement that commits by itself the journal says that it is about to be sent, in the transaction that the statement
//! ends; so the journal is never behind the database, and at most one statement ahead. Rows that a statement changes commit
//! together with the note that it is done. docs/design/journal.md has the reasons.

use super::event::Event;
use super::outbox::{Origin, Outbox};
use super::run::{Run, RunError};
use crate::changelog::checksum::hex;
use crate::changelog::{ChangeSet, Identity};
use crate::db::{DbErrorKind, first_word};
use crate::history::journal::{JournalRow, State, Work};
use crate::history::row::key_of;
use crate::snapshot::columns;
use crate::sql::action::{Parameter, Sql};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;

/// The journal as it was read, by what was being done and whose key.
#[derive(Debug, Clone, Default)]
pub(super) struct Journal {
    /// Whether the table was there when the run began.
    pub(super) was_left: bool,
    /// Whether the table is there.
    exists: bool,
    open: HashMap<(Work, String), JournalRow>,
}

impl Journal {
    fn clear(&mut self) {
        self.exists = false;
        self.open.clear();
    }
}

/// When the statements of a changeset are committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Commits {
    /// Each by itself.
    Each,
    /// By each statement that the database does not take back: that one, and all before it.
    ByDefinition,
}

/// What a statement is to a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It reads or changes rows, and can be taken back until a commit.
    Rows,
    /// It concerns the session alone: done again when the rest is skipped.
    Session,
    /// It commits. Done twice, it is refused, or changes nothing more.
    Definition,
    /// It commits, or may; what doing it twice means is not known.
    Unknown,
}

fn kind_of(sql: &str) -> Kind {
    match first_word(sql).as_str() {
        "SELECT" if leaves_in_session(sql) => Kind::Session,
        "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "SELECT" | "MERGE" | "WITH" | "VALUES" | "LOAD" => Kind::Rows,
        "SET" | "USE" => Kind::Session,
        "CREATE" | "ALTER" | "DROP" | "RENAME" | "TRUNCATE" | "COMMENT" | "GRANT" | "REVOKE" | "ANALYZE" | "OPTIMIZE" | "VACUUM"
        | "REINDEX" | "REFRESH" | "CLUSTER" | "PRAGMA" => Kind::Definition,
        _ => Kind::Unknown,
    }
}

/// Whether a query is for what it leaves in the session: a variable of MySQL (`INTO @x`, `@x := …`) or a setting of PostgreSQL
/// (`set_config`, which dumps begin with).
fn leaves_in_session(sql: &str) -> bool {
    let sql: String = sql.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let assigns = |(at, _): (usize, &str)| sql.get(..at).is_some_and(|before| before.trim_end_matches(is_part).ends_with('@'));
    sql.contains("INTO@") || sql.contains("SET_CONFIG(") || sql.match_indices(":=").any(assigns)
}

/// The journal of one changeset on its way.
#[derive(Debug)]
pub(super) struct Entry {
    work: Work,
    /// The changeset as the journal names it.
    identity: Identity,
    commits: Commits,
    /// How many statements were put.
    number: usize,
    /// A digest of them.
    digest: String,
    /// The same without the last one.
    previous: String,
    /// For statements whose failure leaves those before done, the digest of those, by number.
    before: HashMap<usize, String>,
    /// Where an earlier run stopped.
    resume: Option<JournalRow>,
    /// Whether the table has a row.
    pub(super) is_written: bool,
    /// Whether the last statement was one that commits.
    is_behind_definition: bool,
}

impl Entry {
    /// Counts a statement in.
    fn next(&mut self, sql: &Sql) {
        let mut hasher = Sha256::new();
        hasher.update(&self.digest);
        hasher.update(&sql.text);
        hasher.update(sql.parameters.len().to_le_bytes());
        for parameter in &sql.parameters {
            hash_parameter(&mut hasher, parameter);
        }
        let digest = hex(&hasher.finalize());
        self.number += 1;
        self.previous = std::mem::replace(&mut self.digest, digest);
        match (self.commits, kind_of(&sql.text)) {
            // Each is sent before the next one is counted in.
            (Commits::Each, _) => self.before = HashMap::from([(self.number, self.previous.clone())]),
            (Commits::ByDefinition, Kind::Definition | Kind::Unknown) => {
                self.before.insert(self.number, self.previous.clone());
            }
            (Commits::ByDefinition, Kind::Rows | Kind::Session) => {}
        }
    }
}

/// What is to be done with a statement of a changeset that an earlier run began.
enum Turn {
    /// It is sent.
    Run,
    /// It took effect.
    Skip,
    /// Whether it took effect is not known.
    Retry,
}

impl Run<'_> {
    /// Whether the statements of a changeset are committed before its record is.
    pub(super) fn needs_journal(&self, changeset: &ChangeSet) -> bool {
        !self.in_transaction(changeset) || !self.session.target.caps.transactional_ddl
    }

    /// Reads the journal, and makes it when it is needed. Called under the lock.
    ///
    /// # Errors
    /// When the table cannot be read or made.
    pub(super) async fn open_journal(&mut self, is_needed: bool) -> Result<(), RunError> {
        self.journal.clear();
        let target = self.session.target.clone();
        let table = self.ledger.journal_table.clone();
        let exists = columns::has_table(self.session.connection()?, &target, &table).await?;
        if exists {
            let rows = self.session.query(&self.ledger.select_journal()).await?;
            let rows = rows.iter().filter_map(JournalRow::from_row);
            self.journal.open = rows.map(|row| ((row.work, key_of(&row.identity)), row)).collect();
        }
        if !exists && is_needed {
            for statement in &self.ledger.create_journal_table().map_err(|e| RunError::Other(e.to_string()))? {
                self.session.text(statement).await?;
            }
        }
        self.journal.exists = exists || is_needed;
        Ok(())
    }

    /// Takes the table away when nothing is open in it. The schema is then as Liquibase would leave it.
    pub(super) async fn close_journal(&mut self) {
        if !std::mem::take(&mut self.journal.exists) {
            return;
        }
        // Whatever fails here leaves an empty table, which the next run takes away.
        if let Ok(rows) = self.session.query(&self.ledger.select_journal()).await
            && rows.is_empty()
        {
            let _ = self.session.text(&self.ledger.drop_journal_table()).await;
        }
    }

    /// What an earlier run left of a changeset.
    pub(super) fn left_open(&self, work: Work, identity: &Identity) -> Option<&JournalRow> {
        self.journal.open.get(&(work, key_of(identity)))
    }

    /// Everything in the journal; nothing where there is none.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn read_journal(&mut self) -> Result<Vec<JournalRow>, RunError> {
        self.open_journal(false).await?;
        let mut rows: Vec<JournalRow> = self.journal.open.values().cloned().collect();
        rows.sort_by(|a, b| (&a.since, a.identity.to_string()).cmp(&(&b.since, b.identity.to_string())));
        Ok(rows)
    }

    /// Forgets everything in the journal: its changesets run from their first statement again.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn forget_journal(&mut self) -> Result<(), RunError> {
        if self.journal.exists {
            let sql = self.ledger.drop_journal_table();
            self.session.text(&sql).await?;
            self.journal.clear();
        }
        Ok(())
    }

    /// The journal entry of a changeset, where it needs one.
    pub(super) fn entry(&mut self, work: Work, changeset: &ChangeSet, identity: &Identity) -> Option<Entry> {
        let commits = match (self.in_transaction(changeset), self.session.target.caps.transactional_ddl) {
            (true, true) => return None,
            (true, false) => Commits::ByDefinition,
            (false, _) => Commits::Each,
        };
        if !self.journal.exists {
            return None;
        }
        let resume = self.journal.open.get(&(work, key_of(identity))).cloned();
        if let Some(row) = &resume {
            self.observer.on(&Event::Resumed { identity, row });
        }
        Some(Entry {
            work,
            identity: resume.as_ref().map_or_else(|| identity.clone(), |row| row.identity.clone()),
            commits,
            number: 0,
            digest: String::new(),
            previous: String::new(),
            before: HashMap::new(),
            is_written: resume.is_some(),
            resume,
            is_behind_definition: false,
        })
    }

    /// Puts a statement of a changeset that has a journal.
    ///
    /// # Errors
    /// As [`Run::put`], and when the statement is not the one that an earlier run began.
    pub(super) async fn put_journaled(&mut self, mut entry: Entry, out: &mut Outbox, sql: &Sql, origin: Origin) -> Result<(), RunError> {
        entry.next(sql);
        let result = self.put_entered(&mut entry, out, sql, origin).await;
        out.entry = Some(entry);
        result
    }

    async fn put_entered(&mut self, entry: &mut Entry, out: &mut Outbox, sql: &Sql, origin: Origin) -> Result<(), RunError> {
        out.number = entry.number;
        let kind = kind_of(&sql.text);
        match self.turn(entry, out)? {
            Turn::Skip if kind == Kind::Session => return self.push(out, sql, origin).await,
            Turn::Skip => return Ok(()),
            Turn::Retry => return self.retry(entry, out, sql, origin).await,
            Turn::Run => {}
        }
        match (entry.commits, kind) {
            (Commits::ByDefinition, Kind::Rows | Kind::Session) => {
                if std::mem::take(&mut entry.is_behind_definition) {
                    // From here on a crash takes back rows only: what is behind us is certain.
                    let (before, digest) = (entry.number - 1, entry.previous.clone());
                    let done = self.note(entry, (before, State::Done), &digest);
                    self.push(out, &done, Origin::Ledger).await?;
                    self.push(out, &Sql::new("COMMIT"), Origin::Ledger).await?;
                }
                self.push(out, sql, origin).await
            }
            (Commits::ByDefinition, Kind::Definition | Kind::Unknown) => {
                let digest = entry.digest.clone();
                let started = self.note(entry, (entry.number, State::Started), &digest);
                self.push(out, &started, Origin::Ledger).await?;
                entry.is_behind_definition = true;
                self.push(out, sql, origin).await
            }
            (Commits::Each, Kind::Session) => self.push(out, sql, origin).await,
            (Commits::Each, Kind::Rows) => {
                self.send(out).await?;
                let digest = entry.digest.clone();
                let done = self.note(entry, (entry.number, State::Done), &digest);
                out.begin_transaction();
                self.push(out, sql, origin).await?;
                self.push(out, &done, Origin::Ledger).await?;
                self.finish(out).await?;
                out.end_transaction();
                Ok(())
            }
            (Commits::Each, Kind::Definition | Kind::Unknown) => {
                let digest = entry.digest.clone();
                let started = self.note(entry, (entry.number, State::Started), &digest);
                self.push(out, &started, Origin::Ledger).await?;
                self.send(out).await?;
                self.push(out, sql, origin).await?;
                self.send(out).await?;
                let done = self.note(entry, (entry.number, State::Done), &digest);
                self.push(out, &done, Origin::Ledger).await?;
                self.send(out).await
            }
        }
    }

    /// Where a statement stands beside what an earlier run did.
    fn turn(&self, entry: &Entry, out: &Outbox) -> Result<Turn, RunError> {
        let Some(row) = &entry.resume else { return Ok(Turn::Run) };
        if entry.number == row.statement && entry.digest != row.digest {
            return Err(out.error(format!(
                "an earlier run stopped in this changeset at statement {}, and its statements up to there are no longer the ones that ran; \
                 restore them, or undo by hand what they did and run `changelog diagnose --forget-journal`",
                row.statement
            )));
        }
        Ok(match (entry.number.cmp(&row.statement), row.state) {
            (std::cmp::Ordering::Greater, _) => Turn::Run,
            (std::cmp::Ordering::Equal, State::Started) => Turn::Retry,
            _ => Turn::Skip,
        })
    }

    /// Sends a statement whose outcome is not known once more: it takes effect now, or the database says that it has.
    async fn retry(&mut self, entry: &mut Entry, out: &mut Outbox, sql: &Sql, origin: Origin) -> Result<(), RunError> {
        if kind_of(&sql.text) == Kind::Unknown {
            return Err(out.error(format!(
                "an earlier run was cut off in statement {} of this changeset, and whether it took effect cannot be known; look, bring it to \
                 the state before the changeset, and run `changelog diagnose --forget-journal`, or to the state behind it, and record it with \
                 mark-next-changeset-ran",
                entry.number
            )));
        }
        self.send(out).await?;
        self.push(out, sql, origin).await?;
        entry.is_behind_definition = true;
        let result = self.send(out).await;
        let refusal = match &result {
            Err(RunError::Changeset(e)) => e.database.as_ref(),
            _ => None,
        };
        if refusal.is_some_and(|d| d.kind != DbErrorKind::Statement) {
            // What was in the way now says nothing about the first attempt: it may still have taken effect.
            entry.before.remove(&entry.number);
        }
        match refusal.filter(|d| d.says_already_done(&sql.text)).cloned() {
            Some(error) => {
                let text = format!(
                    "Statement {} of changeset {} was begun by a run that was cut off, and the database says that it has taken effect: {error}",
                    entry.number, entry.identity
                );
                self.observer.on(&Event::Warning(&text));
                Ok(())
            }
            None => result,
        }
    }

    fn note(&self, entry: &mut Entry, at: (usize, State), digest: &str) -> Sql {
        let is_new = !std::mem::replace(&mut entry.is_written, true);
        Sql::new(self.ledger.write_journal(entry.work, &entry.identity, at, digest, is_new))
    }

    /// Puts what ends a changeset's entry, to go with its record.
    ///
    /// # Errors
    /// As [`Run::put`], and when the changeset has fewer statements than an earlier run did.
    pub(super) async fn end_entry(&mut self, work: Work, identity: &Identity, out: &mut Outbox) -> Result<(), RunError> {
        let Some(entry) = &out.entry else {
            // Recorded without being run: what was open is settled.
            return match self.journal.open.remove(&(work, key_of(identity))) {
                Some(row) => self.push(out, &Sql::new(self.ledger.remove_from_journal(work, &row.identity)), Origin::Ledger).await,
                None => Ok(()),
            };
        };
        if let Some(row) = &entry.resume
            && entry.number < row.statement
        {
            return Err(out.error(format!(
                "an earlier run stopped in this changeset at statement {}, but now it has only {}",
                row.statement, entry.number
            )));
        }
        if !entry.is_written {
            return Ok(());
        }
        let sql = Sql::new(self.ledger.remove_from_journal(entry.work, &entry.identity));
        if entry.commits == Commits::Each {
            self.send(out).await?;
            out.begin_transaction();
        }
        self.push(out, &sql, Origin::Ledger).await
    }

    /// After a failure: the journal says what is known, so that the next run goes on at the statement that failed. Gives the
    /// number of statements that took effect for good, when the journal has it. What cannot be written here changes nothing: the
    /// journal then says that the statement was begun, and the next run tries it again.
    pub(super) async fn note_failure(&mut self, out: &mut Outbox, is_forgotten: bool) -> Option<usize> {
        let entry = out.entry.take().filter(|e| e.is_written)?;
        let (work, identity) = (entry.work, &entry.identity);
        if is_forgotten {
            self.session.text(&self.ledger.remove_from_journal(work, identity)).await.ok()?;
            return None;
        }
        if let Some((failed, before)) = out.failed.and_then(|n| entry.before.get(&n).map(|before| (n, before))) {
            // Only where the note that it was begun is there: a statement that was not even understood has not committed
            // what stands before it, and that was taken back.
            let done = self.ledger.write_failure(work, identity, failed, before);
            self.session.text(&done).await.ok()?;
        }
        let rows = self.session.query(&self.ledger.select_journal()).await.ok()?;
        let row = rows.iter().filter_map(JournalRow::from_row).find(|r| r.work == work && key_of(&r.identity) == key_of(identity))?;
        match (row.statement, row.state) {
            (0, _) => {
                self.session.text(&self.ledger.remove_from_journal(work, identity)).await.ok()?;
                None
            }
            (n, State::Done) => Some(n),
            (n, State::Started) => Some(n - 1).filter(|n| *n > 0),
        }
    }
}

/// A parameter's kind, length and bytes: no two lists of parameters give the same bytes.
fn hash_parameter(hasher: &mut Sha256, parameter: &Parameter) {
    let (kind, bytes): (u8, Cow<'_, [u8]>) = match parameter {
        Parameter::Null => (0, Cow::Borrowed(&[])),
        Parameter::Text(text) => (1, Cow::Borrowed(text.as_bytes())),
        Parameter::Bool(value) => (2, Cow::Owned(vec![u8::from(*value)])),
        Parameter::Int(value) => (3, Cow::Owned(value.to_le_bytes().to_vec())),
        Parameter::Decimal(digits) => (4, Cow::Borrowed(digits.as_bytes())),
        Parameter::Bytes(bytes) => (5, Cow::Borrowed(bytes)),
    };
    hasher.update([kind]);
    hasher.update(bytes.len().to_le_bytes());
    hasher.update(&bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_parameters_are_another_statement() {
        let of = |parameters: &[Parameter]| {
            let mut hasher = Sha256::new();
            parameters.iter().for_each(|parameter| hash_parameter(&mut hasher, parameter));
            hex(&hasher.finalize())
        };
        let text = |text: &str| Parameter::Text(text.to_owned());
        let lists = [
            vec![text("ab"), text("c")],
            vec![text("a"), text("bc")],
            vec![text("abc")],
            vec![text("1")],
            vec![Parameter::Int(1)],
            vec![Parameter::Decimal("1".to_owned())],
            vec![Parameter::Bool(true)],
            vec![Parameter::Bytes(vec![1])],
            vec![Parameter::Null],
            vec![text("")],
        ];
        let digests: std::collections::HashSet<String> = lists.iter().map(|list| of(list)).collect();
        assert_eq!(digests.len(), lists.len());
    }
}
