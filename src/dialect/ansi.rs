//! What most databases share: the base that each dialect starts from.

use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::{Booleans, Capabilities, CatalogFamily, Fold, PrimaryKeyName, Remarks, TagForm, Target, UpsertForm};
use crate::sql::{Dialect, Rendered, Statement, Validation};

/// Standard SQL.
pub const CAPABILITIES: Capabilities = Capabilities {
    fold: Fold::Upper,
    quote_mixed_case: false,
    schemas: true,
    catalogs_in_names: false,
    transactional_ddl: false,
    sequences: true,
    explicit_null: false,
    remarks: Remarks::None,
    booleans: Booleans::Words,
    primary_key_name: PrimaryKeyName::PkTable,
    drop_cascade: None,
    deferrable: false,
    tablespaces: false,
    restates_type: false,
    multi_row_insert: false,
    upsert: UpsertForm::InsertOnly,
    ledger_is_lower_offline: false,
    fraction_digits: 9,
};

/// The base of all dialects; not one itself.
pub const DIALECT: Dialect = Dialect {
    id: "ansi",
    aliases: &[],
    product: "ANSI",
    quotes: ('"', '"'),
    quote_escape: "\"\"",
    reserved: |_, _| false,
    now: "CURRENT_TIMESTAMP",
    ledger_now: "CURRENT_TIMESTAMP",
    quoted_ledger_columns: &[],
    tag_form: TagForm::MaxDate,
    catalog: CatalogFamily::Postgres,
    line_comment: "--",
    terminator: ";",
    caps: CAPABILITIES,
    before: &[],
    unsupported: &[],
    data_type,
    string,
    next_value: |_| None,
    current_value: |_| None,
    special,
    check,
};

/// Types as they are written, in upper case.
pub fn data_type(t: &DataType, _target: &Target) -> Result<String, String> {
    let name = match t.logical {
        Logical::Unknown => t.name.to_uppercase(),
        Logical::Int => "INT".to_owned(),
        _ => t.name.to_uppercase(),
    };
    Ok(t.with_additional(t.with_parameters(&name)))
}

/// Text in single quotes; a quote inside is doubled.
pub fn string(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// No special cases.
pub fn special(_statement: &Statement, _target: &Target) -> Option<Rendered> {
    None
}

/// No restrictions.
pub fn check(_statement: &Statement, _target: &Target, _validation: &mut Validation) {}
