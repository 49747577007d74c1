//! Whether the statements of a changeset can run in one transaction, by what they are.

use super::Selection;
use super::render::{self, Undo};
use crate::change::Context;
use crate::changelog::ChangeSet;
use crate::sql::Target;
use crate::sql::action::Action;
use crate::sql::words::leading_words;

/// How the statements of a changeset run that is not told to do without a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// In one transaction.
    Together,
    /// Each by itself: none of them can run in a transaction.
    Alone,
    /// They cannot run as they are; why, and how to split the changeset.
    Mixed(String),
}

/// What a statement is to a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// It belongs into one.
    Transaction,
    /// It cannot run in one.
    None,
    /// It is for the session, and runs with the next one.
    Any,
}

/// How many words of a statement are looked at.
const WORDS: usize = 64;

/// Whether a statement cannot run in a transaction.
pub fn is_alone(text: &str, target: &Target) -> bool {
    needs(text, target) == Needs::None
}

fn needs(text: &str, target: &Target) -> Needs {
    let Some(leaves) = target.dialect.leaves_transaction else { return Needs::Transaction };
    let words = leading_words(text, WORDS);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["SET", "LOCAL" | "CONSTRAINTS" | "TRANSACTION", ..] => Needs::Transaction,
        ["SET" | "RESET" | "SHOW", ..] | [] => Needs::Any,
        words if leaves(words, target) => Needs::None,
        _ => Needs::Transaction,
    }
}

/// A statement with its place: the number of its change and its own, from 1.
struct Part {
    change: usize,
    statement: usize,
    needs: Needs,
    text: String,
}

/// The mode of a changeset. A changeset that says itself that it does without a transaction is taken at its word.
pub fn mode(changeset: &ChangeSet, cx: &Context<'_>, selection: &Selection) -> Mode {
    if !changeset.run_in_transaction || cx.target.dialect.leaves_transaction.is_none() {
        return Mode::Together;
    }
    let mut parts: Vec<Part> = Vec::new();
    for (number, change) in changeset.changes.iter().enumerate().map(|(i, change)| (i + 1, &change.value)) {
        let mut part = |statement, needs, text: &str| parts.push(Part { change: number, statement, needs, text: text.to_owned() });
        // What is made while it runs is rows or a table's own rebuild; what cannot be made is told by validation.
        let actions =
            if change.as_type().is_volatile() { None } else { render::one_change_edited(changeset, change, cx, selection, false).ok() };
        let Some(actions) = actions else {
            part(1, Needs::Transaction, change.name());
            continue;
        };
        let statements = actions.iter().filter_map(|action| if let Action::Sql(sql) = action { Some(sql.text.as_str()) } else { None });
        for (at, text) in statements.enumerate() {
            part(at + 1, needs(text, cx.target), text);
        }
    }
    let Some(alone) = parts.iter().find(|part| part.needs == Needs::None) else { return Mode::Together };
    if parts.iter().all(|part| part.needs != Needs::Transaction) {
        return Mode::Alone;
    }
    Mode::Mixed(format!(
        "`{}` cannot run in a transaction, and other statements of the changeset belong into one; split it: {}",
        shortened(&alone.text),
        split(changeset, &parts)
    ))
}

/// Whether what undoes a changeset cannot run in a transaction. What cannot be rendered is told in its turn.
///
/// A rollback that mixes them is not refused: it runs as the changeset says.
pub fn is_undone_alone(changeset: &ChangeSet, cx: &Context<'_>, selection: &Selection) -> bool {
    if !changeset.run_in_transaction || cx.target.dialect.leaves_transaction.is_none() {
        return false;
    }
    let Ok(parts) = render::backward_changes(changeset, cx) else { return false };
    // What is made while it runs is rows.
    if parts.iter().any(|part| matches!(part, Undo::Stream(_))) {
        return false;
    }
    let mut is_alone = false;
    for part in &parts {
        let Ok(actions) = render::undo(changeset, part, cx, selection) else { return false };
        for action in &actions {
            let Action::Sql(sql) = action else { continue };
            match needs(&sql.text, cx.target) {
                Needs::Transaction => return false,
                Needs::None => is_alone = true,
                Needs::Any => {}
            }
        }
    }
    is_alone
}

/// The changesets that a mixed one can be split into, in words.
fn split(changeset: &ChangeSet, parts: &[Part]) -> String {
    let mut groups: Vec<(Needs, Vec<&Part>)> = Vec::new();
    for part in parts {
        match groups.last_mut() {
            // What is for the session goes with the statement behind it.
            Some((needs, group)) if *needs == part.needs || *needs == Needs::Any => {
                *needs = part.needs;
                group.push(part);
            }
            _ => groups.push((part.needs, vec![part])),
        }
    }
    let name = |number: usize| changeset.changes.get(number - 1).map_or("", |change| change.value.name());
    let described = groups.iter().enumerate().map(|(at, (_, group))| {
        let mut changes: Vec<usize> = group.iter().map(|part| part.change).collect();
        changes.dedup();
        let words = changes.iter().map(|change| {
            let own: Vec<String> = group.iter().filter(|part| part.change == *change).map(|part| part.statement.to_string()).collect();
            let whole = own.len() == parts.iter().filter(|part| part.change == *change).count();
            let statements = if whole { String::new() } else { format!("statement {} of ", own.join(", ")) };
            format!("{statements}change {change} ({})", name(*change))
        });
        format!("`{}-{}` with {}", changeset.identity.id(), at + 1, words.collect::<Vec<_>>().join(", "))
    });
    described.collect::<Vec<_>>().join("; ")
}

/// The beginning of a statement, in one line.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
