//! The types of dialects and targets. The dialects themselves are constants in [`crate::dialect`].

use super::action::Rendered;
use super::data_type::DataType;
use super::statement::{Statement, StatementKind};
use super::validation::Validation;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A server version; comparison is by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// Reads the leading `major[.minor[.patch]]` of a version text, wherever its first digit is.
    pub fn parse(text: &str) -> Option<Version> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let mut numbers = text[start..].split(|c: char| !c.is_ascii_digit()).map(|n| n.parse::<u32>().ok());
        let major = numbers.next().flatten()?;
        Some(Version(major, numbers.next().flatten().unwrap_or(0), numbers.next().flatten().unwrap_or(0)))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// When names are quoted (`objectQuotingStrategy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quoting {
    /// Only where the dialect must; see dialects §2.
    #[default]
    Legacy,
    /// Every name.
    All,
    /// Reserved words and odd names only.
    ReservedOnly,
}

/// How a server folds names that are not quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// `Name` becomes `name`.
    Lower,
    /// `Name` becomes `NAME`.
    Upper,
    /// Names stay as they are.
    Keep,
}

/// Where remarks on tables and columns go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remarks {
    /// Nowhere.
    None,
    /// `COMMENT ON … IS …` statements.
    CommentOn,
    /// A `COMMENT` clause of the definition.
    Inline,
}

/// How a primary key gets its name when the changelog gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrimaryKeyName {
    /// `PK_PERSON`.
    PkTable,
    /// `person_pkey`, cut to 63 bytes.
    TablePkey,
}

/// How the newest row of the ledger is found when it is tagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagForm {
    /// `UPDATE … FROM (SELECT … LIMIT 1)`.
    FromSubquery,
    /// `UPDATE … INNER JOIN (SELECT … limit 1)`.
    InnerJoin,
    /// By the row's own id.
    RowId,
    /// By the latest date; rows of one second are tagged together.
    MaxDate,
}

/// Which catalog a live database has: how to ask what exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogFamily {
    /// `pg_catalog`.
    Postgres,
    /// MySQL's `information_schema`.
    MySql,
    /// `sqlite_master` and pragmas.
    Sqlite,
}

/// How a row is added or, when its key is there, changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpsertForm {
    /// It is only added.
    InsertOnly,
    /// An anonymous block with an UPDATE and, when it found nothing, an INSERT.
    Block,
    /// `INSERT … ON DUPLICATE KEY UPDATE …`.
    OnDuplicateKey,
    /// `INSERT OR REPLACE …`.
    OrReplace,
}

/// How truth values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Booleans {
    /// `TRUE` and `FALSE`.
    Words,
    /// `1` and `0`.
    Digits,
}

/// What a dialect can do and how it is told to, as far as two dialects differ in it.
///
/// A renderer may ask for these, never for the dialect's name.
#[derive(Debug, Clone, Copy)]
pub struct Capabilities {
    /// How unquoted names are folded.
    pub fold: Fold,
    /// Whether names with both letter cases are quoted under [`Quoting::Legacy`].
    pub quote_mixed_case: bool,
    /// Whether the database has schemas; else a schema name is taken as a catalog.
    pub schemas: bool,
    /// Whether the database connected to stands before names, where there are no schemas.
    pub database_in_names: bool,
    /// Whether catalogs appear in names.
    pub catalogs_in_names: bool,
    /// Whether DDL takes part in transactions.
    pub transactional_ddl: bool,
    /// Whether there are sequences.
    pub sequences: bool,
    /// Whether `nullable` columns say `NULL`.
    pub explicit_null: bool,
    /// Where remarks go.
    pub remarks: Remarks,
    /// How truth values are written.
    pub booleans: Booleans,
    /// Name of a primary key without a name.
    pub primary_key_name: PrimaryKeyName,
    /// What `cascadeConstraints` adds to DROP TABLE.
    pub drop_cascade: Option<&'static str>,
    /// Whether constraints can be deferrable.
    pub deferrable: bool,
    /// Whether tables and indexes can name a tablespace.
    pub tablespaces: bool,
    /// Whether a change of one property of a column restates its type (`MODIFY c TYPE …`), which the
    /// changelog must then give as `columnDataType`.
    pub restates_type: bool,
    /// Whether rows can be joined in one INSERT.
    pub multi_row_insert: bool,
    /// How a row is added or changed (loadUpdateData).
    pub upsert: UpsertForm,
    /// Whether the ledger's name counts as lower case where there is no connection (MySQL).
    pub ledger_is_lower_offline: bool,
    /// Most digits of the fraction of a second, and what is used when none is written.
    pub fraction_digits: u32,
}

