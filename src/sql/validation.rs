//! What a change or statement finds wrong with itself on a target, in Liquibase's words.

use super::target::Target;

/// Errors and warnings in the order in which they were found, without repetition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validation {
    /// The run must not start.
    pub errors: Vec<String>,
    /// Told, and the run goes on.
    pub warnings: Vec<String>,
}

impl Validation {
    /// Adds an error.
    pub fn error(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.errors.contains(&text) {
            self.errors.push(text);
        }
    }

    /// Adds a warning.
    pub fn warn(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.warnings.contains(&text) {
            self.warnings.push(text);
        }
    }

    /// "`attribute` is required" unless it is present.
    pub fn require(&mut self, attribute: &str, present: bool) {
        if !present {
            self.error(format!("{attribute} is required"));
        }
    }

    /// "`attribute` is not allowed on `database`" when it is present.
    pub fn disallow(&mut self, attribute: &str, present: bool, target: &Target) {
        if present {
            self.error(format!("{attribute} is not allowed on {}", target.dialect.id));
        }
    }
}
