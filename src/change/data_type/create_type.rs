//! `createType`, which Liquibase does not have.

use crate::attributes;
use crate::change::data_type::drop_type::DropType;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Makes a type of named values (an enum).
    pub struct CreateType {
        /// Catalog of the type.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the type.
        pub schema_name: Option<String> = "schemaName",
        /// The type.
        pub type_name: Option<String> = "typeName" (required),
        /// Comma list of its values, in order.
        pub values: Option<String> = "values" (required),
    }
}

impl ChangeType for CreateType {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.type_name.clone().unwrap_or_default();
        let data_type = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        let values = self.values.as_deref().unwrap_or("").split(',').map(|value| value.trim().to_owned()).collect();
        Ok(vec![statement::CreateEnum { data_type, values }.into()])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let drop =
            DropType { catalog_name: self.catalog_name.clone(), schema_name: self.schema_name.clone(), type_name: self.type_name.clone() };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }
}
