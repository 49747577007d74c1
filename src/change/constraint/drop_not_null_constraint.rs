//! `dropNotNullConstraint`.

use super::add_not_null_constraint::AddNotNullConstraint;
use crate::attributes;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{Capabilities, ObjectName, Statement, statement};

attributes! {
    /// Allows NULL in a column.
    pub struct DropNotNullConstraint {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Type of the column, where the database restates it.
        pub column_data_type: Option<String> = "columnDataType",
        /// Name of the column.
        pub column_name: Option<String> = "columnName" (required),
        /// Name of the constraint, where the database has such names.
        pub constraint_name: Option<String> = "constraintName",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for DropNotNullConstraint {
    fn requires(&self, caps: &Capabilities) -> &'static [&'static str] {
        if caps.restates_type { &["columnDataType"] } else { &[] }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        Ok(vec![
            statement::SetNullable {
                table: ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name),
                column: self.column_name.clone().unwrap_or_default(),
                nullable: true,
                type_text: self.column_data_type.clone(),
                constraint: self.constraint_name.clone(),
                validate: true,
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let add = AddNotNullConstraint {
            schema_name: self.schema_name.clone(),
            table_name: self.table_name.clone(),
            column_name: self.column_name.clone(),
            column_data_type: self.column_data_type.clone(),
            constraint_name: self.constraint_name.clone(),
            ..AddNotNullConstraint::default()
        };
        Ok(Inverse::Changes(vec![Change::from(add)]))
    }
}
