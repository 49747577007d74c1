//! The history and lock tables: which one counts as the history, and when they are there.

use super::block_on;
use super::project::{Project, rows};

const ONE: &str = "- changeSet: {id: 1, author: a, changes: [{createTable: {tableName: t, columns: [{column: {name: a, type: int}}]}}]}\n";

/// A table whose name has other letters is no history where letter case counts, and that it is passed over is told.
#[test]
fn a_table_in_other_letters_is_no_history() {
    block_on(async {
        for project in Project::each("a_table_in_other_letters_is_no_history", ONE).await {
            let other = match project.db.dialect {
                "postgresql" => "\"DATABASECHANGELOG\"",
                // Letter case does not count in names of SQLite.
                "sqlite" => {
                    project.db.remove().await;
                    continue;
                }
                _ => "databasechangelog",
            };
            if project.db.dialect != "postgresql" && project.query("SELECT @@lower_case_table_names").await != rows(&[&["0"]]) {
                project.db.remove().await;
                continue;
            }
            project.execute(&format!("CREATE TABLE {other} (a int)")).await;
            let told = format!("`{}` is another one, as letter case counts", other.trim_matches('"'));
            let status = project.ok(&["status"]);
            assert!(status.stdout.contains("1 changeset has not been applied") && status.stderr.contains(&told), "{}", status.stderr);
            let update = project.ok(&["update"]);
            assert!(update.stderr.contains(&told), "{}", update.stderr);
            assert_eq!(project.recorded().await, rows(&[&["1", "EXECUTED"]]), "{}", project.db.dialect);
            assert_eq!(project.query(&format!("SELECT * FROM {other}")).await.len(), 0);
            // It is told as long as it may be mistaken.
            let again = project.ok(&["update"]);
            assert!(!again.stderr.contains(&told), "{}", again.stderr);
            project.db.remove().await;
        }
    });
}

/// The lock table has its row as soon as it is there, also when nothing takes the lock.
#[test]
fn a_lock_table_has_its_row() {
    block_on(async {
        for project in Project::each("a_lock_table_has_its_row", ONE).await {
            project.write(&format!("- preConditions: [{{tableExists: {{tableName: missing}}}}]\n{ONE}"));
            project.fails(&["update"], 3, "missing does not exist");
            assert_eq!(project.query("SELECT ID, LOCKEDBY FROM LOCKS").await, rows(&[&["1", "NULL"]]), "{}", project.db.dialect);
            project.execute("DROP TABLE LOCKS").await;
            project.write(ONE);
            project.ok(&["mark-next-changeset-ran"]);
            assert_eq!(project.recorded().await, rows(&[&["1", "EXECUTED"]]), "{}", project.db.dialect);
            assert_eq!(project.query("SELECT ID, LOCKEDBY FROM LOCKS").await, rows(&[&["1", "NULL"]]), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

/// What mark-next-changeset-ran-sql writes for an empty database can be run there, as Liquibase's script can.
#[test]
fn marking_in_a_script_makes_the_tables() {
    block_on(async {
        for project in Project::each("marking_in_a_script_makes_the_tables", ONE).await {
            let script = project.ok(&["mark-next-changeset-ran-sql"]).stdout;
            for statement in script.lines().filter(|line| !line.starts_with("--")).filter_map(|line| line.strip_suffix(';')) {
                project.execute(statement).await;
            }
            assert_eq!(project.recorded().await, rows(&[&["1", "EXECUTED"]]), "{}", project.db.dialect);
            assert_eq!(project.query("SELECT ID, LOCKEDBY FROM LOCKS").await, rows(&[&["1", "NULL"]]), "{}", project.db.dialect);
            let status = project.ok(&["status"]);
            assert!(status.stdout.contains(" is up to date"), "{}", status.stdout);
            project.db.remove().await;
        }
    });
}
