//! Validation before anything runs (filters §6 step 2, executor §5.4).

use super::filter::{RanRows, Selection, resources};
use super::programs::Programs;
use super::render;
use super::transaction::{self, Mode};
use crate::change::{Context, TableTypes};
use crate::changelog::changeset::{Located, OnValidationFail};
use crate::changelog::checksum::Checksum;
use crate::changelog::{ChangeSet, Changelog, Identity};
use crate::dialect;
use crate::history::LedgerRow;
use crate::history::room::Room;
use crate::span::Span;
use crate::sql::{Target, dbms};
use std::collections::HashSet;

/// What is wrong with a changeset, or doubtful about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub text: String,
    /// The changeset.
    pub identity: Identity,
    /// The change that it is about, or else the changeset.
    pub span: Span,
}

impl Finding {
    /// Of a changeset as a whole.
    fn of(changeset: &ChangeSet, text: String) -> Self {
        Finding { text, identity: changeset.identity.clone(), span: changeset.span }
    }

    /// Of a part of a changeset.
    fn within(changeset: &ChangeSet, found: Located<String>) -> Self {
        Finding { text: found.value, identity: changeset.identity.clone(), span: found.span }
    }
}

/// As Liquibase tells it.
impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}", self.text, self.identity)
    }
}

/// Everything that is wrong with a changelog for a database, by section in the order in which it is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Changesets that were edited since they ran: identity, stored checksum, checksum now.
    pub checksums: Vec<(Identity, String, String)>,
    /// Preconditions of the changelog that do not hold.
    pub failed_preconditions: Vec<String>,
    /// Preconditions of the changelog that could not be asked.
    pub broken_preconditions: Vec<String>,
    /// Identities that are used twice.
    pub duplicates: Vec<Identity>,
    /// Ids and authors that are missing.
    pub failures: Vec<String>,
    /// Changes that cannot work.
    pub invalid: Vec<Finding>,
    /// Changesets that are recorded without running because they are not valid (`onValidationFail`).
    pub mark_ran: HashSet<Identity>,
    /// Changesets whose statements cannot run in a transaction.
    pub alone: HashSet<Identity>,
    /// Doubtful things that do not stop the run.
    pub warnings: Vec<Finding>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_ok(&self) -> bool {
        self.checksums.is_empty()
            && self.failed_preconditions.is_empty()
            && self.broken_preconditions.is_empty()
            && self.duplicates.is_empty()
            && self.failures.is_empty()
            && self.invalid.is_empty()
    }

    /// Why a run is refused because of what is recorded of a changeset; `earlier` says whether a changeset
    /// with its identity stands before it.
    pub fn refusals(&self, identity: &Identity, earlier: bool) -> Vec<String> {
        let edited = self.checksums.iter().filter(|(i, ..)| i == identity).map(|(i, was, now)| edited(i, was, now));
        let twice = self.duplicates.iter().filter(|i| earlier && *i == identity).take(1).map(used_twice);
        let invalid = self.invalid.iter().filter(|f| f.identity == *identity).map(|f| f.text.clone());
        edited.chain(twice).chain(invalid).collect()
    }

    /// The text that Liquibase shows.
    pub fn text(&self) -> String {
        let mut out = String::from("Validation Failed:");
        let mut section = |head: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                out.push_str(&format!("\n     {} {head}", lines.len()));
                for line in lines {
                    out.push_str(&format!("\n          {line}"));
                }
            }
        };
        section("changesets check sum", self.checksums.iter().map(|(i, was, now)| format!("{i} was: {was} but is now: {now}")).collect());
        section("preconditions failed", self.failed_preconditions.clone());
        section("preconditions generated an error", self.broken_preconditions.clone());
        section("changesets had duplicate identifiers", self.duplicates.iter().map(ToString::to_string).collect());
        section("changes have failures", self.failures.clone());
        section("changes have validation failures", self.invalid.iter().map(ToString::to_string).collect());
        out
    }
}

