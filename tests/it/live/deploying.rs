//! What decides whether a changeset runs, and what is left of it: rerunning, preconditions, ignored errors, limits.

use super::project::{Project, rows};
use super::{Database, block_on};
use std::time::{Duration, Instant};

#[test]
fn nothing_to_do_takes_a_handful_of_statements_and_writes_nothing() {
    block_on(async {
        let changesets = "
- changeSet: {id: 1, author: a, changes: [{createTable: {tableName: t1, columns: [{column: {name: id, type: int}}]}}]}
- changeSet: {id: 2, author: a, changes: [{sql: {sql: insert into t1 values (1)}}]}
";
        for project in Project::each("nothing_to_do_takes_a_handful_of_statements_and_writes_nothing", changesets).await {
            project.ok(&["update"]);
            let before = project.query("SELECT * FROM LEDGER").await;
            let locks = project.query("SELECT * FROM LOCKS").await;
            let again = project.ok(&["update", "--log-level", "FINE"]);
            assert!(again.stderr.contains("Database is up to date, no changesets to execute\n"), "{}", again.stderr);
            let statements: Vec<&str> = again.stderr.lines().filter(|l| l.contains("FINE [liquibase.executor]")).collect();
            // Each query is logged with what came of it.
            assert!((2..=10).contains(&statements.len()), "{}: {statements:#?}", project.db.dialect);
            assert_eq!(project.query("SELECT * FROM LEDGER").await, before);
            assert_eq!(project.query("SELECT * FROM LOCKS").await, locks);
            project.db.remove().await;
        }
    });
}

