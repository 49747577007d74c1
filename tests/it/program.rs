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
