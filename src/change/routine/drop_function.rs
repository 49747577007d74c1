//! `dropFunction`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::statement::{self, CodeKind};
use crate::sql::{ObjectName, Statement};

attributes! {
    /// Drops a function.
    pub struct DropFunction {
        /// Catalog of the function.
        pub catalog_name: Option<String> = "catalogName",
        /// The function.
        pub function_name: Option<String> = "functionName" (required),
        /// Schema of the function.
        pub schema_name: Option<String> = "schemaName",
    }
}

impl ChangeType for DropFunction {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.function_name.clone().unwrap_or_default();
        let object = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        Ok(vec![statement::DropCode { kind: CodeKind::Function, object, table: None, scope: None }.into()])
    }
}
