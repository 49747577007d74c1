//! `update`.

use super::values;
use super::where_params::WhereParams;
use crate::attributes;
use crate::change::columns::Columns;
use crate::change::{Change, ChangeType, Context};
use crate::sql::action::Action;
use crate::sql::{ObjectName, Statement, Validation, statement};

attributes! {
    /// Changes rows of a table.
    pub struct Update {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// The new values.
        pub columns: Columns = "columns" (required),
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
        /// Which rows, as an SQL condition; all of them when it is not given.
        pub where_clause: Option<String> = "where",
        /// Values for `:name`, `:value` and `?` in the condition.
        pub where_params: WhereParams = "whereParams" (unhashed),
    }
}

impl ChangeType for Update {
    fn recheck(&self, validation: &mut Validation) {
        if self.columns.is_empty() {
            validation.error("No columns defined for update");
        }
        values::check_names(&self.columns, validation);
    }

    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        self.where_params.validate(self.where_clause.as_deref(), validation);
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        if !cx.executing && self.columns.iter().any(values::forces_parameters) {
            let text = format!("update of {name} {}", values::NOT_A_SCRIPT);
            return Ok(vec![statement::Act(Action::Comment(text)).into()]);
        }
        let schema = self.schema_name.as_deref();
        let mut new = std::collections::BTreeMap::new();
        for column in self.columns.iter() {
            new.insert(column.name.clone().unwrap_or_default(), values::of_column(column, schema, cx)?);
        }
        let table = ObjectName::new(self.catalog_name.as_deref(), schema, name);
        let predicate = self.where_params.predicate(self.where_clause.as_deref());
        Ok(vec![statement::Update { table, values: new, predicate }.into()])
    }

    fn with_sequence_schema(&self) -> Option<Change> {
        let columns = values::with_sequence_schema(&self.columns, self.schema_name.as_deref())?;
        Some(Update { columns, ..self.clone() }.into())
    }
}
