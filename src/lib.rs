//! `changelog` runs Liquibase changelogs: files in, reviewed SQL run once, ledger written.
//!
//! The library never prints, exits or reads the environment; only [`cli`] does. See `docs/architecture.md`.

pub mod change;
pub mod changelog;
pub mod cli;
pub mod config;
pub mod db;
pub mod diagnostic;
pub mod dialect;
pub mod exec;
pub mod history;
pub mod plan;
pub mod precondition;
pub mod report;
pub mod schema;
pub mod secret;
pub mod snapshot;
pub mod source;
pub mod span;
pub mod sql;
