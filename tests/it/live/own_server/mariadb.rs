//! MariaDB: killed, without space, and with names that have no letter case.

use super::{PATIENCE, crash_in_an_update, fails_without_space, free_port, goes_on_with_space, is_root, many_changesets};
use crate::live::project::{Project, rows};
use crate::live::{Database, block_on, name_skipped, skip, try_open};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A folder, which may be a file system of its own.
struct Place {
    folder: tempfile::TempDir,
    is_mounted: bool,
}

impl Place {
    fn new() -> Place {
        Place { folder: tempfile::tempdir_in("/tmp").unwrap(), is_mounted: false }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives it that many megabytes, more or less than it had; whether that can be done here.
    fn limit(&mut self, megabytes: u32) -> bool {
        let remount = if self.is_mounted { "remount," } else { "" };
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("{remount}size={megabytes}m"), "tmpfs"]).arg(self.path()).stderr(Stdio::null());
        let done = mount.status().is_ok_and(|status| status.success());
        self.is_mounted |= done;
        done
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.is_mounted {
            let _ = Command::new("umount").arg(self.path()).status();
        }
    }
}

/// A server in a folder of its own, as a user that may run one.
struct Server {
    program: PathBuf,
    folder: Place,
    port: u16,
    process: Option<Child>,
}

/// Where a program of the server's is.
fn program(name: &str) -> Option<PathBuf> {
    let folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/local/mysql/bin", "/opt/homebrew/bin"];
    folders.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.exists())
}

impl Server {
    /// The files of an empty server; `None`, with the test skipped, where there are no programs for one.
    fn new(test: &str) -> Option<Server> {
        Server::at(Place::new(), test)
    }

    fn at(folder: Place, test: &str) -> Option<Server> {
        let (Some(program), Some(install)) = (program("mariadbd"), program("mariadb-install-db")) else {
            skip(test, "mariadbd or mariadb-install-db not found; install the package mariadb-server");
            return None;
        };
        if is_root() {
            let owned = Command::new("chown").arg("mysql").arg(folder.path()).status().unwrap();
            assert!(owned.success());
        }
        let server = Server { program, folder, port: free_port(), process: None };
        let made = server.command(&install).args(["--auth-root-authentication-method=normal", "--skip-test-db"]).status().unwrap();
        assert!(made.success(), "{}", server.said());
        Some(server)
    }

    /// A program of the server's on its files. Temporary tables are among them: in a folder that servers share, one that starts
    /// deletes those of the others.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.arg("--no-defaults").arg(format!("--datadir={}", self.folder.path().join("data").display()));
        command.arg(format!("--tmpdir={}", self.folder.path().display()));
        if is_root() {
            command.arg("--user=mysql");
        }
        let log = File::options().create(true).append(true).open(self.log()).unwrap();
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        command
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// What its programs said.
    fn said(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap()
    }

