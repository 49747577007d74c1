//! `renameTable`.

use crate::attributes;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Renames a table.
    pub struct RenameTable {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Its new name.
        pub new_table_name: Option<String> = "newTableName" (required),
        /// Its name so far.
        pub old_table_name: Option<String> = "oldTableName" (required),
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
    }
}

impl ChangeType for RenameTable {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let old = self.old_table_name.clone().unwrap_or_default();
        Ok(vec![
            statement::RenameTable {
                table: ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), old),
                new_name: self.new_table_name.clone().unwrap_or_default(),
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let back = RenameTable {
            catalog_name: None,
            schema_name: self.schema_name.clone(),
            old_table_name: self.new_table_name.clone(),
            new_table_name: self.old_table_name.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(back)]))
    }
}
