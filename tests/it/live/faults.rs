//! What a server can do to a run: refuse it, end its session, run out of patience.

use super::block_on;
use super::project::{Project, rows};
use crate::program::command_in;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

const FIVE: &str = "
- changeSet:
    id: five
    author: a
    changes:
    - sql: {sql: create table a (n int)}
    - sql: {sql: create table b (n int)}
    - sql: {sql: insert into forbidden values (1)}
    - sql: {sql: insert into a values (1)}
";

/// Fault 22: the third statement is refused. What can be taken back is, what cannot is known.
#[test]
fn a_refused_statement_names_itself_and_leaves_nothing_unknown() {
    block_on(async {
        for project in Project::each("a_refused_statement_names_itself_and_leaves_nothing_unknown", FIVE).await {
            let dialect = project.db.dialect;
            let ran = project.fails(&["update"], 1, "forbidden");
            // PostgreSQL says at which word.
            let place = if dialect == "postgresql" { "--> changelog.yaml:9:30" } else { "--> changelog.yaml:9:18" };
            assert!(ran.stderr.contains(place), "{dialect}: {}", ran.stderr);
            let commits_one_by_one = matches!(dialect, "mariadb" | "mysql");
            assert_eq!(project.try_query("SELECT * FROM a").await.is_ok(), commits_one_by_one, "{dialect}");
            assert_eq!(ran.stderr.contains("The first 2 statements of the changeset have taken effect"), commits_one_by_one, "{dialect}");
            project.execute("CREATE TABLE forbidden (n int)").await;
            project.ok(&["update"]);
            assert_eq!(project.query("SELECT n FROM a").await, rows(&[&["1"]]), "{dialect}");
            assert_eq!(project.query("SELECT n FROM forbidden").await, rows(&[&["1"]]), "{dialect}");
            project.db.remove().await;
        }
    });
}

/// Fault 9: a server that only reads, as a replica does. Nothing is tried.
#[test]
fn a_server_that_only_reads_is_refused_before_any_work() {
    block_on(async {
        let Some(db) = super::Database::create("a_server_that_only_reads_is_refused_before_any_work", "POSTGRES").await else { return };
        let project = Project::on(db, FIVE);
        project.execute(&format!("ALTER DATABASE {} SET default_transaction_read_only = on", project.db.name)).await;
        let ran = project.fails(&["update"], 1, "read-only");
        assert!(ran.stderr.contains("this server only reads"), "{}", ran.stderr);
        let tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'";
        assert_eq!(project.query(tables).await, rows(&[&["0"]]));
        project.db.remove().await;
    });
}

