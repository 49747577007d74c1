//! `createProcedure`.

use crate::attributes;
use crate::change::body::Body;
use crate::change::{ChangeType, Context, HashRule};
use crate::sql::{Statement, Validation, statement};

attributes! {
    /// Makes a stored procedure (or whatever the text makes), sent as one statement.
    pub struct CreateProcedure {
        /// Catalog of the procedure.
        pub catalog_name: Option<String> = "catalogName",
        /// What the author says of it.
        pub comments: Option<String> = "comments" (aliases = &["comment"]),
        /// The databases that the change is for, as a comma list.
        pub dbms: Option<String> = "dbms",
        /// Encoding of `path`.
        pub encoding: Option<String> = "encoding",
        /// A file with the text.
        pub path: Option<String> = "path",
        /// The procedure.
        pub procedure_name: Option<String> = "procedureName",
        /// The text; also the element's own text.
        pub procedure_text: Option<String> = "procedureText" (direct, aliases = &["procedureBody"]),
        /// Whether `path` is beside the changelog file.
        pub relative_to_changelog_file: Option<bool> = "relativeToChangelogFile",
        /// Whether an existing procedure is replaced.
        pub replace_if_exists: Option<bool> = "replaceIfExists",
        /// Schema of the procedure.
        pub schema_name: Option<String> = "schemaName",
    }
}

impl CreateProcedure {
    fn body(&self) -> Body<'_> {
        Body {
            path: self.path.as_deref(),
            relative: self.relative_to_changelog_file,
            encoding: self.encoding.as_deref(),
            nested: self.procedure_text.as_deref(),
        }
    }
}

impl ChangeType for CreateProcedure {
    fn validate(&self, cx: &Context<'_>, validation: &mut Validation) {
        let replaces = cx.target.caps.replaces_procedures;
        validation.disallow("replaceIfExists", self.replace_if_exists.is_some() && !replaces, cx.target);
        if self.replace_if_exists == Some(true) && replaces && self.procedure_name.is_none() {
            validation.error("procedureName is required if replaceIfExists = true");
        }
        self.body().validate(
            "Cannot specify both 'path' and a nested procedure text in createProcedure",
            "Must specify either 'path' or a nested procedure text in createProcedure",
            validation,
        );
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        Ok(vec![
            statement::CreateProcedure {
                catalog: self.catalog_name.clone().filter(|c| !c.trim().is_empty()),
                schema: self.schema_name.clone().filter(|s| !s.trim().is_empty()),
                name: self.procedure_name.clone(),
                text: self.body().read(cx)?,
                replace: self.replace_if_exists == Some(true),
            }
            .into(),
        ])
    }

    fn own_dbms(&self) -> Option<&str> {
        self.dbms.as_deref()
    }

    fn hash_rule(&self) -> HashRule<'_> {
        HashRule::Body {
            unhashed: &["path", "dbms", "relativeToChangelogFile", "procedureText", "encoding", "comments"],
            text: self.procedure_text.as_deref(),
            file: self.body().file(),
            renamed_v8: &[("procedureText", "procedureBody")],
        }
    }
}
