//! The drivers: values, errors, transactions, batches, bound parameters.

use super::{Database, block_on, certificate_authority, open, server_url, try_open, with_database};
use changelog::db::{Connection, DbErrorKind, Frame, Value};
use std::time::Duration;

fn text(s: &str) -> Value {
    Value::Text(s.to_string())
}

fn strings(statements: &[&str]) -> Vec<String> {
    statements.iter().map(|s| s.to_string()).collect()
}

/// A port on which nothing listens.
fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn the_server_says_who_it_is() {
    block_on(async {
        for db in Database::each("the_server_says_who_it_is").await {
            let connection = open(&db.url).await;
            let server = connection.server().clone();
            assert_eq!(server.dialect, db.dialect);
            assert_eq!(server.database.as_deref(), Some(db.name.as_str()));
            let (product, schema, user) = match db.dialect {
                "postgresql" => ("PostgreSQL", Some("public"), "postgres"),
                "mariadb" => ("MariaDB", Some(db.name.as_str()), "lb"),
                "mysql" => ("MySQL", Some(db.name.as_str()), "lb"),
                _ => ("SQLite", None, ""),
            };
            assert_eq!((server.product.as_str(), server.schema.as_deref(), server.user.as_str()), (product, schema, user));
            assert!(server.version.starts_with(|c: char| c.is_ascii_digit()), "{server:?}");
            assert!(!server.display_url.contains("lb:lb"), "{server:?}");
            connection.close().await.unwrap();
            db.remove().await;
        }
    });
}

#[test]
fn postgres_values() {
    block_on(async {
        let Some(db) = Database::create("postgres_values", "POSTGRES").await else { return };
        let mut c = open(&db.url).await;
        c.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')").await.unwrap();
        let sql = "SELECT 1::int2 a, -2::int4 b, 9223372036854775807::int8 c, 1.10::numeric d, 1.5::float4 e, 'NaN'::float8 f, true g, \
                   'Käse' h, '\\x00ff'::bytea i, NULL j, timestamp '2026-01-02 03:04:05.6' k, timestamptz '2026-01-02 03:04:05+02' l, \
                   '{\"a\": 1}'::jsonb m, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid n, ARRAY[1,2] o, interval '1 day 2:00' p, \
                   'ok'::mood q, '127.0.0.1'::inet r, 'a'::char(3) s, date '2026-01-02' t, 'x'::name u, ''::text v";
        let rows = c.query(sql).await.unwrap();
        let want = [
            Value::Int(1),
            Value::Int(-2),
            Value::Int(i64::MAX),
            text("1.10"),
            text("1.5"),
            text("NaN"),
            Value::Bool(true),
            text("Käse"),
            Value::Bytes(vec![0, 255]),
            Value::Null,
            text("2026-01-02 03:04:05.6"),
            text("2026-01-02 01:04:05+00"),
            text("{\"a\": 1}"),
            text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
            text("{1,2}"),
            text("1 day 02:00:00"),
            text("ok"),
            text("127.0.0.1"),
            text("a  "),
            text("2026-01-02"),
            text("x"),
            text(""),
        ];
        assert_eq!(format!("{:?}", rows[0].values), format!("{want:?}"));
        assert_eq!(rows[0].get("H"), Some(&text("Käse")));
        assert!(c.query("SELECT 1 WHERE false").await.unwrap().is_empty());
        c.close().await.unwrap();
        db.remove().await;
    });
}

#[test]
fn mariadb_values() {
    block_on(async {
        let Some(db) = Database::create("mariadb_values", "MARIADB").await else { return };
        let mut c = open(&db.url).await;
        c.execute(
            "CREATE TABLE t (a TINYINT, b TINYINT(1), c BIT(1), d BIT(12), e INT UNSIGNED, f BIGINT UNSIGNED, g DECIMAL(5,2), h DOUBLE, \
             i VARCHAR(9), j BLOB, k TEXT, l DATETIME(6), m DATE, n TIME, o YEAR, p ENUM('x','y'), q JSON, r VARBINARY(3), s INT, t SET('a','b'), \
             u DATETIME, v UUID)",
        )
        .await
        .unwrap();
        let n = c
            .execute(
                "INSERT INTO t VALUES (-1, 1, b'1', b'100000001', 4294967295, 18446744073709551615, 1.10, 1.5, 'Käse', x'00ff', 'text', \
                 '2026-01-02 03:04:05.6', '2026-01-02', '-10:00:00', 2026, 'y', '{\"a\": 1}', x'010203', NULL, 'a,b', '2026-01-02 03:04:05', \
                 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')",
            )
            .await
            .unwrap();
        assert_eq!(n, 1);
        let rows = c.query("SELECT * FROM t").await.unwrap();
        let want = [
            Value::Int(-1),
            Value::Int(1),
            Value::Int(1),
            Value::Int(257),
            Value::Int(4294967295),
            text("18446744073709551615"),
            text("1.10"),
            text("1.5"),
            text("Käse"),
            Value::Bytes(vec![0, 255]),
            text("text"),
            text("2026-01-02 03:04:05.600000"),
            text("2026-01-02"),
            text("-10:00:00"),
            Value::Int(2026),
            text("y"),
            text("{\"a\": 1}"),
            Value::Bytes(vec![1, 2, 3]),
            Value::Null,
            text("a,b"),
            text("2026-01-02 03:04:05"),
            text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ];
        assert_eq!(rows[0].values, want);
        c.close().await.unwrap();
        db.remove().await;
    });
}

