//! Keys: made, read back from the catalog, and taken away again.

use super::block_on;
use super::project::Project;
use changelog::schema::describe;

const TABLES: &str = "\
- changeSet:
    id: tables
    author: a
    changes:
    - createTable: {tableName: dept, columns: [{column: {name: id, type: int, constraints: {nullable: false}}}, {column: {name: site, type: int, constraints: {nullable: false}}}]}
    - createTable: {tableName: person, columns: [{column: {name: id, type: int, constraints: {nullable: false}}}, {column: {name: code, type: varchar(9)}}, {column: {name: dept_id, type: int}}, {column: {name: dept_site, type: int}}]}
    - createIndex: {tableName: person, indexName: ix_dept, columns: [{column: {name: dept_site}}, {column: {name: dept_id}}]}
";

const KEYS: &str = "\
- changeSet:
    id: keys
    author: a
    changes:
    - addPrimaryKey: {tableName: dept, columnNames: \"site, id\", constraintName: pk_dept}
    - addPrimaryKey: {tableName: person, columnNames: id, constraintName: pk_person}
    - addUniqueConstraint: {tableName: person, columnNames: \"code, dept_id\", constraintName: uq_code}
    - addForeignKeyConstraint: {baseTableName: person, baseColumnNames: \"dept_site, dept_id\", referencedTableName: dept, referencedColumnNames: \"site, id\", constraintName: fk_dept, onDelete: CASCADE, onUpdate: CASCADE}
";

#[test]
fn keys_are_made_read_back_and_taken_away() {
    block_on(async {
        for project in Project::each("keys_are_made_read_back_and_taken_away", &format!("{TABLES}{KEYS}")).await {
            project.ok(&["update-count", "1"]);
            let before = describe(&project.catalog().await);
            assert!(!before.contains(" key "), "{before}");
            project.ok(&["update"]);
            let made = describe(&project.catalog().await);
            let lines: Vec<&str> = made.lines().map(str::trim).filter(|l| l.contains("key") || l.contains("uq_code")).collect();
            let foreign = "foreign key fk_dept (dept_site, dept_id) to dept (site, id) on update cascade on delete cascade";
            let expected = match project.db.dialect {
                "postgresql" | "sqlite" => {
                    ["primary key pk_dept (site, id)", "primary key pk_person (id)", "unique uq_code (code, dept_id)", foreign]
                }
                // Primary keys have no names there, and a unique constraint is an index.
                _ => ["primary key (site, id)", "primary key (id)", "unique index uq_code (code, dept_id)", foreign],
            };
            for line in expected {
                assert!(lines.contains(&line), "{}: {line} is missing in {lines:?}", project.db.dialect);
            }
            assert_eq!(lines.len(), expected.len(), "{}: {lines:?}", project.db.dialect);
            // They hold.
            project.execute("INSERT INTO dept (id, site) VALUES (1, 2)").await;
            project.execute("INSERT INTO person (id, code, dept_id, dept_site) VALUES (1, 'a', 1, 2)").await;
            assert!(project.try_query("INSERT INTO person (id, code, dept_id) VALUES (2, 'a', 1)").await.is_err());
            // SQLite sees to foreign keys only where a connection asks for it.
            if project.db.dialect != "sqlite" {
                assert!(project.try_query("INSERT INTO person (id, dept_id, dept_site) VALUES (2, 5, 5)").await.is_err());
                project.execute("DELETE FROM dept").await;
                assert_eq!(project.query("SELECT * FROM person").await.len(), 0, "{}", project.db.dialect);
            }
            project.ok(&["rollback-count", "1"]);
            assert_eq!(describe(&project.catalog().await), before, "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}
