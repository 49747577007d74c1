//! What statements are rendered for: a dialect with version and settings.

use super::action::{Action, Rendered};
use super::capabilities::Capabilities;
use super::dialect::{Dialect, Version};
use super::splitter::Lexis;
use super::statement::{Statement, StatementKind};
use super::validation::Validation;
use std::collections::BTreeMap;
use std::sync::Arc;

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

impl Quoting {
    /// The words of changelogs, in the order of the strategies.
    pub const WORDS: &[&str] = &["LEGACY", "QUOTE_ALL_OBJECTS", "QUOTE_ONLY_RESERVED_WORDS"];
    const ALL: [Quoting; 3] = [Quoting::Legacy, Quoting::All, Quoting::ReservedOnly];

    /// The strategy of that word.
    pub fn of_word(word: &str) -> Option<Quoting> {
        Quoting::ALL.into_iter().find(|quoting| quoting.word() == word)
    }

    /// Its word in changelogs.
    pub fn word(self) -> &'static str {
        Quoting::WORDS[self as usize]
    }
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
    /// Foreign keys of tables, this one too, that refer to it.
    pub referrers: Vec<Referrer>,
    /// Whether the connection enforces foreign keys.
    pub enforces_foreign_keys: bool,
}

/// One column of a foreign key that refers to a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referrer {
    /// The table that has the foreign key.
    pub table: String,
    /// The column referred to; none when it is the primary key without saying so.
    pub column: Option<String>,
}

impl StoredTable {
    /// The first table that refers to a column; `is_key` says whether the column is part of the primary key.
    pub fn referrer_of(&self, column: &str, is_key: bool) -> Option<&str> {
        let refers = |r: &&Referrer| r.column.as_deref().map_or(is_key, |c| c.eq_ignore_ascii_case(column));
        self.referrers.iter().find(refers).map(|r| r.table.as_str())
    }
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
    /// Whether the schema of `createProcedure` is written into the procedure's text.
    pub use_procedure_schema: bool,
    /// The schema that is written into the text of a procedure without one, if any.
    pub stored_logic_schema: Option<String>,
    /// Whether schema and catalog names keep their letter case and are quoted.
    pub preserve_schema_case: bool,
    /// Whether the server tells names apart by letter case, where that is a matter of how it was set up.
    pub case_sensitive: bool,
    /// The rules that raw SQL is split by; without them it is split exactly as Liquibase does.
    pub lexis: Option<&'static Lexis>,
    /// Definitions read from the server for tables that must be rebuilt, by name in lower case.
    pub stored_tables: Arc<BTreeMap<String, StoredTable>>,
    /// Names of foreign keys read from the server, by qualified table name.
    pub foreign_keys: Arc<BTreeMap<String, Vec<super::ObjectName>>>,
    /// Whether there is no connection: the SQL is only written.
    pub offline: bool,
    /// Whether what rendering needs to know of existing tables can be read from the database when it asks
    /// ([`super::RenderError::NeedsTable`]); else it does without where it can.
    pub asks: bool,
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
            default_schema: dialect.default_schema.map(str::to_owned),
            default_catalog: None,
            catalog_is_explicit: false,
            output_default_schema: true,
            output_default_catalog: true,
            always_drop_instead_of_replace: false,
            use_procedure_schema: true,
            stored_logic_schema: None,
            preserve_schema_case: false,
            case_sensitive: false,
            lexis: Some(&dialect.lexis),
            stored_tables: Arc::default(),
            foreign_keys: Arc::default(),
            offline: true,
            asks: false,
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
        let kind = statement.kind();
        let of_sequence = matches!(
            kind,
            StatementKind::AlterSequence | StatementKind::CreateSequence | StatementKind::DropSequence | StatementKind::RenameSequence
        );
        let sets_nullable = self.caps.sets_not_null_behind_value && matches!(statement, Statement::AddColumn(s) if s.is_not_null_late());
        let also = sets_nullable.then_some(StatementKind::SetNullable);
        let rebuilds: &[StatementKind] = if self.offline { self.dialect.rebuilds } else { &[] };
        let has = |kind| ![self.dialect.unsupported, rebuilds].iter().any(|kinds| kinds.contains(&kind));
        (self.caps.sequences || !of_sequence) && statement.is_known(&self.caps) && std::iter::once(kind).chain(also).all(has)
    }

    /// Whether the dialect does that by rebuilding the table.
    pub fn rebuilds_for(&self, statement: &Statement) -> bool {
        self.dialect.rebuilds.contains(&statement.kind())
    }

    /// Whether the dialect undoes something by that statement.
    pub fn undoes_by(&self, statement: &Statement) -> bool {
        self.supports(statement) && !self.dialect.never_undo.contains(&statement.kind())
    }

    /// Renders a statement: the dialect's special spelling, else the statement's own. Blanks around it are no part of it.
    ///
    /// # Errors
    /// When the dialect cannot say it, or a table definition must be read first.
    pub fn render(&self, statement: &Statement) -> Rendered {
        let mut actions = (self.dialect.special)(statement, self).unwrap_or_else(|| statement.render(self))?;
        for action in &mut actions {
            if let Action::Sql(sql) = action {
                let trimmed = sql.text.trim_matches(|c: char| c <= ' ');
                if trimmed.len() < sql.text.len() {
                    sql.text = trimmed.to_owned();
                }
            }
        }
        Ok(actions)
    }

    /// Checks a statement: its own rules, then the dialect's.
    pub fn check(&self, statement: &Statement, validation: &mut Validation) {
        statement.check(self, validation);
        (self.dialect.check)(statement, self, validation);
    }
}
