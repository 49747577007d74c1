//! `revoke`, which Liquibase does not have.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Takes from a role what it may do with an object.
    pub struct Revoke {
        /// The role or user, as the database writes it.
        pub grantee: Option<String> = "grantee" (required),
        /// Catalog of the object.
        pub object_catalog_name: Option<String> = "objectCatalogName",
        /// The object.
        pub object_name: Option<String> = "objectName" (required),
        /// Schema of the object.
        pub object_schema_name: Option<String> = "objectSchemaName",
        /// What kind of object it is, such as `SEQUENCE`; a table, when it is not said.
        pub object_type: Option<String> = "objectType",
        /// Comma list of the privileges, such as `SELECT, INSERT`.
        pub privileges: Option<String> = "privileges" (required),
    }
}

impl ChangeType for Revoke {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.object_name.clone().unwrap_or_default();
        let object = ObjectName::new(self.object_catalog_name.as_deref(), self.object_schema_name.as_deref(), name);
        Ok(vec![
            statement::Revoke {
                privileges: self.privileges.clone().unwrap_or_default(),
                kind: self.object_type.clone(),
                object,
                grantee: self.grantee.clone().unwrap_or_default(),
            }
            .into(),
        ])
    }
}
