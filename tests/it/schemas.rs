//! The schemas of `schemas/`: as the code has them, and true. What the reader of changelogs takes without a word is valid, what it
//! refuses or warns of is not; what commands print is valid.

use crate::archive::{Case, read_cases};
use crate::program::run_in;
use crate::random_changelogs::changesets;
use changelog::change::TYPES;
use changelog::changelog::Rollback;
use changelog::changelog::loader::{LoadOptions, load};
use changelog::changelog::properties::Properties;
use changelog::changelog::search_path::{DuplicateFileMode, SearchPath};
use changelog::diagnostic::UNKNOWN_CHANGESET;
use changelog::report::schema::{ALL, Schema};
use changelog::source::attributes::FieldValue;
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::sync::LazyLock;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schema(name: &str) -> &'static Schema {
    ALL.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("no schema {name}"))
}

fn validator(name: &str) -> Validator {
    jsonschema::validator_for(&serde_json::from_str(&schema(name).text()).unwrap()).unwrap()
}

static CHANGELOG: LazyLock<Validator> = LazyLock::new(|| validator("changelog"));

fn problems(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

fn from_yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

#[test]
fn generated_schemas_are_current() {
    let folder = root().join("schemas");
    for schema in ALL {
        let path = folder.join(schema.file);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, schema.text()).unwrap();
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(there == schema.text(), "{} is not what the code says; UPDATE=1 writes it anew", schema.file);
    }
    let files = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let strangers: Vec<String> = files.filter(|f| !ALL.iter().any(|s| s.file == f)).collect();
    assert_eq!(strangers, Vec::<String>::new());
}

#[test]
fn schemas_are_schemas_of_draft_7() {
    for schema in ALL.iter().filter(|s| s.file.ends_with(".json")) {
        let value: Value = serde_json::from_str(&schema.text()).unwrap();
        assert_eq!(value["$schema"], "http://json-schema.org/draft-07/schema#", "{}", schema.name);
        assert!(jsonschema::meta::validate(&value).is_ok(), "{}: {:?}", schema.name, jsonschema::meta::validate(&value));
    }
}

/// What the reader says about a changelog: nothing, if it takes it as it is. A change without what every database needs is found
/// by validation, not by the reader; a changeset of another part of the file is not asked for.
fn told(name: &str, text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    let search = SearchPath::new(vec![folder.path().to_owned()], DuplicateFileMode::First);
    let changelog = load(name, search, Properties::default(), LoadOptions::default());
    let problems = changelog.problems.iter().filter(|p| p.code != UNKNOWN_CHANGESET);
    let mut told: Vec<String> = problems.map(|p| format!("{}: {}", p.code.name, p.message)).collect();
    for changeset in &changelog.changesets {
        let undone = if let Rollback::Written(list) = &changeset.rollback { list.as_slice() } else { &[] };
        for change in changeset.changes.iter().chain(undone) {
            let change = change.value.as_type();
            for (field, value) in change.fields().iter().zip(change.values()).filter(|(f, _)| f.required) {
                let is_missing = match value {
                    FieldValue::None => true,
                    FieldValue::Objects(list) => list.is_empty(),
                    _ => false,
                };
                if is_missing {
                    told.push(format!("{} is required", field.name));
                }
            }
        }
    }
    told
}

/// Whether the schema takes a changelog; an error when the reader does not think the same.
fn agree(text: &str) -> Result<bool, String> {
    of_one_mind(&told("changelog.yaml", text), &from_yaml(text))
}

fn of_one_mind(told: &[String], document: &Value) -> Result<bool, String> {
    let refused = problems(&CHANGELOG, document);
    if told.is_empty() == refused.is_empty() {
        Ok(refused.is_empty())
    } else {
        Err(format!("reader: {told:?}\nschema: {refused:?}\n{document:#}"))
    }
}

/// Each changeset of the fixtures by itself, in YAML.
fn fixture_cases() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(root().join("fixtures/change")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "test") {
            let (preamble, cases) = read_cases(&std::fs::read_to_string(&path).unwrap());
            let subject = path.file_stem().unwrap().to_str().unwrap();
            let text = |case: &Case| format!("databaseChangeLog:\n{preamble}{}", case.yaml);
            out.extend(cases.iter().map(|case| (format!("{subject} {}", case.id), text(case))));
        }
    }
    out
}

