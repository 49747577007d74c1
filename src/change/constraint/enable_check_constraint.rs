//! `enableCheckConstraint`.

use crate::attributes;
use crate::change::constraint::disable_check_constraint::DisableCheckConstraint;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Enforces a CHECK constraint again.
    pub struct EnableCheckConstraint {
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

impl ChangeType for EnableCheckConstraint {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let table = self.table_name.clone().unwrap_or_default();
        let table = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), table);
        let name = self.constraint_name.clone().unwrap_or_default();
        Ok(vec![statement::SwitchCheck { table, name, enabled: true }.into()])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let back = DisableCheckConstraint {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            table_name: self.table_name.clone(),
            constraint_name: self.constraint_name.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(back)]))
    }
}
