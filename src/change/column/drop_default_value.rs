//! `dropDefaultValue`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::capabilities::Capabilities;
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Takes the default from a column.
    pub struct DropDefaultValue {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Type of the column, where the database restates it.
        pub column_data_type: Option<String> = "columnDataType",
        /// Name of the column.
        pub column_name: Option<String> = "columnName" (required),
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for DropDefaultValue {
    fn requires(&self, caps: &Capabilities) -> &'static [&'static str] {
        if caps.default_restates_type { &["columnDataType"] } else { &[] }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        Ok(vec![
            statement::DropDefaultValue {
                table: ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name),
                column: self.column_name.clone().unwrap_or_default(),
                type_text: self.column_data_type.clone(),
            }
            .into(),
        ])
    }
}
