//! Changelogs made up at random: each change type with each attribute, and texts that formats have trouble with. Written by
//! our own writer in YAML, JSON and XML and read again, they are the same changelog, or they are refused with a reason.

use crate::conversion::{FORMATS, understood, written};
use changelog::change::columns::{Column, Constraints};
use changelog::change::{TYPES, TypeInfo};
use changelog::precondition;
use changelog::source::Format;
use changelog::source::attributes::{Field, Kind};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

/// Words that a format takes for something else: values of YAML 1.1, indicators, markup, blanks, characters that are no text.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "yes",
    "NO",
    "on",
    "y",
    "~",
    "null",
    "NULL",
    "true",
    "False",
    "1e3",
    "0x1F",
    "017",
    "0o17",
    "1_000",
    "1.0",
    "+1",
    "-0",
    ".5",
    ".inf",
    ".NaN",
    "12:30:45",
    "2020-01-01",
    "2020-01-01 10:00:00",
    "2020-01-01T10:00:00Z",
    "=",
    "<<",
    "- a",
    "? b",
    "# c",
    "a: b",
    "a #b",
    "a:",
    ":a",
    "'",
    "\"",
    "it's \"so\"",
    "|",
    ">",
    "%a",
    "@b",
    "`c",
    "&a",
    "*b",
    "!c",
    "!!str d",
    "{",
    "}",
    "[",
    "]",
    ",",
    "---",
    "...",
    "${x}",
    "${:x}",
    "$",
    "\\",
    "\\n",
    "]]>",
    "<![CDATA[x]]>",
    "<a b='c'/>",
    "&amp;",
    "&#10;",
    "<!-- -->",
    "<?x?>",
    " lead",
    "trail ",
    "\tlead",
    "trail\t",
    "\n",
    "a\nb",
    "\na",
    "a\n",
    "a\n\n",
    "a\n  b\n c",
    "a\r\nb",
    "\r",
    "\r\n",
    "a\u{85}b",
    "a\u{2028}b",
    "\u{a0}",
    "\u{feff}a",
    "\u{0}",
    "\u{1b}[0m",
    "\u{7f}",
    "\u{ffff}",
    "é",
    "λ😀",
    "e\u{301}",
    "\u{202e}x",
    "--liquibase formatted sql",
    "; go /",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(HOSTILE).prop_map(str::to_owned),
        2 => "[a-z][a-z_0-9 ]{0,12}",
        2 => "[a-f0-9:#&*!|>'\"%@`{}\\[\\],?\\-~ \n\t\r\\\\é\u{85}\u{2028}😀.$()<;=]{0,12}",
        1 => "\\PC{0,8}",
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => text().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
    ]
}

/// The value of an attribute.
fn value(field: &'static Field) -> BoxedStrategy<Value> {
    match field.kind {
        Kind::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Integer => any::<i64>().prop_map(Value::from).boxed(),
        Kind::Columns(_) => {
            proptest::collection::vec(column(), 1..3).prop_map(|list| list.into_iter().map(|c| json!({ "column": c })).collect()).boxed()
        }
        Kind::Object => attributes(Constraints::FIELDS, &[]).boxed(),
        Kind::Word(words) => select(words).prop_map(Value::from).boxed(),
        Kind::List(_) | Kind::Map => {
            let of = if let Kind::List(item) = field.kind { item } else { "param" };
            proptest::collection::vec((text(), text()), 1..3)
                .prop_map(move |list| list.into_iter().map(|(name, value)| parameter(of, name, value)).collect())
                .boxed()
        }
        Kind::Text | Kind::Expression | Kind::Number | Kind::Date | Kind::JavaClass => scalar().boxed(),
    }
}

fn parameter(of: &'static str, name: String, value: String) -> Value {
    if of == "arg" { json!({ of: { "value": value } }) } else { json!({ of: { "name": name, "value": value } }) }
}

/// Some of the attributes but these.
fn attributes(fields: &'static [Field], but: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let fields: Vec<&'static Field> = fields.iter().filter(|f| !but.contains(&f.name)).collect();
    let most = fields.len().min(6);
    subsequence(fields, 0..=most).prop_flat_map(|chosen| {
        let values: Vec<BoxedStrategy<Value>> = chosen.iter().map(|f| value(f)).collect();
        values.prop_map(move |values| {
            let entries = chosen.iter().zip(values).map(|(field, value)| (field.name.to_owned(), value));
            Value::Object(entries.collect::<Map<_, _>>())
        })
    })
}

