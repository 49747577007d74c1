//! Rows from data files and values from files, in real databases.

use super::{Database, block_on, open};
use changelog::changelog::loader::{LoadOptions, load};
use changelog::changelog::properties::Properties;
use changelog::changelog::search_path::{DuplicateFileMode, SearchPath};
use changelog::db::Connection;
use changelog::dialect;
use changelog::exec::event::Silent;
use changelog::exec::script::LedgerSql;
use changelog::exec::{Run, RunOptions, Session};
use changelog::history::ledger::TableNames;
use changelog::plan::{Limit, Selection};
use changelog::sql::{Target, Version};
use std::path::Path;
use std::time::Duration;

/// Runs a changelog of that text, whose files are in `folder`; the error if there is one.
pub(super) async fn deploy(db: &Database, folder: &Path, changesets: &str) -> Result<(), String> {
    std::fs::write(folder.join("changelog.yaml"), format!("databaseChangeLog:\n{changesets}")).unwrap();
    let connection = open(&db.url).await;
    let server = connection.server().clone();
    let dialect = dialect::by_name(server.dialect).unwrap();
    let mut target = Target::new(dialect, Version::parse(&server.version));
    target.offline = false;
    if target.caps.schemas {
        target.default_schema.clone_from(&server.schema);
    }
    let search = SearchPath::new(vec![folder.to_owned()], DuplicateFileMode::Error);
    let options = LoadOptions { database: Some(dialect.id.to_owned()), ..LoadOptions::default() };
    let changelog = load("changelog.yaml", search, Properties::default(), options);
    assert!(!changelog.problems.has_errors(), "{:?}", changelog.problems);
    let selection = Selection { database: dialect.id.to_owned(), ..Selection::default() };
    let mut session = Session { connection: Some(connection), address: None, script: None, target, display: db.url.clone() };
    let options = RunOptions {
        tables: TableNames::default(),
        lock_wait: Duration::from_secs(5),
        lock_poll: Duration::from_millis(100),
        lock_owner: "test".to_owned(),
        session_lock: true,
        stale_lock: None,
        deployment_id: "1234567890".to_owned(),
        now: 0,
        ran_at: String::new(),
        allow_duplicates: false,
        allow_commands: false,
        forbids_sql_checks: false,
        custom_classes: Default::default(),
        custom_environment: Vec::new(),
        ledger_sql: LedgerSql::None,
        offline_history: None,
        started: String::new(),
        strict: false,
    };
    let mut observer = Silent;
    let mut run = Run::new(&changelog, &selection, &mut session, &mut observer, &options);
    let (_, result) = run.update(&Limit::None, "Update Database Script").await;
    session.connection.take().unwrap().close().await.unwrap();
    result.map_err(|e| e.to_string())
}

pub(super) async fn rows(connection: &mut Box<dyn Connection>, sql: &str) -> Vec<Vec<Option<String>>> {
    connection.query(sql).await.unwrap().iter().map(|r| r.values.iter().map(|v| v.to_text()).collect()).collect()
}

pub(super) fn table(columns: &[[Option<&str>; 3]]) -> Vec<Vec<Option<String>>> {
    columns.iter().map(|r| r.iter().map(|v| v.map(str::to_owned)).collect()).collect()
}

#[test]
fn rows_take_the_types_of_the_table() {
    block_on(async {
        for db in Database::each("rows_take_the_types_of_the_table").await {
            let folder = tempfile::tempdir().unwrap();
            let mut csv = "id,name,amount,born,note\n".to_owned();
            for id in 0..120 {
                csv.push_str(&format!("{id},\"O'Neil \\ ? $1, {id}\",{id}.50,2001-02-03,plain {id}\n"));
            }
            csv.push_str("500,NULL,,NULL,\n");
            std::fs::write(folder.path().join("rows.csv"), csv).unwrap();
            std::fs::write(folder.path().join("changed.csv"), "id,name\n1,changed\n900,new\n").unwrap();
            let changesets = r#"
- changeSet: {id: 1, author: t, changes: [{sql: "create table person (id int primary key, name varchar(40), amount decimal(10,2), born date, note text)"}]}
- changeSet: {id: 2, author: t, changes: [{loadData: {tableName: person, file: rows.csv}}]}
- changeSet: {id: 3, author: t, changes: [{loadUpdateData: {tableName: person, primaryKey: id, file: changed.csv}}]}
"#;
            deploy(&db, folder.path(), changesets).await.unwrap();
            let mut connection = open(&db.url).await;
            // SQLite replaces the whole row; the others change the columns of the file.
            let replaces = db.dialect == "sqlite";
            let found = rows(&mut connection, "select count(*), count(name), count(amount) from person").await;
            let amounts = if replaces { "119" } else { "120" };
            assert_eq!(found, table(&[[Some("122"), Some("121"), Some(amounts)]]), "{}", db.dialect);
            let found = rows(&mut connection, "select id, name, note from person where id in (1, 2, 500, 900) order by id").await;
            let long = "O'Neil \\ ? $1, 2";
            let kept = if replaces { None } else { Some("plain 1") };
            let expected = [
                [Some("1"), Some("changed"), kept],
                [Some("2"), Some(long), Some("plain 2")],
                [Some("500"), None, None],
                [Some("900"), Some("new"), None],
            ];
            assert_eq!(found, table(&expected), "{}", db.dialect);
            connection.close().await.unwrap();
            db.remove().await;
        }
    });
}

