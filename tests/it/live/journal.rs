//! Changesets whose statements commit one by one: they go on where they stopped, and nothing is done twice.

use super::block_on;
use super::project::{Project, rows};
use super::{Database, open};
use crate::program::command_in;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Two definitions, rows, a definition that fails as long as `blocker` is there, rows.
const HALF: &str = "
- changeSet:
    id: half
    author: a
    runInTransaction: RUNS
    preConditions: [{onFail: MARK_RAN}, {not: [{tableExists: {tableName: t1}}]}]
    changes:
    - createTable: {tableName: t1, columns: [{column: {name: n, type: int}}]}
    - createTable: {tableName: t2, columns: [{column: {name: n, type: int}}]}
    - sql: {sql: insert into t1 values (1)}
    - sql: {sql: create table blocker (n int)}
    - sql: {sql: insert into t2 values (2)}
";

/// A changeset outside of a transaction that stops half way.
fn half(changes: &str) -> String {
    format!("- changeSet:\n    id: half\n    author: a\n    runInTransaction: false\n    changes:{changes}")
}

/// Where the database itself commits one by one in a transaction too.
fn commits_one_by_one(project: &Project) -> bool {
    matches!(project.db.dialect, "mariadb" | "mysql")
}

async fn journal(project: &Project) -> Vec<Vec<Option<String>>> {
    project.query("SELECT KIND, ID, STATEMENT, STATE FROM JOURNALS").await
}

#[test]
fn a_failed_changeset_goes_on_where_it_failed() {
    block_on(async {
        for runs in ["true", "false"] {
            let changesets = HALF.replace("RUNS", runs);
            for project in Project::each("a_failed_changeset_goes_on_where_it_failed", &changesets).await {
                if runs == "true" && !commits_one_by_one(&project) {
                    project.db.remove().await;
                    continue;
                }
                let dialect = project.db.dialect;
                project.execute("CREATE TABLE blocker (n int)").await;
                project.fails(&["update"], 1, "The first 3 statements of the changeset have taken effect");
                assert_eq!(journal(&project).await, rows(&[&["UPDATE", "half", "3", "DONE"]]), "{dialect}");
                let diagnosis = project.plain(&["diagnose"]);
                let told = "UPDATE of changelog.yaml::half::a: statement 3 has taken effect, those behind it have not";
                assert!(diagnosis.stdout.contains(told) && diagnosis.stdout.contains("The lock is free"), "{}", diagnosis.stdout);

                // It fails again, and is still known.
                project.fails(&["update"], 1, "The first 3 statements of the changeset have taken effect");
                project.execute("DROP TABLE blocker").await;
                let ran = project.ok(&["update"]);
                assert!(ran.stderr.contains("Changeset changelog.yaml::half::a goes on behind statement 3"), "{dialect}: {}", ran.stderr);
                assert_eq!(project.recorded().await, rows(&[&["half", "EXECUTED"]]));
                let counts = "SELECT (SELECT COUNT(*) FROM t1), (SELECT COUNT(*) FROM t2)";
                assert_eq!(project.query(counts).await, rows(&[&["1", "1"]]), "{dialect}");
                // Nothing is open: the table is gone.
                assert!(project.try_query("SELECT * FROM JOURNALS").await.is_err(), "{dialect}");
                project.db.remove().await;
            }
        }
    });
}

