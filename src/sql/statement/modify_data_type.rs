//! ALTER COLUMN … TYPE.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::{ObjectName, Target};

/// Gives a column another type.
#[derive(Debug, Clone, PartialEq)]
pub struct ModifyDataType {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: String,
    /// The new type as written.
    pub type_text: String,
}

impl StatementType for ModifyDataType {
    fn render(&self, target: &Target) -> Rendered {
        let native = target.native_type(&self.type_text).map_err(RenderError::Invalid)?;
        one(format!("ALTER TABLE {} ALTER COLUMN {} TYPE {native}", target.qualified(&self.table), target.name(&self.column)))
    }
}
