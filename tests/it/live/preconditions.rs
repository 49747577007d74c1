//! What preconditions find, held to what Liquibase 4.28 found with the same changelog.

use super::project::{Project, rows};
use super::{Database, block_on};
use crate::program::run_in;

const OBJECTS: &str = "
- changeSet: {id: table, author: a, changes: [{createTable: {tableName: tp, columns: [{column: {name: id, type: int, constraints: {primaryKey: true, primaryKeyName: pk_tp, nullable: false}}}, {column: {name: a, type: varchar(10)}}, {column: {name: b, type: varchar(10)}}]}}]}
- changeSet: {id: unique, author: a, changes: [{createTable: {tableName: un, columns: [{column: {name: a, type: int, constraints: {unique: true, uniqueConstraintName: uq_a}}}, {column: {name: b, type: int}}]}}]}
- changeSet: {id: index, author: a, changes: [{createIndex: {indexName: ix_ab, tableName: tp, columns: [{column: {name: a}}, {column: {name: b}}]}}]}
- changeSet: {id: view, author: a, changes: [{createView: {viewName: vw, selectQuery: select id from tp}}]}
- changeSet: {id: key, author: a, dbms: '!sqlite', changes: [{addForeignKeyConstraint: {baseTableName: un, baseColumnNames: b, referencedTableName: tp, referencedColumnNames: id, constraintName: fk_b}}]}
- changeSet: {id: sequence, author: a, dbms: '!sqlite', changes: [{createSequence: {sequenceName: sq}}]}
";

