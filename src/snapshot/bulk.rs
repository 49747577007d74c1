//! Whether rows can be streamed into a table.

use crate::db::{Connection, DbError, Value};
use crate::sql::{ObjectName, Target};

/// The columns of a table and their types without lengths, when COPY does there what INSERT does; `None` when it would
/// not, or when there is no such table.
///
/// It does not where rules rewrite an INSERT, where policies check rows (COPY is refused), in views, and where an
/// identity column refuses values (COPY stores them).
///
/// # Errors
/// When the catalog cannot be read.
pub async fn columns_for_copy(
    connection: &mut dyn Connection,
    target: &Target,
    table: &ObjectName,
) -> Result<Option<Vec<(String, String)>>, DbError> {
    // Identity columns, which must be asked for, came with version 10.
    if !target.caps.copies_rows || !target.at_least(10, 0, 0) {
        return Ok(None);
    }
    let sql = format!(
        "SELECT a.attname, pg_catalog.format_type(a.atttypid, NULL), \
         c.relkind IN ('r', 'p') AND NOT c.relhasrules AND NOT c.relrowsecurity AND NOT EXISTS \
         (SELECT 1 FROM pg_catalog.pg_attribute i WHERE i.attrelid = c.oid AND i.attidentity = 'a') \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid \
         WHERE c.oid = pg_catalog.to_regclass({}) AND a.attnum > 0 AND NOT a.attisdropped",
        target.string(&target.qualified(table))
    );
    let rows = connection.query(&sql).await?;
    let can = !rows.is_empty() && rows.iter().all(|r| r.values.get(2).and_then(Value::as_bool) == Some(true));
    let text = |row: &crate::db::Row, at: usize| row.values.get(at).and_then(Value::to_text).unwrap_or_default();
    Ok(can.then(|| rows.iter().map(|r| (text(r, 0), text(r, 1))).collect()))
}
