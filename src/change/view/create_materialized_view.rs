//! `createMaterializedView`, which Liquibase does not have.

use crate::attributes;
use crate::change::view::drop_materialized_view::DropMaterializedView;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Makes a view that keeps its rows.
    pub struct CreateMaterializedView {
        /// Catalog of the view.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the view.
        pub schema_name: Option<String> = "schemaName",
        /// The query; also the element's own text.
        pub select_query: Option<String> = "selectQuery" (direct, required),
        /// The view.
        pub view_name: Option<String> = "viewName" (required),
        /// Whether it is filled at once (the default).
        pub with_data: Option<bool> = "withData",
    }
}

impl ChangeType for CreateMaterializedView {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.view_name.clone().unwrap_or_default();
        let view = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        let query = self.select_query.clone().unwrap_or_default();
        Ok(vec![statement::CreateMaterializedView { view, query, with_data: self.with_data != Some(false) }.into()])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let drop = DropMaterializedView {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            view_name: self.view_name.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }
}
