//! `sqlite:path`, `sqlite://path`, `jdbc:sqlite:path`, each also with `file:` before the path.

use super::parameters::{self, Plus, boolean, number};
use super::{UrlError, Warnings, strip_prefix_ignore_case};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where a SQLite database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqliteLocation {
    /// A file; a relative path is relative to the working directory.
    File(PathBuf),
    /// In memory, gone when the connection closes.
    Memory,
}

/// How the file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SqliteMode {
    /// For reading only; the file must be there.
    ReadOnly,
    /// For reading and writing; the file must be there.
    ReadWrite,
    /// For reading and writing; the file is made when absent, as the JDBC driver does.
    #[default]
    Create,
}

/// What a SQLite URL says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteEndpoint {
    /// Where the database is.
    pub location: SqliteLocation,
    /// How it is opened.
    pub mode: SqliteMode,
    /// Whether the file is promised not to change (`immutable=1`), so that it is not locked.
    pub immutable: bool,
    /// How long to wait for another process's lock.
    pub busy_timeout: Option<Duration>,
    /// Whether foreign keys are enforced. SQLite's own default is no.
    pub foreign_keys: bool,
    /// How a transaction begins, where the URL says: `DEFERRED`, `IMMEDIATE` or `EXCLUSIVE`.
    pub transaction_mode: Option<&'static str>,
    /// Pragmas to set after opening, in order; names and values are plain words.
    pub pragmas: Vec<(String, String)>,
}

/// Pragmas that the JDBC driver takes from the URL and that concern a session.
const PRAGMAS: [&str; 24] = [
    "application_id",
    "auto_vacuum",
    "cache_size",
    "case_sensitive_like",
    "defer_foreign_keys",
    "encoding",
    "fullfsync",
    "ignore_check_constraints",
    "journal_mode",
    "journal_size_limit",
    "legacy_alter_table",
    "locking_mode",
    "max_page_count",
    "mmap_size",
    "page_size",
    "query_only",
    "read_uncommitted",
    "recursive_triggers",
    "reverse_unordered_selects",
    "secure_delete",
    "synchronous",
    "temp_store",
    "user_version",
    "wal_autocheckpoint",
];

/// Parameters of the JDBC driver that concern Java only.
const IGNORED: [&str; 9] = [
    "date_class",
    "date_precision",
    "date_string_format",
    "cache",
    "shared_cache",
    "count_changes",
    "full_column_names",
    "short_column_names",
    "empty_result_callbacks",
];

/// Parses what follows `sqlite:`. In a JDBC URL the path is taken as it is, without `%xx` escapes, unless it starts
/// with `file:`.
pub(super) fn parse(rest: &str, jdbc: bool, warnings: &mut Warnings) -> Result<SqliteEndpoint, UrlError> {
    let rest = if jdbc { rest } else { rest.strip_prefix("//").unwrap_or(rest) };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (path, escaped) = match strip_prefix_ignore_case(path, "file:") {
        // `file:///path` and `file://localhost/path` have an (empty) authority.
        Some(path) => (path.strip_prefix("//localhost").or_else(|| path.strip_prefix("//")).unwrap_or(path), true),
        None => (path, !jdbc),
    };
    if path.starts_with(":resource:") {
        return Err(UrlError::new("a SQLite database inside a Java class path (`:resource:`) cannot be opened; name a file instead"));
    }
    let path = if escaped { parameters::decode(path, "path")? } else { path.to_string() };
    if path.contains('\0') {
        return Err(UrlError::new("the path of the SQLite file holds a NUL character"));
    }
    let location = match path.as_str() {
        ":memory:" => SqliteLocation::Memory,
        "" if jdbc => SqliteLocation::Memory,
        "" => return Err(UrlError::new("the SQLite URL names no file; write `sqlite:path/to/file.db`, or `sqlite::memory:`")),
        path => SqliteLocation::File(PathBuf::from(path)),
    };
    let mut out = SqliteEndpoint {
        location,
        mode: SqliteMode::default(),
        immutable: false,
        busy_timeout: None,
        foreign_keys: false,
        transaction_mode: None,
        pragmas: Vec::new(),
    };
    for (name, value) in parameters::split(query, Plus::Plus)? {
        out.apply(&name, &value, warnings)?;
    }
    Ok(out)
}

impl SqliteEndpoint {
    /// See [`super::DatabaseUrl::file_to_make`].
    pub(super) fn file_to_make(&self) -> Option<&Path> {
        let SqliteLocation::File(path) = &self.location else { return None };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let makes = self.mode == SqliteMode::Create && folder.is_none_or(Path::is_dir) && matches!(path.try_exists(), Ok(false));
        makes.then_some(path)
    }

    /// Takes one parameter.
    fn apply(&mut self, name: &str, value: &str, warnings: &mut Warnings) -> Result<(), UrlError> {
        let key = name.to_ascii_lowercase();
        match key.as_str() {
            "mode" => match value.to_ascii_lowercase().as_str() {
                "ro" => self.mode = SqliteMode::ReadOnly,
                "rw" => self.mode = SqliteMode::ReadWrite,
                "rwc" => self.mode = SqliteMode::Create,
                "memory" => self.location = SqliteLocation::Memory,
                _ => return Err(UrlError::new(format!("`mode` of the SQLite URL must be ro, rw, rwc or memory, not `{value}`"))),
            },
            // The JDBC driver's flag word: 1 read only, 2 read and write, 4 create.
            "open_mode" => {
                let flags = number(name, value)?;
                self.mode = match (flags & 1, flags & 4) {
                    (1, _) => SqliteMode::ReadOnly,
                    (_, 4) => SqliteMode::Create,
                    _ => SqliteMode::ReadWrite,
                };
            }
            "immutable" => self.immutable = boolean(name, value)?,
            "busy_timeout" | "timeout" => {
                let wait = number(name, value)?;
                // The SQLite interface takes a C int of milliseconds.
                self.busy_timeout = Some(Duration::from_millis(wait.min(i32::MAX.unsigned_abs().into())));
            }
            "foreign_keys" => self.foreign_keys = boolean(name, value)?,
            "transaction_mode" => {
                self.transaction_mode = Some(match value.to_ascii_uppercase().as_str() {
                    "DEFERRED" | "DEFFERED" => "DEFERRED",
                    "IMMEDIATE" => "IMMEDIATE",
                    "EXCLUSIVE" => "EXCLUSIVE",
                    _ => {
                        return Err(UrlError::new(format!(
                            "`transaction_mode` of the SQLite URL must be DEFERRED, IMMEDIATE or EXCLUSIVE, not `{value}`"
                        )));
                    }
                });
            }
            "user" | "username" | "password" => {}
            "enable_load_extension" | "load_extension" => {
                warnings.push(format!("SQLite extensions cannot be loaded: the parameter `{name}` has no effect"));
            }
            key if PRAGMAS.contains(&key) => {
                // The value becomes part of a statement, so nothing but a word or number is let through.
                if value.is_empty() || !value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')) {
                    return Err(UrlError::new(format!("the value of `{name}` in the SQLite URL must be a word or a number")));
                }
                self.pragmas.push((key.to_string(), value.to_string()));
            }
            key if IGNORED.contains(&key) => {}
            _ => {
                let mut known = PRAGMAS.to_vec();
                known.extend(["mode", "immutable", "busy_timeout", "foreign_keys", "transaction_mode"]);
                warnings.push(parameters::unknown(name, &known));
            }
        }
        Ok(())
    }
}
