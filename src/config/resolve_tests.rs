use super::super::settings::*;
use super::super::{CommandKind, Entry, PasswordSource, find_command};
use super::*;

fn command(name: &str) -> &'static Command {
    find_command(name).unwrap()
}

fn file(path: &str, entries: &[(&str, &str)]) -> Option<SettingsFile> {
    let entries = entries.iter().enumerate().map(|(i, (k, v))| Entry::new(*k, *v, i + 1)).collect();
    Some(SettingsFile { path: path.to_owned(), entries })
}

fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

fn flag(setting: &'static Setting, value: &str) -> Flag {
    Flag { setting, value: value.to_owned(), typed: format!("--{}", setting.flag()) }
}

/// Removes the strongest layer again and again: each time the next one must win.
#[test]
fn precedence_is_flag_environment_project_local_defaults_default() {
    let mut layers = Layers {
        flags: vec![flag(&LOG_LEVEL, "FINE")],
        environment: env(&[("LIQUIBASE_LOG_LEVEL", "INFO"), ("CHANGELOG_LOG_LEVEL", "WARNING")]),
        project: file("changelog.config.yaml", &[("log-level", "SEVERE")]),
        local_defaults: file("liquibase.local.properties", &[("logLevel", "ALL")]),
        defaults: file("liquibase.properties", &[("liquibase.logLevel", "DEBUG")]),
        ..Layers::default()
    };
    let now = |layers: &Layers| {
        let (settings, problems) = resolve(command("update"), layers);
        assert!(problems.is_empty(), "{problems:?}");
        let value = settings.value(&LOG_LEVEL).unwrap();
        (value.shown().into_owned(), value.origin().clone())
    };
    let at = |path: &str| Origin::File { path: path.to_owned(), line: 1 };
    assert_eq!(now(&layers), ("FINE".to_owned(), Origin::Flag("--log-level".to_owned())));
    layers.flags.clear();
    assert_eq!(now(&layers), ("WARNING".to_owned(), Origin::Env("CHANGELOG_LOG_LEVEL".to_owned())));
    layers.environment.reverse();
    assert_eq!(now(&layers), ("WARNING".to_owned(), Origin::Env("CHANGELOG_LOG_LEVEL".to_owned())));
    layers.environment.remove(0);
    assert_eq!(now(&layers), ("INFO".to_owned(), Origin::Env("LIQUIBASE_LOG_LEVEL".to_owned())));
    layers.environment.clear();
    assert_eq!(now(&layers), ("SEVERE".to_owned(), at("changelog.config.yaml")));
    layers.project = None;
    assert_eq!(now(&layers), ("ALL".to_owned(), at("liquibase.local.properties")));
    layers.local_defaults = None;
    assert_eq!(now(&layers), ("DEBUG".to_owned(), at("liquibase.properties")));
    layers.defaults = None;
    assert_eq!(now(&layers), ("OFF".to_owned(), Origin::Default));
}

/// `cli.md` §2: command-scoped keys win over general ones inside a source, whatever the order.
#[test]
fn the_narrowest_scope_wins_inside_a_source() {
    let keys = [
        ("liquibase.command.update.contextFilter", "narrow"),
        ("liquibase.command.contextFilter", "middle"),
        ("contexts", "wide"),
        ("liquibase.command.rollback.contextFilter", "other"),
    ];
    let context = |name: &str, layers: &Layers| resolve(command(name), layers).0.text(&CONTEXT_FILTER).map(str::to_owned);
    let layers = Layers { defaults: file("p", &keys), ..Layers::default() };
    assert_eq!(context("update", &layers).as_deref(), Some("narrow"));
    assert_eq!(context("rollback", &layers).as_deref(), Some("other"));
    assert_eq!(context("status", &layers).as_deref(), Some("middle"));

    let variables = [
        ("LIQUIBASE_COMMAND_UPDATE_CONTEXT_FILTER", "narrow"),
        ("LIQUIBASE_COMMAND_CONTEXT_FILTER", "middle"),
        ("LIQUIBASE_CONTEXTS", "wide"),
    ];
    let mut layers = Layers { environment: env(&variables), ..Layers::default() };
    assert_eq!(context("update", &layers).as_deref(), Some("narrow"));
    assert_eq!(context("status", &layers).as_deref(), Some("middle"));
    // A narrow value of a weaker layer does not beat a wide one of a stronger layer.
    layers.environment = env(&[("LIQUIBASE_CONTEXTS", "wide")]);
    layers.defaults = file("p", &keys);
    assert_eq!(context("update", &layers).as_deref(), Some("wide"));
}

#[test]
fn the_last_of_equal_keys_wins() {
    let layers = Layers { defaults: file("p", &[("tag", "a"), ("liquibase.tag", "b")]), ..Layers::default() };
    let (settings, _) = resolve(command("tag"), &layers);
    assert_eq!(settings.value(&TAG).map(|v| (v.shown().into_owned(), v.origin().to_string())), Some(("b".to_owned(), "p:2".to_owned())));
}

