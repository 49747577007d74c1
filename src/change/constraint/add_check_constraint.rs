//! `addCheckConstraint`.

use crate::attributes;
use crate::change::constraint::drop_check_constraint::DropCheckConstraint;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, Validation, statement};

attributes! {
    /// Adds a condition that all rows of a table must meet.
    pub struct AddCheckConstraint {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// The condition; also the element's own text.
        pub constraint_body: Option<String> = "constraintBody" (direct, required),
        /// Name of the constraint.
        pub constraint_name: Option<String> = "constraintName" (required),
        /// Whether it is made without being enforced, where the database can.
        pub disabled: Option<bool> = "disabled",
        /// Whether existing rows are left unchecked, and only `validateConstraint` checks them.
        pub not_valid: Option<bool> = "notValid" (extension),
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName" (required),
        /// Whether existing rows are checked (the default).
        pub validate: Option<bool> = "validate",
    }
}

impl ChangeType for AddCheckConstraint {
    fn validate(&self, cx: &Context<'_>, validation: &mut Validation) {
        let can = cx.target.caps.objects.check.is_none_or(|form| form.unchecked.is_some());
        validation.disallow("notValid", self.not_valid == Some(true) && !can, cx.target);
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let table = self.table_name.clone().unwrap_or_default();
        Ok(vec![
            statement::AddCheck {
                table: ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), table),
                name: self.constraint_name.clone().unwrap_or_default(),
                condition: self.constraint_body.clone().unwrap_or_default(),
                disabled: self.disabled == Some(true),
                validate: self.validate != Some(false) && self.not_valid != Some(true),
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let drop = DropCheckConstraint {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            table_name: self.table_name.clone(),
            constraint_name: self.constraint_name.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }
}
