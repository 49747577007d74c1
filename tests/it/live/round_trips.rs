//! `fixtures/round-trip/<change type>.yaml`: on each database every change type is applied, undone and applied again, and
//! the catalog and all rows are compared.
//!
//! The changeset `before` makes what must be there, those behind it have the changes; `${other}` is the name of another
//! schema for them. Where the type has no rollback of its own, the changelog has one and says why. Comments at the top say
//! what is different: `refused: TEXT` and `refused on DATABASE: TEXT` (an error of the update), `does nothing on DATABASE:
//! TEXT` (a warning), `no rollback on DATABASE: TEXT`, `kept on rollback: WHY` (nothing is taken back), `changes nothing`.

use super::project::Project;
use super::{Database, block_on, open};
use changelog::change::TYPES;
use changelog::db::Connection;
use changelog::schema::{Schema, describe};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many databases of a kind are worked on at a time: the servers need more time than we do.
const WORKERS: usize = 3;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/round-trip")
}

/// What the comments say behind these words.
fn note<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    text.lines()
        .map_while(|line| line.strip_prefix("# "))
        .find_map(|line| line.strip_prefix(words))
        .map(|rest| rest.trim_start_matches(": "))
}

/// A database, one change type after the other.
struct Bench {
    project: Project,
    /// The name of the other schema.
    other: String,
}

impl Bench {
    fn on(db: Database) -> Bench {
        let other = if db.dialect == "mariadb" { format!("{}_other", db.name) } else { "other".to_owned() };
        let project = Project::on(db, "");
        for file in ["person.csv", "person.sql"] {
            project.write_file(file, &std::fs::read_to_string(folder().join(file)).unwrap());
        }
        Bench { project, other }
    }

    /// The schemas that the changes may have touched, the usual one first.
    async fn spaces(&self, connection: &mut dyn Connection) -> Vec<String> {
        let (usual, sql) = match self.project.db.dialect {
            "sqlite" => return vec!["main".to_owned()],
            "postgresql" => {
                ("public", "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')")
            }
            _ => (
                &*self.project.db.name,
                "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE CONCAT(DATABASE(), '\\_other%')",
            ),
        };
        let found = connection.query(sql).await.unwrap();
        let others = found.iter().map(|row| row.values[0].to_text().unwrap());
        let mut others: Vec<String> = others.filter(|name| name.starts_with(&self.other)).collect();
        others.sort();
        [vec![usual.to_owned()], others].concat()
    }

    /// An empty database: what a type has left is taken away.
    async fn clear(&mut self) {
        let db = &self.project.db;
        if db.dialect == "sqlite" {
            self.project.db = Database::sqlite();
            return;
        }
        let mut connection = open(&db.url).await;
        let cascade = if db.dialect == "postgresql" { " CASCADE" } else { "" };
        let spaces = self.spaces(&mut *connection).await;
        let mut statements: Vec<String> = spaces.iter().map(|space| format!("DROP SCHEMA {space}{cascade}")).collect();
        statements.push(format!("CREATE SCHEMA {}", spaces[0]));
        for statement in statements {
            connection.execute(&statement).await.unwrap_or_else(|e| panic!("{statement}: {e}"));
        }
        connection.close().await.unwrap();
    }

    async fn remove(mut self) {
        self.clear().await;
        self.project.db.remove().await;
    }

    /// The catalog of each schema, and all rows.
    async fn state(&self) -> Vec<String> {
        let dialect = self.project.db.dialect;
        let quote = |name: &str| if dialect == "mariadb" { format!("`{name}`") } else { format!("\"{name}\"") };
        let mut connection = open(&self.project.db.url).await;
        let mut state = Vec::new();
        for space in self.spaces(&mut *connection).await {
            let schema = self.project.schema(&mut *connection, Some(&space)).await;
            state.push(format!("schema {space}\n{}", describe(&schema)));
            for name in holders_of_rows(&schema) {
                let found = connection.query(&format!("SELECT * FROM {}.{}", quote(&space), quote(name))).await.unwrap();
                let mut rows: Vec<String> = found.iter().map(|row| format!("{space}.{name}: {:?}", row.values)).collect();
                rows.sort();
                state.extend(rows);
            }
        }
        connection.close().await.unwrap();
        state
    }

