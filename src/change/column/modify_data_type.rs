//! `modifyDataType`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Gives a column another type.
    pub struct ModifyDataType {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Name of the column.
        pub column_name: Option<String> = "columnName" (required),
        /// The new type.
        pub new_data_type: Option<String> = "newDataType" (required),
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for ModifyDataType {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        Ok(vec![
            statement::ModifyDataType {
                table: ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name),
                column: self.column_name.clone().unwrap_or_default(),
                type_text: self.new_data_type.clone().unwrap_or_default(),
            }
            .into(),
        ])
    }
}
