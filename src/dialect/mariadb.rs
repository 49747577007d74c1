//! MariaDB: MySQL's syntax with sequences since 10.3.

use super::mysql;
use crate::sql::Dialect;
use crate::sql::dialect::{Before, Capabilities, Version};

/// Words reserved beside those of MySQL (dialects appendix A), sorted.
const RESERVED: &[&str] = &[
    "CURRENT_ROLE",
    "DELETE_DOMAIN_ID",
    "DO_DOMAIN_IDS",
    "GENERAL",
    "IGNORE_DOMAIN_IDS",
    "IGNORE_SERVER_IDS",
    "MASTER_HEARTBEAT_PERIOD",
    "MASTER_SSL_VERIFY_SERVER_CERT",
    "OFFSET",
    "PAGE_CHECKSUM",
    "PARSE_VCOL_EXPR",
    "PERIOD",
    "REF_SYSTEM_ID",
    "RETURNING",
    "ROW_NUMBER",
    "SLOW",
    "STATS_AUTO_RECALC",
    "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES",
    "VECTOR",
];

/// MariaDB, 5.5 and newer.
pub const DIALECT: Dialect = Dialect {
    id: "mariadb",
    product: "MariaDB",
    reserved: |word, target| RESERVED.binary_search(&word).is_ok() || mysql::reserved(word, target),
    caps: Capabilities { sequences: true, ..mysql::DIALECT.caps },
    before: &[Before { version: Version(10, 3, 0), adjust: |caps| Capabilities { sequences: false, ..caps } }],
    next_value: |sequence| Some(format!("NEXT VALUE FOR {sequence}")),
    ..mysql::DIALECT
};