/// Faults 3 and 8: the server ends the session in the middle of a changeset.
#[test]
fn a_session_that_the_server_ends_leaves_nothing_half_done() {
    block_on(async {
        for server in ["POSTGRES", "MARIADB"] {
            let name = "a_session_that_the_server_ends_leaves_nothing_half_done";
            let Some(db) = super::Database::create(name, server).await else { continue };
            let sleep = if server == "POSTGRES" { "select pg_sleep(20)" } else { "select sleep(20)" };
            let changelog = |sleep: &str| {
                format!(
                    "
- changeSet: {{id: 1, author: a, changes: [{{sql: {{sql: create table a (n int)}}}}, {{sql: {{sql: insert into a values (1)}}}}, {{sql: {{sql: {sleep}}}}}]}}
"
                )
            };
            let project = Project::on(db, &changelog(sleep));
            let words = ["update", "--url", &project.db.url, "--changelog-file", "changelog.yaml"];
            let child = command_in(project.folder.path(), &words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
            let (find, end): (String, fn(&str) -> String) = match server {
                "POSTGRES" => {
                    (format!("SELECT pid FROM pg_stat_activity WHERE datname = '{}' AND wait_event = 'PgSleep'", project.db.name), |n| {
                        format!("SELECT pg_terminate_backend({n})")
                    })
                }
                _ => (
                    format!("SELECT id FROM information_schema.processlist WHERE db = '{}' AND state = 'User sleep'", project.db.name),
                    |n| format!("KILL {n}"),
                ),
            };
            let until = Instant::now() + Duration::from_secs(20);
            let session = loop {
                if let [row] = project.query(&find).await.as_slice() {
                    break row[0].clone().unwrap();
                }
                assert!(Instant::now() < until, "the sleeping session was not found on {server}");
                std::thread::sleep(Duration::from_millis(20));
            };
            project.execute(&end(&session)).await;
            let output = child.wait_with_output().unwrap();
            let told = String::from_utf8(output.stderr).unwrap();
            assert_ne!(output.status.code(), Some(0), "{server}: {told}");
            // The next run does what is left, once.
            project.write(&changelog(sleep).replace("(20)", "(0)"));
            project.ok(&["update"]);
            assert_eq!(project.query("SELECT n FROM a").await, rows(&[&["1"]]), "{server}");
            assert_eq!(project.recorded().await, rows(&[&["1", "EXECUTED"]]), "{server}");
            project.db.remove().await;
        }
    });
}

/// Runs an update, and does something when it has said these words; it must succeed then. Gives all that it said, without line ends.
async fn updates_when_told(project: &Project, words: &str, then: impl AsyncFnOnce()) -> String {
    let call = ["update", "--url", &project.db.url, "--changelog-file", "changelog.yaml"];
    let mut child = command_in(project.folder.path(), &call).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut told = String::new();
    for line in lines.by_ref() {
        told.push_str(&line.unwrap());
        if told.contains(words) {
            break;
        }
    }
    then().await;
    lines.for_each(|line| told.push_str(&line.unwrap()));
    assert!(child.wait().unwrap().success(), "{told}");
    told
}

/// Faults 18 and 31: a limit of the role or the server ends a statement. The changeset is taken back and
/// tried again.
#[test]
fn a_lock_that_is_waited_for_in_vain_takes_the_changeset_back() {
    block_on(async {
        let Some(db) = super::Database::create("a_lock_that_is_waited_for_in_vain_takes_the_changeset_back", "POSTGRES").await else {
            return;
        };
        let project = Project::on(
            db,
            "\n- changeSet: {id: 1, author: a, changes: [{sql: {sql: create table c (b bytea)}}, {insert: {tableName: c, columns: [{column: {name: b, valueBlobFile: b.bin}}]}}, {addColumn: {tableName: busy, columns: [{column: {name: m, type: int}}]}}]}\n",
        );
        project.write_file("b.bin", "bytes");
        project.execute("CREATE TABLE busy (n int)").await;
        project.execute(&format!("ALTER DATABASE {} SET lock_timeout = '300ms'", project.db.name)).await;
        let mut reader = super::open(&project.db.url).await;
        reader.begin().await.unwrap();
        reader.query("SELECT * FROM busy").await.unwrap();
        let failed = project.fails(&["update"], 1, "lock timeout");
        assert!(failed.stderr.contains("tried again (3 of 3)"), "{}", failed.stderr);
        assert!(project.try_query("SELECT * FROM c").await.is_err(), "the changeset was taken back");
        // What was told cannot be taken back, and is not told again.
        let telling = "\n- changeSet: {id: told, author: a, changes: [{output: {message: here I am}}, {addColumn: {tableName: busy, columns: [{column: {name: k, type: int}}]}}]}\n";
        let changesets = std::fs::read_to_string(project.folder.path().join("changelog.yaml")).unwrap();
        project.write(telling);
        let failed = project.fails(&["update"], 1, "lock timeout");
        assert!(failed.stderr.contains("here I am") && !failed.stderr.contains("tried again"), "{}", failed.stderr);
        project.write_file("changelog.yaml", &changesets);
        // Who gives way while it is tried again lets it through.
        let told = updates_when_told(&project, "tried again (1 of 3)", async || reader.rollback().await.unwrap()).await;
        assert!(told.contains("Rows affected: 1"), "what was taken back does not count: {told}");
        assert_eq!(project.query("SELECT (SELECT COUNT(*) FROM c), (SELECT MAX(ORDEREXECUTED) FROM LEDGER)").await, rows(&[&["1", "1"]]));
        reader.close().await.unwrap();
        project.db.remove().await;
    });
}

/// Faults 17 and 18: who keeps a statement waiting is told while it waits, and when it fails; nothing of what that one does but the first
/// word of its statement.
#[test]
fn who_keeps_a_statement_waiting_is_named() {
    block_on(async {
        let Some(db) = super::Database::create("who_keeps_a_statement_waiting_is_named", "POSTGRES").await else { return };
        let project = Project::on(
            db,
            "\n- changeSet: {id: 1, author: a, changes: [{addColumn: {tableName: busy, columns: [{column: {name: m, type: int}}]}}]}\n",
        );
        project.execute("CREATE TABLE busy (n int)").await;
        project.execute(&format!("ALTER DATABASE {} SET lock_timeout = '2s'", project.db.name)).await;
        let mut reader = super::open(&project.db.url).await;
        reader.execute("SET application_name = 'nightly report'").await.unwrap();
        reader.begin().await.unwrap();
        let number = reader.query("SELECT pg_backend_pid(), 'confidential' FROM pg_class LEFT JOIN busy ON true LIMIT 1").await.unwrap();
        let number = number[0].values[0].to_text().unwrap();
        let told = project.fails(&["update"], 1, "lock timeout").stderr;
        let who = format!("session {number} (user postgres, nightly report, from 127.0.0.1), idle in transaction, for ");
        assert!(told.contains(&format!("\nWaiting for {who}")), "{told}");
        assert!(told.contains(&format!("\n     It waited for {who}")), "{told}");
        assert!(told.contains(&format!(" s, last statement SELECT; `SELECT pg_terminate_backend({number})` ends it")), "{told}");
        assert!(!told.contains("confidential"), "{told}");
        // An index that is built beside the work of others waits for old snapshots, without a limit.
        reader.rollback().await.unwrap();
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await.unwrap();
        reader.query("SELECT * FROM busy").await.unwrap();
        project.execute(&format!("ALTER DATABASE {} RESET lock_timeout", project.db.name)).await;
        project.write("\n- changeSet: {id: 2, author: a, changes: [{sql: create index concurrently i on busy (n)}]}\n");
        let waiting = format!("Waiting for {who}");
        let told = updates_when_told(&project, &waiting, async || _ = reader.execute("ROLLBACK").await.unwrap()).await;
        assert!(told.contains(&waiting), "{told}");
        reader.close().await.unwrap();
        project.db.remove().await;
    });
}

/// Fault 18 on MariaDB: whoever holds a row is known; of the holder of a table's definition, who it may be.
#[test]
fn who_holds_a_row_or_a_table_is_named() {
    let changeset = |limit: &str, change: &str| {
        format!("\n- changeSet: {{id: 1, author: a, changes: [{{sql: 'set session {limit} = 3'}}, {{sql: {change}}}]}}\n")
    };
    block_on(async {
        for server in ["MARIADB", "MYSQL"] {
            let Some(db) = super::Database::create("who_holds_a_row_or_a_table_is_named", server).await else { continue };
            let project = Project::on(db, &changeset("innodb_lock_wait_timeout", "update busy set n = 2"));
            project.execute("CREATE TABLE busy (n int)").await;
            project.execute("INSERT INTO busy VALUES (1)").await;
            let mut application = super::open(&project.db.url).await;
            let number = application.query("SELECT CONNECTION_ID()").await.unwrap()[0].values[0].to_text().unwrap();
            application.begin().await.unwrap();
            application.execute("UPDATE busy SET n = 7").await.unwrap();
            let told = project.fails(&["update"], 1, "Lock wait timeout").stderr;
            let who = format!("session {number} (user lb, from ");
            assert!(told.contains(&format!("\nWaiting for {who}")), "{told}");
            assert!(told.contains(&format!("\n     It waited for {who}")), "{told}");
            assert!(told.contains(&format!("`KILL {number}` ends it")), "{told}");
            project.write(&changeset("lock_wait_timeout", "alter table busy add m int"));
            let told = project.fails(&["update"], 1, "Lock wait timeout").stderr;
            assert!(told.contains(&format!("\n     It waited probably for {who}")), "{told}");
            application.rollback().await.unwrap();
            project.ok(&["update"]);
            assert_eq!(project.query("SELECT n, m FROM busy").await, rows(&[&["1", "NULL"]]));
            application.close().await.unwrap();
            project.db.remove().await;
        }
    });
}

/// Fault 20: a deadlock with an application. The changeset is taken back as a whole and tried again; the application goes on.
#[test]
fn a_deadlock_with_an_application_is_tried_again() {
    let changesets = "
- changeSet: {id: 1, author: a, changes: [{sql: {sql: update b set n = n + 1}}, {sql: {sql: update a set n = n + 1}}]}
";
    block_on(async {
        let Some(db) = super::Database::create("a_deadlock_with_an_application_is_tried_again", "POSTGRES").await else { return };
        let project = Project::on(db, changesets);
        for table in ["a", "b"] {
            project.execute(&format!("CREATE TABLE {table} AS SELECT 1 AS n")).await;
        }
        let mut application = super::open(&project.db.url).await;
        // Whoever looks first finds the deadlock, and is the one that gives way: not the application, which looks late.
        application.execute("SET deadlock_timeout = '60s'").await.unwrap();
        application.begin().await.unwrap();
        application.execute("UPDATE a SET n = n + 10").await.unwrap();
        let words = ["update", "--url", &project.db.url, "--changelog-file", "changelog.yaml"];
        let child = command_in(project.folder.path(), &words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let waits = format!("SELECT pid FROM pg_stat_activity WHERE datname = '{}' AND wait_event_type = 'Lock'", project.db.name);
        let until = Instant::now() + Duration::from_secs(20);
        while project.query(&waits).await.is_empty() {
            assert!(Instant::now() < until, "the changeset never waited");
        }
        application.execute("UPDATE b SET n = n + 10").await.unwrap();
        application.commit().await.unwrap();
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && told.contains("tried again (1 of 3)"), "{told}");
        assert_eq!(project.query("SELECT (SELECT n FROM a), (SELECT n FROM b)").await, rows(&[&["12", "12"]]));
        application.close().await.unwrap();
        project.db.remove().await;
    });
}

/// Fault 4, of Liquibase: it was killed between effect and record. The error says what of it is there and what helps, and that helps.
#[test]
fn an_effect_without_a_record_is_recognised() {
    let changesets = "- changeSet:
    id: 1
    author: a
    changes:
    - createTable: {tableName: t, columns: [{column: {name: n, type: int}}, {column: {name: m, type: int}}]}
    - createIndex: {tableName: t, indexName: i, columns: [{column: {name: n}}]}
    - sql: {sql: 'insert into t values (7, 7)'}
- changeSet: {id: 2, author: a, changes: [{insert: {tableName: t, columns: [{column: {name: n, valueNumeric: 1}}]}}]}
";
    block_on(async {
        for project in Project::each("an_effect_without_a_record_is_recognised", changesets).await {
            let dialect = project.db.dialect;
            project.execute("CREATE TABLE t (n int)").await;
            let told = project.fails(&["update"], 1, "the database has a part of this changeset already").stderr;
            assert!(
                told.contains("already: table t, column n; it has not column m, index i (1 more of its statements"),
                "{dialect}: {told}"
            );
            assert!(told.contains("make what is missing, or take away what is there") && told.contains("--> changelog.yaml:6:"), "{told}");
            project.execute("ALTER TABLE t ADD COLUMN m int").await;
            project.execute("CREATE INDEX i ON t (n)").await;
            let told = project.fails(&["update"], 1, "the database has all that was looked up of this changeset already").stderr;
            assert!(
                told.contains(": table t, column n, column m, index i (") && told.contains("`mark-next-changeset-ran`"),
                "{dialect}: {told}"
            );
            assert!(project.recorded().await.is_empty(), "{dialect}: nothing is recorded without being asked for");
            project.ok(&["mark-next-changeset-ran"]);
            project.ok(&["update"]);
            let recorded = project.recorded().await;
            assert_eq!(recorded.len(), 2, "{dialect}");
            assert_eq!(project.query("SELECT n FROM t").await, rows(&[&["1"]]), "{dialect}");
            // Another error gets no such advice.
            project.write(&format!("{changesets}- changeSet: {{id: 3, author: a, changes: [{{sql: insert into nothing values (1)}}]}}\n"));
            let other = project.fails(&["update"], 1, "nothing").stderr;
            assert!(!other.contains("mark-next-changeset-ran"), "{other}");
            project.db.remove().await;
        }
    });
}
