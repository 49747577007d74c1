//! CREATE MATERIALIZED VIEW.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Makes a view that keeps its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateMaterializedView {
    /// The view.
    pub view: ObjectName,
    /// Its query.
    pub query: String,
    /// Whether it is filled at once.
    pub with_data: bool,
}

impl StatementType for CreateMaterializedView {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.materialized_views
    }

    fn render(&self, target: &Target) -> Rendered {
        let words = if self.with_data { "" } else { " WITH NO DATA" };
        let query = self.query.trim().trim_end_matches(';').trim_end();
        one(format!("CREATE MATERIALIZED VIEW {} AS {query}{words}", target.qualified(&self.view)))
    }
}
