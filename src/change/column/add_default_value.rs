//! `addDefaultValue`.

use crate::attributes;
use crate::change::{ChangeType, Context, Inverse};
use crate::sql::capabilities::Capabilities;
use crate::sql::literal::Literal;
use crate::sql::number::parsed_number;
use crate::sql::temporal::Temporal;
use crate::sql::{ObjectName, Statement, Validation, statement};

attributes! {
    /// Gives a column a default.
    pub struct AddDefaultValue {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Type of the column, where the database restates it.
        pub column_data_type: Option<String> = "columnDataType",
        /// Name of the column.
        pub column_name: Option<String> = "columnName" (required),
        /// A text default.
        pub default_value: Option<String> = "defaultValue",
        /// A true or false default.
        pub default_value_boolean: Option<bool> = "defaultValueBoolean",
        /// A default expression, written as it is.
        pub default_value_computed: Option<String> = "defaultValueComputed",
        /// Name of the default's constraint, where defaults have names.
        pub default_value_constraint_name: Option<String> = "defaultValueConstraintName",
        /// A date, time or timestamp default, or an expression.
        pub default_value_date: Option<String> = "defaultValueDate",
        /// A numeric default, or an expression.
        pub default_value_numeric: Option<String> = "defaultValueNumeric",
        /// The default is the next value of this sequence.
        pub default_value_sequence_next: Option<String> = "defaultValueSequenceNext",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for AddDefaultValue {
    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        let given = [
            self.default_value.is_some(),
            self.default_value_boolean.is_some(),
            self.default_value_computed.is_some(),
            self.default_value_date.is_some(),
            self.default_value_numeric.is_some(),
            self.default_value_sequence_next.is_some(),
        ];
        if given.into_iter().filter(|g| *g).count() > 1 {
            validation.error("Only one defaultValue* value can be specified");
        }
    }

    fn requires(&self, caps: &Capabilities) -> &'static [&'static str] {
        if caps.default_restates_type { &["columnDataType"] } else { &[] }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let name = self.table_name.clone().unwrap_or_default();
        Ok(vec![
            statement::AddDefaultValue {
                table: ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), name),
                column: self.column_name.clone().unwrap_or_default(),
                type_text: self.column_data_type.clone(),
                value: self.literal(),
                constraint: self.default_value_constraint_name.clone(),
            }
            .into(),
        ])
    }

    /// A statement, not a change: it is made also where `dropDefaultValue` is not known (SQLite).
    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let name = self.table_name.clone().unwrap_or_default();
        let drop = statement::DropDefaultValue {
            table: ObjectName::new(None, self.schema_name.as_deref(), name),
            column: self.column_name.clone().unwrap_or_default(),
            type_text: self.column_data_type.clone(),
        };
        Ok(Inverse::Statements(vec![drop.into()]))
    }
}

impl AddDefaultValue {
    /// The default; the order counts where several are given, which is an error. A sequence is in the schema of the table.
    fn literal(&self) -> Option<Literal> {
        if let Some(text) = &self.default_value {
            return Some(Literal::Text(text.clone()));
        }
        if let Some(value) = self.default_value_boolean {
            return Some(Literal::Bool(value));
        }
        if let Some(text) = &self.default_value_numeric {
            return Some(parsed_number(text).map_or_else(|| Literal::Computed(text.clone()), Literal::Number));
        }
        if let Some(text) = &self.default_value_date {
            return Some(Temporal::parse(text).map_or_else(|| Literal::Computed(text.clone()), Literal::Temporal));
        }
        if let Some(text) = &self.default_value_computed {
            return Some(Literal::Computed(text.clone()));
        }
        let sequence = self.default_value_sequence_next.as_ref()?;
        Some(Literal::SequenceNext(ObjectName::new(None, self.schema_name.as_deref(), sequence.clone())))
    }
}
