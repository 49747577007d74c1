//! CREATE VIEW.

use super::StatementType;
use crate::sql::action::{Rendered, sql};
use crate::sql::forms::Remarks;
use crate::sql::{ObjectName, Target};

/// Makes a view.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateView {
    /// The view.
    pub view: ObjectName,
    /// Its query, or its whole definition.
    pub text: String,
    /// Whether the text is the whole definition.
    pub full_definition: bool,
    /// Whether an existing view is replaced.
    pub replace: bool,
    /// Its remarks, as [`said`](crate::sql::column_clauses::said) has them.
    pub remarks: Option<String>,
}

impl StatementType for CreateView {
    fn render(&self, target: &Target) -> Rendered {
        let view = target.qualified(&self.view);
        let in_place = self.replace && target.caps.replaces_views && !target.always_drop_instead_of_replace;
        let mut statements = Vec::new();
        if self.replace && !in_place {
            statements.push(format!("DROP VIEW IF EXISTS {view}"));
        }
        statements.push(match (self.full_definition, in_place) {
            (true, true) => replacing(&self.text, "OR REPLACE"),
            // The view is gone by now; the server may not know the words.
            (true, false) if self.replace => not_replacing(&self.text),
            (true, false) => self.text.clone(),
            (false, true) => format!("CREATE OR REPLACE VIEW {view} AS {}", self.text),
            (false, false) => format!("CREATE VIEW {view} AS {}", self.text),
        });
        if let (Some(remarks), Some(kind), Remarks::CommentOn) = (&self.remarks, target.caps.view_remarks, target.caps.remarks) {
            statements.push(format!("COMMENT ON {kind} {view} IS {}", target.string(remarks)));
        }
        sql(statements)
    }
}

/// A whole definition that begins with CREATE, made to replace by these words; one that already says so stays.
pub(super) fn replacing(text: &str, words: &str) -> String {
    match behind_words(text, &["create"]) {
        Some(rest) if behind_words(rest, &["or"]).is_none() => format!("CREATE {words} {rest}"),
        _ => text.to_owned(),
    }
}

/// A whole definition that begins with CREATE OR REPLACE, made to create only.
pub fn not_replacing(text: &str) -> String {
    behind_words(text, &["create", "or", "replace"]).map_or_else(|| text.to_owned(), |rest| format!("CREATE {rest}"))
}

/// What stands behind words that a text begins with, in any letter case.
fn behind_words<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().try_fold(text, |rest, word| {
        let (head, tail) = rest.split_at_checked(word.len())?;
        let is_word = head.eq_ignore_ascii_case(word) && tail.starts_with(char::is_whitespace);
        is_word.then(|| tail.trim_start())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_definitions_are_made_to_replace_or_not() {
        assert_eq!(replacing("create view v as select 1", "OR REPLACE"), "CREATE OR REPLACE view v as select 1");
        assert_eq!(replacing("CREATE\n OR REPLACE view v", "OR REPLACE"), "CREATE\n OR REPLACE view v");
        assert_eq!(replacing("create ordered view v", "OR REPLACE"), "CREATE OR REPLACE ordered view v");
        assert_eq!(replacing("-- no start", "OR REPLACE"), "-- no start");
        assert_eq!(not_replacing("create or replace view v"), "CREATE view v");
        assert_eq!(not_replacing("create view v"), "create view v");
    }
}
