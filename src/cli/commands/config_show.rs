//! `config show`: every setting with its value and where the value came from. Secrets are masked.

use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::{FOR_COMMAND, FORMAT};
use crate::config::{Command, Parameter, Program, Settings, Value, find_command, resolve};
use crate::report::settings as report;

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
        return Ok(output.document(&document(command, settings, &values))?);
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

fn document(command: Option<&Command>, settings: &Settings, values: &[&Value]) -> report::Document {
    let setting = |v: &&Value| report::Setting {
        key: v.setting().key,
        value: v.shown().into_owned(),
        origin: v.origin().to_string(),
        effect: !v.setting().is_ignored(),
    };
    let parameter = |p: &Parameter| report::Parameter { name: p.name.clone(), value: p.shown().to_owned(), origin: p.origin.to_string() };
    let program = |p: &Program| report::Program { class: p.class.clone(), path: p.path.clone(), origin: p.origin.to_string() };
    report::Document {
        version: 1,
        command: command.map(|c| c.name),
        settings: values.iter().map(setting).collect(),
        parameters: settings.parameters().iter().map(parameter).collect(),
        programs: settings.programs().iter().map(program).collect(),
    }
}
