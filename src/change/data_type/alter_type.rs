//! `alterType`, which Liquibase does not have.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, Validation, statement};

attributes! {
    /// Adds a value to a type of named values; the database cannot take it back.
    pub struct AlterType {
        /// The new value.
        pub add_value: Option<String> = "addValue" (required),
        /// The value that it comes behind.
        pub after: Option<String> = "after",
        /// The value that it comes before.
        pub before: Option<String> = "before",
        /// Catalog of the type.
        pub catalog_name: Option<String> = "catalogName",
        /// Whether a value that is there is left alone.
        pub if_not_exists: Option<bool> = "ifNotExists",
        /// Schema of the type.
        pub schema_name: Option<String> = "schemaName",
        /// The type.
        pub type_name: Option<String> = "typeName" (required),
    }
}

impl ChangeType for AlterType {
    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        if self.before.is_some() && self.after.is_some() {
            validation.error("only one of before and after can be given for alterType");
        }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.type_name.clone().unwrap_or_default();
        let data_type = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        Ok(vec![
            statement::AddEnumValue {
                data_type,
                value: self.add_value.clone().unwrap_or_default(),
                before: self.before.clone(),
                after: self.after.clone(),
                if_not_exists: self.if_not_exists == Some(true),
            }
            .into(),
        ])
    }
}
