//! `dropTrigger`.

use super::table_of;
use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::statement::{self, CodeKind};
use crate::sql::{Capabilities, ObjectName, Statement};

attributes! {
    /// Drops a trigger.
    pub struct DropTrigger {
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

impl ChangeType for DropTrigger {
    fn requires(&self, caps: &Capabilities) -> &'static [&'static str] {
        if caps.objects.trigger.is_some_and(|form| form.of_table) { &["tableName"] } else { &[] }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.trigger_name.clone().unwrap_or_default();
        let object = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        let table = table_of(&object, self.table_name.as_deref());
        Ok(vec![statement::DropCode { kind: CodeKind::Trigger, object, table, scope: self.scope.clone() }.into()])
    }
}
