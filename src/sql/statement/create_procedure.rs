//! CREATE PROCEDURE, as the changelog writes it.

use super::StatementType;
use crate::sql::action::{Action, Rendered, Sql};
use crate::sql::Target;

/// Makes a procedure from its text, sent as one statement.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateProcedure {
    /// Its name, if given.
    pub name: Option<String>,
    /// Its text.
    pub text: String,
    /// Whether an existing one is replaced.
    pub replace: bool,
}

impl StatementType for CreateProcedure {
    fn render(&self, target: &Target) -> Rendered {
        let mut actions = Vec::new();
        if let (true, Some(name)) = (self.replace, &self.name) {
            actions.push(Action::Sql(Sql::new(format!("DROP PROCEDURE IF EXISTS {}", target.name(name)))));
        }
        let text = self.text.trim();
        actions.push(Action::Sql(Sql::new(text.strip_suffix(';').unwrap_or(text).trim_end())));
        Ok(actions)
    }
}
