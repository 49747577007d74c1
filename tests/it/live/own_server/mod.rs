//! Faults that take a server with them, so each test has its own: killed, replicated, without space.

mod mariadb;
mod postgres;

use super::project::rows;
use super::{Database, block_on, open};
use crate::live::project::Project;
use crate::program::command_in;
use changelog::db::Value;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Time enough for a server to start, or to get somewhere.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many changesets [`many_changesets`] has beside the first one.
const MANY: usize = 300;

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Starts an update.
fn start(project: &Project) -> Child {
    let words = ["update", "--url", &project.db.url, "--changelog-file", "changelog.yaml"];
    command_in(project.folder.path(), &words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Changesets with a table and a row each; a third of them outside of a transaction.
fn many_changesets() -> String {
    let mut changesets = "- changeSet: {id: t, author: a, changes: [{sql: create table t (n int)}]}\n".to_owned();
    for n in 0..MANY {
        let alone = if n % 3 == 0 { ", runInTransaction: false" } else { "" };
        let changes = format!(
            "{{createTable: {{tableName: t{n}, columns: [{{column: {{name: n, type: int}}}}]}}}}, {{sql: insert into t values ({n})}}"
        );
        writeln!(changesets, "- changeSet: {{id: c{n}, author: a{alone}, changes: [{changes}]}}").unwrap();
    }
    changesets
}

/// Waits until so many changesets are recorded, or the update is at its end; how many there are then.
async fn recorded_by_now(project: &Project, update: &mut Child, wanted: usize) -> usize {
    let until = Instant::now() + PATIENCE;
    loop {
        let count = project.try_query("SELECT ID FROM LEDGER").await.unwrap_or(0);
        if count >= wanted || update.try_wait().unwrap().is_some() || Instant::now() > until {
            return count;
        }
    }
}

/// Takes the server away under an update of [`many_changesets`], six times; the next one must complete it. `restart` ends the server
/// and starts it again.
async fn crash_in_an_update(project: &Project, mut restart: impl AsyncFnMut()) {
    let mut interrupted = 0;
    for round in 1..=6 {
        let mut child = start(project);
        recorded_by_now(project, &mut child, round * 40).await;
        restart().await;
        interrupted += i32::from(!child.wait().unwrap().success());
    }
    assert!(interrupted >= 3, "only {interrupted} of the runs were interrupted");
    project.ok(&["update"]);
    are_done_once(project).await;
}

/// What is there when each of [`many_changesets`] was done once.
async fn are_done_once(project: &Project) {
    let (all, own) = ((MANY + 1).to_string(), MANY.to_string());
    assert_eq!(project.query("SELECT COUNT(*), COUNT(DISTINCT ID) FROM LEDGER").await, rows(&[&[&all, &all]]));
    assert_eq!(project.query("SELECT COUNT(*), COUNT(DISTINCT n) FROM t").await, rows(&[&[&own, &own]]));
    let names = project.catalog().await.tables.into_keys().filter(|name| name.starts_with('t')).count();
    assert_eq!(names, MANY + 1);
    assert!(project.try_query("SELECT * FROM JOURNALS").await.is_err(), "the journal is still there");
    assert_eq!(project.query("SELECT COUNT(*) FROM LOCKS WHERE LOCKEDBY IS NULL").await, rows(&[&["1"]]));
}

/// Writes a changelog whose second changeset needs more space than a limited server has.
fn write_large(project: &Project) {
    let line = "x".repeat(1000);
    let rows: String = (0..30_000).map(|n| format!("{n},{line}\n")).collect();
    project.write_file("rows.csv", &format!("n,text\n{rows}"));
    project.write(
        "
- changeSet: {id: t, author: a, changes: [{createTable: {tableName: t, columns: [{column: {name: n, type: int}}, {column: {name: text, type: text}}]}}]}
- changeSet: {id: rows, author: a, changes: [{loadData: {tableName: t, file: rows.csv}}]}
",
    );
}

/// Nothing half-done, and the lock is free.
async fn is_as_before(project: &Project) {
    assert_eq!(project.recorded().await, rows(&[&["t", "EXECUTED"]]));
    assert_eq!(project.query("SELECT COUNT(*) FROM t").await, rows(&[&["0"]]));
    assert_eq!(project.query("SELECT COUNT(*) FROM LOCKS WHERE LOCKEDBY IS NULL").await, rows(&[&["1"]]));
}

/// An update that meets the end of the space, which the server reports with these words.
async fn fails_without_space(project: &Project, words: &str) {
    write_large(project);
    let failed = project.fails(&["update"], 1, "Migration failed for changeset changelog.yaml::rows::a");
    assert!(failed.stderr.contains(words), "{}", failed.stderr);
    assert!(!failed.stderr.contains("taken effect"), "{}", failed.stderr);
    assert!(failed.stderr.len() < 5000, "a wall of rows: {}", failed.stderr);
    is_as_before(project).await;
}

/// The same update, with space.
async fn goes_on_with_space(project: &Project) {
    project.ok(&["update"]);
    assert_eq!(project.query("SELECT COUNT(*), COUNT(DISTINCT n) FROM t").await, rows(&[&["30000", "30000"]]));
}

/// Fault 30 for a file of SQLite's, which this program itself cannot make larger.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_grow_fails_cleanly() {
    let project = Project::on(Database::sqlite(), "");
    write_large(&project);
    let words = ["update", "--url", &project.db.url, "--changelog-file", "changelog.yaml"];
    let program = command_in(project.folder.path(), &words);
    let mut limited = Command::new("bash");
    // Without the signal, a write that goes too far is an error.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 8000; exec \"$@\"", "bash"]).arg(program.get_program()).args(program.get_args());
    let output = limited.current_dir(project.folder.path()).env_clear().env("TZ", "UTC").env("PATH", "/usr/bin:/bin").output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(!told.contains("taken effect"), "{told}");
    assert!(told.contains("Migration failed for changeset changelog.yaml::rows::a"), "{told}");
    block_on(async {
        is_as_before(&project).await;
        project.ok(&["update"]);
        let mut connection = open(&project.db.url).await;
        let found = connection.query("SELECT COUNT(*) FROM t").await.unwrap();
        connection.close().await.unwrap();
        assert_eq!(found[0].values, [Value::Int(30_000)]);
    });
}
