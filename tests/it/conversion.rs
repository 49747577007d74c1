//! A changelog in another format is the same changelog: the same changesets, with the same checksums.

use crate::archive::read_cases;
use crate::live::name_skipped;
use crate::program::run_in;
use changelog::changelog::convert::convert;
use changelog::changelog::loader::{LoadOptions, load};
use changelog::changelog::properties::Properties;
use changelog::changelog::search_path::{DuplicateFileMode, SearchPath};
use changelog::diagnostic::Diagnostics;
use changelog::plan::Selection;
use changelog::source::{Format, Limits, ReadOptions, read_changelog};
use changelog::span::SourceMap;
use std::path::{Path, PathBuf};

pub(crate) const FORMATS: [(Format, &str); 3] = [(Format::Yaml, "yaml"), (Format::Json, "json"), (Format::Xml, "xml")];

/// Each changeset of a file as it is understood, with its checksums of both versions. Places in the file, its format and
/// its name do not count.
///
/// # Errors
/// With the problems, when the file has errors.
pub(crate) fn understood(roots: &[PathBuf], file: &str) -> Result<Vec<String>, String> {
    let search = SearchPath::new(roots.to_vec(), DuplicateFileMode::First);
    let changelog = load(file, search, Properties::default(), LoadOptions::default());
    if changelog.problems.has_errors() {
        return Err(format!("{file}: {:?}", changelog.problems));
    }
    let selection = Selection { database: "postgresql".to_owned(), ..Selection::default() };
    let spans = regex::Regex::new(r"span: (Some\()?Span \{[^}]*\}\)?|format: \w+").unwrap();
    let preconditions = changelog.preconditions.iter().map(|p| format!("{p:?}"));
    let changesets = changelog.changesets.iter().map(|c| {
        let sums: Vec<Option<String>> = [9, 8].iter().map(|v| selection.checksum(&changelog, c, *v).ok().map(|s| s.to_string())).collect();
        format!("{sums:?} {c:?}")
    });
    Ok(preconditions.chain(changesets).map(|text| spans.replace_all(&text, "").replace(file, "FILE")).collect())
}

/// A changelog as our own writer writes it in another format.
///
/// # Errors
/// When it cannot be written there.
pub(crate) fn written(name: &str, text: &str, format: Format, to: Format) -> Result<String, String> {
    let mut sources = SourceMap::new();
    let file = sources.add(name, text.to_owned());
    let mut problems = Diagnostics::new();
    let root = read_changelog(file, name, format, text, &Limits::default(), ReadOptions::default(), &mut problems);
    convert(&root.ok_or_else(|| format!("{problems:?}"))?, to)
}

/// Writes the text in each format and compares what is understood; the number of changesets.
fn compare(name: &str, text: &str, format: Format, beside: &Path) -> usize {
    let work = tempfile::tempdir().unwrap();
    let roots = [work.path().to_owned(), beside.to_owned()];
    std::fs::write(work.path().join(name), text).unwrap();
    let expected = understood(&roots, name).unwrap();
    for (to, extension) in FORMATS {
        let written = written(name, text, format, to).unwrap_or_else(|e| panic!("{name} as {extension}: {e}"));
        // Where a changeset refers to another one by its file, the file has its new name.
        let other = format!("converted-{}.{extension}", name.replace('.', "-"));
        std::fs::write(work.path().join(&other), written.replace(name, &other)).unwrap();
        let got = understood(&roots, &other).unwrap();
        for (got, expected) in got.iter().zip(&expected) {
            assert_eq!(got, expected, "{name} as {extension}:\n{written}");
        }
        assert_eq!(got.len(), expected.len(), "{name} as {extension}");
    }
    expected.len()
}

#[test]
fn changelogs_of_the_fixtures_are_the_same_in_each_format() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/change");
    let mut compared = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "test") {
            let (preamble, cases) = read_cases(&std::fs::read_to_string(&path).unwrap());
            let yaml: String = cases.iter().map(|c| c.yaml.as_str()).collect();
            compared += compare("changelog.yaml", &format!("databaseChangeLog:\n{preamble}{yaml}"), Format::Yaml, &folder);
        }
    }
    assert!(compared > 500, "{compared}");
}

