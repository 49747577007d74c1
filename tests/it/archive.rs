//! The fixtures that are text archives: changesets with what belongs to each, and what a changeset gives without a server.

use changelog::changelog::Changelog;
use changelog::changelog::loader::{LoadOptions, load};
use changelog::changelog::properties::Properties;
use changelog::changelog::search_path::{DuplicateFileMode, SearchPath};
use changelog::dialect;
use changelog::plan::Limit;
use changelog::plan::filter::{RanRows, Selection};
use changelog::plan::programs::Programs;
use changelog::plan::validate::Report;
use changelog::report::plan::{Document, Inputs, document};
use changelog::sql::{Target, Version};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// One changeset of a file, with what it must give.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) yaml: String,
    pub(crate) sections: Vec<Section>,
}

/// What a changeset must give on some dialects; on all when none is named.
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) dialects: Vec<String>,
    pub(crate) lines: Vec<String>,
}

impl Section {
    pub(crate) fn is_for(&self, dialect: &str) -> bool {
        self.dialects.is_empty() || self.dialects.iter().any(|d| d == dialect)
    }

    pub(crate) fn statements(&self) -> Vec<String> {
        if self.lines.is_empty() {
            return Vec::new();
        }
        self.lines.split(|l| l == ";").map(|lines| lines.join("\n")).collect()
    }

    pub(crate) fn set(&self, dialect: &str) -> BTreeSet<String> {
        let name = dialect.split(' ').next().unwrap_or(dialect);
        self.lines.iter().map(|l| l.replace("{database}", name)).collect()
    }
}

/// A section heading: its name and what stands behind the colon.
fn heading(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix("-- ")?.strip_suffix(" --")?;
    let (name, rest) = inner.split_once(": ").unwrap_or((inner, ""));
    name.bytes().all(|b| b.is_ascii_lowercase() || b == b' ').then_some((name, rest))
}

/// The changelogs in front of the changesets, each with its name, and the changesets.
pub(crate) fn read_archive(text: &str) -> (Vec<(String, String)>, Vec<Case>) {
    let mut changelogs: Vec<(String, String)> = Vec::new();
    let mut cases: Vec<Case> = Vec::new();
    let mut place = "";
    // Not by lines(): SQL Server's line ends are part of the SQL.
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        match heading(line) {
            Some(("changelog", name)) => {
                place = "changelog";
                changelogs.push((name.to_owned(), String::new()));
            }
            Some(("changeset", id)) => {
                place = "changeset";
                if let Some(last) = cases.last_mut().and_then(|c| c.sections.last_mut()) {
                    // The empty line in front of a heading is no part of what stands above it.
                    assert_eq!(last.lines.pop().as_deref(), Some(""), "an empty line is missing before {line}");
                }
                cases.push(Case { id: id.to_owned(), yaml: String::new(), sections: Vec::new() });
            }
            Some((name, dialects)) => {
                place = "section";
                let dialects = dialects.split(", ").filter(|d| !d.is_empty()).map(str::to_owned).collect();
                let section = Section { name: name.to_owned(), dialects, lines: Vec::new() };
                cases.last_mut().expect("a changeset comes first").sections.push(section);
            }
            None if place == "changelog" => changelogs.last_mut().unwrap().1.push_str(&format!("{line}\n")),
            None if place == "changeset" => cases.last_mut().unwrap().yaml.push_str(&format!("{line}\n")),
            // What a file is about stands in front of everything.
            None if place.is_empty() => {}
            None => cases.last_mut().unwrap().sections.last_mut().unwrap().lines.push(line.to_owned()),
        }
    }
    (changelogs, cases)
}

/// The text in front of the changesets, and the changesets.
pub(crate) fn read_cases(text: &str) -> (String, Vec<Case>) {
    let (changelogs, cases) = read_archive(text);
    (changelogs.into_iter().map(|(_, text)| text).collect(), cases)
}

/// The document of `plan` for a changelog, without a server, on a dialect that may have a version behind it.
pub(crate) fn plan(roots: Vec<PathBuf>, file: &str, place: &str) -> (Document, Changelog) {
    let (name, version) = place.split_once(' ').unwrap_or((place, ""));
    let dialect = dialect::by_name(name).unwrap_or_else(|| panic!("there is no dialect {name}"));
    plan_for(roots, file, &Target::new(dialect, Version::parse(version)))
}

/// As [`plan`], for a target that may have a server.
pub(crate) fn plan_for(roots: Vec<PathBuf>, file: &str, target: &Target) -> (Document, Changelog) {
    let name = target.dialect.id;
    let options = LoadOptions { database: Some(name.to_owned()), ..LoadOptions::default() };
    let changelog = load(file, SearchPath::new(roots, DuplicateFileMode::First), Properties::default(), options);
    let selection = Selection { database: name.to_owned(), ..Selection::default() };
    let plan = selection.plan(&changelog, &RanRows::default(), &Limit::None).expect("a plan");
    let programs = Programs { allow_commands: false, custom_classes: &Default::default() };
    let report = Report::default();
    let document = document(&Inputs { changelog: &changelog, selection: &selection, target, now: 0, programs, report: &report }, &plan);
    (document, changelog)
}