    fn run(&self, words: &[&str]) -> crate::program::Ran {
        self.project.run(&self.words(words).iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn ok(&self, words: &[&str]) -> crate::program::Ran {
        self.project.ok(&self.words(words).iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn words(&self, words: &[&str]) -> Vec<String> {
        let more = ["--allow-commands".to_owned(), format!("-Dother={}", self.other)];
        words.iter().map(|word| (*word).to_owned()).chain(more).collect()
    }

    /// Applies the changes of a file, undoes them and applies them again.
    async fn round_trip(&mut self, change_type: &str) {
        self.clear().await;
        let text = std::fs::read_to_string(folder().join(format!("{change_type}.yaml"))).unwrap();
        self.project.write_file("changelog.yaml", &text);
        let dialect = self.project.db.dialect;
        let at = format!("{change_type} on {dialect}");
        if let Some(told) = note(&text, &format!("refused on {dialect}")).or_else(|| note(&text, "refused: ")) {
            let ran = self.run(&["update"]);
            assert_ne!(ran.code, 0, "{at}: {}{}", ran.stdout, ran.stderr);
            assert!(ran.stderr.contains(told), "{at}: not {told:?} in {}", ran.stderr);
            return;
        }
        self.ok(&["update-count", "1"]);
        let before = self.state().await;
        if let Some(told) = note(&text, &format!("does nothing on {dialect}")) {
            let ran = self.ok(&["update"]);
            assert!(ran.stderr.contains(told), "{at}: not {told:?} in {}", ran.stderr);
            assert_eq!(self.state().await, before, "{at}: it does something");
            return;
        }
        self.ok(&["update"]);
        let after = self.state().await;
        assert_eq!(before == after, note(&text, "changes nothing").is_some(), "{at}: whether it changes anything: {after:#?}");
        let count = (self.project.recorded().await.len() - 1).to_string();
        if let Some(told) = note(&text, &format!("no rollback on {dialect}")) {
            let ran = self.run(&["rollback-count", &count]);
            assert_eq!(ran.code, 1, "{at}: {}{}", ran.stdout, ran.stderr);
            assert!(ran.stderr.contains(told), "{at}: not {told:?} in {}", ran.stderr);
            assert_eq!(self.state().await, after, "{at}: nothing may be undone");
            return;
        }
        self.ok(&["rollback-count", &count]);
        let kept = note(&text, "kept on rollback").is_some();
        assert_eq!(&self.state().await, if kept { &after } else { &before }, "{at}: undone");
        self.ok(&["update"]);
        assert_eq!(self.state().await, after, "{at}: applied again");
    }
}

/// Names of the tables, and of the views that keep rows.
fn holders_of_rows(schema: &Schema) -> impl Iterator<Item = &String> {
    let views = schema.views.iter().filter(|(_, view)| view.materialized && !view.unpopulated).map(|(name, _)| name);
    schema.tables.keys().chain(views)
}

#[test]
fn every_change_type_has_a_round_trip() {
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(files, TYPES.iter().map(|t| t.name.to_owned()).collect());
}

/// Takes one change type after the other, until none is left; gives those that failed.
fn work(server: Option<&str>, next: &AtomicUsize) -> Vec<&'static str> {
    let database = match server {
        Some(server) => block_on(Database::create("round trips", server)),
        None => Some(Database::sqlite()),
    };
    let Some(database) = database else { return Vec::new() };
    let mut bench = Bench::on(database);
    let mut failed = Vec::new();
    while let Some(change_type) = TYPES.get(next.fetch_add(1, Ordering::Relaxed)) {
        let run = AssertUnwindSafe(|| block_on(bench.round_trip(change_type.name)));
        if catch_unwind(run).is_err() {
            failed.push(change_type.name);
        }
    }
    block_on(bench.remove());
    failed
}

fn round_trips_on(server: Option<&str>) {
    let next = AtomicUsize::new(0);
    let failed = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| work(server, &next))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(failed.is_empty(), "failed, each told above: {failed:?}");
}

#[test]
fn changes_are_applied_undone_and_applied_again_on_postgresql() {
    round_trips_on(Some("POSTGRES"));
}

#[test]
fn changes_are_applied_undone_and_applied_again_on_mariadb() {
    round_trips_on(Some("MARIADB"));
}

#[test]
fn changes_are_applied_undone_and_applied_again_on_sqlite() {
    round_trips_on(None);
}
