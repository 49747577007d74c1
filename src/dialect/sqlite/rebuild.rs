//! The rebuild of a table: a new one under another name, the rows, the old one's name, its indexes and triggers.
//!
//! The order is the one that SQLite recommends: the new table takes the old name at the end, so that foreign keys
//! and views of others, which know the table by name, stay as they are. All of it runs in the transaction of the
//! changeset. Two things follow from that:
//!
//! - `PRAGMA foreign_keys` cannot be changed there. Connections are made with foreign keys off; where a URL turns
//!   them on and other tables refer to this one, dropping the old table would delete or refuse their rows, so the
//!   rebuild is refused.
//! - Renaming would fail while a view or trigger names a table that is not there. `PRAGMA legacy_alter_table` keeps
//!   RENAME from looking at them, for that one statement.

use super::definition::{Definition, Index};
use crate::sql::action::{RenderError, Rendered, sql};
use crate::sql::target::StoredTable;
use crate::sql::{ObjectName, Target};

/// A table whose definition is edited.
#[derive(Debug)]
pub(super) struct Rebuild<'a> {
    target: &'a Target,
    table: &'a ObjectName,
    stored: &'a StoredTable,
    /// Names of the columns that hold rows' values now.
    old: Vec<String>,
    was_autoincrement: bool,
    /// The definition as it is to be.
    pub(super) new: Definition,
    /// Values of new columns for rows that exist, as expressions.
    fills: Vec<(String, String)>,
    /// Columns whose indexes are not made again.
    unindexed: Vec<String>,
    /// Names of constraints, and the conditions of rows that violate them without the new table refusing them.
    unexpected: Vec<(String, String)>,
}

impl<'a> Rebuild<'a> {
    /// Reads the stored definition.
    ///
    /// # Errors
    /// When it is not understood, or foreign keys are enforced and would act.
    pub(super) fn new(target: &'a Target, table: &'a ObjectName, stored: &'a StoredTable) -> Result<Self, RenderError> {
        if stored.enforces_foreign_keys && !stored.referrers.is_empty() {
            let others: Vec<&str> = stored.referrers.iter().map(|r| r.table.as_str()).collect();
            return Err(RenderError::Invalid(format!(
                "table {} must be rebuilt, but {} refers to it and this connection enforces foreign keys, which would \
                 delete rows; connect without foreign_keys",
                table.name,
                others.join(", ")
            )));
        }
        let new = Definition::read(&stored.create).map_err(RenderError::Invalid)?;
        let old = new.columns.iter().filter(|c| !c.parts.is_generated()).map(|c| c.parts.name.clone()).collect();
        let was_autoincrement = new.is_autoincrement();
        Ok(Rebuild { target, table, stored, old, was_autoincrement, new, fills: Vec::new(), unindexed: Vec::new(), unexpected: Vec::new() })
    }

    /// Gives a new column a value for rows that exist.
    pub(super) fn fill(&mut self, column: &str, expression: String) {
        self.fills.push((column.to_owned(), expression));
    }

    /// Leaves out indexes that have to do with a column.
    pub(super) fn unindex(&mut self, column: &str) {
        self.unindexed.push(column.to_owned());
    }

    /// Refuses to go on where rows (called `referring`) meet a condition; the error has the name of the constraint.
    pub(super) fn expect_none(&mut self, constraint: &str, condition: &str) {
        self.unexpected.push((constraint.to_owned(), condition.to_owned()));
    }

    /// All its statements.
    pub(super) fn statements(mut self) -> Rendered {
        self.new.unqualify(&self.table.name);
        let target = self.target;
        let name = self.new.plain_name();
        let passing = format!("{name}__rebuild");
        // The name stays as it is stored, also where the changelog writes it in another letter case.
        let old = self.new.name.clone();
        let new = format!("\"{}\"", passing.replace('"', "\"\""));
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        for column in self.new.columns.iter().filter(|c| !c.parts.is_generated()) {
            let is = |name: &str| name.eq_ignore_ascii_case(&column.parts.name);
            let fill = self.fills.iter().find(|(name, _)| is(name)).map(|(_, expression)| expression.clone());
            let kept = || self.old.iter().any(|name| is(name)).then(|| column.parts.written.clone());
            // A column without either takes its default, or counts.
            if let Some(value) = fill.or_else(kept) {
                columns.push(column.parts.written.clone());
                values.push(value);
            }
        }
        let mut texts = Vec::new();
        for (constraint, condition) in &self.unexpected {
            // A table that takes no row: SQLite has no other way to fail by a query.
            texts.push(format!("CREATE TABLE {new} (met INTEGER CONSTRAINT {} CHECK (met = 0))", target.name(constraint)));
            texts.push(format!("INSERT INTO {new} SELECT 1 FROM {old} AS referring WHERE {condition} LIMIT 1"));
            texts.push(format!("DROP TABLE {new}"));
        }
        texts.push(self.new.create(&new));
        texts.push(format!("INSERT INTO {new} ({}) SELECT {} FROM {old}", columns.join(", "), values.join(", ")));
        if self.was_autoincrement && self.new.is_autoincrement() {
            // Numbers that were used once are not used again, also when their rows are gone.
            let (name, other) = (target.string(&name), target.string(&passing));
            texts.push(format!("DELETE FROM sqlite_sequence WHERE name = {other}"));
            texts.push(format!("INSERT INTO sqlite_sequence (name, seq) SELECT {other}, seq FROM sqlite_sequence WHERE name = {name}"));
        }
        texts.push(format!("DROP TABLE {old}"));
        texts.push("PRAGMA legacy_alter_table = ON".to_owned());
        texts.push(format!("ALTER TABLE {new} RENAME TO {old}"));
        texts.push("PRAGMA legacy_alter_table = OFF".to_owned());
        for text in &self.stored.indexes {
            let reads = |index: Index<'_>| self.unindexed.iter().any(|column| index.reads(column));
            if !Index::read(text).is_some_and(reads) {
                texts.push(text.clone());
            }
        }
        texts.extend(self.stored.triggers.iter().cloned());
        sql(texts)
    }
}
