//! A connection to the model of a server, with faults at the messages that are sent over it.

use super::server::{Outcome, Shared, error, lock};
use super::sql::Answer;
use changelog::db::{Connection, DbError, DbErrorKind, Frame, Row, Server, SessionLock, Value};
use futures_util::future::BoxFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::sleep;

/// How far the server gets with a message whose client is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// Statements that it runs at once.
    pub(super) now: usize,
    /// Statements that it has run when it notices.
    pub(super) later: usize,
    /// How long it takes until it notices.
    pub(super) notices: Duration,
}

/// What happens to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The program is killed; the message gets that far.
    Kill(Reach),
    /// The connection is cut; the message gets that far, and no answer comes.
    Cut(Reach),
    /// The statement of that number is refused because of a deadlock; its transaction is taken back.
    Deadlock(usize),
    /// The program stands still for a time before the message is sent.
    Pause(Duration),
}

/// Decides on each message of one client.
pub(super) trait Fate: Send {
    /// What happens to the message that has so many statements.
    fn of_message(&mut self, statements: usize) -> Option<Fault>;
    /// How long the message takes.
    fn latency(&mut self) -> Duration;
}

/// A client as the test sees it.
#[derive(Debug, Default)]
pub(super) struct Client {
    /// Told when the program is killed.
    pub(super) killed: Notify,
    /// Statements of each message that was sent.
    pub(super) messages: Mutex<Vec<usize>>,
}

pub(super) struct Simulated {
    shared: Shared,
    session: u64,
    facts: Server,
    is_lost: bool,
    fate: Box<dyn Fate>,
    client: Arc<Client>,
}

fn lost() -> DbError {
    error(DbErrorKind::Lost, None, "the connection is gone")
}

impl Simulated {
    pub(super) fn new(shared: &Shared, fate: Box<dyn Fate>, client: &Arc<Client>) -> Simulated {
        let (session, dialect) = {
            let mut server = lock(shared);
            (server.connect(), server.flavour.dialect())
        };
        let facts = Server {
            dialect,
            product: dialect.to_owned(),
            version: "11.0".to_owned(),
            user: "simulation".to_owned(),
            database: Some("app".to_owned()),
            schema: Some("app".to_owned()),
            display_url: "simulation".to_owned(),
        };
        Simulated { shared: Arc::clone(shared), session, facts, is_lost: false, fate, client: Arc::clone(client) }
    }

    /// Sends one message. An error comes with the number of its statement.
    async fn send(&mut self, statements: &[&str]) -> Result<Vec<Answer>, (usize, DbError)> {
        if self.is_lost {
            return Err((0, lost()));
        }
        self.client.messages.lock().unwrap().push(statements.len());
        let mut fault = self.fate.of_message(statements.len());
        sleep(self.fate.latency()).await;
        if let Some(Fault::Pause(time)) = fault {
            sleep(time).await;
            fault = None;
        }
        let reach = match fault {
            Some(Fault::Kill(reach) | Fault::Cut(reach)) => Some(reach),
            _ => None,
        };
        let mut answers = Vec::new();
        for (at, sql) in statements.iter().enumerate().take(reach.map_or(statements.len(), |reach| reach.now)) {
            if fault == Some(Fault::Deadlock(at)) {
                let mut server = lock(&self.shared);
                server.break_transaction(self.session);
                return Err((at, server.flavour.deadlock()));
            }
            match run(&self.shared, self.session, sql).await {
                Ok(answer) => answers.push(answer),
                Err(_) if reach.is_some() => break,
                Err(error) => return Err((at, error)),
            }
        }
        let Some(reach) = reach else { return Ok(answers) };
        // Nobody waits for the rest of the message; the server goes on with it, until it has an answer to send.
        let rest: Vec<String> = statements.iter().take(reach.later).skip(answers.len().max(reach.now)).map(|s| (*s).to_owned()).collect();
        let (shared, session, has_failed) = (Arc::clone(&self.shared), self.session, answers.len() < reach.now);
        if reach.notices.is_zero() {
            lock(&self.shared).end(session);
        } else {
            tokio::spawn(async move {
                sleep(reach.notices).await;
                for sql in rest.iter().take(if has_failed { 0 } else { usize::MAX }) {
                    if run(&shared, session, sql).await.is_err() {
                        break;
                    }
                }
                lock(&shared).end(session);
            });
        }
        self.is_lost = true;
        if matches!(fault, Some(Fault::Kill(_))) {
            self.client.killed.notify_one();
            std::future::pending::<()>().await;
        }
        Err((0, lost()))
    }

