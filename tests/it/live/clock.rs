//! Fault 39: the clock of the machine is turned, between runs and under a run. Order, lock and waiting must not look at it.

use super::locks::WAITS;
use super::project::{Project, rows};
use super::{block_on, skip};
use crate::program::command_in;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Time enough to get somewhere.
const PATIENCE: Duration = Duration::from_secs(60);

/// The wall clock that runs of a project see; their monotonic clock goes on as it does.
struct Clock {
    library: PathBuf,
    file: PathBuf,
}

impl Clock {
    /// The clock for runs of a project; `None`, with the test skipped, without the library that turns clocks.
    fn of(test: &str, project: &Project) -> Option<Clock> {
        let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        let folders = folders.chain(["/usr/lib", "/usr/local/lib"].map(PathBuf::from));
        let Some(library) = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|path| path.exists()) else {
            skip(test, "libfaketimeMT.so.1 not found; install the package libfaketime");
            return None;
        };
        Some(Clock { library, file: project.folder.path().join("clock") })
    }

    /// Turns it, as from now: `+9h` is nine hours before the true time.
    fn turn(&self, offset: &str) {
        // Replaced at once: a run may read it at any moment.
        let new = self.file.with_extension("new");
        std::fs::write(&new, format!("{offset}\n")).unwrap();
        std::fs::rename(new, &self.file).unwrap();
    }

    /// A run under this clock, whose messages go to a file.
    fn start(&self, project: &Project, words: &[&str], messages: &Path) -> Child {
        let mut command: Command = command_in(project.folder.path(), words);
        command.env("CHANGELOG_URL", &project.db.url).env("CHANGELOG_CHANGELOG_FILE", "changelog.yaml");
        // What the run starts itself sees the true time.
        command.env("PATH", "/usr/bin:/bin").env("LD_PRELOAD", &self.library).env("FAKETIME_TIMESTAMP_FILE", &self.file);
        command.env("FAKETIME_NO_CACHE", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        command.stdout(Stdio::null()).stderr(File::create(messages).unwrap()).spawn().unwrap()
    }

    /// Runs a command under this clock turned like that; it must succeed.
    fn ok(&self, project: &Project, offset: &str, words: &[&str]) {
        self.turn(offset);
        let messages = project.folder.path().join("messages");
        let status = self.start(project, words, &messages).wait().unwrap();
        assert!(status.success(), "{} on {}: {}", words.join(" "), project.db.dialect, std::fs::read_to_string(messages).unwrap());
    }
}

