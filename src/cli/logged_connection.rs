//! A connection whose statements are logged.

use super::log::Log;
use crate::db::{Connection, DbError, Frame, Row, Server, SessionLock, Value};
use futures_util::future::BoxFuture;
use std::fmt::Display;
use std::time::Instant;

/// Logs each statement before it is sent, and what came of it. Bound values are not logged.
pub(super) struct LoggedConnection {
    inner: Box<dyn Connection>,
    log: Log,
}

impl LoggedConnection {
    /// The connection itself, or wrapped when the log wants statements.
    pub(super) fn wrap(inner: Box<dyn Connection>, log: &Log) -> Box<dyn Connection> {
        if log.wants(log.sql_level()) { Box::new(LoggedConnection { inner, log: log.clone() }) } else { inner }
    }
}

fn say(log: &Log, text: impl Display) {
    log.line(log.sql_level(), "executor", text);
}

fn say_rows(log: &Log, rows: u64, what: &str, started: Instant) {
    say(log, format_args!("{rows} row(s) {what} in {} ms", started.elapsed().as_millis()));
}

impl Connection for LoggedConnection {
    fn execute<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(async move {
            say(&self.log, sql);
            let started = Instant::now();
            let rows = self.inner.execute(sql).await?;
            say_rows(&self.log, rows, "affected", started);
            Ok(rows)
        })
    }

    fn execute_batch<'a>(&'a mut self, statements: &'a [String], frame: Frame) -> BoxFuture<'a, Result<Vec<u64>, (usize, DbError)>> {
        Box::pin(async move {
            if frame.begin {
                say(&self.log, "BEGIN");
            }
            for statement in statements {
                say(&self.log, statement);
            }
            if frame.commit {
                say(&self.log, "COMMIT");
            }
            let started = Instant::now();
            let rows = self.inner.execute_batch(statements, frame).await?;
            say_rows(&self.log, rows.iter().sum(), "affected", started);
            Ok(rows)
        })
    }

    fn query<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<Vec<Row>, DbError>> {
        Box::pin(async move {
            say(&self.log, sql);
            let started = Instant::now();
            let rows = self.inner.query(sql).await?;
            say_rows(&self.log, rows.len() as u64, "read", started);
            Ok(rows)
        })
    }

    fn execute_bound<'a>(&'a mut self, sql: &'a str, parameters: &'a [Value]) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(async move {
            say(&self.log, format_args!("{sql} (with {} bound values)", parameters.len()));
            let started = Instant::now();
            let rows = self.inner.execute_bound(sql, parameters).await?;
            say_rows(&self.log, rows, "affected", started);
            Ok(rows)
        })
    }

    fn copy_in<'a>(&'a mut self, sql: &'a str, data: &'a mut (dyn Iterator<Item = Vec<u8>> + Send)) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(async move {
            say(&self.log, sql);
            let started = Instant::now();
            let rows = self.inner.copy_in(sql, data).await?;
            say_rows(&self.log, rows, "copied", started);
            Ok(rows)
        })
    }

    fn begin(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        say(&self.log, "BEGIN");
        self.inner.begin()
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        say(&self.log, "COMMIT");
        self.inner.commit()
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        say(&self.log, "ROLLBACK");
        self.inner.rollback()
    }

    fn lock_session<'a>(&'a mut self, name: &'a str) -> BoxFuture<'a, Result<SessionLock, DbError>> {
        Box::pin(async move {
            let lock = self.inner.lock_session(name).await?;
            say(&self.log, format_args!("session lock {name}: {lock:?}"));
            Ok(lock)
        })
    }

    fn unlock_session<'a>(&'a mut self, name: &'a str) -> BoxFuture<'a, Result<(), DbError>> {
        self.inner.unlock_session(name)
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, Result<(), DbError>> {
        self.inner.close()
    }

    fn server(&self) -> &Server {
        self.inner.server()
    }
}
