//! `createView`.

use crate::attributes;
use crate::change::hash_rule::FileRef;
use crate::change::view::drop_view::DropView;
use crate::change::{Change, ChangeType, Context, HashRule, Inverse};
use crate::sql::{ObjectName, Statement, Validation, statement};

attributes! {
    /// Makes a view.
    pub struct CreateView {
        /// Catalog of the view.
        pub catalog_name: Option<String> = "catalogName",
        /// Encoding of `path`.
        pub encoding: Option<String> = "encoding",
        /// Whether the text is the whole CREATE VIEW statement.
        pub full_definition: Option<bool> = "fullDefinition",
        /// A file with the text.
        pub path: Option<String> = "path",
        /// Whether `path` is beside the changelog file.
        pub relative_to_changelog_file: Option<bool> = "relativeToChangelogFile",
        /// Remarks kept in the database.
        pub remarks: Option<String> = "remarks",
        /// Whether an existing view is replaced.
        pub replace_if_exists: Option<bool> = "replaceIfExists",
        /// Schema of the view.
        pub schema_name: Option<String> = "schemaName",
        /// The query; also the element's own text.
        pub select_query: Option<String> = "selectQuery" (direct),
        /// The view.
        pub view_name: Option<String> = "viewName" (required),
    }
}

impl ChangeType for CreateView {
    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        let nested = self.select_query.as_deref().is_some_and(|t| !t.trim().is_empty());
        match (&self.path, nested) {
            (Some(_), true) => validation.error("Cannot specify both 'path' and a nested view definition in createView"),
            (None, false) => {
                validation.error("For a createView change, you must specify either 'path' or a nested view definition in createView");
            }
            _ => {}
        }
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let text = match &self.path {
            Some(path) => {
                let raw = cx.resources.read_text(path, self.relative_to_changelog_file == Some(true), self.encoding.as_deref())?;
                cx.resources.expand(&raw)?
            }
            None => self.select_query.clone().unwrap_or_default(),
        };
        Ok(vec![
            statement::CreateView {
                view: ObjectName::new(
                    self.catalog_name.as_deref(),
                    self.schema_name.as_deref(),
                    self.view_name.clone().unwrap_or_default(),
                ),
                text: text.replace("\r\n", "\n").trim().to_owned(),
                full_definition: self.full_definition == Some(true),
                replace: self.replace_if_exists == Some(true),
                remarks: self.remarks.clone(),
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let drop = DropView {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            view_name: self.view_name.clone(),
            if_exists: None,
        };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }

    fn hash_rule(&self) -> HashRule<'_> {
        let file = self.path.as_deref().map(|path| FileRef {
            path,
            relative: self.relative_to_changelog_file == Some(true),
            encoding: self.encoding.as_deref(),
        });
        HashRule::Body {
            unhashed: &["path", "relativeToChangelogFile", "selectQuery", "encoding"],
            text: self.select_query.as_deref(),
            file,
            renamed_v8: &[],
        }
    }
}
