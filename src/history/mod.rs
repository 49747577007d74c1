//! The ledger (DATABASECHANGELOG) and the lock row (DATABASECHANGELOGLOCK): their SQL and their rows, exactly as
//! Liquibase has them, so that either tool can take over from the other (executor §1 to §4).

pub mod digest;
pub mod journal;
pub mod ledger;
pub mod lock;
pub mod offline;
pub mod room;
pub mod row;

pub use ledger::Ledger;
pub use row::{ExecType, LedgerRow};

/// The version that the LIQUIBASE column gets: one that Liquibase takes for its own.
pub const LIQUIBASE_VERSION: &str = "4.28.0";

/// The version of the checksums that are written.
pub const CHECKSUM_VERSION: u8 = 9;
