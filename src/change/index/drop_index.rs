//! `dropIndex`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{Capabilities, ObjectName, Statement, statement};

attributes! {
    /// Drops an index.
    pub struct DropIndex {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Whether it is dropped beside the work on its table, outside of a transaction, where the database can.
        pub concurrently: Option<bool> = "concurrently" (extension),
        /// The index.
        pub index_name: Option<String> = "indexName" (required),
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Its table, where an index belongs to one.
        pub table_name: Option<String> = "tableName",
    }
}

impl ChangeType for DropIndex {
    fn other_children() -> &'static [&'static str] {
        &["associatedWith"]
    }

    fn requires(&self, caps: &Capabilities) -> &'static [&'static str] {
        if caps.index_belongs_to_table { &["tableName"] } else { &[] }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let table = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), self.table_name.clone().unwrap_or_default());
        let name = self.index_name.clone().unwrap_or_default();
        Ok(vec![statement::DropIndex { table, name, concurrently: self.concurrently == Some(true) }.into()])
    }
}
