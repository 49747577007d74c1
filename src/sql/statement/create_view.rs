//! CREATE VIEW.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, sql};
use crate::sql::forms::Remarks;
use crate::sql::words::Words;
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
            (true, true) => replacing(&self.text, "OR REPLACE").ok_or_else(|| RenderError::invalid(NO_CREATE))?,
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

/// Why a whole definition cannot be made to replace a view.
const NO_CREATE: &str = "the whole definition of a view that is replaced must begin with CREATE";

/// A whole definition that begins with CREATE, made to replace by these words; one that already says so stays. Comments may
/// stand before it. `None` when it does not begin so.
pub(super) fn replacing(text: &str, words: &str) -> Option<String> {
    let (comments, definition) = behind_comments(text);
    let rest = behind_words(definition, &["create"])?;
    Some(if behind_words(rest, &["or"]).is_none() { format!("{comments}CREATE {words} {rest}") } else { text.to_owned() })
}

/// A whole definition that begins with CREATE OR REPLACE, made to create only.
pub fn not_replacing(text: &str) -> String {
    let (comments, definition) = behind_comments(text);
    let rest = behind_words(definition, &["create", "or", "replace"]);
    rest.map_or_else(|| text.to_owned(), |rest| format!("{comments}CREATE {rest}"))
}

/// The comments and blanks that a text begins with, and what is behind them.
pub fn behind_comments(text: &str) -> (&str, &str) {
    text.split_at_checked(Words::new(text).blank_end()).unwrap_or((text, ""))
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
        let replaced = |text| replacing(text, "OR REPLACE");
        assert_eq!(replaced("create view v as select 1").as_deref(), Some("CREATE OR REPLACE view v as select 1"));
        assert_eq!(replaced("CREATE\n OR REPLACE view v").as_deref(), Some("CREATE\n OR REPLACE view v"));
        assert_eq!(replaced("create ordered view v").as_deref(), Some("CREATE OR REPLACE ordered view v"));
        assert_eq!(replaced("-- no start"), None);
        assert_eq!(replaced("-- c\ncreate view v").as_deref(), Some("-- c\nCREATE OR REPLACE view v"));
        assert_eq!(not_replacing("/* c */ create or replace view v"), "/* c */ CREATE view v");
        assert_eq!(not_replacing("create or replace view v"), "CREATE view v");
        assert_eq!(not_replacing("create view v"), "create view v");
    }
}
