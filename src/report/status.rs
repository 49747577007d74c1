//! Lists of changesets: those that have not run, and those that nobody knows (executor §7).

use crate::history::LedgerRow;
use crate::plan::Step;
use crate::report::plan::words;
use schemars::JsonSchema;
use serde::Serialize;

/// What `status` says; `verbose` lists the changesets.
pub fn pending(display: &str, steps: &[&Step], verbose: bool) -> String {
    let head = match steps.len() {
        0 => return format!("{display} is up to date\n"),
        1 => format!("1 changeset has not been applied to {display}\n"),
        n => format!("{n} changesets have not been applied to {display}\n"),
    };
    let list = steps.iter().filter(|_| verbose).map(|s| line(&s.changeset.identity.to_string()));
    head + &list.collect::<String>()
}

/// The changesets that have not run, for programs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Pending {
    /// Of the form of this document.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// User and database.
    pub database: String,
    /// The changesets, in the order in which they would run.
    pub pending: Vec<PendingChangeset>,
}

/// A changeset that has not run.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PendingChangeset {
    /// Its id.
    pub id: String,
    /// Its author.
    pub author: String,
    /// Its path as it would be recorded.
    pub path: String,
    /// Whether it runs for the first time.
    #[schemars(extend("enum" = ["run", "rerun"]))]
    pub verdict: &'static str,
}

/// The document of `status`.
pub fn pending_document(display: &str, steps: &[&Step]) -> Pending {
    let changeset = |step: &&Step| {
        let identity = &step.changeset.identity;
        PendingChangeset {
            id: identity.id().to_owned(),
            author: identity.author().to_owned(),
            path: identity.path.clone(),
            verdict: words(&step.verdict).0,
        }
    };
    Pending { version: 1, database: display.to_owned(), pending: steps.iter().map(changeset).collect() }
}

/// What `unexpected-changesets` says; `verbose` lists them.
pub fn unexpected(display: &str, rows: &[&LedgerRow], verbose: bool) -> String {
    let head = match rows.len() {
        0 => return format!("{display} contains no unexpected changes!\n"),
        1 => format!("1 unexpected change was found in {display}\n"),
        n => format!("{n} unexpected changes were found in {display}\n"),
    };
    let list = rows.iter().filter(|_| verbose).map(|r| line(&format!("{}::{}::{}", r.filename, r.id, r.author)));
    head + &list.collect::<String>()
}

fn line(text: &str) -> String {
    format!("     {text}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_in_words() {
        let row = LedgerRow { id: "1".into(), author: "ann".into(), filename: "main.yaml".into(), ..LedgerRow::default() };
        assert_eq!(unexpected("u@db", &[], true), "u@db contains no unexpected changes!\n");
        assert_eq!(unexpected("u@db", &[&row], false), "1 unexpected change was found in u@db\n");
        let two = "2 unexpected changes were found in u@db\n     main.yaml::1::ann\n     main.yaml::1::ann\n";
        assert_eq!(unexpected("u@db", &[&row, &row], true), two);
        assert_eq!(pending("u@db", &[], true), "u@db is up to date\n");
    }
}
