//! DROP MATERIALIZED VIEW.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Drops a view that keeps its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct DropMaterializedView {
    /// The view.
    pub view: ObjectName,
}

impl StatementType for DropMaterializedView {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.materialized_views
    }

    fn render(&self, target: &Target) -> Rendered {
        one(format!("DROP MATERIALIZED VIEW {}", target.qualified(&self.view)))
    }
}
