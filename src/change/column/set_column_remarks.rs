//! `setColumnRemarks`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{Capabilities, ObjectName, Statement, statement};

attributes! {
    /// Sets the remarks of a column.
    pub struct SetColumnRemarks {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Type of the column, where the database restates it.
        pub column_data_type: Option<String> = "columnDataType",
        /// Name of the column.
        pub column_name: Option<String> = "columnName" (required),
        /// `TABLE`, or `VIEW` for a column of a view.
        pub column_parent_type: Option<String> = "columnParentType",
        /// The remarks; none at all when absent.
        pub remarks: Option<String> = "remarks",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table or view.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for SetColumnRemarks {
    fn requires(&self, caps: &Capabilities) -> &'static [&'static str] {
        if caps.restates_type && caps.rename_restates_type { &["columnDataType"] } else { &[] }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        Ok(vec![
            statement::SetColumnRemarks {
                table: ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name),
                column: self.column_name.clone().unwrap_or_default(),
                remarks: self.remarks.clone().unwrap_or_default(),
                type_text: self.column_data_type.clone(),
                of_view: self.column_parent_type.as_deref().is_some_and(|t| t.eq_ignore_ascii_case("VIEW")),
            }
            .into(),
        ])
    }
}
