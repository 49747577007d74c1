//! `fixtures/deviations/*.test`: each deviation of `docs/deviations.json` for PostgreSQL, MySQL, MariaDB and SQLite is
//! proven on a real server, by running Liquibase's statements and ours.
//!
//! A file is a cause, in the words of `docs/deviations.json`; a changeset in it is one of `fixtures/change`, as
//! `type/id`. Its sections, each for some databases:
//!
//! - `spaces`: schemas (PostgreSQL), databases (MySQL, MariaDB) or attached databases (SQLite) that there must be.
//! - `setup`: statements that make what must be there before.
//! - `liquibase`, `liquibase rollback`: what is recorded of Liquibase. `liquibase refuses`: it refuses the change.
//! - `ours`, `ours rollback`: what is rendered here. `ours refuses`: with these errors, before anything runs.
//! - `by the program`: commands that do it, where the database must be asked what it has.
//!
//! and what is claimed of Liquibase's statements, where it does not refuse:
//!
//! - `fails`: the server refuses one of them, with that in its message.
//! - `query`, `liquibase gives`, `ours gives`: a query whose answer shows what is lost.
//! - `ours fails`: the server refuses ours as well, for what the changeset itself says.
//! - `both refuse`: only the texts of the errors differ. `recorded otherwise`: Liquibase, run, does not do what is recorded.
//! - `not proven`: why it cannot be shown here; for MySQL alone, which is tried on a MariaDB server.

use super::project::{Project, Rows};
use super::{Database, block_on, open};
use crate::archive::{Case, plan, read_cases};
use changelog::db::{Connection, Value};
use changelog::report::plan::{Entry, Undo};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const VENDORS: &[&str] = &["postgresql", "mysql", "mariadb", "sqlite"];

/// What a section of a case says for a database.
fn section<'c>(case: &'c Case, name: &str, vendor: &str) -> Option<&'c [String]> {
    case.sections.iter().find(|s| s.name == name && s.is_for(vendor)).map(|s| s.lines.as_slice())
}

fn statements(case: &Case, name: &str, vendor: &str) -> Vec<String> {
    case.sections.iter().find(|s| s.name == name && s.is_for(vendor)).map(|s| s.statements()).unwrap_or_default()
}

/// The entries of `docs/deviations.json` for the real databases: vendor and `type/id`, with the reason.
fn listed(root: &Path) -> BTreeMap<(String, String), String> {
    let list: Vec<BTreeMap<String, String>> =
        serde_json::from_str(&std::fs::read_to_string(root.join("docs/deviations.json")).unwrap()).unwrap();
    let mut found = BTreeMap::new();
    for entry in list.into_iter().filter(|e| VENDORS.contains(&e["vendor"].as_str())) {
        found.insert((entry["vendor"].clone(), format!("{}/{}", entry["type"], entry["id"])), entry["reason"].clone());
    }
    found
}

/// The recorded changesets of the types that are asked for, and what is rendered for them on a database.
#[derive(Default)]
struct Facts {
    cases: BTreeMap<String, (String, Vec<Case>)>,
    rendered: BTreeMap<(String, String), Vec<Entry>>,
}

impl Facts {
    fn read(&mut self, change_type: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/change");
        if self.cases.contains_key(change_type) {
            return;
        }
        let (preamble, cases) = read_cases(&std::fs::read_to_string(folder.join(format!("{change_type}.test"))).unwrap());
        let work = tempfile::tempdir().unwrap();
        let yaml: String = cases.iter().map(|c| c.yaml.as_str()).collect();
        std::fs::write(work.path().join("changelog.yaml"), format!("databaseChangeLog:\n{preamble}{yaml}")).unwrap();
        for vendor in VENDORS {
            let (document, _) = plan(vec![work.path().to_owned(), folder.clone()], "changelog.yaml", vendor);
            self.rendered.insert((change_type.to_owned(), (*vendor).to_owned()), document.changesets);
        }
        self.cases.insert(change_type.to_owned(), (preamble, cases));
    }

    /// The text of a changeset, with what stands before all of its type.
    fn changeset(&mut self, case: &str) -> String {
        let (recorded, _) = self.of(case, "sqlite");
        let yaml = recorded.yaml.clone();
        self.cases[case.split('/').next().unwrap_or_default()].0.clone() + &yaml
    }

