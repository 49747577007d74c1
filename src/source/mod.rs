//! Bytes to tree: readers for each changelog format, and the attributes that typed structures read from it.
//!
//! [`text`] turns bytes into text, [`read_changelog`] turns the text of any format into one tree of [`Node`]s whose
//! root is `databaseChangeLog`. Every reader is bounded by [`Limits`] and reports into [`Diagnostics`].

pub mod attributes;
pub mod csv;
pub mod formatted_sql;
pub mod java_text;
pub mod json;
pub mod limits;
pub mod namespace;
pub mod node;
pub mod plain_sql;
pub mod properties;
pub mod scalar;
pub mod text;
pub mod write;
pub mod xml;
pub mod yaml;

pub use limits::Limits;
pub use namespace::Namespace;
pub use node::{Node, Scalar, ScalarKind};

use crate::diagnostic::{Diagnostic, Diagnostics, FILE_EMPTY, IGNORED_ELEMENT, NOT_A_CHANGELOG};
use crate::span::{FileId, Span};

/// The root of every changelog.
pub const ROOT: &str = "databaseChangeLog";

/// The format of a changelog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// SQL: formatted if its first line says so, else plain.
    Sql,
}

impl Format {
    /// The format that a file name shows, letter case ignored (changelog-formats §1).
    pub fn of(path: &str) -> Option<Format> {
        let path = path.to_ascii_lowercase();
        Some(match path.as_str() {
            p if p.ends_with("xml") => Format::Xml,
            p if p.ends_with(".yaml") || p.ends_with(".yml") => Format::Yaml,
            p if p.ends_with(".json") => Format::Json,
            p if p.ends_with(".sql") => Format::Sql,
            _ => return None,
        })
    }
}

/// How changelogs are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadOptions {
    /// Whether XML must be what its schema demands (`validate-xml-changelog-files`).
    pub validate_xml: bool,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions { validate_xml: true }
    }
}

/// Turns the bytes of a changelog into text, by the rules of its format (changelog-formats §1): YAML and JSON are
/// UTF-8 unless a byte order mark says otherwise, XML is what its declaration says, SQL is in `encoding`.
///
/// Errors are those of [`text::decode`].
pub fn decode_changelog(bytes: &[u8], path: &str, format: Format, encoding: Option<&str>, limits: &Limits) -> Result<String, Diagnostic> {
    match format {
        Format::Yaml | Format::Json => text::decode(bytes, path, None, limits),
        Format::Xml => text::decode(bytes, path, text::xml_encoding(bytes).as_deref(), limits),
        Format::Sql => text::decode(bytes, path, encoding, limits),
    }
}

/// Reads a changelog; gives its `databaseChangeLog` node, whose children are its entries.
///
/// `file` is where spans point, `path` is the path of the file as changesets know it. Problems go to `problems`;
/// the result is `None` when there is no tree at all. A tree may come with errors: the caller looks at
/// [`Diagnostics::has_errors`] before it runs anything.
pub fn read_changelog(
    file: FileId,
    path: &str,
    format: Format,
    text: &str,
    limits: &Limits,
    options: ReadOptions,
    problems: &mut Diagnostics,
) -> Option<Node> {
    if text.trim().is_empty() {
        problems.push(Diagnostic::error(FILE_EMPTY, format!("Empty file {path}")).in_file(path));
        return None;
    }
    let entries = match format {
        Format::Xml => return xml::read(file, text, limits, options.validate_xml, problems),
        Format::Sql if formatted_sql::is_formatted(text) => return formatted_sql::read(file, path, text, limits, problems),
        Format::Sql => {
            if let Some(problem) = formatted_sql::not_formatted(file, text) {
                problems.push(problem);
            }
            return Some(plain_sql::read(file, text));
        }
        Format::Yaml => yaml::read_entries(file, text, limits, false, problems)?,
        Format::Json => json::read_entries(file, text, limits, problems)?,
    };
    root_of(file, entries, problems)
}

/// The `databaseChangeLog` among the entries of a YAML or JSON document (changelog-formats §4.1).
fn root_of(file: FileId, entries: Vec<yaml::Entry>, problems: &mut Diagnostics) -> Option<Node> {
    let mut root = None;
    let mut others = Vec::new();
    for entry in entries {
        if *entry.node.name == *ROOT {
            root = Some(entry);
        } else {
            others.push(entry.node);
        }
    }
    let Some(root) = root else {
        let problem = Diagnostic::error(NOT_A_CHANGELOG, "Could not find databaseChangeLog node");
        let problem = match others.first() {
            Some(other) => problem.at(other.name_span).hint(yaml::BEGINNING).did_you_mean(&other.name, [ROOT]),
            None => problem.at(Span::new(file, 0, 0)).hint(yaml::BEGINNING),
        };
        problems.push(problem);
        return None;
    };
    // Keys that hold anchors, or name a schema for editors, are there on purpose.
    for other in others.iter().filter(|o| !o.name.starts_with(['$', '_', '.']) && !o.name.starts_with("x-")) {
        let message = format!("'{}' beside databaseChangeLog is ignored", other.name);
        problems.push(Diagnostic::warning(IGNORED_ELEMENT, message).at(other.name_span));
    }
    if matches!(root.shape, yaml::Shape::Map | yaml::Shape::Scalar) {
        let message = "databaseChangeLog does not contain a list of entries. Each changeSet must begin ' - changeSet:'";
        problems.push(Diagnostic::error(NOT_A_CHANGELOG, message).at(root.node.name_span));
        return None;
    }
    Some(root.node)
}

#[cfg(test)]
mod tests;
