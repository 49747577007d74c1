use super::*;
use crate::diagnostic::{Code, SYNTAX};
use proptest::prelude::*;

fn read(path: &str, text: &str) -> (Option<Node>, Vec<(Code, String)>) {
    let mut problems = Diagnostics::new();
    let format = Format::of(path).unwrap();
    let node = read_changelog(FileId(0), path, format, text, &Limits::default(), ReadOptions::default(), &mut problems);
    (node, problems.into_iter().map(|p| (p.code, p.message)).collect())
}

fn good(path: &str, text: &str) -> Node {
    let (node, problems) = read(path, text);
    assert!(problems.is_empty(), "{path}: {problems:?}");
    node.unwrap()
}

#[test]
fn names_show_the_format() {
    for (path, format) in [
        ("a.xml", Some(Format::Xml)),
        ("a.databasechangelog-XML", Some(Format::Xml)),
        ("a.YAML", Some(Format::Yaml)),
        ("a.yml", Some(Format::Yaml)),
        ("a.json", Some(Format::Json)),
        ("x/a.Sql", Some(Format::Sql)),
        ("a.csv", None),
        ("yaml", None),
    ] {
        assert_eq!(Format::of(path), format, "{path}");
    }
}

/// Files of the conformance folder `parse-errors` that do not become a tree, with their messages.
#[test]
fn files_without_a_changelog() {
    let first = |path: &str, text: &str| {
        let (node, problems) = read(path, text);
        assert!(node.is_none(), "{path}: {text}");
        problems.into_iter().next().unwrap()
    };
    assert_eq!(first("empty-file.yaml", ""), (FILE_EMPTY, "Empty file empty-file.yaml".into()));
    assert_eq!(first("a.sql", " \n"), (FILE_EMPTY, "Empty file a.sql".into()));
    let missing = (NOT_A_CHANGELOG, "Could not find databaseChangeLog node".to_owned());
    assert_eq!(first("no-root.yaml", "changeSets:\n- changeSet: {id: a, author: c}\n"), missing);
    assert_eq!(first("a.yaml", "- changeSet: {id: a, author: c}\n"), missing);
    let message = "databaseChangeLog does not contain a list of entries. Each changeSet must begin ' - changeSet:'";
    assert_eq!(first("root-not-a-list.yaml", "databaseChangeLog: {changeSet: {id: a, author: c}}\n"), (NOT_A_CHANGELOG, message.into()));
    assert_eq!(first("a.json", "{\"databaseChangeLog\": \"x\"}"), (NOT_A_CHANGELOG, message.into()));
    assert_eq!(first("tabs-in-yaml.yaml", "databaseChangeLog:\n- changeSet:\n\tid: a\n").0, SYNTAX);
    assert_eq!(first("broken.json", "{\"databaseChangeLog\": [\n").0, SYNTAX);
}

#[test]
fn what_stands_beside_the_changelog_is_told() {
    let (node, problems) = read("a.yaml", "x-anchors: {}\n$schema: s\nproperty: {}\ndatabaseChangeLog: []\n");
    assert!(node.is_some());
    assert_eq!(problems, [(IGNORED_ELEMENT, "'property' beside databaseChangeLog is ignored".to_owned())]);
    assert!(good("a.yaml", "databaseChangeLog:\n").children.is_empty());
}

#[test]
fn bytes_are_decoded_by_the_rules_of_the_format() {
    let of = |bytes: &[u8], format, encoding| decode_changelog(bytes, "a", format, encoding, &Limits::default()).ok();
    assert_eq!(of(b"a: \xe9", Format::Yaml, Some("ISO-8859-1")), None);
    assert_eq!(of(b"--\xe9", Format::Sql, Some("ISO-8859-1")).as_deref(), Some("--é"));
    let xml = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>";
    assert_eq!(of(xml, Format::Xml, Some("UTF-8")).map(|t| t.ends_with("<a>é</a>")), Some(true));
}

/// Takes away what differs between formats: places, kinds, markers and the optional `changes` wrapper.
fn essence(node: &Node) -> String {
    let mut children: Vec<&Node> = Vec::new();
    for child in node.children.iter().filter(|c| !c.name.starts_with('#')) {
        if *child.name == *"changes" { children.extend(&child.children) } else { children.push(child) }
    }
    let mut leaves: Vec<String> = children.iter().filter(|c| c.children.is_empty()).map(|c| essence(c)).collect();
    leaves.sort();
    let inner: Vec<String> = children.iter().filter(|c| !c.children.is_empty()).map(|c| essence(c)).collect();
    let values: Vec<&str> = node.values.iter().map(|v| v.text.as_str()).collect();
    format!("{}={values:?}{leaves:?}{inner:?}", node.name)
}