/// A column with what every list of columns knows.
fn column() -> impl Strategy<Value = Value> {
    const OF_SOME: &[&str] = &["afterColumn", "beforeColumn", "position", "header", "index", "allowUpdate", "nullPlaceholder"];
    attributes(Column::FIELDS, OF_SOME)
}

fn change() -> impl Strategy<Value = Value> {
    let types: Vec<&'static TypeInfo> = TYPES.iter().collect();
    select(types).prop_flat_map(|info| attributes(info.fields, &[]).prop_map(move |attributes| json!({ info.name: attributes })))
}

fn condition() -> impl Strategy<Value = Value> {
    let simple = select(precondition::kind::TYPES)
        .prop_flat_map(|info| attributes(info.fields, &[]).prop_map(move |attributes| json!({ info.name: attributes })));
    prop_oneof![3 => simple.clone(), 1 => proptest::collection::vec(simple, 1..3).prop_map(|list| json!({ "or": list }))]
}

fn changeset() -> impl Strategy<Value = Value> {
    let rollback = prop_oneof![text().prop_map(Value::from), proptest::collection::vec(change(), 1..3).prop_map(Value::from)];
    let head = (text(), text(), proptest::option::of(text()), any::<Option<bool>>());
    let edit = prop_oneof![
        text().prop_map(|t| json!({ "append": { "value": t } })),
        (text(), text()).prop_map(|(a, b)| json!({ "replace": { "replace": a, "with": b } })),
    ];
    let rest = (
        proptest::option::of(proptest::collection::vec(condition(), 1..3)),
        proptest::option::of(rollback),
        proptest::option::of(edit),
        proptest::option::of(text()),
    );
    (head, proptest::collection::vec(change(), 0..4), rest).prop_map(
        |((id, author, comment, always), changes, (conditions, rollback, edit, message))| {
            let mut set = json!({ "id": id, "author": author, "changes": changes });
            if let Some(comment) = comment {
                set["comment"] = comment.into();
            }
            if let Some(always) = always {
                set["runAlways"] = always.into();
            }
            if let Some(mut conditions) = conditions {
                conditions.extend(message.map(|m| json!({ "onFailMessage": m })));
                set["preConditions"] = conditions.into();
            }
            if let Some(rollback) = rollback {
                set["rollback"] = rollback;
            }
            if let Some(edit) = edit {
                set["modifySql"] = edit;
            }
            json!({ "changeSet": set })
        },
    )
}

/// Some changesets.
pub(crate) fn changesets() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(changeset(), 1..3)
}

/// Whether XML 1.0 can hold every text of a value.
fn fits_xml(value: &Value) -> bool {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    match value {
        Value::String(text) => text.chars().all(allowed),
        Value::Array(list) => list.iter().all(fits_xml),
        Value::Object(map) => map.values().all(fits_xml),
        _ => true,
    }
}

/// tagDatabase behind another change.
fn tags_late(changesets: &[Value]) -> bool {
    changesets.iter().any(|set| {
        let changes = set["changeSet"]["changes"].as_array().unwrap();
        changes.iter().skip(1).any(|change| change.get("tagDatabase").is_some())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changelog_is_the_same_in_each_format_or_refused(changesets in changesets()) {
        let work = tempfile::tempdir().unwrap();
        let roots = [work.path().to_owned()];
        let document = json!({ "databaseChangeLog": changesets });
        let source = document.to_string();
        std::fs::write(work.path().join("source.json"), &source).unwrap();
        let expected = understood(&roots, "source.json");
        prop_assume!(expected.is_ok());
        let refused_by_xml = !fits_xml(&document) || tags_late(&changesets);
        for (to, extension) in FORMATS {
            let name = format!("written.{extension}");
            let text = match written("source.json", &source, Format::Json, to) {
                Ok(text) => text,
                Err(reason) => {
                    prop_assert!(to == Format::Xml && refused_by_xml, "{extension}: {reason}\n{document:#}");
                    continue;
                }
            };
            prop_assert!(to != Format::Xml || !refused_by_xml, "written all the same: {document:#}");
            std::fs::write(work.path().join(&name), &text).unwrap();
            prop_assert_eq!(&understood(&roots, &name), &expected, "{}", text);
            for (back, extension) in FORMATS {
                let again = written(&name, &text, to, back);
                if back == Format::Xml && refused_by_xml {
                    prop_assert!(again.is_err());
                    continue;
                }
                let again = again.map_err(|e| TestCaseError::fail(format!("{name} as {extension}: {e}\n{text}")))?;
                let other = format!("again.{extension}");
                std::fs::write(work.path().join(&other), &again).unwrap();
                prop_assert_eq!(&understood(&roots, &other), &expected, "{}", again);
            }
        }
    }
}