#[test]
fn mariadb_session_is_as_the_server_has_it() {
    block_on(async {
        let Some(url) = server_url("mariadb_session_is_as_the_server_has_it", "MARIADB") else { return };
        let mut c = open(&url).await;
        // As with MariaDB's own driver, a blank may stand in front of the parenthesis of a function.
        let sql = "SELECT @@sql_mode = concat('IGNORE_SPACE,', @@GLOBAL.sql_mode) AND count (*) = 1 a, \
                   @@time_zone = @@GLOBAL.time_zone b, @@character_set_client c, 'a' || 'b' d";
        let row = c.query(sql).await.unwrap().remove(0);
        assert_eq!(row.values, [Value::Int(1), Value::Int(1), text("utf8mb4"), Value::Int(0)]);
        c.close().await.unwrap();
        let mut c = open(&format!("{url}?sessionVariables=sql_mode='PIPES_AS_CONCAT',lock_wait_timeout=7")).await;
        let row = c.query("SELECT 'a' || 'b' a, @@lock_wait_timeout b").await.unwrap().remove(0);
        assert_eq!(row.values, [text("ab"), Value::Int(7)]);
        c.close().await.unwrap();
    });
}

#[test]
fn sqlite_values() {
    block_on(async {
        let db = Database::sqlite();
        let mut c = open(&db.url).await;
        let rows = c.query("SELECT 1 a, -1.5 b, 'Käse' c, x'00ff' d, NULL e, '' f").await.unwrap();
        let want = [Value::Int(1), text("-1.5"), text("Käse"), Value::Bytes(vec![0, 255]), Value::Null, text("")];
        assert_eq!(rows[0].values, want);
        // Declared types do not count: the value's own class does.
        c.execute("CREATE TABLE t (a BOOLEAN, b DATETIME, c NUMERIC)").await.unwrap();
        assert_eq!(c.execute("INSERT INTO t VALUES (1, '2026-01-02 03:04:05', 1.5), (0, NULL, 2)").await.unwrap(), 2);
        assert_eq!(c.execute("CREATE TABLE u (a INT)").await.unwrap(), 0);
        let rows = c.query("SELECT * FROM t").await.unwrap();
        assert_eq!(rows[0].values, [Value::Int(1), text("2026-01-02 03:04:05"), text("1.5")]);
        assert_eq!(rows[1].values, [Value::Int(0), Value::Null, Value::Int(2)]);
        assert_eq!(c.query("PRAGMA foreign_keys").await.unwrap()[0].values, [Value::Int(0)]);
        c.close().await.unwrap();
    });
}

#[test]
fn sqlite_files() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a b.db");
        let path = file.display().to_string();
        let shown = path.replace(' ', "%20");
        // Only made when that is allowed.
        let e = try_open(&format!("sqlite:{shown}?mode=rw")).await.err().unwrap();
        assert_eq!(e.kind, DbErrorKind::Connect);
        assert!(e.message.contains("there is no such file") && e.message.contains(&path), "{e}");
        let mut c = open(&format!("jdbc:sqlite:{path}")).await;
        c.execute("CREATE TABLE t (a INT)").await.unwrap();
        c.close().await.unwrap();
        assert!(file.exists());
        let mut c = open(&format!("sqlite:{shown}?mode=ro")).await;
        let e = c.execute("INSERT INTO t VALUES (1)").await.unwrap_err();
        assert_eq!(e.kind, DbErrorKind::Permission, "{e}");
        c.close().await.unwrap();
        // What is no database, a folder, in no folder.
        std::fs::write(folder.path().join("text"), "this is a text and certainly no database, however long it may be").unwrap();
        for (name, want) in [("text", "is no SQLite database"), (".", "it is a folder"), ("none/x.db", "does not exist; make it")] {
            let e = try_open(&format!("sqlite:{}/{name}", folder.path().display())).await.err().unwrap();
            assert_eq!(e.kind, DbErrorKind::Connect);
            assert!(e.message.contains(want), "{e}");
        }
        let mut c = open("sqlite::memory:").await;
        c.execute("CREATE TABLE t (a INT)").await.unwrap();
        c.close().await.unwrap();
        let mut c = open(&format!("sqlite:{shown}?foreign_keys=on&synchronous=OFF")).await;
        assert_eq!(c.query("PRAGMA foreign_keys").await.unwrap()[0].values, [Value::Int(1)]);
        assert_eq!(c.query("PRAGMA synchronous").await.unwrap()[0].values, [Value::Int(0)]);
        c.close().await.unwrap();
    });
}

