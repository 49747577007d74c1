//! `insert`.

use super::values;
use crate::attributes;
use crate::change::columns::Columns;
use crate::change::{Change, ChangeType, Context};
use crate::sql::action::Action;
use crate::sql::literal::Literal;
use crate::sql::{ObjectName, Statement, Validation, statement};

attributes! {
    /// Adds a row to a table.
    pub struct Insert {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// The values.
        pub columns: Columns = "columns" (required),
        /// The databases that the change is for, as a comma list.
        pub dbms: Option<String> = "dbms",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for Insert {
    fn recheck(&self, validation: &mut Validation) {
        if self.columns.is_empty() {
            validation.error("No columns defined for insert");
        }
        values::check_names(&self.columns, validation);
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        if !cx.executing && self.columns.iter().any(values::forces_parameters) {
            let text = format!("insert into {name} {}", values::NOT_A_SCRIPT);
            return Ok(vec![statement::Act(Action::Comment(text)).into()]);
        }
        let mut row: Vec<(String, Literal)> = Vec::with_capacity(self.columns.len());
        for column in self.columns.iter().filter(|c| c.auto_increment != Some(true)) {
            let value = values::of_column(column, self.schema_name.as_deref(), cx)?;
            let name = column.name.clone().unwrap_or_default();
            // A column that comes twice counts once, with its last value.
            match row.iter_mut().find(|(n, _)| *n == name) {
                Some((_, earlier)) => *earlier = value,
                None => row.push((name, value)),
            }
        }
        let table = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        Ok(vec![statement::Insert::row(table, row).into()])
    }

    fn with_sequence_schema(&self) -> Option<Change> {
        // A prepared statement does not look at sequences.
        if self.columns.iter().any(values::forces_parameters) {
            return None;
        }
        let columns = values::with_sequence_schema(&self.columns, self.schema_name.as_deref())?;
        Some(Insert { columns, ..self.clone() }.into())
    }

    fn own_dbms(&self) -> Option<&str> {
        self.dbms.as_deref()
    }
}
