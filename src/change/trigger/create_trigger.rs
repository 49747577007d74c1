//! `createTrigger`.

use super::table_of;
use crate::attributes;
use crate::change::body::Body;
use crate::change::routine::code;
use crate::change::trigger::drop_trigger::DropTrigger;
use crate::change::{ChangeType, Context, HashRule, Inverse};
use crate::sql::statement::{self, CodeKind};
use crate::sql::{ObjectName, Statement, Validation};

attributes! {
    /// Makes a trigger from its text, sent as one statement.
    pub struct CreateTrigger {
        /// Catalog of the trigger.
        pub catalog_name: Option<String> = "catalogName",
        /// What the author says of it.
        pub comments: Option<String> = "comments" (aliases = &["comment"]),
        /// The databases that the change is for, as a comma list.
        pub dbms: Option<String> = "dbms",
        /// Whether it is disabled as soon as it is made.
        pub disabled: Option<bool> = "disabled",
        /// Encoding of `path`.
        pub encoding: Option<String> = "encoding",
        /// A file with the text.
        pub path: Option<String> = "path",
        /// Whether `path` is beside the changelog file.
        pub relative_to_changelog_file: Option<bool> = "relativeToChangelogFile",
        /// Whether an existing trigger is replaced.
        pub replace_if_exists: Option<bool> = "replaceIfExists",
        /// Schema of the trigger.
        pub schema_name: Option<String> = "schemaName",
        /// What it is on instead of a table, where the database can: `DATABASE`, `ALL SERVER`.
        pub scope: Option<String> = "scope",
        /// The table that it is on.
        pub table_name: Option<String> = "tableName",
        /// The whole statement that makes it; also the element's own text.
        pub trigger_body: Option<String> = "triggerBody" (direct),
        /// The trigger.
        pub trigger_name: Option<String> = "triggerName",
    }
}

impl CreateTrigger {
    fn body(&self) -> Body<'_> {
        Body {
            path: self.path.as_deref(),
            relative: self.relative_to_changelog_file,
            encoding: self.encoding.as_deref(),
            nested: self.trigger_body.as_deref(),
        }
    }

    fn trigger(&self) -> ObjectName {
        let name = self.trigger_name.clone().unwrap_or_default();
        ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name)
    }
}

impl ChangeType for CreateTrigger {
    fn validate(&self, cx: &Context<'_>, validation: &mut Validation) {
        code::validate(self.body(), "createTrigger", "triggerBody", validation);
        let named = self.trigger_name.as_deref().is_some_and(|name| !name.trim().is_empty());
        if self.disabled == Some(true) && !named {
            validation.error("triggerName is required if disabled = true");
        }
        let can_be_off = cx.target.caps.objects.trigger.is_none_or(|form| form.switch.is_some());
        validation.disallow("disabled", self.disabled == Some(true) && !can_be_off, cx.target);
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let trigger = self.trigger();
        let table = table_of(&trigger, self.table_name.as_deref());
        let create = statement::CreateCode {
            kind: CodeKind::Trigger,
            schema: self.schema_name.clone().filter(|s| !s.trim().is_empty()),
            object: self.trigger_name.is_some().then(|| trigger.clone()),
            table: table.clone(),
            text: self.body().read(cx)?,
            replace: self.replace_if_exists == Some(true),
        };
        let mut statements = vec![create.into()];
        if self.disabled == Some(true) {
            statements.push(statement::SwitchTrigger { trigger, table, scope: self.scope.clone(), enabled: false }.into());
        }
        Ok(statements)
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let drop = DropTrigger {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            scope: self.scope.clone(),
            table_name: self.table_name.clone(),
            trigger_name: self.trigger_name.clone(),
        };
        Ok(code::undone_by(self.trigger_name.as_deref(), self.replace_if_exists, drop))
    }

    fn own_dbms(&self) -> Option<&str> {
        self.dbms.as_deref()
    }

    fn hash_rule(&self) -> HashRule<'_> {
        code::hash_rule(self.body())
    }
}
