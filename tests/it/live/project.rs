//! A changelog in a folder of its own, run by the program on a database of its own.

use super::{Database, open};
use crate::program::{Ran, run_in};
use changelog::db::Connection;
use changelog::dialect;
use changelog::schema::Schema;
use changelog::snapshot::schema;
use changelog::sql::{Target, Version};

/// The changelog `changelog.yaml` and its database.
pub(crate) struct Project {
    pub(crate) db: Database,
    pub(crate) folder: tempfile::TempDir,
}

/// What a query gave, as text.
pub(crate) type Rows = Vec<Vec<Option<String>>>;

/// Rows to compare with; the word `NULL` stands for SQL NULL.
pub(crate) fn rows(expected: &[&[&str]]) -> Rows {
    expected.iter().map(|r| r.iter().map(|v| (*v != "NULL").then(|| (*v).to_owned())).collect()).collect()
}

impl Project {
    /// One on each kind of database there is here. The text is that below `databaseChangeLog:`.
    pub(crate) async fn each(test: &str, changesets: &str) -> Vec<Project> {
        Database::each(test).await.into_iter().map(|db| Project::on(db, changesets)).collect()
    }

    /// One on this database.
    pub(crate) fn on(db: Database, changesets: &str) -> Project {
        let project = Project { db, folder: tempfile::tempdir().unwrap() };
        project.write(changesets);
        project
    }

    /// Replaces the changelog.
    pub(crate) fn write(&self, changesets: &str) {
        self.write_file("changelog.yaml", &format!("databaseChangeLog:\n{changesets}"));
    }

    /// Writes a file beside the changelog.
    pub(crate) fn write_file(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// Runs a command that takes a changelog.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        let mut all = words.to_vec();
        all.extend(["--url", &self.db.url, "--changelog-file", "changelog.yaml"]);
        run_in(self.folder.path(), &all)
    }

    /// Runs it, and it must succeed.
    pub(crate) fn ok(&self, words: &[&str]) -> Ran {
        let ran = self.run(words);
        assert_eq!(ran.code, 0, "{} on {}: {}{}", words.join(" "), self.db.dialect, ran.stdout, ran.stderr);
        ran
    }

    /// Runs it, and it must fail with that exit code and that text on standard error.
    pub(crate) fn fails(&self, words: &[&str], code: i32, text: &str) -> Ran {
        let ran = self.run(words);
        assert_eq!(ran.code, code, "{} on {}: {}{}", words.join(" "), self.db.dialect, ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(text), "{} on {}: not {text:?} in {}", words.join(" "), self.db.dialect, ran.stderr);
        ran
    }

    /// Runs a command that takes no changelog; it must succeed.
    pub(crate) fn plain(&self, words: &[&str]) -> Ran {
        let mut all = words.to_vec();
        all.extend(["--url", &self.db.url]);
        let ran = run_in(self.folder.path(), &all);
        assert_eq!(ran.code, 0, "{} on {}: {}{}", words.join(" "), self.db.dialect, ran.stdout, ran.stderr);
        ran
    }

    /// The rows of a query. `LEDGER` stands for the name of the ledger, `LOCKS` for that of the lock table,
    /// `DIGESTS` for that of the digest table, `JOURNALS` for that of the journal.
    pub(crate) async fn query(&self, sql: &str) -> Rows {
        let mut connection = open(&self.db.url).await;
        let found = connection.query(&self.names(sql)).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        connection.close().await.unwrap();
        found.iter().map(|r| r.values.iter().map(changelog::db::Value::to_text).collect()).collect()
    }

    /// The schema, without the tables of the program itself.
    pub(crate) async fn catalog(&self) -> Schema {
        let mut connection = open(&self.db.url).await;
        let found = self.schema(connection.as_mut(), None).await;
        connection.close().await.unwrap();
        found
    }

    /// The schema of that name, or the usual one, without the tables of the program itself.
    pub(crate) async fn schema(&self, connection: &mut dyn Connection, name: Option<&str>) -> Schema {
        let version = Version::parse(&connection.server().version);
        let target = Target::new(dialect::by_name(self.db.dialect).unwrap(), version);
        let target = Target { offline: false, default_schema: name.map(str::to_owned), ..target };
        let mut found = schema::read(connection, &target).await.unwrap();
        found.tables.retain(|name, _| !name.to_ascii_lowercase().starts_with("databasechangelog"));
        found
    }

    /// Runs a statement, with names as in [`Project::query`].
    pub(crate) async fn execute(&self, sql: &str) {
        let mut connection = open(&self.db.url).await;
        connection.execute(&self.names(sql)).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        connection.close().await.unwrap();
    }

    /// As [`Project::query`], where the database may refuse.
    pub(crate) async fn try_query(&self, sql: &str) -> Result<usize, changelog::db::DbError> {
        let mut connection = open(&self.db.url).await;
        let found = connection.query(&self.names(sql)).await;
        connection.close().await.unwrap();
        found.map(|rows| rows.len())
    }

    fn names(&self, sql: &str) -> String {
        let folded = |name: &str| if self.db.dialect == "postgresql" { name.to_lowercase() } else { name.to_owned() };
        sql.replace("LEDGER", &folded("DATABASECHANGELOG"))
            .replace("LOCKS", &folded("DATABASECHANGELOGLOCK"))
            .replace("DIGESTS", &folded("DATABASECHANGELOGDIGEST"))
            .replace("JOURNALS", &folded("DATABASECHANGELOGJOURNAL"))
    }

    /// Ids and kinds of the recorded changesets, in their order.
    pub(crate) async fn recorded(&self) -> Rows {
        self.query("SELECT ID, EXECTYPE FROM LEDGER ORDER BY ORDEREXECUTED").await
    }
}
