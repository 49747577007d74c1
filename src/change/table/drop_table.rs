//! `dropTable`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Drops a table with its data.
    pub struct DropTable {
        /// Drops constraints of other tables that refer to it, where the database can.
        pub cascade_constraints: Option<bool> = "cascadeConstraints",
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for DropTable {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        Ok(vec![
            statement::DropTable {
                table: ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name),
                cascade: self.cascade_constraints == Some(true),
            }
            .into(),
        ])
    }
}
