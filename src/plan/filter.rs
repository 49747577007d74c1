//! Verdicts: which changesets of a changelog run, and why the others do not (filters §6).

use crate::change::modify_sql::ModifySql;
use crate::changelog::checksum::{self, Checksum, ChecksumError, VisitorChoice};
use crate::changelog::expression::{LabelFilter, RuntimeContexts};
use crate::changelog::resources::FileResources;
use crate::changelog::{ChangeSet, Changelog};
use crate::history::{CHECKSUM_VERSION, LedgerRow};
use crate::sql::dbms;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What a run selects by.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Short name of the database.
    pub database: String,
    /// Runtime contexts.
    pub contexts: RuntimeContexts,
    /// Label filter.
    pub labels: LabelFilter,
}

/// Where a run ends before the end of the changelog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Limit {
    /// At the end.
    #[default]
    None,
    /// After that many changesets that run.
    Count(usize),
    /// Behind the changeset with that tag.
    Tag(String),
}

/// Why a changeset does not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Its contexts do not match.
    Context,
    /// Its labels do not match.
    Label,
    /// It is for other databases.
    Dbms,
    /// It says `ignore`.
    Ignore,
    /// It stands behind the tag.
    Tag,
    /// Enough others run.
    Count,
}

impl Reason {
    /// The word of the JSON plan.
    pub fn word(self) -> &'static str {
        match self {
            Reason::Context => "context",
            Reason::Label => "label",
            Reason::Dbms => "dbms",
            Reason::Ignore => "ignore",
            Reason::Tag => "tag",
            Reason::Count => "count",
        }
    }

    /// The label of the summary.
    pub fn summary(self) -> &'static str {
        match self {
            Reason::Context => "Context mismatch",
            Reason::Label => "Label mismatch",
            Reason::Dbms => "DBMS mismatch",
            Reason::Ignore => "Ignored",
            Reason::Tag => "After tag",
            Reason::Count => "After count",
        }
    }
}

/// What becomes of a changeset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It runs for the first time.
    Run,
    /// It runs again (`runAlways`, or `runOnChange` and it was edited).
    Rerun,
    /// It ran already.
    Ran,
    /// It does not run; all reasons, in the order in which filters ask.
    Skipped(Vec<Reason>),
}

impl Verdict {
    /// Whether it is executed.
    pub fn runs(&self) -> bool {
        matches!(self, Verdict::Run | Verdict::Rerun)
    }
}

/// A changeset with its verdict.
#[derive(Debug, Clone)]
pub struct Step {
    /// The changeset.
    pub changeset: Arc<ChangeSet>,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Its row in the ledger, by index into the rows of the plan.
    pub row: Option<usize>,
    /// The checksum that must replace a missing or old one, when the changeset does not run.
    pub upgrade: Option<Checksum>,
    /// Why the filters could not be asked; a run with such a step stops before its first changeset.
    pub error: Option<String>,
}

/// The ledger as it was read, with an index.
#[derive(Debug, Clone, Default)]
pub struct RanRows {
    /// All rows, in the order in which they ran.
    pub rows: Vec<LedgerRow>,
    index: HashMap<String, usize>,
    /// The highest order that a row has, or that was taken for one.
    last_order: i64,
}

impl RanRows {
    /// Takes rows as the ledger gives them: by date, then by order. The clock of a server can go back (summer time, a correction), so
    /// where every row has an order of its own, that alone counts; ledgers of early versions of Liquibase count from 1 in each run.
    ///
    /// Of several rows with one identity the one with the latest date counts, of equal dates the first.
    pub fn new(mut rows: Vec<LedgerRow>) -> Self {
        let mut orders = HashSet::with_capacity(rows.len());
        if rows.iter().all(|row| row.order_executed > 0 && orders.insert(row.order_executed)) {
            rows.sort_by_key(|row| row.order_executed);
        }
        let mut index: HashMap<String, usize> = HashMap::with_capacity(rows.len());
        for (i, row) in rows.iter().enumerate() {
            index
                .entry(row.key())
                .and_modify(|at| {
                    if rows[*at].date_executed < row.date_executed {
                        *at = i;
                    }
                })
                .or_insert(i);
        }
        let last_order = rows.iter().map(|row| row.order_executed).max().unwrap_or_default();
        RanRows { rows, index, last_order }
    }

