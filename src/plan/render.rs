//! A changeset as actions for a target, forwards and backwards.

use super::Selection;
use crate::change::{Change, Context, HashRule, Inverse};
use crate::changelog::changeset::{ChangeSet, Located, Rollback};
use crate::source::Format;
use crate::span::Span;
use crate::sql::{Action, RenderError, Statement, Target, Validation, dbms};

/// Why a changeset has no actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Its changes are not valid; all their complaints.
    Invalid(Vec<String>),
    /// It cannot be rendered.
    Render(RenderError),
    /// It cannot be undone.
    NoInverse(String),
}

impl Failure {
    /// All complaints.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Failure::Invalid(list) => list.clone(),
            Failure::Render(e) => vec![e.to_string()],
            Failure::NoInverse(text) => vec![text.clone()],
        }
    }

    /// What of the database must be known first, where that is all that is missing.
    pub fn what_is_open(&self, target: &Target) -> Option<String> {
        match self {
            Failure::Render(need) if !target.offline => need.what_is_open(),
            _ => None,
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.texts().join("; "))
    }
}

/// What is wrong with the changes of a changeset, and what is doubtful about them: each once, at the first change that it is said of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    /// The run must not start.
    pub errors: Vec<Located<String>>,
    /// Told, and the run goes on.
    pub warnings: Vec<Located<String>>,
}

/// Checks all changes of a changeset; of those left out by their own `dbms` only the attributes, as Liquibase does.
pub fn validate(changeset: &ChangeSet, cx: &Context<'_>) -> Findings {
    let mut validation = Validation::default();
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for change in &changeset.changes {
        if applies(&change.value, cx) {
            change.value.validate(cx, &mut validation);
        } else {
            change.value.validate_attributes(cx, &mut validation);
        }
        // Those that were added are this change's.
        errors.resize(validation.errors.len(), change.span);
        warnings.resize(validation.warnings.len(), change.span);
    }
    let located = |(value, span): (String, Span)| Located { value, span };
    Findings {
        errors: validation.errors.into_iter().zip(errors).map(located).collect(),
        warnings: validation.warnings.into_iter().zip(warnings).map(located).collect(),
    }
}

/// Whether a change's own `dbms` lets it run here.
pub fn applies(change: &Change, cx: &Context<'_>) -> bool {
    change.as_type().own_dbms().is_none_or(|list| dbms::matches(&dbms::parse_list(list), cx.target.dialect.id, true))
}

/// How many statements Liquibase makes of the raw SQL of a changeset and how many are made here, when these are not the
/// same statements.
pub fn other_splitting(changeset: &ChangeSet, cx: &Context<'_>) -> Option<(usize, usize)> {
    let like_liquibase = Target { lexis: None, ..cx.target.clone() };
    let raw = changeset.changes.iter().map(|c| &c.value);
    let raw = raw.filter(|c| applies(c, cx) && matches!(c.as_type().hash_rule(), HashRule::Sql { .. } | HashRule::SqlFile { .. }));
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for change in raw {
        theirs.extend(change.as_type().statements(&Context { target: &like_liquibase, ..*cx }).ok()?);
        ours.extend(change.as_type().statements(cx).ok()?);
    }
    (theirs != ours).then_some((theirs.len(), ours.len()))
}

/// What a changeset does, in order. It is not checked; see [`validate`].
///
/// # Errors
/// When a change cannot be rendered.
pub fn forward(changeset: &ChangeSet, cx: &Context<'_>, selection: &Selection) -> Result<Vec<Action>, Failure> {
    let mut actions = Vec::new();
    for change in &changeset.changes {
        actions.extend(one_change(&change.value, cx)?);
    }
    edit(changeset, &mut actions, selection, false)?;
    Ok(actions)
}

/// What one change does.
///
/// # Errors
/// When it cannot be rendered.
pub fn one_change(change: &Change, cx: &Context<'_>) -> Result<Vec<Action>, Failure> {
    if !applies(change, cx) {
        return Ok(vec![Action::Skipped(format!("{} is not for {}", change.name(), cx.target.dialect.id))]);
    }
    let statements = change.as_type().statements(cx).map_err(|e| Failure::Render(RenderError::Invalid(e)))?;
    render_all(change, &statements, cx)
}

/// What one change of a changeset does (or, for a change of its rollback, undoes), with the changeset's edits.
///
/// # Errors
/// When it cannot be rendered.
pub fn one_change_edited(
    changeset: &ChangeSet,
    change: &Change,
    cx: &Context<'_>,
    selection: &Selection,
    rollback: bool,
) -> Result<Vec<Action>, Failure> {
    let mut actions = one_change(change, cx)?;
    edit(changeset, &mut actions, selection, rollback)?;
    Ok(actions)
}

/// What one statement of a change does, with the changeset's edits; for changes whose statements are a stream.
///
/// # Errors
/// When it cannot be rendered.
pub fn one_statement_edited(
    changeset: &ChangeSet,
    change: &Change,
    statement: Statement,
    cx: &Context<'_>,
    selection: &Selection,
) -> Result<Vec<Action>, Failure> {
    let mut actions = render_all(change, &[statement], cx)?;
    edit(changeset, &mut actions, selection, false)?;
    Ok(actions)
}

