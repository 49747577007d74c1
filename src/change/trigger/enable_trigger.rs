//! `enableTrigger`.

use super::table_of;
use crate::attributes;
use crate::change::trigger::disable_trigger::DisableTrigger;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Lets a trigger fire again.
    pub struct EnableTrigger {
        /// Catalog of the trigger.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the trigger.
        pub schema_name: Option<String> = "schemaName",
        /// What it is on instead of a table, where the database can: `DATABASE`, `ALL SERVER`.
        pub scope: Option<String> = "scope",
        /// The table that it is on.
        pub table_name: Option<String> = "tableName",
        /// The trigger.
        pub trigger_name: Option<String> = "triggerName" (required),
    }
}

impl ChangeType for EnableTrigger {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.trigger_name.clone().unwrap_or_default();
        let trigger = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        let table = table_of(&trigger, self.table_name.as_deref());
        Ok(vec![statement::SwitchTrigger { trigger, table, scope: self.scope.clone(), enabled: true }.into()])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let back = DisableTrigger {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            scope: self.scope.clone(),
            table_name: self.table_name.clone(),
            trigger_name: self.trigger_name.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(back)]))
    }
}
