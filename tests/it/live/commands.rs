//! The program against real databases: what a command leaves in the schema and in the ledger, also when it is killed.

use super::{Database, block_on, open};
use crate::program::{Ran, command_in, run_in};
use changelog::db::Connection;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a command on the example changelog.
fn shop(db: &Database, words: &[&str]) -> Ran {
    let mut all = vec![words[0], "--url", &db.url, "--changelog-file", "changelogs/shop/main.yaml"];
    all.extend(&words[1..]);
    run_in(&root(), &all)
}

/// A command that takes no changelog.
fn plain(db: &Database, words: &[&str]) -> Ran {
    let mut all = vec![words[0], "--url", &db.url];
    all.extend(&words[1..]);
    run_in(&root(), &all)
}

/// Runs a command on a changelog of that text in its own folder.
fn on_text(db: &Database, folder: &Path, text: &str, words: &[&str]) -> Ran {
    std::fs::write(folder.join("changelog.yaml"), text).unwrap();
    let mut all = vec![words[0], "--url", &db.url, "--changelog-file", "changelog.yaml"];
    all.extend(&words[1..]);
    run_in(folder, &all)
}

async fn rows(connection: &mut Box<dyn Connection>, sql: &str) -> Vec<Vec<Option<String>>> {
    connection.query(sql).await.unwrap().iter().map(|r| r.values.iter().map(|v| v.to_text()).collect()).collect()
}

/// The tables of the database, without the ledger's own.
async fn tables(db: &Database) -> Vec<String> {
    let sql = match db.dialect {
        "sqlite" => "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY 1",
        "postgresql" => "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
        _ => "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1",
    };
    let mut connection = open(&db.url).await;
    let names = rows(&mut connection, sql).await.into_iter().flatten().flatten().collect::<Vec<_>>();
    connection.close().await.unwrap();
    names.into_iter().filter(|n| !n.to_lowercase().starts_with("databasechangelog")).collect()
}

async fn ledger(db: &Database) -> Vec<Vec<Option<String>>> {
    let mut connection = open(&db.url).await;
    let sql = format!("SELECT ID, EXECTYPE FROM {} ORDER BY ORDEREXECUTED", ledger_name(db));
    let found = rows(&mut connection, &sql).await;
    connection.close().await.unwrap();
    found
}

fn ledger_name(db: &Database) -> &'static str {
    if db.dialect == "postgresql" { "databasechangelog" } else { "DATABASECHANGELOG" }
}

fn executed(ids: &[&str]) -> Vec<Vec<Option<String>>> {
    ids.iter().map(|id| vec![Some((*id).to_owned()), Some("EXECUTED".to_owned())]).collect()
}

#[test]
fn the_example_is_deployed_once_and_undone() {
    block_on(async {
        for db in Database::each("the_example_is_deployed_once_and_undone").await {
            let first = shop(&db, &["update", "--contexts", "prod"]);
            assert_eq!(first.code, 0, "{}: {}", db.dialect, first.stderr);
            assert!(first.stdout.contains("Run:                          6\n"), "{}", first.stdout);
            assert!(first.stdout.contains("Context mismatch:             1\n"), "{}", first.stdout);
            let recorded = executed(&["customer", "purchase", "purchase-note", "revenue", "countries", "release-1.0"]);
            assert_eq!(ledger(&db).await, recorded, "{}", db.dialect);
            let deployed = tables(&db).await;
            assert!(deployed.iter().any(|t| t == "customer"), "{deployed:?}");

            let second = shop(&db, &["update", "--contexts", "prod"]);
            assert_eq!(second.code, 0);
            assert!(second.stderr.contains("Database is up to date"), "{}", second.stderr);
            assert!(second.stdout.contains("Previously run:               6\n"), "{}", second.stdout);
            assert_eq!(ledger(&db).await, recorded);

            let status = shop(&db, &["status", "--format", "json"]);
            let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
            assert_eq!(status["pending"][0]["id"], "demo-orders");
            assert_eq!(status["pending"].as_array().map(Vec::len), Some(1));
            assert!(plain(&db, &["tag-exists", "1.0"]).stderr.contains("already exists"));
            assert!(plain(&db, &["tag-exists", "9"]).stderr.contains("does NOT exist"));
            let history = plain(&db, &["history", "--format", "json"]);
            let history: serde_json::Value = serde_json::from_str(&history.stdout).unwrap();
            assert_eq!(history["changesets"].as_array().map(Vec::len), Some(6));

            let back = shop(&db, &["rollback-count", "3"]);
            assert_eq!(back.code, 0, "{}: {}", db.dialect, back.stderr);
            assert_eq!(ledger(&db).await, recorded[..3]);
            assert_eq!(shop(&db, &["update", "--contexts", "prod"]).code, 0);
            assert_eq!(tables(&db).await, deployed, "{}", db.dialect);
            let all = shop(&db, &["rollback-count", "100"]);
            assert_eq!(all.code, 0, "{}: {}", db.dialect, all.stderr);
            assert_eq!(tables(&db).await, Vec::<String>::new(), "{}", db.dialect);
            assert_eq!(ledger(&db).await, Vec::<Vec<Option<String>>>::new());
            assert!(plain(&db, &["list-locks"]).stdout.contains("No locks"));
            db.remove().await;
        }
    });
}

