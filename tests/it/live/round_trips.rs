//! `fixtures/round-trip/<change type>.yaml`: on each database every change type is applied, undone and applied again, and
//! the catalog and all rows are compared.
//!
//! The changeset `before` makes what must be there, `change` has the change. Where the type has no rollback of its own,
//! the changelog has one and says why. Comments at the top say what is different: `refused: TEXT` and `refused on
//! DATABASE: TEXT` (an error of the update), `does nothing on DATABASE: TEXT` (a warning), `no rollback on DATABASE: TEXT`,
//! `changes nothing`.

use super::project::Project;
use super::{Database, block_on};
use changelog::change::TYPES;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Types that have no changelog here yet: those that Liquibase sells, and what came with them.
const PENDING: &[&str] = &[
    "addCheckConstraint",
    "alterType",
    "attachPartition",
    "createExtension",
    "createFunction",
    "createMaterializedView",
    "createPackage",
    "createPackageBody",
    "createSchema",
    "createSynonym",
    "createTrigger",
    "createType",
    "detachPartition",
    "disableCheckConstraint",
    "disableTrigger",
    "dropCheckConstraint",
    "dropExtension",
    "dropFunction",
    "dropMaterializedView",
    "dropPackage",
    "dropPackageBody",
    "dropSchema",
    "dropSynonym",
    "dropTrigger",
    "dropType",
    "enableCheckConstraint",
    "enableTrigger",
    "grant",
    "markUnused",
    "refreshMaterializedView",
    "renameTrigger",
    "revoke",
    "validateConstraint",
];

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

/// The catalog, and all rows.
async fn state(project: &Project) -> (String, Vec<String>) {
    let schema = project.catalog().await;
    let mut rows = Vec::new();
    for name in schema.tables.keys() {
        let quote = if project.db.dialect == "mariadb" { '`' } else { '"' };
        let mut found: Vec<String> =
            project.query(&format!("SELECT * FROM {quote}{name}{quote}")).await.iter().map(|row| format!("{name}: {row:?}")).collect();
        found.sort();
        rows.extend(found);
    }
    (changelog::schema::describe(&schema), rows)
}

/// Applies the change of a file, undoes it and applies it again.
async fn round_trip(change_type: &str, database: Database) {
    let project = Project::on(database, "");
    let text = std::fs::read_to_string(folder().join(format!("{change_type}.yaml"))).unwrap();
    for file in ["person.csv", "person.sql"] {
        project.write_file(file, &std::fs::read_to_string(folder().join(file)).unwrap());
    }
    project.write_file("changelog.yaml", &text);
    let dialect = project.db.dialect;
    let at = format!("{change_type} on {dialect}");
    let refused = note(&text, &format!("refused on {dialect}")).or_else(|| note(&text, "refused: "));
    if let Some(told) = refused {
        let ran = project.run(&["update", "--allow-commands"]);
        assert_ne!(ran.code, 0, "{at}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(told), "{at}: not {told:?} in {}", ran.stderr);
        return project.db.remove().await;
    }
    project.ok(&["update-count", "1", "--allow-commands"]);
    let before = state(&project).await;
    if let Some(told) = note(&text, &format!("does nothing on {dialect}")) {
        let ran = project.ok(&["update", "--allow-commands"]);
        assert!(ran.stderr.contains(told), "{at}: not {told:?} in {}", ran.stderr);
        assert_eq!(state(&project).await, before, "{at}: it does something");
        return project.db.remove().await;
    }
    project.ok(&["update", "--allow-commands"]);
    let after = state(&project).await;
    assert_eq!(before == after, note(&text, "changes nothing").is_some(), "{at}: whether it changes anything: {after:?}");
    match note(&text, &format!("no rollback on {dialect}")) {
        Some(told) => {
            project.fails(&["rollback-count", "1"], 1, told);
            assert_eq!(state(&project).await, after, "{at}: nothing may be undone");
        }
        None => {
            project.ok(&["rollback-count", "1", "--allow-commands"]);
            assert_eq!(state(&project).await, before, "{at}: undone");
            project.ok(&["update", "--allow-commands"]);
            assert_eq!(state(&project).await, after, "{at}: applied again");
        }
    }
    project.db.remove().await;
}

#[test]
fn every_change_type_has_a_round_trip() {
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let pending = PENDING.iter().map(|name| (*name).to_owned());
    let all: Vec<String> = files.into_iter().chain(pending).collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "a pending type has a changelog");
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), TYPES.iter().map(|t| t.name.to_owned()).collect());
}

fn round_trips_on(server: Option<&str>) {
    block_on(async {
        for change_type in TYPES.iter().filter(|t| !PENDING.contains(&t.name)) {
            let database = match server {
                Some(server) => Database::create("round trips", server).await,
                None => Some(Database::sqlite()),
            };
            let Some(database) = database else { return };
            round_trip(change_type.name, database).await;
        }
    });
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
