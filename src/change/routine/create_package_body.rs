//! `createPackageBody`.

use crate::attributes;
use crate::change::body::Body;
use crate::change::routine::code;
use crate::change::routine::drop_package_body::DropPackageBody;
use crate::change::{ChangeType, Context, HashRule, Inverse};
use crate::sql::statement::{self, CodeKind};
use crate::sql::{ObjectName, Statement, Validation};

attributes! {
    /// Makes a package body from its text, sent as one statement.
    pub struct CreatePackageBody {
        /// Catalog of the package body.
        pub catalog_name: Option<String> = "catalogName",
        /// What the author says of it.
        pub comments: Option<String> = "comments" (aliases = &["comment"]),
        /// The databases that the change is for, as a comma list.
        pub dbms: Option<String> = "dbms",
        /// Encoding of `path`.
        pub encoding: Option<String> = "encoding",
        /// The package body.
        pub package_body_name: Option<String> = "packageBodyName" (required),
        /// The whole statement that makes it; also the element's own text.
        pub package_body_text: Option<String> = "packageBodyText" (direct),
        /// A file with the text.
        pub path: Option<String> = "path",
        /// Whether `path` is beside the changelog file.
        pub relative_to_changelog_file: Option<bool> = "relativeToChangelogFile",
        /// Whether an existing package body is replaced.
        pub replace_if_exists: Option<bool> = "replaceIfExists",
        /// Schema of the package body.
        pub schema_name: Option<String> = "schemaName",
    }
}

impl CreatePackageBody {
    fn body(&self) -> Body<'_> {
        Body {
            path: self.path.as_deref(),
            relative: self.relative_to_changelog_file,
            encoding: self.encoding.as_deref(),
            nested: self.package_body_text.as_deref(),
        }
    }
}

impl ChangeType for CreatePackageBody {
    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        code::validate(self.body(), "createPackageBody", "packageBodyText", validation);
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let object = |name: &String| ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name.as_str());
        Ok(vec![
            statement::CreateCode {
                kind: CodeKind::PackageBody,
                schema: self.schema_name.clone().filter(|s| !s.trim().is_empty()),
                object: self.package_body_name.as_ref().map(object),
                table: None,
                text: self.body().read(cx)?,
                replace: self.replace_if_exists == Some(true),
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let drop = DropPackageBody {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            package_body_name: self.package_body_name.clone(),
        };
        Ok(code::undone_by(self.package_body_name.as_deref(), self.replace_if_exists, drop))
    }

    fn own_dbms(&self) -> Option<&str> {
        self.dbms.as_deref()
    }

    fn hash_rule(&self) -> HashRule<'_> {
        code::hash_rule(self.body())
    }
}
