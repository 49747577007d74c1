//! `dropUniqueConstraint`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Drops a unique constraint.
    pub struct DropUniqueConstraint {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Name of the constraint.
        pub constraint_name: Option<String> = "constraintName" (required),
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName" (required),
        /// Comma list of its columns, where the database needs them.
        pub unique_columns: Option<String> = "uniqueColumns",
    }
}

impl ChangeType for DropUniqueConstraint {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let table = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), self.table_name.clone().unwrap_or_default());
        let name = self.constraint_name.clone().unwrap_or_default();
        Ok(vec![statement::DropUnique { table, name, columns: self.unique_columns.clone() }.into()])
    }
}
