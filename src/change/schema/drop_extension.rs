//! `dropExtension`, which Liquibase does not have.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{Statement, statement};

attributes! {
    /// Unloads an extension of the server.
    pub struct DropExtension {
        /// Whether what needs it goes too.
        pub cascade: Option<bool> = "cascade",
        /// The extension.
        pub extension_name: Option<String> = "extensionName" (required),
    }
}

impl ChangeType for DropExtension {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let extension = self.extension_name.clone().unwrap_or_default();
        Ok(vec![statement::DropExtension { extension, cascade: self.cascade == Some(true) }.into()])
    }
}
