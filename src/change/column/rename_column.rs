//! `renameColumn`.

use crate::attributes;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{Capabilities, ObjectName, Statement, statement};

attributes! {
    /// Renames a column.
    pub struct RenameColumn {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Type of the column, where the database restates it.
        pub column_data_type: Option<String> = "columnDataType",
        /// Its new name.
        pub new_column_name: Option<String> = "newColumnName" (required),
        /// Its name so far.
        pub old_column_name: Option<String> = "oldColumnName" (required),
        /// Its remarks, where the database restates them.
        pub remarks: Option<String> = "remarks",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for RenameColumn {
    fn requires(&self, caps: &Capabilities) -> &'static [&'static str] {
        if caps.restates_type && caps.rename_restates_type { &["columnDataType"] } else { &[] }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        Ok(vec![
            statement::RenameColumn {
                table: ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name),
                column: self.old_column_name.clone().unwrap_or_default(),
                new_name: self.new_column_name.clone().unwrap_or_default(),
                type_text: self.column_data_type.clone(),
                remarks: self.remarks.clone(),
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let back = RenameColumn {
            schema_name: self.schema_name.clone(),
            table_name: self.table_name.clone(),
            old_column_name: self.new_column_name.clone(),
            new_column_name: self.old_column_name.clone(),
            column_data_type: self.column_data_type.clone(),
            ..RenameColumn::default()
        };
        Ok(Inverse::Changes(vec![Change::from(back)]))
    }
}