    /// What is recorded of a changeset, and what is rendered for it.
    fn of(&mut self, case: &str, vendor: &str) -> (&Case, &Entry) {
        let (change_type, id) = case.split_once('/').unwrap_or_else(|| panic!("{case}: not type/id"));
        self.read(change_type);
        let recorded = self.cases[change_type].1.iter().find(|c| c.id == id).unwrap_or_else(|| panic!("{case} is not recorded"));
        let rendered = &self.rendered[&(change_type.to_owned(), vendor.to_owned())];
        (recorded, rendered.iter().find(|e| e.id == id).unwrap_or_else(|| panic!("{case} is not rendered")))
    }
}

/// Whether a proof says what is recorded of Liquibase and rendered here; what it claims is not looked at.
fn check_texts(case: &Case, vendor: &str, recorded: &Case, entry: &Entry) {
    let place = format!("{} on {vendor}", case.id);
    let both_refuse = section(case, "both refuse", vendor).is_some();
    let refused = ["errors", "no sql"].iter().any(|name| section(recorded, name, vendor).is_some());
    assert_eq!(section(case, "liquibase refuses", vendor).is_some(), refused, "{place}: whether Liquibase refuses");
    assert_eq!(statements(case, "liquibase", vendor), statements(recorded, "sql", vendor), "{place}: Liquibase's statements");
    let undone = statements(recorded, "rollback", vendor);
    assert_eq!(statements(case, "liquibase rollback", vendor), undone, "{place}: Liquibase's rollback");

    assert_eq!(statements(case, "ours", vendor), entry.sql, "{place}: our statements");
    let errors = section(case, "ours refuses", vendor);
    assert_eq!(errors.is_some(), !entry.errors.is_empty(), "{place}: whether it is refused here: {:?}", entry.errors);
    if let Some(errors) = errors.filter(|_| !both_refuse) {
        assert_eq!(errors, entry.errors, "{place}: errors");
    }
    if entry.errors.is_empty() {
        let undone = match &entry.rollback {
            Undo::Statements(list) => list.clone(),
            Undo::Nothing { .. } => Vec::new(),
        };
        assert_eq!(statements(case, "ours rollback", vendor), undone, "{place}: our rollback");
    }
}

/// A database, emptied for each run of a proof, and the names that the proof's spaces have there.
struct Place {
    database: Database,
    connection: Box<dyn Connection>,
    spaces: Vec<(String, String)>,
}

impl Place {
    async fn of(vendor: &str) -> Option<Place> {
        let database = match vendor {
            "postgresql" => Database::create("deviations", "POSTGRES").await?,
            "sqlite" => Database::sqlite(),
            _ => Database::create("deviations", "MARIADB").await?,
        };
        let connection = open(&database.url).await;
        Some(Place { database, connection, spaces: Vec::new() })
    }

    /// Makes it what a proof needs, and nothing else.
    async fn prepare(&mut self, case: &Case, vendor: &str) {
        self.empty(vendor).await;
        for space in section(case, "spaces", vendor).unwrap_or_default() {
            let (make, name) = match vendor {
                "postgresql" => (format!("CREATE SCHEMA {space}"), space.clone()),
                "sqlite" => (format!("ATTACH ':memory:' AS {space}"), space.clone()),
                // Databases of a server are everybody's: this test's have names of their own.
                _ => (format!("CREATE DATABASE {}_{space}", self.database.name), format!("{}_{space}", self.database.name)),
            };
            self.connection.execute(&make).await.unwrap_or_else(|e| panic!("{make}: {e}"));
            self.spaces.push((space.clone(), name));
        }
        for statement in statements(case, "setup", vendor) {
            self.run(&statement).await.unwrap_or_else(|e| panic!("{}: {statement}: {e}", case.id));
        }
    }