#[test]
fn connecting_to_where_nothing_is() {
    block_on(async {
        let port = closed_port();
        for scheme in ["postgres", "mysql"] {
            let e = try_open(&format!("{scheme}://ann:tiger@127.0.0.1:{port}/db")).await.err().unwrap();
            assert_eq!(e.kind, DbErrorKind::Connect);
            assert!(e.message.contains(&format!("127.0.0.1:{port}: nothing listens there")), "{e}");
            assert!(!format!("{e:?}").contains("tiger"));
            let e = try_open(&format!("{scheme}://ann:tiger@no-such-host.invalid/db")).await.err().unwrap();
            assert_eq!(e.kind, DbErrorKind::Connect);
            assert!(e.message.contains("the host name is not known") && e.message.contains("no-such-host.invalid"), "{e}");
        }
        let e = try_open("postgres://ann@/db?host=/no/such/folder").await.err().unwrap();
        assert!(e.message.contains("there is no socket /no/such/folder/.s.PGSQL.5432"), "{e}");
        let e = try_open("mysql://ann@localhost/db?socket=/no/such/socket").await.err().unwrap();
        assert!(e.message.contains("there is no socket /no/such/socket"), "{e}");
        let e = try_open("offline:oracle").await.err().unwrap();
        assert_eq!(e.kind, DbErrorKind::Unsupported);
        // A server that takes connections and says nothing.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        let e = try_open(&format!("postgres://ann@127.0.0.1:{port}/db?connectTimeout=1&sslmode=disable")).await.err().unwrap();
        assert_eq!(e.kind, DbErrorKind::Connect);
        assert!(e.message.contains("no answer") && e.message.contains("within 1 s"), "{e}");
    });
}

#[test]
fn wrong_password() {
    block_on(async {
        for (server, right, wrong) in [("POSTGRES_PASSWORD", "ann:tiger@", "ann:lion@"), ("MARIADB", "lb:lb@", "lb:lion@")] {
            let Some(url) = server_url("wrong_password", server) else { continue };
            open(&url).await.close().await.unwrap();
            let e = try_open(&url.replace(right, wrong)).await.err().unwrap();
            assert_eq!(e.kind, DbErrorKind::Authentication, "{e}");
            assert!(e.message.contains("check the user name and the password") && e.message.contains("127.0.0.1:"), "{e}");
            assert!(!format!("{e:?} {e}").contains("lion"), "{e}");
        }
    });
}

#[test]
fn no_such_database() {
    block_on(async {
        for server in ["POSTGRES", "MARIADB"] {
            let Some(url) = server_url("no_such_database", server) else { continue };
            let e = try_open(&with_database(&url, "nowhere")).await.err().unwrap();
            assert_eq!(e.kind, DbErrorKind::NoSuchDatabase, "{e}");
            assert!(e.message.contains("there is no database `nowhere`"), "{e}");
        }
        if let Some(url) = server_url("no_such_database", "MARIADB") {
            let name = format!("made_{}", std::process::id());
            let mut c = open(&format!("{}?createDatabaseIfNotExist=true", with_database(&url, &name))).await;
            assert_eq!(c.server().database.as_deref(), Some(name.as_str()));
            c.execute(&format!("DROP DATABASE {name}")).await.unwrap();
            c.close().await.unwrap();
        }
    });
}

#[test]
fn unix_sockets() {
    block_on(async {
        for server in ["POSTGRES_SOCKET", "MARIADB_SOCKET"] {
            let Some(url) = server_url("unix_sockets", server) else { continue };
            let mut c = open(&url).await;
            assert_eq!(c.query("SELECT 1 AS a").await.unwrap()[0].values, [Value::Int(1)]);
            c.close().await.unwrap();
        }
    });
}

#[test]
fn several_hosts() {
    block_on(async {
        for (server, hosts) in [("POSTGRES", "127.0.0.1:"), ("MARIADB", "127.0.0.1:")] {
            let Some(url) = server_url("several_hosts", server) else { continue };
            let url = url.replacen(hosts, &format!("127.0.0.1:{},{hosts}", closed_port()), 1);
            open(&url).await.close().await.unwrap();
        }
        let Some(url) = server_url("several_hosts", "POSTGRES") else { return };
        open(&format!("{url}?target_session_attrs=read-write")).await.close().await.unwrap();
        let e = try_open(&format!("{url}?targetServerType=secondary")).await.err().unwrap();
        assert!(e.message.contains("takes writes"), "{e}");
    });
}

