use super::*;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn url(text: &str) -> DatabaseUrl {
    DatabaseUrl::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn server(text: &str) -> ServerEndpoint {
    let url = url(text);
    assert_eq!(url.warnings(), [] as [String; 0], "{text}");
    match url.endpoint() {
        Endpoint::Server(server) => (**server).clone(),
        other => panic!("{text} gave {other:?}"),
    }
}

fn sqlite(text: &str) -> SqliteEndpoint {
    match url(text).endpoint() {
        Endpoint::Sqlite(sqlite) => sqlite.clone(),
        other => panic!("{text} gave {other:?}"),
    }
}

fn hosts(server: &ServerEndpoint) -> Vec<(&str, Option<u16>)> {
    server.hosts.iter().map(|h| (h.name.as_str(), h.port)).collect()
}

fn error(text: &str) -> String {
    DatabaseUrl::parse(text).expect_err(text).to_string()
}

#[test]
fn native_postgres() {
    for scheme in ["postgres", "postgresql", "POSTGRESQL"] {
        let s = server(&format!("{scheme}://ann%40x:p%3Aw%2F@db.example:6543/my%20db"));
        assert_eq!(s.driver, Driver::Postgres);
        assert_eq!(s.user.as_deref(), Some("ann@x"));
        assert_eq!(s.password.as_ref().map(Secret::expose), Some("p:w/"));
        assert_eq!(hosts(&s), [("db.example", Some(6543))]);
        assert_eq!(s.database.as_deref(), Some("my db"));
    }
    let s = server("postgresql:///db?host=/var/run/pg&port=5433&user=ann");
    assert_eq!(s.socket.as_deref(), Some(Path::new("/var/run/pg")));
    assert_eq!(hosts(&s), [("localhost", Some(5433))]);
    assert_eq!(s.user.as_deref(), Some("ann"));
    let s = server("postgres://ann@%2Fvar%2Frun:5433/db");
    assert_eq!(s.socket.as_deref(), Some(Path::new("/var/run")));
    assert_eq!(hosts(&s), [("localhost", Some(5433))]);
    assert_eq!(hosts(&server("postgres://[::1]:5433,h2/db")), [("::1", Some(5433)), ("h2", None)]);
    assert_eq!(hosts(&server("postgres:///db")), []);
    assert_eq!(hosts(&server("postgres:///db?host=h1,::1&port=1,2")), [("h1", Some(1)), ("::1", Some(2))]);
    assert_eq!(hosts(&server("postgres:///db?host=h1,h2&port=7")), [("h1", Some(7)), ("h2", Some(7))]);
}

#[test]
fn jdbc_postgres() {
    let s = server(
        "jdbc:postgresql://h1:5432,h2:5433/db?currentSchema=app,\"My S\"&user=ann&password=a%2Bb+c&ApplicationName=deploy\
         &connectTimeout=7&socketTimeout=60&options=-c%20statement_timeout=5min%20--lock-timeout=1s&prepareThreshold=0\
         &stringtype=unspecified&reWriteBatchedInserts=true&targetServerType=primary",
    );
    assert_eq!(hosts(&s), [("h1", Some(5432)), ("h2", Some(5433))]);
    assert_eq!(s.schemas, ["app", "My S"]);
    assert_eq!(s.user.as_deref(), Some("ann"));
    assert_eq!(s.password.as_ref().map(Secret::expose), Some("a+b c"));
    assert_eq!(s.application_name.as_deref(), Some("deploy"));
    assert_eq!(s.connect_timeout, Some(Duration::from_secs(7)));
    assert_eq!(s.socket_timeout, Some(Duration::from_secs(60)));
    let settings = [("statement_timeout", "5min"), ("lock_timeout", "1s")].map(|(n, v)| (n.to_string(), v.to_string()));
    assert_eq!(s.settings, settings);
    assert_eq!(s.target_session, TargetSession::ReadWrite);
    let s = server("jdbc:postgresql:db");
    assert_eq!((s.database.as_deref(), hosts(&s)), (Some("db"), vec![("localhost", None)]));
    assert_eq!(server("jdbc:postgresql:/").database, None);
    assert_eq!(server("jdbc:postgresql://h/").database, None);
    assert_eq!(server("postgres://h/db?options=-csearch_path%3Da,b").schemas, ["a", "b"]);
    assert_eq!(hosts(&server("jdbc:edb://h/db")), [("h", Some(5444))]);
    assert_eq!(hosts(&server("jdbc:edb://h:5432/db")), [("h", Some(5432))]);
    // A socket that is named stands in place of a host.
    let s = server("jdbc:postgresql:///db?host=/run/postgresql");
    assert_eq!((s.hosts.len(), s.socket), (0, Some(PathBuf::from("/run/postgresql"))));
}

#[test]
fn postgres_tls() {
    let mode = |q: &str| server(&format!("jdbc:postgresql://h/db?{q}")).tls.mode;
    assert_eq!(mode(""), TlsMode::Prefer);
    assert_eq!(mode("sslmode=disable"), TlsMode::Disable);
    assert_eq!(mode("sslmode=require"), TlsMode::Require);
    assert_eq!(mode("sslmode=verify-ca"), TlsMode::VerifyCa);
    assert_eq!(mode("ssl=true"), TlsMode::VerifyFull);
    assert_eq!(mode("sslmode=require&ssl=true"), TlsMode::Require);
    assert_eq!(mode("ssl=true&sslmode=require"), TlsMode::Require);
    let tls = server("postgres://h/db?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem").tls;
    assert_eq!(tls.mode, TlsMode::VerifyFull);
    assert_eq!(
        (tls.root_certificate, tls.certificate, tls.key),
        (Some(PathBuf::from("/ca.pem")), Some(PathBuf::from("/c.pem")), Some(PathBuf::from("/k.pem")))
    );
    // An authority that is named is asked, as by libpq; the JDBC driver does not.
    assert_eq!(server("postgres://h/db?sslmode=require&sslrootcert=/ca.pem").tls.mode, TlsMode::VerifyCa);
    assert_eq!(mode("sslmode=require&sslrootcert=/ca.pem"), TlsMode::Require);
    assert!(error("postgres://h/db?sslmode=on").contains("disable, allow, prefer, require, verify-ca and verify-full"));
}

#[test]
fn mysql_and_mariadb() {
    let s = server("mysql://lb:lb@127.0.0.1:3340/db?flavour=mysql");
    assert_eq!(s.driver, Driver::MySql);
    assert_eq!(s.dialect, Some("mysql"));
    assert_eq!(hosts(&s), [("127.0.0.1", Some(3340))]);
    assert_eq!((s.user.as_deref(), s.database.as_deref()), (Some("lb"), Some("db")));
    assert_eq!(server("mariadb://h/db").dialect, None);
    let s = server("jdbc:mysql://h/db?user=a&password=p&useSSL=false&serverTimezone=UTC&allowMultiQueries=true&connectTimeout=1500");
    assert_eq!(s.tls.mode, TlsMode::Disable);
    assert_eq!(s.connect_timeout, Some(Duration::from_millis(1500)));
    assert_eq!(server("mysql://h/db?connect_timeout=3").connect_timeout, Some(Duration::from_secs(3)));
    assert_eq!(server("jdbc:mysql://h/db?sslMode=VERIFY_IDENTITY").tls.mode, TlsMode::VerifyFull);
    assert_eq!(server("jdbc:mariadb://h/db?sslMode=trust").tls.mode, TlsMode::Require);
    // Of the two drivers only MySQL's takes a plus for a blank.
    let user = |scheme: &str| server(&format!("jdbc:{scheme}://h/db?user=a+b")).user;
    assert_eq!((user("mysql").as_deref(), user("mariadb").as_deref()), (Some("a b"), Some("a+b")));
    // `useSSL` checks certificate and host with MariaDB's driver, and neither with MySQL's.
    let tls = |text: &str| server(text).tls.mode;
    assert_eq!(tls("jdbc:mariadb://h/db?useSSL=true"), TlsMode::VerifyFull);
    assert_eq!(tls("jdbc:mariadb://h/db?useSSL=true&disableSslHostnameVerification=true"), TlsMode::VerifyCa);
    assert_eq!(tls("jdbc:mariadb://h/db?trustServerCertificate=true&useSSL=true"), TlsMode::Require);
    assert_eq!(tls("jdbc:mysql://h/db?useSSL=true"), TlsMode::Require);
    assert_eq!(tls("jdbc:mysql://h/db?useSSL=true&verifyServerCertificate=true"), TlsMode::VerifyCa);
    // What demands TLS only strengthens.
    assert_eq!(server("jdbc:mysql://h/db?sslMode=disabled&requireSSL=true").tls.mode, TlsMode::Require);
    assert_eq!(server("jdbc:mysql://h/db?sslMode=VERIFY_CA&requireSSL=true").tls.mode, TlsMode::VerifyCa);
    assert_eq!(server("mysql://h/db?ssl-mode=VERIFY_CA&ssl-ca=/ca.pem").tls.root_certificate, Some(PathBuf::from("/ca.pem")));
    assert_eq!(server("mysql://u@localhost/db?socket=/run/my.sock").socket, Some(PathBuf::from("/run/my.sock")));
    assert_eq!(server("mysql://u@%2Frun%2Fmy.sock/db").socket, Some(PathBuf::from("/run/my.sock")));
    assert_eq!(hosts(&server("jdbc:mariadb:sequential://h1,h2:3307/db")), [("h1", None), ("h2", Some(3307))]);
    assert!(server("jdbc:mysql://h/db?createDatabaseIfNotExist=true").create_database);
    assert_eq!(server("jdbc:mysql://h/db?sessionVariables=sql_mode='ANSI'").session_variables.as_deref(), Some("sql_mode='ANSI'"));
}

#[test]
fn sqlite_files() {
    let file = |text: &str| match sqlite(text).location {
        SqliteLocation::File(path) => path.to_string_lossy().into_owned(),
        SqliteLocation::Memory => ":memory:".to_string(),
    };
    assert_eq!(file("sqlite:a/b.db"), "a/b.db");
    assert_eq!(file("sqlite://a/b.db"), "a/b.db");
    assert_eq!(file("sqlite:///tmp/b.db"), "/tmp/b.db");
    assert_eq!(file("sqlite:/tmp/b%20c.db"), "/tmp/b c.db");
    assert_eq!(file("jdbc:sqlite:/tmp/b%20c.db"), "/tmp/b%20c.db");
    assert_eq!(file("jdbc:sqlite:C:\\x\\y.db"), "C:\\x\\y.db");
    assert_eq!(file("jdbc:sqlite:file:x%20y.db?mode=ro"), "x y.db");
    assert_eq!(file("jdbc:sqlite:file:///tmp/x.db"), "/tmp/x.db");
    assert_eq!(file("sqlite::memory:"), ":memory:");
    assert_eq!(file("sqlite://:memory:"), ":memory:");
    assert_eq!(file("jdbc:sqlite::memory:"), ":memory:");
    assert_eq!(file("jdbc:sqlite:"), ":memory:");
    assert_eq!(file("jdbc:sqlite:file::memory:?cache=shared"), ":memory:");
    assert_eq!(file("sqlite:a@b:c.db"), "a@b:c.db");
    assert_eq!(sqlite("sqlite:a.db").mode, SqliteMode::Create);
    assert!(error("sqlite:").contains("names no file"));
    assert!(error("jdbc:sqlite::resource:a.db").contains("class path"));
}

#[test]
fn sqlite_parameters() {
    let s = sqlite("sqlite:a.db?mode=ro&busy_timeout=250&foreign_keys=on&journal_mode=WAL&transaction_mode=deferred&immutable=1");
    assert_eq!(s.mode, SqliteMode::ReadOnly);
    assert_eq!(s.busy_timeout, Some(Duration::from_millis(250)));
    assert!(s.foreign_keys && s.immutable);
    assert_eq!(s.transaction_mode, Some("DEFERRED"));
    assert_eq!(s.pragmas, [("journal_mode".to_string(), "WAL".to_string())]);
    assert!(!sqlite("jdbc:sqlite:a.db").foreign_keys);
    assert_eq!(sqlite("jdbc:sqlite:a.db?open_mode=1").mode, SqliteMode::ReadOnly);
    assert_eq!(sqlite("sqlite:a.db?mode=rw").mode, SqliteMode::ReadWrite);
    assert!(error("sqlite:a.db?journal_mode=WAL;drop").contains("must be a word or a number"));
    assert!(error("sqlite:a.db?mode=x").contains("ro, rw, rwc or memory"));
}

#[test]
fn credentials_given_apart_win() {
    let u = url("postgres://ann:tiger@h/db").with_credentials(Some("bob"), Some(&Secret::new("lion")));
    assert_eq!(u.user(), Some("bob"));
    let Endpoint::Server(s) = u.endpoint() else { panic!() };
    assert_eq!(s.password.as_ref().map(Secret::expose), Some("lion"));
    let u = url("postgres://ann:tiger@h/db").with_credentials(None, None);
    assert_eq!(u.user(), Some("ann"));
    assert_eq!(url("sqlite:a.db").with_credentials(Some("x"), None).user(), None);
}

#[test]
fn passwords_are_never_shown() {
    let all = [
        "postgres://ann:tiger@h/db",
        "postgres://ann:ti%67er@h/db?password=tiger&sslpassword=tiger",
        "jdbc:postgresql://h/db?user=ann&password=tiger",
        "jdbc:mysql://ann:tiger@h/db?password=tiger&clientCertificateKeyStorePassword=tiger",
        "mariadb://ann:tiger@h:3306/db",
        "sqlite:a.db?password=tiger",
    ];
    for text in all {
        let u = url(text).with_credentials(None, Some(&Secret::new("tiger")));
        for shown in [format!("{u:?}"), format!("{u:#?}"), u.display_url().to_string()] {
            assert!(!shown.contains("tiger") && !shown.contains("ti%67er"), "{shown}");
        }
    }
    let broken = [
        "postgres://ann:ti/tiger@h:x/db",
        "postgres://ann:tiger",
        "postgres://ann:ti?tiger@h/db",
        "postgres://ann:%ff%fetiger@h/db",
        "oracle:thin:scott/tiger@h:1521:XE",
        "jdbc:oracle:thin:scott/tiger@h:1521:XE",
        "jdbc:sqlserver://h;user=sa;password=tiger",
        "jdbc:snowflake://h/?user=x&password=tiger",
        "foo://ann:tiger@h/db?password=tiger",
        "mysql://ann:tiger@h:70000/db",
        "mysql://ann:tiger@[::1/db",
    ];
    for text in broken {
        let e = DatabaseUrl::parse(text).expect_err(text);
        assert!(!e.to_string().contains("tiger") && !format!("{e:?}").contains("tiger"), "{e}");
    }
}

#[test]
fn a_password_may_hold_what_should_be_escaped() {
    let s = server("postgres://ann:t@g/r@h/db");
    assert_eq!(s.password.as_ref().map(Secret::expose), Some("t@g/r"));
    assert_eq!((hosts(&s), s.database.as_deref()), (vec![("h", None)], Some("db")));
}

#[test]
fn unknown_schemes_and_databases_without_driver() {
    let e = error("jdbc:foo:bar");
    assert!(e.starts_with("Driver class was not specified and could not be determined from the url (jdbc:foo:bar)"), "{e}");
    for scheme in ["postgresql://", "mysql://", "mariadb://", "sqlite:", "offline:"] {
        assert!(e.contains(scheme), "{e}");
    }
    for (text, offline) in [
        ("jdbc:oracle:thin:@h:1521:SID", "offline:oracle"),
        ("jdbc:sqlserver://h:1433;databaseName=db", "offline:mssql"),
        ("jdbc:db2://h:50000/DB", "offline:db2"),
        ("jdbc:h2:mem:x", "offline:h2"),
        ("jdbc:snowflake://a.snowflakecomputing.com/?db=x", "offline:snowflake"),
    ] {
        let e = error(text);
        assert!(e.contains("renders offline only") && e.contains(offline), "{e}");
    }
    assert!(error("").contains("empty"));
    assert!(error("db.sqlite").contains("not a database URL"));
    assert!(error("mysql:h/db").contains("`//`"));
}

#[test]
fn unknown_parameters_are_noted() {
    let u = url("jdbc:postgresql://h/db?currentShema=app&zzz=1");
    assert_eq!(
        u.warnings(),
        [
            "the parameter `currentShema` of the database URL is not known and has no effect; did you mean `currentSchema`?",
            "the parameter `zzz` of the database URL is not known and has no effect"
        ]
    );
    // Whoever misspells what asks for TLS is told.
    for (text, meant) in [
        ("postgres://h/db?sslmod=verify-full", "sslmode"),
        ("postgres://h/db?sslrootcer=/ca.pem", "sslrootcert"),
        ("jdbc:mysql://h/db?useSLL=true", "useSSL"),
        ("jdbc:mysql://h/db?verifyServerCertificates=true", "verifyServerCertificate"),
    ] {
        let warnings = url(text).warnings().join("\n");
        assert!(warnings.contains(&format!("did you mean `{meant}`?")), "{text}: {warnings}");
    }
    assert!(url("postgres://h/db?sslcrl=/crl.pem").warnings()[0].contains("`sslcrl`"));
    assert_eq!(url("jdbc:mysql://h/db?useUnicode=true&useServerPrepStmts=true&useLegacyDatetimeCode=false").warnings(), [] as [String; 0]);
    assert_eq!(url("jdbc:mysql://h/db?useAffectedRows=true").warnings().len(), 1);
    assert_eq!(url("sqlite:a.db?jornal_mode=WAL").warnings().len(), 1);
}

#[test]
fn offline_urls() {
    let u = url("offline:oracle?version=19.0&outputLiquibaseSql=true");
    assert_eq!(u.driver(), None);
    let o = u.offline().unwrap();
    assert_eq!((o.vendor.as_str(), o.version.as_deref(), o.output_liquibase_sql), ("oracle", Some("19.0"), OutputLiquibaseSql::All));
}

#[test]
fn the_page_of_urls_has_every_parameter() {
    let page = include_str!("../../../docs/reference/urls.md");
    let section = |name: &str| page.split("\n## ").find(|s| s.starts_with(name)).unwrap_or_else(|| panic!("{name}"));
    for (name, known) in [("PostgreSQL", &postgres::KNOWN[..]), ("MySQL and MariaDB", &mysql::KNOWN[..])] {
        for parameter in known {
            let text = section(name);
            assert!(text.contains(&format!("`{parameter}`")) || text.contains(&format!("`{parameter}=")), "{name}: {parameter}");
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(text in "\\PC*", scheme in "(jdbc:)?(postgresql|mysql|mariadb|sqlite|offline|oracle|x):(//)?") {
        let _ = DatabaseUrl::parse(&text);
        let _ = DatabaseUrl::parse(&format!("{scheme}{text}"));
    }

    #[test]
    fn any_password_gets_through_and_is_not_shown(password in "\\PC{4,20}", scheme in "postgres|mysql|mariadb") {
        // Digits and letters that could stand elsewhere in the text would make the test lie.
        let password = format!("<{password}>");
        let escaped = percent_encoding::utf8_percent_encode(&password, percent_encoding::NON_ALPHANUMERIC).to_string();
        for text in [format!("{scheme}://ann:{escaped}@h/db"), format!("{scheme}://h/db?user=ann&password={escaped}")] {
            let u = url(&text);
            let Endpoint::Server(s) = u.endpoint() else { panic!() };
            assert_eq!(s.password.as_ref().map(Secret::expose), Some(password.as_str()));
            let shown = format!("{u:?} {}", u.display_url());
            assert!(!shown.contains(&password) && !shown.contains(&escaped), "{shown}");
        }
    }

    #[test]
    fn a_password_that_was_not_escaped_is_not_shown_either(password in "[a-z:/?#@%&]{1,12}", scheme in "postgres|mysql|oracle|x") {
        let text = format!("{scheme}://ann:Ω{password}Ω@h/db");
        let shown = match DatabaseUrl::parse(&text) {
            Ok(u) => format!("{u:?} {}", u.display_url()),
            Err(e) => format!("{e:?} {e}"),
        };
        assert!(!shown.contains('Ω'), "{shown}");
    }
}
