//! `fixtures/change/*.test`: what each change type does on each dialect, with rollback and checksums.
//!
//! A file is a text archive. `-- changelog --` holds what stands in front of the changesets; `-- changeset: id --` one
//! changeset; the sections that follow are what it must give:
//!
//! - `-- sql: dialects --`, `-- rollback: … --`: statements in order, a line `;` between two of them. No line at all
//!   means no statement.
//! - `-- end delimiters: … --`: a JSON string a statement, where one of them is unusual.
//! - `-- errors: … --`: the complaints of validation, one a line, as a set. `-- no sql: … --`: some error, its text is free.
//! - `-- no rollback: … --`: an error; its text counts when there is one.
//! - `-- warnings: … --`: as a set; some warning where the text names a class of Java or the connection. `-- skipped: … --`: the changeset is left out.
//! - `-- checksum --`, perhaps for some dialects: version 9, version 8, the description, then the comment.
//! - `-- contexts --`, `-- labels --`: what is recorded of them; no line at all means nothing.
//!
//! A dialect stands for its newest version; a case that names a version (`postgresql 9.4`) is tried on that too.
//! `{database}` stands for the short name of the dialect. The facts are those recorded of Liquibase 4.28. Where we differ
//! on purpose, `docs/deviations.json` says so and why; such a case must really differ.