/// Verified with 4.28 (`c01`, `c02`): `-D` beats `parameter.x` of the defaults file.
#[test]
fn parameters_come_from_all_layers() {
    let layers = Layers {
        parameters: vec![("PX".to_owned(), "fromD".to_owned())],
        project: file("c", &[("parameters.py", "fromproject"), ("parameters.table.space", "s")]),
        defaults: file("p", &[("parameter.px", "fromdefaults"), ("parameter.py", "fromdefaults"), ("parameter.pz", " kept ")]),
        ..Layers::default()
    };
    let (settings, problems) = resolve(command("update-sql"), &layers);
    assert!(problems.is_empty());
    let found: Vec<_> = settings.parameters().iter().map(|p| (p.name.as_str(), p.value.as_str())).collect();
    assert_eq!(found, [("PX", "fromD"), ("py", "fromproject"), ("pz", " kept "), ("table.space", "s")]);
    // Of two in one layer the last one counts.
    let twice =
        Layers { parameters: [("a", "1"), ("b", "2"), ("A", "3")].map(|(n, v)| (n.to_owned(), v.to_owned())).into(), ..Layers::default() };
    let (settings, _) = resolve(command("update-sql"), &twice);
    let found: Vec<_> = settings.parameters().iter().map(|p| (p.name.as_str(), p.value.as_str())).collect();
    assert_eq!(found, [("A", "3"), ("b", "2")]);
}

#[test]
fn programs_are_mapped_by_class() {
    let layers = Layers { project: file("c", &[("programs.com.example.Fix", "tools/fix")]), ..Layers::default() };
    let (settings, _) = resolve(command("update"), &layers);
    assert_eq!(
        settings.programs().iter().map(|p| (p.class.as_str(), p.path.as_str())).collect::<Vec<_>>(),
        [("com.example.Fix", "tools/fix")]
    );
}

#[test]
fn unknown_names_are_warnings_and_errors_when_strict() {
    let mut layers = Layers {
        environment: env(&[
            ("LIQUIBASE_LOG_LEVLE", "INFO"),
            ("LIQUIBASE_HOME", "/opt"),
            ("LIQUIBASE_LAUNCHER_PARENT_CLASSLOADER", "x"),
            ("CHANGELOG_TEST_POSTGRES_URL", "x"),
            ("PATH", "/bin"),
        ]),
        defaults: file("liquibase.properties", &[("chnagelogFile", "x"), ("liquibase.command.diff.nosuch", "x"), ("referenceUrl", "x")]),
        ..Layers::default()
    };
    let (_, problems) = resolve(command("update"), &layers);
    let found: Vec<_> = problems.iter().map(|d| (d.message.as_str(), d.file.as_deref(), d.hint.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("unknown key `chnagelogFile` is ignored", Some("liquibase.properties:1"), Some("did you mean `changelogFile`?")),
            ("unknown environment variable `LIQUIBASE_LOG_LEVLE` is ignored", None, Some("did you mean `LIQUIBASE_LOG_LEVEL`?")),
        ]
    );
    assert!(!problems.has_errors());
    layers.flags.push(flag(&STRICT, "true"));
    assert!(resolve(command("update"), &layers).1.has_errors());
}

