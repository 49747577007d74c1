//! Slips of the pen in directives. Liquibase passes over them without a word, and so a changeset runs otherwise than it
//! says (changelog-formats §5: keys are looked for anywhere in a line, and a line that is no directive is SQL text).

use super::identity;
use super::line::{is_word, lines, skip_blanks, split_word, unquote};
use crate::diagnostic::{DOUBTFUL_VALUE, Diagnostic, closest};
use crate::span::{FileId, Span};

/// The attributes that a directive takes, each written `key:value`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keys {
    /// What the directive is called in messages.
    pub(super) directive: &'static str,
    /// All keys.
    known: &'static [&'static str],
    /// Those whose values may be in quotes, and else end at the first blank.
    quoted: &'static [&'static str],
    /// Those whose values may stand behind blanks, end at the first blank, and cannot be in quotes.
    words: &'static [&'static str],
}

/// Those of `--changeset`.
pub(super) const CHANGESET: Keys = Keys {
    directive: "changeset",
    known: &[
        "stripComments",
        "splitStatements",
        "rollbackSplitStatements",
        "endDelimiter",
        "rollbackEndDelimiter",
        "runOnChange",
        "runAlways",
        "runInTransaction",
        "failOnError",
        "context",
        "contextFilter",
        "labels",
        "dbms",
        "ignore",
        "logicalFilePath",
        "runWith",
        REST_OF_LINE,
    ],
    quoted: &["context", "contextFilter", "labels"],
    words: &["dbms", "logicalFilePath"],
};

/// Those of `--property`.
pub(super) const PROPERTY: Keys = Keys {
    directive: "property",
    known: &["name", "value", "context", "contextFilter", "labels", "dbms", "global"],
    quoted: &["context", "contextFilter", "labels"],
    words: &["name", "value", "dbms"],
};

/// Those of `--preconditions`.
pub(super) const PRECONDITIONS: Keys = Keys {
    directive: "preconditions",
    known: &["onFail", "onError", "onSqlOutput", "onUpdateSQL", "onFailMessage", "onErrorMessage"],
    quoted: &["onFailMessage", "onErrorMessage"],
    words: &[],
};

/// The key whose value is the rest of the line.
const REST_OF_LINE: &str = "runWithSpoolFile";

/// A piece of a line that does not do what it seems to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip<'a> {
    /// The piece.
    pub(super) text: &'a str,
    /// What becomes of it.
    pub(super) message: String,
    /// What to write.
    pub(super) hint: Option<String>,
}

/// What of `text`, the attributes of a directive, is no attribute, or a part of a value that is not read.
///
/// Words that follow no attribute are remarks, and so is what begins with a parenthesis: `(generated)`.
pub(super) fn attributes<'a>(keys: &Keys, text: &'a str) -> Vec<Slip<'a>> {
    let is = |list: &[&str], key: &str| list.iter().any(|k| k.eq_ignore_ascii_case(key));
    let mut out = Vec::new();
    // The attribute that the next word may be a lost part of, and whether a value of it was read.
    let mut before: Option<(&str, bool)> = None;
    let mut rest = text;
    while let Some(token) = token(&mut rest) {
        let (key, value) = match token.find([':', '=']).and_then(|at| token.split_at_checked(at)) {
            Some((key, value)) if is_key(key) && !value.starts_with("://") => (key, value),
            _ => {
                if let Some((key, read)) = before.take().filter(|_| !token.starts_with('(')) {
                    out.push(lost(keys, key, read, token));
                }
                continue;
            }
        };
        let written = value.get(1..).unwrap_or_default();
        let near = || closest(key, keys.known.iter().copied());
        if value.starts_with('=') {
            if let Some(near) = near() {
                let hint = format!("write `{near}:{written}`");
                out.push(Slip { text: token, message: format!("'{token}' is ignored: it has no colon"), hint: Some(hint) });
            }
            before = None;
        } else if is(keys.known, key) {
            if key.eq_ignore_ascii_case(REST_OF_LINE) {
                break;
            }
            let open = is(keys.quoted, key) && written.starts_with('"') && unquote(written).len() == written.len();
            if open {
                let message = format!("the quote of '{key}' is not closed: its value ends at the first blank");
                out.push(Slip { text: token, message, hint: None });
            }
            let misread = written.is_empty() || !open && (is(keys.quoted, key) || is(keys.words, key));
            let blank_may_follow = written.is_empty() && is(keys.words, key) && keys.directive == PROPERTY.directive && key != "dbms";
            before = if blank_may_follow { None } else { misread.then_some((key, !written.is_empty())) };
            if blank_may_follow {
                // The next word is the value.
                self::token(&mut rest);
                before = Some((key, true));
            }
        } else {
            let tail = keys.known.iter().find(|k| key.to_ascii_lowercase().ends_with(&k.to_ascii_lowercase()));
            out.push(match tail {
                Some(tail) => Slip {
                    text: key,
                    message: format!("'{key}' is read as '{tail}': the end of a word counts"),
                    hint: Some(format!("write `{tail}`")),
                },
                None => Slip {
                    text: key,
                    message: format!("'{}' has no attribute '{key}'; it is ignored", keys.directive),
                    hint: near().map(|near| format!("did you mean `{near}`?")),
                },
            });
            before = None;
        }
    }
    out
}

