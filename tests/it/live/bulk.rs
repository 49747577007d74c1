//! Many rows: through COPY where it stores what INSERT stores, and several to a statement elsewhere.

use super::data::{deploy, rows, table};
use super::{Database, block_on, open};

/// Each type with values that are read in surprising ways, and with how the file's column is declared.
const TYPES: &[(&str, &str, &[&str])] = &[
    ("integer", "", &["1", "-7", "NULL", "", "007"]),
    ("bigint", "NUMERIC", &["9223372036854775807", "2.5", "-0", "1e3", "abs(-5)"]),
    ("smallint", "STRING", &["12", " 13 ", "NULL", "32767", "0"]),
    ("numeric(10,2)", "", &["1.005", "-1.5", "100", ".5", "1e2"]),
    ("real", "", &["16777217", "0.1", "-1.5e3", "3.4028235", "NULL"]),
    ("double precision", "", &["0.1", "123456789012345678", "-0", "1e-5", "NULL"]),
    ("boolean", "", &["true", "0", "no", "NULL", "5"]),
    ("boolean", "STRING", &["t", "off", "yes", "NULL", "1"]),
    ("text", "STRING", &["\\N", "\\.", "a\\tb", "\"x\ty\nz\"", ""]),
    ("varchar(5)", "STRING", &["abc  ", "ab", "NULL", "'", "ab      "]),
    ("char(4)", "", &["a", "abcd", "é", "NULL", "\"\""]),
    ("text", "NUMERIC", &["007", "1.50", "NULL", "-1", "2"]),
    ("text", "BOOLEAN", &["true", "false", "NULL", "1", "0"]),
    ("date", "", &["2001-02-03", "NULL", "2024-02-29", "current_date", "1999-12-31"]),
    ("timestamp", "", &["2001-02-03T04:05:06", "2001-02-03 04:05:06.789", "NULL", "2001-02-03", "1999-01-01T00:00:00"]),
    ("timestamptz", "STRING", &["2001-02-03 04:05:06+02", "NULL", "2001-02-03", "1999-01-01", "1999-01-01 12:00"]),
    ("time", "", &["04:05:06", "23:59:59", "NULL", "00:00:00", "12:00:00"]),
    ("uuid", "UUID", &["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "NULL", "NULL", "NULL", "NULL"]),
    ("json", "STRING", &["\"{\"\"a\"\": \"\"\\\\n\"\"}\"", "[]", "NULL", "1", "null"]),
    ("integer[]", "STRING", &["\"{1,2}\"", "{}", "NULL", "{NULL}", "{3}"]),
    ("bytea", "BLOB", &["Zm9v", "AP8nXA==", "NULL", "", "AAAA"]),
    ("bytea", "STRING", &["\\x00ff", "NULL", "abc", "", "\\\\134"]),
    ("text", "CLOB", &["no file", "NULL", "", "a\\b", "x"]),
    ("positive", "", &["1", "2", "NULL", "3", "4"]),
    ("integer", "COMPUTED", &["1 + 1", "NULL", "3", "length('abc')", "0"]),
];

#[test]
fn copied_rows_are_those_that_would_be_inserted() {
    block_on(async {
        let Some(db) = Database::create("copied_rows_are_those_that_would_be_inserted", "POSTGRES").await else { return };
        let folder = tempfile::tempdir().unwrap();
        let mut changesets =
            "- changeSet: {id: 0, author: t, changes: [{sql: \"create domain positive as int check (value > 0)\"}]}\n".to_owned();
        changesets.push_str("- changeSet: {id: log, author: t, changes: [{sql: {splitStatements: false, sql: \"create table log (t text, q text); create function log() returns trigger language plpgsql as $$ begin insert into log values (tg_table_name, case when current_query() like 'COPY%' then 'COPY' else 'INSERT' end); return null; end $$\"}}]}\n");
        for (i, (native, word, values)) in TYPES.iter().enumerate() {
            let mut csv = "n,v\n".to_owned();
            values.iter().enumerate().for_each(|(n, v)| csv.push_str(&format!("{n},{v}\n")));
            std::fs::write(folder.path().join(format!("{i}.csv")), csv).unwrap();
            let columns = if word.is_empty() { String::new() } else { format!(", columns: [{{column: {{name: v, type: {word}}}}}]") };
            for (copy, edits) in [("c", ""), ("i", ", modifySql: {replace: {replace: nowhere, with: x}}")] {
                let name = format!("{copy}{i}");
                changesets.push_str(&format!(
                    "- changeSet: {{id: make {name}, author: t, changes: [{{sql: \"create table {name} (n int, v {native}); create trigger log after insert on {name} for each statement execute function log()\"}}]}}\n\
                     - changeSet: {{id: load {name}, author: t, changes: [{{loadData: {{tableName: {name}, file: {i}.csv{columns}}}}}]{edits}}}\n"
                ));
            }
        }
        deploy(&db, folder.path(), &changesets).await.unwrap();
        let mut connection = open(&db.url).await;
        let mut copied = 0;
        for (i, (native, word, _)) in TYPES.iter().enumerate() {
            let of = |t: &str| format!("select x::text from {t}{i} x order by n");
            let (left, right) = (rows(&mut connection, &of("c")).await, rows(&mut connection, &of("i")).await);
            assert_eq!(left, right, "{native} {word}");
            let how = |t: &str| format!("select string_agg(distinct q, ' ' order by q) from log where t = '{t}{i}'");
            assert_eq!(
                rows(&mut connection, &how("i")).await,
                table(&[[Some("INSERT"), None, None]]).iter().map(|r| r[..1].to_vec()).collect::<Vec<_>>()
            );
            copied += usize::from(rows(&mut connection, &how("c")).await == [[Some("COPY".to_owned())]]);
        }
        // Where a file has a value that INSERT computes, all of its few rows are inserted.
        assert_eq!(copied, 17, "{:?}", rows(&mut connection, "select distinct t, q from log where q = 'COPY' order by t").await);
        connection.close().await.unwrap();
        db.remove().await;
    });
}

/// Each type of MySQL and MariaDB with values that are read in surprising ways, as above.
const BOUND_TYPES: &[(&str, &str, &[&str])] = &[
    ("int", "", &["1", "-7", "NULL", "", "007", "2.5"]),
    ("int", "STRING", &["12", " 13", "NULL", "2.5", "-1.5"]),
    ("bigint", "NUMERIC", &["9223372036854775807", "2.5", "-0", "1e3", "-9223372036854775808"]),
    ("bigint unsigned", "NUMERIC", &["18446744073709551615", "9223372036854775808", "0", "NULL"]),
    ("decimal(10,2)", "", &["1.005", "-1.5", "100", ".5", "1e2"]),
    ("decimal(65,30)", "NUMERIC", &["12345678901234567890123456789012345.123456789012345678901234567891", "0.1"]),
    ("float", "", &["16777217", "0.1", "-1.5e3", "3.4028235", "NULL"]),
    ("double", "", &["0.1", "123456789012345678", "-0", "1e-5", "0.30000000000000004"]),
    ("double", "STRING", &["0.1", "1e-5", "NULL"]),
    ("boolean", "", &["true", "0", "false", "NULL", "1"]),
    ("bit(1)", "BOOLEAN", &["true", "false", "NULL", "1", "0"]),
    ("bit(8)", "NUMERIC", &["5", "200", "NULL"]),
    ("bit(8)", "STRING", &["5", "A", "NULL"]),
    ("text", "STRING", &["\\N", "\\.", "a\tb", "\"x\ty\nz\"", "", "it's", "? ?", "é€😀"]),
    ("varchar(5)", "STRING", &["abc  ", "ab", "NULL", "'"]),
    ("char(4)", "", &["a", "abcd", "é", "NULL", "\"\""]),
    ("text", "NUMERIC", &["007", "1.50", "NULL", "-1", "2", "-0", "1e2", "+3", "00.50"]),
    ("text", "BOOLEAN", &["true", "false", "NULL", "1", "0"]),
    ("varchar(20) character set latin1", "STRING", &["é", "ÿ", "NULL"]),
    ("enum('2','1','a')", "STRING", &["1", "a", "NULL"]),
    ("enum('2','1','a')", "NUMERIC", &["1", "2", "NULL"]),
    ("set('x','y','4')", "NUMERIC", &["1", "4", "3", "NULL"]),
    ("year", "NUMERIC", &["0", "99", "2024"]),
    ("date", "", &["2001-02-03", "NULL", "2024-02-29", "1999-12-31"]),
    ("date", "NUMERIC", &["20010203", "NULL"]),
    ("datetime", "", &["2001-02-03T04:05:06", "2001-02-03 04:05:06.789", "NULL", "2001-02-03", "1999-01-01T00:00:00"]),
    ("datetime(6)", "DATETIME", &["2001-02-03 04:05:06.789012", "NULL", "2001-02-03"]),
    ("timestamp null", "STRING", &["2001-02-03 04:05:06", "NULL", "2001-02-03"]),
    ("time", "", &["04:05:06", "23:59:59", "NULL", "00:00:00", "12:00:00"]),
    ("time", "NUMERIC", &["10203", "-5", "NULL"]),
    ("json", "STRING", &["\"{\"\"a\"\": 1}\"", "[]", "NULL", "1", "null"]),
    ("json", "NUMERIC", &["1", "1.50", "NULL"]),
    ("varbinary(9)", "STRING", &["abc", "é", "NULL", ""]),
    ("varbinary(9)", "NUMERIC", &["65", "1.50", "NULL"]),
    ("int", "COMPUTED", &["1 + 1", "NULL", "3", "length('a?b')", "0"]),
];

#[test]
fn bound_rows_are_those_that_would_be_written_out() {
    block_on(async {
        for db in Database::each("bound_rows_are_those_that_would_be_written_out").await {
            if !matches!(db.dialect, "mysql" | "mariadb") {
                db.remove().await;
                continue;
            }
            let folder = tempfile::tempdir().unwrap();
            let mut changesets = String::new();
            for (i, (native, word, values)) in BOUND_TYPES.iter().enumerate() {
                // More rows than one statement has, so that the values are bound; those of the last one are not.
                let mut csv = "n,v\n".to_owned();
                (0..2_500).zip(values.iter().cycle()).for_each(|(n, v)| csv.push_str(&format!("{n},{v}\n")));
                std::fs::write(folder.path().join(format!("{i}.csv")), csv).unwrap();
                let columns = if word.is_empty() { String::new() } else { format!(", columns: [{{column: {{name: v, type: {word}}}}}]") };
                for (table, edits) in [("b", ""), ("w", ", modifySql: {replace: {replace: nowhere, with: x}}")] {
                    let name = format!("{table}{i}");
                    changesets.push_str(&format!(
                        "- changeSet: {{id: make {name}, author: t, changes: [{{sql: \"create table {name} (n int, v {native})\"}}]}}\n\
                         - changeSet: {{id: load {name}, author: t, changes: [{{loadData: {{tableName: {name}, file: {i}.csv{columns}}}}}]{edits}}}\n"
                    ));
                }
            }
            deploy(&db, folder.path(), &changesets).await.unwrap();
            let mut connection = open(&db.url).await;
            for (i, (native, word, values)) in BOUND_TYPES.iter().enumerate() {
                let of = |t: &str| format!("select n, hex(v), v + 0, cast(v as char) from {t}{i} order by n");
                let (bound, written) = (rows(&mut connection, &of("b")).await, rows(&mut connection, &of("w")).await);
                assert_eq!(bound.len(), 2_500);
                assert_eq!(bound.get(..values.len()), written.get(..values.len()), "{native} {word}, {}", db.dialect);
                // Values that repeat are stored as they were the first time, and so are those of the last statement.
                for (n, row) in bound.iter().enumerate() {
                    assert_eq!(row.get(1..), written.get(n % values.len()).and_then(|r| r.get(1..)), "{native} {word}, row {n}");
                }
            }
            connection.close().await.unwrap();
            db.remove().await;
        }
    });
}

#[test]
fn tables_where_copy_is_another_thing_are_inserted_into() {
    block_on(async {
        let Some(db) = Database::create("tables_where_copy_is_another_thing_are_inserted_into", "POSTGRES").await else { return };
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("rows.csv"), "id\n1\n2\n").unwrap();
        let load = |id: &str, sql: &str, table: &str| {
            format!(
                "- changeSet: {{id: make {id}, author: t, changes: [{{sql: \"{sql}\"}}]}}\n\
                 - changeSet: {{id: load {id}, author: t, changes: [{{loadData: {{tableName: {table}, file: rows.csv}}}}]}}\n"
            )
        };
        let changesets = [
            load(
                "rule",
                "create table a (id int); create table b (id int); create rule r as on insert to a do also insert into b values (new.id)",
                "a",
            ),
            load("view", "create table c (id int); create view d as select id from c", "d"),
            load("policy", "create table e (id int); alter table e enable row level security", "e"),
            load(
                "parts",
                "create table f (id int) partition by list (id); create table f1 partition of f for values in (1); create table f2 partition of f for values in (2)",
                "f",
            ),
        ];
        deploy(&db, folder.path(), &changesets.concat()).await.unwrap();
        let identity = load("identity", "create table g (id int generated always as identity)", "g");
        let error = deploy(&db, folder.path(), &(changesets.concat() + &identity)).await.unwrap_err();
        assert!(error.contains("cannot insert a non-DEFAULT value into column \"id\""), "{error}");
        let mut connection = open(&db.url).await;
        let counts = "select (select count(*) from a), (select count(*) from b), (select count(*) from c), (select count(*) from e), (select count(*) from f2)";
        let expected: Vec<Option<String>> = ["2", "2", "2", "2", "1"].iter().map(|n| Some((*n).to_owned())).collect();
        assert_eq!(rows(&mut connection, counts).await, [expected]);
        connection.close().await.unwrap();
        db.remove().await;
    });
}

#[test]
fn rows_keep_their_order_and_a_refused_one_leaves_nothing() {
    block_on(async {
        for db in Database::each("rows_keep_their_order_and_a_refused_one_leaves_nothing").await {
            let folder = tempfile::tempdir().unwrap();
            let mut csv = "id,n\n".to_owned();
            for id in 0..30_000 {
                // Now and then an expression, which cannot be copied.
                csv.push_str(&if id % 7001 == 0 { format!("{id},abs(-{id})\n") } else { format!("{id},{id}\n") });
            }
            std::fs::write(folder.path().join("rows.csv"), &csv).unwrap();
            std::fs::write(folder.path().join("twice.csv"), csv + "29999,1\n").unwrap();
            let auto = match db.dialect {
                "postgresql" => "serial",
                "sqlite" => "integer primary key",
                _ => "int auto_increment primary key",
            };
            let changesets = format!(
                "- changeSet: {{id: 1, author: t, changes: [{{sql: \"create table a (place {auto}, id int, n int)\"}}]}}\n\
                 - changeSet: {{id: 2, author: t, changes: [{{sql: \"create table b (id int primary key, n int)\"}}]}}\n\
                 - changeSet: {{id: 3, author: t, changes: [{{loadData: {{tableName: a, file: rows.csv}}}}]}}\n\
                 - changeSet: {{id: 4, author: t, changes: [{{loadData: {{tableName: b, file: twice.csv}}}}]}}\n"
            );
            let error = deploy(&db, folder.path(), &changesets).await.unwrap_err();
            assert!(error.len() < 20_000, "{}: an error of {} bytes, which nobody reads", db.dialect, error.len());
            let mut connection = open(&db.url).await;
            let found = rows(
                &mut connection,
                "select count(*), count(case when place = id + 1 and n = id then 1 end), (select count(*) from b) from a",
            )
            .await;
            assert_eq!(found, table(&[[Some("30000"), Some("30000"), Some("0")]]), "{}", db.dialect);
            let recorded = rows(&mut connection, "select count(*) from DATABASECHANGELOG").await;
            assert_eq!(recorded, [[Some("3".to_owned())]], "{}", db.dialect);
            connection.close().await.unwrap();
            db.remove().await;
        }
    });
}

#[test]
fn many_rows_are_inserted_or_changed_in_the_order_of_the_file() {
    block_on(async {
        for db in Database::each("many_rows_are_inserted_or_changed_in_the_order_of_the_file").await {
            let folder = tempfile::tempdir().unwrap();
            // 2,500 keys, half of them there already; then each key below 500 once more.
            let mut csv = "id,name,kept\n".to_owned();
            csv.extend((0..2500).map(|id| format!("{id},first {id},new\n")));
            csv.extend((0..500).map(|id| format!("{id},{},new\n", if id == 3 { "NULL".to_owned() } else { format!("second {id}") })));
            std::fs::write(folder.path().join("rows.csv"), csv).unwrap();
            let there: String = (0..1250).map(|id| format!("{id},old,old\n")).collect();
            std::fs::write(folder.path().join("there.csv"), format!("id,name,kept\n{there}")).unwrap();
            let changesets = r#"
- changeSet: {id: 1, author: t, changes: [{sql: "create table person (id int primary key, name varchar(40), kept varchar(40))"}]}
- changeSet: {id: 2, author: t, changes: [{loadData: {tableName: person, file: there.csv}}]}
- changeSet: {id: 3, author: t, changes: [{loadUpdateData: {tableName: person, primaryKey: id, file: rows.csv, columns: [{column: {name: kept, allowUpdate: false}}]}}]}
"#;
            deploy(&db, folder.path(), changesets).await.unwrap();
            let mut connection = open(&db.url).await;
            let found = rows(
                &mut connection,
                "select count(*), count(case when name like 'second %' then 1 end), count(case when kept = 'old' then 1 end) from person",
            )
            .await;
            // SQLite replaces the whole row, as Liquibase has it do.
            let kept = if db.dialect == "sqlite" { "0" } else { "1250" };
            assert_eq!(found, table(&[[Some("2500"), Some("499"), Some(kept)]]), "{}", db.dialect);
            let found = rows(&mut connection, "select id, name, kept from person where id in (3, 700, 2000) order by id").await;
            let old = if db.dialect == "sqlite" { "new" } else { "old" };
            let expected = [
                [Some("3"), None, Some(old)],
                [Some("700"), Some("first 700"), Some(old)],
                [Some("2000"), Some("first 2000"), Some("new")],
            ];
            assert_eq!(found, table(&expected), "{}", db.dialect);
            connection.close().await.unwrap();
            db.remove().await;
        }
    });
}