use crate::archive::{Case, Section, plan, plan_for, read_cases};
use changelog::db::url::DatabaseUrl;
use changelog::dialect;
use changelog::report::plan::{Document, Entry, Undo};
use changelog::sql::{Dialect, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Files whose changes do not all exist yet.
const PENDING: &[&str] = &[];

/// The dialects, and the versions of dialects that a file names.
fn places(cases: &[Case]) -> BTreeSet<String> {
    let named = cases.iter().flat_map(|c| &c.sections).flat_map(|s| &s.dialects).filter(|d| d.contains(' ')).cloned();
    dialect::ALL.iter().map(|d| d.id.to_owned()).chain(named).collect()
}

/// How a changeset differs from what it must give.
pub(crate) fn differences(case: &Case, dialect: &str, entry: Option<&Entry>) -> Vec<String> {
    let mut out = Vec::new();
    let mut sections = case.sections.iter().filter(|s| s.is_for(dialect));
    let is_skipped = sections.clone().any(|s| s.name == "skipped");
    let Some(entry) = entry else {
        return if is_skipped { out } else { vec!["the changeset is missing".to_owned()] };
    };
    let fails = |s: &Section| matches!(s.name.as_str(), "errors" | "no sql");
    if !entry.errors.is_empty() && !sections.clone().any(fails) && !is_skipped {
        out.push(format!("errors {:?}", entry.errors));
    }
    let mut differs = |what: &str, got: String, expected: String| {
        if got != expected {
            out.push(format!("{what}\n      got      {got}\n      expected {expected}"));
        }
    };
    let mut delimiters = Vec::new();
    for section in sections.by_ref() {
        let lines = section.lines.join("\n");
        match section.name.as_str() {
            "sql" if entry.errors.is_empty() => differs("sql", format!("{:?}", entry.sql), format!("{:?}", section.statements())),
            "sql" => {}
            "end delimiters" => delimiters = section.lines.iter().map(|l| serde_json::from_str::<String>(l).unwrap()).collect(),
            "errors" => {
                let got: BTreeSet<String> = entry.errors.iter().cloned().collect();
                differs("errors", format!("{got:?}"), format!("{:?}", section.set(dialect)));
            }
            // Doing without what the recorded run lacked is welcome.
            "no sql" if lines.contains("stored definition") => {}
            "no sql" => differs("error", entry.errors.is_empty().to_string(), "false".to_owned()),
            "rollback" => {
                let got = match &entry.rollback {
                    Undo::Statements(list) => format!("{list:?}"),
                    Undo::Nothing { error } => error.clone(),
                };
                differs("rollback", got, format!("{:?}", section.statements()));
            }
            "no rollback" => match &entry.rollback {
                Undo::Nothing { error } if !lines.is_empty() => differs("no rollback", error.clone(), lines),
                Undo::Nothing { .. } => {}
                Undo::Statements(list) => differs("rollback", format!("{list:?}"), format!("an error: {lines}")),
            },
            "warnings" => {
                // Ours do not name classes of Java and say what really happens.
                if lines.contains("liquibase.") || lines.contains("{connection}") {
                    differs("a warning", (!entry.warnings.is_empty()).to_string(), "true".to_owned());
                } else {
                    let got: BTreeSet<String> = entry.warnings.iter().cloned().collect();
                    differs("warnings", format!("{got:?}"), format!("{:?}", section.set(dialect)));
                }
            }
            "contexts" => differs("contexts", entry.contexts.clone().unwrap_or_default(), lines),
            "labels" => differs("labels", entry.labels.clone().unwrap_or_default(), lines),
            "skipped" => differs("verdict", entry.verdict.to_owned(), "skipped".to_owned()),
            "checksum" => {
                let [v9, v8, description, comment @ ..] = section.lines.as_slice() else { panic!("{}: short checksum", case.id) };
                differs("checksum", entry.md5sum.clone().unwrap_or_else(|| "no v9".to_owned()), v9.clone());
                differs("checksum", entry.md5sum_v8.clone().unwrap_or_else(|| "no v8".to_owned()), v8.clone());
                differs("description", entry.description.clone(), description.clone());
                differs("comment", entry.comments.clone().unwrap_or_default(), comment.join("\n"));
            }
            other => panic!("{}: there is no section '{other}'", case.id),
        }
    }
    if entry.errors.is_empty() {
        let usual = || Some(";".to_owned());
        let got: Vec<String> = entry.end_delimiters.iter().cloned().filter_map(|d| d.or_else(usual)).collect();
        differs("end delimiters", format!("{got:?}"), format!("{delimiters:?}"));
    }
    out
}

/// What we do in another way than Liquibase, by dialect, type and changeset.
fn deviations(root: &Path) -> BTreeSet<(String, String, String)> {
    let text = std::fs::read_to_string(root.join("docs/deviations.json")).expect("docs/deviations.json");
    let list: Vec<serde_json::Value> = serde_json::from_str(&text).expect("deviations");
    let mut known = BTreeSet::new();
    for entry in &list {
        let field =
            |name: &str| entry.get(name).and_then(|v| v.as_str()).unwrap_or_else(|| panic!("{name} is missing in {entry}")).to_owned();
        assert!(!field("reason").is_empty());
        assert!(known.insert((field("vendor"), field("type"), field("id"))), "listed twice: {entry}");
    }
    known
}

/// What the fixtures of one change type say of each dialect: whether it does there something, at least in one case.
fn supported(cases: &[Case], documents: &BTreeMap<&str, Document>) -> BTreeMap<String, bool> {
    let mut out: BTreeMap<String, bool> = documents.keys().map(|d| ((*d).to_owned(), false)).collect();
    for case in cases {
        let entries: Vec<(&str, &Entry)> =
            documents.iter().filter_map(|(d, document)| Some((*d, document.changesets.iter().find(|e| e.id == case.id)?))).collect();
        // What is rendered with a look into the database needs one.
        let asks = |e: &Entry| {
            e.notes.iter().any(|note| note.ends_with("when the changeset runs"))
                || e.errors.iter().any(|text| text.contains("not known without a database"))
        };
        let acts = entries.iter().any(|(_, e)| !e.sql.is_empty());
        for (dialect, entry) in entries {
            let does = (entry.errors.is_empty() && (!acts || !entry.sql.is_empty())) || asks(entry);
            out.entry(dialect.to_owned()).and_modify(|known| *known |= does);
        }
    }
    out
}

/// Whether there is a driver that connects to a database of that name.
fn connects(dialect: &str) -> bool {
    let urls = [format!("{dialect}://host/database"), format!("{dialect}:file")];
    urls.iter().any(|url| DatabaseUrl::parse(url).is_ok_and(|url| url.driver().is_some()))
}

#[test]
fn generated_support_matrix_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("fixtures/change");
    let mut names: Vec<&str> = changelog::change::TYPES.iter().map(|t| t.name).collect();
    // What one does is a matter of the configuration, the other ends a run everywhere.
    names.retain(|name| !["customChange", "stop"].contains(name));
    names.sort_unstable();
    let dialects: Vec<&str> = dialect::ALL.iter().map(|d| d.id).collect();
    let mut page = "# Change types by database\n\nWhat the renderers answer for the recorded cases of each change type \
        (`fixtures/change`). **yes**: on a connected database; offline: written as SQL, for there is no driver; –: refused, \
        or left out with a warning. A single attribute may be refused where the change is not: validation tells before anything runs.\n\n"
        .to_owned();
    page.push_str(&format!("| Change | {} |\n|---|{}\n", dialects.join(" | "), "---|".repeat(dialects.len())));
    for name in names {
        let text = std::fs::read_to_string(folder.join(format!("{name}.test"))).unwrap_or_else(|e| panic!("fixture of {name}: {e}"));
        let (preamble, cases) = read_cases(&text);
        let work = tempfile::tempdir().expect("a temporary folder");
        let yaml: String = cases.iter().map(|c| c.yaml.as_str()).collect();
        std::fs::write(work.path().join("changelog.yaml"), format!("databaseChangeLog:\n{preamble}{yaml}")).expect("write");
        let document = |dialect: &'static Dialect| {
            let target = Target { offline: !connects(dialect.id), ..Target::new(dialect, None) };
            (dialect.id, plan_for(vec![work.path().to_owned(), folder.clone()], "changelog.yaml", &target).0)
        };
        let documents: BTreeMap<&str, Document> = dialect::ALL.iter().map(|dialect| document(dialect)).collect();
        let found = supported(&cases, &documents);
        let words = dialects.iter().map(|d| match (found[*d], connects(d)) {
            (true, true) => "**yes**",
            (true, false) => "offline",
            (false, _) => "–",
        });
        page.push_str(&format!("| {name} | {} |\n", words.collect::<Vec<_>>().join(" | ")));
    }
    let path = root.join("docs/reference/support.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, page).expect("write");
    } else {
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == page, "support.md is out of date: run `UPDATE=1 cargo test generated`");
    }
}

