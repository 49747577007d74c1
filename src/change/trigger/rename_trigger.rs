//! `renameTrigger`.

use super::table_of;
use crate::attributes;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Renames a trigger.
    pub struct RenameTrigger {
        /// Catalog of the trigger.
        pub catalog_name: Option<String> = "catalogName",
        /// Its new name.
        pub new_trigger_name: Option<String> = "newTriggerName" (required),
        /// Its present name.
        pub old_trigger_name: Option<String> = "oldTriggerName" (required),
        /// Schema of the trigger.
        pub schema_name: Option<String> = "schemaName",
        /// The table that it is on.
        pub table_name: Option<String> = "tableName",
    }
}

impl ChangeType for RenameTrigger {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.old_trigger_name.clone().unwrap_or_default();
        let trigger = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        let table = table_of(&trigger, self.table_name.as_deref());
        Ok(vec![statement::RenameTrigger { trigger, table, new_name: self.new_trigger_name.clone().unwrap_or_default() }.into()])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let back = RenameTrigger {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            table_name: self.table_name.clone(),
            old_trigger_name: self.new_trigger_name.clone(),
            new_trigger_name: self.old_trigger_name.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(back)]))
    }
}
