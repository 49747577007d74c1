//! The lock: dies with its holder, is never taken from a living one, and guards every write.

use super::project::{Project, rows};
use super::{Database, block_on, server_url, with_database};
use crate::program::{command_in, run_in};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A changeset that waits, with the lock held and no statement under way, until the file `go` is there.
pub(super) const WAITS: &str = "
- changeSet: {id: before, author: a, changes: [{createTable: {tableName: t, columns: [{column: {name: n, type: int}}]}}]}
- changeSet: {id: waits, author: a, changes: [{executeCommand: {executable: sh, args: [{arg: {value: '-c'}}, {arg: {value: 'touch waiting; while [ -f waiting ] && [ ! -f go ]; do sleep 0.05; done'}}]}}]}
- changeSet: {id: behind, author: a, changes: [{insert: {tableName: t, columns: [{column: {name: n, valueNumeric: 1}}]}}]}
";

fn start(project: &Project, words: &[&str]) -> Child {
    let words = [words, &["--url", &project.db.url, "--changelog-file", "changelog.yaml"]].concat();
    let mut command: Command = command_in(project.folder.path(), &words);
    // `sh` needs to find `sleep`.
    command.env("PATH", "/usr/bin:/bin").stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Starts an update and waits until it is in the changeset that waits.
fn start_waiting(project: &Project) -> Child {
    let child = start(project, &["update", "--allow-commands"]);
    let until = Instant::now() + Duration::from_secs(60);
    while !project.folder.path().join("waiting").exists() {
        assert!(Instant::now() < until, "the changeset that waits was not reached on {}", project.db.dialect);
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

fn stderr(child: Child) -> (Option<i32>, String, String) {
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// What `diagnose` says of whoever holds the lock.
fn session_of_the_holder(project: &Project) -> String {
    let document: serde_json::Value = serde_json::from_str(&project.plain(&["diagnose", "--format", "json"]).stdout).unwrap();
    document["lock"]["session"].as_str().unwrap().to_owned()
}

#[test]
fn a_killed_holder_is_replaced_and_named() {
    block_on(async {
        for project in Project::each("a_killed_holder_is_replaced_and_named", WAITS).await {
            let mut child = start_waiting(&project);
            let held = project.query("SELECT LOCKEDBY FROM LOCKS WHERE ID = 1").await;
            child.kill().unwrap();
            child.wait().unwrap();
            // Its shell ends too.
            project.write_file("go", "");
            assert_eq!(project.query("SELECT LOCKEDBY FROM LOCKS WHERE ID = 1").await, held, "the row stays");
            let next = project.ok(&["update", "--allow-commands"]);
            let holder = held[0][0].as_deref().unwrap();
            let told = format!("Took over the change log lock of {holder}, held since ");
            assert!(next.stderr.contains(&told), "{}: {}", project.db.dialect, next.stderr);
            assert_eq!(project.recorded().await, rows(&[&["before", "EXECUTED"], &["waits", "EXECUTED"], &["behind", "EXECUTED"]]));
            assert_eq!(project.query("SELECT COUNT(*) FROM t").await, rows(&[&["1"]]));
            let free = project.query("SELECT COUNT(*) FROM LOCKS WHERE LOCKEDBY IS NULL").await;
            assert_eq!(free, rows(&[&["1"]]), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

#[test]
fn a_living_holder_keeps_the_lock() {
    block_on(async {
        for project in Project::each("a_living_holder_keeps_the_lock", WAITS).await {
            let child = start_waiting(&project);
            let wait = ["update", "--allow-commands", "--changelog-lock-wait-time-in-minutes", "0"];
            project.fails(&wait, 5, "Could not acquire change log lock");
            // Without the session lock the row still excludes.
            let failed = project.fails(&[&wait[..], &["--session-lock", "off"]].concat(), 5, "Could not acquire change log lock");
            // Who never had it has nothing to give back.
            assert!(!failed.stderr.contains("the lock was given back"), "{}: {}", project.db.dialect, failed.stderr);
            assert_eq!(session_of_the_holder(&project), "alive", "{}", project.db.dialect);
            project.write_file("go", "");
            let (code, _, told) = stderr(child);
            assert_eq!(code, Some(0), "{}: {told}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

/// A row that another tool wrote proves nothing: its holder may be alive.
#[test]
fn a_lock_of_liquibase_is_not_taken() {
    block_on(async {
        for project in Project::each("a_lock_of_liquibase_is_not_taken", WAITS).await {
            project.write_file("go", "");
            project.ok(&["update-count", "--count", "1", "--allow-commands"]);
            let locked = if project.db.dialect == "postgresql" { "TRUE" } else { "1" };
            project.execute(&format!("UPDATE LOCKS SET LOCKED = {locked}, LOCKEDBY = 'build7 (10.0.0.7)' WHERE ID = 1")).await;
            let told = "Could not acquire change log lock.  Currently locked by build7 (10.0.0.7)";
            let refused = project.fails(&["update", "--allow-commands", "--changelog-lock-wait-time-in-minutes", "0"], 5, told);
            assert!(refused.stderr.contains("`list-locks`") && refused.stderr.contains("`release-locks`"), "{}", refused.stderr);
            // It may be at work: that it has no session lock does not tell that its session is gone.
            assert_eq!(session_of_the_holder(&project), "unknown", "{}", project.db.dialect);
            project.plain(&["release-locks"]);
            project.ok(&["update", "--allow-commands"]);
            project.db.remove().await;
        }
    });
}

/// Fault 15: what a policy allows is taken over, by nothing but its age as this run sees it.
#[test]
fn a_lock_of_liquibase_is_taken_over_by_policy_only() {
    block_on(async {
        for project in Project::each("a_lock_of_liquibase_is_taken_over_by_policy_only", WAITS).await {
            let dialect = project.db.dialect;
            let child = start_waiting(&project);
            // The lock of a run of ours that has a session is none that proves nothing.
            let policy = ["update", "--allow-commands", "--changelog-lock-wait-time-in-minutes", "0", "--stale-lock-seconds"];
            project.fails(&[&policy[..], &["0", "--session-lock", "off"]].concat(), 5, "Could not acquire change log lock");
            project.write_file("go", "");
            let (code, _, told) = stderr(child);
            assert_eq!(code, Some(0), "{dialect}: {told}");
            project.write(&format!("{WAITS}- changeSet: {{id: more, author: a, changes: [{{insert: {{tableName: t, columns: [{{column: {{name: n, valueNumeric: 2}}}}]}}}}]}}\n"));
            let locked = if dialect == "postgresql" { "TRUE" } else { "1" };
            project.execute(&format!("UPDATE LOCKS SET LOCKED = {locked}, LOCKEDBY = 'build7 (10.0.0.7)' WHERE ID = 1")).await;
            let taken = project.ok(&[&policy[..], &["1"]].concat());
            let told = "Took over the change log lock of build7 (10.0.0.7), held since ";
            assert!(taken.stderr.contains(told) && taken.stderr.contains("it was the same for 1 seconds"), "{dialect}: {}", taken.stderr);
            assert_eq!(project.query("SELECT COUNT(*) FROM t").await, rows(&[&["2"]]), "{dialect}");
            assert_eq!(project.query("SELECT COUNT(*) FROM LOCKS WHERE LOCKEDBY IS NULL").await, rows(&[&["1"]]), "{dialect}");
            project.db.remove().await;
        }
    });
}

/// Fault 12: a runner is stopped like a paused machine, its lock is forced, another one does the work, and the first goes on.
#[cfg(unix)]
#[test]
fn a_runner_that_was_paused_writes_nothing_once_another_has_worked() {
    let signal = |child: &Child, name: &str| {
        let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    };
    block_on(async {
        for project in Project::each("a_runner_that_was_paused_writes_nothing_once_another_has_worked", WAITS).await {
            let dialect = project.db.dialect;
            let paused = start_waiting(&project);
            signal(&paused, "-STOP");
            project.write_file("go", "");
            project.fails(&["update", "--allow-commands", "--changelog-lock-wait-time-in-minutes", "0"], 5, "Could not acquire");
            project.plain(&["release-locks"]);
            project.ok(&["update", "--allow-commands", "--session-lock", "off"]);
            let all = ["before", "waits", "behind"].map(|id| [id, "EXECUTED"]);
            assert_eq!(project.recorded().await, rows(&all.each_ref().map(|row| &row[..])), "{dialect}");
            // A runner that looked at the row a moment ago does not look again.
            std::thread::sleep(Duration::from_millis(300));
            signal(&paused, "-CONT");
            let (code, _, told) = stderr(paused);
            assert_eq!(code, Some(5), "{dialect}: {told}");
            assert!(told.contains("was taken over by another runner"), "{dialect}: {told}");
            // Where definitions commit by themselves, the changeset that was under way takes effect, and is recorded, once more.
            let again = usize::from(!matches!(dialect, "postgresql" | "sqlite"));
            let waits = project.query("SELECT COUNT(*) FROM LEDGER WHERE ID = 'waits'").await;
            assert_eq!(waits, rows(&[&[&(1 + again).to_string()]]), "{dialect}");
            assert_eq!(project.recorded().await.len(), 3 + again, "{dialect}");
            assert_eq!(project.query("SELECT COUNT(*) FROM t").await, rows(&[&["1"]]), "{dialect}");
            project.db.remove().await;
        }
    });
}

/// Fault 13: a pooler that gives out the server's sessions by the transaction.
#[test]
fn a_pooler_in_transaction_mode_is_noticed() {
    let test = "a_pooler_in_transaction_mode_is_noticed";
    block_on(async {
        let (Some(db), Some(pooler)) = (Database::create(test, "POSTGRES").await, server_url(test, "PGBOUNCER")) else { return };
        let through = with_database(&pooler, &db.name);
        let project = Project::on(db, WAITS);
        // The pooler opens a session of the server, and has it a while.
        assert_eq!(run_in(project.folder.path(), &["history", "--url", &through]).code, 0);
        std::thread::sleep(Duration::from_secs(1));
        let start = || {
            let words = ["update", "--allow-commands", "--url", &through, "--changelog-file", "changelog.yaml"];
            let mut command = command_in(project.folder.path(), &words);
            command.env("PATH", "/usr/bin:/bin").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let first = start();
        let until = Instant::now() + Duration::from_secs(60);
        while !project.folder.path().join("waiting").exists() {
            assert!(Instant::now() < until, "the changeset that waits was not reached");
            std::thread::sleep(Duration::from_millis(20));
        }
        let holder = project.query("SELECT LOCKEDBY FROM LOCKS WHERE ID = 1").await;
        assert!(holder[0][0].as_deref().unwrap().contains("#changelog-"), "a lock of its row alone: {holder:?}");
        let held = project.query("SELECT COUNT(*) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND datname = current_database()").await;
        assert_eq!(held, rows(&[&["0"]]), "nothing is left in a session of the pooler");
        let second = start();
        std::thread::sleep(Duration::from_millis(500));
        project.write_file("go", "");
        for child in [first, second] {
            let (code, _, told) = stderr(child);
            assert_eq!(code, Some(0), "{told}");
            assert!(told.contains("through a pooler in transaction mode"), "{told}");
        }
        assert_eq!(project.recorded().await, rows(&[&["before", "EXECUTED"], &["waits", "EXECUTED"], &["behind", "EXECUTED"]]));
        assert_eq!(project.query("SELECT COUNT(*) FROM t").await, rows(&[&["1"]]));
        project.db.remove().await;
    });
}

/// The fence: a runner whose lock was given to somebody else does nothing more.
#[test]
fn nothing_is_written_once_the_lock_is_somebody_elses() {
    block_on(async {
        for project in Project::each("nothing_is_written_once_the_lock_is_somebody_elses", WAITS).await {
            let child = start_waiting(&project);
            project.execute("UPDATE LOCKS SET LOCKEDBY = 'build7 (10.0.0.7)' WHERE ID = 1").await;
            // A runner that looked at the row a moment ago does not look again.
            std::thread::sleep(Duration::from_millis(300));
            project.write_file("go", "");
            let (code, _, told) = stderr(child);
            assert_eq!(code, Some(5), "{}: {told}", project.db.dialect);
            assert!(told.contains("was taken over by another runner"), "{}: {told}", project.db.dialect);
            assert_eq!(project.query("SELECT COUNT(*) FROM t").await, rows(&[&["0"]]), "{}", project.db.dialect);
            assert_eq!(project.query("SELECT LOCKEDBY FROM LOCKS WHERE ID = 1").await, rows(&[&["build7 (10.0.0.7)"]]));
            project.db.remove().await;
        }
    });
}

/// Runners that start together on an empty database: the tables are made once, the work is done once, and whoever waited
/// leaves as soon as there is nothing to do.
#[test]
fn many_runners_at_once_do_the_work_once() {
    let changesets = "
- changeSet: {id: 1, author: a, changes: [{createTable: {tableName: t, columns: [{column: {name: n, type: int}}]}}]}
- changeSet: {id: 2, author: a, changes: [{insert: {tableName: t, columns: [{column: {name: n, valueNumeric: 1}}]}}]}
- changeSet: {id: 3, author: a, changes: [{executeCommand: {executable: sleep, args: [{arg: {value: 1}}]}}]}
";
    block_on(async {
        for project in Project::each("many_runners_at_once_do_the_work_once", changesets).await {
            let children: Vec<Child> = (0..50).map(|_| start(&project, &["update", "--allow-commands"])).collect();
            let mut ran = 0;
            for child in children {
                let (code, out, told) = stderr(child);
                assert_eq!(code, Some(0), "{}: {told}", project.db.dialect);
                if out.contains("Run:                          3\n") {
                    ran += 1;
                } else {
                    assert!(told.contains("Database is up to date, no changesets to execute"), "{}: {out}{told}", project.db.dialect);
                }
            }
            assert_eq!(ran, 1, "{}", project.db.dialect);
            assert_eq!(project.query("SELECT COUNT(*) FROM LEDGER").await, rows(&[&["3"]]));
            assert_eq!(project.query("SELECT COUNT(*) FROM t").await, rows(&[&["1"]]));
            assert_eq!(project.query("SELECT COUNT(*) FROM LOCKS").await, rows(&[&["1"]]));
            project.db.remove().await;
        }
    });
}

/// What is sent while waiting does not grow with the ledger.
#[test]
fn who_waits_reads_the_ledger_when_it_has_grown() {
    block_on(async {
        for project in Project::each("who_waits_reads_the_ledger_when_it_has_grown", WAITS).await {
            let holder = start_waiting(&project);
            let log = project.folder.path().join("waiter.log");
            let waiter = start(&project, &["update", "--allow-commands", "--log-level", "ALL", "--log-file", "waiter.log"]);
            let sent = |text: &str| std::fs::read_to_string(&log).unwrap_or_default().to_lowercase().matches(text).count();
            let (asked, read) = ("select count(*), max(orderexecuted) from", "order by dateexecuted asc, orderexecuted asc");
            let until = Instant::now() + Duration::from_secs(60);
            while sent(asked) < 4 {
                assert!(Instant::now() < until, "{}: {}", project.db.dialect, std::fs::read_to_string(&log).unwrap_or_default());
                std::thread::sleep(Duration::from_millis(20));
            }
            assert_eq!(sent(read), 1, "{}", project.db.dialect);
            project.write_file("go", "");
            assert_eq!(stderr(holder).0, Some(0), "{}", project.db.dialect);
            let (code, _, told) = stderr(waiter);
            assert_eq!(code, Some(0), "{}: {told}", project.db.dialect);
            assert!(told.contains("Database is up to date"), "{}: {told}", project.db.dialect);
            assert_eq!(project.recorded().await.len(), 3, "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

/// A run whose lock is no longer its own at its end says so.
#[test]
fn a_lock_that_is_gone_at_the_end_is_told() {
    let forces = "
- changeSet: {id: forces, author: a, changes: [{sql: {sql: UPDATE DATABASECHANGELOGLOCK SET LOCKEDBY = 'build7 (10.0.0.7)' WHERE ID = 1}}]}
";
    block_on(async {
        for project in Project::each("a_lock_that_is_gone_at_the_end_is_told", forces).await {
            // Where the look before the record comes too early, the one at the end finds it.
            project.fails(&["update"], 5, "was taken over by another runner");
            project.db.remove().await;
        }
    });
}
