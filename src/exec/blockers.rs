//! Who keeps a statement waiting.
//!
//! A statement that waits for a lock says nothing until its limit ends it, and then nobody can say any more whom it waited for. So
//! when an answer takes long, another session is opened, which asks the server meanwhile.

use super::event::{Event, Observer};
use crate::db::connect::Address;
use crate::db::{Connection, Row};
use crate::sql::dialect::SessionSql;
use std::fmt;
use std::future::Future;
use std::time::Duration;

/// How long an answer may take before somebody looks why. Most statements are done by then.
const FIRST_LOOK: Duration = Duration::from_millis(250);

/// The longest pause between two looks; each is twice as long as the one before.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// A session that holds what a statement waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// Its number on the server; nothing where it is no session.
    pub number: Option<String>,
    /// Its user.
    pub user: Option<String>,
    /// How its program calls itself.
    pub program: Option<String>,
    /// Where its program is.
    pub client: Option<String>,
    /// What it does, in the server's words.
    pub state: Option<String>,
    /// For how many seconds its transaction has been open.
    pub seconds: Option<i64>,
    /// The first word of its last statement. Nothing more is ever asked for: what stands behind it may be confidential.
    pub verb: Option<String>,
    /// Whether the server says that it is the one; otherwise it is one of those that may be.
    pub is_certain: bool,
    /// The statement that ends it.
    pub end: Option<String>,
}

impl Blocker {
    /// From an answer to [`SessionSql::blockers`].
    fn from_row(row: &Row, end: fn(&str) -> String) -> Blocker {
        let text = |column| row.text(column).filter(|text| !text.is_empty());
        // Only a number goes into a statement.
        let number = row.get("NUMBER").and_then(crate::db::Value::as_int).filter(|number| *number > 0).map(|number| number.to_string());
        Blocker {
            end: number.as_deref().map(end),
            number,
            user: text("USERNAME"),
            program: text("PROGRAM"),
            client: text("CLIENT"),
            state: text("STATE"),
            seconds: row.get("SECONDS").and_then(crate::db::Value::as_int),
            verb: text("VERB").map(|verb| verb.to_uppercase()),
            is_certain: row.get("CERTAIN").and_then(crate::db::Value::as_bool).unwrap_or(true),
        }
    }
}

impl fmt::Display for Blocker {
    /// `for session 4711 (user ann, psql, from 10.0.0.3), idle in transaction, for 35 s, last statement SELECT`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_certain { "for " } else { "probably for " })?;
        let user = self.user.as_ref().map(|user| format!("user {user}"));
        let client = self.client.as_ref().map(|client| format!("from {client}"));
        let who: Vec<String> = [user, self.program.clone(), client].into_iter().flatten().collect();
        let who = if who.is_empty() { String::new() } else { format!(" ({})", who.join(", ")) };
        let session = self.number.as_ref().map(|number| format!("session {number}{who}"));
        let seconds = self.seconds.map(|seconds| format!("for {seconds} s"));
        let verb = self.verb.as_ref().map(|verb| format!("last statement {verb}"));
        let parts: Vec<String> = [session, self.state.clone(), seconds, verb].into_iter().flatten().collect();
        f.write_str(&parts.join(", "))
    }
}

/// Whose statements are watched, and from where.
struct View {
    address: Address,
    /// The question whom that session waits for.
    question: String,
    end: fn(&str) -> String,
    /// The session that asks, once there is one.
    connection: Option<Box<dyn Connection>>,
}

impl View {
    /// Whom the session waits for; `None` when that cannot be found out.
    async fn look(&mut self) -> Option<Vec<Blocker>> {
        // One that is given up half-way is not used again: nobody has read its answer.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.address.connect().await.ok()?,
        };
        let rows = connection.query(&self.question).await.ok()?;
        self.connection = Some(connection);
        Some(rows.iter().map(|row| Blocker::from_row(row, self.end)).collect())
    }
}

/// Looks whom the statements of a run wait for.
#[derive(Default)]
pub(super) struct Watch {
    view: Option<View>,
    /// Whom the last statement waited for when it was last looked at.
    found: Vec<Blocker>,
}

impl Watch {
    /// Watches the session of that number.
    pub(super) fn of(number: &str, address: Address, sessions: SessionSql) -> Watch {
        let view = View { address, question: (sessions.blockers)(number), end: sessions.end, connection: None };
        Watch { view: Some(view), found: Vec::new() }
    }

    /// Waits for an answer of the session's, and tells whom it waits for when that is still so at a second look.
    pub(super) async fn over<T>(&mut self, answer: impl Future<Output = T>, observer: &mut dyn Observer) -> T {
        self.found.clear();
        let mut answer = std::pin::pin!(answer);
        let mut pause = FIRST_LOOK;
        let mut told = Vec::new();
        while let Some(view) = &mut self.view {
            let look = async {
                tokio::time::sleep(pause).await;
                view.look().await
            };
            let found = tokio::select! {
                biased;
                answer = &mut answer => return answer,
                found = look => found,
            };
            match found {
                Some(found) => self.found = found,
                // Whoever cannot look once does not try again and again: the limit of connections may be reached.
                None => self.view = None,
            }
            let numbers: Vec<_> = self.found.iter().map(|blocker| blocker.number.clone()).collect();
            if pause > FIRST_LOOK && numbers != told {
                self.found.iter().for_each(|blocker| observer.on(&Event::Blocked(blocker)));
                told = numbers;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        answer.await
    }

    /// Whom the statement waited for that the server has just refused.
    pub(super) fn take_found(&mut self) -> Vec<Blocker> {
        std::mem::take(&mut self.found)
    }

    /// Ends the session that asked.
    pub(super) async fn close(&mut self) {
        if let Some(connection) = self.view.take().and_then(|view| view.connection) {
            // It held nothing.
            let _ = connection.close().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Value;

    #[test]
    fn what_is_known_of_a_session_is_told() {
        let row = |values: Vec<Value>| Row {
            columns: ["number", "username", "program", "client", "state", "seconds", "verb", "certain"].map(str::to_owned).to_vec().into(),
            values,
        };
        let text = |text: &str| Value::Text(text.to_owned());
        let end = |number: &str| format!("KILL {number}");
        let all = [Value::Int(7), text("ann"), text("psql"), text("::1"), text("idle"), Value::Int(35), text("select"), Value::Bool(false)];
        let told = Blocker::from_row(&row(all.to_vec()), end);
        assert_eq!(told.to_string(), "probably for session 7 (user ann, psql, from ::1), idle, for 35 s, last statement SELECT");
        assert_eq!(told.end.as_deref(), Some("KILL 7"));
        // A transaction that waits for its second phase has no session, and nothing but numbers becomes part of a statement.
        for number in [Value::Int(0), text("7; DROP TABLE t"), Value::Null] {
            let [user, program, client, seconds, verb] = [const { Value::Null }; 5];
            let told = Blocker::from_row(
                &row(vec![number, user, program, client, text("a prepared transaction"), seconds, verb, Value::Bool(true)]),
                end,
            );
            assert_eq!((told.to_string().as_str(), &told.end), ("for a prepared transaction", &None));
        }
    }
}
