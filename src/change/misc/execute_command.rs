//! `executeCommand`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::source::Node;
use crate::source::attributes::{Attribute, Field, FieldValue, Kind, Reader};
use crate::sql::action::{Action, Command};
use crate::sql::{Statement, statement};
use std::time::Duration;

/// The arguments of a command: `arg` elements with a `value` each, also inside `args`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arguments(pub Vec<String>);

impl Attribute for Arguments {
    const KIND: Kind = Kind::List("arg");
    fn read(reader: &mut Reader<'_, '_>, field: &'static Field) -> Self {
        let lists = reader.nodes(field);
        for list in &lists {
            list.report_others(&["arg"], reader.problems);
            list.report_texts(0, reader.problems);
        }
        let direct = reader.node.children_named("arg");
        let listed = lists.iter().flat_map(|list| list.children_named("arg"));
        let all: Vec<&Node> = direct.chain(listed).collect();
        for argument in &all {
            argument.report_others(&["value"], reader.problems);
        }
        Arguments(all.into_iter().filter_map(|a| a.child_text("value").or_else(|| a.text())).map(str::to_owned).collect())
    }
    fn value(&self) -> FieldValue<'_> {
        FieldValue::Texts(&self.0)
    }
}

attributes! {
    /// Runs a program on the machine that runs the update.
    pub struct ExecuteCommand {
        /// Its arguments.
        pub arguments: Arguments = "args" (unhashed),
        /// The program.
        pub executable: Option<String> = "executable",
        /// The operating systems on which it runs, as a comma list: `Linux`, `Mac OS X`, `Windows`.
        pub os: Option<String> = "os" (unhashed),
        /// How long it may take: a number with `s` (when nothing is given), `m` or `h`.
        pub timeout: Option<String> = "timeout",
    }
}

impl ChangeType for ExecuteCommand {
    fn other_children() -> &'static [&'static str] {
        &["arg"]
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let timeout = self.timeout.as_deref().map(parse_timeout).transpose()?;
        if cx.executing {
            if self.executable.is_none() {
                return Err("executable is required for executeCommand".to_owned());
            }
            if let Some(list) = self.os.as_deref().filter(|list| !runs_on(list, std::env::consts::OS)) {
                return Ok(vec![statement::Act(Action::OtherSystem(format!("the command is only for {list}"))).into()]);
            }
        }
        let executable = self.executable.clone().unwrap_or_else(|| "null".to_owned());
        let command = Command { executable, arguments: self.arguments.0.clone(), timeout };
        Ok(vec![statement::Act(Action::Command(command)).into()])
    }
}

/// Digits with an optional unit: `s`, `m` or `h`.
fn parse_timeout(text: &str) -> Result<Duration, String> {
    let wrong = || format!("Invalid value specified for timeout: {text}");
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "s" => 1u64,
        "m" => 60,
        "h" => 3600,
        _ => return Err(wrong()),
    };
    let seconds = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(unit)).ok_or_else(wrong)?;
    Ok(Duration::from_secs(seconds))
}

/// Whether a list with the names that Java gives operating systems has this one. Java names each Windows apart
/// (`Windows 10`); here they are one.
fn runs_on(list: &str, os: &str) -> bool {
    list.split(',').map(str::trim).any(|name| match os {
        "linux" => name == "Linux",
        "macos" => name == "Mac OS X",
        "windows" => name.starts_with("Windows"),
        other => name.eq_ignore_ascii_case(other),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts() {
        assert_eq!(parse_timeout("10"), Ok(Duration::from_secs(10)));
        assert_eq!(parse_timeout("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(parse_timeout("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(parse_timeout("1h"), Ok(Duration::from_secs(3600)));
        for text in ["", "s", "1d", "x1s", "1 s", "-1"] {
            assert_eq!(parse_timeout(text), Err(format!("Invalid value specified for timeout: {text}")));
        }
    }

    #[test]
    fn operating_systems_by_javas_names() {
        assert!(runs_on("Windows 7, Linux", "linux"));
        assert!(!runs_on("Windows 7, Windows 10", "linux"));
        assert!(runs_on("Windows 7, Windows 10", "windows"));
        assert!(!runs_on("linux", "linux"));
    }
}