#[test]
fn values_are_checked_where_they_are_used() {
    let bad = |setting, value: &str, name: &str| {
        let layers = Layers { flags: vec![flag(setting, value)], ..Layers::default() };
        resolve(command(name), &layers).1.iter().map(|d| d.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(bad(&COUNT, "abc", "rollback-count"), ["`abc` is no value for `count`: a whole number is expected"]);
    assert_eq!(bad(&STRICT, "yes", "update"), ["`yes` is no value for `strict`: true or false is expected"]);
    assert_eq!(bad(&SHOW_SUMMARY, "loud", "update"), ["`loud` is no value for `show-summary`: one of OFF, SUMMARY, VERBOSE is expected"]);
    assert!(bad(&STRICT, "TRUE", "update").is_empty());
    assert!(bad(&FORMAT, "tabular", "history").is_empty());
    assert_eq!(bad(&FORMAT, "tabular", "status").len(), 1);
    // `format=TXT` of a defaults file is meant for another command.
    assert!(bad(&FORMAT, "TXT", "update").is_empty());
}

#[test]
fn settings_that_would_change_a_run_and_do_not_are_told() {
    let layers = Layers {
        flags: vec![flag(&CONVERT_DATA_TYPES, "false"), flag(&LOG_CHANNELS, "liquibase.command")],
        defaults: file("liquibase.properties", &[("onMissingSqlFile", "warn"), ("trimLoadDataFileHeader", "false")]),
        ..Layers::default()
    };
    let (_, problems) = resolve(command("update"), &layers);
    let found: Vec<_> = problems.iter().map(|d| (d.message.as_str(), d.file.as_deref())).collect();
    assert_eq!(
        found,
        [
            (
                "`false` of `convert-data-types` has no effect: types are always converted to those of the database",
                Some("command line, --convert-data-types")
            ),
            (
                "`warn` of `on-missing-sql-file` has no effect: a changeset whose file is missing cannot run, so nothing runs",
                Some("liquibase.properties:1")
            ),
        ]
    );
    assert!(!problems.has_errors());
    let strict = Layers { flags: vec![flag(&CONVERT_DATA_TYPES, "false"), flag(&STRICT, "true")], ..Layers::default() };
    assert!(resolve(command("update"), &strict).1.has_errors());
}

#[test]
fn words_take_the_spelling_of_the_table() {
    let layers = Layers { flags: vec![flag(&FORMAT, "json"), flag(&LOG_LEVEL, "info")], ..Layers::default() };
    let (settings, _) = resolve(command("history"), &layers);
    assert_eq!((settings.text(&FORMAT), settings.text(&LOG_LEVEL)), (Some("JSON"), Some("INFO")));
}

#[test]
fn typed_access() {
    let layers = Layers {
        flags: vec![flag(&SEARCH_PATH, "a, b,,c"), flag(&CLASSPATH, "drivers/pg.jar:res"), flag(&COUNT, "3")],
        ..Layers::default()
    };
    let (settings, _) = resolve(command("update-count"), &layers);
    assert_eq!(settings.list(&SEARCH_PATH), ["a", "b", "c"]);
    assert_eq!(settings.search_roots(), ["a", "b", "c", "res"]);
    let apart = Layers { flags: [layers.flags.clone(), vec![flag(&INCLUDE_SYSTEM_CLASSPATH, "false")]].concat(), ..Layers::default() };
    assert_eq!(resolve(command("update"), &apart).0.search_roots(), ["a", "b", "c"]);
    assert_eq!(settings.number(&COUNT), Some(3));
    assert!(!settings.is_on(&STRICT) && settings.is_on(&USE_PROCEDURE_SCHEMA));
    assert_eq!(settings.missing().map(|u| u.setting.key).collect::<Vec<_>>(), ["url", "changelogFile"]);
    assert!(settings.is_given(&COUNT) && !settings.is_given(&STRICT));
    assert_eq!(settings.command().kind, CommandKind::UpdateCount);
    assert_eq!(resolve(command("update"), &Layers::default()).0.search_roots(), ["."]);
}

#[test]
fn the_password_comes_from_the_strongest_layer() {
    let mut layers = Layers {
        environment: env(&[("LIQUIBASE_COMMAND_PASSWORD", "s3cret")]),
        defaults: file("p", &[("passwordFile", "/run/secrets/db")]),
        ..Layers::default()
    };
    let source = |layers: &Layers| resolve(command("update"), layers).0.password();
    assert_eq!(source(&layers), PasswordSource::Given(crate::secret::Secret::new("s3cret")));
    layers.flags.push(flag(&PASSWORD_FILE, "pw"));
    assert_eq!(source(&layers), PasswordSource::File { path: "pw".to_owned(), origin: Origin::Flag("--password-file".to_owned()) });
    assert_eq!(source(&Layers::default()), PasswordSource::None);
    // In one layer the password itself counts.
    let both = Layers { defaults: file("p", &[("passwordFile", "pw"), ("password", "s3cret")]), ..Layers::default() };
    assert_eq!(source(&both), PasswordSource::Given(crate::secret::Secret::new("s3cret")));
}

#[test]
fn secrets_are_never_shown() {
    let layers = Layers {
        flags: vec![flag(&PASSWORD, "s3cret"), flag(&URL, "postgres://ann:s3cret@db/x?password=s3cret")],
        parameters: vec![("db.password".to_owned(), "s3cret".to_owned())],
        environment: env(&[("LIQUIBASE_COMMAND_PASSWORD", "s3cret"), ("LIQUIBASE_PASWORD", "s3cret")]),
        project: file("c", &[("pasword", "s3cret")]),
        local_defaults: file("l", &[("password", "s3cret")]),
        defaults: file("p", &[("referencePassword", "s3cret"), ("liquibase.licenseKey", "s3cret")]),
    };
    let (settings, problems) = resolve(command("update"), &layers);
    let shown: String = settings.values().map(|v| format!("{} {v:?}\n", v.shown())).collect();
    for text in [format!("{settings:?}"), format!("{layers:?}"), format!("{problems:?}"), format!("{:?}", settings.password()), shown] {
        assert!(!text.contains("s3cret"), "{text}");
    }
    assert_eq!(settings.secret(&PASSWORD).map(|s| s.expose().to_owned()).as_deref(), Some("s3cret"));
    assert_eq!(problems.iter().count(), 2);
}
