//! A line of the log, for programs.

use schemars::JsonSchema;
use serde::Serialize;

/// The words of levels.
pub const LEVELS: [&str; 7] = ["SEVERE", "WARNING", "INFO", "CONFIG", "FINE", "FINER", "FINEST"];

/// A line of the log.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Line {
    /// When, in UTC.
    #[schemars(extend("format" = "date-time"))]
    pub timestamp: String,
    /// How much it matters.
    #[schemars(extend("enum" = LEVELS))]
    pub level: &'static str,
    /// The part of the program that says it.
    pub logger: String,
    /// What is said.
    pub message: String,
}
