//! `update` and its kin: the loop over the changesets that run.

use super::event::{Event, Outcome};
use super::lock::Wait;
use super::outbox::{Origin, Outbox};
use super::run::{ChangesetError, Run, RunError};
use crate::change::NoTables;
use crate::changelog::ChangeSet;
use crate::changelog::changeset::cut;
use crate::db::DbError;
use crate::history::journal::Work;
use crate::history::{CHECKSUM_VERSION, ExecType, LedgerRow};
use crate::plan::filter::{Limit, Plan, Step, Verdict};
use crate::plan::programs::Programs;
use crate::plan::validate::{self, Report, Rules};
use crate::precondition::{Outcome as PreconditionOutcome, Preconditions, Reaction};
use crate::sql::action::Sql;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

/// What a script says before statements that depend on the state of files or the database.
pub(super) const VOLATILE: &str = "WARNING The following SQL may change each run and therefore is possibly incorrect and/or invalid:";

/// How often a changeset is tried again that somebody else was in the way of.
const RETRIES: u32 = 3;

/// The pause before the first of these; longer before each further one.
const RETRY_PAUSE: std::time::Duration = std::time::Duration::from_millis(200);

/// What an update did, for the summary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Changesets that were deployed.
    pub run: usize,
    /// Changesets that ran before.
    pub previously_run: usize,
    /// Changesets left out, by reason, in order of first appearance; one may count several times.
    pub filtered: Vec<(&'static str, usize)>,
    /// Changesets left out, each once.
    pub filtered_out: usize,
    /// All changesets.
    pub total: usize,
    /// For each changeset left out, why, in words.
    pub details: Vec<(String, Vec<String>)>,
    /// Rows that the changesets' statements touched.
    pub rows: u64,
    /// Whether there was nothing to do.
    pub up_to_date: bool,
    /// Changesets whose error was ignored (`failOnError: false`).
    pub ignored_errors: Vec<String>,
    /// Changesets that got a new row in the ledger.
    pub recorded: usize,
}

impl Summary {
    fn filter(&mut self, label: &'static str) {
        match self.filtered.iter_mut().find(|(l, _)| *l == label) {
            Some((_, n)) => *n += 1,
            None => self.filtered.push((label, 1)),
        }
    }
}

/// What to do with the changesets that run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Execute and record them.
    Execute,
    /// Record them only (changelog-sync, mark-next-changeset-ran).
    RecordOnly,
}

