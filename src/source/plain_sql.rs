//! A plain SQL file to the node tree (changelog-formats §6): one changeset with the whole text.

use super::ROOT;
use super::node::{Node, ScalarKind};
use crate::span::{FileId, Span};

/// Marker under `databaseChangeLog`: the changelog is a plain SQL file. Its changeset has the path of the file, never
/// a logical one, and properties are not expanded in it.
pub const PLAIN: &str = "#plainSql";

/// Reads a plain SQL file: a changeset `raw` by `includeAll` with one `sql` change that is neither split nor
/// stripped of comments.
pub fn read(file: FileId, text: &str) -> Node {
    let all = Span::new(file, 0, text.len());
    let mut changeset = Node::new("changeSet", all);
    changeset.children.push(Node::leaf("id", "raw", all));
    changeset.children.push(Node::leaf("author", "includeAll", all));
    changeset.children.push(Node::leaf("objectQuotingStrategy", "LEGACY", all));
    let mut sql = Node::new("sql", all);
    for name in ["splitStatements", "stripComments"] {
        let mut flag = Node::leaf(name, "false", all);
        flag.values.iter_mut().for_each(|v| v.kind = ScalarKind::Bool);
        sql.children.push(flag);
    }
    sql.children.push(Node::leaf("sql", text.trim_matches(|c| c <= ' '), all));
    changeset.children.push(sql);
    let mut root = Node::new(ROOT, all);
    root.children = vec![Node::new(PLAIN, all), changeset];
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_file_is_one_changeset() {
        let root = read(FileId(0), "select 1;\nselect 2; -- x\n");
        let changeset = root.child("changeSet").unwrap();
        assert_eq!(changeset.child_text("id"), Some("raw"));
        assert_eq!(changeset.child_text("author"), Some("includeAll"));
        let sql = changeset.child("sql").unwrap();
        assert_eq!(sql.child_text("sql"), Some("select 1;\nselect 2; -- x"));
        assert_eq!(sql.child_text("splitStatements"), Some("false"));
        assert_eq!(sql.child_text("stripComments"), Some("false"));
        assert!(root.child(PLAIN).is_some());
    }
}
