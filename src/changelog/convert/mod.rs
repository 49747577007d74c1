//! A changelog file in another format: the same nodes, written as YAML, JSON or XML.
//!
//! The nodes of a file become one [`Element`], in the shape that XML has: `changes` and `columns` are not there, what is in
//! them stands beside the attributes. XML is that element; YAML and JSON put the lists back (`lists`). Nothing is expanded
//! and no include is followed. What is written is read again and compared, so nothing is lost without being told.

mod lists;

use super::elements;
use crate::change::columns::{self, Column};
use crate::change::{self, TypeInfo, modify_sql};
use crate::diagnostic::Diagnostics;
use crate::precondition;
use crate::source::attributes::{ElementInfo, Field, Kind};
use crate::source::write::{Element, xml, yaml};
use crate::source::{self, Format, Limits, Namespace, Node, ReadOptions, Scalar, ScalarKind, formatted_sql, plain_sql};
use crate::span::SourceMap;

/// The nodes of a changelog in the format `to`. `root` is its `databaseChangeLog`.
///
/// # Errors
/// With what cannot be written in that format: another one than YAML, JSON and XML, a file of plain SQL, a text that XML
/// does not allow, a node that has no form there.
pub fn convert(root: &Node, to: Format) -> Result<String, String> {
    if root.child(plain_sql::PLAIN).is_some() {
        return Err("a file of plain SQL has no changesets of its own; give it a header, or include it with a sqlFile change".to_owned());
    }
    // Only XML has namespaces.
    let comparable =
        |root: &Node| canonical(root, Place::Root, Namespace::Changelog).map(|e| if to == Format::Xml { e } else { without_namespaces(e) });
    let element = comparable(root)?;
    if to == Format::Xml {
        element.children.iter().try_for_each(check_tag_order)?;
    }
    let text = match to {
        Format::Xml => xml::write(&element)?,
        Format::Yaml => yaml::write(&lists::document(&element)?),
        Format::Json => format!("{:#}\n", lists::document(&element)?),
        Format::Sql => return Err("changelogs are written as YAML, JSON or XML".to_owned()),
    };
    let again = read_again(&text, to)?;
    if let Some(place) = difference(&element.sorted(), &comparable(&again)?.sorted()) {
        return Err(format!("'{place}' would be read as something else there"));
    }
    Ok(text)
}

/// The XML schema has tagDatabase only as the first change of a changeset; nothing else says so.
fn check_tag_order(element: &Element) -> Result<(), String> {
    let changes: Vec<&Element> = element.children.iter().filter(|c| change_type(&c.name.local).is_some()).collect();
    match changes.iter().rposition(|c| c.name.local == "tagDatabase") {
        None | Some(0) => Ok(()),
        Some(_) => Err("'tagDatabase' may not stand after another change in XML; give the tag a changeset of its own".to_owned()),
    }
}

fn without_namespaces(mut element: Element) -> Element {
    element.name.namespace = Namespace::Changelog;
    element.attributes.iter_mut().for_each(|(name, _)| name.namespace = Namespace::Changelog);
    element.children = element.children.into_iter().map(without_namespaces).collect();
    element
}

/// The innermost element in which two differ, by the names on the way to it.
fn difference(a: &Element, b: &Element) -> Option<String> {
    if a == b {
        return None;
    }
    let within = a.children.iter().zip(&b.children).find_map(|(a, b)| difference(a, b)).filter(|_| a.children.len() == b.children.len());
    let id = a.attributes.iter().find(|(name, _)| name.local == "id").map(|(_, id)| format!(" {id}")).unwrap_or_default();
    let own = format!("{}{id}", a.name.local);
    Some(within.map_or(own.clone(), |inner| format!("{own} / {inner}")))
}

fn read_again(text: &str, format: Format) -> Result<Node, String> {
    let mut sources = SourceMap::new();
    let file = sources.add("converted", text.to_owned());
    let mut problems = Diagnostics::new();
    let read = source::read_changelog(file, "converted", format, text, &Limits::default(), ReadOptions::default(), &mut problems);
    let error = || {
        let first = problems.iter().find(|d| d.severity == crate::diagnostic::Severity::Error);
        format!("what would be written cannot be read: {}", first.map_or("it is too large", |d| d.message.as_str()))
    };
    read.filter(|_| !problems.has_errors()).ok_or_else(error)
}

