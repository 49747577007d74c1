//! What preconditions find, held to what Liquibase 4.28 found with the same changelog.

use super::block_on;
use super::project::{Project, rows};
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
