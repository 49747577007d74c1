//! The plan as a document: what `update` would do and why. The JSON form is a contract, described in
//! `docs/reference/plan.md`; its `version` changes when a field changes its meaning or goes.

use crate::change::{Context, NoTables};
use crate::changelog::{ChangeSet, Changelog};
use crate::history::CHECKSUM_VERSION;
use crate::plan::filter::{Plan, Selection, Step, Verdict, resources};
use crate::plan::programs::Programs;
use crate::plan::render;
use crate::plan::transaction::{self, Mode};
use crate::plan::validate::Report;
use crate::sql::{Action, Target};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashSet;

/// Version of the JSON document.
pub const VERSION: u32 = 1;

/// What undoes a changeset.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Undo {
    /// These statements; none of them when nothing needs to be done.
    Statements(Vec<String>),
    /// Nothing does.
    Nothing {
        /// Why.
        error: String,
    },
}

/// A changeset in the document.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Its author.
    pub author: String,
    /// Its path as it is recorded.
    pub path: String,
    /// The file it stands in.
    pub file: String,
    /// Its line in that file.
    pub line: usize,
    /// `run`, `rerun`, `ran` or `skipped`.
    #[schemars(extend("enum" = VERDICTS))]
    pub verdict: &'static str,
    /// Why it is skipped, in a word.
    pub reason: Option<&'static str>,
    /// `unknown` when it has preconditions that were not asked, else null.
    #[schemars(extend("enum" = ["unknown", null]))]
    pub preconditions: Option<&'static str>,
    /// Its checksum.
    pub md5sum: Option<String>,
    /// Its checksum by the rules of version 8.
    pub md5sum_v8: Option<String>,
    /// What goes to DESCRIPTION, before it is cut.
    pub description: String,
    /// What its author says of it.
    pub comments: Option<String>,
    /// Its contexts, with those of its files.
    pub contexts: Option<String>,
    /// Its labels, with those of its files.
    pub labels: Option<String>,
    /// Its statements, without terminators.
    pub sql: Vec<String>,
    /// What ends each statement in a script; empty when that is the usual terminator for all.
    pub end_delimiters: Vec<Option<String>>,
    /// What undoes it: a list of statements, or `{"error": …}`.
    pub rollback: Undo,
    /// Why it cannot run.
    pub errors: Vec<String>,
    /// What is doubtful about it.
    pub warnings: Vec<String>,
    /// What the SQL does not show, and what is done otherwise than Liquibase does it.
    pub notes: Vec<String>,
    /// Whether `update` refuses the whole run because of its errors.
    #[serde(skip)]
    pub refused: bool,
}

/// What `update` would do and why. A field may be added without a new version.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Document {
    /// Of the form of this document.
    #[schemars(extend("const" = VERSION))]
    pub version: u32,
    /// Short name of the database.
    pub dialect: &'static str,
    /// The changesets, in the order in which they run.
    pub changesets: Vec<Entry>,
}

/// What rendering the document depends on.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The changelog.
    pub changelog: &'a Changelog,
    /// What is selected.
    pub selection: &'a Selection,
    /// What it is for.
    pub target: &'a Target,
    /// The local time, in seconds since 1970.
    pub now: i64,
    /// What changes may start.
    pub programs: Programs<'a>,
    /// What is wrong with identities and recorded checksums.
    pub report: &'a Report,
}

/// Builds the document. A changeset that cannot be rendered has errors; the others are still complete.
pub fn document(inputs: &Inputs<'_>, plan: &Plan) -> Document {
    let mut seen = HashSet::new();
    let steps = plan.steps.iter().map(|step| entry(inputs, step, !seen.insert(&step.changeset.identity)));
    Document { version: VERSION, dialect: inputs.target.dialect.id, changesets: steps.collect() }
}