/// Conditions, and where Liquibase says that they hold: `p`ostgresql, `m`ariadb, `s`qlite. `-` leaves SQLite out, where it does
/// not find unique constraints by their names.
const FACTS: &[(&str, &str)] = &[
    ("tableExists: {tableName: tp}", "pms"),
    ("tableExists: {tableName: TP}", "p"),
    ("tableExists: {tableName: vw}", ""),
    ("viewExists: {viewName: vw}", "pms"),
    ("viewExists: {viewName: VW}", "p"),
    ("viewExists: {viewName: tp}", ""),
    ("columnExists: {tableName: tp, columnName: a}", "pms"),
    ("columnExists: {tableName: tp, columnName: A}", "pm"),
    ("columnExists: {tableName: TP, columnName: a}", "p"),
    ("columnExists: {tableName: TP, columnName: A, schemaName: main}", "s"),
    ("columnExists: {tableName: tp, columnName: a, schemaName: other}", ""),
    ("primaryKeyExists: {tableName: tp}", "pms"),
    ("primaryKeyExists: {tableName: TP}", "ps"),
    ("primaryKeyExists: {tableName: un}", ""),
    ("primaryKeyExists: {tableName: tp, primaryKeyName: pk_tp}", "ps"),
    ("primaryKeyExists: {tableName: tp, primaryKeyName: PRIMARY}", "m"),
    ("primaryKeyExists: {tableName: tp, primaryKeyName: other}", ""),
    ("indexExists: {indexName: ix_ab}", "pms"),
    ("indexExists: {indexName: IX_AB}", "p"),
    ("indexExists: {indexName: ix_ab, tableName: tp}", "pms"),
    ("indexExists: {indexName: ix_ab, tableName: un}", ""),
    ("indexExists: {indexName: ix_ab, tableName: TP}", "ps"),
    ("indexExists: {indexName: IX_AB, tableName: tp}", "p"),
    ("indexExists: {indexName: ix_ab, tableName: tp, columnNames: 'b, a'}", "pms"),
    ("indexExists: {indexName: ix_ab, tableName: tp, columnNames: id}", "pms"),
    ("indexExists: {indexName: ix_ab, columnNames: 'id, b'}", "pms"),
    ("indexExists: {indexName: ix_ab, columnNames: a}", ""),
    ("indexExists: {tableName: tp, columnNames: 'a, b'}", "pms"),
    ("indexExists: {tableName: tp, columnNames: 'A, B'}", "p"),
    ("indexExists: {tableName: tp, columnNames: 'b, a'}", ""),
    ("foreignKeyConstraintExists: {foreignKeyName: fk_b}", "pm"),
    ("foreignKeyConstraintExists: {foreignKeyName: FK_B}", "p"),
    ("foreignKeyConstraintExists: {foreignKeyName: fk_b, foreignKeyTableName: un}", "pm"),
    ("foreignKeyConstraintExists: {foreignKeyName: fk_b, foreignKeyTableName: UN}", "p"),
    ("foreignKeyConstraintExists: {foreignKeyName: fk_b, foreignKeyTableName: tp}", ""),
    ("foreignKeyConstraintExists: {foreignKeyTableName: un}", ""),
    ("foreignKeyConstraintExists: {foreignKeyName: uq_a}", ""),
    ("uniqueConstraintExists: {constraintName: uq_a, tableName: un}", "pm-"),
    ("uniqueConstraintExists: {constraintName: UQ_A, tableName: un}", "pm-"),
    ("uniqueConstraintExists: {constraintName: uq_a, tableName: UN}", "p-"),
    ("uniqueConstraintExists: {constraintName: uq_a, tableName: un, columnNames: b}", "pm-"),
    ("uniqueConstraintExists: {constraintName: uq_a, tableName: tp}", "-"),
    ("sequenceExists: {sequenceName: sq}", "pm"),
    ("sequenceExists: {sequenceName: SQ}", ""),
    ("sqlCheck: {expectedResult: 0, sql: select count(*) from tp}", "pms"),
    ("sqlCheck: {expectedResult: 'null', sql: select null}", ""),
    ("sqlCheck: {expectedResult: t, sql: select 1 = 1}", "p"),
    ("sqlCheck: {expectedResult: 'true', sql: select 1 = 1}", ""),
    ("sqlCheck: {expectedResult: '1', sql: select 1 = 1}", "ms"),
    ("sqlCheck: {expectedResult: '1', sql: select 1.0}", ""),
    ("sqlCheck: {expectedResult: '1.0', sql: select 1.0}", "pms"),
    ("sqlCheck: {expectedResult: '100000000.0', sql: select 100000000.0}", "pms"),
    ("sqlCheck: {expectedResult: '1e20', sql: select 1e20}", "m"),
    ("sqlCheck: {expectedResult: '1.0e+20', sql: select 1e20}", "s"),
    ("sqlCheck: {expectedResult: '1e+20', sql: select cast(1e20 as double precision)}", "p"),
    ("runningAs: {username: ''}", ""),
    ("expectedQuotingStrategy: {strategy: LEGACY}", ""),
    ("changeSetExecuted: {id: table, author: a, changeLogFile: changelog.yaml}", "pms"),
    ("changeSetExecuted: {id: table, author: a}", "pms"),
    ("changeSetExecuted: {id: later, author: a, changeLogFile: changelog.yaml}", ""),
    ("or: []", "pms"),
    ("or: [{tableExists: {tableName: nowhere}}, {tableExists: {tableName: tp}}]", "pms"),
    ("or: [{tableExists: {tableName: nowhere}}]", ""),
    ("not: [{tableExists: {tableName: nowhere}}]", "pms"),
    ("not: [{tableExists: {tableName: nowhere}}, {tableExists: {tableName: tp}}]", ""),
    ("and: [{tableExists: {tableName: nowhere}}, {tableExists: {tableName: tp}}]", ""),
    ("dbms: {type: '!h2'}", "pms"),
    ("dbms: {type: 'h2, Oracle'}", ""),
    ("dbms: {type: ''}", ""),
    ("dbms: {type: none}", ""),
    ("sqlCheck: {expectedResult: 0, sql: 'select count(*) from tp;'}", "pms"),
    ("indexExists: {indexName: ix_ab, schemaName: nowhere}", "pms"),
    ("tableIsEmpty: {tableName: tp}", "pms"),
    ("rowCount: {tableName: tp, expectedRows: 0}", "pms"),
];

#[test]
fn existence_is_what_it_is_in_liquibase() {
    let asked = FACTS.iter().enumerate().map(|(i, (condition, _))| {
        format!("- changeSet: {{id: c{i}, author: a, preConditions: [{{onFail: MARK_RAN, onError: MARK_RAN}}, {{{condition}}}], changes: [{{sql: {{sql: select 1}}}}]}}\n")
    });
    let changesets = format!("{OBJECTS}{}", asked.collect::<String>());
    block_on(async {
        for project in Project::each("existence_is_what_it_is_in_liquibase", &changesets).await {
            // MariaDB stands behind the dialect `mysql` too, which has no sequences.
            let (letter, has_sequences) = match project.db.dialect {
                "postgresql" => ('p', true),
                "sqlite" => ('s', false),
                other => ('m', other == "mariadb"),
            };
            project.ok(&["update"]);
            let marked = project.query("SELECT ID FROM LEDGER WHERE EXECTYPE = 'MARK_RAN' ORDER BY ORDEREXECUTED").await;
            let found = |i: usize| !marked.iter().any(|row| row == &[Some(format!("c{i}"))]);
            for (i, (condition, places)) in FACTS.iter().enumerate() {
                if letter == 's' && places.ends_with('-') {
                    continue;
                }
                // Without sequences none exists, and it is no error to ask.
                let can_exist = has_sequences || !condition.starts_with("sequenceExists");
                assert_eq!(found(i), can_exist && places.contains(letter), "{condition} on {}", project.db.dialect);
            }
            project.db.remove().await;
        }
    });
}

