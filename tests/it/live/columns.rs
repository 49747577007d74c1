//! What is done to columns, on each kind of database: it runs, and what undoes it brings the schema back.

use super::{Database, block_on, open};
use changelog::db::{Connection, Value};
use changelog::dialect;
use changelog::schema::describe;
use changelog::snapshot::{schema, stored};
use changelog::sql::action::Action;
use changelog::sql::column::{AutoIncrement, ColumnDef, ColumnForeignKey, ColumnUnique};
use changelog::sql::literal::Literal;
use changelog::sql::statement::{AddAutoIncrement, AddColumn, DropColumn, MergeColumns, Statement};
use changelog::sql::{ObjectName, RenderError, Target, Version};
use std::sync::Arc;

fn target(c: &dyn Connection) -> Target {
    let version = Version::parse(&c.server().version);
    Target { asks: true, offline: false, ..Target::new(dialect::by_name(c.server().dialect).unwrap(), version) }
}

async fn apply(c: &mut dyn Connection, statement: impl Into<Statement>) {
    let (mut target, statement) = (target(c), statement.into());
    let actions = loop {
        match target.render(&statement) {
            Err(RenderError::NeedsTable { table, .. }) if target.stored_tables.is_empty() => {
                let found = stored::table(c, &table).await.unwrap().unwrap();
                target.stored_tables = Arc::new([(table.to_lowercase(), found)].into());
            }
            rendered => break rendered.unwrap(),
        }
    };
    for action in actions {
        let Action::Sql(sql) = action else { panic!("{action:?}") };
        c.execute(&sql.text).await.unwrap_or_else(|e| panic!("{}: {e}", sql.text));
    }
}

async fn described(c: &mut dyn Connection) -> String {
    let target = target(c);
    describe(&schema::read(c, &target).await.unwrap())
}

async fn texts(c: &mut dyn Connection, sql: &str) -> Vec<String> {
    let rows = c.query(sql).await.unwrap();
    rows.iter().map(|r| r.values.iter().map(|v| Value::to_text(v).unwrap_or_default()).collect::<Vec<_>>().join(" ")).collect()
}

fn column(name: &str, type_text: &str) -> ColumnDef {
    ColumnDef { name: name.into(), type_text: Some(type_text.into()), ..ColumnDef::default() }
}

#[test]
fn columns_come_and_go() {
    block_on(async {
        for database in Database::each("columns_come_and_go").await {
            let mut c = open(&database.url).await;
            let table = ObjectName::new(None, None, "person");
            for sql in [
                "CREATE TABLE dept (id INT NOT NULL PRIMARY KEY)",
                "CREATE TABLE person (id INT NOT NULL PRIMARY KEY, name VARCHAR(20) DEFAULT 'x', n INT DEFAULT 1, CONSTRAINT ck CHECK (n > 0))",
                "CREATE INDEX ix ON person (name)",
                "INSERT INTO person (id, name) VALUES (1, 'a'), (2, NULL)",
            ] {
                c.execute(sql).await.unwrap();
            }
            let before = described(c.as_mut()).await;
            let new = [
                ColumnDef { default: Some(Literal::Text("it's".into())), nullable: Some(false), ..column("state", "varchar(20)") },
                ColumnDef { value: Some(Literal::Number("3".into())), nullable: Some(false), ..column("rank_no", "int") },
                ColumnDef {
                    value: Some(Literal::Computed("id * 10".into())),
                    unique: Some(ColumnUnique { name: Some("uq_code".into()), validate: true }),
                    ..column("code", "int")
                },
                ColumnDef {
                    foreign_key: Some(ColumnForeignKey {
                        name: Some("fk_d".into()),
                        references: Some("dept(id)".into()),
                        ..ColumnForeignKey::default()
                    }),
                    ..column("d", "int")
                },
            ];
            apply(c.as_mut(), AddColumn { table: table.clone(), columns: new.to_vec() }).await;
            assert_eq!(
                texts(c.as_mut(), "SELECT id, state, rank_no, code FROM person ORDER BY id").await,
                ["1 it's 3 10", "2 it's 3 20"],
                "{}",
                database.dialect
            );
            assert!(c.execute("INSERT INTO person (id, rank_no) VALUES (3, NULL)").await.is_err(), "{}", database.dialect);
            // MySQL drops no column that a foreign key needs.
            if matches!(database.dialect, "mysql" | "mariadb") {
                c.execute("ALTER TABLE person DROP FOREIGN KEY fk_d").await.unwrap();
            }
            let columns = new.iter().map(|c| c.name.clone()).collect();
            apply(c.as_mut(), DropColumn { table: table.clone(), columns }).await;
            assert_eq!(described(c.as_mut()).await, before, "{}", database.dialect);

            c.execute("UPDATE person SET name = 'b' WHERE id = 2").await.unwrap();
            apply(
                c.as_mut(),
                AddColumn {
                    table: table.clone(),
                    columns: vec![ColumnDef { default: Some(Literal::Text("z".into())), ..column("last", "varchar(9)") }],
                },
            )
            .await;
            let sources = ["name".to_owned(), "last".to_owned()];
            apply(c.as_mut(), MergeColumns { table: table.clone(), sources, between: "-".into(), merged: column("whole", "varchar(40)") })
                .await;
            assert_eq!(texts(c.as_mut(), "SELECT * FROM person ORDER BY id").await, ["1 1 a-z", "2 1 b-z"], "{}", database.dialect);

            let counting = AutoIncrement { start: Some("50".into()), ..AutoIncrement::default() };
            apply(c.as_mut(), AddAutoIncrement { table, column: "id".into(), type_text: Some("int".into()), counting }).await;
            c.execute("INSERT INTO person (whole) VALUES ('new')").await.unwrap();
            assert_eq!(texts(c.as_mut(), "SELECT id FROM person WHERE whole = 'new'").await, ["50"], "{}", database.dialect);
            c.close().await.unwrap();
            database.remove().await;
        }
    });
}
