//! The schema of changelogs in YAML and JSON.
//!
//! What the reader takes without a warning is valid, as far as a schema can say it. Wherever an object stands, a list of
//! objects may stand too: their entries count together (changelog-formats §2). So attributes that must be there are asked of an
//! object only.

use super::{any_case, headed, joined};
use crate::change::columns::{Column, OPTIONAL};
use crate::change::{TYPES, columns, modify_sql};
use crate::changelog::elements;
use crate::precondition;
use crate::source::attributes::{ElementInfo, Field, Kind};
use crate::source::{Namespace, ROOT};
use serde_json::{Map, Value, json};

/// Where a parameter stands that is expanded before anything is read.
const PARAMETER: &str = r"\$\{";

/// The schema.
pub(super) fn schema() -> Value {
    let mut definitions = Map::from_iter(
        [
            ("text", json!({ "type": ["string", "number", "boolean", "null"] })),
            (
                "flag",
                json!({ "anyOf": [{ "type": ["boolean", "null"] },
                    { "type": "string", "pattern": format!("{}|{PARAMETER}", any_case(&["true", "false"])) }] }),
            ),
            (
                "integer",
                json!({ "anyOf": [{ "type": ["integer", "null"] }, { "type": "string", "pattern": format!("^[+-]?[0-9]+$|{PARAMETER}") }] }),
            ),
            ("texts", json!({ "type": ["string", "number", "boolean", "null", "array"], "items": reference("text") })),
            ("parameters", json!({ "type": ["object", "array", "null"] })),
            ("argument", element("argument", "An argument.", argument(), true)),
            ("checksum", json!({ "type": ["string", "null"], "pattern": checksum_pattern() })),
            (
                "checksums",
                json!({ "anyOf": [reference("checksum"), { "type": "array", "items": reference("checksum") }, { "type": "object" }],
                    "description": "Checksums that are taken for valid." }),
            ),
            ("column", column("column", &[])),
            ("columns", list_of("column", "column")),
            ("changes", element("changes", "Changes, in order.", changes(), true)),
            ("rollback", rollback()),
            ("conditions", element("conditions", "Conditions.", conditions(), true)),
            ("preConditions", preconditions()),
            ("changeSet", element("changeSet", "Changes that run once, together.", changeset(), false)),
        ]
        .map(|(name, schema)| (name.to_owned(), schema)),
    );
    for also in OPTIONAL {
        let name = column_name(also);
        definitions.insert(name.clone(), column(&name, also));
        definitions.insert(list_name(also), list_of("column", &name));
    }
    for info in TYPES {
        let mut properties = fields(info.fields);
        for name in (info.other_children)() {
            let schema = if *name == "arg" { reference("argument") } else { json!({}) };
            properties.insert((*name).to_owned(), schema);
        }
        let name = change_name(info.name);
        let doc = match info.namespace {
            Namespace::Own => format!("{} Liquibase does not have it.", joined(info.doc)),
            _ => joined(info.doc),
        };
        definitions.insert(name.clone(), with_text(element(&name, &doc, properties, true), info.fields));
    }
    let others = precondition::kind::TYPES.iter().map(|info| (format!("precondition.{}", info.name), info));
    let others = others.chain(elements::OF_ROOT.iter().map(|info| (info.name.to_owned(), info)));
    for (name, info) in others.chain([&columns::CONSTRAINTS, &modify_sql::MODIFY_SQL].map(|info| (info.name.to_owned(), info))) {
        declared(&name, info, &mut definitions);
    }
    let mut entries = fields(elements::ROOT);
    entries.insert("changeSet".to_owned(), use_of("changeSet", elements::CHANGESET));
    entries.insert("preConditions".to_owned(), reference("preConditions"));
    entries.insert("preconditions".to_owned(), reference("preConditions"));
    for info in elements::OF_ROOT {
        entries.insert(info.name.to_owned(), use_of(info.name, info.fields));
    }
    definitions.insert("entries".to_owned(), element("entries", "Entries of a changelog.", entries, false));
    headed(
        "Changelog",
        "A changelog in YAML or JSON.",
        json!({
            "type": "object",
            "properties": { ROOT: { "type": ["array", "null"], "items": reference("entries") } },
            "patternProperties": { "^([$_.]|x-)": {} },
            "required": [ROOT],
            "additionalProperties": false,
            "definitions": definitions,
        }),
    )
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// A checksum, with or without its version, or a word that stands for all.
fn checksum_pattern() -> String {
    format!(r"^([0-9]+:)?[0-9a-fA-F]{{32}}$|^(1:)?\*$|^$|{}|{}|{PARAMETER}", any_case(&["any", "all"]), any_case(&["1:any", "1:all"]))
}

fn change_name(name: &str) -> String {
    format!("change.{name}")
}

/// The name of a definition that has these attributes beside the usual ones.
fn named_by(name: &str, also: &[&str]) -> String {
    if also.is_empty() { name.to_owned() } else { format!("{name}.{}", also.join("-")) }
}

fn column_name(also: &[&str]) -> String {
    named_by("column", also)
}

fn list_name(also: &[&str]) -> String {
    named_by("columns", also)
}

/// An element with these properties and no others, or a list of such elements; without anything where that is `optional`.
fn element(name: &str, doc: &str, properties: Map<String, Value>, optional: bool) -> Value {
    let mut types = vec!["object", "array"];
    if optional {
        types.push("null");
    }
    json!({ "description": doc, "type": types, "properties": properties, "additionalProperties": false, "items": reference(name) })
}

/// The element, which may be its own text if one of its attributes is that.
fn with_text(mut schema: Value, fields: &[Field]) -> Value {
    if let (true, Some(types)) = (fields.iter().any(|f| f.direct), schema.get_mut("type").and_then(Value::as_array_mut)) {
        types.extend(["string", "number", "boolean"].map(Value::from));
    }
    schema
}

/// An element of that name with what it must have.
fn use_of(name: &str, fields: &[Field]) -> Value {
    let required: Vec<Value> = fields
        .iter()
        .filter(|f| f.required || f.needed)
        .map(|field| {
            let names = std::iter::once(field.name).chain(field.aliases.iter().copied());
            let single = matches!(field.kind, Kind::Columns(_)).then_some("column");
            let ways: Vec<Value> = names.chain(single).map(|name| json!({ "required": [name] })).collect();
            match <[Value; 1]>::try_from(ways) {
                Ok([one]) => one,
                Err(ways) => json!({ "anyOf": ways }),
            }
        })
        .collect();
    if required.is_empty() {
        return reference(name);
    }
    // An element that must have something is something.
    let not_null = json!({ "not": { "type": "null" } });
    let all: Vec<Value> = [reference(name), not_null].into_iter().chain(required).collect();
    json!({ "allOf": all })
}

/// The properties of these attributes.
fn fields(fields: &[Field]) -> Map<String, Value> {
    let mut properties = Map::new();
    for field in fields.iter().filter(|f| f.kind != Kind::JavaClass) {
        let mut schema = of_kind(field.kind);
        let doc = joined(field.doc);
        if let Value::Object(map) = &mut schema {
            let doc = if field.extension { format!("{doc} Liquibase does not have it.") } else { doc };
            map.insert("description".to_owned(), doc.into());
        }
        for name in std::iter::once(field.name).chain(field.aliases.iter().copied()) {
            properties.insert(name.to_owned(), schema.clone());
        }
        if let Kind::Columns(also) = field.kind {
            properties.insert("column".to_owned(), reference(&column_name(also)));
        }
    }
    properties
}

fn of_kind(kind: Kind) -> Value {
    match kind {
        Kind::Text | Kind::Expression | Kind::Number | Kind::Date | Kind::JavaClass => reference("text"),
        Kind::Bool => reference("flag"),
        Kind::Integer => reference("integer"),
        Kind::Columns(also) => reference(&list_name(also)),
        Kind::Object => reference(columns::CONSTRAINTS.name),
        Kind::List("param") => list_of("param", "column"),
        Kind::List(item) => list_of(item, "argument"),
        Kind::Map => reference("parameters"),
        Kind::Word(words) => {
            let words: Vec<Value> = words.iter().map(|w| Value::from(*w)).chain([Value::Null]).collect();
            json!({ "anyOf": [{ "enum": words }, { "type": "string", "pattern": PARAMETER }] })
        }
    }
}

/// A list of elements of that name; one of them may stand for the list.
fn list_of(item: &str, definition: &str) -> Value {
    let entry = json!({ "type": "object", "properties": { item: reference(definition) }, "additionalProperties": false });
    let list = json!({
        "type": ["array", "object"],
        "properties": { item: reference(definition) },
        "additionalProperties": false,
        "items": entry,
    });
    if item == "column" { json!({ "anyOf": [list, reference(definition)] }) } else { list }
}

/// A column; `also` are the attributes beside those that every column knows.
fn column(name: &str, also: &[&str]) -> Value {
    let mut properties = fields(Column::FIELDS);
    for other in OPTIONAL.into_iter().flatten().filter(|f| !also.contains(f)) {
        properties.shift_remove(*other);
    }
    with_text(element(name, "A column: its definition, or a value for it.", properties, true), Column::FIELDS)
}

fn argument() -> Map<String, Value> {
    Map::from_iter([("value".to_owned(), reference("text"))])
}

/// An element with its attributes and elements, by its own name in the definitions.
fn declared(name: &str, info: &ElementInfo, definitions: &mut Map<String, Value>) {
    let mut properties = fields(info.fields);
    for inner in info.elements {
        let inner_name = if definitions.contains_key(inner.name) { inner.name.to_owned() } else { format!("{name}.{}", inner.name) };
        if inner_name != inner.name {
            declared(&inner_name, inner, definitions);
        }
        properties.insert(inner.name.to_owned(), use_of(&inner_name, inner.fields));
    }
    let schema = element(name, &joined(info.doc), properties, true);
    definitions.insert(name.to_owned(), with_text(schema, info.fields));
}

fn types() -> Map<String, Value> {
    TYPES.iter().map(|t| (t.name.to_owned(), use_of(&change_name(t.name), t.fields))).collect()
}

fn changes() -> Map<String, Value> {
    let mut properties = types();
    // The changeset's own, also when they stand among its changes.
    for name in ["rollback", "preConditions", "preconditions", "modifySql", "validCheckSum", "validCheckSums"] {
        properties.insert(name.to_owned(), of_changeset(name));
    }
    properties.insert("comment".to_owned(), reference("texts"));
    properties
}

fn of_changeset(name: &str) -> Value {
    match name {
        "preConditions" | "preconditions" => reference("preConditions"),
        "validCheckSum" | "validCheckSums" => reference("checksums"),
        "comment" => reference("texts"),
        other => reference(other),
    }
}

fn changeset() -> Map<String, Value> {
    let mut properties = fields(elements::CHANGESET);
    for name in elements::CHANGESET_ELEMENTS {
        properties.insert((*name).to_owned(), of_changeset(name));
    }
    properties.extend(types());
    properties
}

fn rollback() -> Value {
    let mut properties = fields(elements::ROLLBACK_REFERENCE);
    properties.insert("changes".to_owned(), reference("changes"));
    properties.insert("comment".to_owned(), reference("texts"));
    properties.extend(types());
    json!({
        "description": "What undoes the changeset: SQL, changes, or a reference to another changeset. Nothing needs to be undone when it is empty.",
        "type": ["object", "array", "string", "number", "boolean", "null"],
        "properties": properties,
        "additionalProperties": false,
        "items": reference("rollback"),
    })
}

fn conditions() -> Map<String, Value> {
    let containers = precondition::kind::CONTAINERS.iter().copied().chain(["preconditions"]);
    let mut properties: Map<String, Value> = containers
        .map(|name| (name.to_owned(), reference(if name.eq_ignore_ascii_case("preConditions") { "preConditions" } else { "conditions" })))
        .collect();
    for info in precondition::kind::TYPES {
        properties.insert(info.name.to_owned(), use_of(&format!("precondition.{}", info.name), info.fields));
    }
    properties
}

fn preconditions() -> Value {
    let mut properties = fields(precondition::ATTRIBUTES);
    // Their words may be in any letter case.
    for (field, words) in
        precondition::ATTRIBUTES.iter().filter_map(|f| if let Kind::Word(words) = f.kind { Some((f, words)) } else { None })
    {
        let words = json!({
            "description": joined(field.doc),
            "anyOf": [{ "enum": words }, { "type": "string", "pattern": format!("{}|{PARAMETER}", any_case(words)) }],
        });
        for name in std::iter::once(field.name).chain(field.aliases.iter().copied()) {
            properties.insert(name.to_owned(), words.clone());
        }
    }
    properties.extend(conditions());
    element("preConditions", "What must hold before anything runs.", properties, true)
}