#[test]
fn what_is_recorded_only_is_not_run() {
    block_on(async {
        for db in Database::each("what_is_recorded_only_is_not_run").await {
            assert_eq!(shop(&db, &["mark-next-changeset-ran"]).code, 0);
            assert_eq!(ledger(&db).await, executed(&["customer"]));
            assert_eq!(shop(&db, &["changelog-sync"]).code, 0);
            assert_eq!(ledger(&db).await.len(), 7);
            assert_eq!(tables(&db).await, Vec::<String>::new());
            assert!(shop(&db, &["status"]).stdout.contains("is up to date"));
            let forgotten = plain(&db, &["clear-checksums"]);
            assert_eq!(forgotten.code, 0, "{}", forgotten.stderr);
            assert_eq!(shop(&db, &["update"]).code, 0);
            let mut connection = open(&db.url).await;
            let sql = format!("SELECT COUNT(*) FROM {} WHERE MD5SUM LIKE '9:%'", ledger_name(&db));
            assert_eq!(rows(&mut connection, &sql).await, [[Some("7".to_owned())]]);
            connection.close().await.unwrap();
            assert_eq!(plain(&db, &["tag", "here"]).code, 0);
            assert!(plain(&db, &["tag-exists", "here"]).stderr.contains("already exists"));
            assert!(plain(&db, &["tag-exists", "HERE"]).stderr.contains("does NOT exist"));
            db.remove().await;
        }
    });
}

const FAILS: &str = "databaseChangeLog:
- changeSet: {id: good, author: a, changes: [{createTable: {tableName: kept, columns: [{column: {name: id, type: int}}]}}]}
- changeSet:
    id: bad
    author: a
    changes:
    - createTable: {tableName: half, columns: [{column: {name: id, type: int}}]}
    - sql: {sql: insert into nowhere values (1)}
";

#[test]
fn a_failing_changeset_leaves_nothing_where_the_database_can_undo_it() {
    block_on(async {
        for db in Database::each("a_failing_changeset_leaves_nothing_where_the_database_can_undo_it").await {
            let folder = tempfile::tempdir().unwrap();
            let ran = on_text(&db, folder.path(), FAILS, &["update"]);
            assert_eq!(ran.code, 1, "{}", ran.stderr);
            assert!(ran.stderr.contains("changelog.yaml:8:"), "the place of the change is told: {}", ran.stderr);
            assert!(ran.stderr.contains("insert into nowhere"), "{}", ran.stderr);
            assert_eq!(ledger(&db).await, executed(&["good"]), "{}", db.dialect);
            let left = tables(&db).await;
            if matches!(db.dialect, "postgresql" | "sqlite") {
                assert_eq!(left, ["kept"], "{}", db.dialect);
            } else {
                assert_eq!(left, ["half", "kept"]);
                assert!(ran.stderr.contains("The first statement of the changeset has taken effect"), "{}", ran.stderr);
            }
            assert!(plain(&db, &["list-locks"]).stdout.contains("No locks"));
            db.remove().await;
        }
    });
}