    /// Starts it with further options, and waits until it takes connections.
    async fn start(&mut self, options: &[&str]) {
        let mut command = self.command(&self.program);
        command.arg(format!("--port={}", self.port)).arg(format!("--socket={}", self.folder.path().join("socket").display()));
        command.args(["--bind-address=127.0.0.1", "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=16M", "--skip-log-bin"]);
        self.process = Some(command.args(options).spawn().unwrap());
        let until = Instant::now() + PATIENCE;
        while try_open(&self.url("mysql")).await.is_err() {
            assert!(Instant::now() < until, "the server does not start: {}", self.said());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Ends it as a crash does: at once, with nothing written.
    fn crash(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let _ = process.kill();
        process.wait().unwrap();
    }

    fn url(&self, database: &str) -> String {
        format!("mariadb://root@127.0.0.1:{}/{database}", self.port)
    }

    /// A project on a new database.
    async fn project(&self, changesets: &str) -> Project {
        let mut connection = try_open(&self.url("mysql")).await.unwrap();
        connection.execute("CREATE DATABASE own").await.unwrap();
        connection.close().await.unwrap();
        Project::on(Database::at(self.url("own"), "mariadb"), changesets)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.crash();
    }
}

/// Fault 8: the server is killed, several times in one update; a third of the changesets commit each statement, and all of them each
/// definition.
#[test]
fn a_server_that_is_killed_loses_and_doubles_nothing() {
    let Some(mut server) = Server::new("a_server_that_is_killed_loses_and_doubles_nothing") else { return };
    block_on(async {
        server.start(&[]).await;
        let project = server.project(&many_changesets()).await;
        crash_in_an_update(&project, async || {
            server.crash();
            server.start(&[]).await;
        })
        .await;
    });
}

/// Fault 30: the tables' file may not grow any more. Nothing half-done, the lock is free, and with space the same goes on.
#[test]
fn a_server_whose_tables_are_full_fails_cleanly() {
    let Some(mut server) = Server::new("a_server_whose_tables_are_full_fails_cleanly") else { return };
    // One file for all tables, which has a limit.
    let limit = |megabytes: u32| format!("--innodb-data-file-path=ibdata1:12M:autoextend:max:{megabytes}M");
    block_on(async {
        server.start(&["--innodb-file-per-table=0", &limit(24)]).await;
        let project = server.project("").await;
        fails_without_space(&project, "is full").await;
        server.crash();
        server.start(&["--innodb-file-per-table=0", &limit(500)]).await;
        goes_on_with_space(&project).await;
    });
}

/// Fault 30 for the whole disk: the server's own files cannot grow either.
#[test]
fn a_server_whose_disk_is_full_fails_cleanly() {
    let name = "a_server_whose_disk_is_full_fails_cleanly";
    let mut disk = Place::new();
    if !disk.limit(400) {
        name_skipped(name, "no file system can be mounted here");
        return;
    }
    let Some(mut server) = Server::at(disk, name) else { return };
    block_on(async {
        server.start(&[]).await;
        let project = server.project("").await;
        // An empty server takes 46, the rows 40.
        assert!(server.folder.limit(70));
        fails_without_space(&project, "is full").await;
        assert!(server.folder.limit(400));
        goes_on_with_space(&project).await;
    });
}

/// With `lower_case_table_names` the history is found, whatever its letters, and preconditions find what Liquibase 4.28 found there.
#[test]
fn names_without_letter_case_are_found_in_any() {
    let Some(mut server) = Server::new("names_without_letter_case_are_found_in_any") else { return };
    let asked = |id: &str, condition: &str| {
        format!(
            "- changeSet: {{id: {id}, author: a, preConditions: [{{onFail: MARK_RAN}}, {{{condition}}}], changes: [{{sql: {{sql: select 1}}}}]}}\n"
        )
    };
    let changesets = [
        "- changeSet: {id: made, author: a, changes: [{createTable: {tableName: T, columns: [{column: {name: id, type: int, constraints: {primaryKey: true}}}, {column: {name: a, type: int}}, {column: {name: b, type: int}}]}}, {createIndex: {indexName: ix_ab, tableName: t, columns: [{column: {name: a}}, {column: {name: b}}]}}, {addForeignKeyConstraint: {baseTableName: t, baseColumnNames: b, referencedTableName: t, referencedColumnNames: id, constraintName: fk_b}}, {createSequence: {sequenceName: sq}}]}\n".to_owned(),
        asked("table", "tableExists: {tableName: T}"),
        asked("index", "indexExists: {indexName: IX_AB}"),
        asked("index-of-table", "indexExists: {indexName: IX_AB, tableName: T}"),
        asked("index-columns", "indexExists: {tableName: T, columnNames: 'A, B'}"),
        asked("key", "foreignKeyConstraintExists: {foreignKeyName: FK_B}"),
        asked("sequence", "sequenceExists: {sequenceName: SQ}"),
        asked("other", "indexExists: {tableName: T, columnNames: 'B, A'}"),
    ];
    block_on(async {
        server.start(&["--lower-case-table-names=1"]).await;
        let project = server.project(&changesets.concat()).await;
        for _ in 0..2 {
            let ran = project.ok(&["update"]);
            assert!(!ran.stderr.contains("letter case"), "{}", ran.stderr);
            let missing = project.query("SELECT ID FROM LEDGER WHERE EXECTYPE = 'MARK_RAN'").await;
            assert_eq!(missing, rows(&[&["other"]]));
        }
        assert_eq!(project.query("SELECT COUNT(*) FROM LEDGER").await, rows(&[&["8"]]));
    });
}
