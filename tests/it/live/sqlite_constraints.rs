//! Constraints of SQLite tables on a real database, where each is a rebuild: they hold for rows that exist and for new ones, and
//! nothing else of the table changes.

use super::project::Project;
use super::sqlite_tables::{PERSON, apply, cells, database, definition, everything, person, quoted, random, table};
use super::{Database, block_on};
use changelog::db::Connection;
use changelog::sql::statement::{
    AddForeignKey, AddPrimaryKey, AddUnique, CopyDistinct, DropForeignKey, DropPrimaryKey, DropUnique, ModifyDataType, SetNullable,
    Statement,
};
use proptest::prelude::*;

fn key(columns: &str) -> AddPrimaryKey {
    AddPrimaryKey {
        table: table("t"),
        columns: columns.into(),
        name: Some("pk_t".into()),
        tablespace: None,
        clustered: None,
        for_index: None,
        validate: true,
    }
}

fn unique(columns: &str) -> AddUnique {
    AddUnique {
        table: person(),
        columns: columns.into(),
        name: Some("uq_new".into()),
        tablespace: None,
        clustered: false,
        deferrable: false,
        initially_deferred: false,
        for_index: None,
        disabled: false,
        validate: true,
    }
}

fn drop_unique(name: &str) -> DropUnique {
    DropUnique { table: person(), name: name.into(), columns: None }
}

/// From `t.a` to the given column of `p`.
fn refers(to: &str) -> AddForeignKey {
    AddForeignKey {
        table: table("t"),
        columns: "a".into(),
        referenced_table: table("p"),
        referenced_columns: to.into(),
        name: "fk_t".into(),
        on_delete: Some("CASCADE".into()),
        on_update: None,
        deferrable: false,
        initially_deferred: true,
        validate: true,
    }
}

fn nullable(column: &str, nullable: bool) -> SetNullable {
    SetNullable { table: person(), column: column.into(), nullable, type_text: None, constraint: None, validate: true }
}

fn retyped(column: &str, type_text: &str) -> ModifyDataType {
    ModifyDataType { table: person(), column: column.into(), type_text: type_text.into() }
}

async fn refused(c: &mut dyn Connection, sql: &str) -> String {
    c.execute(sql).await.expect_err(sql).message
}

#[test]
fn a_key_is_added_where_no_row_is_without_one() {
    block_on(async {
        let mut c = database(&["CREATE TABLE t (a INTEGER, b TEXT)", "INSERT INTO t VALUES (7, 'x'), (NULL, 'y')"]).await;
        let rows = cells(c.as_mut(), "SELECT * FROM t").await;
        // As the number of a row, NULL would become one in silence.
        let error = apply(c.as_mut(), key("a")).await.unwrap_err();
        assert!(error.starts_with("CHECK constraint failed: pk_t"), "{error}");
        assert_eq!(cells(c.as_mut(), "SELECT * FROM t").await, rows);
        apply(c.as_mut(), key("b, a")).await.expect_err("a is NULL");
        c.execute("UPDATE t SET a = 8 WHERE a IS NULL").await.unwrap();
        apply(c.as_mut(), key("B, a DESC")).await.unwrap();
        let expected = "CREATE TABLE \"t\" (a INTEGER NOT NULL, b TEXT NOT NULL, CONSTRAINT pk_t PRIMARY KEY (B, a DESC))";
        assert_eq!(definition(c.as_mut(), "t").await, expected);
        assert_eq!(cells(c.as_mut(), "SELECT * FROM t").await, ["Int(7) | Text(\"x\")", "Int(8) | Text(\"y\")"]);
        assert!(refused(c.as_mut(), "INSERT INTO t VALUES (7, 'x')").await.contains("UNIQUE constraint failed"));
        assert_eq!(apply(c.as_mut(), key("a")).await, Err("table t has a primary key already".into()));
        let mut c = database(&["CREATE TABLE t (a INTEGER)"]).await;
        assert_eq!(apply(c.as_mut(), key("z")).await, Err("table t has no column z".into()));
    });
}