    async fn empty(&mut self, vendor: &str) {
        let spaces: Vec<String> = std::mem::take(&mut self.spaces).into_iter().map(|(_, name)| name).collect();
        let name = self.database.name.clone();
        let statements = match vendor {
            "postgresql" => {
                let spaces = spaces.iter().map(|s| format!("DROP SCHEMA {s} CASCADE"));
                spaces.chain(["DROP SCHEMA public CASCADE".into(), "CREATE SCHEMA public".into()]).collect()
            }
            "sqlite" => {
                self.database = Database::sqlite();
                Vec::new()
            }
            _ => {
                let spaces = spaces.iter().map(|s| format!("DROP DATABASE {s}"));
                spaces.chain([format!("DROP DATABASE {name}"), format!("CREATE DATABASE {name}")]).collect()
            }
        };
        for statement in statements {
            self.connection.execute(&statement).await.unwrap_or_else(|e| panic!("{statement}: {e}"));
        }
        // What a proof sets in its session ends with it.
        let new = open(&self.database.url).await;
        std::mem::replace(&mut self.connection, new).close().await.unwrap();
    }

    /// A text with the names that the spaces have here.
    fn named(&self, text: &str) -> String {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut out = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len()).max(1);
            let end = (end..=rest.len()).find(|e| rest.is_char_boundary(*e)).unwrap_or(rest.len());
            let (word, tail) = rest.split_at(end);
            out.push_str(self.spaces.iter().find(|(space, _)| space == word).map_or(word, |(_, name)| name));
            rest = tail;
        }
        out
    }

    async fn run(&mut self, statement: &str) -> Result<(), String> {
        if statement.trim().is_empty() {
            return Ok(());
        }
        self.connection.execute(&self.named(statement)).await.map(|_| ()).map_err(|e| e.to_string())
    }

    /// Runs statements until one fails; the error is told with its statement.
    async fn run_all(&mut self, statements: &[String]) -> Result<(), String> {
        for statement in statements {
            self.run(statement).await.map_err(|e| format!("{statement}: {e}"))?;
        }
        Ok(())
    }

    async fn answer(&mut self, query: &str) -> Rows {
        let found = self.connection.query(&self.named(query)).await.unwrap_or_else(|e| panic!("{query}: {e}"));
        found.iter().map(|r| r.values.iter().map(Value::to_text).collect()).collect()
    }

    async fn remove(mut self, vendor: &str) {
        self.empty(vendor).await;
        self.connection.close().await.unwrap();
        self.database.remove().await;
    }
}

/// The rows of a section: a line a row, with ` | ` between its cells.
fn expected(lines: &[String]) -> Rows {
    let cell = |text: &str| (text != "NULL").then(|| text.to_owned());
    lines.iter().map(|line| line.split(" | ").map(cell).collect()).collect()
}

/// Runs statements on a new database, and asks the query of a proof; then only what is done runs, not what undoes it.
async fn outcome(place: &mut Place, case: &Case, vendor: &str, done: &str, undone: &str) -> (Result<(), String>, Option<Rows>) {
    place.prepare(case, vendor).await;
    let mut all = statements(case, done, vendor);
    let query = section(case, "query", vendor).map(|lines| lines.join("\n"));
    if query.is_none() {
        all.extend(statements(case, undone, vendor));
    }
    let ran = place.run_all(&all).await;
    let answer = match &query {
        Some(query) if ran.is_ok() => Some(place.answer(query).await),
        _ => None,
    };
    (ran, answer)
}

