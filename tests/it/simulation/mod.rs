//! The run loop against a model of a server, through thousands of schedules of faults: the real servers of the other tests
//! show that the statements do what they should, this shows that no order of events goes wrong.
//!
//! Time is simulated, every choice comes from a seed, and a failure names the schedule that leads to it. After any faults one
//! run without them must complete the work, and leave exactly what a run that nothing disturbed leaves.
//! `CHANGELOG_SIMULATIONS=1000000` makes a night of it.

mod connection;
mod server;
mod sql;

use crate::live::variable;
use changelog::changelog::loader::{Changelog, LoadOptions, load};
use changelog::changelog::properties::{MissingProperty, Properties};
use changelog::changelog::search_path::{DuplicateFileMode, SearchPath};
use changelog::dialect;
use changelog::exec::event::Silent;
use changelog::exec::script::LedgerSql;
use changelog::exec::{Run, RunError, RunOptions, Session};
use changelog::history::ledger::TableNames;
use changelog::plan::filter::{Limit, Selection};
use changelog::plan::rollback::Back;
use changelog::sql::{Target, Version};
use connection::{Client, Fate, Fault, Reach, Simulated};
use fastrand::Rng;
use server::{Flavour, Outcome, Server, Shared, lock};
use sql::Tables;
use std::future::Future;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Definitions and rows in all mixtures, with updates that would tell if they ran twice.
const CHANGELOG: &str = "databaseChangeLog:
- changeSet: {id: start, author: a, changes: [{empty: {}}]}
- changeSet: {id: a, author: a, changes: [{createTable: {tableName: a, columns: [{column: {name: n, type: int}}]}}]}
- changeSet:
    id: rows
    author: a
    changes:
    - insert: {tableName: a, columns: [{column: {name: n, valueNumeric: 1}}]}
    - sql: UPDATE a SET n = n + 1 WHERE n = 1
    rollback: DELETE FROM a WHERE n = 2
- changeSet:
    id: mixed
    author: a
    changes:
    - createTable: {tableName: b, columns: [{column: {name: n, type: int}}]}
    - createIndex: {tableName: b, indexName: b_n, columns: [{column: {name: n}}]}
    - insert: {tableName: b, columns: [{column: {name: n, valueNumeric: 10}}]}
    - sql: UPDATE b SET n = n + 1
    - addColumn: {tableName: b, columns: [{column: {name: m, type: int}}]}
    - sql: UPDATE b SET n = n + 1
    rollback:
    - sql: UPDATE a SET n = n + 5 WHERE n = 2
    - dropColumn: {tableName: b, columnName: m}
    - sql: UPDATE a SET n = 2 WHERE n = 7
    - dropTable: {tableName: b}
- changeSet:
    id: alone
    author: a
    runInTransaction: false
    changes:
    - createTable: {tableName: c, columns: [{column: {name: n, type: int}}]}
    - insert: {tableName: c, columns: [{column: {name: n, valueNumeric: 100}}]}
    - sql: UPDATE c SET n = n + 1
    - createIndex: {tableName: c, indexName: c_n, columns: [{column: {name: n}}]}
    rollback:
    - dropTable: {tableName: c}
- changeSet: {id: last, author: a, changes: [{sql: UPDATE a SET n = n + 1}], rollback: UPDATE a SET n = 2}
";

/// As many schedules as a debug build runs in a quarter of a minute on two cores; `tests/run` asks for ten times as many.
const SCHEDULES: usize = 2_000;

/// What a client does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    Update,
    /// Back to the first changeset.
    Rollback,
}

/// Nothing goes wrong.
struct Undisturbed;

impl Fate for Undisturbed {
    fn of_message(&mut self, _statements: usize) -> Option<Fault> {
        None
    }
    fn latency(&mut self) -> Duration {
        Duration::from_millis(1)
    }
}

/// One fault at one message.
struct Once {
    countdown: usize,
    fault: Fault,
}

impl Fate for Once {
    fn of_message(&mut self, _statements: usize) -> Option<Fault> {
        self.countdown = self.countdown.wrapping_sub(1);
        (self.countdown == usize::MAX).then_some(self.fault)
    }
    fn latency(&mut self) -> Duration {
        Duration::from_millis(1)
    }
}

/// Faults by chance.
struct ByChance(Rng);

impl ByChance {
    fn reach(&mut self, statements: usize) -> Reach {
        let now = self.0.usize(0..=statements);
        let notices = [0, 1, 20, 3_000][self.0.usize(0..4)];
        Reach { now, later: self.0.usize(now..=statements), notices: Duration::from_millis(notices) }
    }
}

impl Fate for ByChance {
    fn of_message(&mut self, statements: usize) -> Option<Fault> {
        match self.0.u8(..) {
            0..4 => Some(Fault::Kill(self.reach(statements))),
            4..8 => Some(Fault::Cut(self.reach(statements))),
            8..10 => Some(Fault::Deadlock(self.0.usize(0..=statements))),
            10..14 => Some(Fault::Pause(Duration::from_millis([5, 200, 2_500][self.0.usize(0..3)]))),
            _ => None,
        }
    }
    fn latency(&mut self) -> Duration {
        Duration::from_millis(self.0.u64(0..4))
    }
}

