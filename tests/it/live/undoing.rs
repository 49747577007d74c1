//! Rolling back: what is chosen, in which order, and what stays.

use super::block_on;
use super::project::{Project, rows};

fn table(id: &str) -> String {
    format!(
        "- changeSet: {{id: {id}, author: a, changes: [{{createTable: {{tableName: t_{id}, columns: [{{column: {{name: n, type: int}}}}]}}}}]}}\n"
    )
}

#[test]
fn a_rollback_goes_back_to_a_tag() {
    let tag = "- changeSet: {id: tag, author: a, changes: [{tagDatabase: {tag: v1}}]}\n";
    let changesets = format!("{}{tag}{}{}", table("one"), table("two"), table("three"));
    block_on(async {
        for project in Project::each("a_rollback_goes_back_to_a_tag", &changesets).await {
            project.ok(&["update"]);
            project.fails(&["rollback", "nope"], 1, "Could not find tag 'nope' in the database");
            let script = project.ok(&["rollback-sql", "V1"]);
            let order: Vec<&str> =
                script.stdout.lines().filter_map(|l| l.split_once("Rolling Back ChangeSet: ").map(|(_, id)| id)).collect();
            assert_eq!(order, ["changelog.yaml::three::a", "changelog.yaml::two::a", "changelog.yaml::tag::a"], "{}", script.stdout);
            assert!(script.stdout.contains("Rollback to 'V1' Script\n"));
            assert_eq!(project.query("SELECT count(*) FROM LEDGER").await, rows(&[&["4"]]));
            // The changeset that does nothing but tag goes too; a row that the tag command tagged stays.
            let back = project.ok(&["rollback", "v1"]);
            assert!(
                back.stderr
                    .starts_with("Rolling Back Changeset: changelog.yaml::three::a\nRolling Back Changeset: changelog.yaml::two::a\n"),
                "{}",
                back.stderr
            );
            assert_eq!(project.recorded().await, rows(&[&["one", "EXECUTED"]]), "{}", project.db.dialect);
            assert!(project.plain(&["tag", "here"]).stderr.starts_with("Successfully tagged '"));
            project.ok(&["update"]);
            project.ok(&["rollback", "here"]);
            assert_eq!(project.query("SELECT ID, TAG FROM LEDGER").await, rows(&[&["one", "here"]]));
            let nothing = project.ok(&["rollback", "here"]);
            assert!(nothing.stderr.contains("INFO: 0 changesets rolled back.\n"), "{}", nothing.stderr);
            project.db.remove().await;
        }
    });
}

#[test]
fn an_empty_ledger_gets_a_row_for_its_tag() {
    block_on(async {
        for project in Project::each("an_empty_ledger_gets_a_row_for_its_tag", &table("one")).await {
            project.plain(&["tag", "start"]);
            let found = project.query("SELECT AUTHOR, FILENAME, TAG, EXECTYPE, ORDEREXECUTED FROM LEDGER").await;
            assert_eq!(found, rows(&[&["liquibase", "liquibase-internal", "start", "EXECUTED", "1"]]), "{}", project.db.dialect);
            project.ok(&["update"]);
            project.plain(&["tag", "again", "--add-row"]);
            let found = project.query("SELECT FILENAME, TAG FROM LEDGER ORDER BY ORDEREXECUTED").await;
            assert_eq!(found, rows(&[&["liquibase-internal", "start"], &["changelog.yaml", "NULL"], &["liquibase-internal", "again"]]));
            let unexpected = project.ok(&["unexpected-changesets"]);
            assert!(unexpected.stdout.starts_with("2 unexpected changes were found in "), "{}", unexpected.stdout);
            // Nor is a changeset for other databases expected in this one, in Liquibase 4.28 either.
            project.write(&table("one").replace("author: a,", "author: a, dbms: oracle,"));
            let unexpected = project.ok(&["unexpected-changesets", "--verbose"]);
            assert!(unexpected.stdout.starts_with("3 unexpected changes were found in "), "{}", unexpected.stdout);
            assert!(unexpected.stdout.contains("     changelog.yaml::one::a\n"), "{}", unexpected.stdout);
            project.write(&table("one"));
            // What the changelog does not have does not count.
            project.ok(&["rollback-count", "1"]);
            assert_eq!(project.query("SELECT FILENAME FROM LEDGER ORDER BY ORDEREXECUTED").await.len(), 2);
            project.db.remove().await;
        }
    });
}

#[test]
fn a_rollback_goes_back_to_a_date() {
    let changesets = format!("{}{}", table("one"), table("two"));
    block_on(async {
        for project in Project::each("a_rollback_goes_back_to_a_date", &changesets).await {
            project.ok(&["update"]);
            project.execute("UPDATE LEDGER SET DATEEXECUTED = '2020-01-02 03:04:05' WHERE ID = 'one'").await;
            project.fails(&["rollback-to-date", "foo"], 2, "Unknown date format to parse: foo.");
            project.ok(&["rollback-to-date", "2030-01-01"]);
            let script = project.ok(&["rollback-to-date-sql", "2020-01-02", "03:04:05"]);
            assert!(script.stdout.contains("Rollback to 2020-01-02 03:04:05.0 Script\n"), "{}", script.stdout);
            project.ok(&["rollback-to-date", "2020-01-02T03:04:05"]);
            assert_eq!(project.recorded().await, rows(&[&["one", "EXECUTED"]]), "{}", project.db.dialect);
            project.ok(&["rollback-to-date", "2020-01-02"]);
            assert_eq!(project.recorded().await, rows(&[]));
            project.db.remove().await;
        }
    });
}

