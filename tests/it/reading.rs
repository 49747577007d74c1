//! How the files of a changelog are found, and what includes hand down to them.

use crate::program::{Ran, run_in};
use serde_json::Value;
use tempfile::TempDir;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// A command without a server, on the first of these files.
fn run(files: &[(&str, &str)], words: &[&str]) -> Ran {
    let folder = folder(files);
    let given = |name: &str| words.contains(&name);
    let mut all = words.to_vec();
    if !given("--changelog-file") {
        all.extend(["--changelog-file", files[0].0]);
    }
    if !given("--url") {
        all.extend(["--url", "offline:postgresql"]);
    }
    run_in(folder.path(), &all)
}

/// The changesets of a plan.
fn planned(files: &[(&str, &str)], words: &[&str]) -> Vec<Value> {
    let ran = run(files, &[&["plan", "--format", "json"], words].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str::<Value>(&ran.stdout).unwrap()["changesets"].as_array().unwrap().clone()
}

/// One changeset that makes a table.
fn changeset(id: &str) -> String {
    format!("- changeSet: {{id: {id}, author: a, changes: [{{sql: {{sql: create table {id} (n int)}}}}]}}\n")
}

fn changelog(entries: &str) -> String {
    format!("databaseChangeLog:\n{entries}")
}

fn ids(changesets: &[Value]) -> Vec<&str> {
    changesets.iter().map(|c| c["id"].as_str().unwrap()).collect()
}

#[test]
fn a_path_in_two_roots_is_told_as_loudly_as_it_is_wanted() {
    let one = changelog(&changeset("one"));
    let files = [("a/c.yaml", one.as_str()), ("b/c.yaml", one.as_str())];
    let validate = |mode: &str, more: &[&str]| {
        let words = ["validate", "--changelog-file", "c.yaml", "--search-path", "a,b", "--duplicate-file-mode", mode];
        let ran = run(&files, &[&words, more].concat());
        assert_eq!(ran.code, 0, "{mode}: {}", ran.stderr);
        ran.stderr
    };
    let found = "Found 2 files with the path 'c.yaml'; the first one was read:\n    - ";
    let told = validate("WARN", &[]);
    let lines: Vec<&str> = told.lines().collect();
    let at = lines.iter().position(|l| *l == "WARNING: Found 2 files with the path 'c.yaml'; the first one was read:").unwrap();
    assert!(lines[at + 1].ends_with("/a/c.yaml") && lines[at + 2].ends_with("/b/c.yaml"), "{told}");
    assert!(!validate("INFO", &[]).contains(found));
    assert!(validate("INFO", &["--log-level", "INFO"]).contains(&format!("INFO [liquibase.resource] {found}")));
    assert!(!validate("DEBUG", &["--log-level", "INFO"]).contains(found));
    assert!(validate("DEBUG", &["--log-level", "FINE"]).contains(&format!("FINE [liquibase.resource] {found}")));
    assert!(!validate("SILENT", &["--log-level", "FINE"]).contains(found));
}

#[test]
fn a_missing_include_may_be_told_only_but_not_a_missing_root() {
    let root = changelog(&format!("- include: {{file: nowhere.yaml}}\n{}", changeset("one")));
    let files = [("c.yaml", root.as_str())];
    assert_eq!(run(&files, &["validate"]).code, 3);
    let warned = run(&files, &["validate", "--on-missing-include-changelog", "WARN"]);
    assert_eq!(warned.code, 0, "{}", warned.stderr);
    assert!(warned.stderr.starts_with("warning[E0101]: The file nowhere.yaml was not found"), "{}", warned.stderr);
    assert_eq!(run(&files, &["validate", "--on-missing-include-changelog", "WARN", "--changelog-file", "nowhere.yaml"]).code, 3);
}

#[test]
fn a_folder_is_included_twice_but_not_within_itself() {
    let (one, two) = (changelog(&changeset("one")), "--liquibase formatted sql\n--changeset a:two\ncreate table two (n int);\n");
    let twice = changelog("- includeAll: {path: in, endsWithFilter: .yaml}\n- includeAll: {path: in, endsWithFilter: .sql}\n");
    let files = [("c.yaml", twice.as_str()), ("in/one.yaml", one.as_str()), ("in/two.sql", two)];
    assert_eq!(ids(&planned(&files, &[])), ["one", "two"]);
    let itself = changelog("- includeAll: {path: in}\n");
    let within = run(&[("c.yaml", &itself), ("in/one.yaml", &itself)], &["validate"]);
    assert_eq!(within.code, 3);
    assert!(within.stderr.starts_with("error[E0108]: Circular reference detected in 'in'\n --> in/one.yaml:2:3\n"), "{}", within.stderr);
}

#[test]
fn depths_of_include_all_count_from_one() {
    let texts: Vec<(String, String)> =
        ["in/one", "in/x/two", "in/x/y/three"].map(|p| (format!("{p}.yaml"), changelog(&changeset(p.rsplit('/').next().unwrap())))).into();
    let within = |depths: &str| {
        let root = changelog(&format!("- includeAll: {{path: in{depths}}}\n"));
        let mut files = vec![("c.yaml", root.as_str())];
        files.extend(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        ids(&planned(&files, &[])).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(within(""), ["one", "two", "three"]);
    assert_eq!(within(", minDepth: 2"), ["two", "three"]);
    assert_eq!(within(", maxDepth: 2"), ["one", "two"]);
    assert_eq!(within(", minDepth: 2, maxDepth: 2"), ["two"]);
}

#[test]
fn includes_hand_down_labels_and_ignore() {
    let leaf = changelog("- changeSet: {id: leaf, author: a, labels: own, changes: [{sql: {sql: select 1}}]}\n");
    let middle = changelog("- include: {file: leaf.yaml, labels: inner}\n");
    let root = changelog("- include: {file: middle.yaml, labels: 'outer, more'}\n");
    let files = [("c.yaml", root.as_str()), ("middle.yaml", middle.as_str()), ("leaf.yaml", leaf.as_str())];
    let found = planned(&files, &[]);
    assert_eq!(found[0]["labels"], "inner,outer,more,own");
    let verdict = |filter: &str| planned(&files, &["--labels", filter])[0]["verdict"].as_str().unwrap().to_owned();
    assert_eq!(["outer", "inner", "own", "other"].map(verdict), ["run", "run", "run", "skipped"]);

    let root = changelog(&format!("- include: {{file: leaf.yaml, ignore: true}}\n{}", changeset("kept")));
    let found = planned(&[("c.yaml", &root), ("leaf.yaml", &leaf)], &[]);
    assert_eq!((&found[0]["verdict"], &found[0]["reason"]), (&Value::from("skipped"), &Value::from("ignore")));
    assert_eq!(found[1]["verdict"], "run");
}

/// changelog-formats §8: slashes and one leading slash, in all formats but formatted SQL.
#[test]
fn logical_paths_are_recorded_without_a_leading_slash() {
    for (written, recorded) in [("/db/x.yaml", "db/x.yaml"), ("//db/x.yaml", "/db/x.yaml"), ("db\\\\x.yaml", "db/x.yaml")] {
        let text = format!(
            "databaseChangeLog:\n- changeSet: {{id: 1, author: a, logicalFilePath: \"{written}\", changes: [{{sql: {{sql: select 1}}}}]}}\n"
        );
        assert_eq!(planned(&[("c.yaml", &text)], &[])[0]["path"], recorded, "{written}");
    }
}

#[test]
fn properties_of_added_columns_are_removed_for_their_database_only() {
    let text = changelog(
        "- removeChangeSetProperty: {change: addColumn, dbms: mysql, remove: afterColumn}
- changeSet: {id: 1, author: a, changes: [{addColumn: {tableName: t, columns: [{column: {name: b, type: int, afterColumn: a}}]}}]}
",
    );
    let sql = |url: &str| planned(&[("c.yaml", &text)], &["--url", url])[0]["sql"][0].as_str().unwrap().to_owned();
    assert_eq!(sql("offline:mysql"), "ALTER TABLE t ADD b INT NULL");
    assert_eq!(sql("offline:mariadb"), "ALTER TABLE t ADD b INT NULL AFTER a");
}

#[test]
fn elements_that_do_not_exist_are_errors_in_xml_unless_it_is_not_validated() {
    let text = "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\">
  <changeSet id=\"1\" author=\"a\" colour=\"red\"><sql>select 1</sql></changeSet>
</databaseChangeLog>
";
    assert_eq!(run(&[("c.xml", text)], &["validate"]).code, 3);
    let lax = run(&[("c.xml", text)], &["validate", "--validate-xml-changelog-files=false"]);
    assert_eq!(lax.code, 0, "{}", lax.stderr);
    assert!(lax.stderr.starts_with("warning[W"), "{}", lax.stderr);
}

#[test]
fn a_tag_is_the_first_change_of_a_changeset_in_xml() {
    let text = |changes: &str| {
        format!(
            "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\">\n<changeSet id=\"1\" author=\"a\">{changes}</changeSet>\n</databaseChangeLog>\n"
        )
    };
    let (tag, sql) = ("<tagDatabase tag=\"v1\"/>", "<sql>select 1</sql>");
    assert_eq!(run(&[("c.xml", &text(&format!("{tag}{sql}")))], &["validate"]).code, 0);
    let behind = run(&[("c.xml", &text(&format!("{sql}{tag}")))], &["validate"]);
    assert_eq!(behind.code, 3, "{}", behind.stderr);
    assert!(behind.stderr.contains("'tagDatabase' may not stand after another change in XML"), "{}", behind.stderr);
}

/// changelog-formats §7.1, and the checksum that Liquibase 4.28 recorded: files of properties are ISO-8859-1, one may be missing, and
/// a property of one file that has no value is none.
#[test]
fn properties_come_from_files() {
    let text = changelog(
        "- property: {file: in/p.properties, relativeToChangelogFile: true}
- property: {file: nowhere.properties, errorIfMissing: false}
- property: {name: nothing, global: false}
- property: {name: nothing, value: something}
- changeSet: {id: v1, author: a, changes: [{sql: {sql: \"select '${place}${other}${nothing}'\"}}]}
",
    );
    let folder = folder(&[("db/c.yaml", &text), ("db/in/p.properties", "")]);
    std::fs::write(folder.path().join("db/in/p.properties"), b"place=caf\xe9\nother : \\u00e9\\\n  t\xe9\n").unwrap();
    let words = ["plan", "--format", "json", "--url", "offline:postgresql", "--changelog-file", "db/c.yaml"];
    let ran = run_in(folder.path(), &words);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = &plan["changesets"][0];
    assert_eq!(found["sql"][0], "select 'caféétésomething'");
    assert_eq!(found["md5sum"], "9:3b34b5346ee3dcf0e906e50f627f527c");
    std::fs::write(folder.path().join("db/c.yaml"), text.replace(", errorIfMissing: false", "")).unwrap();
    let ran = run_in(folder.path(), &words);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("nowhere.properties was not found"), "{}", ran.stderr);
}

/// changelog-formats §7.1: who sees a property, and since when.
#[test]
fn properties_count_everywhere_unless_they_are_filtered() {
    let sql = |id: &str| format!("- changeSet: {{id: {id}, author: a, changes: [{{sql: {{sql: \"select '${{who}}'\"}}}}]}}\n");
    let texts = |files: &[(&str, &str)], words: &[&str]| {
        planned(files, words).iter().map(|c| c["sql"][0].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // What an included file defines is known behind it, unless it says otherwise; labels filter as those of changesets do.
    let root = changelog(&format!("- include: {{file: first.yaml}}\n{}", sql("root")));
    let first = changelog(&format!(
        "- property: {{name: who, value: night, labels: night}}\n- property: {{name: who, value: day, labels: day}}\n{}",
        sql("first")
    ));
    let files = [("c.yaml", root.as_str()), ("first.yaml", first.as_str())];
    assert_eq!(texts(&files, &["--labels", "day"]), ["select 'day'", "select 'day'"]);
    assert_eq!(texts(&files, &["--labels", "night"]), ["select 'night'", "select 'night'"]);
    assert_eq!(texts(&files, &[]), ["select 'night'", "select 'night'"]);
    // In YAML and JSON a property counts in its whole file, in XML from its place on.
    let json = r#"{"databaseChangeLog": [{"changeSet": {"id": "1", "author": "a", "changes": [{"sql": {"sql": "select '${who}'"}}]}}, {"property": {"name": "who", "value": "late"}}]}"#;
    assert_eq!(texts(&[("c.json", json)], &[]), ["select 'late'"]);
    let xml = "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\"><changeSet id=\"1\" author=\"a\"><sql>select '${who}'</sql></changeSet><property name=\"who\" value=\"late\"/></databaseChangeLog>";
    assert_eq!(texts(&[("c.xml", xml)], &["--validate-xml-changelog-files=false"]), ["select '${who}'"]);
}

/// Edits of SQL have contexts and labels of their own, beside those of their changeset.
#[test]
fn edits_count_for_their_contexts_and_labels() {
    let text = changelog(
        "- changeSet: {id: 1, author: a, changes: [{sql: {sql: select 1}}], modifySql: [{contextFilter: prod, append: {value: ' /* prod */'}}]}
- changeSet: {id: 2, author: a, changes: [{sql: {sql: select 2}}], modifySql: [{labels: night, append: {value: ' /* night */'}}]}
",
    );
    let texts =
        |words: &[&str]| planned(&[("c.yaml", &text)], words).iter().map(|c| c["sql"][0].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(texts(&["--contexts", "prod", "--labels", "night"]), ["select 1 /* prod */", "select 2 /* night */"]);
    assert_eq!(texts(&["--contexts", "test", "--labels", "day"]), ["select 1", "select 2"]);
}

#[test]
fn comments_of_a_changeset_are_joined() {
    let text = "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\"><changeSet id=\"1\" author=\"a\"><comment>one</comment><comment>two</comment><sql>select 1</sql></changeSet></databaseChangeLog>";
    assert_eq!(planned(&[("c.xml", text)], &["--validate-xml-changelog-files=false"])[0]["comments"], "one\ntwo");
}

/// changelog-formats §7.1: a property of one file is seen in the files that it includes, where their own come first.
#[test]
fn properties_of_a_file_reach_what_it_includes() {
    let local = |value: &str| format!("- property: {{name: who, value: {value}, global: false}}\n");
    let sql = |id: &str| format!("- changeSet: {{id: {id}, author: a, changes: [{{sql: {{sql: \"select '${{who}}'\"}}}}]}}\n");
    let root = changelog(&format!("{}- include: {{file: seen.yaml}}\n- include: {{file: own.yaml}}\n{}", local("root"), sql("root")));
    let own = changelog(&format!("{}{}- include: {{file: below.yaml}}\n", local("own"), sql("own")));
    let (seen, below) = (changelog(&sql("seen")), changelog(&sql("below")));
    let files = [("c.yaml", root.as_str()), ("seen.yaml", &seen), ("own.yaml", &own), ("below.yaml", &below)];
    let found = planned(&files, &[]);
    let texts: Vec<&str> = found.iter().map(|c| c["sql"][0].as_str().unwrap()).collect();
    assert_eq!(texts, ["select 'root'", "select 'own'", "select 'own'", "select 'root'"]);
}

/// A small file must not become a large text.
#[test]
fn properties_do_not_grow_without_bound() {
    let mut text = format!("databaseChangeLog:\n- property: {{name: p0, value: {}}}\n", "x".repeat(1000));
    for n in 1..8 {
        let before = format!("${{p{}}}", n - 1).repeat(10);
        text += &format!("- property: {{name: p{n}, value: '{before}'}}\n");
    }
    text += "- changeSet: {id: 1, author: a, changes: [{sql: {sql: 'select ${p7}'}}]}\n";
    let ran = run(&[("c.yaml", &text)], &["validate"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("grows without bound"), "{}", ran.stderr);
}

#[test]
fn parameters_of_an_offline_url_that_do_nothing_are_told() {
    let one = changelog(&changeset("one"));
    let told = |database: &str| {
        let url = format!("offline:{database}?version=16&snapshot=s.json&caseSensitive=true&outputDefaultCatalog=false&colour=red");
        let ran = run(&[("c.yaml", &one)], &["validate", "--url", &url]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stderr.lines().filter(|l| l.starts_with("WARNING: ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let without =
        |names: &[&str]| names.iter().map(|n| format!("WARNING: the parameter `{n}` of the offline URL has no effect")).collect::<Vec<_>>();
    assert_eq!(told("postgresql"), without(&["caseSensitive", "snapshot", "colour"]));
    // There the server's setting decides what the SQL for a view is.
    assert_eq!(told("mssql"), without(&["snapshot", "colour"]));
}

#[test]
fn a_plan_shows_also_what_is_no_sql() {
    let text = changelog(
        "- changeSet: {id: 1, author: a, changes: [{insert: {tableName: t, columns: [{column: {name: n, valueBlobFile: b.bin}}]}}, {executeCommand: {executable: ls, args: [{arg: {value: -l}}]}}, {sql: {sql: select 1}}]}\n",
    );
    let found = planned(&[("c.yaml", &text), ("b.bin", "x")], &[]);
    assert_eq!(found[0]["sql"], serde_json::json!(["-- ls -l", "select 1"]));
    let note = "insert into t has values from files: they are sent as parameters, which a script cannot hold";
    assert_eq!(found[0]["notes"], serde_json::json!([note]));
}

/// A file that is missing is one mistake, though both the checksum and the statements need it.
#[test]
fn a_plan_tells_a_missing_file_once() {
    let text = changelog("- changeSet: {id: 1, author: a, changes: [{sqlFile: {path: nowhere.sql}}]}\n");
    let ran = run(&[("c.yaml", &text)], &["plan", "--format", "json"]);
    let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = &plan["changesets"][0];
    let told = |list: &Value| list.as_array().unwrap().iter().filter(|t| t.as_str().unwrap().contains("nowhere.sql")).count();
    assert_eq!((told(&found["errors"]), told(&found["warnings"]), &found["md5sum"]), (1, 0, &Value::Null), "{}", ran.stdout);
}

/// The strategy of the root file is that of the changelog, whatever an included file says of itself.
#[test]
fn quoting_is_that_of_the_file() {
    let table = |id: &str| format!("- changeSet: {{id: {id}, author: a, changes: [{{dropTable: {{tableName: {id}}}}}]}}\n");
    let leaf = changelog(&format!("- objectQuotingStrategy: QUOTE_ALL_OBJECTS\n{}", table("leaf")));
    let root = changelog(&format!(
        "- objectQuotingStrategy: LEGACY\n- preConditions: [{{onSqlOutput: TEST}}, {{expectedQuotingStrategy: {{strategy: LEGACY}}}}]\n- include: {{file: leaf.yaml}}\n{}",
        table("root")
    ));
    let files = [("c.yaml", root.as_str()), ("leaf.yaml", leaf.as_str())];
    let found = planned(&files, &[]);
    assert_eq!((&found[0]["sql"][0], &found[1]["sql"][0]), (&"DROP TABLE \"leaf\"".into(), &"DROP TABLE root".into()));
    let written = run(&files, &["update-sql"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
}

/// A plan through a template: its own words and nothing else; a mistake names its line.
#[test]
fn a_plan_is_written_through_a_template() {
    let text = changelog(&changeset("one"));
    let template = "{% for c in changesets %}\n{{ c.id }} at {{ c.file }}:{{ c.line }} {{ c.sql | join(' / ') }}\n{% endfor %}\n";
    let files = [("c.yaml", &*text), ("t.md", template), ("bad.md", "a\n{{ nothing }}")];
    let ran = run(&files, &["plan", "--template", "t.md", "--format", "json"]);
    assert_eq!((ran.code, &*ran.stdout), (0, "one at c.yaml:2 create table one (n int)\n"), "{}", ran.stderr);
    let ran = run(&files, &["plan", "--template", "bad.md"]);
    assert_eq!((ran.code, &*ran.stdout), (2, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("the template bad.md fails: line 2: undefined value"), "{}", ran.stderr);
    let ran = run(&files, &["plan", "--template", "none.md"]);
    assert!(ran.code == 2 && ran.stderr.contains("the template none.md cannot be read"), "{}", ran.stderr);
}
