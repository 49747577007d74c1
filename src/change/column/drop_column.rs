//! `dropColumn`.

use crate::attributes;
use crate::change::columns::Columns;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Drops columns of a table with their data.
    pub struct DropColumn {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// The column; not looked at when `columns` are given.
        pub column_name: Option<String> = "columnName",
        /// The columns, when there are several.
        pub columns: Option<Columns> = "columns",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for DropColumn {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let columns = match &self.columns {
            Some(columns) => columns.iter().map(|c| c.name.clone().unwrap_or_default()).collect(),
            None => self.column_name.iter().cloned().collect(),
        };
        let name = self.table_name.clone().unwrap_or_default();
        let table = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        Ok(vec![statement::DropColumn { table, columns }.into()])
    }
}
