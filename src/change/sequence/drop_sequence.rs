//! `dropSequence`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Drops a sequence.
    pub struct DropSequence {
        /// Catalog of the sequence.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the sequence.
        pub schema_name: Option<String> = "schemaName",
        /// The sequence.
        pub sequence_name: Option<String> = "sequenceName" (required),
    }
}

impl ChangeType for DropSequence {
    fn is_skipped_where_unsupported(&self) -> bool {
        true
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let sequence =
            ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), self.sequence_name.clone().unwrap_or_default());
        Ok(vec![statement::DropSequence { sequence }.into()])
    }
}