#[test]
fn postgres_settings_of_the_url() {
    block_on(async {
        let Some(url) = server_url("postgres_settings_of_the_url", "POSTGRES") else { return };
        let jdbc = format!(
            "jdbc:{}?currentSchema=pg_catalog,\"My S\"&ApplicationName=deploy 1&options=-c statement_timeout=5min",
            url.replace("postgres://", "postgresql://")
        );
        let mut c = open(&jdbc).await;
        assert_eq!(c.server().schema.as_deref(), Some("pg_catalog"));
        let sql = "SELECT current_setting('search_path') a, current_setting('application_name') b, current_setting('statement_timeout') c";
        let row = c.query(sql).await.unwrap().remove(0);
        assert_eq!(row.values, [text("pg_catalog,\"My S\""), text("deploy 1"), text("5min")]);
        c.close().await.unwrap();
        // The time zone is the client's, as with the JDBC driver.
        let options = changelog::db::connect::ConnectOptions { time_zone: Some("Asia/Tokyo".to_string()), ..Default::default() };
        let parsed = changelog::db::url::DatabaseUrl::parse(&url).unwrap();
        let mut c = changelog::db::connect::connect(&parsed, &options).await.unwrap();
        assert_eq!(c.query("SELECT current_setting('TimeZone')").await.unwrap()[0].values, [text("Asia/Tokyo")]);
        c.close().await.unwrap();
    });
}

#[test]
fn refused_statements() {
    block_on(async {
        for db in Database::each("refused_statements").await {
            let mut c = open(&db.url).await;
            c.execute("CREATE TABLE t (a INT PRIMARY KEY)").await.unwrap();
            c.execute("INSERT INTO t VALUES (1)").await.unwrap();
            // Where a syntax error is, counted in characters.
            let e = c.execute("SELECT 'ä' FROM t WERE a").await.unwrap_err();
            assert_eq!(e.kind, DbErrorKind::Statement);
            let want = match db.dialect {
                // PostgreSQL and SQLite take WERE for an alias of the table and stumble over what follows.
                "mysql" | "mariadb" => 24,
                _ => 24,
            };
            assert_eq!(e.position, Some(want), "{}: {e:?}", db.dialect);
            let e = c.execute("INSERT INTO t VALUES (1)").await.unwrap_err();
            assert_eq!(e.kind, DbErrorKind::Statement);
            let code = match db.dialect {
                "postgresql" => "23505",
                "sqlite" => "1555",
                _ => "1062",
            };
            assert_eq!(e.code.as_deref(), Some(code));
            if db.dialect == "postgresql" {
                assert!(e.detail.as_deref().unwrap().contains("(a)=(1) already exists"), "{e:?}");
            }
            // The session goes on.
            assert_eq!(c.query("SELECT count(*) AS n FROM t").await.unwrap()[0].get("n").and_then(Value::as_int), Some(1));
            c.close().await.unwrap();
            db.remove().await;
        }
    });
}

#[test]
fn affected_rows() {
    block_on(async {
        for db in Database::each("affected_rows").await {
            let mut c = open(&db.url).await;
            assert_eq!(c.execute("CREATE TABLE t (a INT)").await.unwrap(), 0);
            assert_eq!(c.execute("INSERT INTO t VALUES (1), (2), (3)").await.unwrap(), 3);
            assert_eq!(c.execute("UPDATE t SET a = 5 WHERE a > 1").await.unwrap(), 2);
            assert_eq!(c.execute("SELECT * FROM t").await.unwrap(), 0, "{}", db.dialect);
            assert_eq!(c.execute("ALTER TABLE t ADD b INT").await.unwrap(), 0, "{}", db.dialect);
            // Rows that match count, changed or not.
            assert_eq!(c.execute("UPDATE t SET a = 5 WHERE a = 5").await.unwrap(), 2, "{}", db.dialect);
            assert_eq!(c.execute("DELETE FROM t").await.unwrap(), 3);
            c.close().await.unwrap();
            db.remove().await;
        }
    });
}

#[test]
fn transactions() {
    block_on(async {
        for db in Database::each("transactions").await {
            let mut c = open(&db.url).await;
            c.rollback().await.unwrap();
            c.execute("CREATE TABLE t (a INT)").await.unwrap();
            for (commit, want) in [(true, 1), (false, 1)] {
                c.begin().await.unwrap();
                c.execute("INSERT INTO t VALUES (1)").await.unwrap();
                if commit {
                    c.commit().await.unwrap()
                } else {
                    c.rollback().await.unwrap()
                }
                let rows = c.query("SELECT count(*) AS n FROM t").await.unwrap();
                assert_eq!(rows[0].get("n").and_then(Value::as_int), Some(want), "{}", db.dialect);
            }
            // DDL goes back too, except on MySQL and MariaDB, which commit before and after it.
            c.begin().await.unwrap();
            c.execute("CREATE TABLE u (a INT)").await.unwrap();
            c.rollback().await.unwrap();
            let gone = c.query("SELECT * FROM u").await.is_err();
            assert_eq!(gone, matches!(db.dialect, "postgresql" | "sqlite"), "{}", db.dialect);
            // After an error, rolling back makes the session good again.
            c.begin().await.unwrap();
            assert!(c.execute("INSERT INTO nowhere VALUES (1)").await.is_err());
            c.rollback().await.unwrap();
            assert_eq!(c.query("SELECT a FROM t").await.unwrap().len(), 1);
            c.close().await.unwrap();
            db.remove().await;
        }
    });
}

