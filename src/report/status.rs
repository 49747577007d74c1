//! Lists of changesets: those that have not run, and those that nobody knows (executor §7).

use crate::changelog::Identity;
use crate::history::LedgerRow;
use crate::plan::Step;
use crate::report::plan::words;
use serde_json::{Value, json};

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

/// The same for programs.
pub fn pending_json(display: &str, steps: &[&Step]) -> Value {
    let list: Vec<Value> = steps.iter().map(|s| identity(&s.changeset.identity, Some(words(&s.verdict).0))).collect();
    json!({ "version": 1, "database": display, "pending": list })
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

fn identity(identity: &Identity, verdict: Option<&str>) -> Value {
    json!({ "id": identity.id(), "author": identity.author(), "path": identity.path, "verdict": verdict })
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