/// The entry of a step; `earlier` says whether a changeset with its identity stands before it.
fn entry(inputs: &Inputs<'_>, step: &Step, earlier: bool) -> Entry {
    let changeset: &ChangeSet = &step.changeset;
    let target = inputs.target.with_quoting(changeset.quoting);
    let files = resources(inputs.changelog, changeset);
    let cx = Context { target: &target, resources: &files, executing: false, now: inputs.now, tables: &NoTables };
    let found = render::validate(changeset, &cx);
    let mut errors: Vec<String> = found.errors.into_iter().map(|e| e.value).collect();
    errors.extend(changeset.changes.iter().filter(|c| render::applies(&c.value, &cx)).filter_map(|c| inputs.programs.lacks(&c.value)));
    if let Mode::Mixed(reason) = transaction::mode(changeset, &cx, inputs.selection) {
        errors.push(reason);
    }
    let (mut actions, mut open) = (Vec::new(), None);
    if errors.is_empty() {
        match render::forward(changeset, &cx, inputs.selection) {
            Ok(list) => actions = list,
            Err(failure) => match failure.what_is_open(&target) {
                Some(note) => open = Some(note),
                None => errors = failure.texts(),
            },
        }
        if let Some(Action::Stop(message)) = actions.iter().find(|a| matches!(a, Action::Stop(_))) {
            errors.push(message.clone());
        }
    }
    // Whether it runs is not known; what it would do is.
    errors.extend(step.error.clone());
    let (sql, end_delimiters) = statements(&target, &actions);
    let rollback = match render::backward(changeset, &cx, inputs.selection) {
        Ok(actions) => Undo::Statements(statements(&target, &actions).0),
        Err(failure) => Undo::Nothing { error: failure.what_is_open(&target).unwrap_or_else(|| failure.to_string()) },
    };
    let checksum = |version| inputs.selection.checksum(inputs.changelog, changeset, version);
    let mut warnings: Vec<String> = found.warnings.into_iter().map(|w| w.value).collect();
    let md5sum = match checksum(CHECKSUM_VERSION) {
        Ok(checksum) => Some(checksum.to_string()),
        Err(error) => {
            let text = error.to_string();
            if !errors.contains(&text) {
                warnings.push(text);
            }
            None
        }
    };
    let (verdict, reason) = words(&step.verdict);
    let mut refused = step.verdict.runs() && !errors.is_empty();
    if !matches!(step.verdict, Verdict::Skipped(_)) {
        let refusals = inputs.report.refusals(&changeset.identity, earlier);
        refused |= !refusals.is_empty();
        let new: Vec<String> = refusals.into_iter().filter(|r| !errors.contains(r)).collect();
        errors.extend(new);
    }
    let place = inputs.changelog.sources.line_column(changeset.span);
    Entry {
        id: changeset.identity.id().to_owned(),
        author: changeset.identity.author().to_owned(),
        path: changeset.identity.path.clone(),
        file: changeset.file.path.clone(),
        line: place.line,
        verdict,
        reason,
        preconditions: changeset.preconditions.as_ref().filter(|p| !p.is_empty()).map(|_| "unknown"),
        md5sum,
        md5sum_v8: checksum(8).ok().map(|c| c.to_string()),
        description: changeset.description(),
        comments: changeset.comment.clone(),
        contexts: changeset.recorded_contexts(),
        labels: changeset.recorded_labels(),
        sql,
        end_delimiters,
        rollback,
        errors,
        warnings,
        notes: unshown(&actions).chain(open).chain(render::other_splitting(changeset, &cx).map(splitting_note)).collect(),
        refused,
    }
}

fn splitting_note((theirs, ours): (usize, usize)) -> String {
    format!("its SQL is split into {ours} where Liquibase makes {theirs} of it; --sql-splitting=liquibase does as Liquibase")
}

/// The words of verdicts.
pub const VERDICTS: [&str; 4] = ["run", "rerun", "ran", "skipped"];

