//! `config show`: every setting with its value and where the value came from. Secrets are masked.

use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::{FOR_COMMAND, FORMAT};
use crate::config::{Command, Settings, Value, find_command, resolve};
use serde_json::json;

/// Shows the settings in force: of the command that is named, else of all commands.
///
/// # Errors
/// The command named does not exist; the result cannot be written.
pub(super) fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let wanted = invocation.settings.text(&FOR_COMMAND);
    let command = match wanted {
        Some(name) => Some(find_command(name).ok_or_else(|| Failure::usage(format!("There is no command '{name}' to show settings of")))?),
        None => None,
    };
    let scoped = command.map(|command| resolve(command, &invocation.layers).0);
    let settings = scoped.as_ref().unwrap_or(&invocation.settings);
    let values: Vec<&Value> = settings.values().filter(|v| is_shown(v, command, settings)).collect();
    if invocation.settings.text(&FORMAT) == Some("JSON") {
        return Ok(output.result_line(as_json(command, settings, &values))?);
    }
    Ok(output.result(&as_text(settings, &values))?)
}

/// Settings without effect are shown only where somebody gave them; arguments of this very command never are.
fn is_shown(value: &Value, command: Option<&Command>, settings: &Settings) -> bool {
    let setting = value.setting();
    let of_command = command.is_none_or(|c| c.accepts(setting));
    of_command && *setting != FOR_COMMAND && (!setting.is_ignored() || settings.is_given(setting))
}

fn as_text(settings: &Settings, values: &[&Value]) -> String {
    let mut rows: Vec<[String; 3]> = values
        .iter()
        .map(|v| {
            let note = if v.setting().is_ignored() { " (no effect)" } else { "" };
            [v.setting().key.to_owned(), v.shown().into_owned(), format!("{}{note}", v.origin())]
        })
        .collect();
    rows.extend(settings.parameters().iter().map(|p| [format!("${{{}}}", p.name), p.shown().to_owned(), p.origin.to_string()]));
    rows.extend(settings.programs().iter().map(|p| [format!("program {}", p.class), p.path.clone(), p.origin.to_string()]));
    let width = |column: usize| rows.iter().filter_map(|r| r.get(column)).map(|t| t.chars().count()).max().unwrap_or(0).min(60);
    let (keys, texts) = (width(0), width(1));
    rows.iter().map(|[key, text, origin]| format!("{key:keys$}  {text:texts$}  {origin}\n")).collect()
}

fn as_json(command: Option<&Command>, settings: &Settings, values: &[&Value]) -> serde_json::Value {
    let values: Vec<_> = values
        .iter()
        .map(|v| json!({"key": v.setting().key, "value": v.shown(), "origin": v.origin().to_string(), "effect": !v.setting().is_ignored()}))
        .collect();
    let parameters: Vec<_> =
        settings.parameters().iter().map(|p| json!({"name": p.name, "value": p.shown(), "origin": p.origin.to_string()})).collect();
    let programs: Vec<_> =
        settings.programs().iter().map(|p| json!({"class": p.class, "path": p.path, "origin": p.origin.to_string()})).collect();
    json!({"version": 1, "command": command.map(|c| c.name), "settings": values, "parameters": parameters, "programs": programs})
}
