//! `dropView`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Drops a view.
    pub struct DropView {
        /// Catalog of the view.
        pub catalog_name: Option<String> = "catalogName",
        /// Whether a missing view is no error.
        pub if_exists: Option<bool> = "ifExists",
        /// Schema of the view.
        pub schema_name: Option<String> = "schemaName",
        /// The view.
        pub view_name: Option<String> = "viewName" (required),
    }
}

impl ChangeType for DropView {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let view = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), self.view_name.clone().unwrap_or_default());
        Ok(vec![statement::DropView { view, if_exists: self.if_exists }.into()])
    }
}
