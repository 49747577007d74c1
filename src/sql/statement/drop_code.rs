//! DROP FUNCTION, PACKAGE, PACKAGE BODY and TRIGGER.

use super::{CodeKind, StatementType};
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target, Validation};

/// Drops an object that is made of stored text.
#[derive(Debug, Clone, PartialEq)]
pub struct DropCode {
    /// What it is.
    pub kind: CodeKind,
    /// Its name.
    pub object: ObjectName,
    /// The table of a trigger, if given.
    pub table: Option<ObjectName>,
    /// What a trigger is on, when that is no table: `DATABASE`, `ALL SERVER`.
    pub scope: Option<String>,
}

impl StatementType for DropCode {
    fn is_known(&self, caps: &Capabilities) -> bool {
        self.kind.is_known(caps)
    }

    fn render(&self, target: &Target) -> Rendered {
        let place = self.kind.place(&self.object, self.table.as_ref(), target);
        let scope = self.scope.as_ref().map(|scope| format!(" ON {scope}")).unwrap_or_default();
        one(format!("DROP {} {place}{scope}", self.kind.word(&target.caps)))
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let scopes = target.caps.objects.trigger.is_some_and(|form| form.scopes);
        validation.disallow("scope", self.scope.is_some() && !scopes, target);
        let by_name = target.caps.objects.function.is_none_or(|form| form.drops_by_name);
        if self.kind == CodeKind::Function && !by_name {
            let text = format!("{} drops a function by the types of its arguments, which dropFunction cannot name; use sql", target.dialect.id);
            validation.error(text);
        }
    }
}
