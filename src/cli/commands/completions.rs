//! `completions`: a script that teaches a shell the commands and options.

use crate::cli::{Exit, Failure, Invocation, Output, help};
use crate::config::settings::SHELL;
use clap_complete::Shell;

/// Writes the script.
///
/// # Errors
/// The result cannot be written.
pub(super) fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let shell = match invocation.settings.text(&SHELL) {
        Some("BASH") => Shell::Bash,
        Some("ELVISH") => Shell::Elvish,
        Some("FISH") => Shell::Fish,
        Some("POWERSHELL") => Shell::PowerShell,
        Some("ZSH") => Shell::Zsh,
        other => return Err(Failure::new(Exit::Usage, format!("no completions for the shell '{}'", other.unwrap_or_default()))),
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut help::program(), "changelog", &mut script);
    Ok(output.result(&String::from_utf8_lossy(&script))?)
}
