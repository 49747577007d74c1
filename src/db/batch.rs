//! Puts statements together into one message, where it is certain that this changes nothing but the time it takes.
//!
//! A statement is joined with its neighbours only when it is plainly one command: none of its characters is a `;`,
//! its quotes and comments are closed, and it starts with a word known to give exactly one answer. Whatever is in
//! doubt (routine bodies, scripts, settings, transaction control) goes alone. The answers can then be counted to
//! find the statement that failed.

use super::Frame;
use std::ops::Range;

/// The longest message that is put together, in bytes; well below every server's limit.
const LIMIT: usize = 256 * 1024;

/// A statement of this many bytes goes alone: it saves nothing to join it, and it takes time to see that it could be.
const LONG: usize = 64 * 1024;

/// What stands between joined statements; the blank tells it from the end of a line inside of one. Nothing stands in front of
/// it, for SQLite keeps the text of an index as far as the semicolon.
pub(super) const SEPARATOR: &str = "; \n";

/// Commands that may be joined: they give one answer each and change nothing about how the next one is read.
const JOINABLE: [&str; 13] =
    ["ALTER", "COMMENT", "CREATE", "DELETE", "DROP", "GRANT", "INSERT", "MERGE", "REPLACE", "REVOKE", "SELECT", "TRUNCATE", "UPDATE"];

/// The first word of a statement in upper case, after blanks and comments; empty if there is none.
pub fn first_word(sql: &str) -> String {
    let mut rest = sql;
    loop {
        rest = rest.trim_start();
        // MySQL's comments begin with `#` too; no statement of any database does.
        if let Some(comment) = rest.strip_prefix("--").or_else(|| rest.strip_prefix('#')) {
            rest = comment.split_once('\n').map(|(_, tail)| tail).unwrap_or_default();
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map(|(_, tail)| tail).unwrap_or_default();
        } else {
            break;
        }
    }
    rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>().to_uppercase()
}

/// The statement without what ends it.
fn trimmed(sql: &str) -> &str {
    sql.trim_end_matches(|c: char| c == ';' || c.is_whitespace())
}

/// Whether a statement may be joined with others.
fn is_joinable(sql: &str) -> bool {
    let sql = trimmed(sql);
    let even = |text: &str| sql.matches(text).count().is_multiple_of(2);
    sql.len() < LONG
        && !sql.contains(';')
        && ["'", "\"", "`", "$$"].into_iter().all(even)
        && sql.matches("/*").count() == sql.matches("*/").count()
        // Comments that MySQL and MariaDB execute.
        && !sql.contains("/*!")
        && !sql.contains("/*M!")
        && JOINABLE.contains(&first_word(sql).as_str())
}

/// Statements that go to the server as one message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// Their indices.
    pub(super) statements: Range<usize>,
    /// The text to send.
    pub(super) sql: String,
    /// For each statement, the number of characters before it.
    starts: Vec<u32>,
}

impl Message {
    /// The statement that a position in the message (in characters from 1) is in, and the position in it.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))] // the only server that gives positions in a whole message
    pub(super) fn locate(&self, position: u32) -> (usize, u32) {
        let at = self.starts.partition_point(|start| *start < position).saturating_sub(1);
        let start = self.starts.get(at).copied().unwrap_or(0);
        (self.statements.start + at, position.saturating_sub(start).max(1))
    }

    /// The index of the statement that failed after `answered` ones had been answered.
    pub(super) fn failed(&self, answered: usize) -> usize {
        (self.statements.start + answered).min(self.statements.end.saturating_sub(1))
    }
}

/// How a transaction starts and is committed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    /// The statement that starts it.
    pub(super) begin: &'static str,
    /// The statements that end it.
    pub(super) commit: &'static [&'static str],
}

/// Statements on their way to the server, with what stands around them.
#[derive(Debug)]
pub(super) struct Batch {
    /// What is sent, in order.
    pub(super) messages: Vec<Message>,
    /// How many statements are not the caller's and stand in front of the caller's.
    offset: usize,
    /// How many statements are the caller's.
    length: usize,
}

impl Batch {
    /// Groups statements into messages; `ends` is how a transaction starts and ends here. With `join` false every statement is a
    /// message of its own.
    pub(super) fn new(statements: &[String], frame: Frame, ends: Ends, join: bool) -> Self {
        let own = statements.iter().map(|sql| (sql.as_str(), join && is_joinable(sql)));
        let begin = frame.begin.then_some((ends.begin, join));
        let commit = ends.commit.iter().filter(|_| frame.commit).map(|word| (*word, join));
        let all = begin.into_iter().chain(own).chain(commit);
        Batch { messages: messages(all), offset: usize::from(frame.begin), length: statements.len() }
    }

    /// The caller's index of a statement; that of the COMMIT is the number of the caller's statements.
    pub(super) fn index(&self, statement: usize) -> usize {
        statement.saturating_sub(self.offset).min(self.length)
    }

    /// A count of rows for each of the caller's statements.
    pub(super) fn counts(&self) -> Vec<u64> {
        vec![0; self.length]
    }

    /// Puts the server's answers to a message to the statements that they belong to.
    pub(super) fn count(&self, message: &Message, answers: &[u64], counts: &mut [u64]) {
        let is_one_to_one = message.statements.len() == answers.len();
        for (i, statement) in message.statements.clone().enumerate() {
            let rows = match answers.get(i) {
                Some(rows) if is_one_to_one => *rows,
                // A message that is not certain to give one answer for each statement has only one.
                _ => answers.iter().sum(),
            };
            if let Some(count) = statement.checked_sub(self.offset).and_then(|at| counts.get_mut(at)) {
                *count = rows;
            }
        }
    }
}