#[test]
fn what_ran_may_not_change_and_the_journal_can_be_forgotten() {
    block_on(async {
        let changesets = HALF.replace("RUNS", "false");
        for project in Project::each("what_ran_may_not_change_and_the_journal_can_be_forgotten", &changesets).await {
            project.execute("CREATE TABLE blocker (n int)").await;
            project.fails(&["update"], 1, "The first 3 statements");
            // What has not run may be edited, what has run may not.
            project.write(&changesets.replace("values (1)", "values (7)"));
            project.fails(&["update"], 1, "its statements up to there are no longer the ones that ran");
            let two = changesets.find("    - sql: {sql: insert into t1").unwrap();
            project.write(&changesets[..two]);
            project.fails(&["update"], 1, "an earlier run stopped in this changeset at statement 3, but now it has only 2");
            project.write(&changesets.replace("create table blocker", "create table other"));
            project.ok(&["update"]);
            assert_eq!(project.query("SELECT n FROM t1").await, rows(&[&["1"]]));
            project.db.remove().await;
        }
        for project in Project::each("what_ran_may_not_change_and_the_journal_can_be_forgotten", &changesets).await {
            project.execute("CREATE TABLE blocker (n int)").await;
            project.fails(&["update"], 1, "The first 3 statements");
            for table in ["t1", "t2", "blocker"] {
                project.execute(&format!("DROP TABLE {table}")).await;
            }
            assert!(project.plain(&["diagnose", "--forget-journal"]).stdout.contains("The journal is forgotten"));
            let ran = project.ok(&["update"]);
            assert!(!ran.stderr.contains("goes on behind"), "{}", ran.stderr);
            assert_eq!(project.query("SELECT n FROM t1").await, rows(&[&["1"]]));
            project.db.remove().await;
        }
    });
}

/// What was completed by hand is recorded. Then nothing of it is half done: if it ever runs again, it does from its start.
#[test]
fn what_is_recorded_by_hand_is_half_done_no_longer() {
    block_on(async {
        for command in ["mark-next-changeset-ran", "changelog-sync"] {
            let changesets = HALF.replace("RUNS", "false");
            for project in Project::each("what_is_recorded_by_hand_is_half_done_no_longer", &changesets).await {
                let dialect = project.db.dialect;
                project.execute("CREATE TABLE blocker (n int)").await;
                project.fails(&["update"], 1, "The first 3 statements");
                project.ok(&[command]);
                assert_eq!(project.recorded().await, rows(&[&["half", "EXECUTED"]]), "{command} on {dialect}");
                assert!(project.try_query("SELECT * FROM JOURNALS").await.is_err(), "{command} on {dialect}");
                for undone in ["DELETE FROM LEDGER", "DROP TABLE t1", "DROP TABLE t2", "DROP TABLE blocker"] {
                    project.execute(undone).await;
                }
                let ran = project.ok(&["update"]);
                assert!(!ran.stderr.contains("goes on behind"), "{command} on {dialect}: {}", ran.stderr);
                let counts = "SELECT (SELECT COUNT(*) FROM t1), (SELECT COUNT(*) FROM t2)";
                assert_eq!(project.query(counts).await, rows(&[&["1", "1"]]), "{command} on {dialect}");
                project.db.remove().await;
            }
        }
    });
}