#[test]
fn batches() {
    block_on(async {
        for db in Database::each("batches").await {
            for transaction in [false, true] {
                let mut c = open(&db.url).await;
                c.execute("CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(20))").await.unwrap();
                if transaction {
                    c.begin().await.unwrap();
                }
                let good = strings(&[
                    "INSERT INTO t VALUES (1, 'ä')",
                    "INSERT INTO t VALUES (2, 'b;')",
                    "UPDATE t SET b = 'x' -- all\n",
                    "SELECT * FROM t;",
                ]);
                assert_eq!(c.execute_batch(&good, Frame::default()).await.unwrap(), [1, 1, 2, 0], "{}", db.dialect);
                assert_eq!(c.execute_batch(&[], Frame::default()).await.unwrap(), [0u64; 0]);
                if transaction {
                    c.commit().await.unwrap();
                }
                for (bad, want, position) in [
                    (&["INSERT INTO t VALUES (3, 'ä')", "INSERT INTO t VALUES (1, 'b')", "INSERT INTO t VALUES (4, 'c')"][..], 1, None),
                    (&["DELETE FROM t WHERE b = 'ä'", "DELETE FROM t WHERE a = 7", "SELECT 'ä' FROM t WERE a"][..], 2, Some(24)),
                    (&["DELETE FROM t WHERE a = 7", "SELECT 'ä'\nFROM t WERE a", "DELETE FROM t WHERE a = 8"][..], 1, Some(24)),
                    (&["DELETE FROM nowhere", "DELETE FROM t"][..], 0, None),
                ] {
                    if transaction {
                        c.begin().await.unwrap();
                    }
                    let (at, e) = c.execute_batch(&strings(bad), Frame::default()).await.unwrap_err();
                    assert_eq!(at, want, "{}: {e}", db.dialect);
                    if position.is_some() {
                        assert_eq!(e.position, position, "{}: {e:?}", db.dialect);
                    }
                    c.rollback().await.unwrap();
                }
                c.execute("DROP TABLE t").await.unwrap();
                c.close().await.unwrap();
            }
            db.remove().await;
        }
    });
}

#[test]
fn batches_are_transactions_when_framed() {
    block_on(async {
        for db in Database::each("framed").await {
            let whole = Frame { begin: true, commit: true };
            let mut c = open(&db.url).await;
            c.execute("CREATE TABLE t (a INT PRIMARY KEY)").await.unwrap();
            let good = strings(&["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)", "UPDATE t SET a = a + 10 WHERE a < 3"]);
            assert_eq!(c.execute_batch(&good, whole).await.unwrap(), [1, 1, 2], "{}", db.dialect);
            let mut other = open(&db.url).await;
            assert_eq!(other.query("SELECT a FROM t").await.unwrap().len(), 2, "{}", db.dialect);
            let bad = strings(&["INSERT INTO t VALUES (3)", "INSERT INTO t VALUES (11)", "INSERT INTO t VALUES (4)"]);
            assert_eq!(c.execute_batch(&bad, whole).await.unwrap_err().0, 1, "{}", db.dialect);
            c.rollback().await.unwrap();
            let parts = strings(&["INSERT INTO t VALUES (5)"]);
            c.execute_batch(&parts, Frame { begin: true, commit: false }).await.unwrap();
            assert_eq!(other.query("SELECT a FROM t").await.unwrap().len(), 2, "{}", db.dialect);
            c.execute_batch(&[], Frame { begin: false, commit: true }).await.unwrap();
            assert_eq!(other.query("SELECT a FROM t").await.unwrap().len(), 3, "{}", db.dialect);
            // After it, statements are each alone again.
            c.execute("INSERT INTO t VALUES (6)").await.unwrap();
            c.rollback().await.unwrap();
            assert_eq!(other.query("SELECT a FROM t").await.unwrap().len(), 4, "{}", db.dialect);
            c.close().await.unwrap();
            other.close().await.unwrap();
            db.remove().await;
        }
        if let Some(db) = Database::create("framed_deferred", "POSTGRES").await {
            let mut c = open(&db.url).await;
            c.execute("CREATE TABLE t (a INT UNIQUE DEFERRABLE INITIALLY DEFERRED)").await.unwrap();
            let twice = strings(&["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1)"]);
            // The server refuses to commit: the index is behind the last statement.
            let (at, error) = c.execute_batch(&twice, Frame { begin: true, commit: true }).await.unwrap_err();
            assert_eq!((at, error.code.as_deref()), (2, Some("23505")));
            c.rollback().await.unwrap();
            c.close().await.unwrap();
            db.remove().await;
        }
    });
}

