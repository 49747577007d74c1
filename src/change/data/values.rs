//! The values that insert and update write.

use crate::change::Context;
use crate::change::columns::{Column, Columns};
use crate::sql::Validation;
use crate::sql::literal::Literal;

/// What a statement without a connection says instead of one whose values can only be bound.
pub(super) const NOT_A_SCRIPT: &str = "has values from files: they are sent as parameters, which a script cannot hold";

/// Reports columns without a name; Liquibase stops with a Java exception, or writes a column `null`.
pub(super) fn check_names(columns: &Columns, validation: &mut Validation) {
    if columns.iter().any(|c| c.name.is_none()) {
        validation.error("the column of a value needs a 'name'");
    }
}

/// Whether a column makes the whole statement a prepared one (changes §7, insert).
pub(super) fn forces_parameters(column: &Column) -> bool {
    let is_lob = column.type_text.as_deref().is_some_and(|t| t.eq_ignore_ascii_case("blob") || t.eq_ignore_ascii_case("clob"));
    is_lob || column.value_blob_file.is_some() || column.value_clob_file.is_some()
}

/// The value of a column for a table in `schema`; NULL when it has none.
///
/// # Errors
/// When a file with the value cannot be read.
pub(super) fn of_column(column: &Column, schema: Option<&str>, cx: &Context<'_>) -> Result<Literal, String> {
    // A file comes behind the plain values and before sequences (changes §3).
    let plain = column.value.is_some()
        || column.value_boolean.is_some()
        || column.value_numeric.is_some()
        || column.value_date.is_some()
        || column.value_computed.is_some();
    if !plain {
        if let Some(path) = &column.value_clob_file {
            return text_file(path, column.encoding.as_deref(), cx).map(Literal::LongText);
        }
        if let Some(path) = &column.value_blob_file {
            return bytes_file(path, cx).map(Literal::Bytes);
        }
    }
    Ok(column.literal(schema).unwrap_or(Literal::Null))
}

/// The bytes of a file beside the changelog file, or in the search path.
pub(super) fn bytes_file(path: &str, cx: &Context<'_>) -> Result<Vec<u8>, String> {
    cx.resources.read(path, true).or_else(|_| cx.resources.read(path, false))
}

/// The text of a file beside the changelog file, or in the search path.
pub(super) fn text_file(path: &str, encoding: Option<&str>, cx: &Context<'_>) -> Result<String, String> {
    let beside = cx.resources.read(path, true).is_ok();
    cx.resources.read_text(path, beside, encoding)
}

/// The columns with their sequences in `schema` (checksums §3.5); `None` when that is no difference.
/// Columns that count up are left out of the statement, and so of the rule.
pub(super) fn with_sequence_schema(columns: &Columns, schema: Option<&str>) -> Option<Columns> {
    let schema = schema.filter(|s| !s.is_empty())?;
    let mut changed = columns.clone();
    let mut is_other = false;
    for column in changed.0.iter_mut().filter(|c| c.auto_increment != Some(true)) {
        for sequence in [&mut column.value_sequence_next, &mut column.value_sequence_current] {
            if let Some(name) = sequence.as_mut() {
                *name = format!("{schema}.{name}");
                is_other = true;
            }
        }
    }
    is_other.then_some(changed)
}
