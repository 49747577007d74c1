//! `dropMaterializedView`, which Liquibase does not have.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Drops a view that keeps its rows.
    pub struct DropMaterializedView {
        /// Catalog of the view.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the view.
        pub schema_name: Option<String> = "schemaName",
        /// The view.
        pub view_name: Option<String> = "viewName" (required),
    }
}

impl ChangeType for DropMaterializedView {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.view_name.clone().unwrap_or_default();
        let view = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        Ok(vec![statement::DropMaterializedView { view }.into()])
    }
}
