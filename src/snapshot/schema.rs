//! A whole schema, read in a handful of queries.

mod mysql;
mod postgres;
mod sqlite;

use crate::db::{Connection, DbError, Row, Value};
use crate::schema::{Schema, Table, View};
use crate::sql::Target;
use crate::sql::dialect::CatalogFamily;

/// Reads the target's default schema, or the current one when it has none.
///
/// # Errors
/// When the catalog cannot be read.
pub async fn read(connection: &mut dyn Connection, target: &Target) -> Result<Schema, DbError> {
    let mut schema = match target.dialect.catalog {
        CatalogFamily::Postgres => postgres::read(connection, target).await?,
        CatalogFamily::MySql => mysql::read(connection, target).await?,
        CatalogFamily::Sqlite => sqlite::read(connection).await?,
    };
    schema.tables.values_mut().for_each(Table::sort);
    schema.views.values_mut().for_each(View::sort);
    Ok(schema)
}

/// The cells of a row of the catalog, by place.
struct Cells<'r>(&'r Row);

impl Cells<'_> {
    /// The text of a cell; nothing for NULL.
    fn given(&self, at: usize) -> Option<String> {
        self.0.values.get(at).and_then(Value::to_text)
    }

    /// The text of a cell, unless it is NULL or empty.
    fn filled(&self, at: usize) -> Option<String> {
        self.given(at).filter(|text| !text.is_empty())
    }

    /// The text of a cell; empty for NULL.
    fn text(&self, at: usize) -> String {
        self.given(at).unwrap_or_default()
    }

    /// Whether a cell is true.
    fn is(&self, at: usize) -> bool {
        self.0.values.get(at).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The texts of a JSON list.
    fn list(&self, at: usize) -> Vec<String> {
        self.given(at).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }
}