    async fn one(&mut self, sql: &str) -> Result<Answer, DbError> {
        let mut answers = self.send(&[sql]).await.map_err(|(_, error)| error)?;
        Ok(answers.pop().unwrap_or_default())
    }
}

/// Runs a statement as soon as no other session is in its way.
async fn run(shared: &Shared, session: u64, sql: &str) -> Result<Answer, DbError> {
    loop {
        let outcome = lock(shared).run(session, sql);
        match outcome {
            Outcome::Done(result) => return result,
            Outcome::Blocked => sleep(Duration::from_millis(1)).await,
        }
    }
}

impl Connection for Simulated {
    fn execute<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(async move { Ok(self.one(sql).await?.affected) })
    }

    fn execute_batch<'a>(&'a mut self, statements: &'a [String], frame: Frame) -> BoxFuture<'a, Result<Vec<u64>, (usize, DbError)>> {
        Box::pin(async move {
            let mut message: Vec<&str> = frame.begin.then_some("BEGIN").into_iter().collect();
            message.extend(statements.iter().map(String::as_str));
            message.extend(frame.commit.then_some("END"));
            let in_front = usize::from(frame.begin);
            let answers = self.send(&message).await.map_err(|(at, error)| (at.saturating_sub(in_front), error))?;
            Ok(answers.iter().skip(in_front).take(statements.len()).map(|a| a.affected).collect())
        })
    }

    fn query<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<Vec<Row>, DbError>> {
        Box::pin(async move {
            let answer = self.one(sql).await?;
            let columns: Arc<[String]> = answer.columns.into();
            let value = |text: Option<String>| text.map_or(Value::Null, Value::Text);
            let rows = answer.rows.into_iter();
            Ok(rows.map(|row| Row { columns: Arc::clone(&columns), values: row.into_iter().map(value).collect() }).collect())
        })
    }

    fn execute_bound<'a>(&'a mut self, sql: &'a str, _parameters: &'a [Value]) -> BoxFuture<'a, Result<u64, DbError>> {
        panic!("the model binds no values: {sql}")
    }

    fn begin(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async move { self.one("BEGIN").await.map(|_| ()) })
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async move { self.one("END").await.map(|_| ()) })
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async move { self.one("ROLLBACK").await.map(|_| ()) })
    }

    fn lock_session<'a>(&'a mut self, name: &'a str) -> BoxFuture<'a, Result<SessionLock, DbError>> {
        Box::pin(async move {
            self.one("SELECT CONNECTION_ID()").await?;
            let is_mine = lock(&self.shared).take_lock(self.session, name);
            Ok(if is_mine { SessionLock::Taken } else { SessionLock::Busy })
        })
    }

    fn unlock_session<'a>(&'a mut self, name: &'a str) -> BoxFuture<'a, Result<(), DbError>> {
        Box::pin(async move {
            self.one("SELECT CONNECTION_ID()").await?;
            lock(&self.shared).free_lock(self.session, name);
            Ok(())
        })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, Result<(), DbError>> {
        Box::pin(async move {
            lock(&self.shared).end(self.session);
            Ok(())
        })
    }

    fn server(&self) -> &Server {
        &self.facts
    }
}
