//! `schema`: a schema of what people and programs write and read.

use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::SCHEMA;
use crate::report::schema;

/// Writes the schema that was asked for.
///
/// # Errors
/// There is no such schema; the result cannot be written.
pub(super) fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let name = invocation.required(&SCHEMA)?;
    let schema = schema::find(name).ok_or_else(|| Failure::usage(format!("there is no schema '{name}'")))?;
    Ok(output.result(&schema.text())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Kind;

    #[test]
    fn every_schema_can_be_asked_for() {
        let names: Vec<String> = schema::ALL.iter().map(|s| s.name.to_ascii_uppercase()).collect();
        let words: Vec<String> = match SCHEMA.kind {
            Kind::Choice(words) => words.iter().map(|w| (*w).to_owned()).collect(),
            _ => Vec::new(),
        };
        assert_eq!(words, names);
        assert!(schema::ALL.iter().all(|s| schema::find(s.name).is_some_and(|found| found.file == s.file)));
    }
}
