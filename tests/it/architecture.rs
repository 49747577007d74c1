//! The layers of `docs/architecture.md`, compared with what each module imports.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Layer of each module, read from the table in the document.
fn layers() -> BTreeMap<String, u32> {
    let text = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    text.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let layer = cells.get(1)?.parse().ok()?;
            Some((cells.get(2)?.trim_matches('`').to_owned(), layer))
        })
        .collect()
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// Rust files of the library with the module each belongs to.
fn sources() -> Vec<(String, PathBuf, String)> {
    let src = root().join("src");
    let mut all = Vec::new();
    files(&src, &mut all);
    all.into_iter()
        .filter_map(|path| {
            let first = path.strip_prefix(&src).unwrap().components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            let module = first.trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap();
            (!matches!(module.as_str(), "lib" | "main")).then_some((module, path, text))
        })
        .collect()
}

/// The code of a file without its tests and comments.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]").unwrap_or(text.len());
    text[..end].lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_module_has_a_layer_and_imports_only_downwards() {
    let layers = layers();
    assert!(layers.len() > 10, "the table was not found");
    let mut wrong = Vec::new();
    for (module, path, text) in sources() {
        let Some(&own) = layers.get(&module) else {
            wrong.push(format!("{module} ({}) has no row in docs/architecture.md", path.display()));
            continue;
        };
        for part in code(&text).split("crate::").skip(1) {
            let used: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            match layers.get(&used) {
                Some(&layer) if layer > own => wrong.push(format!("{} imports `{used}`, which is above `{module}`", path.display())),
                Some(&layer) if layer == own && used != module => {
                    wrong.push(format!("{} imports `{used}` of its own layer", path.display()));
                }
                _ => {}
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn renderers_ask_capabilities_and_not_names() {
    let mut wrong = Vec::new();
    for (module, path, text) in sources() {
        let renders = (module == "sql" && path.to_string_lossy().contains("statement")) || module == "change";
        if !renders {
            continue;
        }
        for (number, line) in code(&text).lines().enumerate() {
            // Naming the database in a message is not deciding by its name.
            let decides = line.contains("dialect.id ==") || line.contains("dialect.id !=") || line.contains("match target.dialect.id");
            if decides {
                wrong.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A setting that is said to have an effect is asked for somewhere, and one that is said to have none is not.
#[test]
fn settings_have_the_effect_that_their_table_says() {
    let mut rows: Vec<(String, bool)> = Vec::new();
    let mut users = String::new();
    for (module, path, text) in sources() {
        let is_table = path.parent().is_some_and(|folder| folder.ends_with("src/config/settings"));
        if is_table {
            for row in code(&text).split(";\n") {
                let Some((name, row)) = row.split_once('=').filter(|(_, row)| row.trim_start().starts_with("Setting::")) else { continue };
                let has_effect = !row.contains(".ignored(") && !row.contains(".unsupported(");
                rows.push((name.split_whitespace().last().unwrap().to_owned(), has_effect));
            }
        } else if module == "cli" || path.ends_with("config/values.rs") || path.ends_with("config/resolve.rs") {
            // Without what stands in quotes.
            users.extend(code(&text).split('"').step_by(2));
        }
    }
    assert!(rows.len() > 200, "only {} rows were found", rows.len());
    let used: Vec<&str> = users.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let is_wrong = |(name, has_effect): &&(String, bool)| used.contains(&name.as_str()) != *has_effect;
    let wrong: Vec<_> = rows.iter().filter(is_wrong).collect();
    assert!(wrong.is_empty(), "used otherwise than the table of settings says: {wrong:?}");
}

#[test]
fn nothing_of_a_machine_is_in_the_repository() {
    let mut all = Vec::new();
    for folder in ["src", "tests", "docs", "changelogs"] {
        collect(&root().join(folder), &mut all);
    }
    for path in all {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for word in [concat!("/work", "/"), concat!("/ho", "me/")] {
            assert!(!text.contains(word), "{} has a path of a machine: {word}", path.display());
        }
    }
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, out) } else { out.push(path) }
    }
}