#[test]
fn values_are_made_unique_and_may_be_equal_again() {
    block_on(async {
        let mut c = database(PERSON).await;
        let (before, text) = (everything(c.as_mut()).await, definition(c.as_mut(), "Person").await);
        apply(c.as_mut(), unique("score, MADE")).await.unwrap();
        assert_eq!(everything(c.as_mut()).await, before);
        let error = refused(c.as_mut(), "INSERT INTO Person (first, score, made) SELECT 'n', score, made FROM Person").await;
        assert_eq!(error, "UNIQUE constraint failed: Person.score, Person.made");
        assert_eq!(apply(c.as_mut(), unique("photo")).await, Err("table person has a constraint uq_new already".into()));
        apply(c.as_mut(), drop_unique("UQ_NEW")).await.unwrap();
        assert_eq!(everything(c.as_mut()).await, before);
        // What was there before stands as it was written, but for the name of the table in a condition of its own and a comma.
        assert_eq!(definition(c.as_mut(), "Person").await, text.replace("(Person.score", "(score").replace("last) CHECK", "last) ,CHECK"));
        assert_eq!(apply(c.as_mut(), drop_unique("uq_new")).await, Err("table person has no unique constraint uq_new".into()));
        let deferred = changelog::sql::statement::AddUnique { deferrable: true, ..unique("photo") };
        assert_eq!(apply(c.as_mut(), deferred).await, Err("a unique constraint cannot be checked later on sqlite".into()));
        // One of a column, one of several that shares its place with a CHECK, and an index.
        for (name, sql) in [
            ("uq_email", "UPDATE Person SET email = 'same'"),
            ("uq_name", "UPDATE Person SET first = 'same', last = 'same'"),
            ("ix_lower", "UPDATE Person SET email = 'SAME', score = 2"),
        ] {
            c.begin().await.unwrap();
            let error = refused(c.as_mut(), sql).await;
            c.rollback().await.unwrap();
            assert!(error.starts_with("UNIQUE constraint failed"), "{error}");
            apply(c.as_mut(), drop_unique(name)).await.unwrap();
        }
        c.execute("UPDATE Person SET email = 'SAME', first = 'same', last = 'same', score = 2").await.unwrap();
        let error = apply(c.as_mut(), unique("email")).await.unwrap_err();
        assert!(error.starts_with("UNIQUE constraint failed"), "{error}");
        assert!(refused(c.as_mut(), "UPDATE Person SET email = 'x'").await.starts_with("CHECK"), "the CHECK beside it stays");
    });
}

#[test]
fn a_unique_constraint_that_is_referred_to_stays() {
    block_on(async {
        let mut c = database(&[
            "CREATE TABLE person (id INTEGER PRIMARY KEY, code TEXT CONSTRAINT uq_code UNIQUE)",
            "CREATE TABLE child (code TEXT REFERENCES person (code))",
        ])
        .await;
        let told = "the unique constraint uq_code cannot be dropped: table child refers to its columns";
        assert_eq!(apply(c.as_mut(), drop_unique("uq_code")).await, Err(told.into()));
    });
}

#[test]
fn a_foreign_key_holds_for_rows_that_exist() {
    block_on(async {
        let mut c = database(&[
            "CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT, other INT)",
            "CREATE TABLE t (a TEXT, b INT)",
            "INSERT INTO p VALUES (1, 'x', 1)",
            "INSERT INTO t VALUES ('1', 1), (NULL, 2), ('9', 3)",
        ])
        .await;
        let error = apply(c.as_mut(), refers("id")).await.unwrap_err();
        assert!(error.starts_with("CHECK constraint failed: fk_t"), "{error}");
        assert_eq!(definition(c.as_mut(), "t").await, "CREATE TABLE t (a TEXT, b INT)");
        // Nobody but the changelog says that rows need not be looked at.
        let unchecked = AddForeignKey { validate: false, ..refers("id") };
        apply(c.as_mut(), unchecked).await.unwrap();
        apply(c.as_mut(), DropForeignKey { table: table("t"), name: "FK_T".into(), is_stored: false }).await.unwrap();
        assert_eq!(definition(c.as_mut(), "t").await, "CREATE TABLE \"t\" (a TEXT, b INT)");
        c.execute("DELETE FROM t WHERE b = 3").await.unwrap();
        apply(c.as_mut(), refers("id")).await.unwrap();
        assert_eq!(
            definition(c.as_mut(), "t").await,
            "CREATE TABLE \"t\" (a TEXT, b INT, CONSTRAINT fk_t FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)"
        );
        assert_eq!(apply(c.as_mut(), refers("id")).await, Err("table t has a constraint fk_t already".into()));
        c.execute("PRAGMA foreign_keys = ON").await.unwrap();
        assert_eq!(refused(c.as_mut(), "INSERT INTO t VALUES ('9', 3)").await, "FOREIGN KEY constraint failed");
        c.execute("DELETE FROM p").await.unwrap();
        assert_eq!(cells(c.as_mut(), "SELECT * FROM t").await, ["NULL | Int(2)"]);
        let gone = DropForeignKey { table: table("t"), name: "fk_none".into(), is_stored: false };
        assert_eq!(apply(c.as_mut(), gone).await, Err("table t has no foreign key fk_none".into()));
    });
}

