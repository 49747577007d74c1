//! MariaDB: MySQL's syntax with sequences since 10.3.

use super::mysql;
use crate::sql::Dialect;
use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::{Before, Capabilities, Target, Version};

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
    data_type,
    before: &[Before { version: Version(10, 3, 0), adjust: |caps| Capabilities { sequences: false, ..caps } }],
    next_value: |sequence| Some(format!("NEXT VALUE FOR {sequence}")),
    ..mysql::DIALECT
};

/// Types that are not those of MySQL.
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    match t.logical {
        Logical::Boolean if t.lower_name() != "bit" => Ok("TINYINT(1)".to_owned()),
        Logical::Uuid if target.at_least(10, 7, 0) => Ok("UUID".to_owned()),
        _ => mysql::data_type(t, target),
    }
}
