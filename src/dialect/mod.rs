//! The dialects: one constant a file, in the same order (identity, words, capabilities, types, special cases).

pub mod ansi;
pub mod asany;
pub mod cockroachdb;
pub mod db2;
pub mod db2z;
pub mod derby;
pub mod edb;
pub mod firebird;
pub mod h2;
pub mod hsqldb;
pub mod informix;
pub mod ingres;
pub mod mariadb;
pub mod mssql;
pub mod mysql;
pub mod oracle;
pub mod postgres;
pub mod snowflake;
pub mod sqlite;
pub mod sybase;
pub mod unsupported;

use crate::sql::Dialect;

/// Every dialect that renders.
pub const ALL: &[&Dialect] = &[
    &postgres::DIALECT,
    &mysql::DIALECT,
    &mariadb::DIALECT,
    &sqlite::DIALECT,
    &cockroachdb::DIALECT,
    &edb::DIALECT,
    &h2::DIALECT,
    &snowflake::DIALECT,
    &hsqldb::DIALECT,
    &unsupported::DIALECT,
    &ingres::DIALECT,
    &firebird::DIALECT,
    &mssql::DIALECT,
    &oracle::DIALECT,
    &db2::DIALECT,
    &db2z::DIALECT,
    &derby::DIALECT,
    &sybase::DIALECT,
    &asany::DIALECT,
    &informix::DIALECT,
];

/// The dialect of that short name or alias; letter case is ignored.
pub fn by_name(name: &str) -> Option<&'static Dialect> {
    ALL.iter().copied().find(|d| d.id.eq_ignore_ascii_case(name) || d.aliases.iter().any(|a| a.eq_ignore_ascii_case(name)))
}

/// Short names that may stand in `dbms` lists.
pub const DATABASE_NAMES: &[&str] = &names();

const fn names() -> [&'static str; ALL.len()] {
    let mut names = [""; ALL.len()];
    let mut at = 0;
    while at < ALL.len() {
        names[at] = ALL[at].id;
        at += 1;
    }
    names
}
