//! CREATE PROCEDURE, as the changelog writes it.

use super::StatementType;
use crate::sql::action::{Action, Rendered, Sql};
use crate::sql::{ObjectName, Target};

/// Makes a procedure from its text, sent as one statement.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateProcedure {
    /// Its catalog, if given; no statement names it.
    pub catalog: Option<String>,
    /// Its schema, if given.
    pub schema: Option<String>,
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
            let name = match &self.schema {
                Some(schema) => target.qualified(&ObjectName::new(None, Some(schema), name.as_str())),
                None => target.name(name),
            };
            actions.push(Action::Sql(Sql::new(format!("DROP PROCEDURE IF EXISTS {name}"))));
        }
        actions.push(Action::Sql(target.stored_code(&self.text, self.schema.as_deref(), &["PROCEDURE", "PROC"])));
        Ok(actions)
    }
}
