//! Changelogs of public projects, run as Liquibase 4.28 ran them. They are other projects' files and not in this repository: where
//! they are not, in `../shared/corpora` or `CHANGELOG_TEST_CORPORA`, these tests are skipped.

use super::project::Project;
use super::{Database, block_on, name_skipped, variable};
use crate::program::{Ran, run_in};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A project's changelogs and what is recorded of them.
struct Corpus {
    folder: PathBuf,
    /// The changelogs, which run one after the other.
    steps: Vec<String>,
}

fn read(path: &Path) -> Json {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

impl Corpus {
    fn all(test: &str) -> Vec<Corpus> {
        let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
        let folder = variable("CHANGELOG_TEST_CORPORA").map_or_else(usual, PathBuf::from);
        let Ok(entries) = std::fs::read_dir(&folder) else {
            name_skipped(test, &format!("{} is not here", folder.display()));
            return Vec::new();
        };
        let mut folders: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).filter(|p| p.join("corpus.json").exists()).collect();
        folders.sort();
        assert!(!folders.is_empty(), "no corpus in {}", folder.display());
        let step = |step: &Json| step["changelog"].as_str().unwrap().to_owned();
        let steps = |folder: &Path| read(&folder.join("corpus.json"))["steps"].as_array().unwrap().iter().map(step).collect();
        folders.into_iter().map(|folder| Corpus { steps: steps(&folder), folder }).collect()
    }

    /// What is recorded on a database, if all of it ran there.
    fn recorded(&self, database: &str, file: &str) -> Option<Json> {
        let folder = self.folder.join("golden").join(database);
        let result = folder.join("result.json");
        let ran = result.exists() && read(&result)["steps"].as_array().unwrap().iter().all(|step| step["exit"] == 0);
        ran.then(|| read(&folder.join(file)))
    }

    /// An empty database, and programs for the Java classes that do nothing, as when it was recorded.
    fn on(&self, db: Database) -> Project {
        let project = Project::on(db, "");
        project.write_file("nothing", "#!/bin/sh\nexit 0\n");
        std::process::Command::new("chmod").args(["+x", "nothing"]).current_dir(project.folder.path()).status().unwrap();
        let stubs = self.recorded("postgresql", "result.json").map(|result| result["custom_class_stubs"].clone());
        let classes =
            stubs.iter().flat_map(|list| list.as_array().unwrap()).map(|class| format!("  {}: ./nothing\n", class.as_str().unwrap()));
        project.write_file("changelog.config.yaml", &format!("programs:\n{}", classes.collect::<String>()));
        project
    }

    fn update(&self, project: &Project) -> Vec<Ran> {
        let files = self.folder.join("files").display().to_string();
        let run = |step: &String| {
            let words = ["update", "--url", &project.db.url, "--changelog-file", step, "--search-path", &files];
            let ran = run_in(project.folder.path(), &words);
            assert_eq!(ran.code, 0, "{step} on {}: {}{}", project.db.dialect, ran.stdout, ran.stderr);
            ran
        };
        self.steps.iter().map(run).collect()
    }

    /// Again there is nothing to do.
    async fn is_done(&self, project: &Project) {
        let rows = "SELECT COUNT(*), MAX(ORDEREXECUTED) FROM LEDGER";
        let before = project.query(rows).await;
        for ran in self.update(project) {
            assert!(ran.stderr.contains("Database is up to date, no changesets to execute"), "{}", ran.stderr);
        }
        assert_eq!(project.query(rows).await, before);
    }
}

/// How many rows each table has.
async fn counts(project: &Project) -> BTreeMap<String, u64> {
    let tables: Vec<String> = project.catalog().await.tables.into_keys().collect();
    let mut counts = BTreeMap::new();
    for name in tables {
        let quote = if project.db.dialect == "mariadb" { '`' } else { '"' };
        let found = project.query(&format!("SELECT COUNT(*) FROM {quote}{name}{quote}")).await;
        counts.insert(name, found[0][0].as_ref().unwrap().parse().unwrap());
    }
    counts
}

fn recorded_counts(tables: &Json) -> BTreeMap<String, u64> {
    tables.as_object().unwrap().iter().map(|(name, table)| (name.clone(), table[0].as_u64().unwrap())).collect()
}

#[test]
fn changelogs_of_public_projects_leave_what_is_recorded() {
    block_on(async {
        const NAME: &str = "changelogs_of_public_projects_leave_what_is_recorded";
        for corpus in Corpus::all(NAME) {
            // Not MySQL: what is recorded under that name came from a Liquibase that took the server for MariaDB.
            for server in ["POSTGRES", "MARIADB"] {
                let Some(db) = Database::create(NAME, server).await else { continue };
                let Some(recorded) = corpus.recorded(db.dialect, "databasechangelog.json") else { continue };
                let project = corpus.on(db);
                corpus.update(&project);
                let columns = [
                    "id",
                    "author",
                    "filename",
                    "orderexecuted",
                    "exectype",
                    "md5sum",
                    "description",
                    "comments",
                    "tag",
                    "contexts",
                    "labels",
                ];
                let rows = project.query(&format!("SELECT {} FROM LEDGER ORDER BY ORDEREXECUTED", columns.join(", "))).await;
                let recorded = recorded.as_array().unwrap();
                let text = |value: &Json| {
                    if value.is_null() { None } else { Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned)) }
                };
                for (row, recorded) in rows.iter().zip(recorded) {
                    assert_eq!(*row, columns.map(|column| text(&recorded[column])));
                }
                assert_eq!(rows.len(), recorded.len());
                let tables = corpus.recorded(project.db.dialect, "tables.json").unwrap();
                assert_eq!(counts(&project).await, recorded_counts(&tables), "{} on {}", corpus.folder.display(), project.db.dialect);
                corpus.is_done(&project).await;
                project.db.remove().await;
            }
        }
    });
}

/// Liquibase refuses all of them on SQLite, where it can add no constraints. Here they leave the tables that they leave elsewhere.
#[test]
fn changelogs_of_public_projects_run_on_sqlite() {
    block_on(async {
        for corpus in Corpus::all("changelogs_of_public_projects_run_on_sqlite") {
            // This one has types in properties that are not defined for other databases.
            if corpus.folder.ends_with("gocd") {
                continue;
            }
            let elsewhere = corpus.recorded("mariadb", "tables.json").unwrap();
            let project = corpus.on(Database::sqlite());
            corpus.update(&project);
            let lower =
                |counts: BTreeMap<String, u64>| counts.into_iter().map(|(name, n)| (name.to_lowercase(), n)).collect::<BTreeMap<_, _>>();
            assert_eq!(lower(counts(&project).await), lower(recorded_counts(&elsewhere)), "{}", corpus.folder.display());
            assert!(project.query("PRAGMA foreign_key_check").await.is_empty());
            assert_eq!(project.query("PRAGMA integrity_check").await, super::project::rows(&[&["ok"]]));
            corpus.is_done(&project).await;
        }
    });
}
