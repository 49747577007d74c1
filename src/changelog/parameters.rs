//! Parameters while a file is loaded: `property` sets them, values are expanded before anything is decoded.

use super::expression::{ContextExpression, Labels};
use super::loader::{FileState, Loader, search_problem};
use super::properties::ExpandError;
use super::search_path::SearchError;
use super::{elements, include};
use crate::diagnostic::{Diagnostic, FORMATTED_SQL, LIMIT, MISSING_ATTRIBUTE, UNDEFINED_PROPERTY};
use crate::source::{Node, properties as property_file};
use crate::sql::dbms;

impl Loader {
    /// Expands every value of a node and below.
    pub(super) fn expand(&mut self, node: &mut Node, state: &FileState) {
        if state.plain {
            return;
        }
        let properties = &self.properties;
        let problems = &mut self.problems;
        let keys = &state.scope.properties;
        node.for_each_scalar(&mut |scalar| {
            if !scalar.text.contains("${") {
                return;
            }
            match properties.expand(&scalar.text, keys) {
                Ok(text) => scalar.text = text.into_owned(),
                Err(e @ ExpandError::Missing(_)) => {
                    let problem = Diagnostic::error(UNDEFINED_PROPERTY, e.to_string()).at(scalar.span);
                    problems.push(problem.hint("give it a value in the changelog (`property`) or on the command line (-Dname=value)"));
                }
                Err(e @ (ExpandError::Endless(_) | ExpandError::Deep)) => {
                    problems.push(Diagnostic::error(LIMIT, e.to_string()).at(scalar.span));
                }
            }
        });
    }

    /// Expands a changeset. In formatted SQL the comment stays as it is written, and what a precondition looks for must have a
    /// value: Liquibase reads such a line only when it is expanded, and finds no name in `${…}`.
    pub(super) fn expand_changeset(&mut self, node: &mut Node, state: &FileState) {
        if !state.formatted {
            return self.expand(node, state);
        }
        for child in node.children.iter_mut().filter(|c| &*c.name != "comment") {
            self.expand(child, state);
        }
        let conditions = node.children_named("preConditions").flat_map(|c| &c.children).flat_map(|c| &c.children);
        let names = conditions.filter(|c| !matches!(&*c.name, "sql" | "expectedResult"));
        for looked_for in names.filter(|c| c.text().is_some_and(|t| t.contains("${"))) {
            let message = format!("'{}' of a precondition has no value", looked_for.text().unwrap_or(""));
            self.problems.push(Diagnostic::error(FORMATTED_SQL, message).at(looked_for.span));
        }
    }

    /// Whether filters on contexts, labels and databases let a property count.
    fn applies(&mut self, node: &Node) -> bool {
        let context = node.child("contextFilter").or_else(|| node.child("context"));
        let by_context = context.is_none_or(|n| {
            self.refuse_bad_context(n);
            ContextExpression::parse(n.text().unwrap_or("")).matches(&self.options.contexts).unwrap_or(false)
        });
        let labels = Labels::parse(node.child_text("labels").unwrap_or(""));
        let by_label = self.options.labels.matches(&labels).unwrap_or(true);
        let list = dbms::parse_list(node.child_text("dbms").unwrap_or(""));
        let by_database = self.is_for_database(node, &list, true);
        by_context && by_label && by_database
    }

    /// Sets the parameters of a `property`.
    pub(super) fn property(&mut self, node: &Node, state: &FileState) {
        self.report_attributes(node, elements::PROPERTY.fields, false);
        if !self.applies(node) {
            return;
        }
        let mut entries = Vec::new();
        if let Some(file) = node.child("file") {
            let name = file.text().unwrap_or("");
            let path = include::resolved(node, name, state);
            match self.search.read(&path) {
                Ok(bytes) => {
                    // Java properties files are ISO-8859-1.
                    let content: String = bytes.iter().map(|b| char::from(*b)).collect();
                    let id = self.sources.add(path.as_str(), content.as_str());
                    entries.extend(property_file::read(id, &content, &mut self.problems).into_iter().map(|e| (e.name, Some(e.value))));
                }
                Err(SearchError::NotFound { .. }) if !include::flag(node, "errorIfMissing", true) => {}
                Err(e) => self.problems.push(search_problem(&e).at(file.span)),
            }
        } else if let Some(name) = node.child_text("name") {
            let value = node.child_text("value").map(str::to_owned);
            if value.is_none() {
                let message = format!("the property '{name}' has no value: it stays undefined, even when another one of that name follows");
                self.problems.push(Diagnostic::warning(MISSING_ATTRIBUTE, message).at(node.name_span));
            }
            entries.push((name.to_owned(), value));
        } else {
            self.problems.push(Diagnostic::warning(MISSING_ATTRIBUTE, "a property without a name has no effect").at(node.name_span));
        }
        let global = include::flag(node, "global", true);
        for (name, value) in entries {
            match (global, state.scope.properties.first(), value) {
                (false, Some(key), Some(value)) => self.properties.define_local(key, &name, value),
                (false, Some(_), None) => {}
                (_, _, value) => self.properties.define_global(&name, value),
            }
        }
    }
}