/// What a query left in the session is gone with the run that was cut off; without it the rest would store other rows.
#[test]
fn what_a_query_leaves_in_the_session_is_had_again() {
    block_on(async {
        for (runs, query) in [
            ("true", "SELECT 7 INTO @n"),
            ("false", "SELECT 7 INTO @n"),
            ("false", "SELECT @n := 7"),
            ("false", "SELECT set_config('changelog.n', '7', false)"),
        ] {
            let is_postgres = query.contains("set_config");
            let value = if is_postgres { "current_setting('changelog.n')::int" } else { "@n" };
            let changesets = format!(
                "
- changeSet:
    id: half
    author: a
    runInTransaction: {runs}
    changes:
    - sql: {{sql: \"{query}\"}}
    - createTable: {{tableName: t1, columns: [{{column: {{name: n, type: int}}}}]}}
    - sql: {{sql: create table blocker (n int)}}
    - sql: {{sql: \"insert into t1 values ({value})\"}}
"
            );
            for project in Project::each("what_a_query_leaves_in_the_session_is_had_again", &changesets).await {
                if is_postgres == (project.db.dialect == "postgresql") && project.db.dialect != "sqlite" {
                    project.execute("CREATE TABLE blocker (n int)").await;
                    project.fails(&["update"], 1, "The first 2 statements of the changeset have taken effect");
                    project.execute("DROP TABLE blocker").await;
                    project.ok(&["update"]);
                    assert_eq!(project.query("SELECT n FROM t1").await, rows(&[&["7"]]), "{query} on {}", project.db.dialect);
                }
                project.db.remove().await;
            }
        }
    });
}

/// A run that was cut off in a statement: the statement is sent again, and what the database says decides.
#[test]
fn a_statement_of_unknown_outcome_is_resolved() {
    block_on(async {
        for has_happened in [false, true] {
            let changesets = HALF.replace("RUNS", "false");
            for project in Project::each("a_statement_of_unknown_outcome_is_resolved", &changesets).await {
                project.execute("CREATE TABLE blocker (n int)").await;
                project.fails(&["update"], 1, "The first 3 statements");
                // As if the run had been killed while statement 2 was under way.
                let digest = digest_of_two(&project);
                project.execute("DELETE FROM t1").await;
                project.execute("DROP TABLE blocker").await;
                if !has_happened {
                    project.execute("DROP TABLE t2").await;
                }
                project.execute(&format!("UPDATE JOURNALS SET STATEMENT = 2, STATE = 'STARTED', DIGEST = '{digest}'")).await;
                let ran = project.ok(&["update"]);
                let says = "the database says that it has taken effect";
                assert_eq!(ran.stderr.contains(says), has_happened, "{}: {}", project.db.dialect, ran.stderr);
                let counts = "SELECT (SELECT COUNT(*) FROM t1), (SELECT COUNT(*) FROM t2)";
                assert_eq!(project.query(counts).await, rows(&[&["1", "1"]]), "{}", project.db.dialect);
                project.db.remove().await;
            }
        }
    });
}

/// A run that was cut off in a statement of which nobody can say what it did: a person must look.
#[test]
fn a_statement_that_cannot_be_judged_is_not_sent_again() {
    block_on(async {
        let changesets = half(
            "
    - createTable: {tableName: t1, columns: [{column: {name: n, type: int}}]}
    - sql: {dbms: 'postgresql', splitStatements: false, sql: 'DO $$ BEGIN INSERT INTO t1 VALUES (1); END $$'}
    - sql: {dbms: 'mysql,mariadb', sql: 'DO 1'}
    - sql: {dbms: sqlite, sql: EXPLAIN SELECT 1}
    - sql: {sql: create table blocker (n int)}
",
        );
        for project in Project::each("a_statement_that_cannot_be_judged_is_not_sent_again", &changesets).await {
            project.execute("CREATE TABLE blocker (n int)").await;
            project.fails(&["update"], 1, "The first 2 statements");
            let before = project.query("SELECT COUNT(*) FROM t1").await;
            project.execute("DROP TABLE blocker").await;
            // As if the run had been killed while statement 2 was under way.
            project.execute("UPDATE JOURNALS SET STATE = 'STARTED'").await;
            project.fails(&["update"], 1, "cut off in statement 2 of this changeset, and whether it took effect cannot be known");
            assert_eq!(project.query("SELECT COUNT(*) FROM t1").await, before, "{}", project.db.dialect);
            assert_eq!(journal(&project).await, rows(&[&["UPDATE", "half", "2", "STARTED"]]), "{}", project.db.dialect);
            project.execute("DROP TABLE t1").await;
            project.plain(&["diagnose", "--forget-journal"]);
            project.ok(&["update"]);
            assert_eq!(project.query("SELECT COUNT(*) FROM t1").await, before, "{}", project.db.dialect);
            assert_eq!(project.recorded().await, rows(&[&["half", "EXECUTED"]]));
            project.db.remove().await;
        }
    });
}

/// Nothing is half done where nothing took effect, or where an error is ignored: the table of the journal goes.
#[test]
fn nothing_half_done_leaves_no_journal() {
    let first = "
- changeSet:
    id: half
    author: a
    runInTransaction: false
    failOnError: FAILS
    changes:
";
    let (blocker, other) = ("    - sql: {sql: create table blocker (n int)}\n", "    - sql: {sql: create table other (n int)}\n");
    block_on(async {
        for project in Project::each("nothing_half_done_leaves_no_journal", "").await {
            let dialect = project.db.dialect;
            project.execute("CREATE TABLE blocker (n int)").await;
            project.write(&format!("{}{blocker}{other}", first.replace("FAILS", "true")));
            project.fails(&["update"], 1, "blocker");
            assert!(project.try_query("SELECT * FROM JOURNALS").await.is_err(), "nothing took effect on {dialect}");
            project.write(&format!("{}{other}{blocker}", first.replace("FAILS", "false")));
            let ran = project.ok(&["update"]);
            assert!(ran.stderr.contains("the error was ignored"), "{dialect}: {}", ran.stderr);
            assert!(project.try_query("SELECT * FROM JOURNALS").await.is_err(), "the error was ignored on {dialect}");
            // What a run that was killed between its last statement and the end has left is cleared away when there is nothing to do.
            project.execute("DROP TABLE other").await;
            project.write(&format!("{}{other}{blocker}", first.replace("FAILS", "true")));
            project.fails(&["update"], 1, "The first ");
            project.execute("DELETE FROM JOURNALS").await;
            project.write("- property: {name: nothing, value: more}\n");
            project.ok(&["update"]);
            assert!(project.try_query("SELECT * FROM JOURNALS").await.is_err(), "nothing to do on {dialect}");
            project.db.remove().await;
        }
    });
}

/// The values of statements count as their texts do.
#[test]
fn a_bound_value_of_what_ran_may_not_change() {
    let changesets = half(
        "
    - createTable: {tableName: t, columns: [{column: {name: b, type: blob}}]}
    - insert: {tableName: t, columns: [{column: {name: b, valueBlobFile: b.bin}}]}
    - sql: {sql: create table blocker (n int)}
",
    );
    block_on(async {
        for server in ["MARIADB", "MYSQL"] {
            let Some(db) = Database::create("a_bound_value_of_what_ran_may_not_change", server).await else { continue };
            let project = Project::on(db, &changesets);
            project.execute("CREATE TABLE blocker (n int)").await;
            project.write_file("b.bin", "one");
            project.fails(&["update"], 1, "The first 2 statements");
            project.write_file("b.bin", "two");
            project.fails(&["update"], 1, "its statements up to there are no longer the ones that ran");
            project.write_file("b.bin", "one");
            project.execute("DROP TABLE blocker").await;
            project.ok(&["update"]);
            assert_eq!(project.query("SELECT COUNT(*), MAX(CONVERT(b USING utf8mb4)) FROM t").await, rows(&[&["1", "one"]]));
            project.db.remove().await;
        }
    });
}

/// What is set for the session holds for what is still to come, also in another session.
#[test]
fn settings_of_the_session_are_sent_again() {
    let changesets = half(
        "
    - sql: {sql: set search_path to other}
    - createTable: {tableName: one, columns: [{column: {name: n, type: int}}]}
    - sql: {sql: create table blocker (n int)}
",
    );
    block_on(async {
        let Some(db) = Database::create("settings_of_the_session_are_sent_again", "POSTGRES").await else { return };
        let project = Project::on(db, &changesets);
        project.execute("CREATE SCHEMA other").await;
        project.execute("CREATE TABLE other.blocker (n int)").await;
        project.fails(&["update"], 1, "The first 2 statements");
        project.execute("DROP TABLE other.blocker").await;
        project.ok(&["update"]);
        let made = "SELECT schemaname::text FROM pg_tables WHERE tablename = 'blocker'";
        assert_eq!(project.query(made).await, rows(&[&["other"]]));
        project.db.remove().await;
    });
}

/// Whether a statement took effect before its run was cut off is not known from what keeps it from being sent again.
#[test]
fn what_is_in_the_way_of_a_retry_decides_nothing() {
    block_on(async {
        for server in ["POSTGRES", "MARIADB"] {
            let Some(db) = Database::create("what_is_in_the_way_of_a_retry_decides_nothing", server).await else { continue };
            let (patience, told) = match server {
                "POSTGRES" => ("set lock_timeout = '300ms'", "lock timeout"),
                _ => ("set session lock_wait_timeout = 1", "Lock wait timeout"),
            };
            let changesets = half(&format!(
                "
    - sql: {{sql: {patience}}}
    - addColumn: {{tableName: busy, columns: [{{column: {{name: m, type: int}}}}]}}
"
            ));
            let project = Project::on(db, &changesets);
            project.execute("CREATE TABLE busy (n int)").await;
            let mut reader = open(&project.db.url).await;
            reader.begin().await.unwrap();
            reader.query("SELECT * FROM busy").await.unwrap();
            project.fails(&["update"], 1, told);
            // As if the run had been killed while statement 2 was under way.
            let digest = digest_of_two(&project);
            project.execute(&format!("UPDATE JOURNALS SET STATEMENT = 2, STATE = 'STARTED', DIGEST = '{digest}'")).await;
            project.fails(&["update"], 1, told);
            assert_eq!(journal(&project).await, rows(&[&["UPDATE", "half", "2", "STARTED"]]), "{server}");
            reader.rollback().await.unwrap();
            reader.close().await.unwrap();
            // It had taken effect.
            project.execute("ALTER TABLE busy ADD COLUMN m int").await;
            let ran = project.ok(&["update"]);
            assert!(ran.stderr.contains("the database says that it has taken effect"), "{server}: {}", ran.stderr);
            assert_eq!(project.recorded().await, rows(&[&["half", "EXECUTED"]]), "{server}");
            project.db.remove().await;
        }
    });
}

/// The digest that the journal has behind the second statement of the changelog: a chain of SHA-256 over what was there, the text,
/// and the number of bound values.
fn digest_of_two(project: &Project) -> String {
    use sha2::{Digest, Sha256};
    let plan: serde_json::Value = serde_json::from_str(&project.ok(&["plan", "--format", "json"]).stdout).unwrap();
    let statements = plan["changesets"][0]["sql"].as_array().unwrap();
    statements.iter().take(2).fold(String::new(), |digest, statement| {
        let mut hasher = Sha256::new();
        hasher.update(&digest);
        hasher.update(statement.as_str().unwrap());
        hasher.update(0_usize.to_le_bytes());
        hasher.finalize().iter().map(|b| format!("{b:02x}")).collect()
    })
}

/// Kills runs at moments spread over their whole length; whatever they leave, the next run completes it, once.
#[test]
fn runs_that_are_killed_anywhere_are_completed() {
    let changesets: String = (0..12)
        .map(|n| {
            format!(
                "
- changeSet:
    id: c{n}
    author: a
    changes:
    - createTable: {{tableName: a{n}, columns: [{{column: {{name: n, type: int}}}}]}}
    - insert: {{tableName: a{n}, columns: [{{column: {{name: n, valueNumeric: 1}}}}]}}
    - createTable: {{tableName: b{n}, columns: [{{column: {{name: n, type: int}}}}]}}
    - addColumn: {{tableName: b{n}, columns: [{{column: {{name: m, type: int}}}}]}}
    - insert: {{tableName: b{n}, columns: [{{column: {{name: n, valueNumeric: 1}}}}]}}
"
            )
        })
        .collect();
    block_on(async {
        for db in Database::each("runs_that_are_killed_anywhere_are_completed").await {
            let project = Project::on(db, &changesets);
            let dialect = project.db.dialect;
            let mut kills = 0;
            for round in 0..40_u64 {
                let words = ["update", "--url", &project.db.url, "--changelog-file", "changelog.yaml"];
                let mut child = command_in(project.folder.path(), &words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
                // Somewhere in the first moments, another one each time.
                let until = Instant::now() + Duration::from_millis(15 + (round * 37) % 90);
                while Instant::now() < until && child.try_wait().unwrap().is_none() {
                    std::thread::sleep(Duration::from_millis(1));
                }
                if child.try_wait().unwrap().is_some() {
                    break;
                }
                child.kill().unwrap();
                child.wait().unwrap();
                kills += 1;
            }
            assert!(kills > 0, "no run was killed on {dialect}");
            project.ok(&["update"]);
            let mut connection = open(&project.db.url).await;
            for n in 0..12 {
                for table in [format!("a{n}"), format!("b{n}")] {
                    let found = connection.query(&format!("SELECT n FROM {table}")).await.unwrap();
                    assert_eq!(found.len(), 1, "{table} on {dialect} after {kills} kills");
                }
            }
            connection.close().await.unwrap();
            assert_eq!(project.query("SELECT COUNT(*), COUNT(DISTINCT ID) FROM LEDGER").await, rows(&[&["12", "12"]]));
            assert_eq!(project.query("SELECT COUNT(*) FROM LOCKS WHERE LOCKEDBY IS NULL").await, rows(&[&["1"]]));
            assert!(project.try_query("SELECT * FROM JOURNALS").await.is_err(), "{dialect}");
            project.db.remove().await;
        }
    });
}
