//! An element in the shape that YAML and JSON have: lists around changes, columns and conditions.

use super::{Place, is};
use crate::changelog::elements;
use crate::source::ROOT;
use crate::source::write::Element;
use serde_json::{Map, Value};

/// The document of a changelog whose root this is.
///
/// # Errors
/// When an element has a text beside other things that no attribute stands for.
pub(super) fn document(root: &Element) -> Result<Value, String> {
    let entries = entries(root, Place::Root)?;
    Ok(Value::Object(Map::from_iter([(ROOT.to_owned(), list(entries))])))
}

type Entry = (String, Value);

/// Each entry as a map of its own.
fn list(entries: Vec<Entry>) -> Value {
    Value::Array(entries.into_iter().map(|entry| Value::Object(Map::from_iter([entry]))).collect())
}

/// A text; numbers and truth values without quotes, where that is the same text.
fn scalar(text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == text => Value::from(number),
        _ if text == "true" || text == "false" => Value::Bool(text == "true"),
        _ => Value::from(text),
    }
}

fn value(element: &Element, place: Place) -> Result<Value, String> {
    let has_more = !element.attributes.is_empty() || !element.children.is_empty();
    match (&element.text, place) {
        (Some(text), Place::Rollback) if has_more => {
            let mut parts = vec![Value::from(text.as_str())];
            if let Value::Array(more) = list(entries(&Element { text: None, ..element.clone() }, place)?) {
                parts.extend(more);
            }
            return Ok(Value::Array(parts));
        }
        (Some(text), _) if !has_more && place.direct().is_none() => return Ok(scalar(text)),
        _ => {}
    }
    let entries = entries(element, place)?;
    let is_list = match place {
        Place::Conditions => true,
        Place::Rollback => element.attributes.is_empty(),
        _ => false,
    };
    let is_unique = entries.iter().enumerate().all(|(i, (name, _))| !entries.iter().skip(i + 1).any(|(other, _)| is(name, other)));
    Ok(if !entries.is_empty() && (is_list || !is_unique) { list(entries) } else { Value::Object(entries.into_iter().collect()) })
}

/// What is in an element, by name and in order.
fn entries(element: &Element, place: Place) -> Result<Vec<Entry>, String> {
    let mut out: Vec<Entry> = element.attributes.iter().map(|(name, text)| (name.local.clone(), scalar(text))).collect();
    if let Some(text) = &element.text {
        let direct = place
            .direct()
            .ok_or_else(|| format!("the text in '{}' beside other things has no form in YAML and JSON", element.name.local))?;
        out.push((direct.to_owned(), scalar(text)));
    }
    for child in &element.children {
        let name = &child.name.local;
        let entry = (name.clone(), value(child, place.of(name))?);
        let group = match place {
            Place::ChangeSet if !elements::is_of_changeset(name) => "changes",
            Place::Change(_) if is(name, "column") => "columns",
            Place::Change(_) if is(name, "arg") => "args",
            _ => {
                out.push(entry);
                continue;
            }
        };
        let item = Value::Object(Map::from_iter([entry]));
        match out.iter_mut().find(|(name, _)| name == group) {
            Some((_, Value::Array(items))) => items.push(item),
            _ => out.push((group.to_owned(), Value::Array(vec![item]))),
        }
    }
    Ok(out)
}
