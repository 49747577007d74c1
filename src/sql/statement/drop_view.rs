//! DROP VIEW.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Drops a view.
#[derive(Debug, Clone, PartialEq)]
pub struct DropView {
    /// The view.
    pub view: ObjectName,
    /// Whether a missing view is no error, if said.
    pub if_exists: Option<bool>,
}

impl StatementType for DropView {
    fn render(&self, target: &Target) -> Rendered {
        let exists = if self.if_exists == Some(true) { "IF EXISTS " } else { "" };
        one(format!("DROP VIEW {exists}{}", target.qualified(&self.view)))
    }
}
