//! Dates, times and timestamps.

/// A date, time or timestamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Temporal(pub String);

impl Temporal {
    /// Parses.
    pub fn parse(text: &str) -> Option<Temporal> {
        Some(Temporal(text.to_owned()))
    }
    /// Prints.
    pub fn to_iso(&self) -> String {
        self.0.clone()
    }
}
