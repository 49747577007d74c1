//! All integration tests: one binary, for linking is what they cost.

// What is allowed in tests is allowed in what they call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod architecture;
mod archive;
mod change_fixtures;
mod container;
mod conversion;
mod diagnostics;
mod documents;
mod format_fixtures;
mod hostile_input;
mod live;
mod output_files;
mod program;
mod random_changelogs;
mod reading;
mod schemas;
mod simulation;
mod splitting;
mod telemetry;
mod update_sql;
