//! SQL of the lock row.

use super::Ledger;
use super::ledger::column;
use crate::sql::RenderError;
use crate::sql::column::ColumnPrimaryKey;
use crate::sql::dialect::Guard;

impl Ledger {
    /// CREATE TABLE of the lock table.
    ///
    /// # Errors
    /// When the dialect cannot make it.
    pub fn create_lock_table(&self) -> Result<Vec<String>, RenderError> {
        let mut id = column("ID", "int", true);
        id.primary_key = Some(ColumnPrimaryKey { validate: true, ..ColumnPrimaryKey::default() });
        let columns = vec![
            id,
            column("LOCKED", "boolean", true),
            column("LOCKGRANTED", "datetime", false),
            column("LOCKEDBY", "varchar(255)", false),
        ];
        self.create(&self.lock_table, columns)
    }

    /// What fills an empty lock table.
    pub fn initialise_lock(&self) -> [String; 2] {
        let table = self.lock_name();
        [
            format!("DELETE FROM {table}"),
            format!("INSERT INTO {table} (ID, {}) VALUES (1, {})", self.column("LOCKED"), self.target.boolean(false)),
        ]
    }

    /// How many rows the lock table has.
    pub fn count_lock_rows(&self) -> String {
        format!("SELECT COUNT(*) FROM {}", self.lock_name())
    }

    /// Takes the lock if it is free: one row changed means taken.
    pub fn take_lock(&self, who: &str) -> String {
        let locked = self.column("LOCKED");
        format!(
            "UPDATE {} SET {locked} = {}, LOCKEDBY = {}, LOCKGRANTED = {} WHERE ID = 1 AND {locked} = {}",
            self.lock_name(),
            self.target.boolean(true),
            self.target.string(who),
            self.target.dialect.ledger_now,
            self.target.boolean(false)
        )
    }

    /// Takes the lock over from `holder`: one row changed means taken.
    pub fn take_over_lock(&self, holder: &str, who: &str) -> String {
        let locked = self.column("LOCKED");
        format!(
            "UPDATE {} SET LOCKEDBY = {}, LOCKGRANTED = {} WHERE ID = 1 AND {locked} = {} AND LOCKEDBY = {}",
            self.lock_name(),
            self.target.string(who),
            self.target.dialect.ledger_now,
            self.target.boolean(true),
            self.target.string(holder)
        )
    }

    /// A statement that does nothing while `who` holds the lock, and is refused when somebody else does or nobody.
    pub fn fence(&self, who: &str) -> String {
        let (table, locked, who) = (self.lock_name(), self.column("LOCKED"), self.target.string(who));
        match self.target.dialect.guard {
            Guard::DuplicateKey => format!(
                "INSERT INTO {table} (ID, {locked}) SELECT ID, {locked} FROM {table} WHERE ID = 1 AND (LOCKEDBY IS NULL OR LOCKEDBY <> {who})"
            ),
            Guard::SecondRow => format!(
                "SELECT CASE WHEN EXISTS (SELECT 1 FROM {table} WHERE ID = 1 AND LOCKEDBY = {who}) THEN 1 ELSE (SELECT 1 UNION SELECT 2) END"
            ),
        }
    }

    /// Gives the lock back, whoever holds it (`release-locks`, scripts).
    pub fn release_lock(&self) -> String {
        format!(
            "UPDATE {} SET {} = {}, LOCKEDBY = NULL, LOCKGRANTED = NULL WHERE ID = 1",
            self.lock_name(),
            self.column("LOCKED"),
            self.target.boolean(false)
        )
    }

    /// Gives the lock back only if `who` holds it: no row changed means that somebody else took it over.
    pub fn release_own_lock(&self, who: &str) -> String {
        format!("{} AND LOCKEDBY = {}", self.release_lock(), self.target.string(who))
    }

    /// The lock row.
    pub fn select_lock(&self) -> String {
        format!("SELECT ID,{},LOCKGRANTED,LOCKEDBY FROM {} WHERE ID=1", self.column("LOCKED"), self.lock_name())
    }
}