#[test]
fn values_come_from_files() {
    block_on(async {
        for db in Database::each("values_come_from_files").await {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("long.txt"), "some ? text\nwith 'two' lines $1 :name").unwrap();
            std::fs::write(folder.path().join("bytes.bin"), [0u8, 255, 39, 92]).unwrap();
            std::fs::write(folder.path().join("lobs.csv"), "id,doc,bin\n1,long.txt,Zm9v\n2,no file,bytes.bin\n3,NULL,NULL\n").unwrap();
            let bytes = if db.dialect == "postgresql" { "bytea" } else { "blob" };
            let changesets = format!(
                r#"
- changeSet: {{id: 1, author: t, changes: [{{sql: "create table lob (id int primary key, doc text, bin {bytes})"}}]}}
- changeSet: {{id: 2, author: t, changes: [{{loadData: {{tableName: lob, file: lobs.csv, columns: [{{column: {{name: doc, type: CLOB}}}}, {{column: {{name: bin, type: BLOB}}}}]}}}}]}}
- changeSet: {{id: 3, author: t, changes: [{{insert: {{tableName: lob, columns: [{{column: {{name: id, valueNumeric: 4}}}}, {{column: {{name: doc, valueClobFile: long.txt}}}}, {{column: {{name: bin, valueBlobFile: bytes.bin}}}}]}}}}]}}
- changeSet: {{id: 4, author: t, changes: [{{update: {{tableName: lob, columns: [{{column: {{name: doc, valueClobFile: long.txt}}}}], where: ":name = :value", whereParams: [{{param: {{name: id, valueNumeric: 3}}}}]}}}}]}}
"#
            );
            deploy(&db, folder.path(), &changesets).await.unwrap();
            let mut connection = open(&db.url).await;
            let hex = if db.dialect == "postgresql" { "upper(encode(bin, 'hex'))" } else { "case when bin is not null then hex(bin) end" };
            let found = rows(&mut connection, &format!("select id, doc, {hex} from lob order by id")).await;
            let long = Some("some ? text\nwith 'two' lines $1 :name");
            let expected = [
                [Some("1"), long, Some("666F6F")],
                [Some("2"), Some("no file"), Some("00FF275C")],
                [Some("3"), long, None],
                [Some("4"), long, Some("00FF275C")],
            ];
            assert_eq!(found, table(&expected), "{}", db.dialect);
            connection.close().await.unwrap();
            db.remove().await;
        }
    });
}

/// `blob` is `oid` on PostgreSQL, and Liquibase makes large objects of what it writes there.
#[test]
fn bytes_become_large_objects_where_the_column_holds_their_numbers() {
    block_on(async {
        let name = "bytes_become_large_objects_where_the_column_holds_their_numbers";
        let Some(db) = Database::create(name, "POSTGRES").await else { return };
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("bytes.bin"), [0u8, 255, 39, 92]).unwrap();
        std::fs::write(folder.path().join("lobs.csv"), "id,large,small\n1,Zm9v,bytes.bin\n2,NULL,NULL\n3,bytes.bin,Zm9v\n").unwrap();
        let changesets = r#"
- changeSet: {id: 1, author: t, changes: [{createTable: {tableName: lob, columns: [{column: {name: id, type: int}}, {column: {name: large, type: blob}}, {column: {name: small, type: longblob}}]}}]}
- changeSet: {id: 2, author: t, changes: [{loadData: {tableName: lob, file: lobs.csv, columns: [{column: {name: large, type: BLOB}}, {column: {name: small, type: BLOB}}]}}]}
- changeSet: {id: 3, author: t, changes: [{insert: {tableName: lob, columns: [{column: {name: id, valueNumeric: 4}}, {column: {name: large, valueBlobFile: bytes.bin}}]}}]}
"#;
        deploy(&db, folder.path(), changesets).await.unwrap();
        let mut connection = open(&db.url).await;
        let found = rows(&mut connection, "select id, encode(lo_get(large), 'hex'), encode(small, 'hex') from lob order by id").await;
        let expected = [
            [Some("1"), Some("666f6f"), Some("00ff275c")],
            [Some("2"), None, None],
            [Some("3"), Some("00ff275c"), Some("666f6f")],
            [Some("4"), Some("00ff275c"), None],
        ];
        assert_eq!(found, table(&expected));
        connection.close().await.unwrap();
        db.remove().await;
    });
}

#[test]
fn a_broken_row_undoes_the_rows_before_it() {
    block_on(async {
        let db = Database::sqlite();
        let folder = tempfile::tempdir().unwrap();
        let mut csv = "id,name\n".to_owned();
        csv.extend((0..200).map(|id| format!("{id},x\n")));
        csv.push_str("200\n");
        std::fs::write(folder.path().join("rows.csv"), csv).unwrap();
        let changesets = r#"
- changeSet: {id: 1, author: t, changes: [{sql: "create table person (id int primary key, name varchar(40))"}]}
- changeSet: {id: 2, author: t, changes: [{loadData: {tableName: person, file: rows.csv}}]}
"#;
        let error = deploy(&db, folder.path(), changesets).await.unwrap_err();
        assert!(error.contains("CSV file rows.csv Line 202 has 1 values defined, Header has 2."), "{error}");
        let mut connection = open(&db.url).await;
        assert_eq!(rows(&mut connection, "select count(*) from person").await, [[Some("0".to_owned())]]);
        connection.close().await.unwrap();
    });
}
