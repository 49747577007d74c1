//! `dropType`, which Liquibase does not have.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Drops a type.
    pub struct DropType {
        /// Catalog of the type.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the type.
        pub schema_name: Option<String> = "schemaName",
        /// The type.
        pub type_name: Option<String> = "typeName" (required),
    }
}

impl ChangeType for DropType {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.type_name.clone().unwrap_or_default();
        let data_type = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        Ok(vec![statement::DropType { data_type }.into()])
    }
}