    /// How many rows there are, and the highest order of one.
    pub fn extent(&self) -> (usize, Option<i64>) {
        (self.rows.len(), self.rows.iter().map(|row| row.order_executed).max())
    }

    /// The order of the next record; `step` is what it counts for.
    pub fn take_order(&mut self, step: i64) -> i64 {
        let order = self.last_order.max(0) + 1;
        self.last_order = order + step - 1;
        order
    }

    /// The highest order that a row has, or that was taken for one.
    pub fn last_order(&self) -> i64 {
        self.last_order
    }

    /// Gives back the orders that were taken since that one was the last: their records were not written.
    pub fn give_back_orders(&mut self, last: i64) {
        self.last_order = last;
    }

    /// Adds a row that was just written, or puts it in the place of the one that it replaces.
    pub fn record(&mut self, row: LedgerRow, replaces: Option<usize>) {
        match replaces.and_then(|at| self.rows.get_mut(at)) {
            Some(old) => *old = row,
            None => {
                self.index.insert(row.key(), self.rows.len());
                self.rows.push(row);
            }
        }
    }

    /// Whether a row with that key says that its changeset ran.
    pub fn has_run(&self, key: &str) -> bool {
        let Some(row) = self.index.get(key).and_then(|at| self.rows.get(*at)) else { return false };
        // Of several rows with one key another one may say so.
        row.ran() || self.rows.iter().any(|row| row.ran() && row.key() == key)
    }

    /// The row of the changeset that ran last, where another one has a later date.
    pub fn last_with_early_date(&self) -> Option<&LedgerRow> {
        let last = self.rows.last()?;
        self.rows.iter().any(|row| row.date_executed > last.date_executed).then_some(last)
    }

    /// The row of a changeset.
    pub fn find(&self, changeset: &ChangeSet) -> Option<usize> {
        self.index.get(&crate::history::row::key_of(&changeset.identity)).copied()
    }
}

/// All changesets with their verdicts, in the order of the changelog.
#[derive(Debug)]
pub struct Plan {
    /// The steps; changesets for other databases come first.
    pub steps: Vec<Step>,
    /// Whether a tag that limits the run was found.
    pub tag_found: bool,
}

impl Plan {
    /// The steps that run.
    pub fn pending(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|s| s.verdict.runs())
    }

    /// Whether nothing is to be done: no changeset runs, and no checksum is to be brought up to date.
    pub fn is_idle(&self) -> bool {
        self.pending().next().is_none() && self.steps.iter().all(|s| s.upgrade.is_none())
    }
}

impl Selection {
    /// Whether an edit of generated SQL counts here.
    pub fn wants(&self, edit: &ModifySql) -> bool {
        edit.applies_to(&self.database, &self.contexts, &self.labels)
    }

    /// The filters that refuse a changeset: context, label, dbms, ignore.
    ///
    /// # Errors
    /// When an expression cannot be parsed.
    pub fn refuses(&self, changeset: &ChangeSet) -> Result<Vec<Reason>, String> {
        let mut reasons = Vec::new();
        let fails = |e: crate::changelog::expression::ExpressionError| format!("{}: {e}", changeset.identity);
        let own = self.contexts.accepts(&changeset.contexts, &changeset.inherited.contexts).map_err(fails)?;
        if !own {
            reasons.push(Reason::Context);
        }
        let mut labels = changeset.labels.clone();
        for level in &changeset.inherited.labels {
            labels.extend(level);
        }
        if !self.labels.matches(&labels).map_err(fails)? {
            reasons.push(Reason::Label);
        }
        if !dbms::matches(&changeset.dbms, &self.database, true) {
            reasons.push(Reason::Dbms);
        }
        if changeset.ignore {
            reasons.push(Reason::Ignore);
        }
        Ok(reasons)
    }

