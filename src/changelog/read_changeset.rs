//! One `changeSet` node to a changeset.

use super::changeset::{ChangeSet, Identity, Located, OnValidationFail, RunOrder};
use super::checksum::Checksum;
use super::expression::Labels;
use super::loader::{FileState, Loader};
use super::{elements, path};
use crate::change::modify_sql::ModifySql;
use crate::change::{self, Change};
use crate::diagnostic::{
    BAD_CHANGESET, BAD_VALUE, DOUBTFUL_VALUE, Diagnostic, IGNORED_ATTRIBUTE, IGNORED_ELEMENT, MULTIPLE_NODES, UNKNOWN_CHANGE,
    UNKNOWN_ELEMENT,
};
use crate::precondition::Preconditions;
use crate::source::attributes::{Reader, read_bool};
use crate::source::{Node, formatted_sql};
use crate::sql::dbms;
use std::sync::Arc;

impl Loader {
    /// Reads a changeset. What is wrong with one for other databases is only told, as it stops nothing: Liquibase does not look
    /// into it, except in formatted SQL.
    pub(super) fn changeset(&mut self, node: &Node, state: &FileState) {
        let earlier = std::mem::take(&mut self.problems);
        let changeset = Arc::new(self.read_changeset(node, state));
        let for_this = self.is_for_database(node, &changeset.dbms, true);
        if !for_this && !state.formatted {
            self.problems.make_lenient();
        }
        let found = std::mem::replace(&mut self.problems, earlier);
        self.problems.extend(found);
        self.by_identity.entry(changeset.identity.to_string()).or_default().push(Arc::clone(&changeset));
        if for_this { self.changesets.push(changeset) } else { self.for_other_databases.push(changeset) }
    }

    fn read_changeset(&mut self, node: &Node, state: &FileState) -> ChangeSet {
        let hoisted = with_hoisted(node);
        let node = hoisted.as_ref().unwrap_or(node);
        let attribute = |name: &str| node.child_text(name).map(str::to_owned);
        let identity = Identity { path: self.recorded_path(node, state), id: attribute("id"), author: attribute("author") };
        for (name, value) in [("id", &identity.id), ("author", &identity.author)] {
            if value.is_none() && node.children_named(name).count() == 0 {
                let problem = Diagnostic::warning(BAD_CHANGESET, format!("the changeset has no {name}; it is recorded as 'null'"));
                self.problems
                    .push(problem.at(node.name_span).hint(format!("give it an `{name}`; id, author and path together name a changeset")));
            }
        }
        for name in ["id", "author"] {
            if let Some(second) = node.children_named(name).nth(1) {
                self.problems.push(Diagnostic::error(MULTIPLE_NODES, format!("'{name}' is given more than once")).at(second.name_span));
            }
        }
        let flag = |loader: &mut Loader, names: &[&str]| -> Option<bool> {
            let child = names.iter().find_map(|n| node.child(n))?;
            Some(read_bool(child.value()?, &child.name, &mut loader.problems))
        };
        let run_always = flag(self, &["runAlways", "alwaysRun"]).unwrap_or(false);
        let run_on_change = flag(self, &["runOnChange"]).unwrap_or(false);
        let run_in_transaction = flag(self, &["runInTransaction"]).unwrap_or(true);
        let fail_on_error = flag(self, &["failOnError"]);
        let ignore = flag(self, &["ignore"]).unwrap_or(false);
        let contexts = elements::context_of(node).map(|n| self.context(n)).unwrap_or_default();
        let quoting = node.child("objectQuotingStrategy").and_then(|n| self.quoting_word(n)).unwrap_or(state.quoting);
        let on_validation_fail =
            self.word(node, "onValidationFail", &[("HALT", OnValidationFail::Halt), ("MARK_RAN", OnValidationFail::MarkRan)]);
        let run_order = self.word(node, "runOrder", &[("first", RunOrder::First), ("last", RunOrder::Last)]);
        let comments: Vec<&str> = node.children_named("comment").flat_map(|c| c.values.iter().map(|v| v.text.as_str())).collect();
        let valid_checksums = self.valid_checksums(node);
        let preconditions = self.changeset_preconditions(node, state);
        let changes = self.changes(node, state);
        let modify_sql = self.modify_sql(node, state);
        let mut changeset = ChangeSet {
            identity,
            file: Arc::clone(&state.scope),
            span: node.span,
            format: state.format,
            contexts,
            labels: Labels::parse(node.child_text("labels").unwrap_or("")),
            inherited: Arc::clone(&state.inherited),
            dbms: dbms::parse_list(&node.child_text("dbms").unwrap_or("").to_lowercase()),
            run_always,
            run_on_change,
            run_in_transaction,
            fail_on_error,
            on_validation_fail: on_validation_fail.unwrap_or_default(),
            quoting,
            ignore: ignore || state.arrival.ignore,
            run_order,
            run_with: attribute("runWith").or_else(|| state.arrival.modify.run_with.clone()),
            created: attribute("created"),
            comment: (!comments.is_empty()).then(|| comments.join("\n").trim().to_owned()),
            valid_checksums,
            preconditions,
            changes,
            rollback: super::Rollback::Automatic,
            modify_sql,
        };
        changeset.rollback = self.rollback(node, &changeset, state);
        changeset
    }

