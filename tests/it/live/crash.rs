//! Faults at every message of a run, and kills at random moments: whatever happens, the next run completes the work, and each
//! effect is there once.
//!
//! `tests/crash` runs this for longer and writes the table of docs/reliability.md.

use super::project::{Project, Rows};
use super::proxy::{Fault, Proxy, address};
use super::{Database, block_on, variable};
use crate::program::command_in;
use std::fmt::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Everything that is committed in a way of its own: definitions and rows in one changeset, rows alone, a changeset without a
/// transaction, a data file, a changeset that is only recorded.
const MIXED: &str = "
- changeSet:
    id: both
    author: a
    changes:
    - createTable: {tableName: a, columns: [{column: {name: n, type: int}}]}
    - insert: {tableName: a, columns: [{column: {name: n, valueNumeric: 1}}]}
    - createTable: {tableName: b, columns: [{column: {name: n, type: int}}]}
    - insert: {tableName: b, columns: [{column: {name: n, valueNumeric: 1}}]}
- changeSet: {id: rows, author: a, changes: [{sql: {sql: insert into a values (2)}}, {sql: {sql: insert into b values (2)}}]}
- changeSet:
    id: alone
    author: a
    runInTransaction: false
    changes:
    - createTable: {tableName: c, columns: [{column: {name: n, type: int}}]}
    - insert: {tableName: c, columns: [{column: {name: n, valueNumeric: 1}}]}
    - createTable: {tableName: d, columns: [{column: {name: n, type: int}}]}
    - addColumn: {tableName: d, columns: [{column: {name: m, type: int}}]}
    - insert: {tableName: d, columns: [{column: {name: n, valueNumeric: 1}}]}
- changeSet: {id: data, author: a, changes: [{loadData: {tableName: a, file: data.csv, columns: [{column: {name: n, type: numeric}}]}}]}
- changeSet: {id: marked, author: a, preConditions: [{onFail: MARK_RAN}, {tableExists: {tableName: nope}}], changes: [{sql: {sql: insert into a values (9)}}]}
- changeSet: {id: last, author: a, changes: [{addColumn: {tableName: b, columns: [{column: {name: m, type: int}}]}}, {sql: {sql: update b set m = n}}]}
";

fn project(db: Database) -> Project {
    let project = Project::on(db, MIXED);
    project.write_file("data.csv", "n\n3\n4\n5\n");
    project
}

/// What is there when everything was done once.
async fn check(project: &Project, what: &str) {
    let numbers = |list: &[&str]| -> Rows { list.iter().map(|n| vec![Some((*n).to_owned())]).collect() };
    for (sql, expected) in [
        ("SELECT n FROM a ORDER BY n", numbers(&["1", "2", "3", "4", "5"])),
        ("SELECT m FROM b ORDER BY n", numbers(&["1", "2"])),
        ("SELECT n FROM c", numbers(&["1"])),
        ("SELECT n FROM d", numbers(&["1"])),
        ("SELECT ID FROM LEDGER ORDER BY ORDEREXECUTED", numbers(&["both", "rows", "alone", "data", "marked", "last"])),
        ("SELECT COUNT(*) FROM LOCKS WHERE LOCKEDBY IS NULL", numbers(&["1"])),
    ] {
        assert_eq!(project.query(sql).await, expected, "{sql} on {} after {what}", project.db.dialect);
    }
    assert!(
        project.try_query("SELECT * FROM JOURNALS").await.is_err(),
        "the journal is still there on {} after {what}",
        project.db.dialect
    );
}

