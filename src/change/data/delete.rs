//! `delete`.

use super::where_params::WhereParams;
use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, Validation, statement};

attributes! {
    /// Removes rows from a table.
    pub struct Delete {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
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

impl ChangeType for Delete {
    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        self.where_params.validate(self.where_clause.as_deref(), validation);
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        let schema = self.schema_name.as_deref();
        let table = ObjectName::new(self.catalog_name.as_deref(), schema, name);
        let predicate = self.where_params.predicate(self.where_clause.as_deref());
        Ok(vec![statement::Delete { table, predicate }.into()])
    }
}
