//! Changes of SQLite tables on a real database: nothing of a table is lost but what is meant to go.

use super::{block_on, open};
use changelog::db::{Connection, Value};
use changelog::dialect::sqlite;
use changelog::snapshot::stored;
use changelog::sql::action::Action;
use changelog::sql::column::{AutoIncrement, ColumnDef, ColumnForeignKey, ColumnPrimaryKey, ColumnUnique};
use changelog::sql::literal::Literal;
use changelog::sql::statement::{
    AddAutoIncrement, AddColumn, AddDefaultValue, DropColumn, DropDefaultValue, DropPrimaryKey, MergeColumns, Statement,
};
use changelog::sql::{ObjectName, RenderError, Target};
use proptest::prelude::*;
use std::sync::Arc;

/// A table with everything that a table can have, and what depends on it.
pub(super) const PERSON: &[&str] = &[
    "CREATE TABLE dept (id INTEGER PRIMARY KEY, name TEXT)",
    "CREATE TABLE \"Person\" (\n  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key, always\n  first TEXT DEFAULT 'it''s, (new)' NOT NULL,\n  \
     last TEXT COLLATE NOCASE,\n  score REAL DEFAULT (1 + 0.5) CHECK (Person.score >= 0),\n  photo BLOB,\n  email TEXT CONSTRAINT uq_email UNIQUE,\n  \
     boss INTEGER REFERENCES Person(id),\n  dept_id INTEGER CONSTRAINT fk_dept REFERENCES dept (id) ON DELETE SET NULL,\n  \
     full_name TEXT GENERATED ALWAYS AS (first || ' ' || last) VIRTUAL,\n  made TEXT DEFAULT CURRENT_TIMESTAMP,\n  \
     CONSTRAINT uq_name UNIQUE (first, last) CHECK (length(email) > 1)\n)",
    "CREATE INDEX ix_last ON Person (last DESC, score)",
    "CREATE UNIQUE INDEX ix_lower ON Person (lower(email)) WHERE score > 1 -- only some",
    "CREATE INDEX ix_photo ON Person (photo)",
    "CREATE TABLE log (what TEXT)",
    "CREATE TRIGGER tr_person AFTER INSERT ON Person BEGIN INSERT INTO log VALUES ('new ' || new.first || ';'); END",
    "CREATE TABLE child (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES Person (id) ON DELETE CASCADE)",
    "CREATE TRIGGER tr_child AFTER DELETE ON child BEGIN UPDATE Person SET score = score * 0 WHERE id = old.person_id; END",
    "CREATE VIEW v_person AS SELECT id, first, last FROM Person",
    "INSERT INTO dept VALUES (1, 'x')",
    "INSERT INTO Person (id, first, last, score, photo, email, boss, dept_id, made) VALUES \
     (1, 'A''; --', NULL, 2, x'00ff', 'a@x', NULL, 1, 'm1'), (2, 'B', 'b', 3.25, NULL, 'b@x', 1, NULL, 'm2'), (9, 'C', 'c', 0, NULL, NULL, 1, NULL, 'm3')",
    "DELETE FROM Person WHERE id = 9",
    "INSERT INTO child VALUES (1, 1), (2, 2)",
];

pub(super) async fn database(statements: &[&str]) -> Box<dyn Connection> {
    let mut c = open("sqlite::memory:").await;
    for statement in statements {
        c.execute(statement).await.unwrap_or_else(|e| panic!("{statement}: {e}"));
    }
    c
}

/// Renders and runs a statement in a transaction, as a run does; its texts, or why it cannot be done.
pub(super) async fn apply(c: &mut dyn Connection, statement: impl Into<Statement>) -> Result<Vec<String>, String> {
    let statement = statement.into();
    let mut target = Target { asks: true, offline: false, ..Target::new(&sqlite::DIALECT, None) };
    let actions = loop {
        match target.render(&statement) {
            Ok(actions) => break actions,
            Err(RenderError::NeedsTable { table, .. }) => {
                assert!(target.stored_tables.is_empty(), "asked twice");
                let found = stored::table(c, &table).await.unwrap().ok_or("no such table")?;
                target.stored_tables = Arc::new([(table.to_lowercase(), found)].into());
            }
            Err(e) => return Err(e.to_string()),
        }
    };
    let texts: Vec<String> = actions
        .into_iter()
        .map(|a| match a {
            Action::Sql(sql) => sql.text,
            other => panic!("{other:?}"),
        })
        .collect();
    c.begin().await.unwrap();
    for text in &texts {
        if let Err(e) = c.execute(text).await {
            c.rollback().await.unwrap();
            return Err(format!("{}: {text}", e.message));
        }
    }
    c.commit().await.unwrap();
    Ok(texts)
}

