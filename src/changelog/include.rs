//! `include`, `includeAll` and `modifyChangeSets`.

use super::changeset::Inherited;
use super::expression::Labels;
use super::loader::{Arrival, FileState, Loader, ModifyChangeSets};
use super::{elements, path, read_ahead};
use crate::diagnostic::{
    BAD_VALUE, Diagnostic, EMPTY_DIRECTORY, IGNORED_ATTRIBUTE, INCLUDE_LOOP, MISSING_ATTRIBUTE, NOT_SUPPORTED, UNKNOWN_ELEMENT,
};
use crate::source::Node;
use crate::source::attributes::{Field, Kind, read_bool};
use std::ops::RangeInclusive;

/// A truth value that an element of the root has.
pub(super) fn flag(node: &Node, name: &str, default: bool) -> bool {
    node.child_text(name).map_or(default, |t| t.eq_ignore_ascii_case("true"))
}

/// A path that an element names: from the search path, or beside the file that names it.
pub(super) fn resolved(node: &Node, path: &str, state: &FileState) -> String {
    if flag(node, "relativeToChangelogFile", false) { path::resolve_sibling(&state.arrival.path, path) } else { path::normalise(path) }
}

/// The path of the file that an include names.
pub(super) fn target(node: &Node, state: &FileState) -> Option<String> {
    let file = node.child_text("file").filter(|f| !f.trim().is_empty())?.replace('\\', "/");
    Some(resolved(node, &file, state))
}

impl Loader {
    /// Reports attributes that the element does not have, and words that are no truth value where one is needed.
    pub(super) fn report_attributes(&mut self, node: &Node, known: &'static [Field], validated: bool) {
        for child in &node.children {
            let field = known.iter().find(|field| field.is_named(&child.name));
            if let (Some(Kind::Bool), Some(value)) = (field.map(|field| field.kind), child.value()) {
                read_bool(value, &child.name, &mut self.problems);
            }
            if field.is_none() {
                let message = format!("'{}' has no attribute '{}'", node.name, child.name);
                let problem = if validated && !child.prefixed {
                    Diagnostic::error(UNKNOWN_ELEMENT, message)
                } else {
                    Diagnostic::warning(IGNORED_ATTRIBUTE, format!("{message}; it is ignored"))
                };
                self.problems.push(problem.at(child.name_span).did_you_mean(&child.name, elements::names(known)));
            }
        }
    }

    /// How an included file is reached: its own place, what it inherits, what surrounds it.
    fn arrival(&mut self, node: &Node, state: &FileState, path: String, asked: &str) -> Arrival {
        let mut inherited = Inherited::default();
        inherited.contexts.extend(elements::context_of(node).map(|n| self.context(n)));
        inherited.contexts.extend(state.inherited.contexts.iter().cloned());
        let labels = Labels::parse(node.child_text("labels").unwrap_or(""));
        if labels.iter().next().is_some() {
            inherited.labels.push(labels);
        }
        inherited.labels.extend(state.inherited.labels.iter().cloned());
        Arrival {
            path,
            asked: asked.to_owned(),
            span: Some(node.span),
            inherited,
            outer: state.scope.properties.clone(),
            ignore: flag(node, "ignore", false),
            modify: state.arrival.modify.clone(),
            skip_unknown: false,
        }
    }

    pub(super) fn include(&mut self, node: &Node, state: &FileState) {
        self.report_attributes(node, elements::INCLUDE.fields, state.validated(&self.options));
        let (Some(file), Some(resolved)) = (node.child_text("file"), target(node, state)) else {
            let problem = Diagnostic::error(MISSING_ATTRIBUTE, "'include' needs the attribute 'file'").at(node.name_span);
            return self.problems.push(problem);
        };
        if file.eq_ignore_ascii_case(".svn") || file.eq_ignore_ascii_case("cvs") {
            return;
        }
        let file = file.replace('\\', "/");
        let mut arrival = self.arrival(node, state, resolved, &file);
        arrival.span = node.child("file").and_then(Node::value).map(|v| v.span).or(Some(node.span));
        if !self.search.contains(&arrival.path) && !flag(node, "errorIfMissing", true) {
            let message = format!("The file {file} was not found; it is passed over because of errorIfMissing=false");
            return self.problem(Diagnostic::warning(crate::diagnostic::IGNORED_FILE, message), &arrival);
        }
        self.file(&arrival);
    }

