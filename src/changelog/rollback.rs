//! `rollback` in every form: text, changes, a reference to another changeset, empty (changelog-formats §4.3, §5.5).

use super::changeset::{ChangeSet, Identity, Located, Rollback};
use super::loader::{FileState, Loader};
use super::{elements, path};
use crate::change::Change;
use crate::diagnostic::{Diagnostic, IGNORED_ELEMENT, UNKNOWN_CHANGESET};
use crate::source::Node;
use crate::sql::splitter::{self, SplitOptions};

impl Loader {
    /// The rollback of a changeset; several `rollback` nodes add up.
    pub(super) fn rollback(&mut self, node: &Node, changeset: &ChangeSet, state: &FileState) -> Rollback {
        let mut written: Option<Vec<Located<Change>>> = None;
        for part in node.children_named("rollback") {
            let list = written.get_or_insert_with(Vec::new);
            self.rollback_part(part, changeset, state, list);
        }
        written.map_or(Rollback::Automatic, Rollback::Written)
    }

    /// Adds the changes of one `rollback`: its elements, then its text, wherever between them that stands.
    fn rollback_part(&mut self, part: &Node, changeset: &ChangeSet, state: &FileState, list: &mut Vec<Located<Change>>) {
        if part.child("changeSetId").is_some() {
            let id = part.child_text("changeSetId").map(str::to_owned);
            let author = part.child_text("changeSetAuthor").map(str::to_owned).or_else(|| changeset.identity.author.clone());
            let file = part.child_text("changeSetPath").map_or_else(|| changeset.identity.path.clone(), str::to_owned);
            for other in part.children.iter().filter(|c| !elements::has(elements::ROLLBACK_REFERENCE, &c.name)) {
                let message = format!("'{}' is ignored in a rollback that refers to another changeset", other.name);
                self.problems.push(Diagnostic::warning(IGNORED_ELEMENT, message).at(other.name_span));
            }
            return self.referenced(&Identity { path: file, id, author }, part, changeset, list);
        }
        for child in &part.children {
            list.extend(self.change(child, state));
        }
        for value in &part.values {
            // The text is split at semicolons and its comments are dropped; each piece is a `sql` change.
            let lexis = self.options.lexis;
            let options = SplitOptions { strip_comments: true, split_statements: true, lexis, ..SplitOptions::default() };
            for piece in splitter::split(&value.text, &options) {
                let node = Node::leaf("sql", piece.text, value.span);
                list.extend(self.change(&node, state));
            }
        }
    }

    /// The forward changes of another changeset.
    fn referenced(&mut self, identity: &Identity, part: &Node, changeset: &ChangeSet, list: &mut Vec<Located<Change>>) {
        if identity.id == changeset.identity.id && identity.author == changeset.identity.author && identity.path == changeset.identity.path
        {
            return list.extend(changeset.changes.iter().cloned());
        }
        let wanted = path::normalise(&identity.path);
        let found = self.by_identity.get(&identity.to_string()).cloned().or_else(|| {
            let is_meant = |c: &ChangeSet| {
                c.identity.id == identity.id && c.identity.author == identity.author && path::normalise(&c.identity.path) == wanted
            };
            // Of several paths that come down to one, always the same counts.
            let meant = self.by_identity.iter().filter(|(_, list)| list.first().is_some_and(|c| is_meant(c)));
            meant.min_by_key(|(identity, _)| *identity).map(|(_, list)| list.clone())
        });
        match found {
            Some(found) => list.extend(found.iter().flat_map(|c| c.changes.iter().cloned())),
            None => {
                let message = format!("Change set {identity} does not exist");
                let problem = Diagnostic::error(UNKNOWN_CHANGESET, message).at(part.span);
                self.problems.push(
                    problem.hint("a rollback can refer to changesets that stand before it; give changeSetPath for those of other files"),
                );
            }
        }
    }
}
