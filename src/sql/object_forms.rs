//! How dialects spell CHECK constraints, functions, packages, triggers and synonyms, as far as they have them.

/// What a dialect has of objects that not all databases have; `None` means that there are none.
#[derive(Debug, Clone, Copy)]
pub struct ObjectForms {
    /// CHECK constraints.
    pub check: Option<CheckForm>,
    /// Functions.
    pub function: Option<FunctionForm>,
    /// Packages.
    pub package: Option<Replacing>,
    /// Triggers.
    pub trigger: Option<TriggerForm>,
    /// Synonyms.
    pub synonym: Option<SynonymForm>,
    /// Whether a column can be marked as unused (`SET UNUSED`).
    pub unused_columns: bool,
    /// Schemas that can be made and dropped.
    pub schema: Option<SchemaForm>,
    /// Whether there are extensions of the server (`CREATE EXTENSION`).
    pub extensions: bool,
    /// Whether there are types of named values (`CREATE TYPE … AS ENUM`).
    pub enums: bool,
    /// Whether there are views that keep their rows and are refreshed.
    pub materialized_views: bool,
    /// Whether tables are attached to others as their parts.
    pub partitions: bool,
    /// Where it is said how the rows of a new table are divided; `None` where they are not.
    pub partition_by: Option<PartitionPlace>,
    /// Columns that are computed from others of their row.
    pub generated_column: Option<GeneratedForm>,
    /// Whether roles have privileges (`GRANT`).
    pub privileges: bool,
}

/// How schemas are made and dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemaForm {
    /// Whether there is IF NOT EXISTS.
    pub if_not_exists: bool,
    /// What stands behind DROP SCHEMA to drop what is in it too; `None` where that cannot be.
    pub cascade: Option<&'static str>,
    /// What stands behind DROP SCHEMA to drop an empty one only; `None` where that cannot be.
    pub restrict: Option<&'static str>,
}

/// How an object that may exist is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replacing {
    /// It cannot be.
    Refused,
    /// `CREATE OR REPLACE`, `CREATE OR ALTER`: these words behind CREATE.
    By(&'static str),
    /// `DROP … IF EXISTS` goes first.
    DropFirst,
}

/// How something is turned on and off; each pair stands before and behind its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwitchForm {
    /// `ALTER TABLE t ENABLE TRIGGER n`.
    OfTable {
        /// On.
        on: (&'static str, &'static str),
        /// Off.
        off: (&'static str, &'static str),
    },
    /// `ALTER TRIGGER n ENABLE`.
    OfItself {
        /// On.
        on: (&'static str, &'static str),
        /// Off.
        off: (&'static str, &'static str),
    },
    /// `ENABLE TRIGGER n ON t`.
    OnTable {
        /// On.
        on: &'static str,
        /// Off.
        off: &'static str,
    },
}

impl SwitchForm {
    /// The statement, from names as they are written.
    pub fn statement(&self, enabled: bool, name: &str, table: Option<&str>) -> String {
        let table = table.unwrap_or_default();
        match self {
            SwitchForm::OfTable { on, off } => {
                let (before, behind) = if enabled { on } else { off };
                format!("ALTER TABLE {table} {before} {name}{behind}")
            }
            SwitchForm::OfItself { on, off } => {
                let (before, behind) = if enabled { on } else { off };
                format!("{before} {name}{behind}")
            }
            SwitchForm::OnTable { on, off } => format!("{} {name} ON {table}", if enabled { on } else { off }),
        }
    }

    /// Whether the table is part of the statement.
    pub fn names_table(&self) -> bool {
        !matches!(self, SwitchForm::OfItself { .. })
    }
}

/// How CHECK constraints are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckForm {
    /// `CONSTRAINT` or `CHECK`, behind DROP.
    pub drop: &'static str,
    /// What stands behind the name when one is dropped.
    pub drop_suffix: &'static str,
    /// What stands behind one that is made without being enforced.
    pub disabled: Option<&'static str>,
    /// What leaves existing rows unchecked: the words before ADD, and those behind the constraint.
    pub unchecked: Option<(&'static str, &'static str)>,
    /// How one is enforced, or no more.
    pub switch: Option<SwitchForm>,
}