#[test]
fn every_changeset_of_the_fixtures_is_valid_if_the_reader_takes_it() {
    let cases = fixture_cases();
    assert!(cases.len() > 1000, "{}", cases.len());
    let agreed: Vec<_> = cases.iter().map(|(name, text)| agree(text).map_err(|e| format!("{name}: {e}"))).collect();
    let differ: Vec<&String> = agreed.iter().filter_map(|a| a.as_ref().err()).collect();
    assert!(differ.is_empty(), "{differ:#?}");
    let valid = agreed.iter().filter(|a| **a == Ok(true)).count();
    assert!(valid * 100 > cases.len() * 95, "{valid} of {}", cases.len());
}

#[test]
fn changelogs_of_the_examples_are_valid() {
    let mut seen = 0;
    for folder in ["changelogs/shop", "fixtures/round-trip", "fixtures/update-sql"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "yaml") {
                let found = problems(&CHANGELOG, &from_yaml(&std::fs::read_to_string(&path).unwrap()));
                assert!(found.is_empty(), "{}: {found:?}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 40, "{seen}");
}

/// The document with the key at that place in the order of all keys misspelt, and the key; `None` when there are fewer.
fn misspelt(value: &Value, at: &mut usize) -> Option<(Value, String)> {
    match value {
        Value::Array(list) => list.iter().enumerate().find_map(|(i, item)| {
            let (changed, key) = misspelt(item, at)?;
            let mut list = list.clone();
            list[i] = changed;
            Some((Value::Array(list), key))
        }),
        Value::Object(map) => map.iter().enumerate().find_map(|(i, (key, item))| {
            let changed = if *at == 0 { Some((format!("{key}x"), item.clone(), key.clone())) } else { None };
            let changed = changed.or_else(|| {
                *at -= 1;
                misspelt(item, at).map(|(inner, name)| (key.clone(), inner, name))
            })?;
            let entries = map.iter().enumerate().map(
                |(j, (k, v))| {
                    if i == j { (changed.0.clone(), changed.1.clone()) } else { (k.clone(), v.clone()) }
                },
            );
            Some((Value::Object(entries.collect::<Map<_, _>>()), changed.2))
        }),
        _ => None,
    }
}

#[test]
fn a_misspelt_name_anywhere_is_refused() {
    let mut tried = 0;
    for (name, text) in fixture_cases() {
        let case = from_yaml(&text);
        for at in 0.. {
            let Some((document, key)) = misspelt(&case, &mut at.clone()) else { break };
            // What `params` of a class are called is up to the class.
            if name.starts_with("customChange") {
                continue;
            }
            assert!(!CHANGELOG.is_valid(&document), "{name}: {key} may be misspelt\n{document:#}");
            tried += 1;
        }
    }
    assert!(tried > 10_000, "{tried}");
}

#[test]
fn spellings_that_liquibase_takes() {
    let changeset = |rest: &str| format!("databaseChangeLog: [{{changeSet: {{id: 1, author: me, {rest}}}}}]");
    for rest in [
        "changes: {dropTable: {tableName: t}}",
        "changes: [{dropTable: {tableName: t}, dropView: {viewName: v}}]",
        "changes: [{dropTable: [{tableName: t}, {schemaName: s}]}]",
        "changes: [{sql: select 1}, {sql: [select 1]}, {empty: }, {stop: }, {tagDatabase: {tag: 1.0}}]",
        "dropTable: {tableName: t}",
        "context: a, runAlways: 'TRUE', changes: ",
        "changes: [{createTable: {tableName: t, columns: {column: {name: a, type: int}}}}]",
        "changes: [{createTable: {tableName: t, columns: {name: a, type: int}}}]",
        "changes: [{createTable: {tableName: t, column: {name: a, type: int, constraints: [{nullable: false}, {unique: true}]}}}]",
        "changes: [{addColumn: {tableName: t, columns: [{column: {name: a, type: int, position: 1, afterColumn: b}}]}}]",
        "changes: [{loadData: {tableName: t, file: f, columns: [{column: {index: 1, header: h, type: skip}}]}}]",
        "changes: [{update: {tableName: t, columns: [{column: {name: a, value: 1}}], where: b, whereParams: [{param: {value: 1}}]}}]",
        "changes: [{createIndex: {tableName: t, column: {name: a}, where: a > 1, concurrently: true}}, {createSchema: {schemaName: s}}]",
        "changes: [{customChange: {class: a.B, params: [{param: {name: a, value: b}}]}}, {customChange: {class: a.B, param: {a: b}}}]",
        "changes: [{executeCommand: {executable: ls, args: [{arg: {value: -l}}]}}]",
        "changes: [{dropTable: {tableName: t}}, {rollback: select 1}, {modifySql: {append: {value: a}}}]",
        "rollback: ",
        "rollback: [select 1, {dropTable: {tableName: t}}]",
        "rollback: {changeSetId: 1, changeSetAuthor: me}",
        "comment: [a, b], validCheckSum: ['1:any', '8:d41d8cd98f00b204e9800998ecf8427e'], preConditions: [{onFail: mark_ran}, {or: [{dbms: {type: a}}, {not: {tableExists: {tableName: t}}}]}]",
        "preConditions: {onFail: HALT, sqlCheck: {expectedResult: 1, sql: select 1}, customPrecondition: {className: a.B, param: {name: a, value: b}}}",
        "modifySql: [{dbms: mysql}, {replace: {replace: a, with: b}}, {append: {value: x}}]",
    ] {
        assert_eq!(agree(&changeset(rest)), Ok(true), "{rest}");
    }
    for root in [
        "databaseChangeLog: ",
        "$schema: here, databaseChangeLog: [{logicalFilePath: a}, {property: {name: a, value: 1}}, {objectQuotingStrategy: LEGACY}]",
        "databaseChangeLog: [{property: {name: n, value: 1}}, {property: {name: t, value: true}}, {changeSet: {id: 1, author: me, runAlways: '${t}', ignore: ' true', \
          changes: [{createSequence: {sequenceName: s, startValue: '${n}', incrementBy: '+1'}}]}}]",
        "x-anchors: {a: 1}, databaseChangeLog: [{preConditions: [{dbms: {type: all}}]}]",
        "databaseChangeLog: [{removeChangeSetProperty: {change: addColumn, dbms: mysql, remove: position}}, {modifyChangeSets: {runWith: psql}}]",
    ] {
        assert_eq!(agree(&format!("{{{root}}}")), Ok(true), "{root}");
    }
}

#[test]
fn what_is_told_of_is_not_valid() {
    let changeset = |rest: &str| format!("databaseChangeLog: [{{changeSet: {{id: 1, author: me, {rest}}}}}]");
    for rest in [
        "changes: [{dropTabel: {tableName: t}}]",
        "changes: [{dropTable: {tablename: t}}]",
        "changes: [{dropTable: {schemaName: t}}]",
        "changes: [{dropTable: }]",
        "changes: [{dropTable: {tableName: t, cascadeConstraints: 'yes'}}]",
        "changes: [{createSequence: {sequenceName: s, startValue: 1.5}}]",
        "changes: [{createTable: {tableName: t, columns: [{column: {name: a, type: int, header: h}}]}}]",
        "changes: [{createTable: {tableName: t, columns: [{column: {name: a, constraints: {nulable: false}}}]}}]",
        "changes: [{createTable: {tableName: t}}]",
        "changes: [{sqlFile: {encoding: UTF-8}}]",
        // Shapes that nobody reads.
        "changes: [{dropTable: {tableName: t, schemaName: [a, b]}}]",
        "changes: [{dropTable: {tableName: t, schemaName: {a: b}}}]",
        "changes: [{createTable: {tableName: t, columns: {column: {name: a, type: int}, foo: 1}}}]",
        "changes: [{createTable: {tableName: t, columns: [{column: {name: a, type: int}}, foo]}}]",
        "changes: [{createTable: {tableName: t, columns: [{column: {name: a, type: int, constraints: foo}}]}}]",
        "changes: [{update: {tableName: t, columns: [{column: {name: a, value: 1}}], whereParams: [{parm: {value: 1}}]}}]",
        "changes: [{executeCommand: {executable: ls, args: [{argument: {value: -l}}]}}]",
        "changes: [{empty: foo}]",
        "changes: foo",
        "changes: [foo]",
        "preConditions: foo",
        "modifySql: foo",
        "runOrder: middle",
        "onValidationFail: halt",
        "objectQuotingStrategy: ALL",
        "preConditions: [{onFail: STOP}]",
        "preConditions: [{tableExists: {schemaName: s}}]",
        "preConditions: [{and: [{onFail: HALT}]}]",
        "modifySql: {append: {text: a}}",
        "modifySql: {append: {}}",
        "rollback: [{dropTable: {name: t}}]",
        "runsAlways: true",
    ] {
        assert_eq!(agree(&changeset(rest)), Ok(false), "{rest}");
    }
    for root in [
        "databaseChangeLog: {changeSet: {id: 1, author: me}}",
        "databaseChangeLog: [{changeSet: {id: 1}}]",
        "databaseChangelog: []",
        "databaseChangeLog: [], other: 1",
        "databaseChangeLog: [{include: {path: a}}]",
        "databaseChangeLog: [{includeAll: {path: a, filter: a.B}}]",
        "databaseChangeLog: [{removeChangeSetProperty: {remove: name}}]",
        "databaseChangeLog: [{removeChangeSetProperty: {remove: position, of: addColumn}}]",
    ] {
        assert_eq!(agree(&format!("{{{root}}}")), Ok(false), "{root}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reader_and_schema_agree(changesets in changesets(), at in 0usize..60) {
        let document = json!({ "databaseChangeLog": changesets });
        let misspelt = misspelt(&document, &mut at.clone()).map(|(document, _)| document);
        for document in [Some(document), misspelt].into_iter().flatten() {
            let told = told("changelog.json", &document.to_string());
            // Characters that the format does not allow are no matter of the schema.
            prop_assume!(!told.iter().any(|t| t.starts_with("syntax")));
            let mind = of_one_mind(&told, &document);
            prop_assert!(mind.is_ok(), "{}", mind.unwrap_err());
        }
    }
}

#[test]
fn documents_of_the_commands_are_valid() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "main.yaml",
        "databaseChangeLog:\n\
         - changeSet: {id: 1, author: ann, changes: [{createTable: {tableName: t, columns: [{column: {name: a, type: int}}]}}]}\n\
         - changeSet: {id: 2, author: ann, context: never, comment: c, labels: l, changes: [{sql: {sql: select 1}}]}\n\
         - changeSet: {id: 3, author: ann, preConditions: [{tableExists: {tableName: t}}], changes: [{dropTable: {tableName: t}}]}\n\
         - changeSet: {id: 4, author: ann, changes: [{sql: {sql: select 1, colour: red}}]}\n",
    );
    write("bad.yaml", "databaseChangeLog:\n- changeSet: {id: 1, author: ann, changes: [{dropTabel: {tableName: t}}, {dropTable: {}}]}\n");
    let check = |name: &str, words: &[&str], code: i32| {
        let ran = run_in(folder.path(), &[words, &["--url", "sqlite:t.db"]].concat());
        assert_eq!(ran.code, code, "{words:?}: {}", ran.stderr);
        let value: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{words:?}: {e}\n{}", ran.stdout));
        let found = problems(&validator(name), &value);
        assert!(found.is_empty(), "{words:?}: {found:?}\n{value:#}");
        value
    };
    let json = ["--format", "json"];
    let main = ["--changelog-file", "main.yaml", "--contexts", "test"];
    let plan = check("plan", &[&["plan"], &main[..], &json[..]].concat(), 0);
    assert_eq!(plan["changesets"].as_array().unwrap().len(), 4);
    check("status", &[&["status"], &main[..], &json[..]].concat(), 0);
    assert_eq!(run_in(folder.path(), &["update-count", "1", "--url", "sqlite:t.db", "--changelog-file", "main.yaml"]).code, 0);
    check("plan", &[&["plan"], &main[..], &json[..]].concat(), 0);
    let history = check("history", &["history", "--format", "json"], 0);
    assert_eq!(history["changesets"].as_array().unwrap().len(), 1);
    check("validate", &[&["validate"], &main[..], &json[..]].concat(), 0);
    let invalid = check("validate", &["validate", "--changelog-file", "bad.yaml", "--format", "json"], 3);
    assert_eq!(invalid["valid"], false);
    check("list-locks", &["list-locks", "--format", "json"], 0);
    check("diagnose", &["diagnose", "--format", "json"], 0);
    check("config-show", &["config", "show", "--format", "json"], 0);
    // Nothing but the log stands on standard error then, whatever its level.
    for (command, level, message) in [
        (&["history"][..], "fine", "Liquibase command 'history' was executed successfully."),
        (&["update", "--changelog-file", "main.yaml"], "info", "Liquibase command 'update' was executed successfully."),
        (&["update", "--changelog-file", "bad.yaml"], "severe", "error[E0202]"),
    ] {
        let logged = run_in(folder.path(), &[command, &["--url", "sqlite:t.db", "--log-level", level, "--log-format", "json"]].concat());
        let lines: Vec<Value> = logged.stderr.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect();
        assert!(lines.iter().any(|l| l["message"].as_str().unwrap().contains(message)), "{message}: {}", logged.stderr);
        for line in lines {
            assert_eq!(problems(&validator("log"), &line), Vec::<String>::new(), "{line}");
        }
    }
}

/// What a document of a command does not have, the schema does not take.
#[test]
fn documents_with_other_words_are_refused() {
    let plan = validator("plan");
    let entry = json!({
        "id": "1", "author": "a", "path": "p", "file": "f", "line": 1, "verdict": "run", "reason": null, "preconditions": null,
        "md5sum": null, "md5sum_v8": null, "description": "", "comments": null, "contexts": null, "labels": null, "sql": [],
        "end_delimiters": [], "rollback": { "error": "none" }, "errors": [], "warnings": [], "notes": [],
    });
    let document = |entry: &Value| json!({ "version": 1, "dialect": "sqlite", "changesets": [entry] });
    assert_eq!(problems(&plan, &document(&entry)), Vec::<String>::new());
    for (key, value) in [("verdict", json!("maybe")), ("line", json!("1")), ("rollback", json!("drop")), ("preconditions", json!("known"))]
    {
        let mut other = entry.clone();
        other[key] = value;
        assert!(!plan.is_valid(&document(&other)), "{key}");
        other.as_object_mut().unwrap().remove(key);
        assert!(!plan.is_valid(&document(&other)), "without {key}");
    }
    assert!(!plan.is_valid(&json!({ "version": 2, "dialect": "sqlite", "changesets": [] })));
}

#[test]
fn configurations_are_valid() {
    let config = validator("config");
    let examples: String = ["docs/guide.md", "README.md"].map(|f| std::fs::read_to_string(root().join(f)).unwrap()).concat();
    let written = regex::Regex::new(r"(?s)changelog\.config\.yaml <<'END'\n(.*?)\nEND\n").unwrap();
    let mut seen = 0;
    for example in written.captures_iter(&examples) {
        assert_eq!(problems(&config, &from_yaml(&example[1])), Vec::<String>::new(), "{}", &example[1]);
        seen += 1;
    }
    assert!(seen > 1, "{seen}");
    let yaml = "changelogFile: db/main.yaml\ncontexts: [prod, eu]\nlog-level: INFO\nsql: {showSqlWarnings: true}\nsql-log-level: fine\n\
                update: {showSummary: verbose}\nconfig: {show: {format: json}}\nparameters: {tablespace: fast, n: 1.10}\n\
                programs: {com.example.FixPrices: tools/fix-prices}\nlogFile:\n";
    assert_eq!(problems(&config, &from_yaml(yaml)), Vec::<String>::new());
    for wrong in ["changlogFile: a", "logLevel: LOUD", "strict: 7", "update: {nothing: 1}", "parameters: [a]", "[a]"] {
        assert!(!config.is_valid(&from_yaml(wrong)), "{wrong}");
    }
}

#[test]
fn the_xml_schema_has_what_is_ours() {
    let text = schema("changelog-extensions").text();
    let mut names = Vec::new();
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(tag) => {
                if depth == 1 {
                    let name = tag.try_get_attribute("name").unwrap().unwrap();
                    names.push(format!("{} {}", tag.name().as_ref(), name.value));
                }
                depth += 1;
            }
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    let types = TYPES.iter().filter(|t| t.namespace == changelog::source::Namespace::Own).map(|t| format!("xs:element {}", t.name));
    let fields = TYPES.iter().flat_map(|t| t.fields).chain(changelog::change::columns::Column::FIELDS);
    let mut attributes: Vec<String> = fields.filter(|f| f.extension).map(|f| format!("xs:attribute {}", f.name)).collect();
    attributes.sort();
    attributes.dedup();
    let expected: Vec<String> =
        ["flag", "integer"].map(|n| format!("xs:simpleType {n}")).into_iter().chain(attributes).chain(types).collect();
    assert_eq!(names, expected);
}
