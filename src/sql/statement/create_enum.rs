//! CREATE TYPE … AS ENUM.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Makes a type of named values.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateEnum {
    /// Its name.
    pub data_type: ObjectName,
    /// Its values in order.
    pub values: Vec<String>,
}

impl StatementType for CreateEnum {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.enums
    }

    fn render(&self, target: &Target) -> Rendered {
        let values: Vec<String> = self.values.iter().map(|value| target.string(value)).collect();
        one(format!("CREATE TYPE {} AS ENUM ({})", target.qualified(&self.data_type), values.join(", ")))
    }
}
