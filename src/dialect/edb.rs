//! EnterpriseDB: PostgreSQL's syntax.

use super::postgres;
use crate::sql::Dialect;
use crate::sql::dialect::Capabilities;

/// EDB Postgres Advanced Server.
pub const DIALECT: Dialect = Dialect {
    id: "edb",
    aliases: &[],
    product: "EnterpriseDB",
    caps: Capabilities { table_if_not_exists: false, ..postgres::DIALECT.caps },
    ..postgres::DIALECT
};
