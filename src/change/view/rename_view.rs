//! `renameView`.

use crate::attributes;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Renames a view.
    pub struct RenameView {
        /// Catalog of the view.
        pub catalog_name: Option<String> = "catalogName",
        /// Its new name.
        pub new_view_name: Option<String> = "newViewName" (required),
        /// Its present name.
        pub old_view_name: Option<String> = "oldViewName" (required),
        /// Schema of the view.
        pub schema_name: Option<String> = "schemaName",
    }
}

impl ChangeType for RenameView {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let old = self.old_view_name.clone().unwrap_or_default();
        let view = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), old);
        Ok(vec![statement::RenameView { view, new_name: self.new_view_name.clone().unwrap_or_default() }.into()])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let back = RenameView {
            old_view_name: self.new_view_name.clone(),
            new_view_name: self.old_view_name.clone(),
            // Liquibase forgets where the view is.
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(back)]))
    }
}