/// Groups statements into messages; each comes with whether it may be joined.
fn messages<'s>(statements: impl Iterator<Item = (&'s str, bool)>) -> Vec<Message> {
    let mut out: Vec<Message> = Vec::new();
    // Whether the last message may take another statement, and how many characters it has.
    let mut open = false;
    let mut length = 0u32;
    for (i, (sql, joinable)) in statements.enumerate() {
        match out.last_mut() {
            Some(last) if joinable && open && last.sql.len() + sql.len() < LIMIT => {
                let ends_in_comment = last.sql.lines().next_back().is_some_and(|line| line.contains("--") || line.contains('#'));
                if ends_in_comment {
                    last.sql.push('\n');
                }
                last.sql.push_str(SEPARATOR);
                let start = length.saturating_add(u32::from(ends_in_comment)).saturating_add(characters(SEPARATOR));
                last.starts.push(start);
                last.sql.push_str(trimmed(sql));
                length = start.saturating_add(characters(trimmed(sql)));
                last.statements.end = i + 1;
            }
            _ => {
                let text = if joinable { trimmed(sql) } else { sql };
                length = characters(text);
                out.push(Message { statements: i..i + 1, sql: text.to_string(), starts: vec![0] });
            }
        }
        open = joinable;
    }
    out
}

/// The number of characters, as far as it fits.
pub(super) fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDS: Ends = Ends { begin: "BEGIN", commit: &["COMMIT"] };

    /// The number of statements in each message.
    fn grouped(statements: &[&str]) -> Vec<usize> {
        let statements: Vec<String> = statements.iter().map(|s| s.to_string()).collect();
        batch(&statements, Frame::default()).messages.into_iter().map(|m| m.statements.len()).collect()
    }

    fn batch(statements: &[String], frame: Frame) -> Batch {
        Batch::new(statements, frame, ENDS, true)
    }

    #[test]
    fn first_words() {
        assert_eq!(first_word("  -- x\n/* y */ insert into t"), "INSERT");
        assert_eq!(first_word("-- only"), "");
        assert_eq!(first_word("(select 1)"), "");
    }

    #[test]
    fn plain_statements_are_joined_and_doubtful_ones_go_alone() {
        assert_eq!(grouped(&["insert into t values (1)", "UPDATE t SET a = 1;", "delete from t"]), [3]);
        assert_eq!(grouped(&["insert into t values (1)", "commit", "delete from t", "drop table t"]), [1, 1, 2]);
        assert_eq!(grouped(&["create function f() as $$ begin; end $$", "select 1"]), [1, 1]);
        assert_eq!(grouped(&["insert into t values ('it''s')", "insert into t values ('x)"]), [1, 1]);
        assert_eq!(grouped(&["insert into t values (';')", "select 1"]), [1, 1]);
        assert_eq!(grouped(&["-- nothing", "select 1"]), [1, 1]);
        assert_eq!(grouped(&["select /* open", "select 1"]), [1, 1]);
        assert_eq!(grouped(&["create table t (a int) /*!50000 engine=x */", "select 1"]), [1, 1]);
        assert_eq!(grouped(&["SET x = 1", "select 1"]), [1, 1]);
        assert!(grouped(&[]).is_empty());
        let two = vec!["select 1".to_string(), "select 2".to_string()];
        assert_eq!(Batch::new(&two, Frame::default(), ENDS, false).messages.len(), 2);
    }

    #[test]
    fn a_comment_at_the_end_does_not_swallow_the_next_statement() {
        let statements = vec!["select 1 -- one".to_string(), "select 2".to_string()];
        assert_eq!(batch(&statements, Frame::default()).messages[0].sql, "select 1 -- one\n; \nselect 2");
    }

    #[test]
    fn positions_lead_back_to_the_statement() {
        let statements = vec!["select 'ä'".to_string(), "select x".to_string(), "select yy".to_string()];
        let message = &batch(&statements, Frame::default()).messages[0];
        let at = |text: &str| characters(message.sql.split(text).next().unwrap()) + 1;
        assert_eq!(message.locate(1), (0, 1));
        assert_eq!(message.locate(at("x")), (1, 8));
        assert_eq!(message.locate(at("yy")), (2, 8));
        assert_eq!(message.failed(1), 1);
        assert_eq!(message.failed(9), 2);
    }

    #[test]
    fn a_transaction_is_one_message_where_it_can_be() {
        let statements = vec!["insert into t values (1)".to_string(), "delete from t;".to_string()];
        let whole = batch(&statements, Frame { begin: true, commit: true });
        let texts: Vec<_> = whole.messages.iter().map(|m| m.sql.as_str()).collect();
        assert_eq!(texts, ["BEGIN; \ninsert into t values (1); \ndelete from t; \nCOMMIT"]);
        // The error of BEGIN belongs to the first statement; that of COMMIT to none.
        assert_eq!((0..4).map(|i| whole.index(i)).collect::<Vec<_>>(), [0, 0, 1, 2]);
        let mut counts = whole.counts();
        whole.count(&whole.messages[0], &[0, 1, 7, 0], &mut counts);
        assert_eq!(counts, [1, 7]);

        let scripts = vec!["do $$ begin; end $$".to_string()];
        let framed = batch(&scripts, Frame { begin: true, commit: true });
        assert_eq!(framed.messages.len(), 3);
        let mut counts = framed.counts();
        for message in &framed.messages {
            framed.count(message, &[2, 3], &mut counts);
        }
        assert_eq!(counts, [5]);
    }

    #[test]
    fn messages_have_a_limit() {
        let statements = vec![format!("insert into t values ('{}')", "x".repeat(200 * 1024)); 3];
        assert_eq!(batch(&statements, Frame::default()).messages.len(), 3);
    }
}