#[test]
fn change_types_do_on_each_dialect_what_is_recorded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("fixtures/change");
    let known = deviations(root);
    let mut used = BTreeSet::new();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).expect("fixtures").map(|e| e.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "test"));
    files.sort();
    let mut report = String::new();
    let mut failures = 0;
    for file in &files {
        let change_type = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let (preamble, cases) = read_cases(&std::fs::read_to_string(file).expect("a fixture"));
        let work = tempfile::tempdir().expect("a temporary folder");
        let yaml: String = cases.iter().map(|c| c.yaml.as_str()).collect();
        std::fs::write(work.path().join("changelog.yaml"), format!("databaseChangeLog:\n{preamble}{yaml}")).expect("write");
        let mut by_type = Vec::new();
        let mut documents: BTreeMap<String, Document> = BTreeMap::new();
        for dialect in places(&cases) {
            let (document, changelog) = plan(vec![work.path().to_owned(), folder.clone()], "changelog.yaml", &dialect);
            let problems: BTreeSet<&str> = changelog.problems.iter().map(|p| p.message.as_str()).collect();
            if changelog.problems.has_errors() {
                by_type.push(format!("{dialect}: not read: {problems:?}"));
            }
            documents.insert(dialect, document);
        }
        for (case, (dialect, document)) in cases.iter().flat_map(|c| documents.iter().map(move |d| (c, d))) {
            let has_version = dialect.contains(' ');
            if has_version && !case.sections.iter().any(|s| s.dialects.contains(dialect)) {
                continue;
            }
            let entry = document.changesets.iter().find(|e| e.id == case.id);
            let different = differences(case, dialect, entry);
            let key = (dialect.clone(), change_type.clone(), case.id.clone());
            if known.contains(&key) {
                let text_is_free = case.sections.iter().any(|s| s.name == "no sql" && s.is_for(dialect));
                if different.is_empty() && !text_is_free {
                    by_type.push(format!("{} on {dialect} is listed as a deviation, but does not differ", case.id));
                }
                used.insert(key);
                continue;
            }
            by_type.extend(different.into_iter().map(|d| format!("{} on {dialect}: {d}", case.id)));
        }
        let pending = PENDING.contains(&change_type.as_str());
        match (by_type.is_empty(), pending) {
            (true, false) => {}
            (true, true) => {
                failures += 1;
                report.push_str(&format!("{change_type} is complete: take it from the pending list\n"));
            }
            (false, true) => {}
            (false, false) => {
                failures += by_type.len();
                report.push_str(&format!("{change_type}: {} differences\n", by_type.len()));
                by_type.iter().take(20).for_each(|d| report.push_str(&format!("    {d}\n")));
            }
        }
    }
    for (vendor, change_type, id) in known.difference(&used).filter(|(v, ..)| dialect::by_name(v).is_some()) {
        failures += 1;
        report.push_str(&format!("listed as a deviation, but there is no such case: {change_type} {id} on {vendor}\n"));
    }
    assert_eq!(failures, 0, "\n{report}");
}
