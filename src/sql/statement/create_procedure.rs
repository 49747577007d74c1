//! CREATE PROCEDURE, as the changelog writes it.

use super::StatementType;
use crate::sql::action::{Action, Rendered, Sql};
use crate::sql::{ObjectName, Target};

/// Makes a procedure from its text, sent as one statement.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateProcedure {
    /// Its schema, if given.
    pub schema: Option<String>,
    /// Its name, if given.
    pub name: Option<String>,
    /// Its text.
    pub text: String,
    /// Whether an existing one is replaced.
    pub replace: bool,
}

impl StatementType for CreateProcedure {
    fn render(&self, target: &Target) -> Rendered {
        let mut actions = Vec::new();
        if let (true, Some(name)) = (self.replace, &self.name) {
            let name = match &self.schema {
                Some(schema) => target.qualified(&ObjectName::new(None, Some(schema), name.as_str())),
                None => target.name(name),
            };
            actions.push(Action::Sql(Sql::new(format!("DROP PROCEDURE IF EXISTS {name}"))));
        }
        let text = self.text.trim();
        let end = target.dialect.procedure_end;
        let text = text.strip_suffix(end).unwrap_or(text).trim_end();
        let schema = self.schema.as_ref().or(target.stored_logic_schema.as_ref()).filter(|_| target.use_procedure_schema);
        let text = schema.map_or_else(|| text.to_owned(), |schema| in_schema(text, &target.space_name(schema)));
        let end_delimiter = (end != ";").then(|| end.to_owned());
        actions.push(Action::Sql(Sql { text, end_delimiter, parameters: Vec::new() }));
        Ok(actions)
    }
}

/// Words that may not stand between CREATE and PROCEDURE: what is made is something else.
const OTHERS: &[&str] = &["EVENT", "FUNCTION", "PACKAGE", "TABLE", "TRIGGER", "TYPE", "VIEW"];

/// The text with the procedure's name in a schema, in place of the one that it is written with; a text that makes
/// anything else stays as it is.
fn in_schema(text: &str, schema: &str) -> String {
    let mut words = Words { text, at: 0 };
    while let Some(word) = words.next() {
        if word.eq_ignore_ascii_case("PROCEDURE") || word.eq_ignore_ascii_case("PROC") {
            words.skip_if_not_exists();
            let start = words.blank_end();
            let parts = words.name();
            // The last part is the name; what stands before the schema, a database, stays.
            let Some((last, before)) = parts.split_last() else { break };
            let database = if before.len() > 1 { before.first().map(|d| format!("{d}.")).unwrap_or_default() } else { String::new() };
            let (head, tail) = (text.get(..start).unwrap_or(""), text.get(words.at..).unwrap_or(""));
            return format!("{head}{database}{schema}.{last}{tail}");
        }
        if OTHERS.iter().any(|o| word.eq_ignore_ascii_case(o)) || word == "(" || word == ";" {
            break;
        }
    }
    text.to_owned()
}

/// The words, quoted names and single characters of a text; blanks and comments are between them.
struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Where the blanks and comments from here on end.
    fn blank_end(&self) -> usize {
        let mut rest = self.rest();
        loop {
            let trimmed = rest.trim_start();
            let comment = if trimmed.starts_with("--") {
                Some(trimmed.find('\n').map_or(trimmed.len(), |n| n + 1))
            } else if trimmed.starts_with("/*") {
                Some(trimmed.find("*/").map_or(trimmed.len(), |n| n + 2))
            } else {
                None
            };
            match comment.and_then(|n| trimmed.get(n..)) {
                Some(behind) => rest = behind,
                None => return self.text.len() - trimmed.len(),
            }
        }
    }

    fn next(&mut self) -> Option<&'t str> {
        self.at = self.blank_end();
        let rest = self.rest();
        let first = rest.chars().next()?;
        let closing = match first {
            '"' | '`' => Some(first),
            '[' => Some(']'),
            _ => None,
        };
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
        let length = match closing.and_then(|c| rest.get(1..)?.find(c)) {
            Some(end) => end + 2,
            None if is_part(first) => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
            None => first.len_utf8(),
        };
        self.at += length;
        rest.get(..length)
    }

    /// Takes IF NOT EXISTS, if it stands here.
    fn skip_if_not_exists(&mut self) {
        let start = self.at;
        let there = ["IF", "NOT", "EXISTS"].iter().all(|w| self.next().is_some_and(|n| n.eq_ignore_ascii_case(w)));
        if !there {
            self.at = start;
        }
    }

    /// The parts of a name between dots.
    fn name(&mut self) -> Vec<&'t str> {
        let mut parts: Vec<&str> = self.next().into_iter().collect();
        while self.rest().starts_with('.') {
            self.at += 1;
            parts.extend(self.next());
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_procedure_is_put_in_its_schema() {
        for (text, expected) in [
            ("CREATE PROCEDURE p() BEGIN END", "CREATE PROCEDURE app.p() BEGIN END"),
            ("create or replace procedure  old.p as x", "create or replace procedure  app.p as x"),
            ("CREATE PROC p AS PROCEDURE", "CREATE PROC app.p AS PROCEDURE"),
            (
                "create /* procedure x */ procedure -- y\n [db].[old].[p q] as 1",
                "create /* procedure x */ procedure -- y\n [db].app.[p q] as 1",
            ),
            ("CREATE DEFINER=`a`@`%` PROCEDURE IF NOT EXISTS `p`()", "CREATE DEFINER=`a`@`%` PROCEDURE IF NOT EXISTS app.`p`()"),
            ("CREATE TRIGGER t EXECUTE PROCEDURE f()", "CREATE TRIGGER t EXECUTE PROCEDURE f()"),
            ("CREATE FUNCTION f() PROCEDURE", "CREATE FUNCTION f() PROCEDURE"),
            ("CREATE PROCEDURE", "CREATE PROCEDURE"),
            ("", ""),
        ] {
            assert_eq!(in_schema(text, "app"), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in r#"(create )?(procedure )?[-a-z"`\[\]/*. \né(;]{0,30}"#) {
            in_schema(&text, "app");
        }
    }
}