/// What a node is, which decides how what is in it is read.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// `databaseChangeLog`.
    Root,
    /// A changeset.
    ChangeSet,
    /// What undoes it.
    Rollback,
    /// `preConditions`, `and`, `or`, `not`.
    Conditions,
    /// A change.
    Change(&'static TypeInfo),
    /// A column of a change.
    Column,
    /// An element whose own text is its value.
    Parameter,
    /// An element with its own attributes: a precondition, the constraints of a column, an include.
    Declared(&'static ElementInfo),
    /// Anything else, with attributes and elements.
    Other,
}

impl Place {
    /// What a node of that name in this one is.
    fn of(self, name: &str) -> Place {
        let is = |list: &[&str]| list.iter().any(|n| n.eq_ignore_ascii_case(name));
        let declared = |list: &'static [ElementInfo]| list.iter().find(|e| e.name == name).map_or(Place::Other, Place::Declared);
        match self {
            Place::Root | Place::ChangeSet if is(&["preConditions"]) => Place::Conditions,
            Place::Root if name == "changeSet" => Place::ChangeSet,
            Place::Root => declared(elements::OF_ROOT),
            Place::ChangeSet if is(&["rollback"]) => Place::Rollback,
            Place::ChangeSet if is(&["modifySql"]) => Place::Declared(&modify_sql::MODIFY_SQL),
            Place::ChangeSet if elements::is_of_changeset(name) => Place::Other,
            Place::ChangeSet | Place::Rollback => change_type(name).map_or(Place::Other, Place::Change),
            Place::Conditions if is(precondition::kind::CONTAINERS) => Place::Conditions,
            Place::Change(info) if has_columns(info) && is(&["column"]) => Place::Column,
            Place::Column if is(&["constraints"]) => Place::Declared(&columns::CONSTRAINTS),
            _ if is(&["param", "arg"]) => Place::Parameter,
            Place::Conditions => declared(precondition::kind::TYPES),
            Place::Declared(info) => declared(info.elements),
            _ => Place::Other,
        }
    }

    /// The namespace of a name in this place. What nobody knows is passed over in another namespace than the changelog's, as
    /// it is in YAML and JSON.
    fn namespace(self, child: &Node) -> Namespace {
        let name = &*child.name;
        let is = |list: &[&str]| list.iter().any(|n| n.eq_ignore_ascii_case(name));
        let known = match self {
            Place::Root => elements::has(elements::ROOT, name) || elements::of_root().any(|e| e.eq_ignore_ascii_case(name)),
            Place::ChangeSet if elements::is_of_changeset(name) => true,
            Place::Rollback if elements::has(elements::ROLLBACK_REFERENCE, name) || name == "changes" => true,
            Place::ChangeSet | Place::Rollback => return change_type(name).map_or(Namespace::Foreign, |info| info.namespace),
            Place::Conditions => {
                elements::has(precondition::ATTRIBUTES, name) || precondition::kind::names().any(|n| n.eq_ignore_ascii_case(name))
            }
            Place::Change(info) => match info.fields.iter().find(|f| f.is_named(name)) {
                Some(field) if field.extension => return Namespace::Own,
                Some(_) => true,
                None => is((info.other_children)()) || (has_columns(info) && is(&["column"])),
            },
            Place::Declared(info) => elements::has(info.fields, name) || info.elements.iter().any(|e| e.name == name),
            Place::Column if Column::FIELDS.iter().any(|f| f.extension && f.is_named(name)) => return Namespace::Own,
            Place::Column | Place::Parameter | Place::Other => !child.prefixed,
        };
        if known { Namespace::Changelog } else { Namespace::Foreign }
    }

    /// The attribute that the element's own text is.
    fn direct(self) -> Option<&'static str> {
        let of = |fields: &'static [Field]| fields.iter().find(|f| f.direct).map(|f| f.name);
        match self {
            Place::Change(info) => of(info.fields),
            Place::Column => of(Column::FIELDS),
            Place::Declared(info) => of(info.fields),
            Place::Parameter => Some("value"),
            _ => None,
        }
    }

    /// Whether a value of that name can be an attribute of the element in XML.
    fn is_attribute(self, name: &str) -> bool {
        match self {
            Place::Root => elements::has(elements::ROOT, name),
            Place::ChangeSet => elements::has(elements::CHANGESET, name),
            Place::Rollback => elements::has(elements::ROLLBACK_REFERENCE, name),
            Place::Conditions => elements::has(precondition::ATTRIBUTES, name),
            Place::Change(_) => !self.is_text(name),
            _ => true,
        }
    }

    /// Whether a value of that name is an element with a text in XML.
    fn is_text(self, name: &str) -> bool {
        match self {
            Place::ChangeSet => is(name, "comment"),
            Place::Change(info) => {
                is(name, "comment") || (is(name, "where") && !info.fields.iter().any(|f| f.extension && f.is_named(name)))
            }
            _ => false,
        }
    }

    /// The list around several elements of one name, which is left out; what one of its elements is called.
    fn list(self, name: &str) -> Option<&'static str> {
        match self {
            Place::ChangeSet | Place::Rollback if name.eq_ignore_ascii_case("changes") => Some(""),
            Place::Change(info) if has_columns(info) && name.eq_ignore_ascii_case("columns") => Some("column"),
            Place::Change(info) if info.fields.iter().any(|f| f.name == "args") && name.eq_ignore_ascii_case("args") => Some("arg"),
            _ => None,
        }
    }
}

fn change_type(name: &str) -> Option<&'static TypeInfo> {
    change::TYPES.iter().find(|t| t.name == name)
}

fn has_columns(info: &TypeInfo) -> bool {
    info.fields.iter().any(|f| matches!(f.kind, Kind::Columns(_)))
}

