//! ALTER COLUMN … SET DEFAULT.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::data_type::Logical;
use crate::sql::literal::Literal;
use crate::sql::{ObjectName, Target, Validation};

/// Gives a column a default.
#[derive(Debug, Clone, PartialEq)]
pub struct AddDefaultValue {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: String,
    /// Its type as written, where it is given.
    pub type_text: Option<String>,
    /// The default; nothing is an error that [`StatementType::check`] reports.
    pub value: Option<Literal>,
    /// Name of the constraint, where defaults have names.
    pub constraint: Option<String>,
}

impl AddDefaultValue {
    /// The default as it is written. Unlike the default of a column that is made, it does not depend on the type.
    ///
    /// # Errors
    /// When the dialect has no such sequence function, or there is no default.
    pub fn value_text(&self, target: &Target) -> Result<String, RenderError> {
        match &self.value {
            None => Err(RenderError::invalid("defaultValue is required")),
            Some(value) => target.untyped_default(value),
        }
    }

    /// The usual statement.
    ///
    /// # Errors
    /// As [`AddDefaultValue::value_text`].
    pub fn set_default(&self, target: &Target) -> Result<String, RenderError> {
        let (table, column) = (target.qualified(&self.table), target.name(&self.column));
        // Two blanks, as Liquibase writes it.
        Ok(format!("ALTER TABLE {table} ALTER COLUMN  {column} SET DEFAULT {}", self.value_text(target)?))
    }
}

impl StatementType for AddDefaultValue {
    fn render(&self, target: &Target) -> Rendered {
        one(self.set_default(target)?)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        if self.value.is_none() {
            validation.error("defaultValue is required");
        }
        let sequence = matches!(self.value, Some(Literal::SequenceNext(_) | Literal::SequenceCurrent(_)));
        if sequence && !target.caps.sequences {
            validation.error(format!("Database {} does not support sequences", target.dialect.id));
        }
        let Some(written) = &self.type_text else { return };
        let fits = match (target.parse_type(written).logical, &self.value) {
            (_, Some(Literal::Computed(_) | Literal::SequenceNext(_) | Literal::SequenceCurrent(_))) => true,
            (Logical::Boolean, value) => matches!(value, Some(Literal::Bool(_))),
            (Logical::Char | Logical::NChar | Logical::Varchar | Logical::NVarchar, value) => matches!(value, Some(Literal::Text(_))),
            _ => true,
        };
        if !fits {
            let value = self.value.as_ref().map_or_else(|| "null".to_owned(), plain);
            validation.error(format!("Default value of {value} does not match defined type of {written}"));
        }
    }
}

/// A value as it stands in a message.
fn plain(value: &Literal) -> String {
    match value {
        Literal::Text(text) | Literal::Number(text) | Literal::Computed(text) | Literal::LongText(text) => text.clone(),
        Literal::Bool(value) => value.to_string(),
        Literal::Temporal(temporal) => temporal.to_iso().replacen('T', " ", 1),
        Literal::SequenceNext(sequence) | Literal::SequenceCurrent(sequence) => sequence.name.clone(),
        Literal::Null | Literal::Bytes(_) => "null".to_owned(),
    }
}
