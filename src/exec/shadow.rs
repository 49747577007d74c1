//! What a database that rebuilds tables will look like when a script has run that far: an empty one in memory, with the definitions of
//! the real one and then those of the script. So `update-sql` can write what `update` would run.

use crate::db::connect::{ConnectOptions, connect};
use crate::db::url::DatabaseUrl;
use crate::db::{Connection, DbError, DbErrorKind, Value};

/// A database in memory that has definitions and no rows.
pub(super) struct Shadow {
    connection: Box<dyn Connection>,
    /// How many definitions of the script it has.
    done: usize,
}

impl Shadow {
    /// One with the tables, indexes, views and triggers of a database.
    ///
    /// # Errors
    /// When the database cannot be read, or has definitions that do not stand alone.
    pub(super) async fn of(real: &mut dyn Connection) -> Result<Shadow, DbError> {
        let memory = DatabaseUrl::parse("sqlite::memory:").map_err(|e| DbError::new(DbErrorKind::Connect, e.to_string()))?;
        let mut connection = connect(&memory, &ConnectOptions::default()).await?;
        // In the order in which they were made; those of SQLite's own come by themselves.
        let kept = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
                    ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, rowid";
        for row in real.query(kept).await? {
            if let Some(definition) = row.values.first().and_then(Value::to_text) {
                connection.execute(&definition).await?;
            }
        }
        Ok(Shadow { connection, done: 0 })
    }

    /// The database behind these definitions of the script, of which it may have some already.
    ///
    /// # Errors
    /// When one of them cannot be made.
    pub(super) async fn behind(&mut self, definitions: &[String]) -> Result<&mut dyn Connection, DbError> {
        for definition in definitions.get(self.done..).unwrap_or_default() {
            self.connection.execute(definition).await?;
            self.done += 1;
        }
        Ok(self.connection.as_mut())
    }
}