/// As the conformance files `formats/sqlonly.*`: the same changesets in four formats.
#[test]
fn equal_changesets_of_four_formats_give_equal_trees() {
    let yaml = r#"databaseChangeLog:
- {"changeSet": {"id": "single", "author": "conf", "changes": [{"sql": {"splitStatements": true, "stripComments": true, "sql": "select 1"}}]}}
- {"changeSet": {"id": "strip-false", "author": "conf", "changes": [{"sql": {"splitStatements": true, "stripComments": false, "sql": "select 1; -- one\nselect 2"}}]}}
- {"changeSet": {"id": "delimiter", "author": "conf", "changes": [{"sql": {"splitStatements": true, "stripComments": true, "endDelimiter": "/", "sql": "begin null; end;\n/\nselect 2 from dual\n/"}}]}}
- changeSet:
    id: meta
    author: conf
    comment: a comment here
    runOnChange: true
    failOnError: false
    context: test and dev
    labels: a,b
    dbms: postgresql,h2
    changes:
    - sql:
        splitStatements: true
        stripComments: true
        sql: |-
          select 1


          from t;

          select 2;
"#;
    let json = r#"{"databaseChangeLog": [
        {"changeSet": {"id": "single", "author": "conf", "changes": [{"sql": {"splitStatements": true, "stripComments": true, "sql": "select 1"}}]}},
        {"changeSet": {"id": "strip-false", "author": "conf", "changes": [{"sql": {"splitStatements": true, "stripComments": false, "sql": "select 1; -- one\nselect 2"}}]}},
        {"changeSet": {"id": "delimiter", "author": "conf", "changes": [{"sql": {"splitStatements": true, "stripComments": true, "endDelimiter": "/", "sql": "begin null; end;\n/\nselect 2 from dual\n/"}}]}},
        {"changeSet": {"id": "meta", "author": "conf", "comment": "a comment here", "runOnChange": true, "failOnError": false, "context": "test and dev",
          "labels": "a,b", "dbms": "postgresql,h2",
          "changes": [{"sql": {"splitStatements": true, "stripComments": true, "sql": "select 1\n\n\nfrom t;\n\nselect 2;"}}]}}
    ]}"#;
    let xml = r#"<?xml version="1.0" encoding="UTF-8"?>
<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">
  <changeSet id="single" author="conf"><sql splitStatements="true" stripComments="true"><sql>select 1</sql></sql></changeSet>
  <changeSet id="strip-false" author="conf"><sql splitStatements="true" stripComments="false"><sql>select 1; -- one
select 2</sql></sql></changeSet>
  <changeSet id="delimiter" author="conf"><sql splitStatements="true" stripComments="true" endDelimiter="/"><sql>begin null; end;
/
select 2 from dual
/</sql></sql></changeSet>
  <changeSet id="meta" author="conf" runOnChange="true" failOnError="false" context="test and dev" labels="a,b" dbms="postgresql,h2">
    <comment>a comment here</comment>
    <sql splitStatements="true" stripComments="true"><sql>
select 1


from t;

select 2;</sql></sql>
  </changeSet>
</databaseChangeLog>"#;
    let sql = r#"--liquibase formatted sql
--changeset conf:single
select 1

--changeset conf:strip-false stripComments:false
select 1; -- one
select 2

--changeset conf:delimiter endDelimiter:/
begin null; end;
/
select 2 from dual
/
--changeset conf:meta runOnChange:true failOnError:false context:"test and dev" labels:a,b dbms:postgresql,h2
--comment: a comment here

select 1


from t;

select 2;

"#;
    let expected = essence(&good("a.yaml", yaml));
    assert_eq!(essence(&good("a.json", json)), expected);
    assert_eq!(essence(&good("a.xml", xml)), expected);
    assert_eq!(essence(&good("a.sql", sql)), expected);
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300), format in 0..4usize) {
        let format = [Format::Yaml, Format::Json, Format::Xml, Format::Sql][format];
        let limits = Limits::default();
        if let Ok(text) = decode_changelog(&bytes, "a", format, None, &limits) {
            let mut problems = Diagnostics::new();
            let node = read_changelog(FileId(0), "a", format, &text, &limits, ReadOptions::default(), &mut problems);
            prop_assert!(node.is_some() || problems.has_errors());
        }
    }
}
