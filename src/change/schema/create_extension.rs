//! `createExtension`, which Liquibase does not have.

use crate::attributes;
use crate::change::schema::drop_extension::DropExtension;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{Statement, statement};

attributes! {
    /// Loads an extension of the server.
    pub struct CreateExtension {
        /// Whether those that it needs are loaded too.
        pub cascade: Option<bool> = "cascade",
        /// The extension.
        pub extension_name: Option<String> = "extensionName" (required),
        /// Whether an existing one is left alone; then nothing undoes it, for it may have been there before.
        pub if_not_exists: Option<bool> = "ifNotExists",
        /// The schema of its objects.
        pub schema_name: Option<String> = "schemaName",
        /// Its version.
        pub version: Option<String> = "version",
    }
}

impl ChangeType for CreateExtension {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        Ok(vec![
            statement::CreateExtension {
                extension: self.extension_name.clone().unwrap_or_default(),
                schema: self.schema_name.clone(),
                version: self.version.clone(),
                if_not_exists: self.if_not_exists == Some(true),
                cascade: self.cascade == Some(true),
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        if self.if_not_exists == Some(true) || self.cascade == Some(true) {
            return Ok(Inverse::None);
        }
        let drop = DropExtension { extension_name: self.extension_name.clone(), cascade: None };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }
}