impl CheckForm {
    /// Standard SQL: made and dropped, no more.
    pub const STANDARD: CheckForm = CheckForm { drop: "CONSTRAINT", drop_suffix: "", disabled: None, unchecked: None, switch: None };
}

/// How functions are spelled. Their text is the changelog's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionForm {
    /// What they are called behind CREATE and DROP.
    pub word: &'static str,
    /// How one is replaced.
    pub replacing: Replacing,
    /// Whether one is dropped by its name alone.
    pub drops_by_name: bool,
}

impl FunctionForm {
    /// Standard SQL.
    pub const STANDARD: FunctionForm = FunctionForm { word: "FUNCTION", replacing: Replacing::Refused, drops_by_name: true };
}

/// How a trigger is renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenameTrigger {
    /// It is not.
    No,
    /// `ALTER TRIGGER n RENAME TO m`.
    ByName,
    /// `ALTER TRIGGER n ON t RENAME TO m`.
    OfTable,
}

/// How triggers are spelled. Their text is the changelog's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TriggerForm {
    /// How one is replaced.
    pub replacing: Replacing,
    /// Whether its name is known in its table only: `DROP TRIGGER n ON t`, and never with a schema.
    pub of_table: bool,
    /// Whether one can be on a whole database or server (`scope`).
    pub scopes: bool,
    /// How one is enabled and disabled.
    pub switch: Option<SwitchForm>,
    /// How one is renamed.
    pub rename: RenameTrigger,
}

impl TriggerForm {
    /// Standard SQL: made and dropped, no more.
    pub const STANDARD: TriggerForm =
        TriggerForm { replacing: Replacing::Refused, of_table: false, scopes: false, switch: None, rename: RenameTrigger::No };
}

/// Where PARTITION BY stands in CREATE TABLE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartitionPlace {
    /// In front of the tablespace.
    BeforeTablespace,
    /// At the end.
    Last,
}

/// How a column is spelled that is computed from others of its row. Words behind the expression stand with a blank before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GeneratedForm {
    /// The words in front of the expression.
    pub words: &'static str,
    /// Whether the type stands before them.
    pub typed: bool,
    /// What says that the value is kept; `None` where it cannot be.
    pub stored: Option<&'static str>,
    /// What says that it is computed when it is read; `None` where it cannot be.
    pub computed: Option<&'static str>,
    /// What stands there when the changelog says neither.
    pub usual: &'static str,
    /// Whether it can be NOT NULL.
    pub not_null: bool,
}

impl GeneratedForm {
    /// `GENERATED ALWAYS AS (…) STORED`, or `VIRTUAL`.
    pub const CHOSEN: GeneratedForm = GeneratedForm {
        words: "GENERATED ALWAYS AS",
        typed: true,
        stored: Some(" STORED"),
        computed: Some(" VIRTUAL"),
        usual: "",
        not_null: true,
    };
    /// Standard SQL: the value is kept, without a word.
    pub const KEPT: GeneratedForm = GeneratedForm { stored: Some(""), computed: None, ..GeneratedForm::CHOSEN };
    /// The value is never kept, without a word.
    pub const NOT_KEPT: GeneratedForm = GeneratedForm { stored: None, computed: Some(""), ..GeneratedForm::CHOSEN };
}

/// How synonyms are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SynonymForm {
    /// `SYNONYM` or `ALIAS`.
    pub word: &'static str,
    /// How one is replaced.
    pub replacing: Replacing,
    /// Whether one can be for everybody (`PUBLIC`).
    pub public: bool,
    /// Whether it is said what it stands for (`FOR SEQUENCE s`).
    pub kinds: bool,
}

impl SynonymForm {
    /// A synonym in a schema, no more.
    pub const PLAIN: SynonymForm = SynonymForm { word: "SYNONYM", replacing: Replacing::Refused, public: false, kinds: false };
}

impl ObjectForms {
    /// Standard SQL, which has no packages and no synonyms.
    pub const STANDARD: ObjectForms = ObjectForms {
        check: Some(CheckForm::STANDARD),
        function: Some(FunctionForm::STANDARD),
        package: None,
        trigger: Some(TriggerForm::STANDARD),
        synonym: None,
        unused_columns: false,
        schema: None,
        extensions: false,
        enums: false,
        materialized_views: false,
        partitions: false,
        partition_by: None,
        generated_column: None,
        privileges: true,
    };
}