/// What is told of a changeset with another checksum than the recorded one.
pub fn edited(identity: &Identity, was: &str, now: &str) -> String {
    format!("changeset {identity} was edited after it ran: it was {was} but is now {now}")
}

/// What is told of a changeset whose identity is taken.
pub fn used_twice(identity: &Identity) -> String {
    format!("changeset {identity} has the identity of an earlier one")
}

/// What validation depends on beside the changelog and the ledger.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// What the changes are for.
    pub target: &'a Target,
    /// What the run selects.
    pub selection: &'a Selection,
    /// Whether one identity may be used twice.
    pub allow_duplicates: bool,
    /// The local time, in seconds since 1970.
    pub now: i64,
    /// Columns of existing tables.
    pub tables: &'a dyn TableTypes,
    /// Whether statements will be executed.
    pub executing: bool,
    /// What may be started; `None` where changes are not run, so that nothing needs to be.
    pub programs: Option<Programs<'a>>,
    /// How much the columns of the ledger hold.
    pub room: &'a Room,
}

impl std::fmt::Debug for Rules<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rules").field("dialect", &self.target.dialect.id).field("executing", &self.executing).finish_non_exhaustive()
    }
}

/// Checks the changesets that pass the filters; of those that could not be read whole, only the identity.
///
/// # Errors
/// When an expression cannot be parsed or a checksum version is not known.
pub fn validate(changelog: &Changelog, ran: &RanRows, rules: &Rules<'_>) -> Result<Report, String> {
    let identities = Identities { selection: rules.selection, allow_duplicates: rules.allow_duplicates, room: rules.room };
    let wants = |changeset: &ChangeSet| Ok(rules.selection.refuses(changeset)?.is_empty());
    check(changelog, ran, identities, wants, |changeset, row, report| {
        if row.is_none() || changeset.run_always || changeset.run_on_change {
            check_changes(changelog, changeset, rules, report);
        }
    })
}

/// What [`validate_identities`] depends on beside the changelog and the ledger.
#[derive(Debug, Clone, Copy)]
pub struct Identities<'a> {
    /// What the run selects.
    pub selection: &'a Selection,
    /// Whether one identity may be used twice.
    pub allow_duplicates: bool,
    /// How much the columns of the ledger hold.
    pub room: &'a Room,
}

/// As [`validate`], but looks only at what is recorded of changesets, not at what they do, and passes over those whose expressions cannot
/// be parsed: their steps in the plan say so.
///
/// # Errors
/// When a checksum version is not known.
pub fn validate_identities(changelog: &Changelog, ran: &RanRows, rules: Identities<'_>) -> Result<Report, String> {
    let wants = |changeset: &ChangeSet| Ok(rules.selection.refuses(changeset).is_ok_and(|reasons| reasons.is_empty()));
    check(changelog, ran, rules, wants, |_, _, _| {})
}

fn check(
    changelog: &Changelog,
    ran: &RanRows,
    rules: Identities<'_>,
    wants: impl Fn(&ChangeSet) -> Result<bool, String>,
    check_changes: impl Fn(&ChangeSet, Option<&LedgerRow>, &mut Report),
) -> Result<Report, String> {
    let mut report = Report::default();
    let mut seen: HashSet<(String, String, String)> = HashSet::new();
    let has_errors = changelog.problems.has_errors();
    for changeset in &changelog.changesets {
        match (blank(&changeset.identity.id), blank(&changeset.identity.author)) {
            (true, true) => report.failures.push("ChangeSet Id and Author are empty".to_owned()),
            (true, false) => report.failures.push("ChangeSet Id is empty".to_owned()),
            _ => {}
        }
        if !wants(changeset)? {
            continue;
        }
        let id = &changeset.identity;
        if !seen.insert((id.path.clone(), id.id().to_owned(), id.author().to_owned())) && !rules.allow_duplicates {
            report.duplicates.push(id.clone());
        }
        if has_errors && !changelog.is_whole(changeset) {
            continue;
        }
        let row = ran.find(changeset).and_then(|i| ran.rows.get(i));
        if let Some(row) = row {
            check_checksum(changelog, changeset, row, rules.selection, &mut report)?;
        } else {
            report.invalid.extend(rules.room.refusals(changeset).into_iter().map(|e| Finding::of(changeset, e)));
        }
        check_changes(changeset, row, &mut report);
    }
    Ok(report)
}

