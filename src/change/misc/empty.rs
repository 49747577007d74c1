//! `empty`.

use crate::attributes;
use crate::change::{ChangeType, Context, Inverse};
use crate::sql::Statement;

attributes! {
    /// Does nothing, and can be undone.
    pub struct Empty {}
}

impl ChangeType for Empty {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        Ok(Vec::new())
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        Ok(Inverse::Changes(Vec::new()))
    }
}
