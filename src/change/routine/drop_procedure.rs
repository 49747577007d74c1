//! `dropProcedure`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Drops a stored procedure.
    pub struct DropProcedure {
        /// Catalog of the procedure.
        pub catalog_name: Option<String> = "catalogName",
        /// The procedure.
        pub procedure_name: Option<String> = "procedureName" (required),
        /// Schema of the procedure.
        pub schema_name: Option<String> = "schemaName",
    }
}

impl ChangeType for DropProcedure {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.procedure_name.clone().unwrap_or_default();
        let procedure = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        Ok(vec![statement::DropProcedure { procedure }.into()])
    }
}
