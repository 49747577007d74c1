//! What is not SQL: messages, processes, stops.

use super::StatementType;
use crate::sql::Target;
use crate::sql::action::{Action, Rendered};

/// Does something that is not SQL, the same for every target.
#[derive(Debug, Clone, PartialEq)]
pub struct Act(pub Action);

impl StatementType for Act {
    fn render(&self, _target: &Target) -> Rendered {
        Ok(vec![self.0.clone()])
    }
}
