//! Ingres.

use super::unsupported;
use crate::sql::Dialect;
use crate::sql::dialect::Capabilities;

/// Ingres.
pub const DIALECT: Dialect = Dialect {
    id: "ingres",
    product: "INGRES",
    now: "date('now')",
    ledger_now: "date('now')",
    caps: Capabilities { table_if_not_exists: true, ..unsupported::DIALECT.caps },
    ..unsupported::DIALECT
};