#[test]
fn a_pod_waits_until_everything_has_run() {
    let changesets = "
- changeSet: {id: 1, author: a, changes: [{sql: {sql: create table t (n int)}}]}
- changeSet: {id: 2, author: a, runAlways: true, changes: [{sql: {sql: insert into t values (1)}}]}
";
    block_on(async {
        for project in Project::each("a_pod_waits_until_everything_has_run", changesets).await {
            project.fails(&["status", "--wait-until-applied", "0"], 1, "2 changesets have not been applied within 0 seconds");
            assert!(project.try_query("SELECT * FROM LEDGER").await.is_err(), "{}: waiting writes nothing", project.db.dialect);
            let words = ["status", "--wait-until-applied", "60", "--url", &project.db.url, "--changelog-file", "changelog.yaml"];
            let waiting = crate::program::command_in(project.folder.path(), &words).stdout(std::process::Stdio::piped()).spawn().unwrap();
            project.ok(&["update"]);
            assert!(waiting.wait_with_output().unwrap().status.success(), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

#[test]
fn changesets_run_again_always_or_when_they_are_edited() {
    let changesets = |view: &str| {
        format!(
            "
- changeSet: {{id: table, author: a, changes: [{{createTable: {{tableName: seen, columns: [{{column: {{name: n, type: int}}}}]}}}}]}}
- changeSet: {{id: always, author: a, runAlways: true, changes: [{{sql: {{sql: insert into seen values (1)}}}}]}}
- changeSet: {{id: edited, author: a, runOnChange: true, changes: [{{createView: {{viewName: v, replaceIfExists: true, selectQuery: select {view} as x}}}}]}}
"
        )
    };
    block_on(async {
        for project in Project::each("changesets_run_again_always_or_when_they_are_edited", &changesets("1")).await {
            project.ok(&["update"]);
            let first = rows(&[&["table", "EXECUTED"], &["always", "EXECUTED"], &["edited", "EXECUTED"]]);
            assert_eq!(project.recorded().await, first, "{}", project.db.dialect);
            let second = project.ok(&["update"]);
            assert!(second.stdout.contains("Run:                          1\nPreviously run:               2\n"), "{}", second.stdout);
            // What runs again gets a new and higher number, in its old row.
            assert_eq!(project.recorded().await, rows(&[&["table", "EXECUTED"], &["edited", "EXECUTED"], &["always", "RERAN"]]));
            assert_eq!(project.query("SELECT count(*) FROM seen").await, rows(&[&["2"]]));

            project.write(&changesets("2"));
            let status = project.ok(&["status"]);
            assert!(status.stdout.starts_with("2 changesets have not been applied to "), "{}", status.stdout);
            assert!(status.stdout.ends_with("\n     changelog.yaml::always::a\n     changelog.yaml::edited::a\n"), "{}", status.stdout);
            project.ok(&["update"]);
            assert_eq!(project.recorded().await, rows(&[&["table", "EXECUTED"], &["always", "RERAN"], &["edited", "RERAN"]]));
            assert_eq!(project.query("SELECT x FROM v").await, rows(&[&["2"]]));
            assert_eq!(project.query("SELECT MAX(ORDEREXECUTED), COUNT(*) FROM LEDGER").await, rows(&[&["6", "3"]]));

            // What always runs may be edited, too; and recording that it ran leaves it its row.
            project.write(&changesets("2").replace("values (1)", "values (7)"));
            project.ok(&["validate"]);
            project.ok(&["update"]);
            assert_eq!(project.query("SELECT MAX(n) FROM seen").await, rows(&[&["7"]]));
            project.ok(&["changelog-sync"]);
            assert_eq!(project.recorded().await, rows(&[&["table", "EXECUTED"], &["edited", "RERAN"], &["always", "RERAN"]]));
            assert_eq!(project.query("SELECT COUNT(*) FROM seen").await, rows(&[&["4"]]));
            project.db.remove().await;
        }
    });
}

const PRECONDITIONS: &str = "
- changeSet: {id: continue, author: a, preConditions: [{onFail: CONTINUE}, {tableExists: {tableName: later}}], changes: [{sql: {sql: create table c (a int)}}]}
- changeSet: {id: mark, author: a, preConditions: [{onFail: MARK_RAN}, {tableExists: {tableName: nope}}], changes: [{sql: {sql: create table m (a int)}}]}
- changeSet: {id: warn, author: a, preConditions: [{onFail: WARN, onFailMessage: so what}, {tableExists: {tableName: nope}}], changes: [{sql: {sql: create table w (a int)}}]}
- changeSet: {id: error, author: a, preConditions: [{onError: MARK_RAN}, {sqlCheck: {expectedResult: 1, sql: select a from nope}}], changes: [{sql: {sql: create table e (a int)}}]}
- changeSet: {id: holds, author: a, preConditions: [{and: [{tableExists: {tableName: w}}, {not: [{tableExists: {tableName: m}}]}, {sqlCheck: {expectedResult: 0, sql: select count(*) from w}}]}], changes: [{sql: {sql: create table later (a int)}}]}
- changeSet: {id: halt, author: a, preConditions: [{onFail: HALT}, {tableExists: {tableName: nope}}], changes: [{sql: {sql: create table h (a int)}}]}
- changeSet: {id: behind, author: a, changes: [{sql: {sql: create table b (a int)}}]}
";

#[test]
fn preconditions_decide() {
    block_on(async {
        for project in Project::each("preconditions_decide", PRECONDITIONS).await {
            let halted = project.fails(&["update"], 1, "Migration failed for changeset changelog.yaml::halt::a:\n     Reason: \n");
            let schema = if project.db.dialect == "postgresql" { "public." } else { "" };
            let reason = format!("          changelog.yaml : Table {schema}nope does not exist\n  - Caused by: Preconditions Failed\n");
            let told = halted.stderr.replace(&format!("{}.nope", project.db.name), "nope");
            assert!(told.contains(&reason), "{}", halted.stderr);
            let warning = "WARNING: Executing changelog.yaml::warn::a despite precondition failure due to onFail='WARN':\n      1 preconditions failed\n     changelog.yaml : so what\n";
            assert!(halted.stderr.contains(warning), "{}", halted.stderr);
            assert!(halted.stderr.contains("--> changelog.yaml:8:"), "{}", halted.stderr);
            let recorded = [&["mark", "MARK_RAN"][..], &["warn", "EXECUTED"], &["error", "MARK_RAN"], &["holds", "EXECUTED"]];
            assert_eq!(project.recorded().await, rows(&recorded), "{}", project.db.dialect);
            // Passed over means tried again: now its table exists.
            project.write(&PRECONDITIONS.replace("onFail: HALT", "onFail: CONTINUE"));
            let second = project.ok(&["update"]);
            assert!(second.stdout.contains("Preconditions:                1\n"), "{}", second.stdout);
            let mut all = recorded.to_vec();
            all.extend([&["continue", "EXECUTED"][..], &["behind", "EXECUTED"]]);
            assert_eq!(project.recorded().await, rows(&all));
            assert_eq!(project.query("SELECT count(*) FROM c").await, rows(&[&["0"]]));
            project.db.remove().await;
        }
    });
}

/// filters §7: MARK_RAN of a changeset that has a row replaces that row, as in Liquibase 5.
#[test]
fn a_changeset_that_runs_again_keeps_its_row_whatever_becomes_of_it() {
    let changesets = |table: &str| {
        format!(
            "
- changeSet: {{id: table, author: a, changes: [{{createTable: {{tableName: seen, columns: [{{column: {{name: n, type: int}}}}]}}}}]}}
- changeSet: {{id: asks, author: a, runAlways: true, preConditions: [{{onFail: MARK_RAN}}, {{tableIsEmpty: {{tableName: seen}}}}], changes: [{{sql: {{sql: insert into seen values (1)}}}}]}}
- changeSet: {{id: valid, author: a, runAlways: true, onValidationFail: MARK_RAN, changes: [{{dropTable: {{{table}}}}}]}}
"
        )
    };
    block_on(async {
        for project in Project::each("a_changeset_that_runs_again_keeps_its_row_whatever_becomes_of_it", &changesets("")).await {
            let ran = project.ok(&["update"]);
            assert!(
                ran.stderr.starts_with("WARNING: tableName is required") && ran.stderr.contains(", changelog.yaml::valid::a\n"),
                "{}",
                ran.stderr
            );
            let first = rows(&[&["table", "EXECUTED"], &["asks", "EXECUTED"], &["valid", "MARK_RAN"]]);
            assert_eq!(project.recorded().await, first, "{}", project.db.dialect);
            project.ok(&["update"]);
            let second = rows(&[&["table", "EXECUTED"], &["asks", "RERAN"], &["valid", "RERAN"]]);
            assert_eq!(project.recorded().await, second, "{}", project.db.dialect);
            assert_eq!(project.query("SELECT COUNT(*) FROM seen").await, rows(&[&["1"]]));
            project.execute("CREATE TABLE gone (n int)").await;
            project.write(&changesets("tableName: gone"));
            assert!(!project.ok(&["update"]).stderr.contains("is required"));
            assert_eq!(project.recorded().await, second, "{}", project.db.dialect);
            assert!(project.try_query("SELECT * FROM gone").await.is_err(), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

/// What runs again is valid again, and gets the tag that it has now.
#[test]
fn an_edited_changeset_is_checked_and_tagged_anew() {
    let changesets = |changes: &str| format!("- changeSet: {{id: 1, author: a, runOnChange: true, changes: [{changes}]}}\n");
    block_on(async {
        for project in Project::each("an_edited_changeset_is_checked_and_tagged_anew", &changesets("{tagDatabase: {tag: v1}}")).await {
            project.ok(&["update"]);
            project.write(&changesets("{dropTable: {}}"));
            project.fails(&["update"], 3, "tableName is required");
            project.write(&changesets("{tagDatabase: {tag: v2}}"));
            project.ok(&["update"]);
            let found = project.query("SELECT TAG, EXECTYPE FROM LEDGER").await;
            assert_eq!(found, rows(&[&["v2", "RERAN"]]), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

/// What runs again has its record: the next changeset to be recorded, or to be undone in advance, is one that has none.
#[test]
fn what_runs_again_is_not_next() {
    let table = |id: &str| {
        format!(
            "- changeSet: {{id: {id}, author: a, changes: [{{createTable: {{tableName: t_{id}, columns: [{{column: {{name: n, type: int}}}}]}}}}]}}\n"
        )
    };
    let always = "- changeSet: {id: always, author: a, runAlways: true, changes: [{sql: {sql: select 1}}], rollback: empty}\n";
    block_on(async {
        for project in Project::each("what_runs_again_is_not_next", always).await {
            project.ok(&["update"]);
            project.write(&format!("{always}{}{}", table("one"), table("two")));
            let future = project.ok(&["future-rollback-count-sql", "1"]).stdout;
            assert!(future.contains("DROP TABLE") && future.contains("t_one") && !future.contains("t_two"), "{future}");
            assert!(!future.contains("::always::"), "{future}");
            project.ok(&["mark-next-changeset-ran"]);
            let recorded = rows(&[&["always", "EXECUTED"], &["one", "EXECUTED"]]);
            assert_eq!(project.recorded().await, recorded, "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

/// filters §7: a changeset of nothing but commands for other systems is not recorded, one that has anything else is.
#[test]
fn commands_for_other_systems_alone_are_not_recorded() {
    let changesets = "
- changeSet: {id: other, author: a, changes: [{executeCommand: {executable: nowhere, os: Plan 9}}, {executeCommand: {executable: nowhere, os: Inferno}}]}
- changeSet: {id: mixed, author: a, changes: [{executeCommand: {executable: nowhere, os: Plan 9}}, {sql: {sql: create table mixed (n int)}}]}
";
    block_on(async {
        for project in Project::each("commands_for_other_systems_alone_are_not_recorded", changesets).await {
            project.ok(&["update"]);
            assert_eq!(project.recorded().await, rows(&[&["mixed", "EXECUTED"]]), "{}", project.db.dialect);
            assert_eq!(project.try_query("SELECT * FROM mixed").await, Ok(0));
            project.db.remove().await;
        }
    });
}

#[test]
fn preconditions_of_the_changelog_stop_everything() {
    let changesets = "
- preConditions: [{onFailMessage: not here}, {dbms: {type: oracle}}]
- changeSet: {id: 1, author: a, changes: [{sql: {sql: create table t1 (a int)}}]}
";
    block_on(async {
        for project in Project::each("preconditions_of_the_changelog_stop_everything", changesets).await {
            let text = "Validation Failed:\n     1 preconditions failed\n          changelog.yaml : not here\n";
            project.fails(&["update"], 3, text);
            project.fails(&["validate"], 3, text);
            assert_eq!(project.recorded().await, rows(&[]), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

#[test]
fn preconditions_change_nothing() {
    let changesets = "
- changeSet: {id: table, author: a, changes: [{sql: {sql: create table asked (n int)}}, {sql: {splitStatements: false, sql: 'create function ask() returns int language sql as $$ insert into asked values (1); select 1 $$'}}]}
- changeSet: {id: asks, author: a, preConditions: [{sqlCheck: {expectedResult: 1, sql: select ask()}}], changes: [{sql: {sql: select 1}}]}
";
    block_on(async {
        let name = "preconditions_change_nothing";
        let Some(db) = super::Database::create(name, "POSTGRES").await else { return };
        let project = Project::on(db, changesets);
        project.ok(&["update"]);
        assert_eq!(project.recorded().await, rows(&[&["table", "EXECUTED"], &["asks", "EXECUTED"]]));
        assert_eq!(project.query("SELECT count(*) FROM asked").await, rows(&[&["0"]]));
        project.db.remove().await;
    });
}

#[test]
fn an_ignored_error_is_told_and_tried_again() {
    let changesets = "
- changeSet: {id: may, author: a, failOnError: false, changes: [{sql: {sql: insert into late values (1)}}]}
- changeSet: {id: must, author: a, changes: [{sql: {sql: create table late (a int)}}]}
";
    block_on(async {
        for project in Project::each("an_ignored_error_is_told_and_tried_again", changesets).await {
            let first = project.ok(&["update"]);
            assert!(
                first.stderr.contains(
                    "Changeset changelog.yaml::may::a failed, and the error was ignored because 'failOnError' was set to false. "
                )
            );
            assert!(
                first.stderr.contains("Errors encountered while deploying the following changesets: \n     changelog.yaml::may::a\nFor more information use the --log-level flag.\n"),
                "{}",
                first.stderr
            );
            assert!(first.stdout.contains("Run:                          1\n"), "{}", first.stdout);
            assert_eq!(project.recorded().await, rows(&[&["must", "EXECUTED"]]), "{}", project.db.dialect);
            project.ok(&["update"]);
            assert_eq!(project.recorded().await, rows(&[&["must", "EXECUTED"], &["may", "EXECUTED"]]));
            // What was not recorded was not counted.
            let orders = project.query("SELECT ORDEREXECUTED FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED").await;
            assert_eq!(orders, rows(&[&["1"], &["2"]]));
            assert_eq!(project.query("SELECT count(*) FROM late").await, rows(&[&["1"]]));
            project.db.remove().await;
        }
    });
}

const RELEASES: &str = "
- changeSet: {id: 1, author: a, changes: [{createTable: {tableName: t1, columns: [{column: {name: id, type: int}}]}}]}
- changeSet: {id: v1, author: a, changes: [{tagDatabase: {tag: v1}}]}
- changeSet: {id: 2, author: a, changes: [{createTable: {tableName: t2, columns: [{column: {name: id, type: int}}]}}]}
- changeSet: {id: 3, author: a, context: other, changes: [{createTable: {tableName: t3, columns: [{column: {name: id, type: int}}]}}]}
";

#[test]
fn a_run_ends_at_a_tag_or_a_count() {
    block_on(async {
        for project in Project::each("a_run_ends_at_a_tag_or_a_count", RELEASES).await {
            project.fails(&["update-to-tag", "v9", "--strict=true"], 1, "The tag 'v9' was not found in the changelog 'changelog.yaml'");
            assert_eq!(project.recorded().await, rows(&[]));
            let count = project.ok(&["update-count", "1", "--contexts", "prod"]);
            assert!(count.stdout.contains("After count:                  2\nContext mismatch:             1\n"), "{}", count.stdout);
            let tagged = project.ok(&["update-to-tag", "v1", "--contexts", "prod"]);
            assert!(tagged.stdout.contains("After tag:                    2\nContext mismatch:             1\n"), "{}", tagged.stdout);
            assert!(tagged.stderr.contains("Liquibase: Update-to-tag has been successful. Rows affected: "), "{}", tagged.stderr);
            let recorded = project.query("SELECT ID, TAG FROM LEDGER ORDER BY ORDEREXECUTED").await;
            assert_eq!(recorded, rows(&[&["1", "NULL"], &["v1", "v1"]]), "{}", project.db.dialect);
            let all = project.ok(&["update-to-tag", "v9", "--contexts", "prod"]);
            let warning =
                "WARNING:  The tag 'v9' was not found in the changelog 'changelog.yaml'. All changesets in the changelog were deployed.";
            // Before anything runs.
            let told = all.stderr.find(warning).unwrap_or_else(|| panic!("{}", all.stderr));
            assert!(all.stderr.find("Running Changeset").is_some_and(|ran| told < ran), "{}", all.stderr);
            assert_eq!(project.query("SELECT count(*) FROM LEDGER").await, rows(&[&["3"]]));
            project.db.remove().await;
        }
    });
}

#[test]
fn recording_ends_at_a_tag_too() {
    block_on(async {
        for project in Project::each("recording_ends_at_a_tag_too", RELEASES).await {
            let script = project.ok(&["changelog-sync-to-tag-sql", "v1"]);
            assert!(
                script.stdout.contains("-- SQL to add all changesets to database history table\n")
                    || script.stdout.contains("--  SQL to add all"),
                "{}",
                script.stdout
            );
            assert_eq!(script.stdout.matches("INSERT INTO").count(), 3, "{}", script.stdout);
            project.ok(&["changelog-sync-to-tag", "v1"]);
            assert_eq!(project.recorded().await, rows(&[&["1", "EXECUTED"], &["v1", "EXECUTED"]]), "{}", project.db.dialect);
            let next = project.ok(&["mark-next-changeset-ran-sql"]);
            assert!(
                next.stdout.starts_with("INSERT INTO ") && next.stdout.contains("VALUES ('2', 'a', 'changelog.yaml', "),
                "{}",
                next.stdout
            );
            assert_eq!(next.stdout.lines().count(), 2);
            project.ok(&["mark-next-changeset-ran"]);
            assert_eq!(project.query("SELECT ID, ORDEREXECUTED FROM LEDGER WHERE ID = '2'").await, rows(&[&["2", "3"]]));
            project.db.remove().await;
        }
    });
}

#[test]
fn a_broken_connection_leaves_no_lock() {
    let changesets = "
- changeSet: {id: 1, author: a, changes: [{sql: {sql: create table t1 (a int)}}]}
- changeSet: {id: 2, author: a, changes: [{sql: {sql: create table t2 (a int)}}, {sql: {sql: select pg_terminate_backend(pg_backend_pid())}}]}
";
    block_on(async {
        let Some(db) = super::Database::create("a_broken_connection_leaves_no_lock", "POSTGRES").await else { return };
        let project = Project::on(db, changesets);
        project.fails(&["update"], 1, "the lock was given back over a new one");
        assert_eq!(project.recorded().await, rows(&[&["1", "EXECUTED"]]));
        assert!(project.plain(&["list-locks"]).stdout.ends_with(" - No locks\n"));
        project.db.remove().await;
    });
}

/// A text in dollar quotes has semicolons of its own, in and behind its BEGIN and END.
#[test]
fn a_function_in_dollar_quotes_stays_whole() {
    let changesets = "\
- changeSet:
    id: twice
    author: a
    changes:
    - sql:
        sql: |
          create function twice(n int) returns int as $f$
          declare r int;
          begin
            r = n * 2;
            return r;
          end;
          $f$ language plpgsql;
          create table numbers (n int);
    rollback: |
      do $$ declare x int; begin x = 1; end; $$;
      drop function twice;
      drop table numbers;
";
    block_on(async {
        let Some(db) = Database::create("a_function_in_dollar_quotes_stays_whole", "POSTGRES").await else { return };
        let project = Project::on(db, changesets);
        project.ok(&["update"]);
        assert_eq!(project.query("SELECT twice(4) FROM numbers RIGHT JOIN (SELECT 1) one ON TRUE").await, rows(&[&["8"]]));
        project.ok(&["rollback-count", "1"]);
        assert!(project.try_query("SELECT twice(4)").await.is_err());
        project.db.remove().await;
    });
}

/// Whether the default schema is written is about what changesets make; the ledger's tables always have theirs.
#[test]
fn the_ledger_keeps_its_schema_where_names_have_none() {
    let table = "- changeSet: {id: one, author: a, changes: [{createTable: {tableName: t, columns: [{column: {name: n, type: int}}]}}]}\n";
    block_on(async {
        let Some(db) = Database::create("the_ledger_keeps_its_schema_where_names_have_none", "POSTGRES").await else { return };
        let project = Project::on(db, table);
        project.execute("CREATE SCHEMA app").await;
        let script = project.ok(&["update-sql", "--default-schema-name", "app", "--output-default-schema=false"]).stdout;
        assert!(script.contains("CREATE TABLE t ("), "{script}");
        for start in
            ["CREATE TABLE app.databasechangeloglock (", "CREATE TABLE app.databasechangelog (", "INSERT INTO app.databasechangelog ("]
        {
            assert!(script.contains(start), "{start}: {script}");
        }
        project.db.remove().await;
    });
}

/// What is doubtful is told once, however often the ledger is looked at.
#[test]
fn a_wait_does_not_repeat_itself() {
    let changesets = "- changeSet: {id: 1, author: a, changes: [{sql: {dbms: '!klingon', sql: create table t1 (a int)}}]}\n";
    let project = Project::on(Database::sqlite(), changesets);
    let waited = project.fails(&["status", "--wait-until-applied", "2"], 1, "1 changeset has not been applied within 2 seconds");
    assert_eq!(waited.stderr.matches("klingon is not a supported DB").count(), 1, "{}", waited.stderr);
}

/// A server counts sessions whose client just vanished, and writes of each in its log.
#[test]
fn no_command_leaves_its_session_behind() {
    block_on(async {
        let Some(db) = Database::create("no_command_leaves_its_session_behind", "POSTGRES").await else { return };
        let project = Project::on(db, "- changeSet: {id: 1, author: a, changes: [{sql: {sql: create table t1 (a int)}}]}\n");
        for words in [&["plan"][..], &["update"], &["update"], &["status"], &["validate"], &["unexpected-changesets"], &["update-sql"]] {
            project.ok(words);
        }
        for words in [&["history"][..], &["list-locks"], &["diagnose"], &["tag", "--tag", "v1"], &["tag-exists", "--tag", "v1"]] {
            project.plain(words);
        }
        project.write("- changeSet: {id: 2, author: a, changes: [{createIndx: {tableName: t1}}]}\n");
        project.fails(&["update"], 3, "nothing was run");
        project.fails(&["validate"], 3, "nothing was run");
        project.write("- changeSet: {id: 2, author: a, changes: [{createIndex: {tableName: t1}}]}\n");
        project.fails(&["plan"], 3, "1 changeset has errors");
        let ours = 15;
        let counts = "SELECT sessions, sessions_abandoned FROM pg_stat_database WHERE datname = current_database()";
        // A session is counted when it has ended; this one asks about the others.
        let deadline = Instant::now() + Duration::from_secs(60);
        let found = loop {
            let found = project.query(counts).await.remove(0);
            let number = |at: usize| found[at].as_ref().and_then(|n| n.parse::<u32>().ok()).unwrap();
            if number(0) >= ours || Instant::now() > deadline {
                break (number(0) >= ours, number(1));
            }
        };
        assert_eq!(found, (true, 0));
        project.db.remove().await;
    });
}
