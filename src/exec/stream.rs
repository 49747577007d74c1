//! Changes whose statements are made while they run: data files of any size, in constant memory.

use super::outbox::Outbox;
use super::run::{ChangesetError, Run, RunError};
use crate::change::Change;
use crate::changelog::ChangeSet;
use crate::changelog::changeset::Located;
use crate::plan::filter::resources;
use crate::plan::render;
use crate::sql::statement::Joined;
use crate::sql::{Action, Statement};
use futures_util::future::join;

impl Run<'_> {
    /// Runs a change that gives its statements as a stream. Returns whether it is one.
    ///
    /// # Errors
    /// When the data cannot be read, a statement cannot be rendered, or the server refuses it.
    pub(super) async fn run_streamed(
        &mut self,
        changeset: &ChangeSet,
        change: &Located<Change>,
        out: &mut Outbox,
    ) -> Result<bool, RunError> {
        let Some(table) = change.value.as_type().table_to_load() else { return Ok(false) };
        let failed = |reason: String| RunError::from(ChangesetError::new(changeset, reason).at(change.span));
        let target = self.session.target.with_quoting(changeset.quoting);
        let types = self.table_types(changeset, &change.value, out).await.map_err(|error| error.at(change.span))?;
        let files = resources(self.changelog, changeset);
        let cx = self.context(&target, &files, &types);
        if !render::applies(&change.value, &cx) {
            return Ok(false);
        }
        let selection = self.selection;
        let Some(mut stream) = change.value.as_type().stream(&cx).map_err(failed)? else { return Ok(false) };
        let rendered = |statement: Result<Statement, String>| {
            let mut statement = statement.map_err(failed)?;
            if let Statement::Insert(insert) = &mut statement
                && insert.joined == Joined::AsParameters
                && !changeset.modify_sql.is_empty()
            {
                // What edits SQL edits values too.
                insert.joined = Joined::AsSent;
            }
            render::one_statement_edited(changeset, &change.value, statement, &cx, selection).map_err(|e| failed(e.to_string()))
        };
        let copying = self.copying(changeset, &table, &target, out).await.map_err(|error| error.at(change.span))?;
        let mut is_first = true;
        let mut ahead = None;
        loop {
            if self.gives_up(changeset) {
                return Err(RunError::Stopped);
            }
            let next = match ahead.take() {
                Some(actions) => Some(actions),
                None => match (stream.next(), &copying) {
                    (None, _) => return Ok(true),
                    (Some(Ok(statement)), Some(copying)) => {
                        self.copy(copying, statement, &mut stream, (&target, change.span), out).await?.map(rendered)
                    }
                    (Some(statement), _) => Some(rendered(statement)),
                },
            };
            let Some(actions) = next.transpose()? else { continue };
            if is_first && self.session.is_writing() && actions.iter().any(|a| matches!(a, Action::Sql(_))) {
                self.session.comment(super::update::VOLATILE);
                is_first = false;
            }
            let acting = async {
                for action in &actions {
                    self.act(action, changeset, change.span, out).await?;
                }
                Ok::<_, RunError>(())
            };
            if copying.is_some() {
                acting.await?;
            } else {
                // The next rows are made while the database stores these.
                let (acted, next) = join(acting, async { stream.next().map(rendered) }).await;
                acted?;
                let Some(next) = next else { return Ok(true) };
                ahead = Some(next);
            }
        }
    }
}