#[test]
fn a_foreign_key_refers_to_a_key() {
    block_on(async {
        let mut c = database(&["CREATE TABLE p (id INTEGER PRIMARY KEY, other INT)", "CREATE TABLE t (a INT)"]).await;
        // SQLite would refuse each row that is written later.
        let error = apply(c.as_mut(), refers("other")).await.unwrap_err();
        assert!(error.starts_with("foreign key mismatch - \"t\" referencing \"p\""), "{error}");
        assert_eq!(definition(c.as_mut(), "t").await, "CREATE TABLE t (a INT)");
        c.execute("INSERT INTO t VALUES (1)").await.unwrap();
        c.execute("DROP TABLE p").await.unwrap();
        let error = apply(c.as_mut(), refers("id")).await.unwrap_err();
        assert!(error.starts_with("no such table: p"), "{error}");
    });
}

#[test]
fn a_table_refers_to_itself() {
    block_on(async {
        let mut c = database(&["CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)", "INSERT INTO t VALUES (1, 2), (2, 1), (3, NULL)"]).await;
        let own = AddForeignKey { referenced_table: table("t"), ..refers("id") };
        apply(c.as_mut(), own).await.unwrap();
        assert_eq!(
            cells(c.as_mut(), "SELECT \"table\", \"from\", \"to\" FROM pragma_foreign_key_list('t')").await,
            ["Text(\"t\") | Text(\"a\") | Text(\"id\")"]
        );
    });
}

#[test]
fn columns_must_have_a_value_or_need_not() {
    block_on(async {
        let mut c = database(PERSON).await;
        let before = everything(c.as_mut()).await;
        let error = apply(c.as_mut(), nullable("photo", false)).await.unwrap_err();
        assert!(error.starts_with("NOT NULL constraint failed"), "{error}");
        apply(c.as_mut(), nullable("MADE", false)).await.unwrap();
        assert!(refused(c.as_mut(), "UPDATE Person SET made = NULL").await.starts_with("NOT NULL constraint failed: Person.made"));
        assert_eq!(everything(c.as_mut()).await, before);
        // What is so already is not done again.
        assert_eq!(apply(c.as_mut(), nullable("made", false)).await, Ok(Vec::new()));
        assert_eq!(apply(c.as_mut(), nullable("score", true)).await, Ok(Vec::new()));
        apply(c.as_mut(), nullable("made", true)).await.unwrap();
        c.execute("UPDATE Person SET made = NULL").await.unwrap();
        assert_eq!(apply(c.as_mut(), nullable("none", true)).await, Err("table person has no column none".into()));
    });
}