/// The changes that undo a changeset, in order.
///
/// # Errors
/// When a change has no inverse.
pub fn backward_changes(changeset: &ChangeSet, cx: &Context<'_>) -> Result<Vec<Undo>, Failure> {
    let mut out = Vec::new();
    match &changeset.rollback {
        Rollback::Written(changes) => {
            out.extend(changes.iter().filter(|c| !is_the_word_empty(c)).map(|c| Undo::Change(c.value.clone())));
        }
        Rollback::Automatic => {
            // A change that its own `dbms` kept out must have an inverse too, as in Liquibase.
            for change in changeset.changes.iter().rev().map(|c| &c.value) {
                match change.as_type().inverse(cx).map_err(|e| Failure::Render(RenderError::Invalid(e)))? {
                    Inverse::None => return Err(Failure::NoInverse(no_inverse(changeset, change))),
                    _ if !applies(change, cx) => {}
                    Inverse::Statements(statements) => out.extend(statements.into_iter().map(Undo::Statement)),
                    Inverse::Changes(changes) => out.extend(changes.into_iter().map(Undo::Change)),
                    Inverse::Stream => out.push(Undo::Stream(change.clone())),
                }
            }
        }
    }
    Ok(out)
}

/// One part of what undoes a changeset.
#[derive(Debug, Clone, PartialEq)]
pub enum Undo {
    /// A change.
    Change(Change),
    /// A statement.
    Statement(Statement),
    /// The statements that undo this change, made one by one.
    Stream(Change),
}

fn no_inverse(changeset: &ChangeSet, change: &Change) -> String {
    if changeset.format == Format::Sql {
        "Liquibase does not support automatic rollback generation for raw sql changes (did you mean to specify keyword \"empty\" to ignore rolling back this change?)".to_owned()
    } else {
        format!("No inverse to {} created", change.name())
    }
}

/// What one part of a rollback does, with the changeset's edits.
///
/// # Errors
/// When it is not valid or cannot be rendered.
pub fn undo(changeset: &ChangeSet, part: &Undo, cx: &Context<'_>, selection: &Selection) -> Result<Vec<Action>, Failure> {
    let mut actions = match part {
        Undo::Statement(statement) => undo_by(statement, cx)?,
        Undo::Stream(change) => {
            let invalid = |e| Failure::Render(RenderError::Invalid(e));
            let mut actions = Vec::new();
            for statement in change.as_type().undo_stream(cx).map_err(invalid)? {
                actions.extend(undo_by(&statement.map_err(invalid)?, cx)?);
            }
            actions
        }
        Undo::Change(change) => {
            let mut validation = Validation::default();
            if applies(change, cx) {
                change.validate(cx, &mut validation);
            }
            if !validation.errors.is_empty() {
                return Err(Failure::Invalid(validation.errors));
            }
            // Going forward, a change may do nothing where the database has no such objects; undoing it says so.
            let statements = change.as_type().statements(cx).map_err(|e| Failure::Render(RenderError::Invalid(e)))?;
            if applies(change, cx) && statements.iter().any(|s| !cx.target.undoes_by(s)) {
                return Err(Failure::NoInverse(format!("{} is not supported on {}", change.name(), cx.target.dialect.id)));
            }
            one_change(change, cx)?
        }
    };
    edit(changeset, &mut actions, selection, true)?;
    Ok(actions)
}

fn undo_by(statement: &Statement, cx: &Context<'_>) -> Result<Vec<Action>, Failure> {
    // A dialect may undo by a statement that it does not offer as a change.
    if cx.target.dialect.never_undo.contains(&statement.kind()) {
        return Err(Failure::NoInverse(format!("what undoes it is not supported on {}", cx.target.dialect.id)));
    }
    cx.target.render(statement).map_err(Failure::Render)
}

fn render_all(change: &Change, statements: &[Statement], cx: &Context<'_>) -> Result<Vec<Action>, Failure> {
    let mut actions = Vec::new();
    for statement in statements {
        if !cx.target.supports(statement) {
            if change.as_type().is_skipped_where_unsupported() {
                continue;
            }
            let text = format!("{} is not supported on {}", change.name(), cx.target.dialect.id);
            return Err(Failure::Render(RenderError::Invalid(text)));
        }
        actions.extend(cx.target.render(statement).map_err(Failure::Render)?);
    }
    Ok(actions)
}

/// What undoes a changeset, in order.
///
/// # Errors
/// When a change has no inverse, or it cannot be rendered.
pub fn backward(changeset: &ChangeSet, cx: &Context<'_>, selection: &Selection) -> Result<Vec<Action>, Failure> {
    let mut actions = Vec::new();
    for part in backward_changes(changeset, cx)? {
        actions.extend(undo(changeset, &part, cx, selection)?);
    }
    Ok(actions)
}

/// `rollback: empty` is kept as a sql change with that word, which does nothing.
fn is_the_word_empty(change: &Located<Change>) -> bool {
    matches!(change.value.as_type().hash_rule(), HashRule::Sql { text: Some(text), .. } if text.trim().eq_ignore_ascii_case("empty"))
}

/// Applies the changeset's modifySql edits that count here.
fn edit(changeset: &ChangeSet, actions: &mut [Action], selection: &Selection, rollback: bool) -> Result<(), Failure> {
    for visitor in &changeset.modify_sql {
        if !selection.wants(visitor) || (rollback && !visitor.applies_to_rollback()) {
            continue;
        }
        for action in actions.iter_mut() {
            if let Action::Sql(sql) = action {
                sql.text = visitor.edit(&sql.text).map_err(|e| Failure::Render(RenderError::Invalid(e)))?;
            }
        }
    }
    Ok(())
}
