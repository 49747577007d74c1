//! `docs/container/Containerfile`, as far as it goes without a container engine: what it copies is there, and the program runs in the
//! root that its last stage makes. `tests/container` builds the static program and runs this.

use crate::live::project::rows;
use crate::live::{Database, block_on, certificate_authority, name_skipped, open, server_url, variable};
use crate::program::Ran;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One `COPY`: from another stage or from the repository.
#[derive(Debug, PartialEq)]
struct Copy {
    from_stage: bool,
    sources: Vec<String>,
    to: String,
}

/// A stage of the file.
#[derive(Debug, Default)]
struct Stage {
    base: String,
    copies: Vec<Copy>,
    folder: String,
    user: String,
    entry: String,
    runs: Vec<String>,
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The stages of the Containerfile. It panics on what it does not know.
fn stages() -> Vec<Stage> {
    let text = std::fs::read_to_string(repository().join("docs/container/Containerfile")).unwrap();
    let mut stages: Vec<Stage> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').unwrap();
        if word == "FROM" {
            let base = rest.split(' ').next().unwrap().to_owned();
            stages.push(Stage { base, ..Stage::default() });
            continue;
        }
        let stage = stages.last_mut().unwrap();
        match word {
            "COPY" => {
                let mut words: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
                let from_stage = words[0].starts_with("--from=");
                if from_stage {
                    words.remove(0);
                }
                let to = words.pop().unwrap();
                stage.copies.push(Copy { from_stage, sources: words, to });
            }
            "WORKDIR" => rest.clone_into(&mut stage.folder),
            "USER" => rest.clone_into(&mut stage.user),
            "RUN" => stage.runs.push(rest.to_owned()),
            "ENTRYPOINT" => stage.entry = rest.trim_matches(['[', ']', '"']).to_owned(),
            "CMD" => assert_eq!(rest, "[\"--help\"]"),
            other => panic!("{other} is not known"),
        }
    }
    stages
}

#[test]
fn the_container_file_copies_what_is_there() {
    let stages = stages();
    let [build, image] = &stages[..] else { panic!("{stages:?}") };
    let copied: Vec<&String> = build.copies.iter().flat_map(|copy| &copy.sources).collect();
    for source in &copied {
        assert!(repository().join(source).exists(), "{source} is not in the repository");
    }
    // Every file that Cargo wants to see, and that the code includes, is among what is copied.
    let manifest = std::fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let targets = manifest.lines().filter_map(|line| line.strip_prefix("path = \"")?.strip_suffix('"'));
    let mut needed: Vec<&str> = targets.collect();
    assert!(needed.contains(&"src/main.rs"), "{needed:?}");
    needed.extend(["Cargo.toml", "Cargo.lock", ".cargo/config.toml"]);
    for file in needed {
        assert!(copied.iter().any(|source| Path::new(file).starts_with(source)), "{file} is not copied");
    }
    assert!(manifest.contains(&format!("rust-version = \"{}\"", build.base.split([':', '-']).nth(1).unwrap())), "{}", build.base);
    assert!(build.runs.contains(&"cargo build --release --locked --bin changelog".to_owned()), "{:?}", build.runs);

    assert_eq!(image.base, "scratch");
    let program = &image.copies[0];
    let built = format!("{}/target/release/changelog", build.folder);
    assert_eq!(program, &Copy { from_stage: true, sources: vec![built], to: image.entry.clone() });
    for copy in &image.copies[1..] {
        assert!(!copy.from_stage && copy.sources.iter().all(|source| repository().join(source).exists()), "{copy:?}");
    }
    let (user, group) = image.user.split_once(':').unwrap();
    // Kubernetes' `runAsNonRoot` believes numbers only.
    assert!(user.parse::<u32>().unwrap() > 0 && group.parse::<u32>().unwrap() > 0);
}

/// The root that the last stage makes, and a call of its entry point in it as its user.
struct Root {
    folder: tempfile::TempDir,
    image: Stage,
}

impl Root {
    /// Puts the program there, and what else is copied.
    fn new(program: &Path) -> Root {
        let image = stages().pop().unwrap();
        let root = Root { folder: tempfile::tempdir().unwrap(), image };
        for copy in &root.image.copies {
            for source in &copy.sources {
                let from = if copy.from_stage { program.to_owned() } else { repository().join(source) };
                std::fs::copy(from, root.path(&copy.to)).unwrap();
            }
        }
        let work = root.path(&root.image.folder);
        std::fs::create_dir(&work).unwrap();
        for folder in [root.folder.path(), &work] {
            // A volume that the user may write to.
            assert!(Command::new("chmod").arg("777").arg(folder).status().unwrap().success());
        }
        root
    }

    /// Where a path of the image is here.
    fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside.trim_start_matches('/'))
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(&self.image.folder).join(name), text).unwrap();
    }

    fn run(&self, environment: &[(&str, &str)], words: &[&str]) -> Ran {
        let (user, group) = self.image.user.split_once(':').unwrap();
        let mut command = Command::new("unshare");
        command.arg("--root").arg(self.folder.path()).args(["--wd", &self.image.folder, "-G", group, "-S", user, &self.image.entry]);
        let output = command.args(words).env_clear().env("PATH", "/usr/bin:/bin").envs(environment.iter().copied()).output().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn ok(&self, environment: &[(&str, &str)], words: &[&str]) -> Ran {
        let ran = self.run(environment, words);
        assert_eq!(ran.code, 0, "{}: {}{}", words.join(" "), ran.stdout, ran.stderr);
        ran
    }
}

