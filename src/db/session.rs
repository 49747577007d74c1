//! Whether a session may still be used.

use super::{DbError, DbErrorKind};
use std::future::Future;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    /// Something was sent and its answer not read to the end. Left behind when a future is dropped.
    Running,
    /// The connection broke.
    Lost,
}

/// Guards a session: after a future was dropped half way, or the connection broke, every further call fails with
/// [`DbErrorKind::Lost`].
///
/// Dropping a future does not stop the server: the statement may still be running, or have finished, and its answer
/// is still to come. Reading on would mix it up with the next statement's answer, and whether a transaction is open
/// is not known, so such a session only serves to be closed.
#[derive(Debug)]
pub(super) struct Health {
    state: State,
    /// Longest wait for an answer; `None` for no limit.
    answer_timeout: Option<Duration>,
}

/// An error as the functions of `Connection` give it.
pub(super) trait Failure {
    /// Makes one from a plain error.
    fn new(error: DbError) -> Self;
    /// The error in it.
    fn error(&self) -> &DbError;
}

impl Failure for DbError {
    fn new(error: DbError) -> Self {
        error
    }
    fn error(&self) -> &DbError {
        self
    }
}

impl Failure for (usize, DbError) {
    fn new(error: DbError) -> Self {
        (0, error)
    }
    fn error(&self) -> &DbError {
        &self.1
    }
}

impl Health {
    /// A session that was just made.
    pub(super) fn new(answer_timeout: Option<Duration>) -> Self {
        Health { state: State::Ready, answer_timeout: answer_timeout.filter(|t| !t.is_zero()) }
    }

    /// Whether the session may be used.
    pub(super) fn is_good(&self) -> bool {
        self.state == State::Ready
    }

    /// Runs one exchange with the server.
    pub(super) async fn run<T, E: Failure>(&mut self, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        if !self.is_good() {
            return Err(E::new(self.lost()));
        }
        self.state = State::Running;
        let result = match self.answer_timeout {
            None => work.await,
            Some(limit) => match tokio::time::timeout(limit, work).await {
                Ok(result) => result,
                Err(_) => Err(E::new(DbError {
                    kind: DbErrorKind::Lost,
                    code: None,
                    message: format!("the server gave no answer within the socket timeout of {} s", limit.as_secs_f64()),
                    detail: Some("The statement may still be running there; its outcome is unknown.".to_string()),
                    position: None,
                })),
            },
        };
        self.state = match &result {
            Err(error) if error.error().kind == DbErrorKind::Lost => State::Lost,
            _ => State::Ready,
        };
        result
    }

    /// The error for a session that is no longer good.
    fn lost(&self) -> DbError {
        let message = match self.state {
            State::Lost => "the connection to the database is lost",
            _ => "the connection was given up in the middle of a statement and cannot be used any more",
        };
        DbError { kind: DbErrorKind::Lost, code: None, message: message.to_string(), detail: None, position: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
    }

    fn failure(kind: DbErrorKind) -> DbError {
        DbError { kind, code: None, message: "x".to_string(), detail: None, position: None }
    }

    #[test]
    fn a_dropped_future_ends_the_session() {
        runtime().block_on(async {
            let mut health = Health::new(None);
            assert_eq!(health.run(async { Ok::<_, DbError>(1) }).await, Ok(1));
            let statement = health.run(std::future::pending::<Result<(), DbError>>());
            assert!(tokio::time::timeout(Duration::from_millis(1), statement).await.is_err());
            let error = health.run(async { Ok::<_, DbError>(1) }).await.unwrap_err();
            assert_eq!(error.kind, DbErrorKind::Lost);
        });
    }

    #[test]
    fn a_refused_statement_does_not_end_it_but_a_lost_connection_does() {
        runtime().block_on(async {
            let mut health = Health::new(None);
            assert!(health.run(async { Err::<(), _>(failure(DbErrorKind::Statement)) }).await.is_err());
            assert!(health.is_good());
            assert!(health.run(async { Err::<(), _>((3, failure(DbErrorKind::Lost))) }).await.is_err());
            assert!(!health.is_good());
        });
    }

    #[test]
    fn no_answer_within_the_socket_timeout() {
        runtime().block_on(async {
            let mut health = Health::new(Some(Duration::from_millis(1)));
            let error = health.run(std::future::pending::<Result<(), DbError>>()).await.unwrap_err();
            assert_eq!(error.kind, DbErrorKind::Lost);
            assert!(error.message.contains("socket timeout"), "{error}");
        });
    }
}
