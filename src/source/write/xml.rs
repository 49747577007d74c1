//! An element as an XML changelog.

use super::{Element, Name};
use crate::source::namespace::Namespace;

/// The text of a changelog whose root is `root`.
///
/// # Errors
/// When a text has a character that XML does not allow, or a name is none in XML.
pub fn write(root: &Element) -> Result<String, String> {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let mut declarations = String::new();
    let mut declare = |key: &str, value: &str| declarations.push_str(&format!(" {key}=\"{value}\""));
    let own = Namespace::Changelog.uri();
    declare("xmlns", own);
    declare("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    for namespace in Namespace::PREFIXED.into_iter().filter(|n| has(root, *n)) {
        if let Some(prefix) = namespace.prefix() {
            declare(&format!("xmlns:{prefix}"), namespace.uri());
        }
    }
    declare("xsi:schemaLocation", &format!("{own} {own}/dbchangelog-latest.xsd"));
    element(root, &declarations, 0, &mut out)?;
    Ok(out)
}

/// Whether a name in or below an element has that namespace.
fn has(element: &Element, namespace: Namespace) -> bool {
    element.name.namespace == namespace
        || element.attributes.iter().any(|(name, _)| name.namespace == namespace)
        || element.children.iter().any(|child| has(child, namespace))
}

fn element(element_: &Element, declarations: &str, depth: usize, out: &mut String) -> Result<(), String> {
    let name = written(&element_.name)?;
    let indent = "    ".repeat(depth);
    out.push_str(&format!("{indent}<{name}{declarations}"));
    for (key, value) in &element_.attributes {
        out.push_str(&format!(" {}=\"", written(key)?));
        escape(value, true, out)?;
        out.push('"');
    }
    if element_.text.is_none() && element_.children.is_empty() {
        out.push_str("/>\n");
        return Ok(());
    }
    out.push('>');
    if let Some(text) = &element_.text {
        escape(text, false, out)?;
    }
    if !element_.children.is_empty() {
        out.push('\n');
        for child in &element_.children {
            element(child, "", depth + 1, out)?;
        }
        out.push_str(&indent);
    }
    out.push_str(&format!("</{name}>\n"));
    Ok(())
}

/// A name with the prefix of its namespace.
fn written(name: &Name) -> Result<String, String> {
    check_name(&name.local)?;
    Ok(name.namespace.prefix().map_or_else(|| name.local.clone(), |prefix| format!("{prefix}:{}", name.local)))
}

fn check_name(name: &str) -> Result<(), String> {
    let begins = |c: char| c.is_alphabetic() || c == '_';
    let is_name = name.starts_with(begins) && name.chars().all(|c| begins(c) || c.is_numeric() || matches!(c, '-' | '.'));
    if is_name { Ok(()) } else { Err(format!("'{name}' cannot be the name of an XML element or attribute")) }
}

fn escape(text: &str, in_attribute: bool, out: &mut String) -> Result<(), String> {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            // They would be read as blanks in an attribute, and a carriage return as a line feed everywhere.
            '\n' | '\t' if in_attribute => out.push_str(&format!("&#{};", u32::from(c))),
            '\r' | '\u{85}' | '\u{2028}' => out.push_str(&format!("&#{};", u32::from(c))),
            '\n' | '\t' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => out.push(c),
            _ => return Err(format!("XML does not allow the character U+{:04X}", u32::from(c))),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back() {
        let mut child = Element::new("sql", Namespace::Changelog);
        child.set("comment", Namespace::Changelog, "a\n\"b\" <c>\t& d");
        child.text = Some("select ']]>' & \r\n'<'".into());
        let mut root = Element::new("databaseChangeLog", Namespace::Changelog);
        root.children.push(child);
        let text = write(&root).unwrap();
        let mut problems = crate::diagnostic::Diagnostics::new();
        let read = crate::source::xml::read(crate::span::FileId(0), &text, &Default::default(), true, &mut problems).unwrap();
        let sql = &read.children[0];
        assert_eq!(sql.child_text("comment"), Some("a\n\"b\" <c>\t& d"));
        assert_eq!(sql.text(), Some("select ']]>' & \r\n'<'"));
    }

    #[test]
    fn what_xml_cannot_hold_is_refused() {
        let mut root = Element::new("databaseChangeLog", Namespace::Changelog);
        root.text = Some("a\u{1}".into());
        assert_eq!(write(&root), Err("XML does not allow the character U+0001".into()));
        for name in ["two words", "", "a:b", "1a"] {
            assert!(write(&Element::new(name, Namespace::Changelog)).is_err(), "{name}");
        }
    }
}
