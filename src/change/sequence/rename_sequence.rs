//! `renameSequence`.

use crate::attributes;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Renames a sequence.
    pub struct RenameSequence {
        /// Catalog of the sequence.
        pub catalog_name: Option<String> = "catalogName",
        /// Its new name.
        pub new_sequence_name: Option<String> = "newSequenceName" (required),
        /// Its present name.
        pub old_sequence_name: Option<String> = "oldSequenceName" (required),
        /// Schema of the sequence.
        pub schema_name: Option<String> = "schemaName",
    }
}

impl ChangeType for RenameSequence {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let old = self.old_sequence_name.clone().unwrap_or_default();
        let sequence = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), old);
        Ok(vec![statement::RenameSequence { sequence, new_name: self.new_sequence_name.clone().unwrap_or_default() }.into()])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let back = RenameSequence {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            old_sequence_name: self.new_sequence_name.clone(),
            new_sequence_name: self.old_sequence_name.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(back)]))
    }
}