    pub(super) fn include_all(&mut self, node: &Node, state: &FileState) {
        self.report_attributes(node, elements::INCLUDE_ALL.fields, state.validated(&self.options));
        let Some(folder) = node.child_text("path").filter(|p| !p.trim().is_empty()) else {
            let problem = Diagnostic::error(MISSING_ATTRIBUTE, "'includeAll' needs the attribute 'path'").at(node.name_span);
            return self.problems.push(problem);
        };
        if self.selects_by_class(node) {
            return;
        }
        let Some(depths) = self.depths(node) else { return };
        let resolved = resolved(node, folder, state);
        if !self.included_all.insert(resolved.clone()) {
            let message = format!("Circular reference detected in '{resolved}'");
            let problem = Diagnostic::error(INCLUDE_LOOP, message).at(node.span);
            return self.problems.push(problem.hint("the folder that this includes holds the file that it stands in; move one of them"));
        }
        self.include_folder(node, state, &resolved, &depths);
        self.included_all.remove(&resolved);
    }

    /// Reports the Java classes that an includeAll names; whether one of them selects files.
    fn selects_by_class(&mut self, node: &Node) -> bool {
        if let Some(filter) = ["filter", "resourceFilter"].iter().find_map(|name| node.child(name)) {
            let message = format!("'{}' names a Java class, which cannot be run here", filter.name);
            let problem = Diagnostic::error(NOT_SUPPORTED, message).at(filter.span);
            self.problems.push(problem.hint("select files with endsWithFilter, minDepth and maxDepth"));
            return true;
        }
        if let Some(comparator) = node.child("resourceComparator") {
            let message = "'resourceComparator' names a Java class; files are taken in the standard order";
            self.problems.push(Diagnostic::warning(NOT_SUPPORTED, message).at(comparator.span));
        }
        false
    }

    /// Reads the files of a folder that lie in these depths below it.
    fn include_folder(&mut self, node: &Node, state: &FileState, folder: &str, depths: &RangeInclusive<usize>) {
        let suffix = node.child_text("endsWithFilter").unwrap_or("").trim().to_lowercase();
        let found: Vec<String> = match self.search.list(folder) {
            Ok(list) => list
                .into_iter()
                .filter(|(p, depth)| depths.contains(depth) && p.to_lowercase().ends_with(&suffix))
                .map(|(p, _)| p)
                .collect(),
            Err(e) => return self.problems.push(super::loader::search_problem(&e).at(node.span)),
        };
        if found.is_empty() && flag(node, "errorIfMissingOrEmpty", true) {
            let message = format!(
                "Could not find directory, directory was empty, or no changelogs matched the provided search criteria for includeAll '{}'",
                node.child_text("path").unwrap_or_default()
            );
            let span = node.child("path").and_then(Node::value).map_or(node.span, |v| v.span);
            self.problems.push(Diagnostic::error(EMPTY_DIRECTORY, message).at(span));
        }
        for window in found.chunks(read_ahead::WINDOW) {
            self.read_ahead(window.iter().map(String::as_str));
            for path in window {
                let mut arrival = self.arrival(node, state, path.clone(), path);
                arrival.skip_unknown = true;
                self.file(&arrival);
            }
        }
    }

    /// How many folders below its own the files of an includeAll may lie; `None` when that makes no sense, which is reported.
    fn depths(&mut self, node: &Node) -> Option<RangeInclusive<usize>> {
        let (min, max) = (self.depth(node, "minDepth", 0), self.depth(node, "maxDepth", usize::MAX));
        let (min, max) = (min?, max?);
        if max < min {
            self.problems.push(Diagnostic::error(BAD_VALUE, "maxDepth is less than minDepth").at(node.span));
            return None;
        }
        Some(min..=max)
    }

    fn depth(&mut self, node: &Node, name: &str, default: usize) -> Option<usize> {
        let Some(child) = node.child(name) else { return Some(default) };
        let parsed = child.text().and_then(|t| usize::try_from(t.parse::<i32>().ok()?).ok());
        if parsed.is_none() {
            let problem = Diagnostic::error(BAD_VALUE, format!("{name} is a whole number of 32 bits, 0 or more")).at(child.span);
            self.problems.push(problem);
        }
        parsed
    }

    pub(super) fn modify_changesets(&mut self, node: &Node, state: &FileState) {
        let mut inner = state.clone();
        inner.arrival.modify =
            ModifyChangeSets { run_with: node.child_text("runWith").map(str::to_owned).or_else(|| state.arrival.modify.run_with.clone()) };
        for child in &node.children {
            match &*child.name {
                "include" => self.include(child, &inner),
                "includeAll" => self.include_all(child, &inner),
                name if elements::has(elements::MODIFY_CHANGESETS.fields, name) => {}
                name => {
                    let message = format!("'{name}' is ignored inside modifyChangeSets");
                    self.problems.push(Diagnostic::warning(IGNORED_ATTRIBUTE, message).at(child.name_span));
                }
            }
        }
    }
}