/// The element that a node is, with that namespace.
fn canonical(node: &Node, place: Place, namespace: Namespace) -> Result<Element, String> {
    let mut out = Element::new(&*node.name, namespace);
    match node.values.as_slice() {
        [] => {}
        [one] => out.text = Some(text_of(&node.name, one)),
        _ => return Err(format!("the list of values of '{}' has no form in other formats", node.name)),
    }
    let children = spliced(node, place);
    for child in &children {
        let name = &*child.name;
        if formatted_sql::is_marker(name) {
            continue;
        }
        let is_alone = children.iter().filter(|c| c.name.eq_ignore_ascii_case(name)).count() == 1;
        let is_leaf = child.children.is_empty() && is_alone;
        match child.values.as_slice() {
            // The text of an element loses its outer blanks in XML.
            [one]
                if is_leaf
                    && (place.is_attribute(name) || (place.is_text(name) && (one.text.is_empty() || one.text.trim() != one.text))) =>
            {
                out.set(name, place.namespace(child), text_of(name, one));
            }
            [_, _, ..] => parts(child, place, &mut out)?,
            _ => out.children.push(canonical(child, place.of(name), place.namespace(child))?),
        }
    }
    own_text(&mut out, place)?;
    Ok(out)
}

fn is(name: &str, other: &str) -> bool {
    name.eq_ignore_ascii_case(other)
}

/// The children of a node without the lists around them.
fn spliced(node: &Node, place: Place) -> Vec<Node> {
    let mut out = Vec::with_capacity(node.children.len());
    for child in &node.children {
        let Some(item) = place.list(&child.name) else {
            out.push(child.clone());
            continue;
        };
        let has_items = item.is_empty() || child.children.iter().any(|c| is(&c.name, item));
        if has_items && child.values.is_empty() && child.children.iter().all(|c| item.is_empty() || is(&c.name, item)) {
            out.extend(child.children.iter().cloned());
        } else if has_items || item == "arg" {
            out.push(child.clone());
        } else {
            // It is read as one column.
            out.push(Node { name: item.into(), ..child.clone() });
        }
    }
    out
}

/// A node with several values as one element a value, and one for its children: they add up.
fn parts(node: &Node, place: Place, out: &mut Element) -> Result<(), String> {
    if !["comment", "validCheckSum", "validCheckSums", "rollback"].iter().any(|n| is(&node.name, n)) {
        return Err(format!("the list of values of '{}' has no form in other formats", node.name));
    }
    for value in &node.values {
        let part = Node { values: vec![value.clone()], children: Vec::new(), ..node.clone() };
        out.children.push(canonical(&part, place.of(&node.name), place.namespace(node))?);
    }
    if !node.children.is_empty() {
        let rest = Node { values: Vec::new(), ..node.clone() };
        out.children.push(canonical(&rest, place.of(&node.name), place.namespace(node))?);
    }
    Ok(())
}

/// Brings the element's own text and the attribute that it stands for to one form.
fn own_text(out: &mut Element, place: Place) -> Result<(), String> {
    if let Place::Rollback = place {
        // It is split into statements, each without outer blanks.
        out.text = out.text.take().map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    }
    let Some(direct) = place.direct() else {
        return Ok(());
    };
    let named = out.attributes.iter().position(|(name, _)| name.local == direct);
    match (out.text.take(), named) {
        (Some(_), Some(_)) => return Err(format!("'{}' has both a text of its own and '{direct}'", out.name.local)),
        (Some(text), None) => out.text = Some(text),
        (None, Some(at)) => out.text = Some(out.attributes.remove(at).1),
        (None, None) => {}
    }
    // Blanks around a text are lost in XML, and so are they around the text of a column and of SQL, wherever it stands.
    let is_trimmed = matches!(place, Place::Change(info) if info.name == "sql");
    if let Some(text) = out.text.take() {
        let trimmed = text.trim();
        if matches!(place, Place::Column | Place::Parameter) {
            // Theirs is an attribute in any case; the text of a column counts trimmed, and not at all when empty.
            let counts_trimmed = named.is_none() && matches!(place, Place::Column);
            let text = if counts_trimmed { trimmed.to_owned() } else { text };
            if !(counts_trimmed && text.is_empty()) {
                out.set(direct, Namespace::Changelog, text);
            }
        } else if is_trimmed || trimmed == text {
            out.text = Some(trimmed.to_owned()).filter(|t| !t.is_empty() || !is_trimmed);
        } else {
            out.set(direct, Namespace::Changelog, text);
        }
    }
    if out.text.as_deref() == Some("") {
        out.text = None;
        out.set(direct, Namespace::Changelog, String::new());
    }
    Ok(())
}

/// The text that the attribute receives in every format: a date of YAML is one only where dates are expected.
fn text_of(name: &str, scalar: &Scalar) -> String {
    let is_date = Column::FIELDS.iter().any(|f| f.kind == Kind::Date && f.is_named(name));
    match (&scalar.iso, scalar.kind) {
        (Some(iso), ScalarKind::Date) if is_date => iso.to_string(),
        _ => scalar.text.clone(),
    }
}
