//! The program itself, as a user runs it.

use std::path::Path;
use std::process::Command;

/// What a call of the program left.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

/// A call of the program in a folder, with an environment that has no settings.
pub(crate) fn command_in(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_changelog"));
    command.current_dir(folder).args(words).env_clear().env("TZ", "UTC");
    command
}

/// Calls the program in a folder.
pub(crate) fn run_in(folder: &Path, words: &[&str]) -> Ran {
    let output = command_in(folder, words).output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[cfg(unix)]
#[test]
fn what_is_not_utf8_is_refused_and_not_shown() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::ffi::OsStr::from_bytes(b"sqlite:secret\xff.db");
    let mut argument = command_in(folder.path(), &["status", "--url"]);
    let mut variable = command_in(folder.path(), &["status"]);
    for (command, what) in [
        (argument.arg(bytes), "argument 3 is not UTF-8"),
        (variable.env("LIQUIBASE_COMMAND_URL", bytes), "the environment variable LIQUIBASE_COMMAND_URL is not UTF-8"),
    ] {
        let output = command.output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(what) && !told.contains("secret"), "{told}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
    // Other variables are nobody's business.
    let output = command_in(folder.path(), &["--version"]).env("OTHER", bytes).output().unwrap();
    assert!(output.status.success());
}

/// `update` stops at an expression that cannot be parsed; `plan` tells it at its changeset, and the rest all the same.
#[test]
fn a_plan_goes_on_behind_an_expression_that_cannot_be_parsed() {
    let folder = tempfile::tempdir().unwrap();
    let changelog = "databaseChangeLog:\n\
        - changeSet: {id: 1, author: ann, context: \"prod and (\", changes: [{dropTable: {tableName: a}}]}\n\
        - changeSet: {id: 2, author: ann, changes: [{dropTable: {tableName: b}}]}\n";
    std::fs::write(folder.path().join("main.yaml"), changelog).unwrap();
    let words = ["--url", "offline:postgresql", "--changelog-file", "main.yaml"];
    let ran = run_in(folder.path(), &[&["plan", "--format", "json"], &words[..]].concat());
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let plan: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}", ran.stderr));
    let told = "main.yaml::1::ann: Cannot parse expression prod and (";
    let [first, second] = [&plan["changesets"][0], &plan["changesets"][1]];
    assert_eq!((&first["errors"], &first["sql"]), (&serde_json::json!([told]), &serde_json::json!(["DROP TABLE a"])));
    assert_eq!((&second["errors"], &second["sql"]), (&serde_json::json!([]), &serde_json::json!(["DROP TABLE b"])));
    let ran = run_in(folder.path(), &[&["update-sql"], &words[..]].concat());
    assert!(ran.code != 0 && ran.stderr.contains(told), "{}", ran.stderr);
}
