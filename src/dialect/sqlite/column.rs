//! The parts of one column's definition, with their places.

use super::lexer::{Kind, Token, significant};
use std::ops::Range;

/// What a constraint of a column says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Says {
    /// PRIMARY KEY.
    PrimaryKey {
        /// Whether it counts up without using a number twice.
        autoincrement: bool,
    },
    /// NOT NULL.
    NotNull,
    /// UNIQUE.
    Unique,
    /// CHECK; where its condition stands.
    Check(Range<usize>),
    /// DEFAULT; where its value stands.
    Default(Range<usize>),
    /// REFERENCES.
    References,
    /// A computed column; where its expression stands.
    Generated {
        /// The expression.
        expression: Range<usize>,
        /// Whether the value is kept.
        stored: bool,
    },
    /// NULL, COLLATE, and what is not known.
    Other,
}

/// A constraint of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    /// What it says.
    pub(super) says: Says,
    /// Where it stands, its name included.
    pub(super) place: Range<usize>,
    /// Where the part behind its name begins.
    pub(super) body: usize,
}

/// A column's definition, as places in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    /// The column's name, without quotes.
    pub(super) name: String,
    /// The name as it is written, as an identifier.
    pub(super) written: String,
    /// Where the name ends.
    pub(super) name_end: usize,
    /// Where the type stands; empty when there is none.
    pub(super) type_place: Range<usize>,
    /// The constraints in order.
    pub(super) clauses: Vec<Clause>,
}

/// Words that begin a constraint of a column.
const STARTS: &[&str] =
    &["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "AS", "DEFERRABLE"];

struct Cursor<'a, 't> {
    tokens: &'a [Token<'t>],
    at: usize,
}

impl<'t> Cursor<'_, 't> {
    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Token<'t>> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    /// Where the last token taken ends.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(0, Token::end)
    }

    fn take(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_some_and(|t| t.is(keyword));
        self.at += usize::from(found);
        found
    }

    fn is_generated(&self) -> bool {
        self.peek().is_some_and(|t| t.is("GENERATED")) && self.tokens.get(self.at + 1).is_some_and(|t| t.is("ALWAYS"))
    }

    /// What stands in parentheses, without them; they are taken.
    fn group(&mut self) -> Option<Range<usize>> {
        let open = self.peek().filter(|t| t.is_symbol('('))?;
        let mut depth = 0usize;
        while let Some(token) = self.next() {
            if token.is_symbol('(') {
                depth += 1;
            } else if token.is_symbol(')') {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(open.end()..token.at);
                }
            }
        }
        None
    }

    /// `ON CONFLICT …`.
    fn conflict(&mut self) {
        if self.peek().is_some_and(|t| t.is("ON")) && self.tokens.get(self.at + 1).is_some_and(|t| t.is("CONFLICT")) {
            self.at += 3;
        }
    }
}

impl Parts {
    /// Reads a column's definition; `None` when it is none that SQLite would take.
    pub(super) fn read(text: &str) -> Option<Parts> {
        let tokens = significant(text);
        let mut cursor = Cursor { tokens: &tokens, at: 0 };
        let name = cursor.next()?;
        // A text may stand for a name in a definition only.
        let written = match name.kind {
            Kind::Text => format!("\"{}\"", name.name()?.replace('"', "\"\"")),
            _ => name.text.to_owned(),
        };
        let type_start = cursor.peek().map_or(name.end(), |t| t.at);
        let mut type_end = type_start;
        while let Some(token) = cursor.peek() {
            let is_name = matches!(token.kind, Kind::Word | Kind::Quoted | Kind::Text);
            if !is_name || token.is_one_of(STARTS) || cursor.is_generated() {
                break;
            }
            cursor.at += 1;
            type_end = cursor.end();
        }
        if type_end > type_start && cursor.group().is_some() {
            type_end = cursor.end();
        }
        let mut clauses = Vec::new();
        while cursor.peek().is_some() {
            clauses.push(clause(&mut cursor)?);
        }
        Some(Parts { name: name.name()?.into_owned(), written, name_end: name.end(), type_place: type_start..type_end, clauses })
    }

    /// The first constraint of that kind.
    pub(super) fn find(&self, test: impl Fn(&Says) -> bool) -> Option<&Clause> {
        self.clauses.iter().find(|c| test(&c.says))
    }

    /// Whether the column is computed.
    pub(super) fn is_generated(&self) -> bool {
        self.find(|s| matches!(s, Says::Generated { .. })).is_some()
    }
}

fn clause(cursor: &mut Cursor<'_, '_>) -> Option<Clause> {
    let start = cursor.peek()?.at;
    if cursor.take("CONSTRAINT") {
        cursor.next()?.name()?;
    }
    let body = cursor.peek().map_or(cursor.end(), |t| t.at);
    let says = says(cursor)?;
    Some(Clause { says, place: start..cursor.end(), body })
}

