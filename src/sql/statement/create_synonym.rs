//! CREATE SYNONYM, or ALIAS.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, sql};
use crate::sql::object_forms::Replacing;
use crate::sql::{Capabilities, ObjectName, Target, Validation};

/// Makes another name for an object.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateSynonym {
    /// The new name.
    pub synonym: ObjectName,
    /// What it stands for.
    pub object: ObjectName,
    /// What kind of object that is, if given.
    pub kind: Option<String>,
    /// Whether it is for everybody.
    pub public: bool,
    /// Whether an existing one is replaced.
    pub replace: bool,
}

impl StatementType for CreateSynonym {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.synonym.is_some()
    }

    fn render(&self, target: &Target) -> Rendered {
        let form = target.caps.objects.synonym.ok_or_else(|| RenderError::unknown("synonyms", target))?;
        let synonym = place(&self.synonym, self.public, target);
        let public = if self.public { "PUBLIC " } else { "" };
        let kind = self.kind.as_ref().filter(|_| form.kinds).map(|kind| format!("{} ", kind.trim().to_uppercase())).unwrap_or_default();
        let mut texts = Vec::new();
        let mut replacing = String::new();
        match form.replacing {
            Replacing::By(words) if self.replace => replacing = format!("{words} "),
            Replacing::DropFirst if self.replace => texts.push(format!("DROP {public}{} IF EXISTS {synonym}", form.word)),
            _ => {}
        }
        texts.push(format!("CREATE {replacing}{public}{} {synonym} FOR {kind}{}", form.word, target.qualified(&self.object)));
        sql(texts)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let Some(form) = target.caps.objects.synonym else { return };
        validation.disallow("replaceIfExists", self.replace && form.replacing == Replacing::Refused, target);
        validation.disallow("private = false", self.public && !form.public, target);
    }
}

/// The name of a synonym; one for everybody is in no schema.
pub(super) fn place(synonym: &ObjectName, public: bool, target: &Target) -> String {
    if public { target.name(&synonym.name) } else { target.qualified(synonym) }
}
