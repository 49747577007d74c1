//! `modifySql`: edits of the SQL that a changeset's changes become.

use crate::attributes;
use crate::diagnostic::{Diagnostic, IGNORED_ELEMENT, MISSING_ATTRIBUTE, NOT_SUPPORTED};
use crate::source::Node;
use crate::source::attributes::{Attributes, ElementInfo, Field, FieldValue, Kind, Reader};
use crate::sql::java_regex::JavaRegex;
use crate::sql::modify_sql::Edit;
use std::borrow::Cow;

attributes! {
    /// Edits of the SQL that the changes of a changeset become.
    pub struct Scope {
        /// The databases that the edits are for, as a comma list.
        pub dbms: Option<String> = "dbms",
        /// The contexts that the edits are for.
        pub context_filter: Option<String> = "contextFilter" (aliases = &["context"]),
        /// The labels of the edits.
        pub labels: Option<String> = "labels",
        /// Whether the SQL of a rollback is edited too.
        pub apply_to_rollback: Option<bool> = "applyToRollback",
    }
}

attributes! {
    /// Puts a text behind every statement.
    pub struct Append {
        /// The text.
        pub value: Option<String> = "value" (required),
    }
}

attributes! {
    /// Puts a text in front of every statement.
    pub struct Prepend {
        /// The text.
        pub value: Option<String> = "value" (required),
    }
}

attributes! {
    /// Replaces a text in every statement.
    pub struct Replace {
        /// The text that is replaced.
        pub replace: Option<String> = "replace" (required),
        /// What takes its place.
        pub with: Option<String> = "with",
    }
}

attributes! {
    /// Replaces what matches a regular expression (in Java's syntax) in every statement.
    pub struct RegExpReplace {
        /// The pattern.
        pub replace: Option<String> = "replace" (required),
        /// What takes the place of a match; `$1` stands for the first group.
        pub with: Option<String> = "with",
    }
}

/// What an edit does, as written.
#[derive(Debug, Clone, PartialEq)]
enum Written {
    Append(Append),
    Prepend(Prepend),
    Replace(Replace),
    RegExpReplace(RegExpReplace),
}

/// One edit with what it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct ModifySql {
    scope: Scope,
    written: Written,
    edit: Edit,
}

/// The edits.
const EDITS: &[ElementInfo] = &[
    ElementInfo { name: NAMES[0], doc: Append::DOC, fields: Append::FIELDS, elements: &[] },
    ElementInfo { name: NAMES[1], doc: Prepend::DOC, fields: Prepend::FIELDS, elements: &[] },
    ElementInfo { name: NAMES[2], doc: Replace::DOC, fields: Replace::FIELDS, elements: &[] },
    ElementInfo { name: NAMES[3], doc: RegExpReplace::DOC, fields: RegExpReplace::FIELDS, elements: &[] },
];

/// `modifySql`.
pub const MODIFY_SQL: ElementInfo = ElementInfo { name: "modifySql", doc: Scope::DOC, fields: Scope::FIELDS, elements: EDITS };

/// Names of the edits.
const NAMES: &[&str] = &["append", "prepend", "replace", "regExpReplace"];

impl ModifySql {
    /// Reads the edits of a `modifySql` node, in order. What is wrong with them is reported, and such an edit left out.
    pub fn read_all(reader: &mut Reader<'_, '_>) -> Vec<ModifySql> {
        let scope = Scope::read_fields(reader);
        reader.report_unknown("modifySql", Scope::FIELDS, NAMES);
        let mut edits = Vec::new();
        for child in &reader.node.children {
            if !NAMES.contains(&&*child.name) {
                if NAMES.iter().any(|n| n.eq_ignore_ascii_case(&child.name)) {
                    let message = format!("'{}' is not read: names of edits are written with exact letter case", child.name);
                    let problem = Diagnostic::warning(IGNORED_ELEMENT, message).at(child.name_span);
                    reader.problems.push(problem.did_you_mean(&child.name, NAMES.iter().copied()));
                }
                continue;
            }
            edits.extend(Self::read(child, &scope, reader));
        }
        edits
    }