fn says(cursor: &mut Cursor<'_, '_>) -> Option<Says> {
    // A constraint may be a name alone.
    let Some(first) = cursor.peek() else { return Some(Says::Other) };
    if cursor.is_generated() {
        cursor.at += 2;
        return cursor.take("AS").then(|| generated(cursor))?;
    }
    cursor.at += 1;
    Some(match first.text.to_ascii_uppercase().as_str() {
        _ if first.kind != Kind::Word => return None,
        "CONSTRAINT" => {
            // The name before it stood alone.
            cursor.at -= 1;
            Says::Other
        }
        "PRIMARY" => {
            cursor.take("KEY").then_some(())?;
            let _ = cursor.take("ASC") || cursor.take("DESC");
            cursor.conflict();
            Says::PrimaryKey { autoincrement: cursor.take("AUTOINCREMENT") }
        }
        "NOT" if cursor.take("NULL") => {
            cursor.conflict();
            Says::NotNull
        }
        "NULL" => {
            cursor.conflict();
            Says::Other
        }
        "UNIQUE" => {
            cursor.conflict();
            Says::Unique
        }
        "CHECK" => {
            let condition = cursor.group()?;
            cursor.conflict();
            Says::Check(condition)
        }
        "DEFAULT" => {
            let start = cursor.peek()?.at;
            if cursor.group().is_none() {
                let _signed = cursor.peek().is_some_and(|t| t.is_symbol('-') || t.is_symbol('+')).then(|| cursor.next());
                cursor.next()?;
            }
            Says::Default(start..cursor.end())
        }
        "COLLATE" => {
            cursor.next()?;
            Says::Other
        }
        "REFERENCES" => {
            references(cursor)?;
            Says::References
        }
        "AS" => return generated(cursor),
        "NOT" | "DEFERRABLE" => {
            cursor.at -= 1;
            deferral(cursor).then_some(Says::Other)?
        }
        _ => return None,
    })
}

fn generated(cursor: &mut Cursor<'_, '_>) -> Option<Says> {
    let expression = cursor.group()?;
    let stored = cursor.take("STORED");
    if !stored {
        cursor.take("VIRTUAL");
    }
    Some(Says::Generated { expression, stored })
}

/// What follows REFERENCES: the table, its columns, and what is done; `SET NULL` and `SET DEFAULT` are no
/// constraints of their own.
fn references(cursor: &mut Cursor<'_, '_>) -> Option<()> {
    cursor.next()?.name()?;
    cursor.group();
    loop {
        if cursor.take("ON") {
            cursor.next()?;
            let _two_words = cursor.take("SET") || cursor.take("NO");
            cursor.next()?;
        } else if cursor.take("MATCH") {
            cursor.next()?;
        } else if !deferral(cursor) {
            return Some(());
        }
    }
}

/// `[NOT] DEFERRABLE [INITIALLY …]`.
fn deferral(cursor: &mut Cursor<'_, '_>) -> bool {
    let start = cursor.at;
    cursor.take("NOT");
    if !cursor.take("DEFERRABLE") {
        cursor.at = start;
        return false;
    }
    if cursor.take("INITIALLY") {
        cursor.next();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<String> {
        let parts = Parts::read(text).unwrap();
        parts.clauses.iter().map(|c| text[c.place.clone()].to_owned()).collect()
    }

    #[test]
    fn constraints_are_told_apart() {
        let text = "[my id] UNSIGNED BIG INT(10, 2) CONSTRAINT pk PRIMARY KEY DESC ON CONFLICT FAIL NOT NULL DEFAULT -1 \
                    COLLATE nocase UNIQUE CHECK (a > ')') REFERENCES o (x) ON DELETE SET NULL ON UPDATE SET DEFAULT NOT DEFERRABLE INITIALLY DEFERRED";
        let parts = Parts::read(text).unwrap();
        assert_eq!(parts.name, "my id");
        assert_eq!(&text[parts.type_place.clone()], "UNSIGNED BIG INT(10, 2)");
        assert_eq!(
            kinds(text),
            [
                "CONSTRAINT pk PRIMARY KEY DESC ON CONFLICT FAIL",
                "NOT NULL",
                "DEFAULT -1",
                "COLLATE nocase",
                "UNIQUE",
                "CHECK (a > ')')",
                "REFERENCES o (x) ON DELETE SET NULL ON UPDATE SET DEFAULT NOT DEFERRABLE INITIALLY DEFERRED",
            ]
        );
    }

    #[test]
    fn defaults_and_computed_columns() {
        assert_eq!(kinds("a DEFAULT NULL NOT NULL"), ["DEFAULT NULL", "NOT NULL"]);
        assert_eq!(kinds("a TEXT DEFAULT (lower('X') || ')') NULL"), ["DEFAULT (lower('X') || ')')", "NULL"]);
        assert_eq!(kinds("a DEFAULT x'00'"), ["DEFAULT x'00'"]);
        assert_eq!(kinds("a INT GENERATED ALWAYS AS (b * 2) STORED NOT NULL"), ["GENERATED ALWAYS AS (b * 2) STORED", "NOT NULL"]);
        assert_eq!(kinds("'a' AS (b * 2)"), ["AS (b * 2)"]);
        let parts = Parts::read("'a' AS (b)").unwrap();
        assert!(parts.is_generated() && parts.type_place.is_empty() && parts.written == "\"a\"");
        assert_eq!(Parts::read("a INT PRIMARY"), None);
        assert_eq!(Parts::read("a INT, b"), None);
    }

    #[test]
    fn a_column_without_anything() {
        let parts = Parts::read(" a /* nothing */ ").unwrap();
        assert!(parts.clauses.is_empty() && parts.type_place.is_empty());
    }
}
