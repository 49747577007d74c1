//! What rendering may need of existing tables: stored definitions, names of foreign keys.

use super::columns::in_schema;
use crate::db::{Connection, DbError, Value};
use crate::sql::dialect::CatalogFamily;
use crate::sql::target::{Referrer, StoredTable};
use crate::sql::{ObjectName, Target};

/// The stored definition of an SQLite table; `None` when there is no such table.
///
/// # Errors
/// When the catalog cannot be read.
pub async fn table(connection: &mut dyn Connection, table: &str) -> Result<Option<StoredTable>, DbError> {
    let name = format!("LOWER('{}')", table.replace('\'', "''"));
    let sql = format!(
        "SELECT type, sql, NULL, rowid FROM sqlite_master WHERE LOWER(tbl_name) = {name} AND sql IS NOT NULL \
         UNION ALL SELECT 'reference', f.\"to\", m.name, m.rowid FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f \
         WHERE m.type = 'table' AND LOWER(f.\"table\") = {name} \
         UNION ALL SELECT 'enforced', foreign_keys, NULL, 0 FROM pragma_foreign_keys ORDER BY 4"
    );
    let rows = connection.query(&sql).await?;
    let mut out = StoredTable::default();
    let mut found = false;
    for row in &rows {
        let cell = |i: usize| row.values.get(i).and_then(Value::to_text);
        let text = cell(1).unwrap_or_default();
        match cell(0).unwrap_or_default().as_str() {
            "table" => {
                found = true;
                out.create = text;
            }
            "index" => out.indexes.push(text),
            "trigger" => out.triggers.push(text),
            "reference" => out.referrers.push(Referrer { table: cell(2).unwrap_or_default(), column: cell(1) }),
            "enforced" => out.enforces_foreign_keys = text == "1",
            // A view of that name is no table.
            _ => {}
        }
    }
    Ok(found.then_some(out))
}

/// Foreign keys of a table, by name, in the order of their names.
///
/// # Errors
/// When the catalog cannot be read.
pub async fn foreign_keys(connection: &mut dyn Connection, target: &Target, table: &ObjectName) -> Result<Vec<ObjectName>, DbError> {
    let name = target.string(&target.stored_name(&table.name));
    let sql = match target.dialect.catalog {
        CatalogFamily::Postgres => format!(
            "SELECT k.conname FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE k.contype = 'f' AND c.relname = {name} AND {} ORDER BY k.conname",
            in_schema(target, "n.nspname", table, "current_schema()")
        ),
        CatalogFamily::MySql => format!(
            "SELECT constraint_name FROM information_schema.table_constraints WHERE constraint_type = 'FOREIGN KEY' AND LOWER(table_name) = LOWER({name}) AND {} ORDER BY constraint_name",
            in_schema(target, "table_schema", table, "DATABASE()")
        ),
        CatalogFamily::Sqlite => return Ok(Vec::new()),
    };
    let rows = connection.query(&sql).await?;
    Ok(rows.iter().filter_map(|r| r.values.first().and_then(Value::to_text)).map(|n| table.renamed(n)).collect())
}
