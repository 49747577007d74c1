//! `attachPartition`, which Liquibase does not have.

use crate::attributes;
use crate::change::table::detach_partition::DetachPartition;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Makes a table a part of another one.
    pub struct AttachPartition {
        /// Catalog of the tables.
        pub catalog_name: Option<String> = "catalogName",
        /// The table that is the part.
        pub partition_name: Option<String> = "partitionName" (required),
        /// Schema of the tables.
        pub schema_name: Option<String> = "schemaName",
        /// The table that is the whole.
        pub table_name: Option<String> = "tableName" (required),
        /// Its rows: `FROM (…) TO (…)`, `IN (…)`, `WITH (…)`; without it, those of no other part.
        pub values: Option<String> = "values",
    }
}

impl ChangeType for AttachPartition {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        let table = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        let partition = table.renamed(self.partition_name.clone().unwrap_or_default());
        Ok(vec![statement::AttachPartition { table, partition, values: self.values.clone() }.into()])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let detach = DetachPartition {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            table_name: self.table_name.clone(),
            partition_name: self.partition_name.clone(),
            concurrently: None,
        };
        Ok(Inverse::Changes(vec![Change::from(detach)]))
    }
}
