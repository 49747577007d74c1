//! A row of the ledger.

use crate::changelog::checksum::Checksum;
use crate::changelog::{Identity, path};
use crate::db::Row;

/// What was done with a changeset (`EXECTYPE`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecType {
    /// It ran for the first time.
    Executed,
    /// It ran again.
    Reran,
    /// It was recorded without running.
    MarkRan,
}

impl ExecType {
    /// The word of the ledger.
    pub fn word(self) -> &'static str {
        match self {
            ExecType::Executed => "EXECUTED",
            ExecType::Reran => "RERAN",
            ExecType::MarkRan => "MARK_RAN",
        }
    }
}

/// A row as it was read. The table is user-editable data: nothing but identity is relied on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LedgerRow {
    /// ID.
    pub id: String,
    /// AUTHOR.
    pub author: String,
    /// FILENAME as stored.
    pub filename: String,
    /// DATEEXECUTED as the server prints it.
    pub date_executed: String,
    /// ORDEREXECUTED; 0 when it is no number.
    pub order_executed: i64,
    /// EXECTYPE as stored.
    pub exec_type: String,
    /// MD5SUM, when there is one.
    pub checksum: Option<Checksum>,
    /// DESCRIPTION.
    pub description: Option<String>,
    /// COMMENTS.
    pub comments: Option<String>,
    /// TAG.
    pub tag: Option<String>,
    /// LIQUIBASE.
    pub liquibase: Option<String>,
    /// CONTEXTS.
    pub contexts: Option<String>,
    /// LABELS.
    pub labels: Option<String>,
    /// DEPLOYMENT_ID.
    pub deployment_id: Option<String>,
}

impl LedgerRow {
    /// Reads a row of `SELECT *`; columns that an old layout lacks are absent.
    pub fn from_row(row: &Row) -> LedgerRow {
        let text = |name: &str| row.text(name);
        LedgerRow {
            id: text("ID").unwrap_or_default(),
            author: text("AUTHOR").unwrap_or_default(),
            filename: text("FILENAME").unwrap_or_default(),
            date_executed: text("DATEEXECUTED").unwrap_or_default(),
            order_executed: row.get("ORDEREXECUTED").and_then(crate::db::Value::as_int).unwrap_or(0),
            exec_type: text("EXECTYPE").unwrap_or_default(),
            checksum: text("MD5SUM").and_then(|t| Checksum::parse(&t)),
            description: text("DESCRIPTION"),
            comments: text("COMMENTS"),
            tag: text("TAG"),
            liquibase: text("LIQUIBASE"),
            contexts: text("CONTEXTS"),
            labels: text("LABELS"),
            deployment_id: text("DEPLOYMENT_ID"),
        }
    }

    /// Who it is, comparable with [`identity_key`]: path normalised, all in lower case, as Liquibase's "same as".
    pub fn key(&self) -> String {
        identity_key(&self.filename, &self.id, &self.author)
    }

    /// The identity as it is stored, which may differ in form from that of the changeset.
    pub fn identity(&self) -> Identity {
        Identity { path: self.filename.clone(), id: Some(self.id.clone()), author: Some(self.author.clone()) }
    }

    /// Whether the row says that the changeset ran (`EXECUTED`, `RERAN`, `MARK_RAN`).
    pub fn ran(&self) -> bool {
        self.exec_type.is_empty() || ["EXECUTED", "RERAN", "MARK_RAN"].iter().any(|w| self.exec_type.eq_ignore_ascii_case(w))
    }
}

/// The [`identity_key`] of a changeset.
pub fn key_of(identity: &Identity) -> String {
    identity_key(&identity.path, identity.id(), identity.author())
}

/// The key under which a changeset is found in the ledger: path normalised, letter case ignored
/// (changelog-formats §8; a row whose author differs only in case is the same changeset).
pub fn identity_key(file: &str, id: &str, author: &str) -> String {
    format!("{}::{}::{}", path::normalise(file), id, author).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_that_a_changeset_ran() {
        let ran = |exec_type: &str| LedgerRow { exec_type: exec_type.into(), ..LedgerRow::default() }.ran();
        // Early versions of Liquibase had no such column.
        assert_eq!(["", "EXECUTED", "RERAN", "mark_ran", "FAILED", "SKIPPED"].map(ran), [true, true, true, true, false, false]);
    }

    #[test]
    fn letter_case_and_the_form_of_the_path_do_not_count() {
        assert_eq!(identity_key("classpath:DB\\Main.xml", "1", "Ann"), identity_key("db/main.xml", "1", "ann"));
        assert_ne!(identity_key("db/main.xml", "1", "ann"), identity_key("main.xml", "1", "ann"));
    }
}