/// Runs an update behind a proxy; how many messages it sent.
fn run_behind(project: &Project, fault: Option<(usize, Fault)>) -> usize {
    let proxy = Proxy::start(&address(&project.db.url), fault);
    let url = proxy.url(&project.db.url);
    let words = ["update", "--url", &url, "--changelog-file", "changelog.yaml"];
    let mut child = command_in(project.folder.path(), &words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    proxy.victim(child.id());
    child.wait().unwrap();
    proxy.messages()
}

/// A line of the report.
fn report(line: &str) {
    let Some(file) = variable("CHANGELOG_CRASH_REPORT") else { return };
    use std::io::Write;
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
    writeln!(file, "{line}").unwrap();
}

#[test]
fn a_fault_at_any_message_loses_nothing_and_doubles_nothing() {
    const NAME: &str = "a_fault_at_any_message_loses_nothing_and_doubles_nothing";
    let every: usize = variable("CHANGELOG_CRASH_EVERY").map_or(5, |n| n.parse().unwrap());
    block_on(async {
        for server in ["POSTGRES", "MARIADB"] {
            let Some(db) = Database::create(NAME, server).await else { continue };
            let clean = project(db);
            let length = run_behind(&clean, None);
            check(&clean, "nothing").await;
            clean.db.remove().await;
            assert!(length > 10, "{length}");
            for (first, fault) in Fault::ALL.into_iter().enumerate() {
                let (mut longest, mut runs) = (Duration::ZERO, 0);
                // In short, each kind of fault takes other messages.
                for at in (1 + (first + 1) % every..=length).step_by(every) {
                    runs += 1;
                    let project = project(Database::create(NAME, server).await.unwrap());
                    run_behind(&project, Some((at, fault)));
                    let started = Instant::now();
                    project.ok(&["update"]);
                    longest = longest.max(started.elapsed());
                    check(&project, &format!("{fault:?} at message {at} of {length}")).await;
                    project.db.remove().await;
                }
                let mut line = String::new();
                write!(line, "| {fault:?} at each message | {server} | {runs} of {length} | 0 | 0 | 0 | {:.1} s |", longest.as_secs_f64())
                    .unwrap();
                report(&line);
            }
        }
    });
}

#[test]
fn kills_at_random_moments_lose_nothing_and_double_nothing() {
    let wanted: u32 = variable("CHANGELOG_CRASH_KILLS").map_or(25, |n| n.parse().unwrap());
    block_on(async {
        for db in Database::each("kills_at_random_moments_lose_nothing_and_double_nothing").await {
            let dialect = db.dialect;
            let mut current = project(db);
            let (mut kills, mut round, mut longest) = (0, 0_u64, Duration::ZERO);
            let mut complete = 0_u32;
            while kills < wanted {
                // A sequence that looks random and is the same each time.
                round = round.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let moment = Duration::from_micros(1000 + (round >> 33) % 60_000);
                let words = ["update", "--url", &current.db.url, "--changelog-file", "changelog.yaml"];
                let started = Instant::now();
                let mut child = command_in(current.folder.path(), &words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
                while started.elapsed() < moment && child.try_wait().unwrap().is_none() {
                    std::thread::sleep(Duration::from_micros(500));
                }
                if let Some(status) = child.try_wait().unwrap() {
                    assert!(status.success(), "{dialect}: a run that was not killed failed");
                } else {
                    child.kill().unwrap();
                    child.wait().unwrap();
                    kills += 1;
                    // Half of the time the next run is killed too.
                    if round >> 63 == 0 {
                        continue;
                    }
                }
                let started = Instant::now();
                current.ok(&["update"]);
                longest = longest.max(started.elapsed());
                check(&current, &format!("{kills} kills")).await;
                complete += 1;
                let fresh = match dialect {
                    "sqlite" => Database::sqlite(),
                    "postgresql" => Database::create("kills", "POSTGRES").await.unwrap(),
                    "mariadb" => Database::create("kills", "MARIADB").await.unwrap(),
                    _ => Database::create("kills", "MYSQL").await.unwrap(),
                };
                std::mem::replace(&mut current, project(fresh)).db.remove().await;
            }
            report(&format!(
                "| SIGKILL at random moments ({complete} databases) | {dialect} | {kills} | 0 | 0 | 0 | {:.1} s |",
                longest.as_secs_f64()
            ));
            current.db.remove().await;
        }
    });
}
