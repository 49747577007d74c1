//! Schemas of what people and programs write and read, made from the declarations in the code: changelogs, the configuration,
//! our documents. `schemas/` holds them as files; a test keeps them equal.
//!
//! They are JSON Schemas of draft 7: the newest draft that the language servers behind VS Code and IntelliJ implement entirely.

mod changelog;
mod config;
mod xsd;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// A schema.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// Its name.
    pub name: &'static str,
    /// The file in `schemas/`.
    pub file: &'static str,
    make: fn() -> String,
}

impl Schema {
    /// Its text.
    pub fn text(&self) -> String {
        (self.make)()
    }
}

/// All schemas.
pub const ALL: &[Schema] = &[
    Schema { name: "changelog", file: "changelog.schema.json", make: || written(&changelog::schema()) },
    Schema { name: "changelog-extensions", file: "changelog-extensions.xsd", make: xsd::schema },
    Schema { name: "config", file: "config.schema.json", make: || written(&config::schema()) },
    Schema { name: "config-show", file: "config-show.schema.json", make: || of::<super::settings::Document>("config show --format json") },
    Schema { name: "diagnose", file: "diagnose.schema.json", make: || of::<super::lock::Diagnosis>("diagnose --format json") },
    Schema { name: "history", file: "history.schema.json", make: || of::<super::history::Document>("history --format json") },
    Schema { name: "list-locks", file: "list-locks.schema.json", make: || of::<super::lock::Locks>("list-locks --format json") },
    Schema { name: "log", file: "log.schema.json", make: || of::<super::log::Line>("A line of the log with --log-format json") },
    Schema { name: "plan", file: "plan.schema.json", make: || of::<super::plan::Document>("plan --format json") },
    Schema { name: "status", file: "status.schema.json", make: || of::<super::status::Pending>("status --format json") },
    Schema { name: "validate", file: "validate.schema.json", make: || of::<super::validation::Document>("validate --format json") },
];

/// The schema of that name, in any letter case.
pub fn find(name: &str) -> Option<&'static Schema> {
    ALL.iter().find(|s| s.name.eq_ignore_ascii_case(name))
}

/// The schema of a document that we write.
fn of<T: JsonSchema>(title: &str) -> String {
    let schema = SchemaSettings::draft07().for_serialize().into_generator().into_root_schema_for::<T>();
    let doc = schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    let rest: Map<String, Value> = match schema.to_value() {
        Value::Object(map) => map.into_iter().filter(|(key, _)| !matches!(key.as_str(), "$schema" | "title" | "description")).collect(),
        _ => Map::new(),
    };
    written(&headed(title, &joined(&doc), Value::Object(rest)))
}

fn written(schema: &Value) -> String {
    format!("{schema:#}\n")
}

/// A schema with its head.
fn headed(title: &str, description: &str, schema: Value) -> Value {
    let mut out = Map::new();
    out.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    out.insert("title".to_owned(), json!(title));
    out.insert("description".to_owned(), json!(description));
    if let Value::Object(map) = schema {
        out.extend(map);
    }
    Value::Object(out)
}

/// A documentation comment as one text.
fn joined(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A pattern of words in any letter case, and perhaps with blanks around them.
fn any_case(words: &[&str]) -> String {
    let letter = |c: char| {
        if c.is_ascii_alphabetic() { format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()) } else { c.to_string() }
    };
    let words: Vec<String> = words.iter().map(|word| word.chars().map(letter).collect()).collect();
    format!(r"^\s*({})\s*$", words.join("|"))
}
