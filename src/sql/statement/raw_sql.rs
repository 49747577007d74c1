//! SQL as the changelog writes it.

use super::StatementType;
use crate::sql::action::{Action, Rendered, Sql};
use crate::sql::Target;

/// One statement of raw SQL, already split.
#[derive(Debug, Clone, PartialEq)]
pub struct RawSql {
    /// The text.
    pub text: String,
    /// What ends it in a script, when the changelog says so.
    pub end_delimiter: Option<String>,
}

impl StatementType for RawSql {
    fn render(&self, _target: &Target) -> Rendered {
        Ok(vec![Action::Sql(Sql { text: self.text.clone(), end_delimiter: self.end_delimiter.clone(), parameters: Vec::new() })])
    }
}