/// A word behind an attribute, which looks like a part of its value.
fn lost<'a>(keys: &Keys, key: &str, read: bool, token: &'a str) -> Slip<'a> {
    let message = format!("'{token}' does not belong to the value of '{key}'; it is ignored");
    let hint = if !read {
        format!("write the value right behind the colon, without a blank: `{key}:{token}`")
    } else if keys.quoted.iter().any(|k| k.eq_ignore_ascii_case(key)) {
        format!("put a value with blanks in quotes: `{key}:\"…\"`")
    } else {
        format!("a value of '{key}' ends at the first blank")
    };
    Slip { text: token, message, hint: Some(hint) }
}

/// Whether a text can be a key.
fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_word)
}

/// Takes the next word off a line; a quoted value is a part of its word.
fn token<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let text = skip_blanks(rest);
    if text.is_empty() {
        return None;
    }
    let mut end = text.find(char::is_whitespace).unwrap_or(text.len());
    for quote in ['"', '\''] {
        let opened =
            text.find(&[':', quote] as &[char]).filter(|at| *at < end && text.get(*at + 1..).is_some_and(|r| r.starts_with(quote)));
        if let Some(closed) = opened.and_then(|at| Some(at + 2 + text.get(at + 2..)?.find(quote)?)) {
            end = closed + 1;
            break;
        }
    }
    let (token, tail) = text.split_at_checked(end)?;
    *rest = tail;
    Some(token)
}

/// A comment that looks like a directive and is none.
pub(super) fn directive(line: &str) -> Option<Slip<'_>> {
    let text = skip_blanks(line);
    let behind = text.strip_prefix("--")?;
    let start = skip_blanks(behind);
    let end = start.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(start.len());
    let (word, rest) = start.split_at_checked(end)?;
    // Prose has a blank behind the dashes.
    let tight = start.len() == behind.len();
    let filled = !rest.trim().is_empty();
    let near = |name: &str| strsim::damerau_levenshtein(&word.to_ascii_lowercase(), &name.to_ascii_lowercase());
    let slips = [
        ("changeset", identity(rest).is_some()),
        ("property", rest.contains("name:")),
        ("preconditions", rest.contains(':')),
        ("precondition-sql-check", filled),
        ("precondition-table-exists", filled),
        ("precondition-view-exists", filled),
        ("rollback", tight && filled),
        ("comment", tight && filled),
        ("validCheckSum", filled),
        ("ignoreLines", rest.starts_with(':')),
    ];
    // Where `--comment` is indented, or has no text, it says as much to a reader.
    let slip = |name: &str| match near(name) {
        0 => name != "comment",
        distance => distance == 1,
    };
    let (name, _) = slips.into_iter().find(|(name, fits)| *fits && slip(name))?;
    let written = text.get(..text.len() - rest.len())?;
    let (message, hint) = if near(name) == 0 {
        (format!("'{written}' is a comment here, and no directive"), format!("it begins the line, and a blank follows: `--{name} …`"))
    } else {
        (format!("'{written}' is a comment, and no directive"), format!("did you mean `--{name}`?"))
    };
    Some(Slip { text: written, message, hint: Some(hint) })
}

/// The problem of a plain SQL file that has directives: they are comments in it.
pub fn not_formatted(file: FileId, text: &str) -> Option<Diagnostic> {
    let line = lines(text).find(|l| formatted_look(l))?;
    let at = line.as_ptr() as usize - text.as_ptr() as usize;
    let message = "this is a comment: the file is plain SQL, which runs as one changeset `raw`, since its first line is not the header of formatted SQL";
    let hint = "begin the file with `--liquibase formatted sql`";
    Some(Diagnostic::warning(DOUBTFUL_VALUE, message).at(Span::new(file, at, at + line.len())).hint(hint))
}

