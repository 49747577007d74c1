//! The history and lock tables: which one counts as the history, and when they are there.

use super::block_on;
use super::project::{Project, rows};

const ONE: &str = "- changeSet: {id: 1, author: a, changes: [{createTable: {tableName: t, columns: [{column: {name: a, type: int}}]}}]}\n";

/// The columns of the history have room for 255 characters; Liquibase cuts what is longer.
#[test]
fn what_is_too_long_for_the_history_is_cut() {
    let names: Vec<String> = (0..40).map(|n| format!("label_{n}")).collect();
    let changesets = ONE.replace("author: a,", &format!("author: a, context: '{}', labels: '{}',", names.join(" or "), names.join(",")));
    block_on(async {
        for project in Project::each("what_is_too_long_for_the_history_is_cut", &changesets).await {
            project.ok(&["update"]);
            let found = project.query("SELECT LENGTH(CONTEXTS), LENGTH(LABELS), CONTEXTS, LABELS FROM LEDGER").await;
            let cut = |text: String| format!("{}...", &text[..252]);
            let expected = rows(&[&["255", "255", &cut(format!("({})", names.join(" or "))), &cut(names.join(","))]]);
            assert_eq!(found, expected, "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

/// A lock table without its row, as a run that was killed may leave it, is filled; a script fills it, too.
#[test]
fn the_row_of_the_lock_is_made_where_it_is_missing() {
    block_on(async {
        for project in Project::each("the_row_of_the_lock_is_made_where_it_is_missing", ONE).await {
            project.plain(&["tag", "start"]);
            let fills = |script: &str| script.contains("Initialize Database Lock Table");
            assert!(!fills(&project.ok(&["update-sql"]).stdout), "{}", project.db.dialect);
            project.execute("DELETE FROM LOCKS").await;
            assert!(fills(&project.ok(&["update-sql"]).stdout), "{}", project.db.dialect);
            project.ok(&["update"]);
            assert_eq!(project.query("SELECT ID FROM LOCKS WHERE LOCKEDBY IS NULL").await, rows(&[&["1"]]), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

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
