//! A session: a connection, a script, or both; statements are run or written by the same calls.

use super::script::Script;
use crate::db::connect::Address;
use crate::db::{Connection, DbError, DbErrorKind, Frame, Row, Value};
use crate::sql::Target;
use crate::sql::action::{Parameter, Sql};

/// Where statements go.
pub struct Session {
    /// The connection; none offline.
    pub connection: Option<Box<dyn Connection>>,
    /// How another connection to the same database is made.
    pub address: Option<Address>,
    /// The script, when statements are written instead of run.
    pub script: Option<Script>,
    /// What statements are rendered for.
    pub target: Target,
    /// `user@url`, for messages.
    pub display: String,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("connected", &self.connection.is_some())
            .field("writing", &self.script.is_some())
            .field("dialect", &self.target.dialect.id)
            .finish_non_exhaustive()
    }
}

/// There is no connection.
pub(super) fn no_connection() -> DbError {
    DbError::new(DbErrorKind::Unsupported, "there is no connection: the URL is an offline one")
}

impl Session {
    /// Whether statements are written instead of run.
    pub fn is_writing(&self) -> bool {
        self.script.is_some()
    }

    /// Whether there is no connection.
    pub fn is_offline(&self) -> bool {
        self.connection.is_none()
    }

    /// The URL, for messages.
    pub fn url(&self) -> &str {
        match &self.connection {
            Some(connection) => &connection.server().display_url,
            None => self.display.strip_prefix("null@").unwrap_or(&self.display),
        }
    }

    /// The connection.
    ///
    /// # Errors
    /// When there is none.
    pub fn connection(&mut self) -> Result<&mut dyn Connection, DbError> {
        match &mut self.connection {
            Some(connection) => Ok(connection.as_mut()),
            None => Err(no_connection()),
        }
    }

    /// Writes a comment into the script; nothing when statements are run.
    pub fn comment(&mut self, text: &str) {
        if let Some(script) = &mut self.script {
            script.comment(text);
        }
    }

    /// Runs or writes a statement; the rows it touched (0 when written).
    ///
    /// # Errors
    /// When the server refuses it.
    pub async fn statement(&mut self, sql: &Sql) -> Result<u64, DbError> {
        if let Some(script) = &mut self.script {
            if sql.parameters.is_empty() {
                script.statement(sql);
            } else {
                script.comment("WARNING: This statement uses a prepared statement which cannot be execute directly by this script. Only works in 'update' mode");
            }
            return Ok(0);
        }
        let connection = self.connection()?;
        if sql.parameters.is_empty() {
            return connection.execute(&sql.text).await;
        }
        let parameters: Vec<Value> = sql
            .parameters
            .iter()
            .map(|p| match p {
                Parameter::Null => Value::Null,
                Parameter::Text(t) => Value::Text(t.clone()),
                Parameter::Bool(b) => Value::Bool(*b),
                Parameter::Int(i) => Value::Int(*i),
                Parameter::Decimal(d) => Value::Decimal(d.clone()),
                Parameter::Bytes(b) => Value::Bytes(b.clone()),
            })
            .collect();
        connection.execute_bound(&sql.text, &parameters).await
    }

    /// As [`Session::statement`], for one of a change that is run forwards.
    ///
    /// # Errors
    /// As [`Session::statement`].
    pub async fn statement_of_change(&mut self, sql: &Sql) -> Result<u64, DbError> {
        match &mut self.script {
            Some(script) if sql.parameters.is_empty() => {
                script.statement_of_change(sql);
                Ok(0)
            }
            _ => self.statement(sql).await,
        }
    }

    /// Runs or writes the text of a statement.
    ///
    /// # Errors
    /// When the server refuses it.
    pub async fn text(&mut self, text: &str) -> Result<u64, DbError> {
        self.statement(&Sql::new(text)).await
    }

    /// Runs several statements, and what stands around them, in as few messages as the driver can; gives the rows that
    /// each touched. Stops at the first error, whose index comes with it.
    ///
    /// # Errors
    /// When the server refuses one.
    pub async fn batch(&mut self, statements: &[String], frame: Frame) -> Result<Vec<u64>, (usize, DbError)> {
        if let Some(script) = &mut self.script {
            for text in statements {
                script.statement(&Sql::new(text));
            }
            return Ok(vec![0; statements.len()]);
        }
        self.connection().map_err(|e| (0, e))?.execute_batch(statements, frame).await
    }

    /// Asks the server, also while statements are written.
    ///
    /// # Errors
    /// When there is no connection, or the server refuses the query.
    pub async fn query(&mut self, sql: &str) -> Result<Vec<Row>, DbError> {
        self.connection()?.query(sql).await
    }

    /// Starts a transaction, when statements are run.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn begin(&mut self) -> Result<(), DbError> {
        if self.is_writing() { Ok(()) } else { self.connection()?.begin().await }
    }

    /// Commits, when statements are run.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn commit(&mut self) -> Result<(), DbError> {
        if self.is_writing() { Ok(()) } else { self.connection()?.commit().await }
    }

    /// Rolls back, when statements are run.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn rollback(&mut self) -> Result<(), DbError> {
        if self.is_writing() { Ok(()) } else { self.connection()?.rollback().await }
    }
}
