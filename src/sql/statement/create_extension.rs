//! CREATE EXTENSION.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, Target};

/// Loads an extension of the server.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateExtension {
    /// Its name.
    pub extension: String,
    /// The schema of its objects, if given.
    pub schema: Option<String>,
    /// Its version, if given.
    pub version: Option<String>,
    /// Whether one that is loaded is left alone.
    pub if_not_exists: bool,
    /// Whether those that it needs are loaded too.
    pub cascade: bool,
}

impl StatementType for CreateExtension {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.extensions
    }

    fn render(&self, target: &Target) -> Rendered {
        let words = if self.if_not_exists { "IF NOT EXISTS " } else { "" };
        let mut text = format!("CREATE EXTENSION {words}{}", target.name(&self.extension));
        if let Some(schema) = &self.schema {
            text.push_str(&format!(" SCHEMA {}", target.space_name(schema)));
        }
        if let Some(version) = &self.version {
            text.push_str(&format!(" VERSION {}", target.string(version)));
        }
        if self.cascade {
            text.push_str(" CASCADE");
        }
        one(text)
    }
}
