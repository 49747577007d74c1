//! Comments in the bodies of routines that stand in dollar quotes.
//!
//! Such a body is code, though the lexical rules take it for a string. Liquibase, which knows no dollar quotes, strips its
//! comments with all others, and so do we: the server keeps a body as it is sent, and what a schema holds shall not depend on
//! who made it. A text in dollar quotes anywhere else is a value, and a body in another language has other comments; both
//! stay as they are, though Liquibase takes something out of them.

use super::lexis::{DollarQuotes, Lexis};
use super::liquibase;
use super::scanner::{Kind, Scanner, Token, dollar_tag};
use std::ops::Range;

/// The languages whose comments are SQL's.
const LANGUAGES: [&str; 2] = ["sql", "plpgsql"];

/// The text of a statement, or of several that are not split, without the comments in bodies of routines.
pub(super) fn without_comments(text: String, lexis: &Lexis) -> String {
    // The scan is for the few texts that can have such a body.
    if lexis.dollar_quotes == DollarQuotes::None || !text.contains('$') {
        return text;
    }
    let bodies = bodies(&text, lexis);
    if bodies.is_empty() {
        return text;
    }
    let mut stripped = String::with_capacity(text.len());
    let mut at = 0;
    for body in bodies {
        stripped.push_str(text.get(at..body.start).unwrap_or(""));
        stripped.push_str(&liquibase::without_comments(text.get(body.clone()).unwrap_or("")));
        at = body.end;
    }
    stripped.push_str(text.get(at..).unwrap_or(""));
    stripped
}

/// Where the bodies of routines stand, without their dollars.
fn bodies(text: &str, lexis: &Lexis) -> Vec<Range<usize>> {
    let tokens: Vec<Token<'_>> = Scanner::new(text, lexis).filter(Token::is_significant).collect();
    let mut found = Vec::new();
    for statement in tokens.split(|t| t.text == ";") {
        let texts = statement.iter().filter_map(|t| Some((t, dollar_tag(t.text).filter(|_| t.kind == Kind::Quoted)?)));
        if is_routine(statement) {
            found.extend(texts.map(|(token, tag)| token.start + tag.len()..token.end().saturating_sub(tag.len())));
        }
    }
    found
}

/// Whether a statement makes a routine in one of the languages.
fn is_routine(statement: &[Token<'_>]) -> bool {
    let head = statement.iter().take_while(|t| t.kind == Kind::Word).take(4);
    let mut words = head.map(|t| t.text.to_ascii_uppercase());
    let creates = words.next().is_some_and(|w| w == "CREATE") && words.any(|w| matches!(w.as_str(), "FUNCTION" | "PROCEDURE"));
    let is_in = |name: &Token<'_>| LANGUAGES.iter().any(|l| name.text.trim_matches(['\'', '"']).eq_ignore_ascii_case(l));
    creates && statement.windows(2).any(|pair| matches!(pair, [word, name] if word.is_word("LANGUAGE") && is_in(name)))
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres;
    use crate::sql::splitter::{SplitOptions, split};

    fn stripped(sql: &str, split_statements: bool, end_delimiter: Option<&str>) -> Vec<String> {
        let options = SplitOptions { strip_comments: true, split_statements, end_delimiter, lexis: Some(&postgres::DIALECT.lexis) };
        split(sql, &options).into_iter().map(|p| p.text).collect()
    }

    /// As PostgreSQL had them in `pg_proc` after Liquibase 4.28 had run these with `splitStatements:false`.
    #[test]
    fn comments_in_the_body_of_a_routine_go() {
        for language in ["plpgsql", "SQL", "'plpgsql'"] {
            let body = "\nBEGIN\n  -- don't\n  RETURN 1; -- one\n  /* a\n b */ RETURN '-- x';\nEND;\n";
            let kept = "\nBEGIN\n  \n  RETURN 1; \n   RETURN '-- x';\nEND;\n";
            let with =
                |body: &str, end: &str| format!("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE {language} AS $b${body}$b${end}");
            assert_eq!(stripped(&with(body, ";"), false, None), [with(kept, ";")]);
            assert_eq!(stripped(&with(body, "; select 1"), true, None), [with(kept, ""), "select 1".to_owned()]);
            assert_eq!(stripped(&with(body, "\n//\nselect 1"), true, Some("//")), [with(kept, ""), "select 1".to_owned()]);
            let behind = |body: &str| format!("create procedure p() as $${body}$$ language {language}");
            assert_eq!(stripped(&behind(body), true, None), [behind(kept)]);
        }
    }

    #[test]
    fn values_and_other_languages_keep_theirs() {
        for sql in [
            "insert into t values ($$ -- a value $$)",
            "create function f(x int) returns int as $$ return x --x $$ language plpython3u",
            "create table t (a text default $$--$$); comment on table t is $$ language sql -- $$",
        ] {
            assert_eq!(stripped(sql, false, None), [sql]);
        }
    }
}