#[test]
fn a_held_lock_is_respected_and_can_be_released() {
    block_on(async {
        for db in Database::each("a_held_lock_is_respected_and_can_be_released").await {
            assert_eq!(shop(&db, &["update-count", "1"]).code, 0);
            let mut connection = open(&db.url).await;
            let lock = format!("{}{}", ledger_name(&db), if db.dialect == "postgresql" { "lock" } else { "LOCK" });
            let held = if db.dialect == "postgresql" { "TRUE" } else { "1" };
            let sql = format!("UPDATE {lock} SET LOCKED = {held}, LOCKEDBY = 'somebody', LOCKGRANTED = '2026-01-02 03:04:05'");
            connection.execute(&sql).await.unwrap();
            connection.close().await.unwrap();
            let refused = shop(&db, &["update", "--changelog-lock-wait-time-in-minutes", "0"]);
            assert_eq!(refused.code, 5, "{}", refused.stderr);
            assert!(refused.stderr.contains("locked by somebody since"), "{}", refused.stderr);
            assert_eq!(ledger(&db).await.len(), 1);
            let listed = plain(&db, &["list-locks", "--format", "json"]);
            let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
            assert_eq!(listed["locks"][0]["lockedBy"], "somebody");
            assert_eq!(plain(&db, &["release-locks"]).code, 0);
            assert_eq!(shop(&db, &["update"]).code, 0);
            assert_eq!(ledger(&db).await.len(), 7);
            db.remove().await;
        }
    });
}

#[test]
fn two_runs_at_once_do_everything_once() {
    block_on(async {
        for db in Database::each("two_runs_at_once_do_everything_once").await {
            // The tables of the ledger are there: making them at the same time is refused by the server, not by us.
            assert_eq!(shop(&db, &["update-count", "1"]).code, 0);
            let words = ["update", "--url", &db.url, "--changelog-file", "changelogs/shop/main.yaml", "--changelog-lock-poll-rate", "1"];
            let children: Vec<_> =
                (0..4).map(|_| command_in(&root(), &words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()).collect();
            for child in children {
                let output = child.wait_with_output().unwrap();
                assert!(output.status.success(), "{}: {}", db.dialect, String::from_utf8_lossy(&output.stderr));
            }
            assert_eq!(ledger(&db).await.len(), 7, "{}", db.dialect);
            db.remove().await;
        }
    });
}

/// A changelog whose second changeset makes a table and then takes its time.
fn slow(dialect: &str) -> String {
    let sleep = match dialect {
        "postgresql" => "select pg_sleep(10)",
        // Hours of counting.
        "sqlite" => "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000000000) select count(*) from n",
        _ => "select sleep(10)",
    };
    format!(
        "databaseChangeLog:
- changeSet: {{id: first, author: a, changes: [{{createTable: {{tableName: kept, columns: [{{column: {{name: id, type: int}}}}]}}}}]}}
- changeSet:
    id: slow
    author: a
    changes:
    - createTable: {{tableName: half, columns: [{{column: {{name: id, type: int}}}}]}}
    - sql: {{sql: {sleep}}}
"
    )
}

/// Starts an update and waits until its second changeset is under way.
fn start_slow(db: &Database, folder: &Path) -> std::process::Child {
    start(db, folder, &slow(db.dialect))
}

/// As [`start_slow`], with that changelog.
fn start(db: &Database, folder: &Path, changelog: &str) -> std::process::Child {
    std::fs::write(folder.join("changelog.yaml"), changelog).unwrap();
    let log = std::fs::File::create(folder.join("log")).unwrap();
    let words = ["update", "--url", &db.url, "--changelog-file", "changelog.yaml"];
    let child = command_in(folder, &words).stdout(Stdio::null()).stderr(log).spawn().unwrap();
    let started = Instant::now();
    while !std::fs::read_to_string(folder.join("log")).unwrap().contains("::slow::a") {
        assert!(started.elapsed() < Duration::from_secs(30), "the slow changeset never began");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    child
}

#[test]
fn a_killed_run_leaves_effect_and_record_together() {
    block_on(async {
        let Some(db) = Database::create("a_killed_run_leaves_effect_and_record_together", "POSTGRES").await else { return };
        let folder = tempfile::tempdir().unwrap();
        let mut child = start_slow(&db, folder.path());
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(ledger(&db).await, executed(&["first"]));
        assert_eq!(tables(&db).await, ["kept"]);
        // The row of the lock outlives its owner, but not its session: the next run takes it over.
        let quick = slow("postgresql").replace("pg_sleep(10)", "pg_sleep(0)");
        let next = on_text(&db, folder.path(), &quick, &["update"]);
        assert_eq!(next.code, 0, "{}", next.stderr);
        assert!(next.stderr.contains("Took over the change log lock of "), "{}", next.stderr);
        assert_eq!(ledger(&db).await, executed(&["first", "slow"]));
        db.remove().await;
    });
}

#[test]
#[cfg(unix)]
fn a_run_that_is_told_to_stop_gives_the_lock_back() {
    block_on(async {
        let name = "a_run_that_is_told_to_stop_gives_the_lock_back";
        for db in Database::each(name).await {
            let folder = tempfile::tempdir().unwrap();
            let mut child = start_slow(&db, folder.path());
            let pid = child.id().to_string();
            std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
            let status = child.wait().unwrap();
            let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
            assert_eq!(status.code(), Some(143), "{log}");
            assert!(log.contains("the lock is free"), "{log}");
            assert!(plain(&db, &["list-locks"]).stdout.contains("No locks"));
            assert_eq!(ledger(&db).await, executed(&["first"]));
            if matches!(db.dialect, "postgresql" | "sqlite") {
                assert_eq!(tables(&db).await, ["kept"]);
            }
            db.remove().await;
        }
    });
}

/// Each signal has an exit code of its own, also where the run itself comes to its end in time.
#[test]
#[cfg(unix)]
fn a_run_that_ends_in_time_says_what_it_was_told() {
    block_on(async {
        let name = "a_run_that_ends_in_time_says_what_it_was_told";
        for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
            let Some(db) = Database::create(name, "POSTGRES").await else { return };
            let folder = tempfile::tempdir().unwrap();
            let third = "- changeSet: {id: third, author: a, changes: [{sql: {sql: select 1}}]}\n";
            let changelog = slow(db.dialect).replace("pg_sleep(10)", "pg_sleep(1)") + third;
            let mut child = start(&db, folder.path(), &changelog);
            std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
            let status = child.wait().unwrap();
            let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
            assert_eq!(status.code(), Some(code), "{log}");
            assert!(plain(&db, &["list-locks"]).stdout.contains("No locks"));
            // The statement under way came to its end, and with it its changeset; nothing was begun behind that.
            assert_eq!(ledger(&db).await, executed(&["first", "slow"]), "{log}");
            db.remove().await;
        }
    });
}

/// A checksum over a file that takes hours to read: nothing is awaited meanwhile.
#[test]
#[cfg(unix)]
fn a_command_that_is_busy_with_files_can_be_told_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::File::create(folder.path().join("endless.csv")).unwrap().set_len(1 << 40).unwrap();
    let text = "databaseChangeLog:
- changeSet: {id: 1, author: a, changes: [{loadData: {tableName: t, file: endless.csv}}]}
";
    std::fs::write(folder.path().join("c.yaml"), text).unwrap();
    let words = ["calculate-checksum", "--changelog-file", "c.yaml", "--changeset-identifier", "c.yaml::1::a", "--url", "sqlite:absent.db"];
    for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
        let mut child = command_in(folder.path(), &words).stderr(Stdio::piped()).spawn().unwrap();
        // The first line is written when the command connects, just before the file is read.
        let mut messages = std::io::BufReader::new(child.stderr.take().unwrap());
        let mut told = String::new();
        messages.read_line(&mut told).unwrap();
        assert!(told.contains("there is no database absent.db"), "{told}");
        std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        messages.read_to_string(&mut told).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{told}");
        assert!(told.contains("Stopped; nothing was under way"), "{told}");
    }
}