    fn read(node: &Node, scope: &Scope, outer: &mut Reader<'_, '_>) -> Option<ModifySql> {
        let mut reader = Reader::new(node, outer.validated, outer.problems);
        let missing = |reader: &mut Reader<'_, '_>, name: &str| {
            let message = format!("'{}' needs '{name}'", node.name);
            reader.problems.push(Diagnostic::error(MISSING_ATTRIBUTE, message).at(node.name_span));
            None
        };
        let (written, edit) = match &*node.name {
            "append" => {
                let own = Append::read_fields(&mut reader);
                reader.report_unknown("append", Append::FIELDS, &[]);
                let Some(value) = own.value.clone() else { return missing(&mut reader, "value") };
                (Written::Append(own), Edit::Append(value))
            }
            "prepend" => {
                let own = Prepend::read_fields(&mut reader);
                reader.report_unknown("prepend", Prepend::FIELDS, &[]);
                let Some(value) = own.value.clone() else { return missing(&mut reader, "value") };
                (Written::Prepend(own), Edit::Prepend(value))
            }
            "replace" => {
                let own = Replace::read_fields(&mut reader);
                reader.report_unknown("replace", Replace::FIELDS, &[]);
                let Some(what) = own.replace.clone() else { return missing(&mut reader, "replace") };
                let with = own.with.clone().unwrap_or_default();
                (Written::Replace(own), Edit::Replace { what, with })
            }
            _ => {
                let own = RegExpReplace::read_fields(&mut reader);
                reader.report_unknown("regExpReplace", RegExpReplace::FIELDS, &[]);
                let Some(pattern) = own.replace.as_deref() else { return missing(&mut reader, "replace") };
                match JavaRegex::new(pattern, own.with.as_deref().unwrap_or("")) {
                    Ok(regex) => (Written::RegExpReplace(own), Edit::ReplacePattern(regex)),
                    Err(reason) => {
                        reader.problems.push(Diagnostic::error(NOT_SUPPORTED, reason).at(node.span));
                        return None;
                    }
                }
            }
        };
        Some(ModifySql { scope: scope.clone(), written, edit })
    }

    /// Its name in changelogs.
    pub fn name(&self) -> &'static str {
        match self.written {
            Written::Append(_) => "append",
            Written::Prepend(_) => "prepend",
            Written::Replace(_) => "replace",
            Written::RegExpReplace(_) => "regExpReplace",
        }
    }

    /// The databases it is for; empty means all.
    pub fn dbms(&self) -> Vec<String> {
        let list = self.scope.dbms.as_deref().unwrap_or("");
        list.split(',').map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned).collect()
    }

    /// The contexts it is for, as written.
    pub fn context_filter(&self) -> Option<&str> {
        self.scope.context_filter.as_deref().map(str::trim).filter(|t| !t.is_empty())
    }

    /// Its labels, as written.
    pub fn labels(&self) -> Option<&str> {
        self.scope.labels.as_deref().map(str::trim).filter(|t| !t.is_empty())
    }

    /// Whether the SQL of a rollback is edited too.
    pub fn applies_to_rollback(&self) -> bool {
        self.scope.apply_to_rollback == Some(true)
    }

    /// The edited text of a statement.
    ///
    /// # Errors
    /// None today; an edit that cannot be carried out is reported when the changelog is read.
    pub fn edit(&self, text: &str) -> Result<String, String> {
        Ok(self.edit.apply(text))
    }

    /// The fields that a checksum of that version sees (checksums §5).
    pub fn as_attributes(&self, version: u8) -> Box<dyn Attributes + '_> {
        let mut dbms = self.dbms();
        if version < 9 {
            java_set_order(&mut dbms);
        }
        Box::new(HashView { edit: self, dbms })
    }
}

/// Brings names into the order in which a Java HashSet lists them; repeated ones collapse.
fn java_set_order(names: &mut Vec<String>) {
    let mut seen = std::collections::HashSet::new();
    names.retain(|n| seen.insert(n.clone()));
    // The set grows when it is three quarters full.
    let mut capacity = 16u32;
    while names.len() as u64 * 4 > u64::from(capacity) * 3 {
        capacity = capacity.saturating_mul(2);
    }
    names.sort_by_key(|n| {
        let hash = n.encode_utf16().fold(0u32, |h, unit| h.wrapping_mul(31).wrapping_add(u32::from(unit)));
        (hash ^ (hash >> 16)) & (capacity - 1)
    });
}

/// An edit as its checksum sees it.
#[derive(Debug)]
struct HashView<'a> {
    edit: &'a ModifySql,
    dbms: Vec<String>,
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, ..Field::DEFAULT }
}