#[test]
fn columns_get_another_type() {
    block_on(async {
        let mut c = database(PERSON).await;
        let before = everything(c.as_mut()).await;
        apply(c.as_mut(), retyped("EMAIL", "varchar(40)")).await.unwrap();
        assert_eq!(everything(c.as_mut()).await, before);
        let types = "SELECT name, type FROM pragma_table_info('Person') WHERE name IN ('email', 'boss', 'id')";
        let found = cells(c.as_mut(), types).await;
        assert_eq!(
            found,
            ["Text(\"id\") | Text(\"INTEGER\")", "Text(\"email\") | Text(\"VARCHAR(40)\")", "Text(\"boss\") | Text(\"INTEGER\")"]
        );
        // A key that counts is INTEGER, which holds any whole number.
        assert_eq!(apply(c.as_mut(), retyped("id", "bigint")).await, Ok(Vec::new()));
        let told = "column id of table person counts up and cannot be VARCHAR(9)";
        assert_eq!(apply(c.as_mut(), retyped("id", "varchar(9)")).await, Err(told.into()));
        assert_eq!(apply(c.as_mut(), retyped("none", "int")).await, Err("table person has no column none".into()));
    });
}

#[test]
fn values_become_a_table_with_a_key() {
    block_on(async {
        for (type_text, native) in [(None, "TEXT"), (Some("varchar(9)"), "VARCHAR(9)")] {
            let mut c = database(PERSON).await;
            let copy = CopyDistinct {
                from: person(),
                column: "LAST".into(),
                table: table("names"),
                new_column: "name".into(),
                type_text: type_text.map(str::to_owned),
            };
            apply(c.as_mut(), copy).await.unwrap();
            assert_eq!(
                definition(c.as_mut(), "names").await,
                format!("CREATE TABLE names (name {native} CONSTRAINT PK_NAMES PRIMARY KEY NOT NULL)")
            );
            assert_eq!(cells(c.as_mut(), "SELECT * FROM names").await, ["Text(\"b\")"]);
        }
    });
}

#[test]
fn rows_of_other_tables_are_not_deleted_for_a_constraint() {
    block_on(async {
        let mut c = database(PERSON).await;
        c.execute("PRAGMA foreign_keys = ON").await.unwrap();
        let error = apply(c.as_mut(), unique("photo")).await.unwrap_err();
        assert!(error.contains("enforces foreign keys"), "{error}");
    });
}

/// A changeset that is applied, and others that rebuild tables of it and of their own.
const REBUILDING: &str = "\
- changeSet: {id: made, author: a, changes: [{createTable: {tableName: p, columns: [{column: {name: id, type: int, constraints: {primaryKey: true}}}]}}, {createTable: {tableName: t, columns: [{column: {name: id, type: int}}, {column: {name: n, type: varchar(9)}}, {column: {name: p, type: int}}]}}, {createIndex: {tableName: t, indexName: ix_n, columns: [{column: {name: n}}]}}, {insert: {tableName: t, columns: [{column: {name: id, valueNumeric: 1}}, {column: {name: n, value: x}}]}}]}
- changeSet: {id: key, author: a, changes: [{addPrimaryKey: {tableName: t, columnNames: id, constraintName: pk_t}}, {addNotNullConstraint: {tableName: t, columnName: n}}]}
- changeSet: {id: new, author: a, changes: [{createTable: {tableName: u, columns: [{column: {name: a, type: int}}, {column: {name: b, type: text}}]}}, {sql: {sql: create view v as select a from u}}, {addUniqueConstraint: {tableName: u, columnNames: b, constraintName: uq_u}}]}
- changeSet: {id: refers, author: a, changes: [{addForeignKeyConstraint: {baseTableName: t, baseColumnNames: p, referencedTableName: p, referencedColumnNames: id, constraintName: fk_t}}, {modifyDataType: {tableName: u, columnName: b, newDataType: varchar(20)}}], rollback: [{modifyDataType: {tableName: u, columnName: b, newDataType: text}}, {dropForeignKeyConstraint: {baseTableName: t, constraintName: fk_t}}]}
- changeSet: {id: lookup, author: a, changes: [{addLookupTable: {existingTableName: t, existingColumnName: n, newTableName: names, newColumnName: name, constraintName: fk_n}}]}
- changeSet: {id: gone, author: a, changes: [{dropColumn: {tableName: u, columnName: b}}, {addDefaultValue: {tableName: u, columnName: a, defaultValueNumeric: 5}}], rollback: [{addColumn: {tableName: u, columns: [{column: {name: b, type: varchar(20)}}]}}]}
";

