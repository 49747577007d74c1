//! Rows of a data file on their way through COPY, where the database has it.

use super::outbox::Outbox;
use super::run::{ChangesetError, Run, RunError};
use super::stop::Stop;
use crate::change::StatementStream;
use crate::changelog::ChangeSet;
use crate::snapshot::bulk::columns_for_copy;
use crate::span::Span;
use crate::sql::copy_text::{Form, push_row};
use crate::sql::statement::{Insert, Joined};
use crate::sql::{ObjectName, Statement, Target};

/// How many bytes one COPY has at most: an error of the server is seen at its end. At each end the server has nothing to do until
/// the next one begins, so it is not small either.
const LIMIT: usize = 64 << 20;

/// How rows get into a table by COPY.
#[derive(Debug)]
pub(super) struct Copying {
    table: ObjectName,
    /// The table's columns, with what they take.
    forms: Vec<(String, Form)>,
}

impl Copying {
    /// The rows of a statement as lines; `None` when they cannot be copied as they would be inserted.
    fn lines(&self, insert: &Insert, target: &Target) -> Option<Vec<u8>> {
        if insert.table != self.table || insert.joined != Joined::AsSent {
            return None;
        }
        let form = |column: &String| {
            let mut named = self.forms.iter().filter(|(name, _)| name.eq_ignore_ascii_case(column));
            match (named.next(), named.next()) {
                (Some((_, form)), None) => *form,
                _ => Form::Text,
            }
        };
        let forms: Vec<Form> = insert.columns.iter().map(form).collect();
        let mut out = Vec::new();
        insert.rows.iter().all(|row| push_row(row, &forms, target, &mut out)).then_some(out)
    }
}

/// The lines of a stream's statements, up to one that is no rows to be copied, to the limit, or to the wish to stop.
struct Lines<'s, 'a> {
    copying: &'s Copying,
    target: &'s Target,
    stream: &'s mut StatementStream<'a>,
    stop: &'s Stop,
    next: Option<Vec<u8>>,
    bytes: usize,
    /// What ended it: it is still to be run.
    held: Option<Result<Statement, String>>,
}

impl Iterator for Lines<'_, '_> {
    type Item = Vec<u8>;
    fn next(&mut self) -> Option<Vec<u8>> {
        let lines = self.next.take()?;
        self.bytes += lines.len();
        if self.bytes < LIMIT && !self.stop.is_asked() {
            match self.stream.next() {
                Some(Ok(Statement::Insert(insert))) => match self.copying.lines(&insert, self.target) {
                    Some(lines) => self.next = Some(lines),
                    None => self.held = Some(Ok(Statement::Insert(insert))),
                },
                other => self.held = other,
            }
        }
        Some(lines)
    }
}

impl Run<'_> {
    /// How the rows of a change get into its table by COPY; `None` where they must be inserted. What edits SQL
    /// (`modifySql`) edits INSERTs, and what is not in a transaction with its record is sent as such.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub(super) async fn copying(
        &mut self,
        changeset: &ChangeSet,
        table: &ObjectName,
        target: &Target,
        out: &Outbox,
    ) -> Result<Option<Copying>, RunError> {
        // A journal counts statements: rows that commit by themselves are INSERTs.
        if self.session.is_writing() || !target.caps.copies_rows || !changeset.modify_sql.is_empty() || !out.is_in_transaction() {
            return Ok(None);
        }
        let asked = async { columns_for_copy(self.session.connection()?, target, table).await };
        let columns = asked.await.map_err(|e| ChangesetError::new(changeset, e.to_string()))?;
        let forms = |columns: Vec<(String, String)>| columns.into_iter().map(|(name, native)| (name, Form::of_native(&native))).collect();
        Ok(columns.map(|columns| Copying { table: table.clone(), forms: forms(columns) }))
    }

    /// Copies the rows of a statement and of those behind it in the stream, as far as they can be. Gives the statement
    /// that is to be run next; none when the stream is to be asked for it.
    ///
    /// # Errors
    /// When the server refuses the rows, or what waits in `out`.
    pub(super) async fn copy(
        &mut self,
        copying: &Copying,
        statement: Statement,
        stream: &mut StatementStream<'_>,
        (target, span): (&Target, Span),
        out: &mut Outbox,
    ) -> Result<Option<Result<Statement, String>>, RunError> {
        let Statement::Insert(insert) = &statement else { return Ok(Some(Ok(statement))) };
        let Some(first) = copying.lines(insert, target) else { return Ok(Some(Ok(statement))) };
        let columns: Vec<String> = insert.columns.iter().map(|c| target.name(c)).collect();
        let sql = format!("COPY {} ({}) FROM STDIN", target.qualified(&insert.table), columns.join(", "));
        let stop = self.stop.clone();
        let mut lines = Lines { copying, target, stream, stop: &stop, next: Some(first), bytes: 0, held: None };
        self.put_rows(out, &sql, &mut lines, span).await?;
        Ok(lines.held)
    }
}
