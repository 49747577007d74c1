//! DROP SYNONYM, or ALIAS.

use super::StatementType;
use super::create_synonym::place;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target, Validation};

/// Drops another name of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct DropSynonym {
    /// The name.
    pub synonym: ObjectName,
    /// What kind of object it stands for, if given.
    pub kind: Option<String>,
    /// Whether it is for everybody.
    pub public: bool,
}

impl StatementType for DropSynonym {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.synonym.is_some()
    }

    fn render(&self, target: &Target) -> Rendered {
        let form = target.caps.objects.synonym.ok_or_else(|| RenderError::unknown("synonyms", target))?;
        let public = if self.public { "PUBLIC " } else { "" };
        let kind = self.kind.as_ref().filter(|_| form.kinds).map(|kind| format!(" FOR {}", kind.trim().to_uppercase())).unwrap_or_default();
        one(format!("DROP {public}{} {}{kind}", form.word, place(&self.synonym, self.public, target)))
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let public = target.caps.objects.synonym.is_none_or(|form| form.public);
        validation.disallow("private = false", self.public && !public, target);
    }
}
