//! SQLite: no schemas, few ALTERs; what it cannot alter is rebuilt from the stored definition.

use super::ansi;
use crate::sql::Dialect;
use crate::sql::dialect::{Booleans, Capabilities, CatalogFamily, Fold, TagForm, UpsertForm};

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
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    fold: Fold::Keep,
    schemas: false,
    sequences: false,
    transactional_ddl: true,
    booleans: Booleans::Digits,
    deferrable: true,
    upsert: UpsertForm::OrReplace,
    ..ansi::CAPABILITIES
};
