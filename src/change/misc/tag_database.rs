//! `tagDatabase`.

use crate::attributes;
use crate::change::{ChangeType, Context, HashRule, Inverse};
use crate::sql::Statement;

attributes! {
    /// Marks this point of the history with a name that a rollback can go back to.
    ///
    /// The tag is written to the changeset's own row of the ledger; there is no other SQL.
    pub struct TagDatabase {
        /// Whether a rollback to the tag leaves the changeset in place.
        pub keep_tag_on_rollback: Option<bool> = "keepTagOnRollback",
        /// The name.
        pub tag: Option<String> = "tag",
    }
}

impl ChangeType for TagDatabase {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        Ok(Vec::new())
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        Ok(Inverse::Changes(Vec::new()))
    }

    fn hash_rule(&self) -> HashRule<'_> {
        HashRule::Attributes { unhashed: &["keepTagOnRollback"], unhashed_v8: &["keepTagOnRollback"] }
    }
}
