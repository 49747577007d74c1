//! What most databases share: the base that each dialect starts from.

use crate::sql::capabilities::Capabilities;
use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::{CatalogFamily, Guard, LedgerForm, TagForm};
use crate::sql::forms::{
    Booleans, CallDefaults, Clustering, ColumnPlaces, Concat, ConstantDefaults, ConstraintNames, DefaultExpressions, Deferral, DropKeyForm,
    ExistingIndex, Fold, ForeignKeyActions, IdentityForm, IndexDirection, IndexExpressions, IndexOptionForms, IndexSchema, LookupColumn,
    PrimaryKeyName, QuotedCase, Remarks, RenameForm, SequenceForm, SequenceOrder, UnknownDeferral, UpsertForm, Uuids,
};
use crate::sql::object_forms::ObjectForms;
use crate::sql::splitter::Lexis;
use crate::sql::target::Target;
use crate::sql::temporal::Temporal;
use crate::sql::{Dialect, Rendered, Statement, Validation};
use std::borrow::Cow;

/// Standard SQL.
pub const CAPABILITIES: Capabilities = Capabilities {
    fold: Fold::Upper,
    quote_mixed_case: false,
    quoted_case: QuotedCase::Kept,
    quotes_spaces: false,
    quotes_names: true,
    unquoted_characters: "",
    qualifies_names: true,
    letter_case_by_setup: false,
    schemas: true,
    database_in_names: false,
    catalogs_in_names: false,
    current_catalog_in_names: true,
    catalog_separator: '.',
    transactional_ddl: false,
    sequences: true,
    temporary_tables_apart: false,
    named_not_null: true,
    table_named_not_null: false,
    key_behind_type: false,
    added_default_first: false,
    foreign_key_actions: ForeignKeyActions::All,
    foreign_key_schema: true,
    view_remarks: None,
    explicit_null: false,
    explicit_null_of: None,
    remarks: Remarks::None,
    booleans: Booleans::Words,
    primary_key_name: PrimaryKeyName::PkTable,
    drop_cascade: None,
    deferrable: false,
    deferrable_keys: false,
    unknown_deferral: UnknownDeferral::Written,
    deferral: Deferral::Standard,
    constraint_names: ConstraintNames::Before,
    table_if_not_exists: true,
    deferrable_first: false,
    tablespaces: false,
    tablespace_word: "TABLESPACE",
    table_key_tablespace: true,
    added_key_tablespace: true,
    reorganizes_tables: false,
    named_defaults: false,
    constant_defaults: ConstantDefaults::Written,
    uuids: Uuids::AsWritten,
    rename_restates_type: true,
    restates_type: false,
    default_restates_type: false,
    not_null_drops_default: false,
    column_places: ColumnPlaces::End,
    joins_alterations: false,
    concat: Concat::Pipes,
    multi_row_insert: false,
    row_lists: false,
    copies_rows: false,
    bound_values: 0,
    upsert: UpsertForm::InsertOnly,
    is_lower_offline: false,
    dropped_length_units: &["BYTE"],
    booleans_are_apart: false,
    identity: IdentityForm::Generated(", "),
    identity_restates_type: false,
    identity_always: false,
    identity_on_null: false,
    identity_start: "1",
    identity_step: true,
    identity_start_of_table: false,
    identity_needs_key: false,
    identity_is_key: false,
    novalidate: false,
    sets_not_null_behind_value: true,
    default_expressions: DefaultExpressions::Bare,
    call_defaults: CallDefaults::Rendered,
    expression_defaults: true,
    named_primary_keys: true,
    clustering: Clustering::None,
    primary_key_index: ExistingIndex::Refused,
    unique_index: ExistingIndex::Refused,
    disabled_constraints: false,
    drop_primary_key: DropKeyForm::Constraint,
    drop_foreign_key: DropKeyForm::Constraint,
    drop_unique: DropKeyForm::Constraint,
    not_valid: None,
    index_schema: IndexSchema::OfTable,
    names_indexes: false,
    index_expressions: IndexExpressions::Bare,
    index_direction: IndexDirection::OfColumn,
    indexes_foreign_keys: false,
    index_options: IndexOptionForms::NONE,
    validate_constraint: None,
    concurrent_indexes: false,
    index_belongs_to_table: false,
    sequence: SequenceForm {
        if_not_exists: "",
        increment_first: false,
        data_type: true,
        order: SequenceOrder::Refused,
        cache: true,
        alters_cycle: true,
        altered_min: "MINVALUE",
        bare_alter: false,
        no_cache: "",
        no_more_cache: "",
        no_cycle: " NO CYCLE",
        drop_suffix: "",
        rename: RenameForm::Alter,
    },
    replaces_views: true,
    views_from_files: true,
    rename_view: RenameForm::Alter,
    lookup_column: LookupColumn::Copied,
    replaces_procedures: false,
    objects: ObjectForms::STANDARD,
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
    now_words: &[],
    sessions: None,
    sum_of_rows: None,
    guard: Guard::DuplicateKey,
    ledger_now: "CURRENT_TIMESTAMP",
    ledger: LedgerForm { text: "varchar", time: "datetime", id_length: 255, is_keyed: false, is_bounded: true },
    tag_form: TagForm::MaxDate,
    set_schema: |_| None,
    auto_increment_words: "GENERATED BY DEFAULT AS IDENTITY",
    default_schema: None,
    catalog: CatalogFamily::Postgres,
    lexis: Lexis::STANDARD,
    line_comment: "--",
    terminator: ";",
    own_delimiters: true,
    statement_end: None,
    session_setup: None,
    script_end: None,
    procedure_end: ";",
    block_end: None,
    caps: CAPABILITIES,
    before: &[],
    unsupported: &[],
    rebuilds: &[],
    never_undo: &[],
    data_type,
    string,
    temporal,
    xml: |quoted| quoted,
    current_time: |_, target| Cow::Borrowed(target.dialect.now),
    next_value: |_| None,
    current_value: |_| None,
    leaves_transaction: None,
    special,
    check,
};

