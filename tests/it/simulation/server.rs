//! A model of a database server: sessions, transactions, locks of sessions, and what becomes of a session whose client is gone.

use super::sql::{self, Answer, Refusal, Tables};
use changelog::db::{DbError, DbErrorKind};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// What kind of server it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    /// Definitions are part of a transaction, as on PostgreSQL.
    Transactional,
    /// A definition commits what is open, and itself, as on MariaDB and MySQL.
    Implicit,
}

impl Flavour {
    pub(super) fn dialect(self) -> &'static str {
        match self {
            Flavour::Transactional => "postgresql",
            Flavour::Implicit => "mariadb",
        }
    }

    fn error(self, refusal: Refusal, sql: &str) -> DbError {
        let (postgres, mysql) = match refusal {
            Refusal::TableExists => ("42P07", "1050"),
            Refusal::NoTable if sql.starts_with("DROP") => ("42P01", "1051"),
            Refusal::NoTable => ("42P01", "1146"),
            Refusal::IndexExists => ("42P07", "1061"),
            Refusal::NoIndex => ("42704", "1091"),
            Refusal::ColumnExists => ("42701", "1060"),
            Refusal::NoColumn => ("42703", "1091"),
            Refusal::DuplicateKey => ("23505", "1062"),
            Refusal::SecondRow => ("21000", "1242"),
        };
        let code = match self {
            Flavour::Transactional => postgres,
            Flavour::Implicit => mysql,
        };
        error(DbErrorKind::Statement, Some(code), &format!("{refusal:?}: {sql}"))
    }

    /// A deadlock with somebody else, as this server tells it. It takes back the transaction.
    pub(super) fn deadlock(self) -> DbError {
        let code = match self {
            Flavour::Transactional => "40P01",
            Flavour::Implicit => "1213",
        };
        error(DbErrorKind::Transient, Some(code), "deadlock")
    }
}

pub(super) fn error(kind: DbErrorKind, code: Option<&str>, message: &str) -> DbError {
    DbError { kind, code: code.map(str::to_owned), message: message.to_owned(), detail: None, position: None }
}

#[derive(Debug, Default)]
struct Session {
    in_transaction: bool,
    /// Whether the transaction has failed: only its end is taken.
    is_aborted: bool,
}

/// The server.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) flavour: Flavour,
    tables: Tables,
    /// The one session whose transaction has written, with what the tables were before: others read that, and wait to write.
    writer: Option<(u64, Tables)>,
    sessions: BTreeMap<u64, Session>,
    /// Session locks, by name.
    locks: BTreeMap<String, u64>,
    last_session: u64,
}

/// What came of a statement.
pub(super) enum Outcome {
    /// Another session has written and not yet committed: to be tried again.
    Blocked,
    Done(Result<Answer, DbError>),
}

/// A server that clients share.
pub(super) type Shared = Arc<Mutex<Server>>;

pub(super) fn lock(server: &Shared) -> MutexGuard<'_, Server> {
    server.lock().unwrap()
}

impl Server {
    pub(super) fn new(flavour: Flavour, tables: Tables) -> Shared {
        let (sessions, locks) = (BTreeMap::new(), BTreeMap::new());
        Arc::new(Mutex::new(Server { flavour, tables, writer: None, sessions, locks, last_session: 0 }))
    }

    /// What is committed.
    pub(super) fn committed(&self) -> &Tables {
        self.writer.as_ref().map_or(&self.tables, |(_, before)| before)
    }

    /// Whether nobody is connected and nothing is locked.
    pub(super) fn is_quiet(&self) -> bool {
        self.sessions.is_empty() && self.locks.is_empty() && self.writer.is_none()
    }

    pub(super) fn connect(&mut self) -> u64 {
        self.last_session += 1;
        self.sessions.insert(self.last_session, Session::default());
        self.last_session
    }

