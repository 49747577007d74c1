//! `disableCheckConstraint`.

use crate::attributes;
use crate::change::constraint::enable_check_constraint::EnableCheckConstraint;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Keeps a CHECK constraint without enforcing it.
    pub struct DisableCheckConstraint {
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

impl ChangeType for DisableCheckConstraint {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let table = self.table_name.clone().unwrap_or_default();
        let table = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), table);
        let name = self.constraint_name.clone().unwrap_or_default();
        Ok(vec![statement::SwitchCheck { table, name, enabled: false }.into()])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let back = EnableCheckConstraint {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            table_name: self.table_name.clone(),
            constraint_name: self.constraint_name.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(back)]))
    }
}
