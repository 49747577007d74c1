//! Makes an existing column count up.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::column::AutoIncrement;
use crate::sql::{ObjectName, Target, Validation};

/// Makes a column count up.
#[derive(Debug, Clone, PartialEq)]
pub struct AddAutoIncrement {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: String,
    /// Its type as written, where the statement needs it.
    pub type_text: Option<String>,
    /// How it counts up.
    pub counting: AutoIncrement,
}

impl AddAutoIncrement {
    /// The native type of the column; empty when the changelog gives none.
    ///
    /// # Errors
    /// When a column of that type cannot count up.
    pub fn native_type(&self, target: &Target) -> Result<String, RenderError> {
        let written = self.type_text.as_deref().unwrap_or("");
        if written.trim().is_empty() {
            return Ok(String::new());
        }
        target.counting_type(written, true).map_err(RenderError::Invalid)?;
        target.native_type(written).map_err(RenderError::Invalid)
    }
}

impl StatementType for AddAutoIncrement {
    fn render(&self, target: &Target) -> Rendered {
        let table = target.qualified(&self.table);
        let clause = target.identity(&self.counting).unwrap_or_default();
        one(format!("ALTER TABLE {table} ALTER COLUMN {} SET {clause}", target.name(&self.column)))
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        validation.disallow("incrementBy", self.counting.by.is_some() && !target.caps.identity_step, target);
    }
}
