//! `dropPackageBody`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::statement::{self, CodeKind};
use crate::sql::{ObjectName, Statement};

attributes! {
    /// Drops a package body.
    pub struct DropPackageBody {
        /// Catalog of the package body.
        pub catalog_name: Option<String> = "catalogName",
        /// The package body.
        pub package_body_name: Option<String> = "packageBodyName" (required),
        /// Schema of the package body.
        pub schema_name: Option<String> = "schemaName",
    }
}

impl ChangeType for DropPackageBody {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.package_body_name.clone().unwrap_or_default();
        let object = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        Ok(vec![statement::DropCode { kind: CodeKind::PackageBody, object, table: None, scope: None }.into()])
    }
}
