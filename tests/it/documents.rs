//! What the documents say is true: each of their commands runs, and the list of deviations is the one that the tests use.

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages with commands for users.
const PAGES: &[&str] = &["README.md", "docs/guide.md"];

/// The blocks of shell commands of a page, each with the line that it begins at.
fn blocks(text: &str) -> Vec<(usize, String)> {
    blocks_of(text, "```sh")
}

/// The blocks of a page that begin with that line.
fn blocks_of(text: &str, fence: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line) {
            (None, line) if line == fence => open = Some((number + 2, String::new())),
            (Some(_), "```") => found.extend(open.take()),
            (Some((_, block)), line) => {
                block.push_str(line);
                block.push('\n');
            }
            _ => {}
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A folder with the program in front of the PATH, and a `cargo` that runs it in place of building it.
fn tools(folder: &Path) -> PathBuf {
    let tools = folder.join(".tools");
    std::fs::create_dir(&tools).unwrap();
    symlink(env!("CARGO_BIN_EXE_changelog"), tools.join("changelog")).unwrap();
    let cargo = tools.join("cargo");
    std::fs::write(&cargo, "#!/bin/sh\n[ \"$1 $2 $3\" = 'run --release --' ] || exit 99\nshift 3\nexec changelog \"$@\"\n").unwrap();
    std::fs::set_permissions(&cargo, PermissionsExt::from_mode(0o755)).unwrap();
    tools
}

#[test]
fn commands_of_the_documents_run() {
    for page in PAGES {
        let folder = tempfile::tempdir().unwrap();
        copy(&root().join("changelogs"), &folder.path().join("changelogs"));
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", tools(folder.path()).display());
        let blocks = blocks(&std::fs::read_to_string(root().join(page)).unwrap());
        assert!(blocks.len() > 2, "{page} has no commands");
        for (line, block) in blocks {
            // The one command that runs this test.
            if block.trim() == "tests/run" {
                assert!(root().join("tests/run").is_file());
                continue;
            }
            let ran =
                Command::new("sh").args(["-e", "-c", &block]).current_dir(folder.path()).env_clear().env("PATH", &path).output().unwrap();
            assert!(
                ran.status.success(),
                "{page}:{line}:\n{block}\n{}\n{}",
                String::from_utf8_lossy(&ran.stdout),
                String::from_utf8_lossy(&ran.stderr)
            );
        }
    }
}

#[test]
fn links_of_the_documents_lead_somewhere() {
    let mut pages: Vec<PathBuf> = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "md") {
                pages.push(path);
            }
        }
    }
    let mut links = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        for rest in text.split("](").skip(1) {
            let target = rest.split([')', '#']).next().unwrap();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            links += 1;
            assert!(page.parent().unwrap().join(target).exists(), "{}: {target}", page.display());
        }
    }
    assert!(links > 10, "{links} links");
}

/// The table of `docs/compatibility.md`: reasons by change type, each with its changesets and their databases.
fn table(list: &[serde_json::Value]) -> String {
    let field = |entry: &serde_json::Value, name: &str| entry[name].as_str().unwrap_or_else(|| panic!("{name}: {entry}")).to_owned();
    // The type and the reason; the changesets, each with its databases.
    type Row = ((String, String), Vec<(String, Vec<String>)>);
    let mut rows: Vec<Row> = Vec::new();
    for entry in list {
        let key = (field(entry, "type"), field(entry, "reason"));
        let at = rows.iter().position(|(k, _)| *k == key).unwrap_or_else(|| {
            rows.push((key, Vec::new()));
            rows.len() - 1
        });
        let (id, vendor) = (field(entry, "id"), field(entry, "vendor"));
        let changesets = &mut rows[at].1;
        match changesets.iter_mut().find(|(i, _)| *i == id) {
            Some((_, vendors)) => vendors.push(vendor),
            None => changesets.push((id, vec![vendor])),
        }
    }
    let mut out = String::from("| Change type | Changesets (databases) | Reason |\n|---|---|---|\n");
    for ((change_type, reason), changesets) in rows {
        let changesets: Vec<String> = changesets.into_iter().map(|(id, vendors)| format!("`{id}` ({})", vendors.join(", "))).collect();
        out.push_str(&format!("| {change_type} | {} | {reason} |\n", changesets.join(", ")));
    }
    out
}

#[test]
fn the_page_of_deviations_is_written_from_the_list() {
    let list: Vec<serde_json::Value> =
        serde_json::from_str(&std::fs::read_to_string(root().join("docs/deviations.json")).unwrap()).unwrap();
    let by_vendor = list.iter().fold(BTreeMap::<&str, usize>::new(), |mut count, entry| {
        *count.entry(entry["vendor"].as_str().unwrap()).or_default() += 1;
        count
    });
    let page = root().join("docs/compatibility.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let start = "## Deviations from the recorded SQL\n";
    let (head, _) = text.split_once(start).expect("the heading of the deviations");
    let counts: Vec<String> = by_vendor.iter().map(|(vendor, n)| format!("{n} on {vendor}")).collect();
    let expected = format!(
        "{head}{start}\nEach stands in `docs/deviations.json`, by vendor, change type and changeset of the recorded facts; {} of 1114.\n\
         `UPDATE=1 tests/run deviations` writes this table from there.\n\n{}",
        counts.join(", "),
        table(&list)
    );
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&page, expected).unwrap();
    } else {
        assert!(text == expected, "docs/compatibility.md is out of date: run `UPDATE=1 tests/run deviations`");
    }
}

/// Every call of the program in a manifest.
fn calls(node: &serde_json::Value, found: &mut Vec<Vec<String>>) {
    match node {
        serde_json::Value::Array(items) => items.iter().for_each(|item| calls(item, found)),
        serde_json::Value::Object(fields) => {
            let is_ours = fields.get("image").and_then(|i| i.as_str()).is_some_and(|i| i.starts_with("changelog:"));
            if let Some(serde_json::Value::Array(args)) = fields.get("args").filter(|_| is_ours) {
                found.push(args.iter().map(|a| a.as_str().unwrap().to_owned()).collect());
            }
            fields.values().for_each(|value| calls(value, found));
        }
        _ => {}
    }
}

/// The manifests cannot be applied here, but what they call can be run, in their order.
#[test]
fn calls_of_the_manifests_run() {
    let text = std::fs::read_to_string(root().join("docs/kubernetes.md")).unwrap();
    let mut found = Vec::new();
    for (line, block) in blocks_of(&text, "```yaml") {
        let manifest: serde_json::Value = serde_yaml::from_str(&block).unwrap_or_else(|e| panic!("docs/kubernetes.md:{line}: {e}"));
        calls(&manifest, &mut found);
    }
    assert_eq!(found.iter().map(|c| c[0].as_str()).collect::<Vec<_>>(), ["update", "status"]);
    let folder = tempfile::tempdir().unwrap();
    let changelog = "databaseChangeLog:\n- changeSet: {id: 1, author: a, changes: [{sql: {sql: create table t (n int)}}]}\n";
    std::fs::write(folder.path().join("changelog.yaml"), changelog).unwrap();
    for words in &found {
        let mut command = Command::new(env!("CARGO_BIN_EXE_changelog"));
        let output = command.current_dir(folder.path()).args(words).env_clear().env("CHANGELOG_URL", "sqlite:test.db").output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
