//! A column as statements see it: what a `column` element says, typed.

use super::data_type::DataType;
use super::identifier::ObjectName;
use super::literal::Literal;

/// How a column counts up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AutoIncrement {
    /// First value, in decimal.
    pub start: Option<String>,
    /// Step, in decimal.
    pub by: Option<String>,
    /// `ALWAYS` or `BY DEFAULT`.
    pub generation: Option<String>,
    /// Whether NULL takes the next value.
    pub on_null: Option<bool>,
}

/// A foreign key of one column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnForeignKey {
    /// Name of the constraint.
    pub name: Option<String>,
    /// The reference as written, `table(column)`, when given that way.
    pub references: Option<String>,
    /// The table referred to, when given in parts.
    pub table: Option<ObjectName>,
    /// The columns referred to, when given in parts.
    pub columns: Option<String>,
    /// Whether deletes cascade.
    pub delete_cascade: bool,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// Whether existing rows are checked.
    pub validate: bool,
}

/// A unique constraint of one column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnUnique {
    /// Name of the constraint.
    pub name: Option<String>,
    /// Whether existing rows are checked.
    pub validate: bool,
}

/// A column's part in the primary key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnPrimaryKey {
    /// Name of the constraint.
    pub name: Option<String>,
    /// Tablespace of its index.
    pub tablespace: Option<String>,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// Whether existing rows are checked.
    pub validate: bool,
}

/// Where a new column goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// Behind this column.
    After(String),
    /// In front of this column.
    Before(String),
    /// At this place, from 1.
    At(String),
}

/// What a column is computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The expression, over columns of the same row.
    pub expression: String,
    /// Whether the value is kept; `None` when the changelog does not say.
    pub stored: Option<bool>,
}

/// A column to be made.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ColumnDef {
    /// Its name, or the expression when `computed`.
    pub name: String,
    /// Its type as written.
    pub type_text: Option<String>,
    /// Whether the name is a whole definition.
    pub computed: bool,
    /// Whether it counts up; its type may say so, too.
    pub auto_increment: bool,
    /// How it counts up, if it does.
    pub counting: AutoIncrement,
    /// What it is computed from, if it is.
    pub generated: Option<Generated>,
    /// Its default.
    pub default: Option<Literal>,
    /// Name of the default's constraint.
    pub default_name: Option<String>,
    /// Whether it may be NULL; `None` when the changelog does not say.
    pub nullable: Option<bool>,
    /// Name of the NOT NULL constraint.
    pub not_null_name: Option<String>,
    /// Whether existing rows are checked against NOT NULL.
    pub not_null_validate: bool,
    /// Its part in the primary key.
    pub primary_key: Option<ColumnPrimaryKey>,
    /// Its unique constraint.
    pub unique: Option<ColumnUnique>,
    /// Its foreign key.
    pub foreign_key: Option<ColumnForeignKey>,
    /// Its remarks.
    pub remarks: Option<String>,
    /// Where it goes, when added.
    pub position: Vec<Position>,
    /// The value that existing rows get, when added.
    pub value: Option<Literal>,
}

impl ColumnDef {
    /// Whether it counts up, by its own word or by that of its type (`serial`).
    pub fn counts(&self) -> bool {
        self.auto_increment || self.type_text.as_deref().is_some_and(|t| DataType::parse(t).auto_increment)
    }
}