impl Run<'_> {
    /// Plans the run on the ledger as it was read.
    ///
    /// # Errors
    /// When an expression cannot be parsed, or a file that takes part in a checksum cannot be read.
    pub fn plan(&self, limit: &Limit) -> Result<Plan, RunError> {
        let plan = self.selection.plan(self.changelog, &self.ran, limit).map_err(RunError::Other)?;
        match plan.steps.iter().find_map(|s| s.error.clone()) {
            Some(error) => Err(RunError::Other(error)),
            None => Ok(plan),
        }
    }

    /// Validates the changelog for this database. `runs` says that its changes are to be run: then what they start must
    /// be allowed.
    ///
    /// # Errors
    /// When validation itself cannot be done.
    pub async fn validate(&mut self, runs: bool) -> Result<Report, RunError> {
        let mut report = self.check(runs)?;
        self.alone.clone_from(&report.alone);
        self.changelog_preconditions(&mut report).await;
        self.harden(&mut report);
        self.is_silent = report.is_ok() && report.warnings.is_empty();
        for warning in &report.warnings {
            self.observer.on(&Event::Warning(&warning.to_string()));
        }
        Ok(report)
    }

    /// As [`Run::validate`], without the preconditions of the changelog: the database is asked nothing.
    ///
    /// # Errors
    /// As those of [`Run::validate`].
    pub fn check(&self, runs: bool) -> Result<Report, RunError> {
        let target = self.session.target.clone();
        let programs = Programs { allow_commands: self.options.allow_commands, custom_classes: &self.options.custom_classes };
        let rules = Rules {
            target: &target,
            selection: self.selection,
            allow_duplicates: self.options.allow_duplicates,
            now: self.options.now,
            tables: &NoTables,
            executing: !self.session.is_writing(),
            programs: runs.then_some(programs),
            room: &self.room,
        };
        let mut report = validate::validate(self.changelog, &self.ran, &rules).map_err(RunError::Other)?;
        self.harden(&mut report);
        Ok(report)
    }

    /// What is doubtful is refused, where the run is strict.
    fn harden(&self, report: &mut Report) {
        if self.options.strict {
            let warnings = std::mem::take(&mut report.warnings);
            report.invalid.extend(warnings);
        }
    }

    /// Runs the changesets up to the limit. `title` heads the script.
    ///
    /// # Errors
    /// When the changelog is not valid, the lock is not to be had, or a changeset fails. The summary counts what
    /// was done until then.
    pub async fn update(&mut self, limit: &Limit, title: &str) -> (Summary, Result<(), RunError>) {
        self.deploy(limit, title, Mode::Execute).await
    }

    pub(super) async fn deploy(&mut self, limit: &Limit, title: &str, mode: Mode) -> (Summary, Result<(), RunError>) {
        let mut summary = Summary::default();
        let result = self.deploy_inner(limit, title, mode, &mut summary).await;
        self.close_journal().await;
        // The lock goes back whatever happened; a failure to give it back must not hide the first error.
        let released = self.release_lock().await;
        (summary, result.and(released))
    }

    async fn deploy_inner(&mut self, limit: &Limit, title: &str, mode: Mode, summary: &mut Summary) -> Result<(), RunError> {
        self.prepare().await?;
        let report = self.validate(mode == Mode::Execute && !self.session.is_writing()).await?;
        if !report.is_ok() {
            return Err(RunError::Validation(Box::new(report)));
        }
        let mut plan = self.plan(limit)?;
        self.check_tag(limit, &plan)?;
        if !self.session.is_writing() {
            if plan.is_idle() {
                self.clear_away().await?;
                self.count(&plan, summary);
                summary.up_to_date = true;
                return Ok(());
            }
            let mut wait = Wait::new(self);
            loop {
                let busy = self.attempt_lock(&mut wait).await?;
                // Another runner may have finished in between: what it did is not done again. Nobody queues for nothing. Under the
                // lock all is read; while waiting it is enough to hear of what was recorded.
                if busy.is_none() || self.has_ledger_grown().await? {
                    self.read_rows().await?;
                    plan = self.plan(limit)?;
                    if plan.is_idle() {
                        self.leave().await?;
                        self.count(&plan, summary);
                        summary.up_to_date = true;
                        return Ok(());
                    }
                }
                match busy {
                    Some(holder) => self.wait_for_lock(&mut wait, holder).await?,
                    None => break,
                }
            }
            let is_needed = mode == Mode::Execute && plan.pending().any(|s| self.needs_journal(&s.changeset));
            self.open_journal(is_needed).await?;
        }
        // In a script that runs changesets, old checksums are brought up to date where the changeset's turn is.
        if mode == Mode::RecordOnly || !self.session.is_writing() {
            self.upgrades(&plan).await?;
        }
        self.header(title);
        if let Some(script) = &mut self.session.script {
            script.session_setup();
        }
        let result = match mode {
            Mode::Execute => self.steps(&plan, &report.mark_ran, summary).await,
            Mode::RecordOnly => self.records(&plan, summary).await,
        };
        if let (Ok(()), Mode::Execute, Some(script)) = (&result, mode, &mut self.session.script) {
            script.end();
        }
        self.count(&plan, summary);
        result.and_then(|()| self.keep_offline())
    }

    /// A tag that is nowhere is told before the run begins; with `strict`, it stops it.
    fn check_tag(&mut self, limit: &Limit, plan: &Plan) -> Result<(), RunError> {
        let Limit::Tag(tag) = limit else { return Ok(()) };
        if plan.tag_found {
            return Ok(());
        }
        let missing = format!("The tag '{tag}' was not found in the changelog '{}'.", self.changelog.path);
        if self.options.strict {
            return Err(RunError::Other(format!("{missing} Nothing was run.")));
        }
        self.observer.on(&Event::Warning(&format!(" {missing} All changesets in the changelog were deployed.")));
        Ok(())
    }

    /// Counts verdicts for the summary.
    pub(super) fn count(&self, plan: &Plan, summary: &mut Summary) {
        summary.total = plan.steps.len();
        // Changesets for other databases never entered the changelog: first in the list, last in the sums.
        let (others, own) = plan.steps.split_at(self.changelog.for_other_databases.len().min(plan.steps.len()));
        let mut details = Vec::new();
        for step in own.iter().chain(others) {
            match &step.verdict {
                Verdict::Ran => summary.previously_run += 1,
                Verdict::Skipped(reasons) => {
                    summary.filtered_out += 1;
                    let mut reasons = reasons.clone();
                    reasons.sort_by_key(|r| *r != crate::plan::Reason::Tag);
                    let mut words = Vec::new();
                    for reason in reasons {
                        summary.filter(reason.summary());
                        words.push(self.in_words(reason, plan, &step.changeset));
                    }
                    details.push((step.changeset.identity.to_string(), words));
                }
                Verdict::Run | Verdict::Rerun => {}
            }
        }
        let others = others.len().min(details.len());
        details.rotate_right(others);
        summary.details.splice(0..0, details);
    }

    fn in_words(&self, reason: crate::plan::Reason, plan: &Plan, changeset: &ChangeSet) -> String {
        use crate::plan::Reason;
        match reason {
            Reason::Context => format!("Context does not match '{}'", self.selection.contexts.original()),
            Reason::Label => format!("Labels does not match '{}'", self.selection.labels.original()),
            Reason::Dbms => format!("mismatched DBMS value of '{}'", changeset.dbms.join(",")),
            Reason::Ignore => "Changeset is ignored".to_owned(),
            Reason::Tag => "Changeset is after the tag".to_owned(),
            Reason::Count => format!("Only running {} changesets", plan.pending().count()),
        }
    }

    async fn steps(&mut self, plan: &Plan, mark_ran: &HashSet<crate::changelog::Identity>, summary: &mut Summary) -> Result<(), RunError> {
        let of = plan.pending().count();
        self.observer.on(&Event::Planned { pending: of });
        let mut number = 0;
        for step in &plan.steps {
            if let (Some(new), true) = (&step.upgrade, self.session.is_writing()) {
                self.upgrade(step, new, &mut Outbox::of_ledger(false)).await?;
            }
            if !step.verdict.runs() {
                continue;
            }
            if self.stop.is_asked() {
                return Err(RunError::Stopped);
            }
            number += 1;
            let identity = &step.changeset.identity;
            let is_executed = !self.session.is_writing();
            if is_executed {
                self.observer.on(&Event::Started { identity, number, of, rollback: false });
            }
            let started = Instant::now();
            let outcome = match self.one(step, mark_ran.contains(identity), summary).await {
                Ok(outcome) => outcome,
                Err(RunError::Changeset(error)) if step.changeset.fail_on_error == Some(false) => {
                    summary.ignored_errors.push(identity.to_string());
                    Outcome::FailedIgnored(error.reason.clone())
                }
                Err(error) => return Err(error),
            };
            let is_recorded = matches!(outcome, Outcome::Recorded(_));
            summary.recorded += usize::from(is_recorded && step.row.is_none());
            match &outcome {
                Outcome::FailedIgnored(_) | Outcome::RolledBack => {}
                Outcome::Recorded(_) => summary.run += 1,
                Outcome::Skipped(_) => {
                    summary.filtered_out += 1;
                    summary.filter("Preconditions");
                    summary.details.push((identity.to_string(), vec!["Preconditions do not hold".to_owned()]));
                }
            }
            if is_executed {
                self.observer.on(&Event::Finished { identity, outcome: &outcome, elapsed: started.elapsed() });
            }
        }
        Ok(())
    }

    /// Records the changesets that would run, all or none.
    async fn records(&mut self, plan: &Plan, summary: &mut Summary) -> Result<(), RunError> {
        let mut out = Outbox::of_ledger(!self.session.is_writing());
        for step in plan.pending() {
            if self.stop.is_asked() {
                return self.all_or_none(out, Err(RunError::Stopped)).await;
            }
            let done = if step.verdict == Verdict::Rerun { ExecType::Reran } else { ExecType::Executed };
            if let Err(error) = self.record(step, done, &mut out).await {
                return self.all_or_none(out, Err(error)).await;
            }
        }
        self.all_or_none(out, Ok(())).await?;
        summary.run += plan.pending().count();
        summary.recorded += plan.pending().filter(|s| s.row.is_none()).count();
        Ok(())
    }

    /// Commits what was put into an outbox of the ledger, or takes it back after an error.
    async fn all_or_none(&mut self, mut out: Outbox, result: Result<(), RunError>) -> Result<(), RunError> {
        let result = match result {
            Ok(()) => self.finish(&mut out).await,
            error => error,
        };
        if result.is_err() && !self.session.is_writing() {
            // The first error counts: a rollback on a broken connection fails too.
            let _ = self.session.rollback().await;
        }
        result
    }

    /// Brings old checksums up to date, all or none.
    pub(super) async fn upgrades(&mut self, plan: &Plan) -> Result<(), RunError> {
        let mut out = Outbox::of_ledger(!self.session.is_writing());
        for step in &plan.steps {
            if let Some(new) = &step.upgrade
                && let Err(error) = self.upgrade(step, new, &mut out).await
            {
                return self.all_or_none(out, Err(error)).await;
            }
        }
        self.all_or_none(out, Ok(())).await
    }

    async fn upgrade(&mut self, step: &Step, new: &crate::changelog::checksum::Checksum, out: &mut Outbox) -> Result<(), RunError> {
        let identity = &step.changeset.identity;
        let old = step.row.and_then(|i| self.ran.rows.get(i)).and_then(|r| r.checksum.clone());
        if let (Some(from), false) = (&old, self.session.is_writing()) {
            self.observer.on(&Event::ChecksumUpgraded { identity, from, to: new });
        }
        if self.keeps_ledger() {
            // The stored path may differ from ours in form; the row is addressed as it is stored.
            let stored = step.row.and_then(|i| self.ran.rows.get(i)).map(LedgerRow::identity).unwrap_or_else(|| identity.clone());
            let sql = Sql::new(self.ledger.set_checksum(&stored, new));
            self.fence(out).await?;
            self.put(out, &sql, Origin::Ledger).await?;
        }
        if let Some(row) = step.row.and_then(|i| self.ran.rows.get_mut(i)) {
            row.checksum = Some(new.clone());
        }
        Ok(())
    }

    /// One changeset: preconditions, changes, record.
    async fn one(&mut self, step: &Step, mark_ran: bool, summary: &mut Summary) -> Result<Outcome, RunError> {
        let changeset = &step.changeset;
        let reran = step.verdict == Verdict::Rerun;
        let done = if reran { ExecType::Reran } else { ExecType::Executed };
        self.comment(changeset);
        if mark_ran {
            let kind = if reran { ExecType::Reran } else { ExecType::MarkRan };
            self.record_alone(step, kind).await?;
            return Ok(Outcome::Recorded(ExecType::MarkRan));
        }
        // Where an earlier run got half-way they held, and may no longer.
        let is_half_way = self.left_open(Work::Update, &changeset.identity).is_some();
        if let Some(container) = changeset.preconditions.as_ref().filter(|_| !is_half_way) {
            match self.precondition(container, changeset).await? {
                None => {}
                Some(Outcome::Recorded(kind)) => {
                    let stored = if reran { ExecType::Reran } else { kind };
                    self.record_alone(step, stored).await?;
                    return Ok(Outcome::Recorded(kind));
                }
                Some(other) => return Ok(other),
            }
        }
        let all_skipped = self.changes(step, done, summary).await?;
        if all_skipped {
            return Ok(Outcome::Skipped("every change is for other operating systems".to_owned()));
        }
        Ok(Outcome::Recorded(done))
    }

    fn comment(&mut self, changeset: &ChangeSet) {
        let mut text = format!("Changeset {}", changeset.identity);
        if let Some(comment) = changeset.comment.as_deref().filter(|c| !c.is_empty()) {
            text.push('\n');
            text.push_str(comment);
        }
        self.session.comment(&text);
        if let Some(script) = &mut self.session.script {
            script.session_setup();
        }
    }

    /// Asks a changeset's preconditions: `None` when it runs.
    async fn precondition(&mut self, container: &Preconditions, changeset: &Arc<ChangeSet>) -> Result<Option<Outcome>, RunError> {
        let (reaction, which, reasons) = match self.ask(container, Some(changeset)).await {
            PreconditionOutcome::Passed => return Ok(None),
            PreconditionOutcome::Failed(reasons) => {
                let reasons = container.on_fail_message.clone().map_or(reasons, |m| vec![format!("{} : {m}", container.file)]);
                (container.on_fail, "onFail", reasons)
            }
            PreconditionOutcome::Error(reason) => {
                (container.on_error, "onError", vec![container.on_error_message.clone().unwrap_or(reason)])
            }
        };
        let text = reasons.iter().map(|r| format!("\n          {r}")).collect::<String>() + "\n  - Caused by: Preconditions Failed";
        match reaction {
            Reaction::Halt => {
                let error = ChangesetError::new(changeset, text);
                Err(match container.span {
                    Some(span) => error.at(span),
                    None => error,
                }
                .into())
            }
            Reaction::Continue => Ok(Some(Outcome::Skipped(reasons.join("; ")))),
            Reaction::MarkRan => Ok(Some(Outcome::Recorded(ExecType::MarkRan))),
            Reaction::Warn => {
                let warning = format!(
                    "Executing {} despite precondition failure due to {which}='WARN':\n      {} preconditions failed{}\n",
                    changeset.identity,
                    reasons.len(),
                    reasons.iter().map(|r| format!("\n     {r}")).collect::<String>()
                );
                self.observer.on(&Event::Warning(&warning));
                Ok(None)
            }
        }
    }

    /// Runs the changes and records the changeset; in one transaction wherever the database can. Returns whether
    /// every change is for other operating systems, in which case nothing is recorded. A changeset that was taken back as a
    /// whole because somebody else was in the way is tried again, a few times.
    async fn changes(&mut self, step: &Step, done: ExecType, summary: &mut Summary) -> Result<bool, RunError> {
        let changeset = Arc::clone(&step.changeset);
        let in_transaction = self.in_transaction(&changeset) && !self.session.is_writing();
        if changeset.run_in_transaction && !self.in_transaction(&changeset) && !self.session.is_writing() {
            self.observer.on(&Event::Alone { identity: &changeset.identity });
        }
        let mut attempt = 0;
        loop {
            let last_order = self.ran.last_order();
            let mut out = Outbox::new(&changeset, in_transaction, false);
            out.entry = self.entry(Work::Update, &changeset, &changeset.identity);
            out.is_journaled = out.entry.is_some();
            let mut result = self.changes_inner(step, done, &mut out).await;
            if result.is_ok() {
                result = self.finish(&mut out).await.and(result);
            }
            summary.rows += out.rows;
            let Err(mut error) = result else { return result };
            let is_asked_to_stop = self.gives_up(&changeset);
            if is_asked_to_stop && matches!(&error, RunError::Changeset(e) if e.sql.is_none()) {
                error = RunError::Stopped;
            }
            let (rows, reaches_out) = (out.rows, out.reaches_out);
            error = self.after_failure(&mut out, error, changeset.fail_on_error == Some(false)).await;
            let is_in_the_way =
                matches!(&error, RunError::Changeset(e) if !e.partial && e.database.as_ref().is_some_and(DbError::is_in_the_way));
            // The number of a record that was not written is the next one's.
            self.ran.give_back_orders(last_order);
            if !in_transaction || !is_in_the_way || reaches_out || is_asked_to_stop || attempt == RETRIES {
                if let RunError::Changeset(error) = &mut error {
                    error.presence = self.presence(&changeset, error).await;
                }
                return Err(error);
            }
            attempt += 1;
            summary.rows -= rows;
            self.observer.on(&Event::Warning(&format!("{error}\n     It was taken back, and is tried again ({attempt} of {RETRIES})")));
            // Two runs that are in each other's way must not try again together.
            let spread = std::time::Duration::from_millis(u64::from(std::process::id() % 97));
            tokio::time::sleep(RETRY_PAUSE * attempt + spread).await;
        }
    }

    async fn changes_inner(&mut self, step: &Step, done: ExecType, out: &mut Outbox) -> Result<bool, RunError> {
        let changeset = Arc::clone(&step.changeset);
        self.fence_work(out).await?;
        let mut skipped = 0;
        for change in &changeset.changes {
            if self.run_streamed(&changeset, change, out).await? {
                continue;
            }
            let actions = self.render_change(&changeset, &change.value, out).await.map_err(|error| error.at(change.span))?;
            if !actions.is_empty() && actions.iter().all(|a| matches!(a, crate::sql::Action::OtherSystem(_))) {
                skipped += 1;
            }
            if change.value.as_type().is_volatile() && self.session.is_writing() && !actions.is_empty() {
                self.session.comment(VOLATILE);
            }
            for action in &actions {
                if self.gives_up(&changeset) {
                    return Err(RunError::Stopped);
                }
                self.act(action, &changeset, change.span, out).await?;
            }
        }
        if skipped > 0 && skipped == changeset.changes.len() {
            return Ok(true);
        }
        self.record(step, done, out).await?;
        Ok(false)
    }

    /// Writes the changeset's row by itself; what an earlier run left half done of it is settled with that.
    pub(super) async fn record_alone(&mut self, step: &Step, exec_type: ExecType) -> Result<(), RunError> {
        let is_half_way = self.left_open(Work::Update, &step.changeset.identity).is_some();
        let mut out = Outbox::of_ledger(is_half_way);
        let result = self.record(step, exec_type, &mut out).await;
        self.all_or_none(out, result).await
    }

    /// Writes the changeset's row.
    pub(super) async fn record(&mut self, step: &Step, exec_type: ExecType, out: &mut Outbox) -> Result<(), RunError> {
        let changeset = &step.changeset;
        let checksum = self.selection.checksum(self.changelog, changeset, CHECKSUM_VERSION).map_err(|e| RunError::Other(e.to_string()))?;
        let mut row = LedgerRow {
            id: changeset.identity.id().to_owned(),
            author: changeset.identity.author().to_owned(),
            filename: changeset.identity.path.clone(),
            date_executed: self.options.started.clone(),
            order_executed: self.order(),
            exec_type: exec_type.word().to_owned(),
            checksum: Some(checksum),
            description: Some(cut(&changeset.description(), 250)),
            comments: Some(changeset.recorded_comment()),
            tag: changeset.tag().map(str::to_owned),
            liquibase: Some(crate::history::LIQUIBASE_VERSION.to_owned()),
            contexts: changeset.recorded_contexts(),
            labels: changeset.recorded_labels(),
            deployment_id: Some(self.options.deployment_id.clone()),
        };
        if self.keeps_ledger() {
            let sql = Sql::new(self.ledger.record(&row));
            self.end_entry(Work::Update, &changeset.identity, out).await?;
            self.fence(out).await?;
            self.put(out, &sql, Origin::Ledger).await?;
        }
        // The history file has the second of the two numbers.
        row.order_executed += i64::from(self.session.is_offline());
        out.recorded.push((row, step.row.filter(|_| exec_type == ExecType::Reran)));
        Ok(())
    }
}