#[test]
fn batches_with_routines() {
    block_on(async {
        if let Some(db) = Database::create("batches_with_routines", "POSTGRES").await {
            let mut c = open(&db.url).await;
            c.begin().await.unwrap();
            let batch = strings(&[
                "CREATE TABLE t (a INT)",
                "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1); RETURN 1; END $$",
                "INSERT INTO t SELECT f()",
                "DO $$ BEGIN PERFORM f(); END $$",
            ]);
            c.execute_batch(&batch, Frame::default()).await.unwrap();
            c.commit().await.unwrap();
            assert_eq!(c.query("SELECT * FROM t").await.unwrap().len(), 3);
            // A script that ends the transaction: what follows must not be joined with it into one.
            c.begin().await.unwrap();
            let (at, _) =
                c.execute_batch(&strings(&["DELETE FROM t", "COMMIT", "DELETE FROM nowhere"]), Frame::default()).await.unwrap_err();
            assert_eq!(at, 2);
            c.rollback().await.unwrap();
            assert!(c.query("SELECT * FROM t").await.unwrap().is_empty());
            // Not allowed in a transaction, so it must go alone.
            let alone = strings(&["CREATE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX CONCURRENTLY j ON t (a)", "VACUUM t"]);
            c.execute_batch(&alone, Frame::default()).await.unwrap();
            c.close().await.unwrap();
            db.remove().await;
        }
        if let Some(db) = Database::create("batches_with_routines", "MARIADB").await {
            let mut c = open(&db.url).await;
            let batch = strings(&[
                "CREATE TABLE t (a INT)",
                "CREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (1); SELECT * FROM t; SELECT 2; END",
                "CALL p()",
                "INSERT INTO t VALUES (2)",
                "INSERT INTO t VALUES ('x')",
            ]);
            let (at, e) = c.execute_batch(&batch, Frame::default()).await.unwrap_err();
            assert_eq!(at, 4, "{e}");
            assert_eq!(c.query("SELECT * FROM t").await.unwrap().len(), 2);
            c.close().await.unwrap();
            db.remove().await;
        }
        let db = Database::sqlite();
        let mut c = open(&db.url).await;
        let batch = strings(&[
            "CREATE TABLE t (a INT)",
            "CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE t SET a = 1; DELETE FROM t WHERE a = 2; END",
            "INSERT INTO t VALUES (5)",
            "DELETE FROM nowhere",
        ]);
        assert_eq!(c.execute_batch(&batch, Frame::default()).await.unwrap_err().0, 3);
        assert_eq!(c.query("SELECT a FROM t").await.unwrap()[0].values, [Value::Int(1)]);
        c.close().await.unwrap();
    });
}

#[test]
fn sqlite_keeps_one_journal_for_a_session_and_nothing_behind_it() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let journal = folder.path().join("a.db-journal");
        let url = format!("sqlite:{}", file.display());
        let transaction = async |c: &mut Box<dyn Connection>, sql: &str| {
            c.execute_batch(&strings(&[sql]), Frame { begin: true, commit: true }).await.unwrap();
        };
        let mode = async |c: &mut Box<dyn Connection>| c.query("PRAGMA journal_mode").await.unwrap()[0].values[0].to_text().unwrap();

        let mut c = open(&url).await;
        c.execute("CREATE TABLE t (a INT)").await.unwrap();
        assert!(!journal.exists(), "a statement alone has a journal of its own");
        transaction(&mut c, "INSERT INTO t VALUES (1)").await;
        assert!(journal.exists());
        // Another session takes it for none: its header is cleared.
        let mut other = open(&url).await;
        assert_eq!(mode(&mut other).await, "delete");
        assert_eq!(other.execute("INSERT INTO t VALUES (2)").await.unwrap(), 1);
        transaction(&mut c, "INSERT INTO t VALUES (3)").await;
        c.begin().await.unwrap();
        c.execute("INSERT INTO t VALUES (4)").await.unwrap();
        c.rollback().await.unwrap();
        c.close().await.unwrap();
        assert!(!journal.exists());
        assert_eq!(other.query("SELECT sum(a) FROM t").await.unwrap()[0].values, [Value::Int(6)]);

        // What a changeset chooses stays; so does what is there, and what the URL says.
        transaction(&mut other, "INSERT INTO t VALUES (5)").await;
        assert_eq!(mode(&mut other).await, "persist");
        other.execute("PRAGMA journal_mode = WAL").await.unwrap();
        other.close().await.unwrap();
        let mut c = open(&url).await;
        transaction(&mut c, "INSERT INTO t VALUES (6)").await;
        assert_eq!(mode(&mut c).await, "wal");
        c.execute("PRAGMA journal_mode = DELETE").await.unwrap();
        c.close().await.unwrap();
        let mut c = open(&format!("{url}?journal_mode=TRUNCATE")).await;
        transaction(&mut c, "INSERT INTO t VALUES (7)").await;
        assert_eq!(mode(&mut c).await, "truncate");
        c.close().await.unwrap();
    });
}

