//! Statements that cannot run in a transaction, on real databases.

use super::project::{Project, rows};
use super::{Database, block_on};

async fn postgres(test: &str, changesets: &str) -> Option<Project> {
    Some(Project::on(Database::create(test, "POSTGRES").await?, changesets))
}

fn sql(id: &str, text: &str) -> String {
    format!("- changeSet: {{id: {id}, author: a, changes: [{{sql: {{sql: '{text}'}}}}]}}\n")
}

const ALONE: &str = "runs outside of a transaction, for its statements cannot run in one";

#[test]
fn an_index_that_a_failed_build_left_is_built_anew() {
    let table = sql("table", "CREATE TABLE person (id int, age int); INSERT INTO person VALUES (1, 5), (2, 5)");
    for if_not_exists in ["", "IF NOT EXISTS "] {
        let index = sql("index", &format!("CREATE UNIQUE INDEX CONCURRENTLY {if_not_exists}Ix_Age ON person (age)"));
        block_on(async {
            let test = "an_index_that_a_failed_build_left_is_built_anew";
            let Some(project) = postgres(test, &format!("{table}{index}")).await else { return };
            let valid = "SELECT i.indisvalid::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = 'ix_age'";
            let failed = project.fails(&["update"], 1, "could not create unique index");
            assert!(failed.stderr.contains(ALONE), "{}", failed.stderr);
            assert_eq!(project.query(valid).await, rows(&[&["false"]]));
            assert_eq!(project.recorded().await, rows(&[&["table", "EXECUTED"]]));
            // It is not taken for done while it cannot be built, nor by who asks for it.
            project.fails(&["update"], 1, "could not create unique index");
            assert_eq!(project.query(valid).await, rows(&[&["false"]]));
            project.execute("DELETE FROM person WHERE id = 2").await;
            let done = project.ok(&["update"]);
            assert!(done.stderr.contains("Index public.ix_age was left unusable by an earlier build"), "{}", done.stderr);
            assert_eq!(project.query(valid).await, rows(&[&["true"]]));
            assert_eq!(project.recorded().await, rows(&[&["table", "EXECUTED"], &["index", "EXECUTED"]]));
            project.db.remove().await;
        });
    }
}

#[test]
fn an_unusable_index_does_not_exist_for_a_precondition() {
    let table = sql("table", "CREATE TABLE person (id int, age int); INSERT INTO person VALUES (1, 5), (2, 5)");
    let index = "- changeSet: {id: index, author: a, preConditions: [{onFail: MARK_RAN}, {not: [{indexExists: {indexName: ix_age}}]}], \
        changes: [{sql: {sql: 'CREATE UNIQUE INDEX CONCURRENTLY ix_age ON person (age)'}}]}\n";
    block_on(async {
        let test = "an_unusable_index_does_not_exist_for_a_precondition";
        let Some(project) = postgres(test, &format!("{table}{index}")).await else { return };
        project.fails(&["update"], 1, "could not create unique index");
        project.execute("DELETE FROM person WHERE id = 2").await;
        project.ok(&["update"]);
        assert_eq!(project.recorded().await, rows(&[&["table", "EXECUTED"], &["index", "EXECUTED"]]));
        let valid = "SELECT i.indisvalid::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = 'ix_age'";
        assert_eq!(project.query(valid).await, rows(&[&["true"]]));
        project.db.remove().await;
    });
}

#[test]
fn what_cannot_run_in_a_transaction_runs_outside_of_one() {
    block_on(async {
        let test = "what_cannot_run_in_a_transaction_runs_outside_of_one";
        let table = sql("table", "CREATE TABLE person (id int, age int)");
        for project in Project::each(test, &table).await {
            let rollback = "DROP INDEX CONCURRENTLY ix";
            let last = match project.db.dialect {
                "postgresql" => format!(
                    "- changeSet: {{id: last, author: a, changes: [{{sql: {{sql: 'SET statement_timeout = 0; CREATE INDEX CONCURRENTLY ix ON person (age)'}}}}], rollback: '{rollback}'}}\n{}",
                    sql("vacuum", "VACUUM person") + &sql("cluster", "CLUSTER")
                ),
                "sqlite" => sql("last", "VACUUM"),
                _ => {
                    project.db.remove().await;
                    continue;
                }
            };
            project.write(&format!("{table}{last}"));
            let ran = project.ok(&["update"]);
            assert!(ran.stderr.contains(ALONE), "{}: {}", project.db.dialect, ran.stderr);
            if project.db.dialect == "postgresql" {
                project.write(&table);
                project.write(&format!("{table}{}", last.lines().next().unwrap()));
                project.ok(&["rollback-count", "1"]);
                assert_eq!(project.query("SELECT count(*)::text FROM pg_indexes WHERE indexname = 'ix'").await, rows(&[&["0"]]));
            }
            project.db.remove().await;
        }
    });
}