/// Whether a line of a plain SQL file says that the file is formatted SQL, which only the first line can.
fn formatted_look(line: &str) -> bool {
    let Some(text) = skip_blanks(line).strip_prefix("--").map(skip_blanks) else { return false };
    let Some((word, rest)) = split_word(text) else { return false };
    let near = |name: &str| strsim::damerau_levenshtein(&word.to_ascii_lowercase(), name) <= 1;
    // A script that update-sql wrote has `-- Changeset path::id::author`.
    near("liquibase") && rest.to_ascii_lowercase().contains("sql")
        || word.eq_ignore_ascii_case("changeset") && identity(rest).is_some() && !rest.contains("::")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(keys: &Keys, text: &str) -> Vec<(String, Option<String>)> {
        attributes(keys, text).into_iter().map(|s| (s.message, s.hint)).collect()
    }

    #[test]
    fn what_is_written_well_is_not_told() {
        for text in [
            "",
            " (generated)",
            " runOnChange:true LABELS:\"a, b\" context:\"x and !y\" dbms:postgresql,h2 (see http://x.y:80/z, 12:30)",
            " endDelimiter:\\n/ rollbackEndDelimiter:; rollbackSplitStatements:false",
            " contextFilter:\"\" context: runWithSpoolFile:a b c:d",
            " runAlways:true each time",
        ] {
            assert_eq!(told(&CHANGESET, text), [], "{text}");
        }
        assert_eq!(told(&PROPERTY, " name: x value: http://y?a=b dbms:h2"), []);
        assert_eq!(told(&PRECONDITIONS, " onFail:HALT onFailMessage:'a b: c' onErrorMessage:\"d e\""), []);
    }

    #[test]
    fn what_is_passed_over_is_told() {
        let message = |keys: &Keys, text: &str| told(keys, text).into_iter().map(|(m, _)| m).collect::<Vec<_>>();
        assert_eq!(
            told(&CHANGESET, " runOnChang:true foo:1"),
            [
                ("'changeset' has no attribute 'runOnChang'; it is ignored".to_owned(), Some("did you mean `runOnChange`?".to_owned())),
                ("'changeset' has no attribute 'foo'; it is ignored".to_owned(), None),
            ]
        );
        assert_eq!(
            told(&CHANGESET, " runOnChange: true"),
            [(
                "'true' does not belong to the value of 'runOnChange'; it is ignored".to_owned(),
                Some("write the value right behind the colon, without a blank: `runOnChange:true`".to_owned())
            )]
        );
        assert_eq!(message(&CHANGESET, " context:a and b"), ["'and' does not belong to the value of 'context'; it is ignored"]);
        assert_eq!(message(&CHANGESET, " labels:\"a b"), ["the quote of 'labels' is not closed: its value ends at the first blank"]);
        assert_eq!(message(&CHANGESET, " dbms:h2, mysql"), ["'mysql' does not belong to the value of 'dbms'; it is ignored"]);
        assert_eq!(message(&CHANGESET, " runAlways=true"), ["'runAlways=true' is ignored: it has no colon"]);
        assert_eq!(message(&CHANGESET, " norunAlways:true"), ["'norunAlways' is read as 'runAlways': the end of a word counts"]);
        assert_eq!(message(&PROPERTY, " name:x value: a b"), ["'b' does not belong to the value of 'value'; it is ignored"]);
        assert_eq!(message(&PRECONDITIONS, " onFial:HALT"), ["'preconditions' has no attribute 'onFial'; it is ignored"]);
    }

    #[test]
    fn comments_that_look_like_directives() {
        let hint = |line| directive(line).and_then(|slip| slip.hint);
        for (line, name) in [
            ("--changset ann:2", "changeset"),
            ("  -- chagneset ann:2 runOnChange:true", "changeset"),
            ("--rolback drop table x", "rollback"),
            ("--precondition onFail:HALT", "preconditions"),
            ("--precondition-sql-chek expectedResult:0 select 1", "precondition-sql-check"),
            ("--validCheckSums: 1:any", "validCheckSum"),
            ("--proprty name:a value:b", "property"),
            ("--ignoreLine:2", "ignoreLines"),
        ] {
            assert_eq!(hint(line), Some(format!("did you mean `--{name}`?")), "{line}");
        }
        assert_eq!(hint("--validCheckSum:any").as_deref(), Some("it begins the line, and a blank follows: `--validCheckSum …`"));
        for line in
            ["-- rollbacks happen", "-- changesets of old", "--", "-- a properly named thing", "select 1", "--callback x", "-- commend"]
        {
            assert_eq!(directive(line), None, "{line}");
        }
    }

    #[test]
    fn plain_files_that_say_they_are_formatted() {
        for line in ["--liquibase formated sql", "-- liqubase formatted sql", "--changeset ann:1"] {
            assert!(formatted_look(line), "{line}");
        }
        for line in ["-- Changeset a.yaml::1::ann", "-- the liquibase formatted sql", "-- Liquibase version: 4.28.0", "select 1"] {
            assert!(!formatted_look(line), "{line}");
        }
    }
}