const WITH_VALUE: &[Field] = &[
    field("applicableDbms", Kind::Text),
    field("applyToRollback", Kind::Bool),
    field("contextFilter", Kind::Text),
    field("labels", Kind::Text),
    field("value", Kind::Text),
];

const WITH_REPLACEMENT: &[Field] = &[
    field("applicableDbms", Kind::Text),
    field("applyToRollback", Kind::Bool),
    field("contextFilter", Kind::Text),
    field("labels", Kind::Text),
    field("replace", Kind::Text),
    field("with", Kind::Text),
];

impl Attributes for HashView<'_> {
    fn fields(&self) -> &'static [Field] {
        match self.edit.written {
            Written::Append(_) | Written::Prepend(_) => WITH_VALUE,
            Written::Replace(_) | Written::RegExpReplace(_) => WITH_REPLACEMENT,
        }
    }

    fn values(&self) -> Vec<FieldValue<'_>> {
        fn text(value: Option<&str>) -> FieldValue<'_> {
            value.map_or(FieldValue::None, |t| FieldValue::Text(Cow::Borrowed(t)))
        }
        let labels = self.edit.labels().map(|list| {
            let mut labels: Vec<String> = Vec::new();
            for label in list.split(',').map(|l| l.trim().to_lowercase()).filter(|l| !l.is_empty()) {
                // A label counts once.
                if !labels.contains(&label) {
                    labels.push(label);
                }
            }
            labels.join(",")
        });
        let mut values = vec![
            if self.dbms.is_empty() { FieldValue::None } else { FieldValue::Texts(&self.dbms) },
            text(Some(if self.edit.applies_to_rollback() { "true" } else { "false" })),
            text(self.edit.context_filter()),
            labels.map_or(FieldValue::None, |l| FieldValue::Text(Cow::Owned(l))),
        ];
        match &self.edit.written {
            Written::Append(own) => values.push(text(own.value.as_deref())),
            Written::Prepend(own) => values.push(text(own.value.as_deref())),
            Written::Replace(own) => values.extend([text(own.replace.as_deref()), text(own.with.as_deref())]),
            Written::RegExpReplace(own) => values.extend([text(own.replace.as_deref()), text(own.with.as_deref())]),
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::span::{FileId, Span};

    fn span() -> Span {
        Span::new(FileId(0), 0, 0)
    }

    fn node(name: &str, children: Vec<Node>) -> Node {
        Node { children, ..Node::new(name, span()) }
    }

    fn leaf(name: &str, text: &str) -> Node {
        Node::leaf(name, text, span())
    }

    fn read(children: Vec<Node>) -> (Vec<ModifySql>, Diagnostics) {
        let node = node("modifySql", children);
        let mut problems = Diagnostics::new();
        let edits = ModifySql::read_all(&mut Reader::new(&node, false, &mut problems));
        (edits, problems)
    }

    #[test]
    fn edits_share_what_the_element_says() {
        let (edits, problems) = read(vec![
            leaf("applyToRollback", "true"),
            leaf("dbms", "mysql, mariadb"),
            node("append", vec![leaf("value", " -- a")]),
            node("prepend", vec![leaf("value", "/* p */ ")]),
        ]);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(edits.iter().map(ModifySql::name).collect::<Vec<_>>(), ["append", "prepend"]);
        assert!(edits.iter().all(ModifySql::applies_to_rollback));
        assert_eq!(edits[0].dbms(), ["mysql", "mariadb"]);
        assert_eq!(edits[1].edit("x"), Ok("/* p */ x".into()));
    }

    #[test]
    fn patterns_that_cannot_be_had_are_reported() {
        let (edits, problems) = read(vec![node("regExpReplace", vec![leaf("replace", "(?=a)"), leaf("with", "")])]);
        assert!(edits.is_empty());
        assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), [NOT_SUPPORTED]);
    }

    #[test]
    fn database_names_in_the_order_of_a_java_set() {
        let mut names = ["mysql", "postgresql", "mysql"].map(str::to_owned).to_vec();
        java_set_order(&mut names);
        assert_eq!(names, ["postgresql", "mysql"]);
        let mut names = ["mssql", "h2", "mysql", "db2", "sqlite", "postgresql", "oracle", "mariadb"].map(str::to_owned).to_vec();
        java_set_order(&mut names);
        assert_eq!(names, ["mariadb", "oracle", "sqlite", "postgresql", "db2", "h2", "mysql", "mssql"]);
    }
}
