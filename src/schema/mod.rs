//! The model of database objects: what a schema holds, however it was learnt.
//!
//! Texts are those of the server (types, defaults, expressions), so that two readings of one server can be compared.

mod describe;

pub use describe::describe;

use std::collections::{BTreeMap, BTreeSet};

/// The objects of one schema, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    /// Its tables.
    pub tables: BTreeMap<String, Table>,
    /// Its views.
    pub views: BTreeMap<String, View>,
    /// Its sequences, but for those that belong to identity columns.
    pub sequences: BTreeMap<String, Sequence>,
    /// Its functions, procedures and packages, by name and arguments.
    pub routines: BTreeMap<String, Routine>,
    /// The values of its types of named values (enums), in their order.
    pub enums: BTreeMap<String, Vec<String>>,
    /// The extensions of the server whose objects are in it, with their versions.
    pub extensions: BTreeMap<String, String>,
    /// Who may do what with its tables, views and sequences, beside their owners.
    pub privileges: BTreeSet<Privilege>,
}

impl Schema {
    /// The same schema without some tables; letter case is ignored.
    #[must_use]
    pub fn without_tables(mut self, names: &[&str]) -> Schema {
        self.tables.retain(|name, _| !names.iter().any(|n| n.eq_ignore_ascii_case(name)));
        self
    }

    /// The indexes of a table or view; none when there is nothing of that name.
    pub fn indexes_mut(&mut self, of: &str) -> Option<&mut Vec<Index>> {
        let view = self.views.get_mut(of).map(|view| &mut view.indexes);
        view.or_else(|| self.tables.get_mut(of).map(|table| &mut table.indexes))
    }

    /// The triggers of a table or view; none when there is nothing of that name.
    pub fn triggers_mut(&mut self, of: &str) -> Option<&mut Vec<Trigger>> {
        let view = self.views.get_mut(of).map(|view| &mut view.triggers);
        view.or_else(|| self.tables.get_mut(of).map(|table| &mut table.triggers))
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// Its primary key.
    pub primary_key: Option<Key>,
    /// Its unique constraints. MySQL has none: they are unique indexes.
    pub unique: Vec<Key>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Its check constraints.
    pub checks: Vec<Check>,
    /// Its indexes, but for those that belong to its keys and unique constraints.
    pub indexes: Vec<Index>,
    /// Its triggers.
    pub triggers: Vec<Trigger>,
    /// Its remarks.
    pub remarks: Option<String>,
    /// What else was said when it was made (`ENGINE=InnoDB`, `STRICT`), in order.
    pub options: Vec<String>,
}

impl Table {
    /// Puts what has no order of its own into the order of names, so that equal tables are equal.
    pub fn sort(&mut self) {
        self.unique.sort();
        self.foreign_keys.sort();
        self.checks.sort();
        self.indexes.sort();
        self.triggers.sort();
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as the server writes it.
    pub data_type: String,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Its default, as an expression.
    pub default: Option<String>,
    /// How it counts up (`BY DEFAULT`, `auto_increment`), if it does.
    pub identity: Option<String>,
    /// The expression that it is computed from.
    pub generated: Option<String>,
    /// Whether what is computed is kept, and not computed anew whenever it is read.
    pub stored: bool,
    /// Its collation, where it is not the usual one.
    pub collation: Option<String>,
    /// Its remarks.
    pub remarks: Option<String>,
}

/// A primary key or unique constraint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Key {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its columns in order.
    pub columns: Vec<String>,
    /// When it is checked (`DEFERRABLE INITIALLY DEFERRED`), where that is not at once.
    pub deferral: Option<String>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct ForeignKey {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its columns in order.
    pub columns: Vec<String>,
    /// The schema of the table that it refers to, where that is another one.
    pub schema: Option<String>,
    /// The table that it refers to.
    pub table: String,
    /// The columns that it refers to; none are the primary key.
    pub references: Vec<String>,
    /// What an update does, in words.
    pub on_update: String,
    /// What a deletion does, in words.
    pub on_delete: String,
    /// When it is checked, where that is not at once for all rows (`NOT VALID`).
    pub deferral: Option<String>,
}

/// A check constraint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Check {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// What must hold, and for which rows where that is not for all (`NOT VALID`, `NOT ENFORCED`).
    pub condition: String,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether its keys differ.
    pub unique: bool,
    /// Its columns or expressions in order, with their direction where that is down.
    pub keys: Vec<String>,
    /// Its method (`gin`, `FULLTEXT`), where it is not the usual one.
    pub method: Option<String>,
    /// Which rows it holds, where it does not hold all.
    pub predicate: Option<String>,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// When it fires and what it does.
    pub definition: String,
    /// Whether it is kept without firing.
    pub disabled: bool,
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View {
    /// Its query, or the whole definition where the server keeps that.
    pub definition: String,
    /// Whether its rows are kept.
    pub materialized: bool,
    /// Whether it would keep rows, but none were computed yet.
    pub unpopulated: bool,
    /// Its indexes.
    pub indexes: Vec<Index>,
    /// Its triggers.
    pub triggers: Vec<Trigger>,
    /// Its remarks.
    pub remarks: Option<String>,
}

impl View {
    /// As [`Table::sort`].
    pub fn sort(&mut self) {
        self.indexes.sort();
        self.triggers.sort();
    }
}

/// A sequence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sequence {
    /// The type of its numbers.
    pub data_type: Option<String>,
    /// Its first number.
    pub start: String,
    /// Its step.
    pub increment: String,
    /// Its least number.
    pub minimum: String,
    /// Its greatest number.
    pub maximum: String,
    /// How many numbers a session takes at a time.
    pub cache: String,
    /// Whether it begins again.
    pub cycle: bool,
    /// The column that it goes with, `table.column`.
    pub owner: Option<String>,
}

/// What a role may do with an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Privilege {
    /// The object.
    pub object: String,
    /// What may be done (`SELECT`).
    pub name: String,
    /// The role or user, as the server writes it.
    pub grantee: String,
    /// Whether it may pass that on.
    pub grant_option: bool,
}

/// A function, procedure or package.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Routine {
    /// Its whole definition.
    pub definition: String,
}
