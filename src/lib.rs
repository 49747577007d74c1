//! `changelog` runs Liquibase changelogs: files in, reviewed SQL run once, ledger written.
//!
//! The library never prints, exits or reads the environment; only [`cli`] does. See `docs/architecture.md`.

pub mod db;
pub mod diagnostic;
pub mod source;
pub mod span;