    /// The checksum of a changeset as an update sees it.
    ///
    /// # Errors
    /// When a file that takes part cannot be read.
    pub fn checksum(&self, changelog: &Changelog, changeset: &ChangeSet, version: u8) -> Result<Checksum, ChecksumError> {
        let wants = |edit: &ModifySql| self.wants(edit);
        checksum::of_changeset(changeset, version, Some(&self.database), &resources(changelog, changeset), VisitorChoice::Matching(&wants))
    }

    /// Whether a changeset with a row runs again.
    fn reruns(&self, changelog: &Changelog, changeset: &ChangeSet, row: &LedgerRow) -> Result<bool, ChecksumError> {
        if changeset.run_always {
            return Ok(true);
        }
        let Some(stored) = row.checksum.as_ref().filter(|_| changeset.run_on_change) else { return Ok(false) };
        Ok(self.checksum(changelog, changeset, stored.version)? != *stored)
    }

    /// Gives each changeset its verdict.
    ///
    /// # Errors
    /// When an expression cannot be parsed, or a file that takes part in a checksum cannot be read.
    pub fn plan(&self, changelog: &Changelog, ran: &RanRows, limit: &Limit) -> Result<Plan, String> {
        let mut steps: Vec<Step> = changelog
            .for_other_databases
            .iter()
            .map(|c| Step {
                changeset: Arc::clone(c),
                verdict: Verdict::Skipped(vec![Reason::Dbms]),
                row: None,
                upgrade: None,
                error: None,
            })
            .collect();
        let mut running = 0usize;
        let mut past_tag = false;
        for changeset in &changelog.changesets {
            let row = ran.find(changeset);
            let stored = row.and_then(|i| ran.rows.get(i));
            let (mut reasons, error) = match self.refuses(changeset) {
                Ok(reasons) => (reasons, None),
                Err(error) => (Vec::new(), Some(error)),
            };
            if past_tag {
                reasons.push(Reason::Tag);
            }
            let failed = |e: ChecksumError| format!("{}: {e}", changeset.identity);
            let wanted = match stored {
                None => Verdict::Run,
                Some(stored) if self.reruns(changelog, changeset, stored).map_err(failed)? => Verdict::Rerun,
                Some(_) => Verdict::Ran,
            };
            if let (Limit::Count(count), true, true) = (limit, reasons.is_empty(), wanted.runs()) {
                if running >= *count {
                    reasons.push(Reason::Count);
                } else {
                    running += 1;
                }
            }
            let verdict = if reasons.is_empty() { wanted } else { Verdict::Skipped(reasons) };
            let old = stored.is_some_and(|r| r.checksum.as_ref().is_none_or(|c| c.version < CHECKSUM_VERSION));
            let upgrade = if verdict == Verdict::Ran && old {
                Some(self.checksum(changelog, changeset, CHECKSUM_VERSION).map_err(failed)?)
            } else {
                None
            };
            if let Limit::Tag(tag) = limit {
                let recorded = stored.and_then(|r| r.tag.as_deref()).is_some_and(|t| t.eq_ignore_ascii_case(tag));
                past_tag |= recorded || changeset.tag() == Some(tag.as_str());
            }
            steps.push(Step { changeset: Arc::clone(changeset), verdict, row, upgrade, error });
        }
        Ok(Plan { steps, tag_found: past_tag })
    }
}

/// The files of a changeset's changes.
pub fn resources<'a>(changelog: &'a Changelog, changeset: &'a ChangeSet) -> FileResources<'a> {
    FileResources { search: &changelog.search, properties: &changelog.properties, file: &changeset.file, encoding: &changelog.encoding }
}

