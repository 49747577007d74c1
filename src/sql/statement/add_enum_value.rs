//! ALTER TYPE … ADD VALUE.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Adds a value to a type of named values.
#[derive(Debug, Clone, PartialEq)]
pub struct AddEnumValue {
    /// The type.
    pub data_type: ObjectName,
    /// The new value.
    pub value: String,
    /// The value that it comes before, if given.
    pub before: Option<String>,
    /// The value that it comes behind, if given.
    pub after: Option<String>,
    /// Whether a value that is there is left alone.
    pub if_not_exists: bool,
}

impl StatementType for AddEnumValue {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.enums
    }

    fn render(&self, target: &Target) -> Rendered {
        let words = if self.if_not_exists { "IF NOT EXISTS " } else { "" };
        let mut text = format!("ALTER TYPE {} ADD VALUE {words}{}", target.qualified(&self.data_type), target.string(&self.value));
        for (word, other) in [("BEFORE", &self.before), ("AFTER", &self.after)] {
            if let Some(other) = other {
                text.push_str(&format!(" {word} {}", target.string(other)));
            }
        }
        one(text)
    }
}
