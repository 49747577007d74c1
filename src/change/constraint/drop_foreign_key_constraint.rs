//! `dropForeignKeyConstraint`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Drops a foreign key.
    pub struct DropForeignKeyConstraint {
        /// Catalog of the table that refers.
        pub base_table_catalog_name: Option<String> = "baseTableCatalogName",
        /// The table that refers.
        pub base_table_name: Option<String> = "baseTableName" (required),
        /// Schema of the table that refers.
        pub base_table_schema_name: Option<String> = "baseTableSchemaName",
        /// Name of the constraint.
        pub constraint_name: Option<String> = "constraintName" (required),
    }
}

impl ChangeType for DropForeignKeyConstraint {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let table = ObjectName::new(
            self.base_table_catalog_name.as_deref(),
            self.base_table_schema_name.as_deref(),
            self.base_table_name.clone().unwrap_or_default(),
        );
        let name = self.constraint_name.clone().unwrap_or_default();
        Ok(vec![statement::DropForeignKey { table, name, is_stored: false }.into()])
    }
}
