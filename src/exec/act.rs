//! Doing what a change comes down to: statements, messages, programs.

use super::event::Event;
use super::outbox::{Origin, Outbox};
use super::process;
use super::run::{ChangesetError, Run, RunError};
use crate::changelog::ChangeSet;
use crate::span::Span;
use crate::sql::Action;

impl Run<'_> {
    /// Does one action of the change at `span`. Statements wait in `out` for the others; everything else finds their
    /// effect done.
    ///
    /// # Errors
    /// When it fails, or one of the statements that wait.
    pub(super) async fn act(&mut self, action: &Action, changeset: &ChangeSet, span: Span, out: &mut Outbox) -> Result<(), RunError> {
        match action {
            Action::Sql(sql) => {
                self.clear_unusable_index(changeset, &sql.text, out).await?;
                return self.put(out, sql, Origin::Change(span)).await;
            }
            Action::Comment(text) => {
                self.session.comment(text);
                return Ok(());
            }
            Action::Skipped(_) | Action::OtherSystem(_) => return Ok(()),
            Action::Stop(_) | Action::Output { .. } | Action::Command(_) | Action::Custom { .. } => {}
        }
        let is_writing = self.session.is_writing();
        self.send(out).await?;
        out.reaches_out = true;
        let done = match action {
            Action::Stop(message) => Err(message.clone()),
            Action::Output { message, target } if !is_writing => {
                self.observer.on(&Event::Output { message, target: *target });
                Ok(())
            }
            Action::Command(command) => {
                let line = std::iter::once(command.executable.as_str())
                    .chain(command.arguments.iter().map(String::as_str))
                    .collect::<Vec<_>>()
                    .join(" ");
                if is_writing {
                    self.session.comment(&line);
                    Ok(())
                } else if self.options.allow_commands {
                    process::command(command).await
                } else {
                    Err(format!("executeCommand wants to run `{line}`; processes are started only with --allow-commands"))
                }
            }
            Action::Custom { class, .. } if is_writing => {
                self.session.comment(&format!("customChange {class} is not SQL"));
                Ok(())
            }
            Action::Custom { class, parameters } => match self.options.custom_classes.of_change(class) {
                Ok(program) => process::class(program, class, parameters, &self.options.custom_environment).await,
                Err(reason) => Err(reason),
            },
            _ => Ok(()),
        };
        done.map_err(|reason| ChangesetError { rollback: out.is_rollback(), ..ChangesetError::new(changeset, reason).at(span) }.into())
    }
}
