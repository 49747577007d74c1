//! `validateConstraint`, which Liquibase does not have.

use crate::attributes;
use crate::change::{ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Checks the rows that a constraint has left unchecked (`notValid`); from then on it holds for all.
    pub struct ValidateConstraint {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Name of the constraint.
        pub constraint_name: Option<String> = "constraintName" (required),
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for ValidateConstraint {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let table = self.table_name.clone().unwrap_or_default();
        let table = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), table);
        Ok(vec![statement::ValidateConstraint { table, name: self.constraint_name.clone().unwrap_or_default() }.into()])
    }

    /// Rows that were checked are no worse for it.
    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        Ok(Inverse::Changes(Vec::new()))
    }
}
