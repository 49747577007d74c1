//! Columns of named tables, in one query.

use crate::db::{Connection, DbError, Value};
use crate::sql::dialect::CatalogFamily;
use crate::sql::{ObjectName, Target, Version};

/// A column of an existing table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExistingColumn {
    /// The table, as stored.
    pub table: String,
    /// Whether its name is the one that was asked for to the server too. Where letter case counts, `Log` is another
    /// table than `LOG`.
    pub is_meant: bool,
    /// The column, as stored.
    pub column: String,
    /// Its native type.
    pub data_type: String,
    /// The length of its text type, if it is one with a length.
    pub length: Option<u32>,
}

/// An SQL condition that a catalog's schema column is the one of `space`, or the current one.
///
/// MySQL and MariaDB look into one database only when its name stands alone; a function of the column makes them list the tables of
/// all. Its comparison ignores letter case by itself where the server does.
pub(super) fn in_schema(target: &Target, column: &str, space: &ObjectName, current: &str) -> String {
    // Where there are no schemas, a catalog comes first in names too.
    let (first, second) = if target.caps.schemas { (&space.schema, &space.catalog) } else { (&space.catalog, &space.schema) };
    let given = first.as_deref().or(second.as_deref()).or(target.default_schema.as_deref()).or(target.default_catalog.as_deref());
    match given {
        Some(schema) if target.dialect.catalog == CatalogFamily::MySql => format!("{column} = {}", target.string(schema)),
        Some(schema) => format!("LOWER({column}) = LOWER({})", target.string(schema)),
        None => format!("{column} = {current}"),
    }
}

/// Columns of the tables of these names (letter case ignored, see [`ExistingColumn::is_meant`]) in the schema of `space`.
/// Names are given as they are stored.
///
/// # Errors
/// When the catalog cannot be read.
pub async fn of_tables(
    connection: &mut dyn Connection,
    target: &Target,
    space: &ObjectName,
    tables: &[&str],
) -> Result<Vec<ExistingColumn>, DbError> {
    let names = tables.iter().map(|t| target.string(&t.to_lowercase())).collect::<Vec<_>>().join(", ");
    let meant = tables.iter().map(|t| target.string(t)).collect::<Vec<_>>().join(", ");
    let sql = match target.dialect.catalog {
        CatalogFamily::Postgres => format!(
            "SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, NULL), CASE WHEN a.atttypid IN (1042, 1043) AND a.atttypmod > 4 THEN a.atttypmod - 4 END, c.relname IN ({meant}) \
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid \
             WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND LOWER(c.relname) IN ({names}) AND {} ORDER BY a.attnum",
            in_schema(target, "n.nspname", space, "current_schema()")
        ),
        CatalogFamily::MySql => format!(
            "SELECT table_name, column_name, column_type, character_maximum_length, \
             @@lower_case_table_names <> 0 OR CAST(table_name AS BINARY) IN ({meant}) FROM information_schema.columns \
             WHERE LOWER(table_name) IN ({names}) AND {} ORDER BY ordinal_position",
            in_schema(target, "table_schema", space, "DATABASE()")
        ),
        CatalogFamily::Sqlite => format!(
            "SELECT m.name, c.name, c.type, NULL, 1 FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND LOWER(m.name) IN ({names}) ORDER BY c.cid"
        ),
    };
    let rows = connection.query(&sql).await?;
    Ok(rows
        .iter()
        .map(|r| {
            let text = |i: usize| r.values.get(i).and_then(Value::to_text).unwrap_or_default();
            let length = r.values.get(3).and_then(Value::as_int).and_then(|l| u32::try_from(l).ok());
            let is_meant = r.values.get(4).and_then(Value::as_bool).unwrap_or_default();
            ExistingColumn { table: text(0), is_meant, column: text(1), data_type: text(2), length }
        })
        .collect())
}

/// Whether there is a table of this name, letter by letter where the server's names have letter case.
///
/// # Errors
/// When the catalog cannot be read.
pub async fn has_table(connection: &mut dyn Connection, target: &Target, table: &ObjectName) -> Result<bool, DbError> {
    let sql = match target.dialect.catalog {
        // One lookup by the name that statements have; joining the catalog's tables takes a new session milliseconds.
        CatalogFamily::Postgres if target.version.is_none_or(|v| v >= TO_REGCLASS) => {
            format!("SELECT 1 WHERE to_regclass({}) IS NOT NULL", target.string(&target.qualified(table)))
        }
        CatalogFamily::MySql => format!(
            "SELECT 1 FROM information_schema.tables WHERE {} AND {}",
            same_name(target, "table_name", &table.name),
            in_schema(target, "table_schema", table, "DATABASE()")
        ),
        CatalogFamily::Postgres | CatalogFamily::Sqlite => {
            return Ok(of_tables(connection, target, table, &[&table.name]).await?.iter().any(|c| c.is_meant));
        }
    };
    Ok(!connection.query(&sql).await?.is_empty())
}

/// The first version of PostgreSQL with `to_regclass`.
const TO_REGCLASS: Version = Version(9, 4, 0);

/// Compares a name of MySQL or MariaDB, where the server decides whether letter case counts in names of tables; Liquibase
/// takes that for all names but those of columns. As with [`in_schema`], the column stands alone.
pub(super) fn same_name(target: &Target, column: &str, name: &str) -> String {
    let name = target.string(name.trim());
    format!("{column} = {name} AND (@@lower_case_table_names <> 0 OR CAST({column} AS BINARY) = {name})")
}