#[test]
fn bound_parameters() {
    block_on(async {
        for db in Database::each("bound_parameters").await {
            let mut c = open(&db.url).await;
            let (bytes, timestamp) = match db.dialect {
                "postgresql" => ("BYTEA", "TIMESTAMP"),
                _ => ("BLOB", "DATETIME"),
            };
            let sql = format!(
                "CREATE TABLE t (a BIGINT, b VARCHAR(50), c {bytes}, d {timestamp}, e DECIMAL(5,2), f BOOLEAN, g DOUBLE PRECISION)"
            );
            c.execute(&sql).await.unwrap();
            let insert = "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?) -- ?";
            let blob: Vec<u8> = (0..=255).collect();
            let parameters = [
                Value::Int(-7),
                text("it's \\ ? Käse"),
                Value::Bytes(blob.clone()),
                text("2026-01-02 03:04:05"),
                text("1.10"),
                Value::Bool(true),
                text("0.1"),
            ];
            assert_eq!(c.execute_bound(insert, &parameters).await.unwrap(), 1);
            assert_eq!(c.execute_bound(insert, &vec![Value::Null; 7]).await.unwrap(), 1);
            let rows = c.query("SELECT a, b, c, f, g FROM t WHERE a = -7").await.unwrap();
            assert_eq!(rows[0].values[..3], [Value::Int(-7), text("it's \\ ? Käse"), Value::Bytes(blob)], "{}", db.dialect);
            assert_eq!(rows[0].values[3].as_bool(), Some(true));
            assert_eq!(rows[0].values[4], text("0.1"));
            let rows = c.query("SELECT * FROM t WHERE a IS NULL").await.unwrap();
            assert!(rows[0].values.iter().all(|v| *v == Value::Null));
            assert!(c.execute_bound("INSERT INTO t (a) VALUES (?)", &[text("x y"), Value::Null]).await.is_err(), "{}", db.dialect);
            assert_eq!(c.execute_bound("DELETE FROM t WHERE a = ?", &[Value::Int(-7)]).await.unwrap(), 1);
            c.close().await.unwrap();
            db.remove().await;
        }
    });
}

#[test]
fn a_session_left_half_way_is_not_used_again() {
    block_on(async {
        for (server, sleep) in [("POSTGRES", "SELECT pg_sleep(5)"), ("MARIADB", "SELECT sleep(5)")] {
            let Some(url) = server_url("a_session_left_half_way_is_not_used_again", server) else { continue };
            let mut c = open(&url).await;
            assert!(tokio::time::timeout(Duration::from_millis(100), c.query(sleep)).await.is_err());
            let e = c.query("SELECT 1").await.unwrap_err();
            assert_eq!(e.kind, DbErrorKind::Lost);
            assert_eq!(c.rollback().await, Ok(()));
            c.close().await.unwrap();
            let mut c = open(&format!("{url}?socketTimeout={}", if server == "POSTGRES" { 1 } else { 1000 })).await;
            let e = c.query(sleep).await.unwrap_err();
            assert_eq!(e.kind, DbErrorKind::Lost, "{e}");
        }
    });
}

#[test]
fn a_connection_that_the_server_ends_is_lost() {
    block_on(async {
        for (server, own, kill) in
            [("POSTGRES", "SELECT pg_backend_pid()", "SELECT pg_terminate_backend("), ("MARIADB", "SELECT connection_id()", "KILL (")]
        {
            let Some(url) = server_url("a_connection_that_the_server_ends_is_lost", server) else { continue };
            let (mut c, mut other) = (open(&url).await, open(&url).await);
            let id = c.query(own).await.unwrap()[0].values[0].to_text().unwrap();
            let kill = if server == "POSTGRES" { format!("{kill}{id})") } else { format!("KILL {id}") };
            other.execute(&kill).await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
            let e = c.execute("SELECT 1").await.unwrap_err();
            assert_eq!(e.kind, DbErrorKind::Lost, "{e:?}");
            other.close().await.unwrap();
        }
    });
}

#[test]
fn copy_from_the_client_is_refused_and_the_session_goes_on() {
    block_on(async {
        let Some(db) = Database::create("copy_from_the_client_is_refused_and_the_session_goes_on", "POSTGRES").await else { return };
        let mut c = open(&db.url).await;
        c.execute("CREATE TABLE t (a INT)").await.unwrap();
        let e = c.execute("COPY t FROM STDIN").await.unwrap_err();
        assert_eq!(e.kind, DbErrorKind::Unsupported);
        assert!(c.query("SELECT * FROM t").await.unwrap().is_empty());
        c.close().await.unwrap();
        db.remove().await;
    });
}