/// Runs a proof.
async fn prove(place: &mut Place, case: &Case, vendor: &str, changeset: &str) {
    let at = format!("{} on {vendor}", case.id);
    let claim = |name: &str| section(case, name, vendor).map(|lines| lines.join("\n"));
    let refuses = claim("liquibase refuses").is_some();
    if claim("not proven").is_some() || claim("recorded otherwise").is_some() || claim("both refuse").is_some() {
        assert!(claim("not proven").is_none() || vendor == "mysql", "{at}: there is a server to prove it on");
        assert!(claim("both refuse").is_none() || (refuses && claim("ours refuses").is_some()), "{at}: both must refuse");
        return;
    }
    if !refuses || !statements(case, "liquibase rollback", vendor).is_empty() {
        let (ran, answer) = outcome(place, case, vendor, "liquibase", "liquibase rollback").await;
        match (claim("fails"), claim("liquibase gives")) {
            (Some(message), None) => {
                let message = place.named(&message);
                let error = ran.expect_err(&format!("{at}: Liquibase's statements must fail"));
                assert!(error.contains(&message), "{at}: not {message:?} in {error:?}");
            }
            (None, Some(_)) => {
                ran.unwrap_or_else(|e| panic!("{at}: {e}"));
                let gives = expected(section(case, "liquibase gives", vendor).unwrap_or_default());
                assert_eq!(answer, Some(gives.clone()), "{at}: after Liquibase's statements");
                let ours = section(case, "ours gives", vendor).unwrap_or_else(|| panic!("{at}: what ours give is not said"));
                assert_ne!(expected(ours), gives, "{at}: nothing is lost");
            }
            _ => panic!("{at}: one thing must be claimed"),
        }
    }
    if let Some(commands) = section(case, "by the program", vendor) {
        place.prepare(case, vendor).await;
        by_the_program(place, case, vendor, changeset, commands).await;
    } else if claim("ours refuses").is_none() {
        let (ran, answer) = outcome(place, case, vendor, "ours", "ours rollback").await;
        match claim("ours fails") {
            Some(message) => {
                let error = ran.expect_err(&format!("{at}: ours must fail"));
                assert!(error.contains(&place.named(&message)), "{at}: not {message:?} in {error:?}");
            }
            None => ran.unwrap_or_else(|e| panic!("{at}: ours: {e}")),
        }
        if let Some(gives) = section(case, "ours gives", vendor) {
            assert_eq!(answer, Some(expected(gives)), "{at}: after our statements");
        }
    }
}

/// Runs the changeset itself, on a database with what it needs.
async fn by_the_program(place: &mut Place, case: &Case, vendor: &str, changeset: &str, commands: &[String]) {
    let project = Project::on(std::mem::replace(&mut place.database, Database::sqlite()), changeset);
    for command in commands.iter().filter(|c| *c != ";") {
        let words: Vec<&str> = command.split(' ').collect();
        match section(case, "ours fails", vendor) {
            Some(message) => project.fails(&words, 1, &message.join("\n")),
            None => project.ok(&words),
        };
    }
    if let Some(query) = section(case, "query", vendor) {
        let gives = expected(section(case, "ours gives", vendor).unwrap_or_default());
        assert_eq!(project.query(&query.join("\n")).await, gives, "{} on {vendor}: by the program", case.id);
    }
    place.database = project.db;
}

/// The proofs, each file with the cause that it is about.
fn proofs() -> Vec<(String, Vec<Case>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/deviations");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| read_cases(&std::fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn each_deviation_has_a_proof_of_what_is_recorded_and_rendered() {
    let listed = listed(Path::new(env!("CARGO_MANIFEST_DIR")));
    let mut proven = BTreeSet::new();
    let mut facts = Facts::default();
    for (cause, cases) in proofs() {
        for case in &cases {
            let vendors: BTreeSet<&String> = case.sections.iter().flat_map(|s| &s.dialects).collect();
            for vendor in vendors {
                let key = (vendor.clone(), case.id.clone());
                assert_eq!(listed.get(&key).map(String::as_str), Some(cause.trim()), "{} on {vendor}: the cause", case.id);
                let (recorded, entry) = facts.of(&case.id, vendor);
                check_texts(case, vendor, recorded, entry);
                assert!(proven.insert(key), "{} on {vendor}: proven twice", case.id);
            }
        }
    }
    let missing: Vec<_> = listed.keys().filter(|key| !proven.contains(*key)).collect();
    assert!(missing.is_empty(), "deviations without a proof: {missing:?}");
}

/// Runs the proofs for a database, as far as there is a server.
fn prove_on(vendor: &str) {
    let mut facts = Facts::default();
    block_on(async {
        let Some(mut place) = Place::of(vendor).await else { return };
        for case in proofs().iter().flat_map(|(_, cases)| cases) {
            if case.sections.iter().any(|s| s.is_for(vendor)) {
                prove(&mut place, case, vendor, &facts.changeset(&case.id)).await;
            }
        }
        place.remove(vendor).await;
    });
}

#[test]
fn deviations_on_postgresql_are_needed() {
    prove_on("postgresql");
}

#[test]
fn deviations_on_mariadb_are_needed() {
    prove_on("mariadb");
}

#[test]
fn deviations_on_mysql_are_needed() {
    prove_on("mysql");
}

#[test]
fn deviations_on_sqlite_are_needed() {
    prove_on("sqlite");
}
