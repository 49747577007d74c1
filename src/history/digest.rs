//! The digest table: what a run that found nothing to do leaves for the next one. It is ours; Liquibase does not know it.
//!
//! A row belongs to one way of asking (changelog, contexts, labels, settings …) and says which inputs the changelog was made from
//! and what the ledger held then. Where both are as they were, there is still nothing to do.

use super::Ledger;
use super::ledger::{COLUMNS, column};
use crate::db::Row;
use crate::sql::column::{ColumnDef, ColumnPrimaryKey};
use crate::sql::{RenderError, Target};

/// A row of the digest table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestRow {
    /// Digest of the way of asking.
    pub id: String,
    /// What the changelog was made from.
    pub manifest: String,
    /// Digest of what was found there.
    pub inputs: String,
    /// What the ledger summed up to.
    pub ledger: String,
    /// What was told then.
    pub summary: String,
}

/// The columns of a ledger row that decide what runs.
const SUMMED: &[&str] = &["ID", "AUTHOR", "FILENAME", "MD5SUM", "EXECTYPE", "LIQUIBASE", "ORDEREXECUTED"];

/// The column under which the sum of the ledger comes back.
pub const SUM: &str = "LEDGER_SUM";

/// The column under which the holder of the lock comes back.
pub const HOLDER: &str = "LOCK_HOLDER";

impl Ledger {
    /// The qualified name of the digest table.
    pub fn digest_name(&self) -> String {
        self.target.qualified(&self.digest_table)
    }

    /// A query of one text that differs whenever the rows of the ledger do; `None` where the dialect has none.
    fn sum(&self) -> Option<String> {
        let columns: Vec<String> = SUMMED.iter().map(|c| self.column(c)).collect();
        self.target.dialect.sum_of_rows.map(|sum| sum(&columns, &self.name()))
    }

    /// CREATE TABLE of the digest table.
    ///
    /// # Errors
    /// When the dialect cannot make it.
    pub fn create_digest_table(&self) -> Result<Vec<String>, RenderError> {
        let id = ColumnDef {
            primary_key: Some(ColumnPrimaryKey { validate: true, ..ColumnPrimaryKey::default() }),
            ..column("ID", "varchar(64)", true)
        };
        let columns = vec![
            id,
            column("MANIFEST", "clob", true),
            column("INPUTS", "varchar(64)", true),
            column("LEDGER", "varchar(64)", true),
            column("SUMMARY", "clob", true),
        ];
        self.create(&self.digest_table, columns)
    }

    /// The row of a way of asking, with the sum of the ledger and the holder of the lock as they are now; `None` where the dialect has no sums.
    pub fn select_digest(&self, id: &str) -> Option<String> {
        let sum = self.sum()?;
        let holder = format!("SELECT LOCKEDBY FROM {} WHERE ID = 1", self.lock_name());
        Some(format!(
            "SELECT MANIFEST, INPUTS, LEDGER, SUMMARY, ({sum}) AS {SUM}, ({holder}) AS {HOLDER} FROM {} WHERE ID = {}",
            self.digest_name(),
            self.target.string(id)
        ))
    }

    /// The rows of the ledger and, in a row of its own, their sum, from one moment.
    pub fn select_with_sum(&self) -> Option<String> {
        let sum = self.sum()?;
        let columns: Vec<String> = COLUMNS.iter().map(|(name, ..)| self.column(name)).collect();
        let nulls = vec!["NULL"; COLUMNS.len()].join(", ");
        Some(format!(
            "SELECT {}, NULL AS {SUM} FROM {} UNION ALL SELECT {nulls}, ({sum}) ORDER BY DATEEXECUTED ASC, ORDEREXECUTED ASC",
            columns.join(", "),
            self.name()
        ))
    }

    /// Puts a row in place of its older self, and takes away rows that an older ledger left.
    pub fn write_digest(&self, row: &DigestRow) -> [String; 2] {
        let table = self.digest_name();
        let s = |text: &str| self.target.string(text);
        [
            format!("DELETE FROM {table} WHERE ID = {} OR LEDGER <> {}", s(&row.id), s(&row.ledger)),
            format!(
                "INSERT INTO {table} (ID, MANIFEST, INPUTS, LEDGER, SUMMARY) VALUES ({}, {}, {}, {}, {})",
                s(&row.id),
                s(&row.manifest),
                s(&row.inputs),
                s(&row.ledger),
                s(&row.summary)
            ),
        ]
    }
}

impl DigestRow {
    /// Reads the answer to [`Ledger::select_digest`], without the sum.
    pub fn from_row(id: &str, row: &Row) -> DigestRow {
        let text = |name: &str| row.text(name).unwrap_or_default();
        DigestRow {
            id: id.to_owned(),
            manifest: text("MANIFEST"),
            inputs: text("INPUTS"),
            ledger: text("LEDGER"),
            summary: text("SUMMARY"),
        }
    }
}

/// Whether a target's dialect has what digests need.
pub fn is_possible(target: &Target) -> bool {
    target.dialect.sum_of_rows.is_some()
}
