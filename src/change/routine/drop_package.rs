//! `dropPackage`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::statement::{self, CodeKind};
use crate::sql::{ObjectName, Statement};

attributes! {
    /// Drops a package.
    pub struct DropPackage {
        /// Catalog of the package.
        pub catalog_name: Option<String> = "catalogName",
        /// The package.
        pub package_name: Option<String> = "packageName" (required),
        /// Schema of the package.
        pub schema_name: Option<String> = "schemaName",
    }
}

impl ChangeType for DropPackage {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.package_name.clone().unwrap_or_default();
        let object = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        Ok(vec![statement::DropCode { kind: CodeKind::Package, object, table: None, scope: None }.into()])
    }
}
