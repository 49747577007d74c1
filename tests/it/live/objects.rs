//! CHECK constraints, functions and triggers on real databases: made, used, undone, made again.

use super::project::{Project, rows};
use super::schemas::described;
use super::{block_on, open};

const TABLE: &str = "- changeSet: {id: table, author: a, changes: [{createTable: {tableName: person, columns: \
    [{column: {name: id, type: int, constraints: {primaryKey: true, nullable: false}}}, {column: {name: age, type: int}}]}}]}\n";

async fn catalog(project: &Project) -> String {
    let mut connection = open(&project.db.url).await;
    let text = described(&mut *connection).await;
    connection.close().await.unwrap();
    text
}

/// Whether the database takes a statement.
async fn takes(project: &Project, sql: &str) -> bool {
    let mut connection = open(&project.db.url).await;
    let taken = connection.execute(sql).await.is_ok();
    connection.close().await.unwrap();
    taken
}

#[test]
fn a_check_constraint_is_made_dropped_and_undone() {
    let add = "- changeSet: {id: add, author: a, changes: [{addCheckConstraint: {tableName: person, constraintName: ck_age, constraintBody: 'age >= 0'}}]}\n";
    let drop = "- changeSet: {id: drop, author: a, changes: [{dropCheckConstraint: {tableName: person, constraintName: ck_age}}], \
        rollback: [{addCheckConstraint: {tableName: person, constraintName: ck_age, constraintBody: 'age >= 0'}}]}\n";
    block_on(async {
        for project in Project::each("a_check_constraint_is_made_dropped_and_undone", TABLE).await {
            project.ok(&["update"]);
            project.execute("INSERT INTO person VALUES (1, 1)").await;
            let start = catalog(&project).await;
            project.write(&format!("{TABLE}{add}"));
            project.ok(&["update"]);
            let with = catalog(&project).await;
            assert!(with.contains("ck_age") && !start.contains("ck_age"), "{}: {with}", project.db.dialect);
            assert!(!takes(&project, "INSERT INTO person VALUES (2, -1)").await, "{}", project.db.dialect);
            project.ok(&["rollback-count", "1"]);
            assert_eq!(catalog(&project).await, start, "{}", project.db.dialect);
            project.ok(&["update"]);
            assert_eq!(catalog(&project).await, with, "{}", project.db.dialect);
            project.write(&format!("{TABLE}{add}{drop}"));
            project.ok(&["update"]);
            assert_eq!(catalog(&project).await, start, "{}", project.db.dialect);
            project.ok(&["rollback-count", "1"]);
            assert_eq!(catalog(&project).await, with, "{}", project.db.dialect);
            assert_eq!(project.query("SELECT id, age FROM person").await, rows(&[&["1", "1"]]));
            project.db.remove().await;
        }
    });
}

