//! What the server's errors mean.

use super::super::batch::{SEPARATOR, characters};
use super::super::connect::broken;
use super::super::{DbError, DbErrorKind};
use sqlx::error::DatabaseError;
use sqlx::mysql::MySqlDatabaseError;

/// Makes our error from the driver's. `sql` is what was being run.
pub(super) fn error_of(error: sqlx::Error, sql: &str) -> DbError {
    let sqlx::Error::Database(e) = error else {
        return broken(error);
    };
    let Some(e) = e.try_downcast_ref::<MySqlDatabaseError>() else {
        return broken(sqlx::Error::Database(e));
    };
    let message = e.message().to_string();
    let position = if e.number() == 1064 { position(&message, sql) } else { None };
    DbError { kind: kind(e.number()), code: Some(e.number().to_string()), message, detail: None, position }
}

/// Whether a connection failed because its database does not exist.
pub(super) fn is_unknown_database(error: &dyn DatabaseError) -> bool {
    error.try_downcast_ref::<MySqlDatabaseError>().is_some_and(|e| e.number() == 1049)
}

/// The kind for an error number; the numbers are the same in both servers.
fn kind(number: u16) -> DbErrorKind {
    match number {
        // ER_ACCESS_DENIED_ERROR, ER_ACCESS_DENIED_NO_PASSWORD_ERROR, ER_HOST_NOT_PRIVILEGED
        1045 | 1698 | 1130 => DbErrorKind::Authentication,
        1049 => DbErrorKind::NoSuchDatabase,
        // Access denied to a database, table, column, by a privilege, to a routine, by the read-only server
        1044 | 1142 | 1143 | 1227 | 1370 | 1410 | 1290 | 1836 => DbErrorKind::Permission,
        // Too many connections, lock wait timeout, deadlock, max_statement_time, max_execution_time
        1040 | 1203 | 1205 | 1213 | 1969 | 3024 => DbErrorKind::Transient,
        // Server shutdown, connection killed, aborted or too long idle
        1053 | 1152 | 1184 | 1927 | 2006 | 2013 | 4031 => DbErrorKind::Lost,
        _ => DbErrorKind::Statement,
    }
}

/// Where a syntax error is. The server gives the text from there on (at most 80 characters) and the line number.
pub(super) fn position(message: &str, sql: &str) -> Option<u32> {
    let (head, line) = message.rsplit_once("' at line ")?;
    // In a message of several statements it goes on into the next ones.
    let near = head.split_once(" near '")?.1.split(SEPARATOR).next()?.trim_end_matches('\n');
    if near.is_empty() {
        return Some(characters(sql.trim_end()).saturating_add(1));
    }
    let line: usize = line.trim().parse().ok()?;
    let line_start = sql.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum::<usize>();
    let mut found = sql.get(line_start..)?.match_indices(near).map(|(at, _)| line_start + at);
    let at = found.next()?;
    if found.any(|other| !sql.get(line_start..other).is_some_and(|between| between.contains('\n'))) {
        return None;
    }
    Some(characters(sql.get(..at)?).saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions() {
        let text = |near: &str, line: u32| {
            format!("You have an error in your SQL syntax; check the manual for the right syntax to use near '{near}' at line {line}")
        };
        assert_eq!(position(&text("TABEL t (a int)", 1), "CREATE TABEL t (a int)"), Some(8));
        assert_eq!(position(&text("frm b", 2), "select 'ä'\n  frm b"), Some(14));
        assert_eq!(position(&text("", 1), "select ("), Some(9));
        assert_eq!(position(&text("frm b; \nselect 2", 1), "select a frm b"), Some(10));
        assert_eq!(position("Table 'x' doesn't exist", "select * from x"), None);
        // The server gives 80 characters at most; where these stand twice in the line, nobody knows which is meant.
        let near = "x".repeat(80);
        assert_eq!(position(&text(&near, 1), &format!("select {near}{near}")), None);
        assert_eq!(position(&text(&near, 1), &format!("select {near}\n{near}")), Some(8));
    }

    #[test]
    fn kinds() {
        for (number, want) in [
            (1045, DbErrorKind::Authentication),
            (1049, DbErrorKind::NoSuchDatabase),
            (1142, DbErrorKind::Permission),
            (1205, DbErrorKind::Transient),
            (2013, DbErrorKind::Lost),
            (1062, DbErrorKind::Statement),
        ] {
            assert_eq!(kind(number), want, "{number}");
        }
    }
}