/// An adjustment for servers older than a version.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    /// The first version that does not need it.
    pub version: Version,
    /// What it changes.
    pub adjust: fn(Capabilities) -> Capabilities,
}

/// How a database spells SQL: a constant. A dialect derived from another one takes its fields with `..`.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// Short name, as in `dbms` lists and `offline:` URLs.
    pub id: &'static str,
    /// Other names it is known by.
    pub aliases: &'static [&'static str],
    /// Product name, as in Liquibase's messages.
    pub product: &'static str,
    /// Opening and closing quote of names.
    pub quotes: (char, char),
    /// What a closing quote inside a name is replaced by.
    pub quote_escape: &'static str,
    /// Whether a word (upper case) is reserved.
    pub reserved: fn(&str, &Target) -> bool,
    /// The current date and time, as a function call.
    pub now: &'static str,
    /// The current date and time as the ledger's statements write it.
    pub ledger_now: &'static str,
    /// Columns of the ledger and lock table that are quoted.
    pub quoted_ledger_columns: &'static [&'static str],
    /// How the newest row of the ledger is tagged.
    pub tag_form: TagForm,
    /// What makes a quoted schema or catalog the current one for a session.
    pub set_schema: fn(&str) -> Option<String>,
    /// The words that make a column count up, for `${database.autoIncrementClause}`.
    pub auto_increment_words: &'static str,
    /// Which catalog a live database of this dialect has.
    pub catalog: CatalogFamily,
    /// What starts a line comment in scripts.
    pub line_comment: &'static str,
    /// What ends a statement in scripts.
    pub terminator: &'static str,
    /// What it can do.
    pub caps: Capabilities,
    /// Adjustments for older versions.
    pub before: &'static [Before],
    /// Statements that it does not have.
    pub unsupported: &'static [StatementKind],
    /// The native name of a type.
    pub data_type: fn(&DataType, &Target) -> Result<String, String>,
    /// Text in quotes.
    pub string: fn(&str) -> String,
    /// The next value of a sequence whose name is already quoted.
    pub next_value: fn(&str) -> Option<String>,
    /// The current value of a sequence whose name is already quoted.
    pub current_value: fn(&str) -> Option<String>,
    /// What is truly different; `None` leaves it to the statement itself.
    pub special: fn(&Statement, &Target) -> Option<Rendered>,
    /// Restrictions beyond those that capabilities express.
    pub check: fn(&Statement, &Target, &mut Validation),
}

/// A stored table definition, for dialects that must rebuild tables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredTable {
    /// The text of CREATE TABLE as the server keeps it.
    pub create: String,
    /// Texts of CREATE INDEX, in order of creation.
    pub indexes: Vec<String>,
    /// Texts of CREATE TRIGGER.
    pub triggers: Vec<String>,
}