/// Types under their logical names (dialects §4.1).
///
/// # Errors
/// When the type is known to one other database only.
pub fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    let name = match t.logical {
        Logical::Unknown | Logical::Function => return unknown_type(t, target),
        Logical::Date => return Ok("date".to_owned()),
        Logical::DateTime => return Ok("datetime".to_owned()),
        Logical::Time => return Ok("time".to_owned()),
        Logical::Timestamp => return Ok("timestamp".to_owned()),
        Logical::Uuid => return Ok("char(36)".to_owned()),
        Logical::Currency => return Ok("DECIMAL".to_owned()),
        Logical::BigInt => "BIGINT",
        Logical::Blob => "BLOB",
        Logical::Boolean => "BOOLEAN",
        Logical::Char => "CHAR",
        Logical::Clob => "CLOB",
        Logical::Decimal => "DECIMAL",
        Logical::Double => "DOUBLE",
        Logical::Float => "FLOAT",
        Logical::Int => "INT",
        Logical::MediumInt => "MEDIUMINT",
        Logical::NChar => "NCHAR",
        Logical::Number => "NUMBER",
        Logical::NVarchar => "NVARCHAR",
        Logical::SmallInt => "SMALLINT",
        Logical::TinyInt => "TINYINT",
        Logical::Varchar => "VARCHAR",
        Logical::Xml => "XML",
    };
    Ok(t.with_additional(t.with_parameters(name)))
}

/// A name that is no logical type: passed through in upper case, with two parameters at most.
fn unknown_type(t: &DataType, target: &Target) -> Result<String, String> {
    let lower = t.lower_name();
    match lower.as_str() {
        // Snowflake alone has it; elsewhere Liquibase refuses it.
        "timestamp_ntz" => Err(format!("Could not find type for {lower} for DBMS {}", target.dialect.id)),
        // `interval day(2) to second(3)`: its parts are no parameters.
        "interval" => Ok(t.written.trim().to_uppercase()),
        "enum" | "set" => Ok(t.with_additional(t.with_parameters(&t.name.to_uppercase()))),
        _ => {
            let parameters = t.parameters.iter().take(2).cloned().collect();
            let short = DataType { parameters, ..t.clone() };
            Ok(short.with_additional(short.with_parameters(&t.name.to_uppercase())))
        }
    }
}

/// Dates, times and timestamps in quotes.
pub fn temporal(value: &Temporal) -> String {
    format!("'{}'", value.to_sql())
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