    /// The checksums that are accepted beside the right one; one that no changeset has is told.
    fn valid_checksums(&mut self, node: &Node) -> Vec<Checksum> {
        let nodes = ["validCheckSum", "validCheckSums"].into_iter().flat_map(|n| node.children_named(n));
        let values = nodes.flat_map(|n| n.values.iter().chain(n.children.iter().flat_map(|c| c.values.iter())));
        let mut out = Vec::new();
        for value in values {
            let Some(checksum) = Checksum::parse(value.text.as_str()) else { continue };
            if !checksum.is_wildcard() && !checksum.is_well_formed() {
                let problem = Diagnostic::warning(DOUBTFUL_VALUE, format!("'{}' is the checksum of nothing", value.text));
                let hint = "a checksum is a version, a colon and 32 hexadecimal digits, as calculate-checksum prints it; ANY accepts all";
                self.problems.push(problem.at(value.span).hint(hint));
            }
            out.push(checksum);
        }
        out
    }

    /// The path that is recorded (changelog-formats §8).
    fn recorded_path(&self, node: &Node, state: &FileState) -> String {
        if state.plain {
            return state.arrival.path.clone();
        }
        let own = node.child_text("logicalFilePath").map(str::trim).filter(|p| !p.is_empty());
        let logical = own.or(state.logical_path.as_deref());
        match logical {
            // Formatted SQL normalises fully; elsewhere only slashes and one leading slash are treated.
            Some(p) if state.formatted => path::normalise(&self.properties.expand(p, &state.scope.properties).unwrap_or(p.into())),
            Some(p) => {
                let p = p.replace('\\', "/");
                p.strip_prefix('/').map(str::to_owned).unwrap_or(p)
            }
            None => state.arrival.path.clone(),
        }
    }

    fn word<T: Copy>(&mut self, node: &Node, name: &str, words: &[(&str, T)]) -> Option<T> {
        let child = node.child(name)?;
        let text = child.text()?;
        let found = words.iter().find(|(w, _)| *w == text).map(|(_, v)| *v);
        if found.is_none() {
            let problem = Diagnostic::error(BAD_VALUE, format!("Unknown {name}: {text}")).at(child.span);
            let list: Vec<&str> = words.iter().map(|(w, _)| *w).collect();
            self.problems.push(problem.hint(format!("it is one of {}", list.join(", "))));
        }
        found
    }

    fn changeset_preconditions(&mut self, node: &Node, state: &FileState) -> Option<Preconditions> {
        let container = node.children.iter().find(|c| c.name.eq_ignore_ascii_case("preConditions"))?;
        let mode = self.read_mode(state);
        Some(Preconditions::read(container, mode, &mut self.problems))
    }

    /// The changes of a changeset: those below `changes` and those written directly.
    fn changes(&mut self, node: &Node, state: &FileState) -> Vec<Located<Change>> {
        let mut out = Vec::new();
        node.report_texts(0, &mut self.problems);
        if state.validated(&self.options) {
            self.check_tag_order(node);
        }
        for child in &node.children {
            if child.name.eq_ignore_ascii_case("changes") {
                child.report_texts(0, &mut self.problems);
                for inner in &child.children {
                    out.extend(self.change(inner, state));
                }
            } else if !elements::is_of_changeset(&child.name) && !formatted_sql::is_marker(&child.name) {
                out.extend(self.change(child, state));
            }
        }
        out
    }

    /// The XML schema has tagDatabase only as the first change of a changeset.
    fn check_tag_order(&mut self, node: &Node) {
        let mut changes = node.children.iter().filter(|c| change::TYPES.iter().any(|t| *t.name == *c.name)).skip(1);
        if let Some(tag) = changes.find(|c| &*c.name == "tagDatabase") {
            let problem = Diagnostic::error(UNKNOWN_ELEMENT, "'tagDatabase' may not stand after another change in XML");
            self.problems.push(problem.at(tag.name_span).hint("give the tag a changeset of its own"));
        }
    }

