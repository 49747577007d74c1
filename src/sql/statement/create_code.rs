//! CREATE FUNCTION, PACKAGE, PACKAGE BODY and TRIGGER, as the changelog writes them.

use super::StatementType;
use super::create_view::replacing;
use crate::sql::action::{Action, RenderError, Rendered, Sql};
use crate::sql::object_forms::Replacing;
use crate::sql::{Capabilities, ObjectName, Target, Validation};

/// What kind of object a stored text makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeKind {
    /// A function.
    Function,
    /// A package.
    Package,
    /// The body of a package.
    PackageBody,
    /// A trigger.
    Trigger,
}

impl CodeKind {
    /// Whether a database with these capabilities has such objects.
    pub fn is_known(self, caps: &Capabilities) -> bool {
        self.replacing(caps).is_some()
    }

    /// How an object of the kind is replaced; `None` where there are none.
    pub fn replacing(self, caps: &Capabilities) -> Option<Replacing> {
        match self {
            CodeKind::Function => caps.objects.function.map(|form| form.replacing),
            CodeKind::Package | CodeKind::PackageBody => caps.objects.package,
            CodeKind::Trigger => caps.objects.trigger.map(|form| form.replacing),
        }
    }

    /// Its word behind DROP.
    pub(super) fn word(self, caps: &Capabilities) -> &'static str {
        match self {
            CodeKind::Function => caps.objects.function.map_or("FUNCTION", |form| form.word),
            CodeKind::Package => "PACKAGE",
            CodeKind::PackageBody => "PACKAGE BODY",
            CodeKind::Trigger => "TRIGGER",
        }
    }

    /// Its objects in a message.
    pub(super) fn plural(self) -> &'static str {
        match self {
            CodeKind::Function => "functions",
            CodeKind::Package | CodeKind::PackageBody => "packages",
            CodeKind::Trigger => "triggers",
        }
    }

    /// The object's name, with its table where it is known in that only.
    pub(super) fn place(self, object: &ObjectName, table: Option<&ObjectName>, target: &Target) -> String {
        let of_table = self == CodeKind::Trigger && target.caps.objects.trigger.is_some_and(|form| form.of_table);
        match table.filter(|_| of_table) {
            Some(table) => format!("{} ON {}", target.name(&object.name), target.qualified(table)),
            None => target.qualified(object),
        }
    }
}

/// Makes an object from its text, sent as one statement.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateCode {
    /// What it is.
    pub kind: CodeKind,
    /// Its schema, if given.
    pub schema: Option<String>,
    /// Its name, if given.
    pub object: Option<ObjectName>,
    /// The table of a trigger, if given.
    pub table: Option<ObjectName>,
    /// The text.
    pub text: String,
    /// Whether an existing one is replaced.
    pub replace: bool,
}

impl StatementType for CreateCode {
    fn is_known(&self, caps: &Capabilities) -> bool {
        self.kind.is_known(caps)
    }

    fn render(&self, target: &Target) -> Rendered {
        let form = self.kind.replacing(&target.caps).ok_or_else(|| RenderError::unknown(self.kind.plural(), target))?;
        let word = self.kind.word(&target.caps);
        let mut actions = Vec::new();
        let mut text = self.text.clone();
        match form {
            Replacing::By(words) if self.replace => {
                let written = text.trim_start();
                text = replacing(written, words).unwrap_or_else(|| written.to_owned());
            }
            Replacing::DropFirst if self.replace => {
                let object = self.object.as_ref().ok_or_else(|| RenderError::invalid("the name of what is replaced is required"))?;
                let place = self.kind.place(object, self.table.as_ref(), target);
                actions.push(Action::Sql(Sql::new(format!("DROP {word} IF EXISTS {place}"))));
            }
            _ => {}
        }
        // A trigger that is known in its table only is in the schema of that; elsewhere there may be no schemas at all.
        let of_table = self.kind == CodeKind::Trigger && target.caps.objects.trigger.is_some_and(|form| form.of_table);
        let kinds = word.split(' ').next().map_or([""], |first| [first]);
        let code = if of_table || !target.caps.qualifies_names {
            Target { use_procedure_schema: false, ..target.clone() }.stored_code(&text, None, &kinds)
        } else {
            target.stored_code(&text, self.schema.as_deref(), &kinds)
        };
        actions.push(Action::Sql(code));
        Ok(actions)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let Some(form) = self.kind.replacing(&target.caps) else { return };
        validation.disallow("replaceIfExists", self.replace && form == Replacing::Refused, target);
        let named = self.object.as_ref().is_some_and(|object| !object.name.trim().is_empty());
        if self.replace && form == Replacing::DropFirst && !named {
            validation.error(format!("the name is required if replaceIfExists = true on {}", target.dialect.id));
        }
    }
}
