//! The whole text of `update-sql` without a database, against what Liquibase 4.28 wrote for the same files; and the
//! history file that goes with it.

use crate::program::{Ran, run_in};
use std::path::Path;

/// What differs from run to run, as the recorded texts have it.
fn with_placeholders(text: &str) -> String {
    let line = |line: &str| -> String {
        for (head, placeholder) in [("Ran at: ", "@RAN_AT@"), ("Against: ", "@AGAINST@"), ("Liquibase version: ", "@VERSION@")] {
            if let Some((comment, _)) = line.split_once(head)
                && comment.trim() == "--"
            {
                return format!("{comment}{head}{placeholder}");
            }
        }
        let Some((before, after)) = line.split_once("'4.28.0', '") else { return line.to_owned() };
        let (_, rest) = after.split_at_checked(10).unwrap_or((after, ""));
        format!("{before}'@VERSION@', '@DEPLOYMENT_ID@{rest}")
    };
    text.lines().map(|l| line(l) + "\n").collect()
}

fn update_sql(history: &Path, vendor: &str, file: &str) -> Ran {
    let url = format!("offline:{vendor}?changeLogFile={}&outputLiquibaseSql=all", history.display());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/update-sql");
    run_in(&folder, &["update-sql", "--url", &url, "--changelog-file", file])
}

#[test]
fn the_script_is_the_recorded_one() {
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/update-sql/expected");
    let mut compared = 0;
    for entry in std::fs::read_dir(expected).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (changelog, vendor) = name.split_once('.').unwrap();
        let file = if changelog == "basic" { "basic.yaml" } else { "formatted.sql" };
        let temporary = tempfile::tempdir().unwrap();
        let ran = update_sql(&temporary.path().join("history.csv"), vendor, file);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        // The recorded texts differ in how much of the head they replaced, so both sides are treated.
        let recorded = std::fs::read_to_string(&path).unwrap().replace("'@VERSION@', '@DEPLOYMENT_ID@", "'4.28.0', '0123456789");
        assert_eq!(with_placeholders(&ran.stdout), with_placeholders(&recorded), "{name}");
        compared += 1;
    }
    assert!(compared > 5, "{compared}");
}

