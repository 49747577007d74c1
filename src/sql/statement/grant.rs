//! GRANT … ON … TO.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Lets a role do something with an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// The privileges, as they are written.
    pub privileges: String,
    /// What kind of object it is, if given.
    pub kind: Option<String>,
    /// The object.
    pub object: ObjectName,
    /// The role or user.
    pub grantee: String,
    /// Whether it may pass that on.
    pub grant_option: bool,
}

impl StatementType for Grant {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.privileges
    }

    fn render(&self, target: &Target) -> Rendered {
        let kind = self.kind.as_ref().map(|kind| format!("{} ", kind.trim().to_uppercase())).unwrap_or_default();
        let option = if self.grant_option { " WITH GRANT OPTION" } else { "" };
        one(format!("GRANT {} ON {kind}{} TO {}{option}", self.privileges.trim(), target.qualified(&self.object), self.grantee.trim()))
    }
}
