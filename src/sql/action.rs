//! What a statement becomes for one target: SQL text, or something that is not SQL.

use std::time::Duration;

/// A parameter of a prepared statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Parameter {
    /// SQL NULL.
    Null,
    /// Text; the server converts it.
    Text(String),
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An exact number, as digits with at most a sign and a point.
    Decimal(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// One SQL statement as it is sent and printed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sql {
    /// The text, without a terminator.
    pub text: String,
    /// What ends it in a script, when that is not the dialect's usual terminator.
    pub end_delimiter: Option<String>,
    /// Bound parameters, for `?` in order; a script cannot hold such a statement.
    pub parameters: Vec<Parameter>,
}

impl Sql {
    /// A statement with the usual terminator.
    pub fn new(text: impl Into<String>) -> Self {
        Sql { text: text.into(), ..Sql::default() }
    }
}

/// A process that a changelog asks for (`executeCommand`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The program.
    pub executable: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// How long it may take.
    pub timeout: Option<Duration>,
}

/// Where an `output` change prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputTarget {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// The log, at debug level.
    Debug,
    /// The log, at info level.
    Info,
    /// The log, at warning level.
    Warning,
    /// The log, at error level.
    Error,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// SQL to send or print.
    Sql(Sql),
    /// A line for scripts only; never sent.
    Comment(String),
    /// A process to run.
    Command(Command),
    /// A message to show.
    Output {
        /// The text.
        message: String,
        /// Where to.
        target: OutputTarget,
    },
    /// The run ends here with this message.
    Stop(String),
    /// A Java class that is mapped to a program by the configuration.
    Custom {
        /// The class name.
        class: String,
        /// Its parameters, in order of their names.
        parameters: Vec<(String, String)>,
    },
    /// Something was left out on this database, for this reason.
    Skipped(String),
    /// Something is for another operating system than this one; a changeset of nothing else is not recorded.
    OtherSystem(String),
}

impl From<Sql> for Action {
    fn from(sql: Sql) -> Self {
        Action::Sql(sql)
    }
}

/// Why a statement could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The dialect cannot say this, or the input makes no sense for it.
    #[error("{0}")]
    Invalid(String),
    /// The stored definition of this table is needed first (SQLite rebuilds).
    #[error("{statement} needs the definition of table {table}, which is not known without a database")]
    NeedsTable {
        /// What is to be rendered.
        statement: &'static str,
        /// The table.
        table: String,
    },
    /// The foreign keys of this table are needed first (`dropAllForeignKeyConstraints`).
    #[error("{statement} needs the foreign keys of table {}, which are not known without a database", .table.name)]
    NeedsForeignKeys {
        /// What is to be rendered.
        statement: &'static str,
        /// The table.
        table: super::ObjectName,
    },
}

impl RenderError {
    /// What of the database must be known first, where there is one that can be asked.
    pub fn what_is_open(&self) -> Option<String> {
        match self {
            RenderError::Invalid(_) => None,
            RenderError::NeedsTable { statement, table } => {
                Some(format!("the SQL of {statement} follows from the definition of table {table} as it is when the changeset runs"))
            }
            RenderError::NeedsForeignKeys { statement, table } => Some(format!(
                "the SQL of {statement} follows from the foreign keys of table {} as they are when the changeset runs",
                table.name
            )),
        }
    }

    /// An error with this text.
    pub fn invalid(text: impl Into<String>) -> Self {
        RenderError::Invalid(text.into())
    }

    /// The database has no such objects.
    pub fn unknown(what: &str, target: &super::Target) -> Self {
        RenderError::Invalid(format!("{} has no {what}", target.dialect.id))
    }
}

/// What rendering gives.
pub type Rendered = Result<Vec<Action>, RenderError>;

/// Rendered: exactly these SQL texts.
pub fn sql(texts: impl IntoIterator<Item = String>) -> Rendered {
    Ok(texts.into_iter().map(|t| Action::Sql(Sql::new(t))).collect())
}

/// Rendered: exactly this SQL text.
pub fn one(text: impl Into<String>) -> Rendered {
    Ok(vec![Action::Sql(Sql::new(text))])
}