/// What all runs of a task share.
struct World {
    changelog: Changelog,
    selection: Selection,
    flavour: Flavour,
    task: Task,
    /// What a server has before the task.
    before: Tables,
    /// What an undisturbed run of it leaves.
    wanted: Tables,
}

impl World {
    fn new(flavour: Flavour, task: Task) -> World {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("changelog.yaml"), CHANGELOG).unwrap();
        let search = SearchPath::new(vec![dir.path().to_owned()], DuplicateFileMode::Error);
        let properties = Properties::new(std::iter::empty(), std::iter::empty()).with_mode(MissingProperty::Preserve, false);
        let database = flavour.dialect().to_owned();
        let changelog =
            load("changelog.yaml", search, properties, LoadOptions { database: Some(database.clone()), ..LoadOptions::default() });
        assert!(!changelog.problems.has_errors(), "{:?}", changelog.problems);
        let selection = Selection { database, ..Selection::default() };
        let mut world = World { changelog, selection, flavour, task, before: Tables::new(), wanted: Tables::new() };
        if task == Task::Rollback {
            let server = world.server();
            simulate(world.undisturbed(&server, Task::Update));
            tag(&server);
            world.before = lock(&server).committed().clone();
        }
        let server = world.server();
        simulate(world.undisturbed(&server, task));
        world.wanted = lock(&server).committed().clone();
        world
    }

    /// A server before the task.
    fn server(&self) -> Shared {
        Server::new(self.flavour, self.before.clone())
    }

    /// Runs a task as a process of that name would, to its end or to that of the process.
    async fn run(
        &self,
        server: &Shared,
        task: Task,
        name: &str,
        fate: Box<dyn Fate>,
        client: &Arc<Client>,
    ) -> Option<Result<(), RunError>> {
        let connection = Simulated::new(server, fate, client);
        let mut target = Target::new(dialect::by_name(self.flavour.dialect()).unwrap(), Version::parse("11.0"));
        target.offline = false;
        match self.flavour {
            Flavour::Transactional => target.default_schema = Some("app".to_owned()),
            Flavour::Implicit => target.default_catalog = Some("app".to_owned()),
        }
        let mut session = Session { connection: Some(Box::new(connection)), address: None, script: None, target, display: String::new() };
        let options = RunOptions {
            tables: TableNames::default(),
            lock_wait: Duration::from_secs(300),
            lock_poll: Duration::from_secs(1),
            lock_owner: format!("host#changelog-{name} (here)"),
            session_lock: true,
            stale_lock: None,
            deployment_id: "1".to_owned(),
            now: 0,
            ran_at: String::new(),
            allow_duplicates: false,
            allow_commands: false,
            forbids_sql_checks: false,
            custom_classes: Default::default(),
            custom_environment: Vec::new(),
            ledger_sql: LedgerSql::All,
            offline_history: None,
            started: String::new(),
            strict: false,
        };
        let mut observer = Silent;
        let result = {
            let mut run = Run::new(&self.changelog, &self.selection, &mut session, &mut observer, &options);
            let work = async {
                match task {
                    Task::Update => run.update(&Limit::None, "").await.1,
                    Task::Rollback => run.rollback(&Back::TagOldest("start".to_owned()), "", None).await.1,
                }
            };
            tokio::select! {
                result = work => Some(result),
                () = client.killed.notified() => None,
            }
        };
        // A process that ends closes its connection; one that was killed has the server find out.
        if let (Some(_), Some(connection)) = (&result, session.connection.take()) {
            connection.close().await.unwrap();
        }
        result
    }

    async fn undisturbed(&self, server: &Shared, task: Task) -> Arc<Client> {
        let client = Arc::default();
        let result = self.run(server, task, "undisturbed", Box::new(Undisturbed), &client).await;
        assert_eq!(result, Some(Ok(())));
        client
    }

    /// After faults: a run without them completes the work, and everything is as if there had been none.
    async fn check(&self, server: &Shared, schedule: &dyn Fn() -> String) {
        self.last(server, schedule).await;
        let effects = |tables: &Tables| texts(tables).into_iter().filter(|line| !is_of_the_lock(line)).collect::<Vec<_>>();
        assert_eq!(effects(lock(server).committed()), effects(&self.wanted), "{}", schedule());
        // When the server has found out that nobody is behind a session, the next run clears away what is left of it.
        tokio::time::sleep(Duration::from_secs(10)).await;
        self.last(server, schedule).await;
        let server = lock(server);
        assert!(server.is_quiet(), "{}: {server:?}", schedule());
        assert_eq!(texts(server.committed()), texts(&self.wanted), "{}", schedule());
    }

    async fn last(&self, server: &Shared, schedule: &dyn Fn() -> String) {
        let result = self.run(server, self.task, "last", Box::new(Undisturbed), &Arc::default()).await;
        assert_eq!(result, Some(Ok(())), "{}", schedule());
    }
}

