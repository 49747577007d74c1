//! `dropAllForeignKeyConstraints`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Drops every foreign key of a table; the database is asked which there are.
    pub struct DropAllForeignKeyConstraints {
        /// Catalog of the table that refers.
        pub base_table_catalog_name: Option<String> = "baseTableCatalogName",
        /// The table that refers.
        pub base_table_name: Option<String> = "baseTableName" (required),
        /// Schema of the table that refers.
        pub base_table_schema_name: Option<String> = "baseTableSchemaName",
    }
}

impl ChangeType for DropAllForeignKeyConstraints {
    fn is_volatile(&self) -> bool {
        true
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        if cx.target.offline {
            // Without a database nothing is known of it; Liquibase writes nothing either.
            return Ok(Vec::new());
        }
        let table = ObjectName::new(
            self.base_table_catalog_name.as_deref(),
            self.base_table_schema_name.as_deref(),
            self.base_table_name.clone().unwrap_or_default(),
        );
        Ok(vec![statement::DropAllForeignKeys { table }.into()])
    }
}
