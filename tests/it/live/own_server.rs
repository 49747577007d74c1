//! Faults that take a PostgreSQL server with them, so each test has its own: killed, replicated, without space.

use super::project::rows;
use super::{Database, block_on, open, skip};
use crate::live::project::Project;
use crate::program::command_in;
use changelog::db::Value;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Time enough for a server to start, or to get somewhere.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server in a folder of its own, as a user that may run one.
struct Server {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    process: Option<Child>,
}

/// Where the newest server's programs are.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .chain(["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/usr/local/pgsql/bin"].map(PathBuf::from))
        .filter(|folder| folder.join("initdb").exists() && folder.join("pg_basebackup").exists())
        .collect();
    found.sort();
    found.pop()
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

impl Server {
    /// A folder for a server; `None`, with the test skipped, where there are no programs for one.
    fn new(test: &str) -> Option<Server> {
        let Some(programs) = programs() else {
            skip(test, "initdb or pg_basebackup not found; install the package postgresql");
            return None;
        };
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        if is_root() {
            let owned = Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap();
            assert!(owned.success());
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Some(Server { programs, folder, port, process: None })
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A program of the server's, as the user who owns the folder; `limit` is the size that no file of it may exceed, in KB.
    fn program(&self, name: &str, limit: Option<u32>) -> Command {
        let limit = limit.map_or("unlimited".to_owned(), |kilobytes| kilobytes.to_string());
        let mut command = Command::new("bash");
        let user = if is_root() { "setpriv --reuid postgres --regid postgres --clear-groups" } else { "" };
        let script = format!("ulimit -f {limit}; exec {user} \"$@\"");
        command.current_dir(self.folder.path()).args(["-c", &script, "bash"]).arg(self.programs.join(name));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Makes the files of an empty server.
    fn init(&self) {
        let made = self
            .program("initdb", None)
            .arg("-D")
            .arg(self.data())
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"])
            .status();
        assert!(made.unwrap().success());
    }

    /// Starts it, and waits until it takes connections.
    fn start(&mut self, limit: Option<u32>) {
        let port = self.port.to_string();
        let settings = ["fsync=off", "listen_addresses=127.0.0.1", "shared_buffers=16MB", "max_connections=20"];
        let mut command = self.program("postgres", limit);
        command.arg("-D").arg(self.data()).args(["-p", &port]).arg("-k").arg(self.folder.path());
        command.args(settings.iter().flat_map(|setting| ["-c", setting]));
        self.process = Some(command.spawn().unwrap());
        let until = Instant::now() + PATIENCE;
        while !self.program("pg_isready", None).args(["-h", "127.0.0.1", "-p", &port]).status().unwrap().success() {
            assert!(Instant::now() < until, "the server does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends it as a crash does: at once, with nothing written.
    fn crash(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let _ = Command::new("kill").args(["-QUIT", &process.id().to_string()]).status();
        process.wait().unwrap();
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn project(&self, changesets: &str) -> Project {
        Project::on(Database::at(self.url(), "postgresql"), changesets)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.crash();
    }
}

fn start(project: &Project) -> Child {
    let words = ["update", "--url", &project.db.url, "--changelog-file", "changelog.yaml"];
    command_in(project.folder.path(), &words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Fault 8: the server is shut down at once, several times in one update.
#[test]
fn a_server_that_crashes_loses_and_doubles_nothing() {
    use std::fmt::Write as _;
    let Some(mut server) = Server::new("a_server_that_crashes_loses_and_doubles_nothing") else { return };
    server.init();
    server.start(None);
    let mut changesets = "- changeSet: {id: t, author: a, changes: [{sql: create table t (n int)}]}\n".to_owned();
    for n in 0..300 {
        // Every third one commits its statements by themselves.
        let alone = if n % 3 == 0 { ", runInTransaction: false" } else { "" };
        let changes = format!(
            "{{createTable: {{tableName: t{n}, columns: [{{column: {{name: n, type: int}}}}]}}}}, {{sql: insert into t values ({n})}}"
        );
        writeln!(changesets, "- changeSet: {{id: c{n}, author: a{alone}, changes: [{changes}]}}").unwrap();
    }
    let project = server.project(&changesets);
    block_on(async {
        let mut interrupted = 0;
        for round in 1..=6_i64 {
            let mut child = start(&project);
            let until = Instant::now() + PATIENCE;
            loop {
                let count = project.try_query("SELECT ID FROM LEDGER").await.unwrap_or(0);
                let is_far = i64::try_from(count).unwrap() >= round * 40;
                if is_far || child.try_wait().unwrap().is_some() || Instant::now() > until {
                    break;
                }
            }
            server.crash();
            interrupted += i32::from(!child.wait().unwrap().success());
            server.start(None);
        }
        assert!(interrupted >= 3, "only {interrupted} of the runs were interrupted");
        project.ok(&["update"]);
        assert_eq!(project.query("SELECT COUNT(*), COUNT(DISTINCT ID) FROM LEDGER").await, rows(&[&["301", "301"]]));
        assert_eq!(project.query("SELECT COUNT(*), COUNT(DISTINCT n) FROM t").await, rows(&[&["300", "300"]]));
        let tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE 't%'";
        assert_eq!(project.query(tables).await, rows(&[&["301"]]));
        let left = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'databasechangelogjournal'";
        assert_eq!(project.query(left).await, rows(&[&["0"]]));
        assert_eq!(project.query("SELECT COUNT(*) FROM LOCKS WHERE LOCKEDBY IS NULL").await, rows(&[&["1"]]));
    });
}

/// Fault 9: a streaming replica takes no update, tells what is applied, and lets an application wait for it.
#[test]
fn a_streaming_replica_is_refused_and_can_be_read() {
    let Some(mut primary) = Server::new("a_streaming_replica_is_refused_and_can_be_read") else { return };
    let Some(mut replica) = Server::new("a_streaming_replica_is_refused_and_can_be_read") else { return };
    primary.init();
    primary.start(None);
    let port = primary.port.to_string();
    let mut copy = replica.program("pg_basebackup", None);
    copy.args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-R", "-X", "stream", "-c", "fast", "--no-sync", "-D"])
        .arg(replica.data());
    assert!(copy.status().unwrap().success());
    replica.start(None);
    let changesets = "- changeSet: {id: t, author: a, changes: [{sql: create table t (n int)}]}\n";
    let (on_primary, on_replica) = (primary.project(changesets), replica.project(changesets));
    block_on(async {
        let refused = on_replica.fails(&["update"], 1, "read-only");
        assert!(refused.stderr.contains("this server only reads"), "{}", refused.stderr);
        let tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'";
        assert_eq!(on_primary.query(tables).await, rows(&[&["0"]]));
        let words = ["status", "--wait-until-applied", "60", "--url", &on_replica.db.url, "--changelog-file", "changelog.yaml"];
        let mut waiting = command_in(on_replica.folder.path(), &words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(500));
        assert!(waiting.try_wait().unwrap().is_none(), "there is something to wait for");
        on_primary.ok(&["update"]);
        assert!(waiting.wait().unwrap().success());
        assert_eq!(on_replica.query("SELECT ID FROM LEDGER").await, rows(&[&["t"]]));
        // What is applied needs no write.
        on_replica.ok(&["update"]);
    });
}

/// A changelog whose second changeset needs more space than a limited server has.
fn large(folder: &Path) -> &'static str {
    let line = "x".repeat(1000);
    let rows: String = (0..30_000).map(|n| format!("{n},{line}\n")).collect();
    std::fs::write(folder.join("rows.csv"), format!("n,text\n{rows}")).unwrap();
    "
- changeSet: {id: t, author: a, changes: [{createTable: {tableName: t, columns: [{column: {name: n, type: int}}, {column: {name: text, type: text}}]}}]}
- changeSet: {id: rows, author: a, changes: [{loadData: {tableName: t, file: rows.csv}}]}
"
}

/// Fault 30: no file of the server can grow any more. Nothing half-done, the lock is free, and with space the same goes on.
#[test]
fn a_server_without_space_fails_cleanly() {
    let Some(mut server) = Server::new("a_server_without_space_fails_cleanly") else { return };
    server.init();
    // Its log is in files of 16 MB, which must fit.
    server.start(Some(17_000));
    let project = server.project("");
    project.write(large(project.folder.path()));
    block_on(async {
        let failed = project.fails(&["update"], 1, "Migration failed for changeset changelog.yaml::rows::a");
        assert!(failed.stderr.contains("could not extend file"), "{}", failed.stderr);
        assert_eq!(project.recorded().await, rows(&[&["t", "EXECUTED"]]));
        assert_eq!(project.query("SELECT COUNT(*) FROM t").await, rows(&[&["0"]]));
        assert_eq!(project.query("SELECT COUNT(*) FROM LOCKS WHERE LOCKEDBY IS NULL").await, rows(&[&["1"]]));
        server.crash();
        server.start(None);
        project.ok(&["update"]);
        assert_eq!(project.query("SELECT COUNT(*), COUNT(DISTINCT n) FROM t").await, rows(&[&["30000", "30000"]]));
    });
}

/// The same for a file of SQLite's, which this program itself cannot make larger.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_grow_fails_cleanly() {
    let project = Project::on(Database::sqlite(), "");
    project.write(large(project.folder.path()));
    let words = ["update", "--url", &project.db.url, "--changelog-file", "changelog.yaml"];
    let program = command_in(project.folder.path(), &words);
    let mut limited = Command::new("bash");
    // Without the signal, a write that goes too far is an error.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 8000; exec \"$@\"", "bash"]).arg(program.get_program()).args(program.get_args());
    let output = limited.current_dir(project.folder.path()).env_clear().env("TZ", "UTC").env("PATH", "/usr/bin:/bin").output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("Migration failed for changeset changelog.yaml::rows::a"), "{told}");
    block_on(async {
        assert_eq!(project.recorded().await, rows(&[&["t", "EXECUTED"]]), "{told}");
        assert_eq!(project.query("SELECT COUNT(*) FROM t").await, rows(&[&["0"]]));
        assert_eq!(project.query("SELECT COUNT(*) FROM LOCKS WHERE LOCKEDBY IS NULL").await, rows(&[&["1"]]));
        project.ok(&["update"]);
        let mut connection = open(&project.db.url).await;
        let found = connection.query("SELECT COUNT(*) FROM t").await.unwrap();
        connection.close().await.unwrap();
        assert_eq!(found[0].values, [Value::Int(30_000)]);
    });
}
