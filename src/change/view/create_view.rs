//! `createView`.

use crate::attributes;
use crate::change::body::Body;
use crate::change::view::drop_view::DropView;
use crate::change::{Change, ChangeType, Context, HashRule, Inverse};
use crate::sql::capabilities::Capabilities;
use crate::sql::column_clauses::said;
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

impl CreateView {
    fn body(&self) -> Body<'_> {
        Body {
            path: self.path.as_deref(),
            relative: self.relative_to_changelog_file,
            encoding: self.encoding.as_deref(),
            nested: self.select_query.as_deref(),
        }
    }
}

impl ChangeType for CreateView {
    fn requires(&self, caps: &Capabilities) -> &'static [&'static str] {
        if caps.views_from_files { &[] } else { &["selectQuery"] }
    }

    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        self.body().validate(
            "Cannot specify both 'path' and a nested view definition in createView",
            "For a createView change, you must specify either 'path' or a nested view definition in createView",
            validation,
        );
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        Ok(vec![
            statement::CreateView {
                view: ObjectName::new(
                    self.catalog_name.as_deref(),
                    self.schema_name.as_deref(),
                    self.view_name.clone().unwrap_or_default(),
                ),
                text: self.body().read(cx)?.trim().to_owned(),
                full_definition: self.full_definition == Some(true),
                replace: self.replace_if_exists == Some(true),
                remarks: said(self.remarks.as_deref()).map(str::to_owned),
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
        HashRule::Body {
            unhashed: &["path", "relativeToChangelogFile", "selectQuery", "encoding"],
            text: self.select_query.as_deref(),
            file: self.body().file(),
            renamed_v8: &[],
        }
    }
}