fn blank(text: &Option<String>) -> bool {
    text.as_deref().is_some_and(|t| t.trim().is_empty())
}

fn check_changes(changelog: &Changelog, changeset: &ChangeSet, rules: &Rules<'_>, report: &mut Report) {
    let target = rules.target.with_quoting(changeset.quoting);
    let files = resources(changelog, changeset);
    let cx = Context { target: &target, resources: &files, executing: rules.executing, now: rules.now, tables: rules.tables };
    let found = render::validate(changeset, &cx);
    let within = |found: Vec<Located<String>>| found.into_iter().map(|f| Finding::within(changeset, f));
    let mut errors: Vec<Finding> = within(found.errors).collect();
    if let Some(programs) = &rules.programs {
        let applied = changeset.changes.iter().filter(|c| render::applies(&c.value, &cx));
        let refused = applied.filter_map(|c| Some(Located { value: programs.refuses(&c.value, &cx)?, span: c.span }));
        errors.extend(within(refused.collect()));
    }
    match transaction::mode(changeset, &cx, rules.selection) {
        Mode::Together => {}
        Mode::Alone => _ = report.alone.insert(changeset.identity.clone()),
        Mode::Mixed(reason) => errors.push(Finding::of(changeset, reason)),
    }
    let lists = changeset
        .dbms
        .iter()
        .cloned()
        .chain(changeset.changes.iter().filter_map(|c| c.value.as_type().own_dbms()).flat_map(|l| dbms::parse_list(&l.to_lowercase())));
    for name in lists {
        // Unknown names are told, but a changelog may name databases that only another tool knows.
        if !dbms::is_known(&name, dialect::DATABASE_NAMES) {
            report.warnings.push(Finding::of(changeset, format!("{} is not a supported DB", name.trim_start_matches('!'))));
        }
    }
    report.warnings.extend(within(found.warnings));
    if errors.is_empty() {
        return;
    }
    if changeset.on_validation_fail == OnValidationFail::MarkRan {
        report.mark_ran.insert(changeset.identity.clone());
        report.warnings.extend(errors);
    } else {
        report.invalid.extend(errors);
    }
}

/// Compares a stored checksum with the changeset (checksums §7).
fn check_checksum(
    changelog: &Changelog,
    changeset: &ChangeSet,
    row: &LedgerRow,
    selection: &Selection,
    report: &mut Report,
) -> Result<(), String> {
    if changeset.valid_checksums.iter().any(Checksum::is_wildcard) {
        return Ok(());
    }
    let Some(stored) = &row.checksum else { return Ok(()) };
    if !(1..=crate::history::CHECKSUM_VERSION).contains(&stored.version) {
        return Err(format!("{}: unknown checksum calculation version {}", changeset.identity, stored.version));
    }
    let now = match selection.checksum(changelog, changeset, stored.version) {
        Ok(now) => now,
        Err(e) => {
            report.invalid.push(Finding::of(changeset, e.to_string()));
            return Ok(());
        }
    };
    let accepted = now == *stored
        || changeset.valid_checksums.iter().any(|c| *c == now || c == stored)
        || changeset.run_on_change
        || changeset.run_always
        || super::filter::accepts_otherwise(changelog, changeset, row, stored, selection);
    if !accepted {
        report.checksums.push((changeset.identity.clone(), stored.to_string(), now.to_string()));
    }
    Ok(())
}
