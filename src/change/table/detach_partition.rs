//! `detachPartition`, which Liquibase does not have.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Makes a part of a table a table of its own.
    pub struct DetachPartition {
        /// Catalog of the tables.
        pub catalog_name: Option<String> = "catalogName",
        /// Whether the whole stays in use; then it runs outside of a transaction.
        pub concurrently: Option<bool> = "concurrently",
        /// The table that is the part.
        pub partition_name: Option<String> = "partitionName" (required),
        /// Schema of the tables.
        pub schema_name: Option<String> = "schemaName",
        /// The table that is the whole.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for DetachPartition {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        let table = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        let partition = table.renamed(self.partition_name.clone().unwrap_or_default());
        Ok(vec![statement::DetachPartition { table, partition, concurrently: self.concurrently == Some(true) }.into()])
    }
}
