use super::*;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// A writer whose bytes can be looked at afterwards.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Ended {
    result: Result<(), Failure>,
    results: String,
    messages: String,
}

fn changelog(words: &[&str], variables: &[(&str, &str)]) -> Ended {
    let (results, messages) = (Shared::default(), Shared::default());
    let mut output = Output::to(results.clone(), messages.clone());
    let environment = Environment(variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
    let result = run(words.iter().map(|w| (*w).to_owned()), environment, Colors::default(), &mut output);
    output.flush().unwrap();
    Ended { result, results: results.text(), messages: messages.text() }
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn config_show_names_the_origin_of_each_value() {
    let folder = tempfile::tempdir().unwrap();
    let defaults = write(
        folder.path(),
        "my.properties",
        "# ours\nurl: jdbc:postgresql://h/d?password=s3cret\nchangeLogFile=main.yaml\ndriver=org.postgresql.Driver\nparameter.px=fromdefaults\n",
    );
    let local = write(folder.path(), "my.local.properties", "liquibase.command.password = s3cret\n");
    let project =
        write(folder.path(), "c.yaml", "update:\n  contexts: [prod, eu]\nlog-level: info\nprograms:\n  com.example.Fix: tools/fix\n");
    let words = ["config", "show", "update", "--defaults-file", &defaults, "--project-file", &project, "-Dpy=1"];
    let ended = changelog(&words, &[("LIQUIBASE_COMMAND_USERNAME", "ann")]);
    assert_eq!(ended.result, Ok(()));
    assert_eq!(ended.messages, "");
    let line = |key: &str| -> Vec<String> {
        let found = ended.results.lines().find(|l| l.split("  ").next() == Some(key));
        found
            .unwrap_or_else(|| panic!("{key}\n{}", ended.results))
            .split("  ")
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(line("url"), ["url", "jdbc:postgresql://h/d?password=*****", &format!("{defaults}:2")]);
    assert_eq!(line("changelogFile"), ["changelogFile", "main.yaml", &format!("{defaults}:3")]);
    assert_eq!(line("driver")[2], format!("{defaults}:4 (no effect)"));
    assert_eq!(line("password"), ["password", "*****", &format!("{local}:1")]);
    assert_eq!(line("contextFilter"), ["contextFilter", "prod,eu", &format!("{project}:2")]);
    assert_eq!(line("logLevel"), ["logLevel", "INFO", &format!("{project}:3")]);
    assert_eq!(line("username"), ["username", "ann", "environment variable LIQUIBASE_COMMAND_USERNAME"]);
    assert_eq!(line("defaultsFile")[2], "command line, --defaults-file");
    assert_eq!(line("changelogLockPollRate"), ["changelogLockPollRate", "10", "built-in default"]);
    assert_eq!(line("${px}"), ["${px}", "fromdefaults", &format!("{defaults}:5")]);
    assert_eq!(line("${py}"), ["${py}", "1", "command line, -Dpy"]);
    assert_eq!(line("program com.example.Fix")[1], "tools/fix");
    assert!(!ended.results.contains("s3cret"));

    let json = changelog(&[&words[..], &["--format=json"]].concat(), &[]);
    let json: serde_json::Value = serde_json::from_str(&json.results).unwrap();
    assert_eq!((json["version"].as_i64(), json["command"].as_str()), (Some(1), Some("update")));
    assert!(!json.to_string().contains("s3cret"));
}

/// Sample `68_nourl`, with what to do added.
#[test]
fn missing_arguments_are_named() {
    let ended = changelog(&["update", "--changelog-file=main.yaml", "--defaults-file="], &[]);
    let failure = ended.result.unwrap_err();
    assert_eq!(failure.exit, Exit::Usage);
    assert!(failure.message.starts_with("Error parsing command line: Invalid argument '--url': missing required argument."), "{failure}");
    assert!(failure.message.contains("CHANGELOG_URL"));
    assert!(failure.message.ends_with("For detailed help, try 'changelog --help' or 'changelog <command-name> --help'"));
}

#[test]
fn a_missing_word_behind_the_command_is_asked_for_there() {
    let failure =
        changelog(&["rollback-count", "--url=sqlite::memory:", "--changelog-file=main.yaml", "--defaults-file="], &[]).result.unwrap_err();
    assert!(
        failure.message.contains("missing required argument.\n  Write it behind the command: changelog rollback-count COUNT\n"),
        "{failure}"
    );
    let failure = changelog(&["convert", "--to=xml", "--defaults-file="], &[]).result.unwrap_err();
    assert!(failure.message.contains("Give --changelog-file, set CHANGELOG_CHANGELOG_FILE"), "{failure}");
}

#[test]
fn help_on_a_group_is_of_the_group_and_help_shows_parameters() {
    let group = changelog(&["help", "config"], &[]);
    assert_eq!(group.result, Ok(()));
    assert!(group.results.starts_with("Look into the configuration") && group.results.contains("show "), "{}", group.results);
    assert!(changelog(&["update", "-h"], &[]).results.contains("-D <NAME=VALUE>"));
    assert!(!changelog(&["list-locks", "-h"], &[]).results.contains("-D <NAME=VALUE>"));
    assert!(changelog(&["help", "rollback"], &[]).results.contains("Usage: changelog rollback [OPTIONS] [TAG]"));
}

#[test]
fn unknown_keys_are_warnings_and_with_strict_errors() {
    let folder = tempfile::tempdir().unwrap();
    let defaults = write(folder.path(), "my.properties", "chnagelogFile=x\n");
    let words = ["config", "show", "--defaults-file", &defaults];
    let ended = changelog(&words, &[]);
    assert_eq!(ended.result, Ok(()));
    assert!(
        ended.messages.contains("unknown key `chnagelogFile`") && ended.messages.contains("did you mean `changelogFile`?"),
        "{}",
        ended.messages
    );
    assert!(ended.messages.contains(&format!("{defaults}:1")));
    let failure = changelog(&[&words[..], &["--strict"]].concat(), &[]).result.unwrap_err();
    assert_eq!(failure.exit, Exit::Usage);
    assert!(failure.message.contains("unknown key `chnagelogFile`"));
}

/// `cli.md` §2: a defaults file that was named and is not there.
#[test]
fn a_missing_defaults_file_is_a_warning_and_with_strict_an_error() {
    let words = ["config", "show", "--defaults-file=/nonexistent/x.properties"];
    let ended = changelog(&words, &[]);
    assert_eq!(ended.result, Ok(()));
    assert!(ended.messages.contains("Could not find defaults file /nonexistent/x.properties"), "{}", ended.messages);
    assert_eq!(changelog(&words, &[("LIQUIBASE_STRICT", "true")]).result.map_err(|f| f.exit), Err(Exit::Usage));
}

#[test]
fn a_broken_settings_file_stops_the_run_without_showing_its_values() {
    let folder = tempfile::tempdir().unwrap();
    let project = write(folder.path(), "c.yaml", "password: s3cret\nurl: [a, {s3cret: s3cret}]\n");
    let failure = changelog(&["config", "show", "--project-file", &project], &[]).result.unwrap_err();
    assert_eq!(failure.exit, Exit::Usage);
    assert!(failure.message.contains("c.yaml:2") && !failure.message.contains("s3cret"), "{failure}");

    let defaults = write(folder.path(), "my.properties", "url=x\npassword=s3cret\\uzz\n");
    let failure = changelog(&["config", "show", "--defaults-file", &defaults], &[]).result.unwrap_err();
    assert_eq!(failure.exit, Exit::Usage);
    assert!(failure.message.contains("my.properties:2") && !failure.message.contains("s3cret"), "{failure}");
}

#[test]
fn should_run_false_does_nothing() {
    let words = ["update", "--url=sqlite:x.db", "--changelog-file=x.yaml", "--should-run=false"];
    let ended = changelog(&words, &[]);
    assert_eq!(ended.result, Ok(()));
    assert!(ended.messages.contains("Nothing was done"));
}

#[test]
fn results_go_into_the_output_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.bash").display().to_string();
    let ended = changelog(&["completions", "bash", "--output-file", &file], &[]);
    assert_eq!((ended.result, ended.results.as_str()), (Ok(()), ""));
    assert!(ended.messages.contains(&format!("Output saved to {file}")));
    assert!(std::fs::read_to_string(&file).unwrap().contains("update-to-tag-sql"));
}

#[test]
fn help_and_version_succeed() {
    assert!(changelog(&["--help"], &[]).results.contains("update-testing-rollback"));
    assert!(changelog(&["rollback", "--help"], &[]).results.contains("changelog rollback v1.9"));
    assert!(changelog(&["--version"], &[]).results.starts_with("changelog "));
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = changelog(&["completions", shell], &[]);
        assert!(ended.result.is_ok() && ended.results.contains("changelog"), "{shell}");
    }
    let failure = changelog(&["completions", "tcsh"], &[]).result.unwrap_err();
    assert!(failure.message.contains("one of BASH, ELVISH, FISH, POWERSHELL, ZSH"), "{failure}");
}
