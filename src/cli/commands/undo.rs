//! What the rollback commands have in common.

use super::deploy;
use crate::cli::opening::{Access, Needs, Opened};
use crate::cli::progress::Progress;
use crate::cli::{Exit, Failure, Invocation, Output};
use crate::config::settings::ROLLBACK_SCRIPT;
use crate::plan::rollback::Back;

/// Rolls back, or writes what would do it when the command says so.
///
/// # Errors
/// What stops the rollback. What was done and written until then is told before.
pub(super) async fn run(back: &Back, title: &str, invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let access = if invocation.command.writes_sql() { Access::Write } else { Access::Existing };
    let mut opened = invocation.open(Needs { changelog: true, access }, output).await?;
    let script = match invocation.settings.text(&ROLLBACK_SCRIPT).filter(|f| !f.is_empty()) {
        None => None,
        Some(file) => match read_script(&opened, file)? {
            Some(text) => Some(text),
            None => {
                output.message(format!(
                    "WARNING: The rollback script '{file}' was not located.  Please check your parameters. No rollback was performed"
                ));
                return deploy::close(opened, Ok(()), output).await;
            }
        },
    };
    let (done, result) = {
        let mut progress = Progress::new(invocation, output);
        opened.run(&mut progress).rollback(back, title, script.as_deref()).await
    };
    deploy::write_script(&mut opened, output)?;
    if result.is_ok() && done.changesets == 0 {
        output.message("INFO: 0 changesets rolled back.");
    }
    deploy::close(opened, result, output).await
}

/// The text of a rollback script, with its parameters filled in; `None` when there is no such file.
fn read_script(opened: &Opened, file: &str) -> Result<Option<String>, Failure> {
    let search = &opened.changelog.search;
    let path = search.relative(file);
    if !search.contains(&path) {
        return Ok(None);
    }
    let bytes = search.read(&path).map_err(|e| Failure::new(Exit::Usage, e.to_string()))?;
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::new(Exit::Usage, format!("The rollback script '{file}' is not UTF-8 text")))?;
    let expanded = opened.changelog.properties.expand(&text, &[]).map_err(|e| Failure::new(Exit::Usage, format!("{file}: {e}")))?;
    Ok(Some(expanded.into_owned()))
}
