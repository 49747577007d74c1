//! `addAutoIncrement`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::source::attributes::Integer;
use crate::sql::column::AutoIncrement;
use crate::sql::{Capabilities, ObjectName, Statement, statement};

attributes! {
    /// Makes an existing column count up.
    pub struct AddAutoIncrement {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Type of the column, where the database must be told again.
        pub column_data_type: Option<String> = "columnDataType",
        /// The column.
        pub column_name: Option<String> = "columnName" (required),
        /// Whether NULL takes the next value, where the database can.
        pub default_on_null: Option<bool> = "defaultOnNull",
        /// ALWAYS or BY DEFAULT.
        pub generation_type: Option<String> = "generationType",
        /// The step, where the database lets it be chosen.
        pub increment_by: Option<Integer> = "incrementBy",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The first value.
        pub start_with: Option<Integer> = "startWith",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for AddAutoIncrement {
    fn requires(&self, caps: &Capabilities) -> &'static [&'static str] {
        if caps.identity_restates_type { &["columnDataType"] } else { &[] }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        Ok(vec![
            statement::AddAutoIncrement {
                table: ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name),
                column: self.column_name.clone().unwrap_or_default(),
                type_text: self.column_data_type.clone(),
                counting: AutoIncrement {
                    start: self.start_with.as_ref().map(|i| i.0.clone()),
                    by: self.increment_by.as_ref().map(|i| i.0.clone()),
                    generation: self.generation_type.clone(),
                    on_null: self.default_on_null,
                },
            }
            .into(),
        ])
    }
}