#[test]
fn recorded_changelogs_are_the_same_in_each_format() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    if !shared.is_dir() {
        return name_skipped("recorded_changelogs_are_the_same_in_each_format", "../shared/conformance is not here");
    }
    let mut compared = 0;
    for folder in ["changes", "formats"] {
        let folder = shared.join(folder);
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let text = if path.is_file() { std::fs::read_to_string(&path).unwrap() } else { String::new() };
            let is_changelog = text.contains("databaseChangeLog") || text.starts_with("--liquibase formatted");
            if let Some(format) = Format::of(&name).filter(|_| is_changelog) {
                compared += compare(&name, &text, format, &folder);
            }
        }
    }
    assert!(compared > 1100, "{compared}");
}

/// A changelog of one changeset with these changes, in YAML.
fn one(changes: &str) -> String {
    format!("databaseChangeLog: [{{changeSet: {{id: 1, author: me, changes: [{changes}]}}}}]")
}

#[test]
fn names_in_xml_have_their_namespaces() {
    let changes = "{createIndex: {tableName: t, indexName: i, where: a > 1, column: {name: a}}},\
                   {addCheckConstraint: {tableName: t, constraintBody: a > 1, notValid: true}},\
                   {update: {tableName: t, column: {name: a, value: 1}, where: b = 2}},\
                   {createTable: {tableName: t, partitionBy: RANGE (a), columns: [{column: {name: b, type: int, generatedAs: a * 2}}]}},\
                   {createSchema: {schemaName: s, colour: red}}";
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:pro="http://www.liquibase.org/xml/ns/pro" xmlns:x="urn:changelog:extensions" xmlns:ext="http://www.liquibase.org/xml/ns/dbchangelog-ext" xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
    <changeSet id="1" author="me">
        <createIndex tableName="t" indexName="i" x:where="a &gt; 1">
            <column name="a"/>
        </createIndex>
        <pro:addCheckConstraint tableName="t" x:notValid="true">a &gt; 1</pro:addCheckConstraint>
        <update tableName="t">
            <column name="a" value="1"/>
            <where>b = 2</where>
        </update>
        <createTable tableName="t" x:partitionBy="RANGE (a)">
            <column name="b" type="int" x:generatedAs="a * 2"/>
        </createTable>
        <x:createSchema schemaName="s" ext:colour="red"/>
    </changeSet>
</databaseChangeLog>
"#;
    let xml = written("a.yaml", &one(changes), Format::Yaml, Format::Xml).unwrap();
    assert_eq!(xml, expected);
    // And back: what was known has no prefix in YAML, what nobody knows is there still.
    let yaml = written("a.xml", &xml, Format::Xml, Format::Yaml).unwrap();
    assert!(yaml.contains("where: a > 1") || yaml.contains("where: 'a > 1'"), "{yaml}");
    assert!(yaml.contains("colour: red"), "{yaml}");
}

#[test]
fn what_the_schema_of_xml_forbids_is_not_written() {
    let changes = "{dropTable: {tableName: t}}, {tagDatabase: {tag: v1}}";
    let refused = written("a.yaml", &one(changes), Format::Yaml, Format::Xml).unwrap_err();
    assert!(refused.contains("'tagDatabase' may not stand after another change in XML"), "{refused}");
    assert!(written("a.yaml", &one(changes), Format::Yaml, Format::Json).is_ok());
}

#[test]
fn the_command_writes_a_file_and_refuses_what_it_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "a.xml",
        "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\"><changeSet id=\"1\" author=\"me\"><sql>select '${x}'</sql></changeSet></databaseChangeLog>",
    );
    let ran = run_in(folder.path(), &["convert", "--to", "yaml", "a.xml"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let expected = "databaseChangeLog:\n  - changeSet:\n      id: 1\n      author: me\n      changes:\n        - sql:\n            sql: 'select ''${x}'''\n";
    assert_eq!(ran.stdout, expected);
    write("b.yaml", "databaseChangeLog:\n- changeSet: {id: 1, author: me, changes: [{sql: {sql: \"select '\\x01'\"}}]}\n");
    let ran = run_in(folder.path(), &["convert", "--to", "xml", "b.yaml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("b.yaml cannot be written in that format: XML does not allow the character U+0001"), "{}", ran.stderr);
    write("c.sql", "select 1;\n");
    let ran = run_in(folder.path(), &["convert", "--to", "json", "c.sql"]);
    assert!(ran.code == 3 && ran.stderr.contains("plain SQL has no changesets of its own"), "{}", ran.stderr);
}