/// Waits until a run has said something.
fn await_message(file: &Path, text: &str) {
    let until = Instant::now() + PATIENCE;
    while !std::fs::read_to_string(file).unwrap().contains(text) {
        assert!(Instant::now() < until, "not {text:?} in {:?}", std::fs::read_to_string(file));
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn table(id: &str) -> String {
    format!(
        "- changeSet: {{id: {id}, author: a, changes: [{{createTable: {{tableName: t_{id}, columns: [{{column: {{name: n, type: int}}}}]}}}}]}}\n"
    )
}

/// The order is that in which changesets ran, and what it decides is right: which row is tagged, what is rolled back.
#[test]
fn the_order_of_the_ledger_is_not_that_of_the_clock() {
    const NAME: &str = "the_order_of_the_ledger_is_not_that_of_the_clock";
    block_on(async {
        for project in Project::each(NAME, "").await {
            let Some(clock) = Clock::of(NAME, &project) else { return };
            let dialect = project.db.dialect;
            let mut changesets = String::new();
            for (id, offset) in [("one", "+30h"), ("two", "-30h"), ("three", "+9h"), ("four", "-50h")] {
                changesets += &table(id);
                project.write(&changesets);
                clock.ok(&project, offset, &["update"]);
                if id == "two" {
                    clock.ok(&project, "-2h", &["tag", "here"]);
                }
            }
            let order = project.query("SELECT ID, ORDEREXECUTED, TAG FROM LEDGER ORDER BY ORDEREXECUTED").await;
            let expected = rows(&[&["one", "1", "NULL"], &["two", "2", "here"], &["three", "3", "NULL"], &["four", "4", "NULL"]]);
            assert_eq!(order, expected, "{dialect}");
            // Where there is a server, its clock says when.
            let far_off = match dialect {
                "postgresql" => "SELECT ID FROM LEDGER WHERE ABS(EXTRACT(EPOCH FROM NOW() AT TIME ZONE 'UTC' - DATEEXECUTED)) > 600",
                "sqlite" => "SELECT 1 WHERE 0",
                _ => "SELECT ID FROM LEDGER WHERE ABS(TIMESTAMPDIFF(SECOND, DATEEXECUTED, NOW())) > 600",
            };
            assert_eq!(project.query(far_off).await, rows(&[]), "{dialect}");
            clock.ok(&project, "+70h", &["rollback-count", "--count", "1"]);
            assert_eq!(project.recorded().await.len(), 3, "{dialect}");
            assert!(project.try_query("SELECT * FROM t_four").await.is_err(), "{dialect}: the last one was undone");
            clock.ok(&project, "-70h", &["rollback", "--tag", "here"]);
            assert_eq!(project.recorded().await, rows(&[&["one", "EXECUTED"], &["two", "EXECUTED"]]), "{dialect}");
            project.db.remove().await;
        }
    });
}

/// A runner that waits for the lock waits for as long as it was told to, whatever the clock shows: it does not give up, does not take
/// a lock for stale before its time, and does so when it is.
#[test]
fn waiting_is_not_timed_by_the_clock() {
    const NAME: &str = "waiting_is_not_timed_by_the_clock";
    block_on(async {
        for project in Project::each(NAME, &table("one")).await {
            let Some(clock) = Clock::of(NAME, &project) else { return };
            let dialect = project.db.dialect;
            project.ok(&["update"]);
            project.write(&format!("{}{}", table("one"), table("two")));
            let locked = if dialect == "postgresql" { "TRUE" } else { "1" };
            let lock =
                format!("UPDATE LOCKS SET LOCKED = {locked}, LOCKEDBY = 'build7 (10.0.0.7)', LOCKGRANTED = CURRENT_TIMESTAMP WHERE ID = 1");
            project.execute(&lock).await;
            let messages = project.folder.path().join("messages");
            clock.turn("+0s");
            let patient = ["update", "--changelog-lock-wait-time-in-minutes", "30", "--stale-lock-seconds", "600"];
            let mut waiting = clock.start(&project, &patient, &messages);
            await_message(&messages, "Waiting for changelog lock");
            for offset in ["+9h", "-9h", "+300h"] {
                clock.turn(offset);
                // Longer than the longest pause between two looks.
                std::thread::sleep(Duration::from_millis(2600));
                assert!(waiting.try_wait().unwrap().is_none(), "{dialect} {offset}: {}", std::fs::read_to_string(&messages).unwrap());
            }
            project.plain(&["release-locks"]);
            let status = waiting.wait().unwrap();
            let told = std::fs::read_to_string(&messages).unwrap();
            assert!(status.success() && !told.contains("Took over"), "{dialect}: {told}");
            // Time that really passes makes it stale, also when the clock goes back.
            project.write(&format!("{}{}{}", table("one"), table("two"), table("three")));
            project.execute(&lock).await;
            clock.turn("+9h");
            let impatient = ["update", "--changelog-lock-wait-time-in-minutes", "0", "--stale-lock-seconds", "2"];
            let mut waiting = clock.start(&project, &impatient, &messages);
            await_message(&messages, "Waiting for changelog lock");
            clock.turn("-9h");
            let status = waiting.wait().unwrap();
            let told = std::fs::read_to_string(&messages).unwrap();
            assert!(status.success() && told.contains("Took over the change log lock of build7 (10.0.0.7)"), "{dialect}: {told}");
            assert_eq!(project.recorded().await.len(), 3, "{dialect}");
            project.db.remove().await;
        }
    });
}

/// The clock is turned under a run that holds the lock, and the next one comes from yesterday: nobody else gets in while it lives, and
/// it is replaced at once when it was killed.
#[test]
fn the_lock_of_a_runner_does_not_age() {
    const NAME: &str = "the_lock_of_a_runner_does_not_age";
    block_on(async {
        for project in Project::each(NAME, WAITS).await {
            let Some(clock) = Clock::of(NAME, &project) else { return };
            let dialect = project.db.dialect;
            clock.turn("-80h");
            let mut holder = clock.start(&project, &["update", "--allow-commands"], &project.folder.path().join("holder"));
            let until = Instant::now() + PATIENCE;
            while !project.folder.path().join("waiting").exists() {
                assert!(Instant::now() < until, "the changeset that waits was not reached on {dialect}");
                std::thread::sleep(Duration::from_millis(20));
            }
            clock.turn("+9h");
            let hasty = ["update", "--allow-commands", "--changelog-lock-wait-time-in-minutes", "0", "--stale-lock-seconds", "1"];
            let messages = project.folder.path().join("messages");
            let refused = clock.start(&project, &hasty, &messages).wait().unwrap();
            assert_eq!(refused.code(), Some(5), "{dialect}: {}", std::fs::read_to_string(&messages).unwrap());
            holder.kill().unwrap();
            holder.wait().unwrap();
            project.write_file("go", "");
            clock.turn("-200h");
            let status = clock.start(&project, &["update", "--allow-commands"], &messages).wait().unwrap();
            let told = std::fs::read_to_string(&messages).unwrap();
            assert!(status.success() && told.contains("Took over the change log lock of "), "{dialect}: {told}");
            let recorded = rows(&[&["before", "EXECUTED"], &["waits", "EXECUTED"], &["behind", "EXECUTED"]]);
            assert_eq!(project.recorded().await, recorded, "{dialect}");
            assert_eq!(project.query("SELECT COUNT(*) FROM LOCKS WHERE LOCKEDBY IS NULL").await, rows(&[&["1"]]), "{dialect}");
            project.db.remove().await;
        }
    });
}
