use super::*;
use crate::config::{CommandKind, Scope};

fn parsed(line: &str) -> Result<Request, Failure> {
    parse(line.split(' ').filter(|w| !w.is_empty()).map(str::to_owned))
}

fn run(line: &str) -> CommandLine {
    match parsed(line) {
        Ok(Request::Run(run)) => run,
        other => panic!("{line}: {other:?}"),
    }
}

fn values(line: &str) -> Vec<(&'static str, String)> {
    run(line).flags.into_iter().map(|f| (f.setting.key, f.value)).collect()
}

fn failure(line: &str) -> String {
    match parsed(line) {
        Err(failure) => {
            assert_eq!(failure.exit, Exit::Usage);
            failure.message
        }
        Ok(request) => panic!("{line}: {request:?}"),
    }
}

fn pair(key: &'static str, value: &str) -> (&'static str, String) {
    (key, value.to_owned())
}

/// Each command with each of its options, in each spelling, before and behind the name.
#[test]
fn every_command_takes_its_options_in_every_spelling() {
    for command in COMMANDS {
        for row in command.uses() {
            let setting = row.setting;
            let value = match setting.kind {
                Kind::Bool => "false",
                Kind::Integer => "3",
                _ => "x",
            };
            let flag = setting.flag();
            for name in [flag.clone(), setting.key.to_owned(), flag.to_uppercase(), setting.key.to_lowercase()] {
                for line in [
                    format!("{} --{name}={value}", command.name),
                    format!("{} --{name} {value}", command.name),
                    format!("--{name}={value} {}", command.name),
                ] {
                    let run = run(&line);
                    assert_eq!(run.command.kind, command.kind, "{line}");
                    assert_eq!(
                        run.flags.iter().map(|f| (f.setting.key, f.value.as_str())).collect::<Vec<_>>(),
                        [(setting.key, value)],
                        "{line}"
                    );
                }
            }
        }
        for setting in settings::all().filter(|s| s.scope == Scope::Global) {
            let line = format!("{} --{}=true", command.name, setting.flag());
            assert_eq!(run(&line).flags.len(), 1, "{line}");
        }
    }
}

#[test]
fn legacy_names() {
    let line = "updateSQL --changeLogFile=a.yaml --contexts=prod --labels=x";
    assert_eq!(run(line).command.kind, CommandKind::UpdateSql);
    assert_eq!(run(line).typed, "updateSQL");
    assert_eq!(values(line), [pair("changelogFile", "a.yaml"), pair("contextFilter", "prod"), pair("labelFilter", "x")]);
    assert_eq!(run("migrate").command.kind, CommandKind::Update);
    assert_eq!(run("CONFIG show").command.kind, CommandKind::ConfigShow);
}

/// `cli.md` §1: the legacy positional arguments.
#[test]
fn words_without_an_option_name() {
    for (line, key, value) in [
        ("rollback v1", "tag", "v1"),
        ("rollbackSql v1", "tag", "v1"),
        ("rollbackToDate 2020-01-01 10:00:00", "date", "2020-01-01 10:00:00"),
        ("rollback-to-date-sql 2020-01-01", "date", "2020-01-01"),
        ("rollbackCount 1", "count", "1"),
        ("rollback-count 3", "count", "3"),
        ("rollback-count-sql 3", "count", "3"),
        ("updateCount 2", "count", "2"),
        ("updateCountSql 2", "count", "2"),
        ("updateToTag t", "tag", "t"),
        ("updateToTagSql t", "tag", "t"),
        ("tag v1", "tag", "v1"),
        ("tagExists v1", "tag", "v1"),
        ("changelogSyncToTag t", "tag", "t"),
        ("changelogSyncToTagSql t", "tag", "t"),
        ("futureRollbackCountSql 2", "count", "2"),
        ("futureRollbackFromTagSql t", "tag", "t"),
        ("calculateChecksum a.yaml::1::ann lee", "changesetIdentifier", "a.yaml::1::ann lee"),
        ("completions bash", "shell", "bash"),
        ("config show update", "forCommand", "update"),
    ] {
        assert_eq!(values(line), [pair(key, value)], "{line}");
    }
    assert_eq!(values("rollbackCount 1 --changeLogFile=rb3.yaml"), [pair("changelogFile", "rb3.yaml"), pair("count", "1")]);
    assert!(failure("rollback v1 --tag=v2").starts_with("option '--tag' (PARAM) should be specified only once"));
    assert!(failure("update v1").starts_with("Unexpected argument(s): v1"));
    assert!(failure("tag a --url=x b").starts_with("Unexpected argument(s): b"));
}