/// The words of a verdict.
pub fn words(verdict: &Verdict) -> (&'static str, Option<&'static str>) {
    match verdict {
        Verdict::Run => ("run", None),
        Verdict::Rerun => ("rerun", None),
        Verdict::Ran => ("ran", None),
        Verdict::Skipped(reasons) => ("skipped", reasons.first().map(|r| r.word())),
    }
}

/// Texts of the statements among actions, and their delimiters where one of them is unusual. Processes appear as
/// the comment that a script has for them; [`unshown`] has what else is no SQL.
fn statements(target: &Target, actions: &[Action]) -> (Vec<String>, Vec<Option<String>>) {
    let mut texts = Vec::new();
    let mut delimiters = Vec::new();
    for action in actions {
        match action {
            Action::Sql(sql) if sql.parameters.is_empty() => {
                texts.push(sql.text.clone());
                delimiters.push(sql.end_delimiter.clone());
            }
            Action::Command(command) => {
                texts.push(format!("{} {} {}", target.dialect.line_comment, command.executable, command.arguments.join(" ")));
                delimiters.push(Some("\n".to_owned()));
            }
            Action::Sql(_) | Action::Comment(_) | Action::Custom { .. } => {}
            // Of these nothing reaches the database; a stop is among the errors.
            Action::Output { .. } | Action::Stop(_) | Action::Skipped(_) | Action::OtherSystem(_) => {}
        }
    }
    if delimiters.iter().all(Option::is_none) {
        delimiters.clear();
    }
    (texts, delimiters)
}

/// What actions do that their SQL does not show.
fn unshown(actions: &[Action]) -> impl Iterator<Item = String> {
    actions.iter().filter_map(|action| match action {
        Action::Comment(text) => Some(text.clone()),
        Action::Custom { class, .. } => Some(format!("customChange {class} is not SQL")),
        Action::Sql(sql) if !sql.parameters.is_empty() => Some(format!("values are bound to `{}`", sql.text)),
        _ => None,
    })
}

/// The document as text for people.
pub fn text(document: &Document) -> String {
    let mut out = String::new();
    for entry in &document.changesets {
        let why = entry.reason.map(|r| format!(" ({r})")).unwrap_or_default();
        out.push_str(&format!(
            "{:<8}{why} {}::{}::{}  [{}:{}]\n",
            entry.verdict, entry.path, entry.id, entry.author, entry.file, entry.line
        ));
        for error in entry.errors.iter().filter(|_| entry.refused) {
            out.push_str(&format!("    error: {error}\n"));
        }
        if !matches!(entry.verdict, "run" | "rerun") {
            continue;
        }
        if entry.preconditions.is_some() {
            out.push_str("    preconditions are asked when its turn comes\n");
        }
        for warning in &entry.warnings {
            out.push_str(&format!("    warning: {warning}\n"));
        }
        for note in &entry.notes {
            out.push_str(&format!("    note: {note}\n"));
        }
        for sql in &entry.sql {
            out.push_str(&indented("    ", sql));
        }
        match &entry.rollback {
            Undo::Statements(list) if list.is_empty() => out.push_str("    rollback: nothing to do\n"),
            Undo::Statements(list) => {
                out.push_str("    rollback:\n");
                for sql in list {
                    out.push_str(&indented("      ", sql));
                }
            }
            Undo::Nothing { error } => out.push_str(&format!("    no rollback: {error}\n")),
        }
    }
    let count = |verdicts: &[&str]| document.changesets.iter().filter(|e| verdicts.contains(&e.verdict)).count();
    out.push_str(&format!(
        "{} to run, {} ran already, {} left out, {} in all\n",
        count(&["run", "rerun"]),
        count(&["ran"]),
        count(&["skipped"]),
        document.changesets.len()
    ));
    out
}

fn indented(indent: &str, text: &str) -> String {
    text.lines().map(|l| format!("{indent}{l}\n")).collect()
}
