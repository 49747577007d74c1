//! SQLite: no schemas, few ALTERs; what it cannot alter is rebuilt from the stored definition.

use super::ansi;
use crate::sql::Dialect;
use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::{Booleans, Capabilities, CatalogFamily, ColumnPlaces, Fold, IdentityForm, TagForm, Target, UpsertForm};
use crate::sql::statement::StatementKind;

/// SQLite 3.
pub const DIALECT: Dialect = Dialect {
    id: "sqlite",
    aliases: &["sqlite3"],
    product: "SQLite",
    now: "CURRENT_TIMESTAMP",
    ledger_now: "CURRENT_TIMESTAMP",
    tag_form: TagForm::RowId,
    auto_increment_words: "AUTOINCREMENT",
    catalog: CatalogFamily::Sqlite,
    caps: CAPABILITIES,
    unsupported: &[
        StatementKind::AddForeignKey,
        StatementKind::AddPrimaryKey,
        StatementKind::AddUnique,
        StatementKind::CopyDistinct,
        StatementKind::CreateProcedure,
        StatementKind::DropDefaultValue,
        StatementKind::DropForeignKey,
        StatementKind::DropProcedure,
        StatementKind::DropUnique,
        StatementKind::ModifyDataType,
        StatementKind::RenameView,
        StatementKind::SetColumnRemarks,
        StatementKind::SetNullable,
        StatementKind::SetTableRemarks,
    ],
    data_type,
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    fold: Fold::Keep,
    schemas: false,
    sequences: false,
    transactional_ddl: true,
    booleans: Booleans::Digits,
    deferrable: true,
    identity: IdentityForm::Word("AUTOINCREMENT"),
    identity_is_key: true,
    identity_needs_key: true,
    column_places: ColumnPlaces::Ignored,
    row_lists: true,
    upsert: UpsertForm::OrReplace,
    index_names_are_qualified: true,
    replaces_views: false,
    ..ansi::CAPABILITIES
};

/// Types (dialects §4.2). Only the name INTEGER makes a key that counts up.
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    match t.logical {
        Logical::Int => Ok("INTEGER".to_owned()),
        Logical::Clob | Logical::DateTime | Logical::Timestamp | Logical::Uuid | Logical::Xml => Ok("TEXT".to_owned()),
        Logical::Currency => Ok("REAL".to_owned()),
        _ if t.auto_increment => Ok("INTEGER".to_owned()),
        _ => ansi::data_type(t, target),
    }
}
