//! What a server answers to a text of statements, read in the same way from each driver.

use super::batch::{Batch, Message};
use super::{DbError, Row, Value};
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Column, Database, Either, Executor, Row as _};
use std::sync::Arc;

/// What a driver tells of its rows, counts and errors.
pub(super) trait Vendor: Database {
    /// The value of a cell.
    fn cell(row: &Self::Row, index: usize) -> Value;

    /// The rows that a statement of `sql` touched, which gave `fetched` rows.
    fn affected(done: &Self::QueryResult, fetched: u64, sql: &str) -> u64;

    /// Our error; `sql` is what was being run.
    fn error(error: sqlx::Error, sql: &str) -> DbError;
}

/// What went wrong, and how many statements had been answered before.
pub(super) type Refusal = (usize, DbError);

/// Runs a text of one or more statements. Gives the rows, where they are kept, and the affected rows of each statement.
///
/// # Errors
/// What the server refuses, or a broken connection.
pub(super) async fn run<V>(connection: &mut V::Connection, sql: &str, keep_rows: bool) -> Result<(Vec<Row>, Vec<u64>), Refusal>
where
    V: Vendor,
    for<'c> &'c mut V::Connection: Executor<'c, Database = V>,
{
    let mut rows = Vec::new();
    let mut affected = Vec::new();
    let mut fetched = 0;
    let mut columns: Arc<[String]> = Arc::from(Vec::new());
    let mut stream = sqlx::raw_sql(AssertSqlSafe(sql.to_string())).fetch_many(connection);
    loop {
        match stream.try_next().await {
            Ok(None) => return Ok((rows, affected)),
            Ok(Some(Either::Left(done))) => affected.push(V::affected(&done, std::mem::take(&mut fetched), sql)),
            Ok(Some(Either::Right(row))) => {
                fetched += 1;
                if keep_rows {
                    if row.columns().len() != columns.len() || row.columns().iter().zip(columns.iter()).any(|(a, b)| a.name() != b) {
                        columns = row.columns().iter().map(|c| c.name().to_string()).collect();
                    }
                    let values = (0..columns.len()).map(|i| V::cell(&row, i)).collect();
                    rows.push(Row { columns: Arc::clone(&columns), values });
                }
            }
            Err(e) => return Err((affected.len(), V::error(e, sql))),
        }
    }
}

/// As [`run`], for the sum of the rows that all statements touched.
///
/// # Errors
/// As [`run`].
pub(super) async fn total<V>(connection: &mut V::Connection, sql: &str) -> Result<u64, DbError>
where
    V: Vendor,
    for<'c> &'c mut V::Connection: Executor<'c, Database = V>,
{
    run::<V>(connection, sql, false).await.map(|(_, affected)| affected.iter().sum()).map_err(|(_, e)| e)
}

/// As [`run`], for the rows.
///
/// # Errors
/// As [`run`].
pub(super) async fn rows<V>(connection: &mut V::Connection, sql: &str) -> Result<Vec<Row>, DbError>
where
    V: Vendor,
    for<'c> &'c mut V::Connection: Executor<'c, Database = V>,
{
    run::<V>(connection, sql, true).await.map(|(rows, _)| rows).map_err(|(_, e)| e)
}

/// Runs a batch. Gives the affected rows of each of the caller's statements. `place` finds the statement of a message that was
/// refused, from the number of answers before, and may correct the position in the error.
///
/// # Errors
/// The index of the caller's statement that was refused, and why.
pub(super) async fn run_batch<V>(
    connection: &mut V::Connection,
    batch: &Batch,
    place: impl Fn(&Message, usize, &mut DbError) -> usize,
) -> Result<Vec<u64>, Refusal>
where
    V: Vendor,
    for<'c> &'c mut V::Connection: Executor<'c, Database = V>,
{
    let mut counts = batch.counts();
    for message in &batch.messages {
        match run::<V>(connection, &message.sql, false).await {
            Ok((_, affected)) => batch.count(message, &affected, &mut counts),
            Err((answered, mut error)) => {
                let failed = place(message, answered, &mut error);
                return Err((failed, error));
            }
        }
    }
    Ok(counts)
}
