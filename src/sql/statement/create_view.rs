//! CREATE VIEW.

use super::StatementType;
use crate::sql::action::{Rendered, sql};
use crate::sql::dialect::Remarks;
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
    /// Its remarks.
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
            (true, true) => replacing(&self.text),
            (true, false) => self.text.clone(),
            (false, true) => format!("CREATE OR REPLACE VIEW {view} AS {}", self.text),
            (false, false) => format!("CREATE VIEW {view} AS {}", self.text),
        });
        if let (Some(remarks), Remarks::CommentOn) = (&self.remarks, target.caps.remarks) {
            statements.push(format!("COMMENT ON VIEW {view} IS {}", target.string(remarks)));
        }
        sql(statements)
    }
}

/// A whole definition that begins with CREATE, made to replace; one that already says so stays.
fn replacing(text: &str) -> String {
    let word = "create";
    let begins = text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let rest = if begins { text[word.len()..].trim_start() } else { "" };
    let says_so = rest.get(.."or ".len()).is_some_and(|head| head.eq_ignore_ascii_case("or "));
    if begins && !says_so { format!("CREATE OR REPLACE {rest}") } else { text.to_owned() }
}
