//! `fixtures/formats/*.test`: what whole changelogs of each format give, files that they include among them.
//!
//! A file is a text archive: what it is about, then `-- changelog: path --` with each changelog, the first of which is the root, then
//! `-- changeset: path::id::author --` for every changeset there is, with the sections of `fixtures/change`. The facts are those
//! recorded of Liquibase 4.28 for PostgreSQL.

use crate::archive::{plan, read_archive};
use crate::change_fixtures::differences;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn changelogs_of_each_format_give_what_is_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats");
    let mut report = String::new();
    for file in std::fs::read_dir(folder).expect("fixtures") {
        let file = file.expect("a fixture").path();
        let (changelogs, cases) = read_archive(&std::fs::read_to_string(&file).expect("a fixture"));
        let work = tempfile::tempdir().expect("a temporary folder");
        for (name, text) in &changelogs {
            let path = work.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("write");
        }
        let (document, changelog) = plan(vec![work.path().to_owned()], &changelogs[0].0, "postgresql");
        if changelog.problems.has_errors() {
            let problems: Vec<&str> = changelog.problems.iter().map(|p| p.message.as_str()).collect();
            report.push_str(&format!("{}: not read: {problems:?}\n", file.display()));
        }
        let identity = |e: &changelog::report::plan::Entry| format!("{}::{}::{}", e.path, e.id, e.author);
        let got: BTreeSet<String> = document.changesets.iter().map(identity).collect();
        let expected: BTreeSet<String> = cases.iter().map(|c| c.id.clone()).collect();
        assert_eq!(got, expected, "{}", file.display());
        for case in &cases {
            let entry = document.changesets.iter().find(|e| identity(e) == case.id);
            for difference in differences(case, "postgresql", entry) {
                report.push_str(&format!("{}, {}: {difference}\n", file.display(), case.id));
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}