#[test]
fn tls() {
    block_on(async {
        let Some(ca) = certificate_authority("tls") else { return };
        for (server, asked, answer, authority) in [
            ("POSTGRES", "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()", "true", "`sslrootcert`"),
            (
                "MARIADB",
                "SELECT if(variable_value = '', 'false', 'true') FROM information_schema.session_status WHERE variable_name = 'SSL_CIPHER'",
                "true",
                "`ssl-ca`",
            ),
        ] {
            let Some(url) = server_url("tls", server) else { continue };
            for (query, want) in [
                ("sslmode=disable".to_string(), "false"),
                ("sslmode=prefer".to_string(), answer),
                ("sslmode=require".to_string(), answer),
                (format!("sslmode=verify-ca&sslrootcert={ca}"), answer),
                (format!("sslmode=verify-full&sslrootcert={ca}"), answer),
            ] {
                let mut c = open(&format!("{url}?{query}")).await;
                assert_eq!(c.query(asked).await.unwrap()[0].values, [text(want)], "{server} {query}");
                c.close().await.unwrap();
            }
            // An authority that is not among the public ones; a file that is not there.
            for query in ["sslmode=verify-full", "sslmode=verify-full&sslrootcert=/no/such/file.pem"] {
                let e = try_open(&format!("{url}?{query}")).await.err().unwrap();
                assert_eq!(e.kind, DbErrorKind::Connect, "{e}");
                assert!(e.message.contains("certificate") && e.message.contains(authority), "{server} {query}: {e}");
            }
        }
    });
}

/// Files that are no use for TLS are found before anything is sent, each told by the parameter that names it.
#[test]
fn files_for_tls_that_are_no_use() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_string()
    };
    let key = file("key.pem", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n");
    let locked = file("locked.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n");
    let certificate = file("certificate.pem", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n");
    let folder = folder.path().to_str().unwrap();
    block_on(async {
        for (url, [mode, ca, cert, secret]) in [
            ("postgres://ann:tiger@127.0.0.1:1/db", ["sslmode=require", "sslrootcert", "sslcert", "sslkey"]),
            ("mariadb://ann:tiger@127.0.0.1:1/db", ["sslMode=required", "ssl-ca", "ssl-cert", "ssl-key"]),
        ] {
            for (query, want) in [
                (format!("{ca}={key}"), format!("there is no certificate in PEM form in {key} (`{ca}`)")),
                (format!("{ca}={folder}"), format!("{folder} (`{ca}`) cannot be read")),
                (format!("{cert}={certificate}"), format!("`{cert}` needs its key, by `{secret}`")),
                (format!("{secret}={key}"), format!("`{secret}` needs its certificate, by `{cert}`")),
                (format!("{cert}={certificate}&{secret}={certificate}"), format!("there is no private key in PEM form in {certificate}")),
                (format!("{cert}={certificate}&{secret}={locked}"), format!("the key in {locked} (`{secret}`) has a password")),
            ] {
                let e = try_open(&format!("{url}?{mode}&{query}")).await.err().unwrap();
                assert_eq!(e.kind, DbErrorKind::Connect, "{e}");
                assert!(e.message.contains(&want) && !e.message.contains("tiger"), "{want}: {e}");
            }
        }
    });
}

/// A server of another kind, or one that hangs up, is told as such; not by how many bytes were missing.
#[test]
fn ports_where_something_else_answers() {
    for answer in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"SSH-2.0-OpenSSH_9.2\r\n", b""] {
        for (scheme, product) in [("postgres", "PostgreSQL"), ("mariadb", "MySQL or MariaDB")] {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let server = std::thread::spawn(move || {
                use std::io::{Read, Write};
                let (mut peer, _) = listener.accept().unwrap();
                peer.write_all(answer).unwrap();
                peer.shutdown(std::net::Shutdown::Write).unwrap();
                // Until the client leaves: a reset would take away what it has not read yet.
                let _ = peer.read_to_end(&mut Vec::new());
            });
            block_on(async {
                let e = try_open(&format!("{scheme}://ann@127.0.0.1:{port}/db?sslmode=disable")).await.err().unwrap();
                assert_eq!(e.kind, DbErrorKind::Connect, "{e}");
                assert!(
                    e.message.contains(&format!("127.0.0.1:{port} hangs up at once, or does not speak the protocol of {product}")),
                    "{e}"
                );
            });
            server.join().unwrap();
        }
    }
}

#[test]
fn tls_that_the_server_does_not_offer() {
    // Takes one connection and answers `N` to the request for TLS, as PostgreSQL does without it.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut peer, _) = listener.accept().unwrap();
        peer.read_exact(&mut [0; 8]).unwrap();
        peer.write_all(b"N").unwrap();
        let _ = peer.read(&mut [0; 8]);
    });
    block_on(async {
        let e = try_open(&format!("postgres://ann@127.0.0.1:{port}/db?sslmode=require")).await.err().unwrap();
        assert_eq!(e.kind, DbErrorKind::Connect);
        assert!(e.message.contains("no TLS connection"), "{e}");
    });
    server.join().unwrap();
}