#[test]
fn an_old_ledger_is_brought_up_to_date() {
    block_on(async {
        for db in Database::each("an_old_ledger_is_brought_up_to_date").await {
            let name = ledger_name(&db);
            let mut connection = open(&db.url).await;
            let create = format!(
                "CREATE TABLE {name} (ID VARCHAR(63) NOT NULL, AUTHOR VARCHAR(63) NOT NULL, FILENAME VARCHAR(200) NOT NULL, DATEEXECUTED TIMESTAMP NOT NULL, MD5SUM VARCHAR(32), LIQUIBASE VARCHAR(10))"
            );
            connection.execute(&create).await.unwrap();
            let row = format!(
                "INSERT INTO {name} VALUES ('customer', 'ann', 'changelogs/shop/tables.xml', '2014-01-02 03:04:05', NULL, '2.0.5')"
            );
            connection.execute(&row).await.unwrap();
            connection.close().await.unwrap();
            let ran = shop(&db, &["changelog-sync"]);
            assert_eq!(ran.code, 0, "{}: {}", db.dialect, ran.stderr);
            assert!(ran.stderr.contains("Adding missing databasechangelog.orderexecuted column"), "{}", ran.stderr);
            let ids: Vec<_> = ledger(&db).await;
            assert_eq!(ids.len(), 7, "{}: {ids:?}", db.dialect);
            assert_eq!(ids[0], [Some("customer".to_owned()), Some("EXECUTED".to_owned())], "{}", db.dialect);
            let mut connection = open(&db.url).await;
            let sums = rows(&mut connection, &format!("SELECT COUNT(*) FROM {name} WHERE MD5SUM LIKE '9:%'")).await;
            assert_eq!(sums, [[Some("7".to_owned())]], "{}", db.dialect);
            connection.close().await.unwrap();
            assert!(shop(&db, &["status"]).stdout.contains("is up to date"));
            db.remove().await;
        }
    });
}

