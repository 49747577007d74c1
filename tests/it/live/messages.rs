//! What goes where: results, messages, logs, files; and what is never written.

use super::project::Project;
use super::{Database, block_on, server_url};
use crate::program::run_in;

const ONE: &str = "- changeSet: {id: 1, author: a, changes: [{sql: {sql: create table t1 (a int)}}]}\n";

#[test]
fn a_script_goes_to_a_file() {
    let project = Project::on(Database::sqlite(), ONE);
    let printed = project.ok(&["update-sql"]);
    assert!(printed.stderr.ends_with("Liquibase command 'update-sql' was executed successfully.\n"), "{}", printed.stderr);
    assert!(!printed.stderr.contains("Running Changeset"), "{}", printed.stderr);
    let written = project.ok(&["updateSQL", "--output-file", "out.sql"]);
    assert_eq!(written.stdout, "");
    assert_eq!(written.stderr, "Output saved to out.sql\nLiquibase command 'updateSQL' was executed successfully.\n");
    let file = std::fs::read_to_string(project.folder.path().join("out.sql")).unwrap();
    let without_time = |text: &str| {
        text.lines()
            .filter(|l| !l.contains("Ran at") && !l.contains("LOCKEDBY") && !l.contains("INSERT"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(without_time(&file), without_time(&printed.stdout));
    let own = project.ok(&["update-sql", "--suppress-liquibase-sql=true"]).stdout;
    assert!(own.ends_with("-- Changeset changelog.yaml::1::a\ncreate table t1 (a int);\n\n"), "{own}");
    assert!(!own.contains("DATABASECHANGELOG"), "{own}");
}

/// A mistyped URL leaves no empty database behind.
#[test]
fn only_what_runs_changesets_makes_a_database() {
    let project = Project::on(Database::sqlite(), ONE);
    let said = "WARNING: there is no database absent.db yet: an empty one stands for it, and";
    project.write_file("liquibase.properties", "url: sqlite:absent.db\nchangeLogFile: changelog.yaml\n");
    let call = |words: &[&str]| run_in(project.folder.path(), words);
    let absent = project.folder.path().join("absent.db");
    for (words, shown) in [
        (&["status"][..], "1 changeset has not been applied to sqlite:absent.db"),
        (&["status", "--wait-until-applied", "0"], "1 changeset has not been applied within 0 seconds"),
        (&["plan"], "changelog.yaml::1::a"),
        (&["validate"], "No validation errors found"),
        (&["history"], "history"),
        (&["list-locks"], "No locks"),
        (&["diagnose"], "No changeset is half done"),
        (&["update-sql"], "create table t1 (a int);"),
        (&["rollback-count", "1"], "0 changesets rolled back"),
        (&["release-locks"], "released"),
        (&["clear-checksums"], "clear-checksums"),
        (&["tag-exists", "v1"], "v1"),
        (&["unexpected-changesets"], "unexpected"),
        (&["calculate-checksum", "--changeset-identifier", "changelog.yaml::1::a"], "9:"),
    ] {
        let ran = call(words);
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains(shown), "{words:?}: {ran:?}");
        assert!(ran.stderr.contains(said), "{words:?}: {ran:?}");
        assert!(!absent.exists(), "{words:?}");
    }
    let ran = call(&["update"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.stderr.contains("WARNING"), "{}", ran.stderr);
    assert!(absent.exists());
    assert!(!call(&["status"]).stderr.contains("WARNING"));
}

/// What cannot be read does not hide what is wrong with the rest, and is not itself taken for edited.
#[test]
fn everything_wrong_is_told_in_one_pass() {
    let first = "- changeSet: {id: 1, author: a, changes: [{sql: {sql: create table t1 (a int)}}]}\n- changeSet: {id: 2, author: a, changes: [{dropTable: {tableName: t1}}]}\n";
    let project = Project::on(Database::sqlite(), first);
    project.ok(&["update"]);
    project.write(
        "
- changeSet: {id: 1, author: a, changes: [{sql: {sql: create table t1 (b int)}}]}
- changeSet: {id: 2, author: a, changes: [{dropTabel: {tableName: t1}}]}
- changeSet: {id: 3, author: a, changes: [{dropTable: {cascadeConstraints: true}}]}
- changeSet: {id: 4, author: a, changes: [{sql: {sql: select 1}}]}
- changeSet: {id: 4, author: a, changes: [{sql: {sql: select 2}}]}
",
    );
    let expected = ["E0202", "E0403", "E0402", "E0401"];
    for command in ["update", "validate", "update-sql"] {
        let told = project.fails(&[command], 3, "4 errors in the changelog changelog.yaml; nothing was run").stderr;
        let codes: Vec<&str> = told.lines().filter_map(|l| l.strip_prefix("error[")?.split(']').next()).collect();
        assert_eq!(codes, expected, "{command}: {told}");
    }
    let document: serde_json::Value = serde_json::from_str(&project.fails(&["validate", "--format", "json"], 3, "").stdout).unwrap();
    let problems = document["problems"].as_array().unwrap().iter().filter(|p| p["severity"] == "error");
    let codes: Vec<&str> = problems.map(|p| p["code"].as_str().unwrap()).collect();
    assert_eq!((codes.as_slice(), &document["valid"]), (&expected[..], &serde_json::Value::Bool(false)));
}

#[test]
fn a_place_of_the_search_path_that_holds_nothing_is_told() {
    let project = Project::on(Database::sqlite(), ONE);
    std::fs::write(project.folder.path().join("old.jar"), "PK").unwrap();
    let told = project.ok(&["status", "--search-path", ".,etc/missing,old.jar"]).stderr;
    let folder = project.folder.path().display();
    assert!(
        told.contains(&format!("WARNING: nothing is read from {folder}/etc/missing of the search path: there is no such folder")),
        "{told}"
    );
    assert!(told.contains(&format!("{folder}/old.jar of the search path: it is no folder; unpack an archive into one")), "{told}");
    project.fails(&["status", "--strict", "true", "--search-path", ".,etc/missing"], 2, "there is no such folder");
}

#[test]
fn a_summary_is_as_long_as_it_is_wanted() {
    let project = Project::on(Database::sqlite(), ONE);
    assert_eq!(project.ok(&["update", "--show-summary", "OFF"]).stdout, "");
    assert_eq!(project.ok(&["update", "--show-summary-output", "LOG"]).stdout, "");
    let box_of_one = "\nUPDATE SUMMARY\nRun:                          0\nPreviously run:               1\nFiltered out:                 0\n-------------------------------\nTotal change sets:            1\n\n";
    assert_eq!(project.ok(&["update"]).stdout, box_of_one);
}

#[test]
fn the_log_has_the_form_of_liquibase() {
    let project = Project::on(Database::sqlite(), ONE);
    let ran = project.ok(&["update", "--log-level", "FINE"]);
    let line = ran.stderr.lines().find(|l| l.ends_with("] create table t1 (a int)")).unwrap_or_else(|| panic!("{}", ran.stderr));
    let (time, rest) = line.strip_prefix('[').and_then(|l| l.split_once("] ")).unwrap();
    assert!(time.parse::<jiff_free::DateTime>().is_ok(), "{time}");
    assert_eq!(rest, "FINE [liquibase.executor] create table t1 (a int)");
    assert!(ran.stderr.contains("] INFO [liquibase.lockservice] Successfully acquired change log lock\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("] INFO [liquibase.lockservice] Successfully released change log lock\n"), "{}", ran.stderr);

    let ran = project.ok(&["status", "--log-level", "FINE", "--log-file", "run.log", "--log-format", "JSON"]);
    assert!(!ran.stderr.contains("SELECT"), "{}", ran.stderr);
    assert!(ran.stderr.contains("Logs saved to run.log\n"), "{}", ran.stderr);
    let log = std::fs::read_to_string(project.folder.path().join("run.log")).unwrap();
    for line in log.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(object["logger"].as_str().unwrap().starts_with("liquibase."), "{line}");
    }
    assert!(log.contains(r#""level":"FINE","logger":"liquibase.executor","message":"SELECT "#), "{log}");
}

/// Just enough of a date and time to see that a text is one.
mod jiff_free {
    pub(super) struct DateTime;

    impl std::str::FromStr for DateTime {
        type Err = ();

        fn from_str(text: &str) -> Result<Self, ()> {
            let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            (shape == "0000-00-00 00:00:00").then_some(DateTime).ok_or(())
        }
    }
}

#[test]
fn a_password_is_never_written() {
    let name = "a_password_is_never_written";
    for server in ["POSTGRES_PASSWORD", "MARIADB"] {
        let Some(url) = server_url(name, server) else { continue };
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("changelog.yaml"), format!("databaseChangeLog:\n{ONE}")).unwrap();
        let secret = "s3cr3t-tea";
        let (scheme, rest) = url.split_once("://").unwrap();
        let (user, place) = rest.split_once('@').unwrap();
        let user = user.split(':').next().unwrap();
        let with_secret = format!("{scheme}://{user}:{secret}@{place}");
        let without = format!("{scheme}://{place}");
        for words in [
            vec!["update", "--url", &with_secret],
            vec!["update", "--url", &without, "--username", user, "--password", secret],
            vec!["plan", "--url", &with_secret],
            vec!["config", "show", "update", "--url", &with_secret, "--password", secret],
        ] {
            let mut all = words.clone();
            all.extend(["--changelog-file", "changelog.yaml", "--log-level", "FINEST"]);
            let ran = run_in(folder.path(), &all);
            assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{words:?}: {}{}", ran.stdout, ran.stderr);
            if words[0] != "config" {
                assert_eq!(ran.code, 4, "{words:?}: {}", ran.stderr);
            }
        }
    }
}

#[test]
fn nothing_is_recorded_of_a_run_that_never_began() {
    block_on(async {
        for project in Project::each("nothing_is_recorded_of_a_run_that_never_began", ONE).await {
            let broken = "- changeSet: {id: 2, author: a, changes: [{createIndx: {tableName: t1}}]}\n";
            project.write(&format!("{ONE}{broken}"));
            let failed = project.fails(&["update"], 3, "did you mean `createIndex`?");
            assert!(failed.stderr.contains("--> changelog.yaml:3:"), "{}", failed.stderr);
            let report = project.run(&["validate", "--format", "json"]);
            let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
            assert_eq!((&report["valid"], &report["problems"][0]["line"]), (&false.into(), &3.into()));
            project.db.remove().await;
        }
    });
}

/// `plan` says what `update` would do, and that is nothing when it refuses the changelog.
#[test]
fn a_plan_tells_what_update_refuses() {
    let project = Project::on(Database::sqlite(), ONE);
    project.ok(&["update"]);
    let edited = "- changeSet: {id: 1, author: a, changes: [{sql: {sql: create table t2 (a int)}}]}\n";
    project.write(edited);
    project.fails(&["update"], 3, "error[E0403]");
    let plan = project.fails(&["plan"], 3, "ERROR: update refuses this on sqlite: 1 changeset has errors").stdout;
    assert!(
        plan.starts_with("ran      changelog.yaml::1::a  [changelog.yaml:2]\n    error: changeset changelog.yaml::1::a was edited"),
        "{plan}"
    );
    let plan = project.fails(&["plan", "--format", "json"], 3, "1 changeset has errors").stdout;
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    assert!(plan["changesets"][0]["errors"][0].as_str().unwrap().contains("was edited after it ran"), "{plan}");

    project.write(&format!("{ONE}{}{}", ONE.replace("id: 1", "id: 2"), ONE.replace("id: 1", "id: 2")));
    let told = project.fails(&["update"], 3, "error[E0402]").stderr;
    assert!(told.contains("= hint: the earlier one stands at changelog.yaml:3; give this one another id"), "{told}");
    let plan = project.fails(&["plan"], 3, "1 changeset has errors").stdout;
    let errors: Vec<&str> = plan.lines().filter(|l| l.contains("error: ")).collect();
    assert_eq!(errors, ["    error: changeset changelog.yaml::2::a has the identity of an earlier one"]);
    project.ok(&["plan", "--allow-duplicated-changeset-identifiers"]);
}

#[test]
fn a_journal_that_is_not_there_is_not_forgotten() {
    let project = Project::on(Database::sqlite(), ONE);
    let told = project.plain(&["diagnose", "--forget-journal"]).stdout;
    assert!(told.ends_with(" - No changeset is half done\n"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_result_that_cannot_be_written_is_no_success() {
    let project = Project::on(Database::sqlite(), ONE);
    let full = std::fs::File::create("/dev/full").unwrap();
    let words = ["plan", "--url", &project.db.url, "--changelog-file", "changelog.yaml"];
    let ran = crate::program::command_in(project.folder.path(), &words).stdout(full).output().unwrap();
    assert_eq!(ran.status.code(), Some(1));
    assert_eq!(String::from_utf8(ran.stderr).unwrap(), "cannot write the result: No space left on device (os error 28)\n");
}

#[test]
fn a_server_without_a_database_is_told() {
    let Some(url) = server_url("a_server_without_a_database_is_told", "MYSQL") else { return };
    let project = Project::on(Database::sqlite(), ONE);
    let (server, _) = url.rsplit_once('/').unwrap();
    let ran = run_in(project.folder.path(), &["update", "--url", server, "--changelog-file", "changelog.yaml"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.starts_with("the URL names no database, and tables must be in one"), "{}", ran.stderr);
}

#[test]
fn another_server_than_the_url_says_is_told() {
    let Some(url) = server_url("another_server_than_the_url_says_is_told", "MYSQL") else { return };
    let project = Project::on(Database::sqlite(), ONE);
    let (_, place) = url.split_once("://").unwrap();
    let url = format!("postgres://{place}");
    let ran = run_in(project.folder.path(), &["status", "--url", &url, "--changelog-file", "changelog.yaml"]);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(ran.stderr.contains("does not speak the protocol of PostgreSQL; check the host and port of the URL"), "{}", ran.stderr);
}

#[test]
fn documents_name_the_database_alike() {
    block_on(async {
        for project in Project::each("documents_name_the_database_alike", ONE).await {
            let name = |words: &[&str]| -> String {
                let document: serde_json::Value = serde_json::from_str(&project.plain(words).stdout).unwrap();
                document["database"].as_str().unwrap().to_owned()
            };
            let shown = name(&["history", "--format=json"]);
            assert!(project.db.url.starts_with(shown.split("*****").next().unwrap()), "{shown}");
            for command in ["list-locks", "diagnose"] {
                assert_eq!(name(&[command, "--format=json"]), shown, "{command}");
            }
            let status = project.ok(&["status", "--format=json"]).stdout;
            assert!(status.contains(&format!("\"database\": \"{shown}\"")), "{status}");
            project.db.remove().await;
        }
    });
}

/// Where definitions commit by themselves, a changeset whose row is refused has taken effect and is not recorded.
#[test]
fn what_the_history_cannot_hold_is_refused_before_anything_runs() {
    block_on(async {
        let long = "x".repeat(256);
        let changesets = format!(
            "- changeSet: {{id: 1, author: a, changes: [{{sql: {{sql: create table t1 (a int)}}}}]}}\n\
             - changeSet: {{id: {long}, author: a, changes: [{{sql: {{sql: create table t2 (a int)}}}}]}}\n"
        );
        for project in Project::each("what_the_history_cannot_hold_is_refused", &changesets).await {
            if project.db.dialect == "sqlite" {
                project.ok(&["update"]);
            } else {
                let why = "id of 256 characters: the column ID of the history table holds 255";
                let told = project.fails(&["update"], 3, why).stderr;
                assert!(told.contains("changelog.yaml:3:3"), "{told}");
                let plan = project.fails(&["plan"], 3, "1 changeset has errors").stdout;
                assert!(plan.contains(&format!("    error: {why}\n")), "{plan}");
            }
            if project.db.dialect == "postgresql" {
                // A column that somebody made wider holds it.
                project.write(ONE);
                project.ok(&["update"]);
                project.execute("ALTER TABLE LEDGER ALTER COLUMN ID TYPE VARCHAR(300)").await;
                project.write(&changesets);
                project.ok(&["update"]);
            }
            project.db.remove().await;
        }
    });
}

/// The place of a refused statement is its own, and its word where the server says which.
#[test]
fn a_refused_statement_is_shown_where_it_stands() {
    block_on(async {
        let changesets = "- changeSet:\n    id: 1\n    author: a\n    changes:\n    - sql:\n        sql: |\n          select 1;\n\n          select\n            nothing_there;\n";
        for project in Project::each("a_refused_statement_is_shown_where_it_stands", changesets).await {
            let line = if project.db.dialect == "postgresql" { 11 } else { 10 };
            let told = project.fails(&["update"], 1, "error[E0406]").stderr;
            assert!(told.contains(&format!(" --> changelog.yaml:{line}:")), "{line}: {told}");
            project.write_file("f.sql", "--liquibase formatted sql\n--changeset a:1\nselect 1;\n\nselct\n  2;\n--rollback selct 3;\n");
            project.write("- include: {file: f.sql}\n");
            project.fails(&["update"], 1, " --> f.sql:5:1\n  |\n5 | selct\n  | ^^^^^\n");
            project.db.remove().await;
        }
    });
}
