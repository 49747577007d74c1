//! `mergeColumns`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::column::ColumnDef;
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Puts the texts of two columns into a new one, and drops the two.
    pub struct MergeColumns {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// The column whose text comes first.
        pub column1_name: Option<String> = "column1Name" (required),
        /// The column whose text comes second.
        pub column2_name: Option<String> = "column2Name" (required),
        /// The new column.
        pub final_column_name: Option<String> = "finalColumnName" (required),
        /// Type of the new column.
        pub final_column_type: Option<String> = "finalColumnType" (required),
        /// What stands between the two texts; the word `null` when it is not given.
        pub join_string: Option<String> = "joinString",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for MergeColumns {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        Ok(vec![
            statement::MergeColumns {
                table: ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name),
                sources: [self.column1_name.clone().unwrap_or_default(), self.column2_name.clone().unwrap_or_default()],
                between: self.join_string.clone().unwrap_or_else(|| "null".to_owned()),
                merged: ColumnDef {
                    name: self.final_column_name.clone().unwrap_or_default(),
                    type_text: self.final_column_type.clone(),
                    ..ColumnDef::default()
                },
            }
            .into(),
        ])
    }
}