/// What Liquibase 4.28 finds of objects that only PostgreSQL has.
#[test]
fn objects_of_postgresql_exist_as_they_do_in_liquibase() {
    let facts = [
        ("tableExists: {tableName: part}", true),
        ("tableExists: {tableName: mv}", false),
        ("viewExists: {viewName: mv}", false),
        ("columnExists: {tableName: mv, columnName: x}", true),
        ("indexExists: {tableName: inc, columnNames: a}", false),
        ("indexExists: {tableName: inc, columnNames: 'a, b'}", true),
        ("uniqueConstraintExists: {tableName: inc, columnNames: a}", true),
    ];
    let objects = "create table part (a int) partition by list (a); create materialized view mv as select 1 as x; create table inc (a int, b int); \
        create index ix_inc on inc (a) include (b); alter table inc add constraint uq_inc unique (a) include (b)";
    let mut changesets = format!("- changeSet: {{id: objects, author: a, changes: [{{sql: {{sql: '{objects}'}}}}]}}\n");
    for (i, (condition, _)) in facts.iter().enumerate() {
        changesets += &format!(
            "- changeSet: {{id: c{i}, author: a, preConditions: [{{onFail: MARK_RAN}}, {{{condition}}}], changes: [{{sql: {{sql: select 1}}}}]}}\n"
        );
    }
    block_on(async {
        let Some(db) = Database::create("objects_of_postgresql_exist_as_they_do_in_liquibase", "POSTGRES").await else { return };
        let project = Project::on(db, &changesets);
        project.ok(&["update"]);
        for ((condition, exists), row) in facts.iter().zip(&project.recorded().await[1..]) {
            assert_eq!(row[1].as_deref(), Some(if *exists { "EXECUTED" } else { "MARK_RAN" }), "{condition}");
        }
        project.db.remove().await;
    });
}

/// Beyond Liquibase (docs/compatibility.md): a unique constraint is found by its columns alone, in any order. A primary key is none.
#[test]
fn a_unique_constraint_is_found_by_its_columns() {
    let asked =
        [("a", true), ("A", true), ("'b, c'", true), ("'C,b'", true), ("b", false), ("'a, b'", false), ("'a, b, c'", false), ("id", false)];
    let table = "
- changeSet: {id: table, author: a, changes: [{createTable: {tableName: un, columns: [{column: {name: id, type: varchar(9), constraints: {primaryKey: true, nullable: false}}}, {column: {name: a, type: int, constraints: {unique: true, uniqueConstraintName: uq_a}}}, {column: {name: b, type: int}}, {column: {name: c, type: int}}]}}]}
- changeSet: {id: two, author: a, dbms: '!sqlite', changes: [{addUniqueConstraint: {tableName: un, columnNames: 'b, c', constraintName: uq_bc}}]}
- changeSet: {id: two, author: a, dbms: sqlite, changes: [{sql: {sql: 'create unique index uq_bc on un (b, c)'}}]}
";
    let asks = asked.iter().enumerate().map(|(i, (columns, _))| {
        format!("- changeSet: {{id: c{i}, author: a, preConditions: [{{onFail: MARK_RAN}}, {{uniqueConstraintExists: {{tableName: un, columnNames: {columns}}}}}], changes: [{{sql: {{sql: select 1}}}}]}}\n")
    });
    let changesets = format!("{table}{}", asks.collect::<String>());
    block_on(async {
        for project in Project::each("a_unique_constraint_is_found_by_its_columns", &changesets).await {
            project.ok(&["update"]);
            let recorded = project.recorded().await;
            for ((columns, exists), row) in asked.iter().zip(&recorded[2..]) {
                let expected = if *exists { "EXECUTED" } else { "MARK_RAN" };
                assert_eq!(row[1].as_deref(), Some(expected), "{columns} on {}", project.db.dialect);
            }
            project.db.remove().await;
        }
    });
}

