//! PostgreSQL: killed, replicated, failed over, without space.

use super::{
    PATIENCE, are_done_once, crash_in_an_update, fails_without_space, free_port, goes_on_with_space, is_root, many_changesets,
    recorded_by_now, start,
};
use crate::live::project::{Project, rows};
use crate::live::{Database, block_on, skip};
use crate::program::command_in;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

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
        Some(Server { programs, folder, port: free_port(), process: None })
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
        let log = File::options().create(true).append(true).open(self.log()).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        command
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// What its programs said.
    fn said(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap()
    }

    /// Makes the files of an empty server.
    fn init(&self) {
        let made = self
            .program("initdb", None)
            .arg("-D")
            .arg(self.data())
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"])
            .status();
        assert!(made.unwrap().success(), "{}", self.said());
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
            assert!(Instant::now() < until, "the server does not start: {}", self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Makes the files of a streaming replica of another server, and starts it.
    fn follow(&mut self, primary: &Server) {
        let port = primary.port.to_string();
        let mut copy = self.program("pg_basebackup", None);
        copy.args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-R", "-X", "stream", "-c", "fast", "--no-sync", "-D"])
            .arg(self.data());
        assert!(copy.status().unwrap().success(), "{}", self.said());
        self.start(None);
    }

    /// Makes a replica the primary.
    fn promote(&self) {
        let promoted = self.program("pg_ctl", None).args(["promote", "-w", "-D"]).arg(self.data()).status();
        assert!(promoted.unwrap().success(), "{}", self.said());
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

/// Fault 8: the server is shut down at once, several times in one update.
#[test]
fn a_server_that_crashes_loses_and_doubles_nothing() {
    let Some(mut server) = Server::new("a_server_that_crashes_loses_and_doubles_nothing") else { return };
    server.init();
    server.start(None);
    let project = server.project(&many_changesets());
    block_on(async {
        crash_in_an_update(&project, async || {
            server.crash();
            server.start(None);
        })
        .await;
    });
}

/// Fault 9: a streaming replica takes no update, tells what is applied, and lets an application wait for it.
#[test]
fn a_streaming_replica_is_refused_and_can_be_read() {
    let Some(mut primary) = Server::new("a_streaming_replica_is_refused_and_can_be_read") else { return };
    let Some(mut replica) = Server::new("a_streaming_replica_is_refused_and_can_be_read") else { return };
    primary.init();
    primary.start(None);
    replica.follow(&primary);
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

/// Fault 8: the primary is lost in the middle of an update, and the replica that takes its place never got the last commits. What it
/// does not know of did not happen: effects and records are missing together, and the next run makes both again.
#[test]
fn a_failover_that_loses_commits_loses_effect_and_record_together() {
    const NAME: &str = "a_failover_that_loses_commits_loses_effect_and_record_together";
    let (Some(mut primary), Some(mut replica)) = (Server::new(NAME), Server::new(NAME)) else { return };
    primary.init();
    primary.start(None);
    replica.follow(&primary);
    let changesets = many_changesets();
    let both =
        format!("postgres://postgres@127.0.0.1:{},127.0.0.1:{}/postgres?target_session_attrs=read-write", primary.port, replica.port);
    let project = Project::on(Database::at(both, "postgresql"), &changesets);
    block_on(async {
        let mut child = start(&project);
        recorded_by_now(&project, &mut child, 40).await;
        replica.crash();
        let known = recorded_by_now(&project, &mut child, 100).await;
        primary.crash();
        assert!(!child.wait().unwrap().success(), "the update was at an end before the primary was");
        replica.start(None);
        let only_reads = project.fails(&["update"], 4, "");
        assert!(only_reads.stderr.contains("takes no writes"), "{}", only_reads.stderr);
        replica.promote();
        let left = project.try_query("SELECT ID FROM LEDGER").await.unwrap();
        assert!((40..known).contains(&left), "{left} of {known} changesets reached the replica");
        let next = project.ok(&["update"]);
        assert!(next.stderr.contains("Took over the change log lock"), "{}", next.stderr);
        are_done_once(&project).await;
    });
}

/// Fault 30: no file of the server can grow any more. Nothing half-done, the lock is free, and with space the same goes on.
#[test]
fn a_server_without_space_fails_cleanly() {
    let Some(mut server) = Server::new("a_server_without_space_fails_cleanly") else { return };
    server.init();
    // Its log is in files of 16 MB, which must fit.
    server.start(Some(17_000));
    let project = server.project("");
    block_on(async {
        fails_without_space(&project, "could not extend file").await;
        server.crash();
        server.start(None);
        goes_on_with_space(&project).await;
    });
}
