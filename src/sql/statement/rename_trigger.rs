//! ALTER TRIGGER … RENAME TO.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::object_forms::RenameTrigger as Form;
use crate::sql::{Capabilities, ObjectName, Target, Validation};

/// Renames a trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameTrigger {
    /// Its present name.
    pub trigger: ObjectName,
    /// Its table, if given.
    pub table: Option<ObjectName>,
    /// Its new name.
    pub new_name: String,
}

fn form(caps: &Capabilities) -> Form {
    caps.objects.trigger.map_or(Form::No, |form| form.rename)
}

impl StatementType for RenameTrigger {
    fn is_known(&self, caps: &Capabilities) -> bool {
        form(caps) != Form::No
    }

    fn render(&self, target: &Target) -> Rendered {
        let new = target.name(&self.new_name);
        match (form(&target.caps), &self.table) {
            (Form::OfTable, Some(table)) => {
                one(format!("ALTER TRIGGER {} ON {} RENAME TO {new}", target.name(&self.trigger.name), target.qualified(table)))
            }
            (Form::ByName, _) => one(format!("ALTER TRIGGER {} RENAME TO {new}", target.qualified(&self.trigger))),
            _ => Err(RenderError::unknown("triggers that can be renamed without their table", target)),
        }
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        if form(&target.caps) == Form::OfTable && self.table.is_none() {
            validation.error(format!("tableName is required on {} to rename a trigger", target.dialect.id));
        }
    }
}
