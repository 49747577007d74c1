//! `addNotNullConstraint`.

use super::drop_not_null_constraint::DropNotNullConstraint;
use crate::attributes;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::data_type::Logical;
use crate::sql::literal::Literal;
use crate::sql::statement::Predicate;
use crate::sql::{Capabilities, ObjectName, Statement, Target, statement};
use std::collections::BTreeMap;

attributes! {
    /// Forbids NULL in a column.
    pub struct AddNotNullConstraint {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Type of the column, where the database restates it.
        pub column_data_type: Option<String> = "columnDataType",
        /// Name of the column.
        pub column_name: Option<String> = "columnName" (required),
        /// Name of the constraint, where the database has such names.
        pub constraint_name: Option<String> = "constraintName",
        /// What rows with NULL get first.
        pub default_null_value: Option<String> = "defaultNullValue",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
        /// Whether existing rows are checked, where that can be chosen.
        pub validate: Option<bool> = "validate",
    }
}

impl ChangeType for AddNotNullConstraint {
    fn requires(&self, caps: &Capabilities) -> &'static [&'static str] {
        if caps.restates_type { &["columnDataType"] } else { &[] }
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        let table = ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name);
        let column = self.column_name.clone().unwrap_or_default();
        let mut statements = Vec::new();
        if let Some(text) = self.default_null_value.as_deref().filter(|t| !t.eq_ignore_ascii_case("null")) {
            let predicate = format!("{} IS NULL", cx.target.name(&column));
            let update = statement::Update {
                table: table.clone(),
                values: BTreeMap::from([(column.clone(), self.fill_value(text, cx.target)?)]),
                predicate: Predicate::written(Some(&predicate), Vec::new()),
            };
            statements.push(update.into());
        }
        let set = statement::SetNullable {
            table,
            column,
            nullable: false,
            type_text: self.column_data_type.clone(),
            constraint: self.constraint_name.clone(),
            validate: self.validate != Some(false),
        };
        statements.push(set.into());
        Ok(statements)
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let drop = DropNotNullConstraint {
            schema_name: self.schema_name.clone(),
            table_name: self.table_name.clone(),
            column_name: self.column_name.clone(),
            column_data_type: self.column_data_type.clone(),
            ..DropNotNullConstraint::default()
        };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }
}

impl AddNotNullConstraint {
    /// The value for rows with NULL: for a truth value the target's own digit or word, else the text.
    fn fill_value(&self, text: &str, target: &Target) -> Result<Literal, String> {
        let logical = self.column_data_type.as_deref().map(|t| target.parse_type(t).logical);
        if logical != Some(Logical::Boolean) {
            return Ok(Literal::Text(text.to_owned()));
        }
        let value = target.truth_text(text).map_err(|e| e.to_string())?;
        let is_number = value.bytes().all(|b| b.is_ascii_digit());
        Ok(if is_number { Literal::Number(value) } else { Literal::Text(value) })
    }
}