/// What statements are rendered for: a dialect with version and settings.
#[derive(Debug, Clone)]
pub struct Target {
    /// The dialect.
    pub dialect: &'static Dialect,
    /// Server version; `None` means the newest.
    pub version: Option<Version>,
    /// Capabilities, adjusted for the version.
    pub caps: Capabilities,
    /// When names are quoted.
    pub quoting: Quoting,
    /// The default schema, written before names when known.
    pub default_schema: Option<String>,
    /// The default catalog.
    pub default_catalog: Option<String>,
    /// Whether the default catalog was set by the user.
    pub catalog_is_explicit: bool,
    /// Whether names in the default schema are qualified.
    pub output_default_schema: bool,
    /// Whether names in the default catalog are qualified.
    pub output_default_catalog: bool,
    /// Whether views are dropped and made anew instead of replaced.
    pub always_drop_instead_of_replace: bool,
    /// Whether schema and catalog names keep their letter case and are quoted.
    pub preserve_schema_case: bool,
    /// Definitions read from the server for tables that must be rebuilt, by name in lower case.
    pub stored_tables: Arc<BTreeMap<String, StoredTable>>,
    /// Names of foreign keys read from the server, by qualified table name.
    pub foreign_keys: Arc<BTreeMap<String, Vec<super::ObjectName>>>,
    /// Whether there is no connection: the SQL is only written.
    pub offline: bool,
}

impl Target {
    /// A target of that dialect and version, without a default schema or catalog.
    pub fn new(dialect: &'static Dialect, version: Option<Version>) -> Self {
        let mut caps = dialect.caps;
        for before in dialect.before {
            if version.is_some_and(|v| v < before.version) {
                caps = (before.adjust)(caps);
            }
        }
        Target {
            dialect,
            version,
            caps,
            quoting: Quoting::Legacy,
            default_schema: None,
            default_catalog: None,
            catalog_is_explicit: false,
            output_default_schema: true,
            output_default_catalog: true,
            always_drop_instead_of_replace: false,
            preserve_schema_case: false,
            stored_tables: Arc::default(),
            foreign_keys: Arc::default(),
            offline: true,
        }
    }

    /// What makes the default schema or catalog the current one for a session.
    pub fn set_schema(&self) -> Option<String> {
        let space = self.default_schema.as_ref().or(self.default_catalog.as_ref())?;
        (self.dialect.set_schema)(&self.name(space))
    }

    /// Whether the server is at least of that version; an unknown version is the newest.
    pub fn at_least(&self, major: u32, minor: u32, patch: u32) -> bool {
        self.version.is_none_or(|v| v >= Version(major, minor, patch))
    }

    /// The same target with another quoting.
    #[must_use]
    pub fn with_quoting(&self, quoting: Quoting) -> Target {
        Target { quoting, ..self.clone() }
    }

    /// Whether the dialect has that statement.
    pub fn supports(&self, statement: &Statement) -> bool {
        !self.dialect.unsupported.contains(&statement.kind())
    }

    /// Renders a statement: the dialect's special spelling, else the statement's own.
    ///
    /// # Errors
    /// When the dialect cannot say it, or a table definition must be read first.
    pub fn render(&self, statement: &Statement) -> Rendered {
        match (self.dialect.special)(statement, self) {
            Some(rendered) => rendered,
            None => statement.render(self),
        }
    }

    /// Checks a statement: its own rules, then the dialect's.
    pub fn check(&self, statement: &Statement, validation: &mut Validation) {
        statement.check(self, validation);
        (self.dialect.check)(statement, self, validation);
    }

    /// The native name of a type as written in the changelog.
    ///
    /// # Errors
    /// When the type cannot be had, in Liquibase's words.
    pub fn native_type(&self, written: &str) -> Result<String, String> {
        (self.dialect.data_type)(&DataType::parse(written), self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_server_texts() {
        assert_eq!(Version::parse("PostgreSQL 15.18 (Debian)"), Some(Version(15, 18, 0)));
        assert_eq!(Version::parse("10.11.6-MariaDB-0+deb12u1"), Some(Version(10, 11, 6)));
        assert_eq!(Version::parse("none"), None);
        assert!(Version(10, 2, 0) < Version(10, 11, 0));
    }
}
