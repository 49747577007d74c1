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
