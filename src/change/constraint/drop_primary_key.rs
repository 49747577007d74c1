//! `dropPrimaryKey`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Takes the primary key from a table.
    pub struct DropPrimaryKey {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Name of the constraint.
        pub constraint_name: Option<String> = "constraintName",
        /// Whether its index goes too.
        pub drop_index: Option<bool> = "dropIndex",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for DropPrimaryKey {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        Ok(vec![
            statement::DropPrimaryKey {
                table: ObjectName::new(
                    self.catalog_name.as_deref(),
                    self.schema_name.as_deref(),
                    self.table_name.clone().unwrap_or_default(),
                ),
                name: self.constraint_name.clone().filter(|n| !n.is_empty()),
                drop_index: self.drop_index != Some(false),
            }
            .into(),
        ])
    }
}
