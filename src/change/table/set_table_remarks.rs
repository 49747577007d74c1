//! `setTableRemarks`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Sets the remarks of a table.
    pub struct SetTableRemarks {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// The remarks; none at all when absent.
        pub remarks: Option<String> = "remarks",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for SetTableRemarks {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        Ok(vec![
            statement::SetTableRemarks {
                table: ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name),
                remarks: self.remarks.clone().unwrap_or_default(),
            }
            .into(),
        ])
    }
}
