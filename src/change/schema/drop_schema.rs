//! `dropSchema`, which Liquibase does not have.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{Statement, statement};

attributes! {
    /// Drops a schema.
    pub struct DropSchema {
        /// Whether what is in it goes too, where the database can.
        pub cascade: Option<bool> = "cascade",
        /// The schema.
        pub schema_name: Option<String> = "schemaName" (required),
    }
}

impl ChangeType for DropSchema {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let schema = self.schema_name.clone().unwrap_or_default();
        Ok(vec![statement::DropSchema { schema, cascade: self.cascade == Some(true) }.into()])
    }
}
