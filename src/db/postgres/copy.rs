//! Rows into a table through COPY.

use super::super::DbError;
use super::errors::error_of;
use sqlx::postgres::PgConnection;

/// Runs a `COPY … FROM STDIN` with these pieces of data; gives the number of rows. Sending waits for nothing, so the
/// server stores rows while the next ones are made.
pub(super) async fn copy_in(
    connection: &mut PgConnection,
    sql: &str,
    data: &mut (dyn Iterator<Item = Vec<u8>> + Send),
) -> Result<u64, DbError> {
    let mut copy = connection.copy_in_raw(sql).await.map_err(error_of)?;
    for piece in data {
        copy.send(piece).await.map_err(error_of)?;
    }
    copy.finish().await.map_err(error_of)
}