#[test]
fn rows_that_exist_are_not_checked_when_that_is_not_wanted() {
    let add = "- changeSet: {id: add, author: a, changes: [{addCheckConstraint: {tableName: person, constraintName: ck_age, constraintBody: 'age >= 0', validate: false}}]}\n";
    block_on(async {
        for project in Project::each("rows_that_exist_are_not_checked_when_that_is_not_wanted", TABLE).await {
            project.ok(&["update"]);
            project.execute("INSERT INTO person VALUES (1, -1)").await;
            project.write(&format!("{TABLE}{add}"));
            if project.db.dialect == "postgresql" {
                project.ok(&["update"]);
                assert!(!takes(&project, "INSERT INTO person VALUES (2, -1)").await);
            } else {
                // Nothing half-done: the constraint is refused, and the row stays.
                let failed = project.run(&["update"]);
                assert_eq!(failed.code, 1, "{}: {}", project.db.dialect, failed.stderr);
                assert!(failed.stderr.contains("checks existing rows; validate = false does nothing there"), "{}", failed.stderr);
            }
            assert_eq!(project.query("SELECT age FROM person").await, rows(&[&["-1"]]), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

/// What makes a trigger that adds one to each new age, with the function that it needs.
fn trigger(dialect: &str) -> String {
    let body = match dialect {
        "sqlite" => "CREATE TRIGGER tr AFTER INSERT ON person BEGIN UPDATE person SET age = age + 1 WHERE id = new.id; END;",
        "postgresql" => "CREATE TRIGGER tr BEFORE INSERT ON person FOR EACH ROW EXECUTE FUNCTION older();",
        _ => "CREATE TRIGGER tr BEFORE INSERT ON person FOR EACH ROW BEGIN SET NEW.age = NEW.age + 1; END;",
    };
    let function = "- changeSet: {id: function, author: a, dbms: postgresql, changes: [{createFunction: {functionName: older, functionBody: \
        'CREATE FUNCTION older() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.age := NEW.age + 1; RETURN NEW; END $$;'}}]}\n";
    format!(
        "{function}- changeSet: {{id: trigger, author: a, changes: [{{createTrigger: {{triggerName: tr, tableName: person, triggerBody: '{body}'}}}}]}}\n"
    )
}

#[test]
fn a_trigger_is_made_replaced_dropped_and_undone() {
    block_on(async {
        for project in Project::each("a_trigger_is_made_replaced_dropped_and_undone", TABLE).await {
            let name = project.db.dialect;
            project.ok(&["update"]);
            let start = catalog(&project).await;
            let made = format!("{TABLE}{}", trigger(name));
            project.write(&made);
            project.ok(&["update"]);
            project.execute("INSERT INTO person VALUES (1, 1)").await;
            assert_eq!(project.query("SELECT age FROM person").await, rows(&[&["2"]]), "{name}");
            let count = if name == "postgresql" { "2" } else { "1" };
            project.ok(&["rollback-count", count]);
            assert_eq!(catalog(&project).await, start, "{name}");
            project.ok(&["update"]);
            let again = trigger(name)
                .replace("+ 1", "+ 10")
                .replace("id: trigger", "id: again")
                .replace("triggerName", "replaceIfExists: true, triggerName");
            let again = again.replace("id: function", "id: again-function").replace("functionName", "replaceIfExists: true, functionName");
            let drop = "- changeSet: {id: drop, author: a, changes: [{dropTrigger: {triggerName: tr, tableName: person}}]}\n";
            project.write(&format!("{made}{again}"));
            project.ok(&["update"]);
            project.execute("INSERT INTO person VALUES (2, 1)").await;
            assert_eq!(project.query("SELECT age FROM person WHERE id = 2").await, rows(&[&["11"]]), "{name}");
            project.fails(&["rollback-count", "1"], 1, "No inverse to createTrigger created");
            project.write(&format!("{made}{again}{drop}"));
            project.ok(&["update"]);
            project.execute("INSERT INTO person VALUES (3, 1)").await;
            assert_eq!(project.query("SELECT age FROM person WHERE id = 3").await, rows(&[&["1"]]), "{name}");
            project.db.remove().await;
        }
    });
}

#[test]
fn a_trigger_is_disabled_enabled_and_renamed() {
    let change = |id: &str, change: &str| format!("- changeSet: {{id: {id}, author: a, changes: [{change}]}}\n");
    block_on(async {
        for project in Project::each("a_trigger_is_disabled_enabled_and_renamed", TABLE).await {
            let name = project.db.dialect;
            let made = format!("{TABLE}{}", trigger(name));
            let off = change("disable", "{disableTrigger: {triggerName: tr, tableName: person}}");
            let renamed = change("rename", "{renameTrigger: {oldTriggerName: tr, newTriggerName: tr_new, tableName: person}}");
            project.write(&made);
            project.ok(&["update"]);
            if name != "postgresql" {
                project.write(&format!("{made}{off}{renamed}"));
                let failed = project.fails(&["update"], 3, &format!("disableTrigger is not supported on {name}"));
                assert!(failed.stderr.contains(&format!("renameTrigger is not supported on {name}")), "{}", failed.stderr);
                project.db.remove().await;
                continue;
            }
            let start = catalog(&project).await;
            project.write(&format!("{made}{off}{renamed}"));
            project.ok(&["update"]);
            project.execute("INSERT INTO person VALUES (1, 1)").await;
            assert_eq!(project.query("SELECT age FROM person").await, rows(&[&["1"]]));
            assert_eq!(
                project.query("SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal").await,
                rows(&[&["tr_new", "D"]])
            );
            project.ok(&["rollback-count", "2"]);
            assert_eq!(catalog(&project).await, start);
            project.execute("INSERT INTO person VALUES (2, 1)").await;
            assert_eq!(project.query("SELECT age FROM person WHERE id = 2").await, rows(&[&["2"]]));
            project.db.remove().await;
        }
    });
}

#[test]
fn a_function_is_made_replaced_dropped_and_undone() {
    let function = |id: &str, factor: u32, more: &str| {
        format!(
            "- changeSet: {{id: {id}, author: a, changes: [{{createFunction: {{functionName: twice, {more}functionBody: \
             'CREATE FUNCTION twice(n int) RETURNS int LANGUAGE SQL IMMUTABLE AS $$ SELECT n * {factor} $$', dbms: postgresql}}}}, \
             {{createFunction: {{functionName: twice, {more}functionBody: 'CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN n * {factor}', \
             dbms: '!postgresql'}}}}]}}\n"
        )
    };
    let drop = "- changeSet: {id: drop, author: a, changes: [{dropFunction: {functionName: twice}}]}\n";
    block_on(async {
        for project in Project::each("a_function_is_made_replaced_dropped_and_undone", "").await {
            let name = project.db.dialect;
            let made = function("make", 2, "");
            project.write(&made);
            if name == "sqlite" {
                project.fails(&["update"], 3, "createFunction is not supported on sqlite");
                project.db.remove().await;
                continue;
            }
            project.ok(&["update"]);
            assert_eq!(project.query("SELECT twice(3)").await, rows(&[&["6"]]), "{name}");
            project.ok(&["rollback-count", "1"]);
            assert!(project.try_query("SELECT twice(3)").await.is_err(), "{name}");
            let replaced = function("replace", 4, "replaceIfExists: true, ");
            project.write(&format!("{made}{replaced}"));
            project.ok(&["update"]);
            assert_eq!(project.query("SELECT twice(3)").await, rows(&[&["12"]]), "{name}");
            project.write(&format!("{made}{replaced}{drop}"));
            project.ok(&["update"]);
            assert!(project.try_query("SELECT twice(3)").await.is_err(), "{name}");
            project.db.remove().await;
        }
    });
}