/// A rollback that mixes them runs as the changeset says, and then the server refuses it as a whole.
#[test]
fn a_rollback_that_mixes_them_undoes_nothing() {
    let changesets = "- changeSet: {id: index, author: a, changes: [{sql: {sql: 'CREATE TABLE person (age int); CREATE INDEX ix ON person (age)'}}], \
        rollback: 'DROP INDEX CONCURRENTLY ix; DROP TABLE person'}\n";
    block_on(async {
        let Some(project) = postgres("a_rollback_that_mixes_them_undoes_nothing", changesets).await else { return };
        project.ok(&["update"]);
        project.fails(&["rollback-count", "1"], 1, "cannot run inside a transaction block");
        assert_eq!(project.query("SELECT indexname::text FROM pg_indexes WHERE tablename = 'person'").await, rows(&[&["ix"]]));
        assert_eq!(project.recorded().await, rows(&[&["index", "EXECUTED"]]));
        project.db.remove().await;
    });
}

#[test]
fn a_changeset_that_mixes_them_is_refused_with_a_split() {
    let mixed = "- changeSet: {id: mixed, author: a, changes: [\
        {createTable: {tableName: person, columns: [{column: {name: age, type: int}}]}}, \
        {sql: {sql: 'INSERT INTO person VALUES (1); SET lock_timeout = 0; CREATE INDEX CONCURRENTLY ix ON person (age)'}}]}\n";
    block_on(async {
        let Some(project) = postgres("a_changeset_that_mixes_them_is_refused_with_a_split", mixed).await else { return };
        let text = "`CREATE INDEX CONCURRENTLY ix ON person (age)` cannot run in a transaction, and other statements of the changeset \
            belong into one; split it: `mixed-1` with change 1 (createTable), statement 1 of change 2 (sql); `mixed-2` with statement 2, 3 of change 2 (sql)";
        project.fails(&["update"], 3, text);
        project.fails(&["validate"], 3, text);
        assert!(project.try_query("SELECT 1 FROM person").await.is_err());
        // What is set for a transaction belongs into one, unlike what is set for the session.
        project.execute("CREATE TABLE other (age int)").await;
        project.write(&sql("local", "SET LOCAL lock_timeout = 0; CREATE INDEX CONCURRENTLY io ON other (age)"));
        project.fails(
            &["validate"],
            3,
            "split it: `local-1` with statement 1 of change 1 (sql); `local-2` with statement 2 of change 1 (sql)",
        );
        // Who says so himself is taken at his word.
        project.write(&mixed.replace("author: a,", "author: a, runInTransaction: false,"));
        project.ok(&["update"]);
        project.db.remove().await;
    });
}

#[test]
fn an_index_of_ours_is_made_and_undone() {
    let table = "- changeSet: {id: table, author: a, changes: [{createTable: {tableName: person, columns: [{column: {name: age, type: int}}, {column: {name: name, type: varchar(9)}}]}}]}\n";
    let index = "- changeSet: {id: index, author: a, changes: [{createIndex: {tableName: person, indexName: ix, unique: true, concurrently: true, \
        where: 'age > 1', columns: [{column: {name: age}}]}}]}\n";
    block_on(async {
        for project in Project::each("an_index_of_ours_is_made_and_undone", &format!("{table}{index}")).await {
            let name = project.db.dialect;
            let made = match name {
                "postgresql" => "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'person'::regclass AND indisvalid",
                "sqlite" => "SELECT rtrim(sql, char(10)) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'person'",
                _ => {
                    project.fails(&["update"], 3, &format!("where is not allowed on {name}"));
                    project.db.remove().await;
                    continue;
                }
            };
            let told = project.ok(&["update"]).stderr;
            let definition = match name {
                "postgresql" => "CREATE UNIQUE INDEX ix ON public.person USING btree (age) WHERE (age > 1)",
                _ => "CREATE UNIQUE INDEX ix ON person(age) WHERE age > 1",
            };
            assert_eq!(project.query(made).await, rows(&[&[definition]]));
            let expected = if name == "postgresql" { ALONE } else { "concurrently does nothing there" };
            assert!(told.contains(expected), "{name}: {told}");
            project.ok(&["rollback-count", "1"]);
            assert_eq!(project.query(made).await, rows(&[]));
            project.ok(&["update"]);
            assert_eq!(project.query(made).await, rows(&[&[definition]]));
            project.db.remove().await;
        }
    });
}

#[test]
fn a_foreign_key_is_checked_later() {
    let tables = sql("tables", "CREATE TABLE boss (id int PRIMARY KEY); CREATE TABLE person (boss int); INSERT INTO person VALUES (7)");
    let key = "- changeSet: {id: key, author: a, changes: [{addForeignKeyConstraint: {baseTableName: person, baseColumnNames: boss, \
        constraintName: fk, referencedTableName: boss, referencedColumnNames: id, notValid: true}}]}\n";
    let check = "- changeSet: {id: check, author: a, changes: [{validateConstraint: {tableName: person, constraintName: fk}}]}\n";
    block_on(async {
        let Some(project) = postgres("a_foreign_key_is_checked_later", &format!("{tables}{key}")).await else { return };
        project.ok(&["update"]);
        let valid = "SELECT convalidated::text FROM pg_constraint WHERE conname = 'fk'";
        assert_eq!(project.query(valid).await, rows(&[&["false"]]));
        project.write(&format!("{tables}{key}{check}"));
        project.fails(&["update"], 1, "violates foreign key constraint");
        project.execute("INSERT INTO boss VALUES (7)").await;
        project.ok(&["update"]);
        assert_eq!(project.query(valid).await, rows(&[&["true"]]));
        project.ok(&["rollback-count", "2"]);
        assert_eq!(project.query(valid).await, rows(&[]));
        project.db.remove().await;
    });
}
