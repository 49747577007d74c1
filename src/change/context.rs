//! What a change may ask while it makes its statements.

use crate::sql::Target;
use std::io::Read;

/// Files named by changes, as the changelog that names them sees them.
pub trait Resources: Sync {
    /// The whole file, as bytes. `relative` means beside the changelog file that names it.
    ///
    /// # Errors
    /// With a text that names the file and the places searched.
    fn read(&self, path: &str, relative: bool) -> Result<Vec<u8>, String>;

    /// The file as a stream, decompressed when its name ends in `.gz`.
    ///
    /// # Errors
    /// As [`Resources::read`].
    fn open(&self, path: &str, relative: bool) -> Result<Box<dyn Read + Send>, String>;

    /// The file as a stream of its own bytes, for checksums.
    ///
    /// # Errors
    /// As [`Resources::read`].
    fn open_raw(&self, path: &str, relative: bool) -> Result<Box<dyn Read + Send>, String> {
        Ok(Box::new(std::io::Cursor::new(self.read(path, relative)?)))
    }

    /// The file as text: a byte order mark decides, else `encoding`, else the configured file encoding.
    ///
    /// # Errors
    /// As [`Resources::read`]; also when the bytes are no text in that encoding.
    fn read_text(&self, path: &str, relative: bool, encoding: Option<&str>) -> Result<String, String>;

    /// The bytes of a file that a cell of a data file names, beside the changelog file or in the search path. There may be as many as
    /// there are cells, and nothing that is known of a changelog before it runs depends on them: nobody keeps a list of them.
    ///
    /// # Errors
    /// As [`Resources::read`].
    fn read_for_cell(&self, path: &str) -> Result<Vec<u8>, String> {
        self.read(path, true).or_else(|_| self.read(path, false))
    }

    /// The encoding of files that do not say theirs.
    fn encoding(&self) -> &str {
        "UTF-8"
    }

    /// Replaces `${…}` in the content of a file.
    ///
    /// # Errors
    /// When a property is missing and that is an error by configuration.
    fn expand(&self, text: &str) -> Result<String, String>;
}

/// What is known while a change is validated, rendered or described.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// What it is for.
    pub target: &'a Target,
    /// The files it may name.
    pub resources: &'a dyn Resources,
    /// Whether statements will be executed; else they are written (no prepared statements).
    pub executing: bool,
    /// The current local time, for `now` and `today` in data: seconds since 1970 of the local clock's reading.
    pub now: i64,
    /// Columns of tables that exist, for data files whose columns have no type.
    pub tables: &'a dyn TableTypes,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("dialect", &self.target.dialect.id).field("executing", &self.executing).finish_non_exhaustive()
    }
}

/// Types of the columns of existing tables, as far as they are known.
pub trait TableTypes: Sync {
    /// The native type of a column, or `None` when the table cannot be read (offline, missing).
    fn column_type(&self, table: &crate::sql::ObjectName, column: &str) -> Option<String>;
}

/// Knows no table.
#[derive(Debug, Clone, Copy)]
pub struct NoTables;

impl TableTypes for NoTables {
    fn column_type(&self, _table: &crate::sql::ObjectName, _column: &str) -> Option<String> {
        None
    }
}
