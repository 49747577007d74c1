//! `markUnused`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Marks a column as unused: it is gone at once, its values are removed later.
    pub struct MarkUnused {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// The column.
        pub column_name: Option<String> = "columnName" (required),
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for MarkUnused {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let table = self.table_name.clone().unwrap_or_default();
        let table = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), table);
        Ok(vec![statement::MarkUnused { table, column: self.column_name.clone().unwrap_or_default() }.into()])
    }
}
