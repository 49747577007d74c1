//! The short way of an update that finds nothing to do: taken when nothing changed, and never else.

use super::block_on;
use super::project::{Project, rows};
use crate::program::{Ran, command_in};

const CHANGESETS: &str = "
- includeAll: {path: inc, errorIfMissingOrEmpty: false}
- changeSet: {id: table, author: a, changes: [{createTable: {tableName: t, columns: [{column: {name: n, type: int}}]}}]}
- changeSet: {id: file, author: a, changes: [{sqlFile: {path: rows.sql}}]}
- changeSet: {id: 'named ${NAME}', author: a, changes: [{sql: {sql: insert into t values (3)}}]}
";

const UPDATE: &[&str] = &["update", "--digest", "on"];

/// The mark that [`mark`] puts into digests: whoever prints it took the short way.
const MARK: &str = "from the digest";

fn update(project: &Project, name: &str) -> Ran {
    let words = [UPDATE, &["--url", &project.db.url, "--changelog-file", "changelog.yaml"]].concat();
    let output = command_in(project.folder.path(), &words).env("NAME", name).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// Runs until the short way is taken, and proves that it is.
async fn settle(project: &Project) {
    let ran = update(project, "x");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    project.execute(&format!("UPDATE DIGESTS SET SUMMARY = '{MARK}'")).await;
    let again = update(project, "x");
    assert_eq!((again.code, again.stdout.as_str()), (0, MARK), "{}: {}", project.db.dialect, again.stderr);
    assert!(again.stderr.starts_with("Database is up to date, no changesets to execute\n"), "{}", again.stderr);
}

#[test]
fn a_digest_is_left_and_found_and_whatever_changes_is_seen() {
    block_on(async {
        for project in Project::each("a_digest_is_left_and_found_and_whatever_changes_is_seen", CHANGESETS).await {
            let dialect = project.db.dialect;
            std::fs::create_dir(project.folder.path().join("inc")).unwrap();
            project.write_file("rows.sql", "insert into t values (1)");
            let first = update(&project, "x");
            assert!(first.stdout.contains("Run:                          3\n"), "{}", first.stdout);
            settle(&project).await;

            // Another way of asking has a digest of its own.
            let words = ["update", "--digest", "on", "--contexts", "prod"];
            assert!(project.ok(&words).stdout.contains("Total change sets"), "{dialect}");
            settle(&project).await;

            // A file in a folder that is included as a whole.
            project.write_file("inc/1.sql", "--liquibase formatted sql\n--changeset a:new\ninsert into t values (4);\n");
            assert!(update(&project, "x").stdout.contains("Run:                          1\n"), "{dialect}");
            settle(&project).await;

            // A variable of the environment.
            assert!(update(&project, "y").stdout.contains("Run:                          1\n"), "{dialect}");
            settle(&project).await;

            // A file that a changeset names: its checksum is no longer that of the ledger.
            project.write_file("rows.sql", "insert into t values (2)");
            let edited = update(&project, "x");
            assert!(edited.code != 0 && edited.stderr.contains("but is now"), "{dialect}: {}", edited.stderr);
            project.write_file("rows.sql", "insert into t values (1)");
            settle(&project).await;

            // The ledger: a checksum that was taken away comes back, a row that was taken away runs again.
            project.execute("UPDATE LEDGER SET MD5SUM = NULL WHERE ID = 'table'").await;
            assert!(!update(&project, "x").stdout.contains(MARK), "{dialect}");
            assert_eq!(project.query("SELECT COUNT(*) FROM LEDGER WHERE MD5SUM IS NULL").await, rows(&[&["0"]]));
            settle(&project).await;
            project.execute("DELETE FROM LEDGER WHERE ID = 'file'").await;
            assert!(update(&project, "x").stdout.contains("Run:                          1\n"), "{dialect}");
            settle(&project).await;

            // Without the wish for it nothing is asked of the table.
            assert!(!project.ok(&["update", "--digest", "off"]).stdout.contains(MARK), "{dialect}");
            project.db.remove().await;
        }
    });
}

/// What must be asked or told each time has no digest.
#[test]
fn what_may_answer_otherwise_next_time_has_no_digest() {
    let precondition = "
- preConditions: [{sqlCheck: {expectedResult: 0, sql: select count(*) from stop}}]
- changeSet: {id: 1, author: a, changes: [{sql: {sql: select 1}}]}
";
    let always = "
- changeSet: {id: 1, author: a, runAlways: true, changes: [{sql: {sql: select 1}}]}
";
    let warning = "
- changeSet: {id: 1, author: a, colour: blue, changes: [{sql: {sql: select 1}}]}
";
    block_on(async {
        for changesets in [precondition, always, warning] {
            for project in Project::each("what_may_answer_otherwise_next_time_has_no_digest", changesets).await {
                project.execute("CREATE TABLE stop (n int)").await;
                for _ in 0..2 {
                    project.ok(UPDATE);
                }
                assert!(project.try_query("SELECT * FROM DIGESTS").await.is_err(), "{}: {changesets}", project.db.dialect);
                project.db.remove().await;
            }
        }
    });
}

/// Below the number that makes it worth a table, the schema is what Liquibase would leave.
#[test]
fn small_changelogs_get_no_table() {
    block_on(async {
        for project in
            Project::each("small_changelogs_get_no_table", "\n- changeSet: {id: 1, author: a, changes: [{sql: {sql: select 1}}]}\n").await
        {
            for _ in 0..3 {
                project.ok(&["update"]);
            }
            assert!(project.try_query("SELECT * FROM DIGESTS").await.is_err(), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}
