//! `refreshMaterializedView`, which Liquibase does not have.

use crate::attributes;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Fills a view that keeps its rows anew.
    pub struct RefreshMaterializedView {
        /// Catalog of the view.
        pub catalog_name: Option<String> = "catalogName",
        /// Whether it stays readable; it needs a unique index.
        pub concurrently: Option<bool> = "concurrently",
        /// Schema of the view.
        pub schema_name: Option<String> = "schemaName",
        /// The view.
        pub view_name: Option<String> = "viewName" (required),
    }
}

impl ChangeType for RefreshMaterializedView {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.view_name.clone().unwrap_or_default();
        let view = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        Ok(vec![statement::RefreshMaterializedView { view, concurrently: self.concurrently == Some(true) }.into()])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        // Its rows follow from other tables; there is nothing to take back.
        Ok(Inverse::Changes(Vec::<Change>::new()))
    }
}
