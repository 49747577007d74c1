//! The schema of `changelog.config.yaml`.

use super::{any_case, headed, joined};
use crate::config::{COMMANDS, Command, Kind, Scope, Setting, settings};
use serde_json::{Map, Value, json};

/// The schema, from the table of settings. Keys stand as the reference has them and as options are written.
pub(super) fn schema() -> Value {
    let mut definitions: Map<String, Value> = settings::all().map(|s| (definition(s), of_setting(s))).collect();
    let global = Tree::of(settings::all().filter(|s| s.scope == Scope::Global)).properties();
    definitions.insert("globalNames".to_owned(), json!({ "enum": names(&global) }));
    definitions.insert("global".to_owned(), json!({ "properties": global }));
    let mut tree = Tree::of(settings::all());
    for command in COMMANDS {
        tree.add(&command.name.split(' ').collect::<Vec<_>>(), of_command(command));
    }
    let named = |doc: &str| json!({ "type": ["object", "null"], "description": doc, "additionalProperties": text() });
    tree.add(&["parameters"], named("What `${name}` becomes in changelogs, by name."));
    tree.add(&["programs"], named("What runs in place of a Java class, by the name of the class."));
    headed(
        "Configuration",
        "changelog.config.yaml: the settings of a project.",
        json!({
            "type": ["object", "null"],
            "properties": tree.properties(),
            "additionalProperties": false,
            "definitions": definitions,
        }),
    )
}

fn definition(setting: &Setting) -> String {
    format!("setting.{}", setting.key)
}

fn names(properties: &Map<String, Value>) -> Vec<&String> {
    properties.keys().collect()
}

/// Keys and what is in them: a dot in a key may also be a map in a map.
#[derive(Default)]
struct Tree {
    /// What the key may be by itself, one of these.
    own: Vec<Value>,
    inner: Vec<(String, Tree)>,
}

impl Tree {
    /// The keys of settings, with their names on the command line and their aliases.
    fn of(settings: impl Iterator<Item = &'static Setting>) -> Tree {
        let mut tree = Tree::default();
        for setting in settings {
            let schema = json!({ "$ref": format!("#/definitions/{}", definition(setting)) });
            for name in std::iter::once(setting.key).chain(setting.aliases.iter().copied()) {
                tree.add(&name.split('.').collect::<Vec<_>>(), schema.clone());
                tree.add(&[name], schema.clone());
            }
            tree.add(&[&setting.flag()], schema);
        }
        tree
    }

    fn add(&mut self, path: &[&str], schema: Value) {
        let [first, rest @ ..] = path else {
            if !self.own.contains(&schema) {
                self.own.push(schema);
            }
            return;
        };
        let at = self.inner.iter().position(|(name, _)| name == first).unwrap_or_else(|| {
            self.inner.push(((*first).to_owned(), Tree::default()));
            self.inner.len() - 1
        });
        if let Some((_, inner)) = self.inner.get_mut(at) {
            inner.add(rest, schema);
        }
    }

    fn properties(self) -> Map<String, Value> {
        self.inner.into_iter().map(|(name, tree)| (name, tree.schema())).collect()
    }

    fn schema(mut self) -> Value {
        let mut ways = std::mem::take(&mut self.own);
        if !self.inner.is_empty() {
            ways.push(json!({ "type": ["object", "null"], "properties": self.properties(), "additionalProperties": false }));
        }
        match <[Value; 1]>::try_from(ways) {
            Ok([one]) => one,
            Err(ways) => json!({ "anyOf": ways }),
        }
    }
}

/// The settings of one command; those of all commands may stand there too.
fn of_command(command: &'static Command) -> Value {
    let own = Tree::of(command.uses().map(|u| u.setting)).properties();
    json!({
        "description": format!("Settings of `{}` alone. {}.", command.name, command.summary),
        "type": ["object", "null"],
        "allOf": [{ "$ref": "#/definitions/global" }],
        "propertyNames": { "anyOf": [{ "$ref": "#/definitions/globalNames" }, { "enum": names(&own) }] },
        "properties": own,
    })
}

fn text() -> Value {
    json!({ "type": ["string", "number", "boolean", "null"] })
}

fn of_setting(setting: &Setting) -> Value {
    let mut schema = match setting.kind {
        Kind::Text | Kind::Path | Kind::Url | Kind::Secret => text(),
        Kind::Bool => json!({ "anyOf": [{ "type": ["boolean", "null"] }, { "type": "string", "pattern": any_case(&["true", "false"]) }] }),
        Kind::Integer => json!({ "anyOf": [{ "type": ["integer", "null"], "minimum": 0 }, { "type": "string", "pattern": "^[0-9]+$" }] }),
        Kind::List => json!({ "anyOf": [text(), { "type": "array", "items": text() }] }),
        Kind::Choice(words) => {
            let known: Vec<Value> = words.iter().map(|w| Value::from(*w)).chain([Value::Null]).collect();
            let mut ways = vec![json!({ "enum": known }), json!({ "type": "string", "pattern": any_case(words) })];
            if words.contains(&"OFF") {
                // An editor that reads YAML 1.1 takes the word for a truth value.
                ways.push(json!({ "const": false }));
            }
            json!({ "anyOf": ways })
        }
    };
    if let Value::Object(map) = &mut schema {
        map.insert("description".to_owned(), joined(&setting.summary()).into());
        if let Some(default) = setting.default {
            map.insert("default".to_owned(), default.into());
        }
    }
    schema
}
