//! REVOKE … ON … FROM.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Takes from a role what it may do with an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Revoke {
    /// The privileges, as they are written.
    pub privileges: String,
    /// What kind of object it is, if given.
    pub kind: Option<String>,
    /// The object.
    pub object: ObjectName,
    /// The role or user.
    pub grantee: String,
}

impl StatementType for Revoke {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.privileges
    }

    fn render(&self, target: &Target) -> Rendered {
        let kind = self.kind.as_ref().map(|kind| format!("{} ", kind.trim().to_uppercase())).unwrap_or_default();
        one(format!("REVOKE {} ON {kind}{} FROM {}", self.privileges.trim(), target.qualified(&self.object), self.grantee.trim()))
    }
}