    /// Reads a change; a name that is no change type is an error when it has children, as in Liquibase.
    pub(super) fn change(&mut self, node: &Node, state: &FileState) -> Option<Located<Change>> {
        let validated = state.validated(&self.options);
        let cleared;
        let node = if &*node.name == "addColumn" && !state.removed_properties.is_empty() {
            cleared = without_attributes(node, &state.removed_properties);
            &cleared
        } else {
            node
        };
        if let Some(change) = Change::read(node, validated, &mut self.problems) {
            return Some(Located { value: change, span: node.span });
        }
        let name = &*node.name;
        if name == "comment" || name == "rollback" {
            let problem = Diagnostic::warning(IGNORED_ELEMENT, format!("'{name}' is ignored among changes"));
            self.problems.push(problem.at(node.name_span).hint("it belongs to the changeset, beside its changes"));
            return None;
        }
        let names = change::TYPES
            .iter()
            .map(|t| t.name)
            .chain(elements::names(elements::CHANGESET))
            .chain(elements::CHANGESET_ELEMENTS.iter().copied());
        let message = format!(
            "Unknown change type '{name}'. Check for spelling or capitalization errors and missing extensions such as liquibase-commercial."
        );
        // An element begins with the bracket before its name, an attribute with its name.
        if validated && !node.prefixed && node.span.start == node.name_span.start {
            let problem = Diagnostic::error(UNKNOWN_ELEMENT, format!("there is no attribute '{name}' here"));
            self.problems.push(problem.at(node.name_span).did_you_mean(name, names));
            return None;
        }
        let fatal = (self.options.strict_parse && !node.children.is_empty()) || (validated && !node.prefixed);
        let problem = if fatal {
            Diagnostic::error(UNKNOWN_CHANGE, message)
        } else {
            Diagnostic::warning(
                IGNORED_ATTRIBUTE,
                format!("'{name}' is ignored here: changeSet has no such attribute, and it is no change"),
            )
        };
        let problem = problem.at(node.name_span);
        self.problems.push(match name {
            "changes" => problem.hint("the changes of a rollback stand directly in it"),
            _ => problem.did_you_mean(name, names),
        });
        None
    }

    fn modify_sql(&mut self, node: &Node, state: &FileState) -> Vec<ModifySql> {
        let validated = state.validated(&self.options);
        let mut out = Vec::new();
        for child in node.children_named("modifySql") {
            for name in ["contextFilter", "context"] {
                child.children_named(name).for_each(|context| self.refuse_bad_context(context));
            }
            let mut reader = Reader::new(child, validated, &mut self.problems);
            out.extend(ModifySql::read_all(&mut reader));
        }
        out
    }
}

/// What Liquibase takes for the changeset's own also when it stands among its changes.
const HOISTED: &[&str] = &["rollback", "modifySql", "preConditions", "validCheckSum", "validCheckSums"];

/// A copy of a changeset whose own elements stand beside `changes` instead of in it; `None` when they do already.
fn with_hoisted(node: &Node) -> Option<Node> {
    let belongs_above = |c: &Node| HOISTED.iter().any(|n| c.name.eq_ignore_ascii_case(n));
    let is_changes = |c: &Node| c.name.eq_ignore_ascii_case("changes");
    if !node.children.iter().any(|c| is_changes(c) && c.children.iter().any(belongs_above)) {
        return None;
    }
    let mut copy = node.clone();
    let mut above = Vec::new();
    for child in copy.children.iter_mut().filter(|c| is_changes(c)) {
        let (up, stay) = std::mem::take(&mut child.children).into_iter().partition(belongs_above);
        child.children = stay;
        let up: Vec<Node> = up;
        above.extend(up);
    }
    copy.children.extend(above);
    Some(copy)
}

/// A copy of an addColumn node whose columns lack these attributes (`removeChangeSetProperty`).
fn without_attributes(node: &Node, names: &[String]) -> Node {
    let mut copy = node.clone();
    for child in &mut copy.children {
        let is_removed = |c: &Node| names.iter().any(|n| c.name.eq_ignore_ascii_case(n));
        child.children.retain(|c| !is_removed(c));
        for column in &mut child.children {
            column.children.retain(|c| !is_removed(c));
        }
    }
    copy
}
