//! Procedures, functions, packages and triggers: their text is the changelog's and is sent as one statement.

use super::action::Sql;
use super::target::Target;
use super::words::Words;

impl Target {
    /// The text as one statement, without what ends it in scripts, its object in the schema that is given for it or for
    /// all of its kind. `kinds` are the words for what it makes.
    pub fn stored_code(&self, text: &str, schema: Option<&str>, kinds: &[&str]) -> Sql {
        let text = text.trim();
        let end = self.dialect.procedure_end;
        let text = text.strip_suffix(end).unwrap_or(text).trim_end();
        let schema = schema.or(self.stored_logic_schema.as_deref()).filter(|_| self.use_procedure_schema);
        let text = schema.map_or_else(|| text.to_owned(), |schema| in_schema(text, &self.space_name(schema), kinds));
        Sql { text, end_delimiter: (end != ";").then(|| end.to_owned()), parameters: Vec::new() }
    }
}

/// Words that may not stand between CREATE and the kind of object: what is made is something else.
const OTHERS: &[&str] = &["EVENT", "FUNCTION", "PACKAGE", "PROC", "PROCEDURE", "TABLE", "TRIGGER", "TYPE", "VIEW"];

/// The text with the object's name in a schema, in place of the one that it is written with; `kinds` are the words for
/// what is made. A text that makes anything else stays as it is.
fn in_schema(text: &str, schema: &str, kinds: &[&str]) -> String {
    let mut words = Words::new(text);
    while let Some(word) = words.word() {
        if kinds.iter().any(|kind| word.eq_ignore_ascii_case(kind)) {
            words.skip_words(&["BODY"]);
            words.skip_words(&["IF", "NOT", "EXISTS"]);
            let start = words.blank_end();
            let parts = words.name();
            // The last part is the name; what stands before the schema, a database, stays.
            let Some((last, before)) = parts.split_last() else { break };
            let database = if before.len() > 1 { before.first().map(|d| format!("{d}.")).unwrap_or_default() } else { String::new() };
            let (head, tail) = (text.get(..start).unwrap_or(""), words.rest());
            return format!("{head}{database}{schema}.{last}{tail}");
        }
        if OTHERS.iter().any(|o| word.eq_ignore_ascii_case(o)) || word == "(" || word == ";" {
            break;
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROCEDURE: &[&str] = &["PROCEDURE", "PROC"];

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
            assert_eq!(in_schema(text, "app", PROCEDURE), expected, "{text}");
        }
    }

    #[test]
    fn other_objects_are_put_in_their_schema_by_their_own_word() {
        assert_eq!(
            in_schema("create or replace package body old.p as x", "app", &["PACKAGE"]),
            "create or replace package body app.p as x"
        );
        assert_eq!(in_schema("CREATE FUNCTION f()", "app", &["FUNCTION"]), "CREATE FUNCTION app.f()");
        assert_eq!(in_schema("CREATE PROCEDURE f() FUNCTION g", "app", &["FUNCTION"]), "CREATE PROCEDURE f() FUNCTION g");
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in r#"(create )?(procedure )?[-a-z"`\[\]/*. \né(;]{0,30}"#) {
            in_schema(&text, "app", PROCEDURE);
        }
    }
}
