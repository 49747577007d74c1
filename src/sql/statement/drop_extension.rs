//! DROP EXTENSION.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, Target};

/// Unloads an extension of the server.
#[derive(Debug, Clone, PartialEq)]
pub struct DropExtension {
    /// Its name.
    pub extension: String,
    /// Whether what needs it goes too.
    pub cascade: bool,
}

impl StatementType for DropExtension {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.extensions
    }

    fn render(&self, target: &Target) -> Rendered {
        let words = if self.cascade { " CASCADE" } else { "" };
        one(format!("DROP EXTENSION {}{words}", target.name(&self.extension)))
    }
}
