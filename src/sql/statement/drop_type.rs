//! DROP TYPE.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Drops a type.
#[derive(Debug, Clone, PartialEq)]
pub struct DropType {
    /// The type.
    pub data_type: ObjectName,
}

impl StatementType for DropType {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.enums
    }

    fn render(&self, target: &Target) -> Rendered {
        one(format!("DROP TYPE {}", target.qualified(&self.data_type)))
    }
}