#[test]
fn a_program_stands_for_a_class() {
    block_on(async {
        for db in Database::each("programs").await {
            let folder = tempfile::tempdir().unwrap();
            let path = |name: &str| folder.path().join(name).display().to_string();
            std::fs::write(
                path("fix"),
                format!(
                    "#!/bin/sh\ncat > '{}'\necho \"$CHANGELOG_CLASS $CHANGELOG_DATABASE_DIALECT $CHANGELOG_DATABASE_PASSWORD\" > '{}'\n",
                    path("given"),
                    path("told")
                ),
            )
            .unwrap();
            std::fs::write(path("refuse"), "#!/bin/sh\necho 'prices are missing' >&2\nexit 3\n").unwrap();
            for program in ["fix", "refuse"] {
                std::fs::set_permissions(path(program), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
            }
            let programs = format!("programs:\n  com.example.Fix: {}\n  com.example.Refuse: {}\n", path("fix"), path("refuse"));
            std::fs::write(path("changelog.config.yaml"), programs).unwrap();
            let text = "databaseChangeLog:
- changeSet: {id: fix, author: a, changes: [{customChange: {class: com.example.Fix, params: [{name: table, value: price}, {name: by, value: '1.10'}]}}]}
- changeSet: {id: refuse, author: a, changes: [{customChange: {class: com.example.Refuse}}]}
";
            let ran = on_text(&db, folder.path(), text, &["update"]);
            assert_eq!(ran.code, 1, "{}", ran.stderr);
            assert!(ran.stderr.contains("prices are missing"), "{}", ran.stderr);
            assert_eq!(ledger(&db).await, executed(&["fix"]), "{}", db.dialect);
            // One that stands in the URL, too, which is shown to the program without it.
            let password = if matches!(db.dialect, "mariadb" | "mysql") { "lb" } else { "" };
            let given: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path("given")).unwrap()).unwrap();
            assert_eq!(given, serde_json::json!({"table": "price", "by": "1.10"}));
            assert_eq!(std::fs::read_to_string(path("told")).unwrap(), format!("com.example.Fix {} {password}\n", db.dialect));
            std::fs::remove_file(path("given")).unwrap();
            let again = text.replace("id: fix", "id: again");
            let ran = on_text(&db, folder.path(), &again, &["update", "--allow-custom-change=false"]);
            assert_eq!(ran.code, 3, "{}", ran.stderr);
            assert!(ran.stderr.contains("customChange com.example.Fix is not allowed: allow-custom-change is false"), "{}", ran.stderr);
            assert!(!std::path::Path::new(&path("given")).exists(), "the program was started");
            db.remove().await;
        }
    });
}

#[test]
fn a_class_without_a_program_is_told_before_anything_runs() {
    block_on(async {
        let db = Database::sqlite();
        let folder = tempfile::tempdir().unwrap();
        let text = "databaseChangeLog:
- changeSet: {id: good, author: a, changes: [{createTable: {tableName: kept, columns: [{column: {name: id, type: int}}]}}]}
- changeSet: {id: java, author: a, changes: [{customChange: {class: com.example.Change}}]}
";
        let ran = on_text(&db, folder.path(), text, &["update"]);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        assert!(ran.stderr.contains("com.example.Change is a Java class"), "{}", ran.stderr);
        assert_eq!(tables(&db).await, Vec::<String>::new());
        let planned = on_text(&db, folder.path(), text, &["plan", "--format", "json"]);
        assert_eq!(planned.code, 3, "{}", planned.stderr);
        let document: serde_json::Value = serde_json::from_str(&planned.stdout).unwrap();
        let errors = |at: usize| document["changesets"][at]["errors"].as_array().unwrap().len();
        assert_eq!((errors(0), errors(1)), (0, 1), "{}", planned.stdout);
    });
}