#[test]
fn a_script_rebuilds_what_its_earlier_statements_leave() {
    block_on(async {
        let (run, scripted) = (Project::on(Database::sqlite(), REBUILDING), Project::on(Database::sqlite(), REBUILDING));
        for project in [&run, &scripted] {
            project.ok(&["update-count", "1"]);
        }
        let script = scripted.ok(&["update-sql"]).stdout;
        let schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name";
        let before = scripted.query(schema).await;
        assert_eq!(before, run.query(schema).await, "nothing is run");
        run.ok(&["update"]);
        scripted.execute(&script).await;
        assert_eq!(scripted.query(schema).await, run.query(schema).await);
        for rows in ["SELECT * FROM t", "SELECT * FROM names", "SELECT ID, MD5SUM, ORDEREXECUTED FROM LEDGER ORDER BY 3"] {
            assert_eq!(scripted.query(rows).await, run.query(rows).await, "{rows}");
        }
        let back = scripted.ok(&["rollback-count-sql", "3"]).stdout;
        scripted.execute(&back).await;
        run.ok(&["rollback-count", "3"]);
        assert_eq!(scripted.query(schema).await, run.query(schema).await);
    });
}

#[test]
fn a_plan_says_what_is_known_when_the_changeset_runs() {
    let project = Project::on(Database::sqlite(), REBUILDING);
    let plan: serde_json::Value = serde_json::from_str(&project.ok(&["plan", "--format", "json"]).stdout).unwrap();
    let key = &plan["changesets"][1];
    assert_eq!(key["errors"], serde_json::json!([]));
    let note = "the SQL of addPrimaryKey follows from the definition of table t as it is when the changeset runs";
    assert_eq!(key["notes"], serde_json::json!([note]));
    let undo = "the SQL of dropNotNullConstraint follows from the definition of table t as it is when the changeset runs";
    assert_eq!(key["rollback"], serde_json::json!({"error": undo}));
}

/// A change of a constraint of `person`, whose columns have these names.
fn constraint(kind: usize, a: &str, b: &str) -> Statement {
    let columns = if a == b { a.to_owned() } else { format!("{a},{b}") };
    match kind {
        0 => unique(&columns).into(),
        1 => drop_unique("uq_new").into(),
        2 => AddPrimaryKey { table: person(), ..key(&columns) }.into(),
        3 => DropPrimaryKey { table: person(), name: None, drop_index: false }.into(),
        4 => nullable(a, false).into(),
        5 => nullable(a, true).into(),
        _ => AddForeignKey {
            table: person(),
            columns,
            referenced_table: table("p"),
            referenced_columns: if a == b { "id" } else { "id,other" }.into(),
            ..refers("id")
        }
        .into(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_constraint_holds_or_nothing_has_changed(random in random(), changes in prop::collection::vec((0..7usize, 0..6usize, 0..6usize), 1..6)) {
        block_on(async {
            let mut c = random.database().await;
            c.execute("CREATE TABLE p (id INTEGER PRIMARY KEY, other INT, UNIQUE (id, other))").await.unwrap();
            c.execute("INSERT INTO p VALUES (1, 1)").await.unwrap();
            let names: Vec<&str> = random.columns.iter().map(|(name, _)| *name).collect();
            let values: Vec<String> = names.iter().flat_map(|n| [quoted(n), format!("typeof({})", quoted(n))]).collect();
            let all = format!("SELECT {} FROM person ORDER BY {}", values.join(", "), values.join(", "));
            let schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name";
            for (kind, a, b) in changes {
                let (rows, before) = (cells(c.as_mut(), &all).await, cells(c.as_mut(), schema).await);
                let statement = constraint(kind, names[a % names.len()], names[b % names.len()]);
                let made = apply(c.as_mut(), statement.clone()).await;
                assert_eq!(cells(c.as_mut(), &all).await, rows, "{statement:?}");
                let now = cells(c.as_mut(), schema).await;
                assert_eq!(now == before, made.as_ref().map_or(true, Vec::is_empty), "{statement:?}: {made:?}");
                assert_eq!(cells(c.as_mut(), "PRAGMA integrity_check").await, ["Text(\"ok\")"]);
                assert!(kind != 6 || made.is_err() || cells(c.as_mut(), "PRAGMA foreign_key_check").await.is_empty());
            }
        });
    }
}
