//! Puts statements together into one message, where it is certain that this changes nothing but the time it takes.
//!
//! A statement is joined with its neighbours only when it is plainly one command: none of its characters is a `;`,
//! its quotes and comments are closed, and it starts with a word known to give exactly one answer. Whatever is in
//! doubt (routine bodies, scripts, settings, transaction control) goes alone. The answers can then be counted to
//! find the statement that failed.

use std::ops::Range;

/// The longest message that is put together, in bytes; well below every server's limit.
const LIMIT: usize = 256 * 1024;

/// What stands between joined statements. The line break ends a comment at the end of the first.
pub(super) const SEPARATOR: &str = "\n;\n";

/// Commands that may be joined: they give one answer each and change nothing about how the next one is read.
const JOINABLE: [&str; 13] =
    ["ALTER", "COMMENT", "CREATE", "DELETE", "DROP", "GRANT", "INSERT", "MERGE", "REPLACE", "REVOKE", "SELECT", "TRUNCATE", "UPDATE"];

/// The first word of a statement in upper case, after blanks and comments; empty if there is none.
pub(super) fn first_word(sql: &str) -> String {
    let mut rest = sql;
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("--") {
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
    !sql.contains(';')
        && sql.len() < LIMIT
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

/// Groups statements into messages. With `join` false every statement is a message of its own.
pub(super) fn messages(statements: &[String], join: bool) -> Vec<Message> {
    let mut out: Vec<Message> = Vec::new();
    // Whether the last message may take another statement, and how many characters it has.
    let mut open = false;
    let mut length = 0u32;
    for (i, sql) in statements.iter().enumerate() {
        let joinable = join && is_joinable(sql);
        match out.last_mut() {
            Some(last) if joinable && open && last.sql.len() + sql.len() < LIMIT => {
                last.sql.push_str(SEPARATOR);
                let start = length.saturating_add(characters(SEPARATOR));
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

    /// The number of statements in each message.
    fn grouped(statements: &[&str]) -> Vec<usize> {
        let statements: Vec<String> = statements.iter().map(|s| s.to_string()).collect();
        messages(&statements, true).into_iter().map(|m| m.statements.len()).collect()
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
        assert_eq!(messages(&two, false).len(), 2);
    }

    #[test]
    fn a_comment_at_the_end_does_not_swallow_the_next_statement() {
        let statements = vec!["select 1 -- one".to_string(), "select 2".to_string()];
        assert_eq!(messages(&statements, true)[0].sql, "select 1 -- one\n;\nselect 2");
    }

    #[test]
    fn positions_lead_back_to_the_statement() {
        let statements = vec!["select 'ä'".to_string(), "select x".to_string(), "select yy".to_string()];
        let message = &messages(&statements, true)[0];
        let at = |text: &str| characters(message.sql.split(text).next().unwrap()) + 1;
        assert_eq!(message.locate(1), (0, 1));
        assert_eq!(message.locate(at("x")), (1, 8));
        assert_eq!(message.locate(at("yy")), (2, 8));
        assert_eq!(message.failed(1), 1);
        assert_eq!(message.failed(9), 2);
    }

    #[test]
    fn messages_have_a_limit() {
        let statements = vec![format!("insert into t values ('{}')", "x".repeat(200 * 1024)); 3];
        assert_eq!(messages(&statements, true).len(), 3);
    }
}