/// Whether a line is about a table that comes and goes with a run.
fn is_of_the_lock(line: &str) -> bool {
    line.starts_with("databasechangeloglock") || line.starts_with("databasechangelogjournal")
}

/// Tables with their rows and indexes, a line each, without what is empty.
fn texts(tables: &Tables) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, table) in tables {
        lines.push(format!("{name}: {:?} {:?}", table.columns, table.indexes));
        for row in &table.rows {
            let cells: Vec<String> = row.iter().filter_map(|(column, value)| Some(format!("{column}={}", value.as_ref()?))).collect();
            lines.push(format!("{name}: {}", cells.join(" ")));
        }
    }
    lines
}

fn simulate<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(future)
}

/// Tags the first changeset, as `changelog tag` does. (A changeset that tags is undone with those behind it.)
fn tag(server: &Shared) {
    let mut server = lock(server);
    let session = server.connect();
    let tagged = server.run(session, "UPDATE databasechangelog SET tag = 'start' WHERE id = 'start'");
    assert!(matches!(tagged, Outcome::Done(Ok(answer)) if answer.affected == 1));
    server.end(session);
}

const ALL: [(Flavour, Task); 4] = [
    (Flavour::Transactional, Task::Update),
    (Flavour::Transactional, Task::Rollback),
    (Flavour::Implicit, Task::Update),
    (Flavour::Implicit, Task::Rollback),
];

#[test]
fn what_is_left_is_what_was_meant() {
    for (flavour, task) in ALL {
        let tables = World::new(flavour, task).wanted;
        let rows = |table: &str| tables.get(table).map(|t| t.rows.iter().map(|r| r["n"].clone().unwrap()).collect::<Vec<_>>());
        match task {
            Task::Update => {
                assert_eq!((rows("a"), rows("b"), rows("c")), (Some(vec!["3".into()]), Some(vec!["12".into()]), Some(vec!["101".into()])));
                assert_eq!(tables["databasechangelog"].rows.len(), 6);
            }
            Task::Rollback => {
                assert_eq!((rows("a"), rows("b"), rows("c")), (None, None, None));
                assert_eq!(tables["databasechangelog"].rows.len(), 1);
            }
        }
        let names: Vec<&str> = tables.keys().map(String::as_str).filter(|name| name.len() > 1).collect();
        assert_eq!(names, ["databasechangelog", "databasechangeloglock"]);
    }
}

/// Does that many pieces of work on all cores.
fn on_all_cores(pieces: usize, work: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while let Some(piece) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|piece| *piece < pieces) {
                    work(piece);
                }
            });
        }
    });
}

#[test]
fn one_fault_at_any_statement_of_any_message_loses_and_doubles_nothing() {
    let mut all = 0;
    for (flavour, task) in ALL {
        let world = World::new(flavour, task);
        let messages = simulate(world.undisturbed(&world.server(), task)).messages.lock().unwrap().clone();
        let mut schedules = Vec::new();
        for (message, statements) in messages.iter().enumerate() {
            for now in 0..=*statements {
                schedules.push((message, Fault::Deadlock(now)));
                for (later, notices) in [(now, 0), (now, 500), (*statements, 500)] {
                    let reach = Reach { now, later, notices: Duration::from_millis(notices) };
                    schedules.extend([(message, Fault::Kill(reach)), (message, Fault::Cut(reach))]);
                }
            }
        }
        all += schedules.len();
        on_all_cores(schedules.len(), |number| {
            let (message, fault) = schedules[number];
            simulate(async {
                let (server, client) = (world.server(), Arc::default());
                let result = world.run(&server, task, "first", Box::new(Once { countdown: message, fault }), &client).await;
                world.check(&server, &|| format!("{flavour:?} {task:?}, message {message}: {fault:?}, then {result:?}")).await;
            });
        });
    }
    assert!(all > 2_000, "only {all} schedules");
}

#[test]
fn many_runners_and_many_faults_lose_and_double_nothing() {
    let number = variable("CHANGELOG_SIMULATIONS").map_or(SCHEDULES, |n| n.parse().unwrap());
    for (flavour, task) in ALL {
        let world = World::new(flavour, task);
        on_all_cores(number / ALL.len(), |seed| {
            simulate(async {
                let server = world.server();
                let mut rng = Rng::with_seed(seed as u64);
                let runners = rng.usize(1..=4);
                let runs = (0..runners).map(|runner| {
                    let (world, server, mut rng) = (&world, &server, rng.fork());
                    async move {
                        // A process that ended is started again, as Kubernetes does.
                        for start in 0..rng.usize(1..=3) {
                            let client = Arc::default();
                            let fate = Box::new(ByChance(rng.fork()));
                            world.run(server, task, &format!("{runner}.{start}"), fate, &client).await;
                        }
                    }
                });
                futures_util::future::join_all(runs).await;
                world.check(&server, &|| format!("{flavour:?} {task:?}, seed {seed}")).await;
            });
        });
    }
}
