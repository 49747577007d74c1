//! `createSchema`, which Liquibase does not have.

use crate::attributes;
use crate::change::schema::drop_schema::DropSchema;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{Statement, statement};

attributes! {
    /// Makes a schema.
    pub struct CreateSchema {
        /// Whether an existing one is left alone; then nothing undoes it, for it may have been there before.
        pub if_not_exists: Option<bool> = "ifNotExists",
        /// The schema.
        pub schema_name: Option<String> = "schemaName" (required),
    }
}

impl ChangeType for CreateSchema {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let schema = self.schema_name.clone().unwrap_or_default();
        Ok(vec![statement::CreateSchema { schema, if_not_exists: self.if_not_exists == Some(true) }.into()])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        if self.if_not_exists == Some(true) {
            return Ok(Inverse::None);
        }
        let drop = DropSchema { schema_name: self.schema_name.clone(), cascade: None };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }
}