#[test]
fn a_row_that_says_that_nothing_ran_is_no_execution() {
    let asks = |n: u32| {
        format!(
            "- changeSet: {{id: asks{n}, author: a, preConditions: [{{onFail: MARK_RAN}}, {{changeSetExecuted: {{id: first, author: a, changeLogFile: changelog.yaml}}}}], changes: [{{sql: {{sql: select 1}}}}]}}\n"
        )
    };
    let first = "- changeSet: {id: first, author: a, changes: [{sql: {sql: select 1}}]}\n";
    block_on(async {
        for project in Project::each("a_row_that_says_that_nothing_ran_is_no_execution", &format!("{first}{}", asks(1))).await {
            project.ok(&["update"]);
            project.execute("UPDATE LEDGER SET EXECTYPE = 'SKIPPED' WHERE ID = 'first'").await;
            project.write(&format!("{first}{}{}", asks(1), asks(2)));
            project.ok(&["update"]);
            let recorded = rows(&[&["first", "SKIPPED"], &["asks1", "EXECUTED"], &["asks2", "MARK_RAN"]]);
            assert_eq!(project.recorded().await, recorded, "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

#[test]
fn sql_of_preconditions_can_be_forbidden() {
    let changesets = "
- changeSet: {id: asks, author: a, preConditions: [{sqlCheck: {expectedResult: 1, sql: select 1}}], changes: [{sql: {sql: create table t (n int)}}]}
";
    block_on(async {
        for project in Project::each("sql_of_preconditions_can_be_forbidden", changesets).await {
            let told = "sqlCheck is not allowed: allow-sql-precondition is false";
            project.fails(&["update", "--allow-sql-precondition=false"], 1, told);
            assert!(project.try_query("SELECT * FROM t").await.is_err(), "{}", project.db.dialect);
            project.ok(&["update"]);
            assert_eq!(project.try_query("SELECT * FROM t").await, Ok(0), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

/// `expectedQuotingStrategy` asks what the root file says, wherever it stands; XML that says nothing says LEGACY, YAML nothing.
#[test]
fn the_expected_quoting_strategy_is_that_of_the_root() {
    let changesets = |prefix: &str| -> String {
        [("legacy", "LEGACY"), ("all", "QUOTE_ALL_OBJECTS")]
            .map(|(id, strategy)| {
                format!(
                    "<changeSet id='{prefix}-{id}' author='a' objectQuotingStrategy='{strategy}'><preConditions onFail='MARK_RAN'><expectedQuotingStrategy strategy='{strategy}'/></preConditions><sql>select 1</sql></changeSet>"
                )
            })
            .concat()
    };
    let xml = |attribute: &str, body: &str| {
        format!("<databaseChangeLog xmlns='http://www.liquibase.org/xml/ns/dbchangelog' {attribute}>{body}</databaseChangeLog>")
    };
    block_on(async {
        for project in Project::each("the_expected_quoting_strategy_is_that_of_the_root", "").await {
            project.write_file("inner.xml", &xml("objectQuotingStrategy='QUOTE_ALL_OBJECTS'", &changesets("i")));
            for (root, expected) in [
                (xml("", "<include file='inner.xml'/>"), [("i-legacy", "EXECUTED"), ("i-all", "MARK_RAN")]),
                (xml("objectQuotingStrategy='QUOTE_ALL_OBJECTS'", &changesets("o")), [("o-legacy", "MARK_RAN"), ("o-all", "EXECUTED")]),
            ] {
                project.write_file("root.xml", &root);
                let ran = run_in(project.folder.path(), &["update", "--url", &project.db.url, "--changelog-file", "root.xml"]);
                assert_eq!(ran.code, 0, "{}", ran.stderr);
                for (id, kind) in expected {
                    let found = project.query(&format!("SELECT EXECTYPE FROM LEDGER WHERE ID = '{id}'")).await;
                    assert_eq!(found, rows(&[&[kind]]), "{id} on {}", project.db.dialect);
                }
            }
            project.write("- include: {file: inner.xml}");
            project.execute("DELETE FROM LEDGER").await;
            project.ok(&["update"]);
            assert_eq!(project.recorded().await, rows(&[&["i-legacy", "MARK_RAN"], &["i-all", "MARK_RAN"]]), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}