#[test]
fn booleans_may_be_bare() {
    assert_eq!(values("status --verbose"), [pair("verbose", "true")]);
    assert_eq!(values("status --verbose=false"), [pair("verbose", "false")]);
    assert_eq!(values("status --verbose FALSE --url=x"), [pair("verbose", "FALSE"), pair("url", "x")]);
    assert_eq!(values("--strict tag v1"), [pair("strict", "true"), pair("tag", "v1")]);
}

#[test]
fn parameters() {
    let line = run("update -Dpx=fromD -D y=a=b -Dempty=");
    let pairs: Vec<_> = line.parameters.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(pairs, [("px", "fromD"), ("y", "a=b"), ("empty", "")]);
    assert!(failure("update -Dpx").contains("-Dname=value"));
}

#[test]
fn help_and_version() {
    assert!(matches!(parsed("--help"), Ok(Request::Help { topic, long: true }) if topic.is_empty()));
    assert!(matches!(parsed("-h"), Ok(Request::Help { topic, long: false }) if topic.is_empty()));
    for line in ["update --help", "help update", "--help update", "update --nosuch --help"] {
        assert!(matches!(parsed(line), Ok(Request::Help { topic, .. }) if topic == "update"), "{line}");
    }
    assert!(matches!(parsed("help Config"), Ok(Request::Help { topic, .. }) if topic == "config"));
    assert!(failure("help updat").ends_with("Did you mean: changelog update or changelog update-sql or changelog update-count?"));
    assert!(failure("nosuch --help").starts_with("Unexpected argument(s): nosuch"));
    assert!(failure("diff --help").starts_with("'diff' is a command of Liquibase that changelog does not offer"));
    for line in ["--version", "-v", "--VERSION"] {
        assert!(matches!(parsed(line), Ok(Request::Version)), "{line}");
    }
}

/// Samples `70_badcmd` and `71_badopt`, with our name in place of Liquibase's.
#[test]
fn unknown_words_in_liquibases_texts() {
    assert_eq!(
        failure("updat"),
        "Unexpected argument(s): updat\n\nFor detailed help, try 'changelog --help' or 'changelog <command-name> --help'\n\n\
         Did you mean: changelog update or changelog update-sql or changelog update-count?"
    );
    assert_eq!(
        failure("--url=x --search-path=DIR update --changelog-file=main.yaml --nosuch=1"),
        "Unexpected argument(s): --nosuch=1\n\nFor detailed help, try 'changelog --help' or 'changelog <command-name> --help'"
    );
    assert!(failure("update --changelogfil=x").ends_with("Did you mean: --changelog-file?"));
    assert!(failure("update --count=1").contains("--count with update-count"));
    assert!(failure("config").ends_with("Did you mean: changelog config show?"));
    assert!(failure("generateChangeLog --url=x").starts_with("'generateChangeLog' is a command of Liquibase"));
    assert!(failure("checks run --checks-scope=changelog").starts_with("'checks' is a command of Liquibase"));
    assert!(failure("--url=x").starts_with("Missing the command"));
}

#[test]
fn options_are_given_once_and_with_a_value() {
    assert!(failure("--search-path=a update --searchPath=b").starts_with("option '--search-path' (PARAM) should be specified only once"));
    assert!(failure("update --contexts=a --context-filter=b").starts_with("option '--context-filter' (PARAM)"));
    assert!(failure("update --url").starts_with("Missing required parameter for option '--url' (PARAM)"));
    assert!(failure("update --url --username=x").starts_with("Missing required parameter for option '--url' (PARAM)"));
    assert_eq!(values("update --password --x"), [pair("password", "--x")]);
    assert_eq!(values("update --password="), [pair("password", "")]);
}

#[test]
fn options_of_other_commands_may_stand_before_the_command() {
    assert_eq!(values("--changelog-file=a.yaml --url=x tag v1").len(), 3);
    assert!(failure("tag v1 --changelog-file=a.yaml").starts_with("Unexpected argument(s): --changelog-file=a.yaml"));
}

#[test]
fn secrets_are_not_repeated() {
    for line in [
        "update --pasword=s3cret",
        "update --pasword s3cret",
        "--pasword s3cret update",
        "update --db-password=s3cret",
        "completions --password=s3cret",
        "update --ulr=postgres://ann:s3cret@db/x",
        "update --password=s3cret --password=s3cret",
        "update postgres://ann:s3cret@db/x",
    ] {
        assert!(!failure(line).contains("s3cret"), "{line}: {}", failure(line));
    }
    let shown = format!("{:?}", run("update --password=s3cret -Dpw=s3cret --url=postgres://a:s3cret@h/d"));
    assert!(!shown.contains("s3cret"), "{shown}");
}