#[test]
fn the_history_file_remembers_the_script() {
    let temporary = tempfile::tempdir().unwrap();
    let history = temporary.path().join("history.csv");
    assert_eq!(update_sql(&history, "postgresql", "formatted.sql").code, 0);
    let rows = std::fs::read_to_string(&history).unwrap();
    let mut lines = rows.lines();
    assert_eq!(
        lines.next(),
        Some(
            r#""ID","AUTHOR","FILENAME","DATEEXECUTED","ORDEREXECUTED","EXECTYPE","MD5SUM","DESCRIPTION","COMMENTS","TAG","LIQUIBASE","CONTEXTS","LABELS","DEPLOYMENT_ID""#
        )
    );
    let first = lines.next().unwrap();
    assert!(first.starts_with(r#""one","conf","formatted.sql","2"#), "{first}");
    assert!(first.contains(r#","2","EXECUTED","9:bb1c12d24127c755bf0687fdf989ca4e","sql","the first","","4.28.0","#), "{first}");
    // What is in the history does not come again.
    let again = update_sql(&history, "postgresql", "formatted.sql");
    assert_eq!(again.code, 0);
    assert!(!again.stdout.contains("INSERT INTO databasechangelog"), "{}", again.stdout);
    assert_eq!(std::fs::read_to_string(&history).unwrap(), rows);
}

#[test]
fn text_before_the_first_changeset_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("c.sql"), "--liquibase formatted sql\n--changset a:1\nselect 1;\nselect 2;\n").unwrap();
    let words = ["validate", "--url", "offline:postgresql", "--changelog-file", "c.sql"];
    let ran = run_in(folder.path(), &words);
    assert_eq!(ran.code, 0);
    assert_eq!(ran.stderr.matches("what stands before the first changeset is ignored").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("c.sql:3:1"), "{}", ran.stderr);
    let strict = run_in(folder.path(), &[&words[..], &["--strict"]].concat());
    assert_eq!(strict.code, 3, "{}", strict.stderr);
}

#[test]
fn changes_of_the_commercial_edition_are_read_in_its_namespace() {
    let folder = tempfile::tempdir().unwrap();
    let text = "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\" xmlns:pro=\"http://www.liquibase.org/xml/ns/pro\">\n\
        <changeSet id=\"1\" author=\"a\">\n\
        <pro:addCheckConstraint tableName=\"t\" constraintName=\"ck\" disabled=\"true\">a &gt; 1</pro:addCheckConstraint>\n\
        <pro:createFunction functionName=\"f\" path=\"f.sql\" relativeToChangelogFile=\"true\"/>\n\
        </changeSet></databaseChangeLog>\n";
    std::fs::write(folder.path().join("changelog.xml"), text).unwrap();
    std::fs::write(folder.path().join("f.sql"), "CREATE FUNCTION f RETURN INT AS\r\nBEGIN RETURN 1; END;\r\n/\r\n").unwrap();
    let ran = run_in(folder.path(), &["update-sql", "--url", "offline:oracle", "--changelog-file", "changelog.xml"]);
    assert_eq!((ran.code, ran.stderr.contains("arning")), (0, false), "{}", ran.stderr);
    let expected = "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 1) DISABLE;\n\nCREATE FUNCTION f RETURN INT AS\nBEGIN RETURN 1; END;\n/\n";
    assert!(ran.stdout.contains(expected), "{}", ran.stdout);
}

#[test]
fn attributes_that_liquibase_does_not_know_have_a_namespace_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let changelog = |prefix: &str, column: &str| {
        format!(
            "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\" xmlns:x=\"urn:changelog:extensions\">\n\
             <changeSet id=\"1\" author=\"a\">\n\
             <createIndex tableName=\"t\" indexName=\"i\" {prefix}where=\"a &gt; 1\" {prefix}include=\"b\"><column name=\"a\"/></createIndex>\n\
             </changeSet>\n\
             <changeSet id=\"2\" author=\"a\"><createTable tableName=\"t\" {prefix}partitionBy=\"RANGE (a)\">\n\
             <column name=\"a\" type=\"int\"/>{column}</createTable></changeSet></databaseChangeLog>\n"
        )
    };
    let plain = "<column name=\"b\" type=\"int\"/>";
    let computed = |prefix: &str| format!("<column name=\"b\" type=\"int\" {prefix}generatedAs=\"a * 2\" {prefix}stored=\"true\"/>");
    let run = |text: String| {
        std::fs::write(folder.path().join("changelog.xml"), text).unwrap();
        // Each run is the first one.
        let _ = std::fs::remove_file(folder.path().join("databasechangelog.csv"));
        let url = "offline:postgresql?outputLiquibaseSql=all";
        run_in(folder.path(), &["update-sql", "--url", url, "--changelog-file", "changelog.xml"])
    };
    let with = run(changelog("x:", plain));
    assert_eq!((with.code, with.stderr.contains("arning")), (0, false), "{}", with.stderr);
    assert!(with.stdout.contains("CREATE INDEX i ON t(a) INCLUDE (b) WHERE a > 1;\n"), "{}", with.stdout);
    // The checksum that Liquibase 4.28 computed for this changeset, with these attributes and without them.
    assert!(with.stdout.contains("'9:53455da62e0877f66d12cee049cdc063'"), "{}", with.stdout);
    assert!(with.stdout.contains("CREATE TABLE t (a INTEGER, b INTEGER) PARTITION BY RANGE (a);\n"), "{}", with.stdout);
    assert!(with.stdout.contains("'9:866b10bacbf2e0484ca99c0e03e0ec2d'"), "{}", with.stdout);
    // Liquibase refuses an attribute of a column that it does not know; ours count for no checksum there either.
    let of_column = run(changelog("x:", &computed("x:")));
    assert_eq!((of_column.code, of_column.stderr.contains("arning")), (0, false), "{}", of_column.stderr);
    assert!(of_column.stdout.contains("b INTEGER GENERATED ALWAYS AS (a * 2) STORED) PARTITION BY RANGE (a);\n"), "{}", of_column.stdout);
    assert!(of_column.stdout.contains("'9:866b10bacbf2e0484ca99c0e03e0ec2d'"), "{}", of_column.stdout);
    let unprefixed = run(changelog("x:", &computed("")));
    assert_eq!(unprefixed.code, 3, "{}", unprefixed.stderr);
    assert!(unprefixed.stderr.contains("write it with a prefix: `x:generatedAs`"), "{}", unprefixed.stderr);
    let without = run(changelog("", plain));
    assert_eq!(without.code, 3, "{}", without.stderr);
    assert!(
        without.stderr.contains("write it with a prefix: `x:where`, with `xmlns:x=\"urn:changelog:extensions\"`"),
        "{}",
        without.stderr
    );
}

#[test]
fn tables_of_db2_are_reorganized_unless_that_is_switched_off() {
    let folder = tempfile::tempdir().unwrap();
    let text = "databaseChangeLog:
- changeSet: {id: 1, author: a, changes: [{dropColumn: {tableName: t, columnName: c}}]}
";
    std::fs::write(folder.path().join("c.yaml"), text).unwrap();
    let written = |more: &[&str]| {
        let words = ["update-sql", "--url", "offline:db2?outputLiquibaseSql=none", "--changelog-file", "c.yaml"];
        let ran = run_in(folder.path(), &[&words, more].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        std::fs::remove_file(folder.path().join("databasechangelog.csv")).unwrap();
        ran.stdout.lines().filter(|l| !l.starts_with("--") && !l.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(written(&[]), ["ALTER TABLE t DROP COLUMN c;", "CALL SYSPROC.ADMIN_CMD ('REORG TABLE t');"]);
    assert_eq!(written(&["--auto-reorg=false"]), ["ALTER TABLE t DROP COLUMN c;"]);
}

/// The lines of an offline script that are neither comment nor empty, for a changelog of these changesets.
fn offline(vendor: &str, changesets: &str, words: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("c.yaml"), format!("databaseChangeLog:\n{changesets}")).unwrap();
    let url = format!("offline:{vendor}?outputLiquibaseSql=none");
    let ran = run_in(folder.path(), &[words, &["--url", &url, "--changelog-file", "c.yaml"]].concat());
    assert_eq!(ran.code, 0, "{words:?}: {}", ran.stderr);
    ran.stdout.lines().filter(|l| !l.is_empty() && !l.starts_with("--")).map(str::to_owned).collect()
}

/// As Liquibase 4.28 wrote them.
#[test]
fn the_default_schema_is_written_as_the_server_folds_it() {
    let table = "- changeSet: {id: 1, author: a, changes: [{createTable: {tableName: t1, columns: [{column: {name: a, type: int}}]}}]}\n";
    let of = |vendor: &str, words: &[&str]| offline(vendor, table, &[&["update-sql"], words].concat());
    assert_eq!(of("postgresql", &["--default-schema-name", "App"]), ["CREATE TABLE \"App\".t1 (a INTEGER);"]);
    assert_eq!(of("postgresql", &["--default-schema-name", "APP"]), ["CREATE TABLE app.t1 (a INTEGER);"]);
    assert_eq!(of("oracle", &["--default-schema-name", "App"]), ["CREATE TABLE APP.t1 (a INTEGER);"]);
    let catalog = ["--default-catalog-name", "App"];
    assert_eq!(of("mysql", &catalog), ["CREATE TABLE app.t1 (a INT NULL);"]);
    // One that is asked for is written in any case.
    assert_eq!(of("mysql", &[&catalog[..], &["--output-default-catalog=false"]].concat()), ["CREATE TABLE app.t1 (a INT NULL);"]);
}

/// As Liquibase 4.28 wrote it: what runs a change on SQL Server has an end of its own, what undoes it has none.
#[test]
fn only_statements_that_go_forwards_have_an_end_of_their_own() {
    let changesets = "- changeSet: {id: 1, author: a, changes: [{createTable: {tableName: t1, columns: [{column: {name: a, type: int}}]}}], rollback: [{dropTable: {tableName: t1}}, {sql: {sql: select 1; select 2}}]}\n";
    assert_eq!(offline("mssql", changesets, &["update-sql"]), ["CREATE TABLE t1 (a int);", "GO"]);
    assert_eq!(offline("mssql", changesets, &["future-rollback-sql"]), ["DROP TABLE t1", "GO", "select 1", "GO", "select 2", "GO"]);
}

/// As Liquibase 4.28 wrote it: containers within each other have each their own `onSqlOutput`, which is IGNORE.
#[test]
fn a_container_within_a_tested_one_is_not_asked_by_itself() {
    let changesets = "- changeSet: {id: 1, author: a, preConditions: [{onSqlOutput: TEST}, {preConditions: [{onFail: HALT}, {runningAs: {username: nobody}}]}], changes: [{sql: {sql: select 3}}]}\n";
    assert_eq!(offline("postgresql", changesets, &["update-sql"]), ["select 3;"]);
}
