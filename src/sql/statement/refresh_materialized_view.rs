//! REFRESH MATERIALIZED VIEW.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Fills a view that keeps its rows anew.
#[derive(Debug, Clone, PartialEq)]
pub struct RefreshMaterializedView {
    /// The view.
    pub view: ObjectName,
    /// Whether it stays readable.
    pub concurrently: bool,
}

impl StatementType for RefreshMaterializedView {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.materialized_views
    }

    fn render(&self, target: &Target) -> Rendered {
        let words = if self.concurrently { "CONCURRENTLY " } else { "" };
        one(format!("REFRESH MATERIALIZED VIEW {words}{}", target.qualified(&self.view)))
    }
}