    /// Ends a session: what it had not committed is taken back, what it held is free.
    pub(super) fn end(&mut self, session: u64) {
        self.take_back(session);
        self.sessions.remove(&session);
        self.locks.retain(|_, owner| *owner != session);
    }

    fn take_back(&mut self, session: u64) {
        if let Some((_, before)) = self.writer.take_if(|(writer, _)| *writer == session) {
            self.tables = before;
        }
    }

    fn commit(&mut self, session: u64) {
        self.writer.take_if(|(writer, _)| *writer == session);
    }

    /// Takes a session lock; whether it is now the session's.
    pub(super) fn take_lock(&mut self, session: u64, name: &str) -> bool {
        *self.locks.entry(name.to_owned()).or_insert(session) == session
    }

    pub(super) fn free_lock(&mut self, session: u64, name: &str) {
        if self.locks.get(name) == Some(&session) {
            self.locks.remove(name);
        }
    }

    /// The transaction of a session ends because of a deadlock.
    pub(super) fn break_transaction(&mut self, session: u64) {
        self.take_back(session);
        let is_aborted = self.flavour == Flavour::Transactional;
        if let Some(session) = self.sessions.get_mut(&session) {
            session.is_aborted = is_aborted && session.in_transaction;
        }
    }

    /// Runs one statement of a session, or `BEGIN`, `COMMIT`, `ROLLBACK`, or `END` for COMMIT with which the frame of a batch ends.
    pub(super) fn run(&mut self, id: u64, sql: &str) -> Outcome {
        let done = Outcome::Done(Ok(Answer::default()));
        let Some(session) = self.sessions.get_mut(&id) else {
            return Outcome::Done(Err(error(DbErrorKind::Lost, None, "the session has ended")));
        };
        match sql {
            "BEGIN" => {
                session.in_transaction = true;
                return done;
            }
            "COMMIT" | "END" => {
                // In MySQL's way of starting one (no commit by itself), the next transaction begins at once.
                session.in_transaction = self.flavour == Flavour::Implicit && sql == "COMMIT";
                if std::mem::take(&mut session.is_aborted) {
                    self.take_back(id);
                } else {
                    self.commit(id);
                }
                return done;
            }
            "ROLLBACK" => {
                *session = Session::default();
                self.take_back(id);
                return done;
            }
            _ => {}
        }
        if session.is_aborted {
            let refused = error(DbErrorKind::Statement, Some("25P02"), "current transaction is aborted");
            return Outcome::Done(Err(refused));
        }
        let in_transaction = session.in_transaction;
        if sql == "SELECT CONNECTION_ID()" || sql == "SELECT pg_backend_pid()" {
            let (columns, rows) = (vec!["id".to_owned()], vec![vec![Some(id.to_string())]]);
            return Outcome::Done(Ok(Answer { columns, rows, affected: 0 }));
        }
        let is_mine = self.writer.as_ref().is_some_and(|(writer, _)| *writer == id);
        if sql::is_query(sql) {
            let mut seen = if is_mine { self.tables.clone() } else { self.committed().clone() };
            let answer = sql::run(&mut seen, sql);
            return Outcome::Done(self.settle(id, sql, answer));
        }
        if self.writer.is_some() && !is_mine {
            return Outcome::Blocked;
        }
        let commits = self.flavour == Flavour::Implicit && sql::is_definition(sql);
        if commits {
            self.commit(id);
        } else if in_transaction && !is_mine {
            self.writer = Some((id, self.tables.clone()));
        }
        let answer = sql::run(&mut self.tables, sql);
        Outcome::Done(self.settle(id, sql, answer))
    }

    fn settle(&mut self, id: u64, sql: &str, answer: Result<Answer, Refusal>) -> Result<Answer, DbError> {
        answer.map_err(|refusal| {
            if let (Flavour::Transactional, Some(session)) = (self.flavour, self.sessions.get_mut(&id)) {
                session.is_aborted = session.in_transaction;
            }
            self.flavour.error(refusal, sql)
        })
    }
}
