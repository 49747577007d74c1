//! `--preconditions` and `--precondition-…` lines (changelog-formats §5.3).

use super::line::{Pair, after, expandable_word, last, message, split_expandable_word, word};

/// The options of a `--preconditions` line, as name and value; the error is a message.
pub(super) fn options(text: &str) -> Result<Vec<(&'static str, Pair<'_>)>, &'static str> {
    let mut found = Vec::new();
    for (name, key) in [("onFail", "onFail"), ("onError", "onError")] {
        found.extend(last(text, key, word).map(|pair| (name, pair)));
    }
    let output = last(text, "onSqlOutput", word);
    let update = last(text, "onUpdateSQL", word);
    if output.is_some() && update.is_some() {
        return Err("Please modify the changelog to have preconditions set with either 'onUpdateSql' or 'onSqlOutput', and not with both.");
    }
    found.extend(output.or(update).map(|pair| ("onSqlOutput", pair)));
    for name in ["onFailMessage", "onErrorMessage"] {
        found.extend(last(text, name, message).map(|pair| (name, pair)));
    }
    Ok(found)
}

/// A precondition of one line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Precondition<'a> {
    /// Its name in the tree.
    pub(super) name: &'static str,
    /// Its attributes.
    pub(super) attributes: Vec<(&'static str, &'a str)>,
}

/// Reads what follows `--precondition-`; the error is a message.
///
/// `None` stands for a line that is no precondition at all, which is SQL text.
pub(super) fn condition(text: &str) -> Option<Result<Precondition<'_>, String>> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(text.len());
    let (kind, rest) = text.split_at_checked(end)?;
    if kind.is_empty() {
        return None;
    }
    let body = match rest.strip_prefix(' ') {
        Some(body) => Some(body.trim_matches(|c| c <= ' ')),
        None if rest.is_empty() => None,
        None => return None,
    };
    let read = match kind {
        "sql-check" => match body {
            None => Err("Precondition sql check failed because of missing required expectedResult and sql parameters.".to_owned()),
            Some(body) => sql_check(body).ok_or_else(|| format!("Could not parse a SqlCheck precondition from '{body}'.")),
        },
        "table-exists" => match body {
            None => Err("Precondition table exists failed because of missing required table name parameter.".to_owned()),
            Some(body) => exists(body, "tableExists", "table", "tableName")
                .ok_or_else(|| "Table name was not specified correctly in tableExists precondition.".to_owned()),
        },
        "view-exists" => match body {
            None => Err("Precondition view exists failed because of missing required view name parameter.".to_owned()),
            Some(body) => exists(body, "viewExists", "view", "viewName")
                .ok_or_else(|| "View name was not specified correctly in viewExists precondition.".to_owned()),
        },
        other => Err(format!("The '{other}' precondition type is not supported.")),
    };
    Some(read)
}

/// `expectedResult:R SQL`: a word or a quoted text, one blank, the rest. The key may be left out.
fn sql_check(body: &str) -> Option<Precondition<'_>> {
    let split = |text| -> Option<(&str, &str)> {
        let quoted = |quote: char| -> Option<(&str, &str)> {
            let (inner, rest) = str::strip_prefix(text, quote)?.split_once(quote)?;
            if inner.is_empty() { None } else { Some((inner, rest)) }
        };
        let (expected, rest) = split_expandable_word(text).or_else(|| quoted('\'')).or_else(|| quoted('"'))?;
        Some((expected, rest.strip_prefix(' ')?))
    };
    let (expected, sql) = after(body, "expectedResult:").and_then(split).or_else(|| split(body))?;
    Some(Precondition { name: "sqlCheck", attributes: vec![("expectedResult", expected), ("sql", sql)] })
}

fn exists<'a>(body: &'a str, name: &'static str, key: &str, attribute: &'static str) -> Option<Precondition<'a>> {
    let mut attributes = vec![(attribute, last(body, key, expandable_word)?.value)];
    attributes.extend(last(body, "schema", expandable_word).map(|pair| ("schemaName", pair.value)));
    Some(Precondition { name, attributes })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Short<'a> = (&'static str, Vec<(&'static str, &'a str)>);

    fn read(text: &str) -> Result<Short<'_>, String> {
        condition(text).unwrap().map(|p| (p.name, p.attributes))
    }

    #[test]
    fn conditions_have_their_attributes() {
        let check = |e, s| Ok(("sqlCheck", vec![("expectedResult", e), ("sql", s)]));
        assert_eq!(read("sql-check expectedResult:0 select count(*) from t"), check("0", "select count(*) from t"));
        assert_eq!(read("sql-check 0 select 1"), check("0", "select 1"));
        assert_eq!(read("sql-check expectedResult:'a b' select 1"), check("a b", "select 1"));
        assert_eq!(read("sql-check \"a b\" select 1"), check("a b", "select 1"));
        assert_eq!(read("table-exists table:t schema:s"), Ok(("tableExists", vec![("tableName", "t"), ("schemaName", "s")])));
        assert_eq!(read("view-exists view:v"), Ok(("viewExists", vec![("viewName", "v")])));
        assert_eq!(read("sql-check expectedResult:1${n} select '${p}'"), check("1${n}", "select '${p}'"));
        assert_eq!(
            read("table-exists table:x${p}_y schema:${s}"),
            Ok(("tableExists", vec![("tableName", "x${p}_y"), ("schemaName", "${s}")]))
        );
        assert_eq!(condition("sql-check, x"), None);
    }

    #[test]
    fn wrong_conditions_are_told() {
        for (text, message) in [
            ("sql-check", "Precondition sql check failed because of missing required expectedResult and sql parameters."),
            ("table-exists", "Precondition table exists failed because of missing required table name parameter."),
            ("view-exists", "Precondition view exists failed because of missing required view name parameter."),
            ("column-exists x", "The 'column-exists' precondition type is not supported."),
            ("sql-check expectedResult:", "Could not parse a SqlCheck precondition from 'expectedResult:'."),
        ] {
            assert_eq!(read(text), Err(message.to_owned()));
        }
    }

    #[test]
    fn options_have_an_old_name() {
        let names = |text| options(text).map(|o| o.into_iter().map(|(n, p)| (n, p.value)).collect::<Vec<_>>());
        assert_eq!(
            names(" onFail:MARK_RAN onError:WARN onUpdateSQL:TEST onFailMessage:\"a b\""),
            Ok(vec![("onFail", "MARK_RAN"), ("onError", "WARN"), ("onSqlOutput", "TEST"), ("onFailMessage", "a b")])
        );
        assert!(names("onUpdateSQL:RUN onSqlOutput:RUN").is_err());
    }
}
