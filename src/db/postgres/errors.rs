//! What the server's errors mean.

use super::super::connect::broken;
use super::super::{DbError, DbErrorKind};
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

/// A write where only reading is allowed, as on a replica.
const READ_ONLY: &str = "25006";

/// Makes our error from the driver's.
pub(super) fn error_of(error: sqlx::Error) -> DbError {
    let sqlx::Error::Database(e) = error else {
        return broken(error);
    };
    let Some(e) = e.try_downcast_ref::<PgDatabaseError>() else {
        return broken(sqlx::Error::Database(e));
    };
    let mut detail = Vec::new();
    detail.extend(e.detail().map(|text| format!("Detail: {text}")));
    detail.extend(e.hint().map(|text| format!("Hint: {text}")));
    detail.extend(e.r#where().map(|text| format!("Where: {text}")));
    if e.code() == READ_ONLY {
        detail.push(
            "Hint: this server only reads: it is a replica, or default_transaction_read_only is on; connect to one that writes".to_owned(),
        );
    }
    // A position in a statement that a function ran says nothing about ours.
    let position = match e.position() {
        Some(PgErrorPosition::Original(at)) => u32::try_from(at).ok(),
        Some(PgErrorPosition::Internal { query, .. }) => {
            detail.push(format!("In: {query}"));
            None
        }
        None => None,
    };
    DbError {
        kind: kind(e.code()),
        code: Some(e.code().to_string()),
        message: e.message().to_string(),
        detail: if detail.is_empty() { None } else { Some(detail.join("\n")) },
        position,
    }
}

/// The kind for a SQLSTATE; see appendix A of PostgreSQL's manual.
fn kind(code: &str) -> DbErrorKind {
    match code {
        "3D000" => DbErrorKind::NoSuchDatabase,
        // insufficient_privilege, read_only_sql_transaction
        "42501" | READ_ONLY => DbErrorKind::Permission,
        // serialization_failure, deadlock_detected, lock_not_available, query_canceled (timeouts), too_many_connections
        "40001" | "40P01" | "55P03" | "57014" | "53300" => DbErrorKind::Transient,
        // admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped, idle_session_timeout,
        // idle_in_transaction_session_timeout
        "57P01" | "57P02" | "57P03" | "57P04" | "57P05" | "25P03" => DbErrorKind::Lost,
        code if code.starts_with("28") => DbErrorKind::Authentication,
        code if code.starts_with("08") => DbErrorKind::Lost,
        _ => DbErrorKind::Statement,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        for (code, want) in [
            ("28P01", DbErrorKind::Authentication),
            ("3D000", DbErrorKind::NoSuchDatabase),
            ("42501", DbErrorKind::Permission),
            ("40P01", DbErrorKind::Transient),
            ("57P01", DbErrorKind::Lost),
            ("42601", DbErrorKind::Statement),
            ("23505", DbErrorKind::Statement),
        ] {
            assert_eq!(kind(code), want, "{code}");
        }
    }
}