/// The root with the static program in it; `None`, with the test named as skipped, where it cannot be had.
fn root(test: &str) -> Option<Root> {
    let given = variable("CHANGELOG_TEST_STATIC").map(PathBuf::from);
    let own = cfg!(target_env = "musl").then(|| PathBuf::from(env!("CARGO_BIN_EXE_changelog")));
    let Some(program) = given.or(own) else {
        name_skipped(test, "there is no static program (CHANGELOG_TEST_STATIC); `tests/container` builds it");
        return None;
    };
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout.trim_ascii() != b"0" {
        name_skipped(test, "only root may change the root folder");
        return None;
    }
    Some(Root::new(&program))
}

const CHANGELOG: &str = "
databaseChangeLog:
- changeSet: {id: 1, author: a, changes: [{createTable: {tableName: t, columns: [{column: {name: n, type: int}}]}}]}
- changeSet: {id: 2, author: a, changes: [{loadData: {tableName: t, file: rows.csv}}], rollback: [{delete: {tableName: t}}]}
";

/// Nothing but the program is there: no libraries, no shell, no certificates, no time zones.
#[test]
fn the_program_runs_in_an_empty_root() {
    const NAME: &str = "the_program_runs_in_an_empty_root";
    let Some(root) = root(NAME) else { return };
    root.write("changelog.yaml", CHANGELOG);
    root.write("rows.csv", "n\n1\n2\n");
    assert!(root.ok(&[], &["--version"]).stdout.starts_with("changelog "));
    let refused = root.run(&[], &["status", "--url", "postgres://ann@127.0.0.1:1/shop", "--changelog-file", "changelog.yaml"]);
    assert_eq!(refused.code, 4, "{}", refused.stderr);
    assert!(refused.stderr.contains("nothing listens there"), "{}", refused.stderr);
    block_on(async {
        let mut databases = vec![None];
        for server in ["POSTGRES", "MARIADB", "MYSQL"] {
            databases.extend(Database::create(NAME, server).await.map(Some));
        }
        for db in databases {
            let url = &db.as_ref().map_or_else(|| "sqlite:own.sqlite".to_owned(), |db| db.url.clone());
            let run = |words: &[&str]| root.ok(&[], &[words, &["--url", url, "--changelog-file", "changelog.yaml"]].concat());
            run(&["update"]);
            assert!(run(&["status"]).stdout.contains(" is up to date"), "{url}");
            run(&["rollback-count", "1"]);
            assert!(run(&["status"]).stdout.contains("changelog.yaml::2::a"), "{url}");
            if let Some(db) = db {
                let mut connection = open(&db.url).await;
                let left = connection.query("SELECT COUNT(*) FROM t").await.unwrap();
                assert_eq!(left[0].values[0].as_int(), Some(0), "{url}");
                connection.close().await.unwrap();
                db.remove().await;
            }
        }
    });
}

/// The time zone and the name of the host come from the environment, as a container has them; the zones are the program's own.
#[test]
fn an_empty_root_has_time_zones_and_a_name() {
    const NAME: &str = "an_empty_root_has_time_zones_and_a_name";
    let Some(root) = root(NAME) else { return };
    root.write(
        "changelog.yaml",
        "
databaseChangeLog:
- changeSet: {id: 1, author: a, changes: [{sql: \"create table seen as select current_setting('TimeZone') as zone, lockedby from databasechangeloglock\"}]}
",
    );
    block_on(async {
        for (zone, expected) in [(None, "UTC"), (Some("Europe/Berlin"), "Europe/Berlin")] {
            let Some(db) = Database::create(NAME, "POSTGRES").await else { return };
            let mut environment = vec![("HOSTNAME", "pod-7")];
            environment.extend(zone.map(|zone| ("TZ", zone)));
            root.ok(&environment, &["update", "--url", &db.url, "--changelog-file", "changelog.yaml"]);
            let mut connection = open(&db.url).await;
            let seen = connection.query("SELECT zone, split_part(lockedby, '#', 1) FROM seen").await.unwrap();
            let seen: Vec<_> = seen.iter().map(|row| row.values.iter().map(changelog::db::Value::to_text).collect::<Vec<_>>()).collect();
            assert_eq!(seen, rows(&[&[expected, "pod-7"]]));
            connection.close().await.unwrap();
            db.remove().await;
        }
    });
}

/// The public authorities are in the program; another one's certificate is mounted.
#[test]
fn an_empty_root_has_tls() {
    const NAME: &str = "an_empty_root_has_tls";
    let Some(root) = root(NAME) else { return };
    let Some(ca) = certificate_authority(NAME) else { return };
    root.write("changelog.yaml", CHANGELOG);
    root.write("ca.pem", &std::fs::read_to_string(ca).unwrap());
    for server in ["POSTGRES", "MARIADB"] {
        let Some(url) = server_url(NAME, server) else { continue };
        let status = |query: &str| root.run(&[], &["status", "--url", &format!("{url}?{query}"), "--changelog-file", "changelog.yaml"]);
        let trusted = status("sslmode=verify-full&sslrootcert=ca.pem");
        assert_eq!(trusted.code, 0, "{}", trusted.stderr);
        let unknown = status("sslmode=verify-full");
        assert_eq!(unknown.code, 4, "{}", unknown.stderr);
        assert!(unknown.stderr.contains("UnknownIssuer"), "{}", unknown.stderr);
    }
}