/// The compatibility retries of checksums §3.5, §4.1 and §4.2: values that some release of Liquibase wrote for the
/// same changeset by another computation.
pub fn accepts_otherwise(changelog: &Changelog, changeset: &ChangeSet, row: &LedgerRow, stored: &Checksum, selection: &Selection) -> bool {
    let wants = |edit: &ModifySql| selection.wants(edit);
    let files = resources(changelog, changeset);
    let old_sql_files = row.liquibase.as_deref().and_then(crate::sql::Version::parse).is_some_and(|v| v.0 == 4 && v.1 < 26);
    checksum::alternatives(changeset, stored.version, Some(&selection.database), &files, VisitorChoice::Matching(&wants), old_sql_files)
        .iter()
        .any(|c| c == stored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changelog::properties::Properties;
    use crate::changelog::search_path::{DuplicateFileMode, SearchPath};
    use crate::changelog::{LoadOptions, load};

    fn rows(list: &[(&str, &str, i64)]) -> RanRows {
        let row = |(id, date, order): &(&str, &str, i64)| LedgerRow {
            id: (*id).into(),
            date_executed: (*date).into(),
            order_executed: *order,
            ..LedgerRow::default()
        };
        RanRows::new(list.iter().map(row).collect())
    }

    /// A changelog with one changeset for each id.
    fn changelog(ids: &[&str]) -> Changelog {
        let folder = tempfile::tempdir().unwrap();
        let changesets = ids.iter().map(|id| format!("- changeSet: {{id: {id}, author: a, changes: [{{sql: {{sql: select 1}}}}]}}\n"));
        std::fs::write(folder.path().join("c.yaml"), format!("databaseChangeLog:\n{}", changesets.collect::<String>())).unwrap();
        let search = SearchPath::new(vec![folder.path().to_owned()], DuplicateFileMode::Error);
        let changelog = load("c.yaml", search, Properties::default(), LoadOptions::default());
        assert!(!changelog.problems.has_errors(), "{:?}", changelog.problems);
        changelog
    }

    fn row_of(id: &str, date: &str, tag: Option<&str>) -> LedgerRow {
        LedgerRow {
            id: id.into(),
            author: "a".into(),
            filename: "c.yaml".into(),
            date_executed: date.into(),
            tag: tag.map(str::to_owned),
            checksum: Checksum::parse("9:0"),
            ..LedgerRow::default()
        }
    }

    #[test]
    fn of_rows_with_one_identity_the_latest_counts() {
        let changelog = changelog(&["1"]);
        let find = |dates: [&str; 3]| RanRows::new(dates.map(|d| row_of("1", d, None)).into()).find(&changelog.changesets[0]);
        assert_eq!(find(["2026-01-01", "2026-01-03", "2026-01-02"]), Some(1));
        assert_eq!(find(["2026-01-03", "2026-01-03", "2026-01-02"]), Some(0));
    }

    #[test]
    fn a_run_to_a_tag_ends_behind_the_row_that_has_it() {
        let changelog = changelog(&["1", "2", "3"]);
        let ran = RanRows::new(vec![row_of("1", "2026-01-01", Some("V1"))]);
        let plan = Selection::default().plan(&changelog, &ran, &Limit::Tag("v1".into())).unwrap();
        let verdicts: Vec<_> = plan.steps.iter().map(|s| s.verdict.clone()).collect();
        let behind = Verdict::Skipped(vec![Reason::Tag]);
        assert_eq!((verdicts, plan.tag_found), (vec![Verdict::Ran, behind.clone(), behind], true));
        let plan = Selection::default().plan(&changelog, &ran, &Limit::Tag("v2".into())).unwrap();
        assert_eq!((plan.pending().count(), plan.tag_found), (2, false));
    }

    fn ids(ran: &RanRows) -> Vec<&str> {
        ran.rows.iter().map(|row| row.id.as_str()).collect()
    }

    #[test]
    fn the_order_is_that_of_the_numbers_where_each_row_has_its_own() {
        let back = rows(&[("c", "2026-10-25 02:10:00", 3), ("a", "2026-10-25 02:40:00", 1), ("b", "2026-10-25 02:50:00", 2)]);
        assert_eq!(ids(&back), ["a", "b", "c"]);
        assert_eq!(back.last_with_early_date().map(|row| row.id.as_str()), Some("c"));
        let forward = rows(&[("a", "2026-10-25 02:40:00", 1), ("b", "2026-10-25 02:50:00", 2)]);
        assert_eq!(forward.last_with_early_date(), None);
        // Counted anew in each run, or never counted.
        for orders in [[1, 2, 1], [-1, -1, -1], [3, 0, 1]] {
            let old = rows(&[("a", "2009-01-01", orders[0]), ("b", "2009-01-01", orders[1]), ("c", "2009-02-01", orders[2])]);
            assert_eq!(ids(&old), ["a", "b", "c"]);
        }
    }
}
