//! Before a run: the ledger's tables exist and are up to date, and its rows are read.

use super::event::Event;
use super::run::{Run, RunError};
use super::script::{Header, LedgerSql};
use crate::db::{DbErrorKind, Value};
use crate::history::LedgerRow;
use crate::history::offline;
use crate::plan::filter::RanRows;
use crate::snapshot::columns::{self, ExistingColumn};
use crate::sql::{ObjectName, RenderError};
use std::time::Duration;

fn cannot(error: RenderError) -> RunError {
    RunError::Other(format!("the ledger's tables cannot be made here: {error}"))
}

/// One of the two tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    Ledger,
    Lock,
}

/// How often a table is tried to be made.
const ATTEMPTS: u32 = 5;

/// The pause after the first attempt; longer after each further one.
const PAUSE: Duration = Duration::from_millis(100);

/// Which of the two tables exist, with the columns of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Columns of the ledger with the length of their text type; empty when there is no ledger.
    pub(super) ledger: Vec<(String, Option<u32>)>,
    /// Whether the lock table exists.
    pub(super) lock: bool,
    /// Whether there is a journal.
    pub(super) journal: bool,
    /// A table with the ledger's name in other letters, which is another table here, where there is no ledger.
    pub(super) namesake: Option<String>,
}

impl Run<'_> {
    pub(super) async fn layout(&mut self) -> Result<Layout, RunError> {
        let (ledger, lock, journal) = (self.ledger.table.clone(), self.ledger.lock_table.clone(), self.ledger.journal_table.clone());
        let target = self.session.target.clone();
        let names = [ledger.name.as_str(), &lock.name, &journal.name];
        let found = columns::of_tables(self.session.connection()?, &target, &ledger, &names).await?;
        let (found, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|c| c.is_meant);
        let is_of = |column: &ExistingColumn, table: &ObjectName| column.table.eq_ignore_ascii_case(&table.name);
        let columns: Vec<_> = found.iter().filter(|c| is_of(c, &ledger)).map(|c| (c.column.clone(), c.length)).collect();
        self.room = self.ledger.room(&columns);
        let other = others.into_iter().map(|c| c.table).find(|name| name.eq_ignore_ascii_case(&ledger.name));
        Ok(Layout {
            namesake: other.filter(|_| columns.is_empty()),
            lock: found.iter().any(|c| is_of(c, &lock)),
            journal: found.iter().any(|c| is_of(c, &journal)),
            ledger: columns,
        })
    }

    /// Whether there is no ledger. A table that somebody may take for it is told: Liquibase overlooks it too, and runs
    /// everything again.
    pub(super) fn lacks_ledger(&mut self, layout: &Layout) -> bool {
        if let Some(name) = &layout.namesake {
            let text = format!(
                "There is no history table {}; `{name}` is another one, as letter case counts in names of tables here. Rename it if the history is there",
                self.ledger.name()
            );
            self.observer.on(&Event::Warning(&text));
        }
        layout.ledger.is_empty()
    }

    /// Makes or upgrades the ledger, and reads it. In a script the statements are written; a ledger that does not
    /// exist then counts as empty.
    ///
    /// # Errors
    /// When the tables cannot be made or read.
    pub async fn prepare(&mut self) -> Result<(), RunError> {
        if self.session.is_offline() {
            return self.prepare_offline();
        }
        if self.session.is_writing() {
            return self.prepare_script().await;
        }
        let layout = self.layout().await?;
        self.journal.was_left = layout.journal;
        if self.lacks_ledger(&layout) {
            let statements = self.ledger.create_table().map_err(cannot)?;
            self.make(Table::Ledger, &statements).await?;
        } else {
            let upgrades = self.ledger.upgrades(&layout.ledger).map_err(cannot)?;
            for (comment, statements) in upgrades {
                for statement in &statements {
                    self.session.text(statement).await?;
                }
                self.observer.on(&Event::LedgerChanged(&comment));
            }
        }
        if !layout.lock {
            let statements = self.ledger.create_lock_table().map_err(cannot)?;
            self.make(Table::Lock, &statements).await?;
            // A lock table without its row is what Liquibase leaves to nobody.
            self.fill_lock_table().await?;
        }
        self.read_rows().await
    }

    /// Runs statements that make a table; another runner may be doing the same at this moment.
    async fn make(&mut self, table: Table, statements: &[String]) -> Result<(), RunError> {
        for statement in statements {
            let mut attempt = 0;
            while let Err(error) = self.session.text(statement).await {
                // Refused because the other one was faster, or is not done yet: what counts is that the table comes.
                let layout = self.layout().await?;
                let exists = match table {
                    Table::Ledger => !layout.ledger.is_empty(),
                    Table::Lock => layout.lock,
                };
                if exists {
                    return Ok(());
                }
                attempt += 1;
                // Who may not do it now may not do it in a moment.
                if attempt >= ATTEMPTS || error.kind == DbErrorKind::Permission {
                    let name = match table {
                        Table::Ledger => self.ledger.name(),
                        Table::Lock => self.ledger.lock_name(),
                    };
                    return Err(RunError::Other(format!(
                        "An error occurred while attempting to create the database changelog table.  Please make sure that you have both read and write permissions for the '{name}' table.\n  - Caused by: {error}"
                    )));
                }
                tokio::time::sleep(PAUSE * attempt).await;
            }
        }
        self.observer.on(&Event::LedgerCreated(&match table {
            Table::Ledger => format!("Creating database history table with name: {}", self.ledger.name()),
            Table::Lock => format!("Creating the lock table {}", self.ledger.lock_name()),
        }));
        Ok(())
    }

    /// Puts the row into the lock table, which has none.
    ///
    /// Nothing is deleted, as Liquibase does: the row may have come, and be held, since it was looked for.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub(super) async fn fill_lock_table(&mut self) -> Result<(), RunError> {
        let [_, insert] = self.ledger.initialise_lock();
        // Two runners may fill it at once: the primary key lets one of them win.
        if let Err(error) = self.session.text(&insert).await
            && self.lock_row().await?.is_none()
        {
            return Err(error.into());
        }
        Ok(())
    }

    /// Reads the rows of the ledger.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn read_rows(&mut self) -> Result<(), RunError> {
        let rows = self.session.query(&self.ledger.select()).await?;
        self.ran = RanRows::new(rows.iter().map(LedgerRow::from_row).collect());
        Ok(())
    }

    /// Whether something was recorded since the ledger was read, by a question whose answer is short however long the ledger is.
    /// What somebody wrote there by hand may be missed.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub(super) async fn has_ledger_grown(&mut self) -> Result<bool, RunError> {
        let rows = self.session.query(&self.ledger.select_extent()).await?;
        let number = |at: usize| rows.first().and_then(|row| row.values.get(at)).and_then(Value::as_int);
        let (count, newest) = self.ran.extent();
        Ok((number(0), number(1)) != (i64::try_from(count).ok(), newest))
    }

    async fn prepare_script(&mut self) -> Result<(), RunError> {
        if !self.keeps_ledger() {
            return self.read_existing().await;
        }
        let layout = self.layout().await?;
        self.write_lock_table(&layout).await?;
        self.take_lock().await?;
        self.write_ledger(&layout).await?;
        if layout.ledger.is_empty() { Ok(()) } else { self.read_rows().await }
    }

    /// As [`Run::prepare`], with the head of the script where future-rollback-sql has it: behind the tables that are made
    /// (the ledger first), before the lock.
    ///
    /// # Errors
    /// As [`Run::prepare`].
    pub(super) async fn prepare_under(&mut self, title: &str) -> Result<(), RunError> {
        if self.session.is_offline() || !self.session.is_writing() || !self.keeps_ledger() {
            self.header(title);
            return self.prepare().await;
        }
        self.write_tables().await?;
        self.header(title);
        self.take_lock().await
    }

    /// Writes what makes the two tables, as far as they are missing, and reads the ledger.
    ///
    /// # Errors
    /// As [`Run::prepare`].
    pub(super) async fn write_tables(&mut self) -> Result<(), RunError> {
        let layout = self.layout().await?;
        self.write_ledger(&layout).await?;
        self.write_lock_table(&layout).await?;
        if layout.ledger.is_empty() { Ok(()) } else { self.read_rows().await }
    }

    /// Writes what makes and fills the lock table, as far as it is missing.
    async fn write_lock_table(&mut self, layout: &Layout) -> Result<(), RunError> {
        if !layout.lock {
            self.write_all("Create Database Lock Table", &self.ledger.create_lock_table().map_err(cannot)?).await?;
        }
        let filled = if layout.lock {
            let rows = self.session.query(&self.ledger.count_lock_rows()).await?;
            rows.first().and_then(|r| r.values.first()).and_then(Value::as_int).unwrap_or(0) > 0
        } else {
            false
        };
        if filled { Ok(()) } else { self.write_all("Initialize Database Lock Table", &self.ledger.initialise_lock()).await }
    }

    /// Writes what makes the ledger, or brings it up to date. One that does not exist counts as empty.
    async fn write_ledger(&mut self, layout: &Layout) -> Result<(), RunError> {
        if self.lacks_ledger(layout) {
            self.ran = RanRows::default();
            return self.write_all("Create Database Change Log Table", &self.ledger.create_table().map_err(cannot)?).await;
        }
        for (comment, statements) in self.ledger.upgrades(&layout.ledger).map_err(cannot)? {
            self.write_all(&comment, &statements).await?;
        }
        Ok(())
    }

    async fn write_all(&mut self, comment: &str, statements: &[String]) -> Result<(), RunError> {
        self.session.comment(comment);
        for statement in statements {
            self.session.text(statement).await?;
        }
        Ok(())
    }

    pub(super) fn prepare_offline(&mut self) -> Result<(), RunError> {
        let rows = match &self.options.offline_history {
            Some(file) => offline::read(file).map_err(RunError::Other)?,
            None => Vec::new(),
        };
        let is_new = rows.is_empty();
        self.ran = RanRows::new(rows);
        if self.options.ledger_sql == LedgerSql::All && is_new {
            let statements = self.ledger.create_table().map_err(cannot)?;
            if let Some(script) = &mut self.session.script {
                for statement in statements {
                    script.statement(&crate::sql::Sql::new(statement));
                }
                script.session_setup();
            }
        }
        Ok(())
    }

    /// Keeps the history file of an offline run as if the script had been run. A script that ended in an error is
    /// not worth running, so its history is not kept.
    pub(super) fn keep_offline(&self) -> Result<(), RunError> {
        match (&self.options.offline_history, self.session.is_offline()) {
            (Some(file), true) => offline::write(file, &self.ran.rows).map_err(RunError::Other),
            _ => Ok(()),
        }
    }

    /// Writes the head of the script.
    pub(super) fn header(&mut self, title: &str) {
        let header = Header { title, changelog: &self.changelog.path, ran_at: &self.options.ran_at, against: &self.session.display };
        if let Some(script) = &mut self.session.script {
            script.header(&header);
        }
    }
}