#[test]
fn what_cannot_be_undone_is_told_before_it_is_touched() {
    let raw = "- changeSet: {id: raw, author: a, changes: [{createTable: {tableName: half, columns: [{column: {name: n, type: int}}]}}, {sql: {sql: insert into t_one values (1)}}]}\n";
    let changesets = format!("{}{raw}{}", table("one"), table("two"));
    block_on(async {
        for project in Project::each("what_cannot_be_undone_is_told_before_it_is_touched", &changesets).await {
            project.ok(&["update"]);
            let failed = project.fails(&["rollback-count", "3"], 1, "No inverse to ");
            assert!(failed.stderr.contains("--> changelog.yaml:3:"), "{}", failed.stderr);
            // What was undone before stays undone; nothing of the changeset is.
            assert_eq!(project.recorded().await, rows(&[&["one", "EXECUTED"], &["raw", "EXECUTED"]]), "{}", project.db.dialect);
            assert_eq!(project.query("SELECT count(*) FROM half").await, rows(&[&["0"]]));
            let script = project.fails(&["rollback-count-sql", "2"], 1, "No inverse to ");
            assert!(script.stdout.contains("Rolling Back ChangeSet: changelog.yaml::raw::a\n"), "{}", script.stdout);
            assert!(script.stdout.contains("Release Database Lock\n"), "{}", script.stdout);
            assert!(project.plain(&["list-locks"]).stdout.ends_with(" - No locks\n"));
            project.db.remove().await;
        }
    });
}

#[test]
fn a_script_undoes_instead_of_the_changesets() {
    let changesets = "- changeSet: {id: raw, author: a, changes: [{sql: {sql: create table raw (n int)}}]}\n";
    block_on(async {
        for project in Project::each("a_script_undoes_instead_of_the_changesets", changesets).await {
            project.ok(&["update"]);
            let missing = project.ok(&["rollback-count", "1", "--rollback-script", "undo.sql"]);
            let text =
                "WARNING: The rollback script 'undo.sql' was not located.  Please check your parameters. No rollback was performed\n";
            assert!(missing.stderr.contains(text), "{}", missing.stderr);
            project.write_file("undo.sql", "-- by hand\ninsert into raw values (1);\ndrop table raw;\n");
            project.ok(&["rollback-count", "1", "--rollback-script", "undo.sql"]);
            assert_eq!(project.recorded().await, rows(&[]), "{}", project.db.dialect);
            project.ok(&["update"]);
            project.db.remove().await;
        }
    });
}

#[test]
fn a_failed_update_takes_its_deployment_back_when_asked_to() {
    let bad = "- changeSet: {id: bad, author: a, changes: [{sql: {sql: insert into nowhere values (1)}}]}\n";
    block_on(async {
        for project in Project::each("a_failed_update_takes_its_deployment_back_when_asked_to", &table("old")).await {
            project.ok(&["update"]);
            project.write(&format!("{}{}{bad}", table("old"), table("new")));
            project.fails(&["update", "--rollback-on-error"], 1, "Migration failed for changeset changelog.yaml::bad::a");
            assert_eq!(project.recorded().await, rows(&[&["old", "EXECUTED"]]), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

#[test]
fn rollbacks_can_be_tested_and_written_in_advance() {
    let changesets = format!("{}{}", table("one"), table("two"));
    block_on(async {
        for project in Project::each("rollbacks_can_be_tested_and_written_in_advance", &changesets).await {
            let future = project.ok(&["future-rollback-count-sql", "1"]);
            assert!(future.stdout.contains("SQL to roll back currently unexecuted changes\n"), "{}", future.stdout);
            assert!(future.stdout.contains("t_one") && !future.stdout.contains("t_two"), "{}", future.stdout);
            let all = project.ok(&["future-rollback-sql"]).stdout;
            assert!(all.find("t_two").unwrap() < all.find("t_one").unwrap(), "{all}");
            project.fails(&["future-rollback-from-tag-sql", "nope"], 1, "No tag matching 'nope' found");
            let tested = project.ok(&["update-testing-rollback"]);
            assert_eq!(tested.stdout.matches("UPDATE SUMMARY\n").count(), 2, "{}", tested.stdout);
            let steps: Vec<&str> =
                tested.stderr.lines().filter(|l| l.contains("Changeset: ")).map(|l| l.split(' ').next().unwrap()).collect();
            assert_eq!(steps, ["Running", "Running", "Rolling", "Rolling", "Running", "Running"], "{}", tested.stderr);
            assert_eq!(project.recorded().await, rows(&[&["one", "EXECUTED"], &["two", "EXECUTED"]]), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}