/// All cells of a result, written out.
pub(super) async fn cells(c: &mut dyn Connection, sql: &str) -> Vec<String> {
    let rows = c.query(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    let cell = |v: &Value| match v {
        Value::Null => "NULL".to_owned(),
        other => format!("{other:?}"),
    };
    rows.iter().map(|r| r.values.iter().map(cell).collect::<Vec<_>>().join(" | ")).collect()
}

/// The stored schema, without the definition of one table.
async fn schema_without(c: &mut dyn Connection, table: &str) -> Vec<String> {
    let sql = format!(
        "SELECT type, name, tbl_name, rtrim(sql, char(10)) FROM sqlite_master WHERE sql IS NOT NULL AND NOT (type = 'table' AND name = '{table}') ORDER BY type, name"
    );
    cells(c, &sql).await
}

pub(super) async fn definition(c: &mut dyn Connection, table: &str) -> String {
    let rows = c.query(&format!("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{table}'")).await.unwrap();
    rows.first().and_then(|r| r.text("sql")).unwrap_or_default()
}

pub(super) fn table(name: &str) -> ObjectName {
    ObjectName::new(None, None, name)
}

pub(super) fn person() -> ObjectName {
    table("person")
}

fn column(name: &str, type_text: &str) -> ColumnDef {
    ColumnDef { name: name.into(), type_text: Some(type_text.into()), ..ColumnDef::default() }
}

fn add(columns: &[ColumnDef]) -> AddColumn {
    AddColumn { table: person(), columns: columns.to_vec() }
}

fn drop(columns: &[&str]) -> DropColumn {
    DropColumn { table: person(), columns: columns.iter().map(|c| (*c).to_owned()).collect() }
}

const ALL_ROWS: &str = "SELECT id, first, last, score, photo, email, boss, dept_id, full_name, made FROM Person ORDER BY id";

/// What must be as before, whatever is done to other columns.
pub(super) async fn everything(c: &mut dyn Connection) -> Vec<String> {
    let mut out = schema_without(c, "Person").await;
    for sql in [
        ALL_ROWS,
        "SELECT typeof(score) FROM Person",
        "SELECT * FROM child",
        "SELECT * FROM log ORDER BY 1",
        "SELECT * FROM v_person",
        "SELECT * FROM sqlite_sequence",
        "PRAGMA foreign_key_check",
    ] {
        out.extend(cells(c, sql).await);
    }
    out
}

#[test]
fn a_column_is_added_natively_where_it_can_be() {
    block_on(async {
        let mut c = database(PERSON).await;
        let before = everything(c.as_mut()).await;
        let new = [
            ColumnDef { default: Some(Literal::Text("o'clock".into())), nullable: Some(false), ..column("state", "varchar(20)") },
            ColumnDef { value: Some(Literal::Number("7".into())), ..column("rank", "int") },
            ColumnDef {
                foreign_key: Some(ColumnForeignKey {
                    name: Some("fk_d".into()),
                    references: Some("app.dept(id)".into()),
                    delete_cascade: true,
                    initially_deferred: true,
                    ..ColumnForeignKey::default()
                }),
                ..column("d", "int")
            },
        ];
        let texts = apply(c.as_mut(), add(&new)).await.unwrap();
        assert_eq!(
            texts,
            [
                "ALTER TABLE person ADD state VARCHAR(20) DEFAULT 'o''clock' NOT NULL",
                "ALTER TABLE person ADD rank INTEGER",
                "ALTER TABLE person ADD d INTEGER CONSTRAINT fk_d REFERENCES dept (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
                "UPDATE person SET rank = 7",
            ]
        );
        assert_eq!(everything(c.as_mut()).await, before);
        assert_eq!(cells(c.as_mut(), "SELECT DISTINCT state, rank, d FROM Person").await, ["Text(\"o'clock\") | Int(7) | NULL"]);
    });
}

#[test]
fn a_column_is_added_by_a_rebuild_and_all_else_stays() {
    block_on(async {
        let mut c = database(PERSON).await;
        let before = everything(c.as_mut()).await;
        let old = definition(c.as_mut(), "Person").await;
        let new = [
            ColumnDef {
                default: Some(Literal::Computed("CURRENT_TIMESTAMP".into())),
                nullable: Some(false),
                ..column("since", "datetime")
            },
            ColumnDef { default: Some(Literal::Computed("abs(-3)".into())), ..column("three", "int") },
            ColumnDef {
                value: Some(Literal::Computed("id * 10".into())),
                nullable: Some(false),
                unique: Some(ColumnUnique { name: Some("uq_code".into()), validate: true }),
                ..column("code", "int")
            },
        ];
        apply(c.as_mut(), add(&new)).await.unwrap();
        assert_eq!(everything(c.as_mut()).await, before);
        let added = ", since TEXT DEFAULT CURRENT_TIMESTAMP NOT NULL, three INTEGER DEFAULT (abs(-3)), code INTEGER NOT NULL CONSTRAINT uq_code UNIQUE,\n  CONSTRAINT uq_name";
        let expected = old
            .replace("Person.score >= 0", "score >= 0")
            .replace(",\n  CONSTRAINT uq_name", added)
            .replace(" CHECK (length", " ,CHECK (length");
        assert_eq!(definition(c.as_mut(), "Person").await, expected);
        assert_eq!(
            cells(c.as_mut(), "SELECT id, three, code, since IS NULL FROM Person ORDER BY id").await,
            ["Int(1) | Int(3) | Int(10) | Int(0)", "Int(2) | Int(3) | Int(20) | Int(0)"]
        );
        // The rebuilt table still works: numbers go on, triggers fire, constraints hold.
        c.execute("INSERT INTO Person (first, last, email, code) VALUES ('D', 'd', 'd@x', 1)").await.unwrap();
        assert_eq!(cells(c.as_mut(), "SELECT max(id) FROM Person").await, ["Int(10)"]);
        assert_eq!(cells(c.as_mut(), "SELECT count(*) FROM log WHERE what = 'new D;'").await, ["Int(1)"]);
        for refused in [
            "INSERT INTO Person (first, last, code) VALUES ('D', 'D', 2)",
            "UPDATE Person SET score = -1",
            "UPDATE Person SET code = 1",
            "UPDATE Person SET email = 'x'",
        ] {
            assert!(c.execute(refused).await.is_err(), "{refused}");
        }
        c.execute("DELETE FROM child WHERE id = 2").await.unwrap();
        let score = cells(c.as_mut(), "SELECT score, typeof(score) FROM Person WHERE id = 2").await;
        assert_eq!(score, ["Text(\"0.0\") | Text(\"real\")"]);
        assert_eq!(cells(c.as_mut(), "PRAGMA legacy_alter_table").await, ["Int(0)"]);
    });
}

#[test]
fn a_key_is_added_and_counts() {
    block_on(async {
        let mut c = database(&["CREATE TABLE person (name TEXT)", "INSERT INTO person VALUES ('a'), ('b')"]).await;
        let key = ColumnDef {
            auto_increment: true,
            primary_key: Some(ColumnPrimaryKey::default()),
            nullable: Some(false),
            ..column("id", "bigint")
        };
        apply(c.as_mut(), add(std::slice::from_ref(&key))).await.unwrap();
        assert_eq!(
            definition(c.as_mut(), "person").await,
            "CREATE TABLE \"person\" (name TEXT, id INTEGER CONSTRAINT PK_PERSON PRIMARY KEY AUTOINCREMENT NOT NULL)"
        );
        assert_eq!(cells(c.as_mut(), "SELECT id, name FROM person").await, ["Int(1) | Text(\"a\")", "Int(2) | Text(\"b\")"]);
        let again = apply(c.as_mut(), add(&[ColumnDef { name: "id2".into(), ..key }])).await;
        assert_eq!(again, Err("table person has a primary key already".into()));
    });
}

#[test]
fn not_null_without_a_value_holds_for_rows_that_exist() {
    block_on(async {
        let mut c = database(PERSON).await;
        let new = ColumnDef { nullable: Some(false), ..column("must", "int") };
        let error = apply(c.as_mut(), add(std::slice::from_ref(&new))).await.unwrap_err();
        assert!(error.contains("NOT NULL"), "{error}");
        c.execute("DELETE FROM child").await.unwrap();
        c.execute("DELETE FROM Person").await.unwrap();
        apply(c.as_mut(), add(&[new])).await.unwrap();
    });
}

#[test]
fn a_plain_column_is_dropped_natively_with_its_indexes() {
    block_on(async {
        let mut c = database(PERSON).await;
        let rows = "SELECT id, first, last, score, email, boss, full_name, made FROM Person ORDER BY id";
        let before = cells(c.as_mut(), rows).await;
        let texts = apply(c.as_mut(), drop(&["photo", "DEPT_ID"])).await.unwrap();
        assert_eq!(
            texts,
            ["DROP INDEX ix_photo", "ALTER TABLE \"Person\" DROP COLUMN photo", "ALTER TABLE \"Person\" DROP COLUMN dept_id"]
        );
        assert_eq!(cells(c.as_mut(), rows).await, before);
    });
}

#[test]
fn a_bound_column_leaves_its_constraints_and_goes() {
    block_on(async {
        let mut c = database(PERSON).await;
        let rows = "SELECT id, first, last, score, photo, boss, dept_id, full_name, made FROM Person ORDER BY id";
        let before = cells(c.as_mut(), rows).await;
        let schema = schema_without(c.as_mut(), "Person").await;
        let old = definition(c.as_mut(), "Person").await;
        apply(c.as_mut(), drop(&["email"])).await.unwrap();
        assert_eq!(cells(c.as_mut(), rows).await, before);
        let kept: Vec<String> = schema.into_iter().filter(|s| !s.contains("ix_lower")).collect();
        assert_eq!(schema_without(c.as_mut(), "Person").await, kept);
        let expected = old
            .replace("Person.score", "score")
            .replace("  email TEXT CONSTRAINT uq_email UNIQUE,\n", "")
            .replace(" CHECK (length(email) > 1)\n", " ");
        assert_eq!(definition(c.as_mut(), "Person").await, expected);
        assert_eq!(cells(c.as_mut(), "SELECT seq FROM sqlite_sequence WHERE name = 'Person'").await, ["Int(9)"]);
        assert_eq!(cells(c.as_mut(), "SELECT * FROM child").await.len(), 2);
    });
}

#[test]
fn what_depends_on_a_column_keeps_it() {
    block_on(async {
        let mut c = database(PERSON).await;
        let before = everything(c.as_mut()).await;
        for (columns, expected) in [
            (vec!["first"], "column first of table person cannot be dropped: full_name is computed from it"),
            (vec!["full_name", "last"], "error in view v_person after drop column: no such column: last"),
            (vec!["id"], "column id of table person cannot be dropped: table Person refers to it"),
            (vec!["score"], "error in trigger tr_child after drop column: no such column: score"),
            (vec!["nothing"], "table person has no column nothing"),
        ] {
            let error = apply(c.as_mut(), drop(&columns)).await.unwrap_err();
            assert!(error.starts_with(expected), "{columns:?}: {error}");
            assert_eq!(everything(c.as_mut()).await, before, "{columns:?}");
        }
        let error = apply(c.as_mut(), DropPrimaryKey { table: person(), name: None, drop_index: true }).await;
        assert_eq!(error, Err("the primary key of table person cannot be dropped: table Person refers to it".into()));
        let mut c = database(&["CREATE TABLE person (name TEXT, age INT, PRIMARY KEY (name, age)) WITHOUT ROWID"]).await;
        let error = apply(c.as_mut(), drop(&["age"])).await;
        assert_eq!(error, Err("table person is WITHOUT ROWID and cannot lose its primary key".into()));
    });
}

/// In a script the end of a statement stands behind it, where a comment would swallow it.
#[test]
fn a_comment_at_the_end_of_an_index_ends_in_a_script() {
    use super::Database;
    use super::project::{Project, rows};
    let changesets = "- changeSet: {id: 1, author: a, changes: [{dropDefaultValue: {tableName: person, columnName: age}}]}\n";
    block_on(async {
        let project = Project::on(Database::sqlite(), changesets);
        project.execute("CREATE TABLE person (age INT DEFAULT 1)").await;
        project.execute("CREATE INDEX ix_age ON person (age) -- of persons").await;
        let script = project.ok(&["update-sql"]).stdout;
        project.execute(&script).await;
        assert_eq!(project.query("SELECT COUNT(*) FROM sqlite_master WHERE name = 'ix_age'").await, rows(&[&["1"]]));
        assert_eq!(project.recorded().await, rows(&[&["1", "EXECUTED"]]));
    });
}

#[test]
fn a_comment_before_what_goes_keeps_its_line() {
    block_on(async {
        let mut c = database(&["CREATE TABLE person (age INT -- in years\n  DEFAULT 1, name TEXT)"]).await;
        apply(c.as_mut(), DropDefaultValue { table: person(), column: "age".into(), type_text: None }).await.unwrap();
        let definition = definition(c.as_mut(), "person").await;
        assert!(definition.contains("age INT -- in years\n"), "{definition}");
        c.execute("INSERT INTO person (name) VALUES ('a')").await.unwrap();
        assert_eq!(cells(c.as_mut(), "SELECT age, name FROM person").await, ["NULL | Text(\"a\")"]);
    });
}

#[test]
fn rows_of_other_tables_are_not_deleted_where_foreign_keys_act() {
    block_on(async {
        let mut c = open("sqlite::memory:?foreign_keys=on").await;
        for statement in PERSON {
            c.execute(statement).await.unwrap();
        }
        let error = apply(c.as_mut(), drop(&["email"])).await.unwrap_err();
        assert!(error.contains("connect without foreign_keys"), "{error}");
        assert_eq!(cells(c.as_mut(), "SELECT * FROM child").await.len(), 2);
    });
}

#[test]
fn defaults_are_set_and_dropped() {
    block_on(async {
        let mut c = database(PERSON).await;
        let before = everything(c.as_mut()).await;
        let set = |column: &str, value: Literal| AddDefaultValue {
            table: person(),
            column: column.into(),
            type_text: None,
            value: Some(value),
            constraint: None,
        };
        apply(c.as_mut(), set("last", Literal::Text("o'x".into()))).await.unwrap();
        apply(c.as_mut(), set("first", Literal::Computed("upper('y')".into()))).await.unwrap();
        apply(c.as_mut(), set("made", Literal::Computed("CURRENT_TIMESTAMP".into()))).await.unwrap();
        apply(c.as_mut(), set("score", Literal::Number("-2.5".into()))).await.unwrap();
        apply(c.as_mut(), set("score", Literal::Number("2.5".into()))).await.unwrap();
        assert_eq!(everything(c.as_mut()).await, before);
        c.execute("INSERT INTO Person (email) VALUES ('z@x')").await.unwrap();
        assert_eq!(
            cells(c.as_mut(), "SELECT first, last, typeof(score), score, length(made) FROM Person WHERE email = 'z@x'").await,
            ["Text(\"Y\") | Text(\"o'x\") | Text(\"real\") | Text(\"2.5\") | Int(19)"]
        );
        apply(c.as_mut(), DropDefaultValue { table: person(), column: "LAST".into(), type_text: None }).await.unwrap();
        assert!(definition(c.as_mut(), "Person").await.contains("last TEXT COLLATE NOCASE,"));
    });
}

#[test]
fn a_key_is_made_to_count_up() {
    block_on(async {
        let mut c = database(&[
            "CREATE TABLE person (id BIGINT NOT NULL, name TEXT, CONSTRAINT pk_p PRIMARY KEY (id))",
            "INSERT INTO person VALUES (5, 'a'), (7, NULL)",
        ])
        .await;
        let counting = |start: Option<&str>| AutoIncrement { start: start.map(str::to_owned), ..AutoIncrement::default() };
        let up =
            |column: &str, start| AddAutoIncrement { table: person(), column: column.into(), type_text: None, counting: counting(start) };
        apply(c.as_mut(), up("id", Some("100"))).await.unwrap();
        assert_eq!(
            definition(c.as_mut(), "person").await,
            "CREATE TABLE \"person\" (id INTEGER CONSTRAINT pk_p PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT)"
        );
        c.execute("INSERT INTO person (name) VALUES ('b')").await.unwrap();
        assert_eq!(cells(c.as_mut(), "SELECT id FROM person").await, ["Int(5)", "Int(7)", "Int(100)"]);
        assert_eq!(apply(c.as_mut(), up("id", None)).await, Ok(vec![]));
        // Numbers that were used are not used again.
        apply(c.as_mut(), up("id", Some("50"))).await.unwrap();
        c.execute("DELETE FROM person WHERE id = 100").await.unwrap();
        c.execute("INSERT INTO person (name) VALUES ('c')").await.unwrap();
        assert_eq!(cells(c.as_mut(), "SELECT max(id) FROM person").await, ["Int(101)"]);
        let error = apply(c.as_mut(), up("name", None)).await;
        assert_eq!(error, Err("column name of table person cannot count up: it is not the primary key by itself".into()));
    });
}

#[test]
fn a_primary_key_is_dropped() {
    block_on(async {
        let mut c = database(&[
            "CREATE TABLE person (a INT, b TEXT, PRIMARY KEY (a, b))",
            "CREATE INDEX ix ON person (b)",
            "INSERT INTO person VALUES (1, 'x')",
        ])
        .await;
        apply(c.as_mut(), DropPrimaryKey { table: person(), name: None, drop_index: true }).await.unwrap();
        c.execute("INSERT INTO person VALUES (1, 'x')").await.unwrap();
        assert_eq!(definition(c.as_mut(), "person").await, "CREATE TABLE \"person\" (a INT, b TEXT)");
        assert_eq!(cells(c.as_mut(), "SELECT name FROM sqlite_master WHERE type = 'index'").await, ["Text(\"ix\")"]);
        let mut c = database(&["CREATE TABLE person (a INT PRIMARY KEY) WITHOUT ROWID"]).await;
        let error = apply(c.as_mut(), DropPrimaryKey { table: person(), name: None, drop_index: true }).await;
        assert_eq!(error, Err("table person is WITHOUT ROWID and cannot lose its primary key".into()));
    });
}

#[test]
fn columns_are_merged() {
    block_on(async {
        let merge = || MergeColumns {
            table: person(),
            sources: ["first".into(), "last".into()],
            between: ", ".into(),
            merged: column("whole", "varchar(100)"),
        };
        let plain = "CREATE TABLE person (id INTEGER PRIMARY KEY, first TEXT, last TEXT, x INT DEFAULT 4)";
        let bound =
            "CREATE TABLE person (id INTEGER PRIMARY KEY, first TEXT, last TEXT, x INT DEFAULT 4, UNIQUE (first, last), CHECK (x > 0))";
        for (create, steps, check) in [(plain, 4, ""), (bound, 8, ", CHECK (x > 0)")] {
            let mut c = database(&[create, "INSERT INTO person (first, last) VALUES ('A', 'B'), ('it''s', 'C')"]).await;
            let texts = apply(c.as_mut(), merge()).await.unwrap();
            assert_eq!(texts.len(), steps, "{texts:#?}");
            assert_eq!(
                cells(c.as_mut(), "SELECT * FROM person").await,
                ["Int(1) | Int(4) | Text(\"A, B\")", "Int(2) | Int(4) | Text(\"it's, C\")"]
            );
            let now = definition(c.as_mut(), "person").await.replace('"', "");
            assert_eq!(
                now.replace(" ,", ","),
                format!("CREATE TABLE person (id INTEGER PRIMARY KEY, x INT DEFAULT 4, whole VARCHAR(100){check})")
            );
        }
    });
}

/// A table of random columns, with rows.
#[derive(Debug, Clone)]
pub(super) struct Random {
    pub(super) columns: Vec<(&'static str, &'static str)>,
    constraints: Vec<(&'static str, usize, usize)>,
    rows: Vec<Vec<&'static str>>,
    dropped: usize,
}

impl Random {
    /// The table `person` with its rows, but for those that its constraints refuse.
    pub(super) async fn database(&self) -> Box<dyn Connection> {
        let name = |i: usize| quoted(self.columns[i].0);
        let mut items: Vec<String> = self.columns.iter().map(|(n, t)| format!("{} {t}", quoted(n))).collect();
        let mut indexes = Vec::new();
        for (i, (kind, a, b)) in self.constraints.iter().enumerate() {
            match *kind {
                "INDEX" => indexes.push(format!("CREATE INDEX ix{i} ON person ({} DESC, {})", name(*a), name(*b))),
                "UNIQUE ({})" if a == b => {}
                kind => {
                    items.push(kind.replace("{}", &if kind.starts_with('U') { format!("{}, {}", name(*a), name(*b)) } else { name(*a) }))
                }
            }
        }
        let mut c = database(&[&format!("CREATE TABLE person ({})", items.join(", "))]).await;
        for index in &indexes {
            c.execute(index).await.unwrap();
        }
        for row in &self.rows {
            let _ = c.execute(&format!("INSERT INTO person VALUES ({})", row.join(", "))).await;
        }
        c
    }
}

pub(super) fn random() -> impl Strategy<Value = Random> {
    let types = prop::sample::select(vec![
        "INTEGER",
        "TEXT DEFAULT 'a, (b)'",
        "REAL NOT NULL DEFAULT 1.5",
        "BLOB",
        "NUMERIC CHECK (1 > 0)",
        "TEXT COLLATE NOCASE",
        "",
        "INT UNIQUE",
        "VARCHAR(10) /* c,( */",
    ]);
    let names = ["a", "b c", "\u{e9}", "desc", "select", "x\"y"];
    let values = prop::sample::select(vec!["NULL", "1", "'it''s'", "x'0001'", "-2.5", "''", "9007199254740993"]);
    let columns = prop::collection::vec(types, 2..names.len()).prop_map(move |t| names.into_iter().zip(t).collect::<Vec<_>>());
    columns.prop_flat_map(move |columns| {
        let n = columns.len();
        let kinds = prop::sample::select(vec!["UNIQUE ({})", "CHECK ({} IS NOT 77)", "INDEX"]);
        let constraints = prop::collection::vec((kinds, 0..n, 0..n), 0..4);
        let rows = prop::collection::vec(prop::collection::vec(values.clone(), n), 0..4);
        (Just(columns), constraints, rows, 0..n).prop_map(|(columns, constraints, rows, dropped)| Random {
            columns,
            constraints,
            rows,
            dropped,
        })
    })
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn other_columns_keep_their_data(random in random()) {
        let (columns, dropped) = (&random.columns, random.dropped);
        let name = |i: usize| quoted(columns[i].0);
        block_on(async {
            let mut c = random.database().await;
            let kept: Vec<String> = (0..columns.len()).filter(|i| *i != dropped).map(name).collect();
            let all = format!("SELECT {}, {} FROM person ORDER BY rowid", (0..columns.len()).map(name).collect::<Vec<_>>().join(", "), (0..columns.len()).map(|i| format!("typeof({})", name(i))).collect::<Vec<_>>().join(", "));
            let others = format!("SELECT {}, {} FROM person ORDER BY rowid", kept.join(", "), kept.iter().map(|n| format!("typeof({n})")).collect::<Vec<_>>().join(", "));
            let before = cells(c.as_mut(), &all).await;
            let new = ColumnDef { default: Some(Literal::Computed("abs(-1)".into())), ..column("new", "int") };
            apply(c.as_mut(), add(&[new])).await.unwrap();
            assert_eq!(cells(c.as_mut(), &all).await, before);
            let before = cells(c.as_mut(), &others).await;
            apply(c.as_mut(), drop(&[columns[dropped].0])).await.unwrap();
            assert_eq!(cells(c.as_mut(), &others).await, before);
            let now = cells(c.as_mut(), "SELECT name FROM pragma_table_info('person')").await;
            assert!(now.len() == columns.len() && !now.contains(&format!("{:?}", Value::Text(columns[dropped].0.into()))));
        });
    }
}
