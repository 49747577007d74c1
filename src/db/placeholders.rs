//! `?` parameters: where they stand in a statement.

use super::{DbError, DbErrorKind, Value};

/// What a database takes for quoted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(all(feature = "mysql", feature = "postgres", feature = "sqlite")), allow(dead_code))]
pub(super) enum Quotes {
    /// `'…'`, `E'…'` with backslashes, `"…"`, `$tag$…$tag$`, nested `/* … */`.
    Postgres,
    /// `'…'`, `"…"`, `` `…` ``, `[…]`, `/* … */`.
    Sqlite,
    /// `'…'` and `"…"` with backslashes, `` `…` ``, `/* … */`, `# …`.
    MySql,
}

/// A piece of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text that stays as it is.
    Text(&'a str),
    /// A `?` for which a value is to be put.
    Parameter,
    /// A `??`, which stands for an operator `?`, as with the JDBC driver of PostgreSQL.
    QuestionMark,
}

/// The pieces of a statement: its parameters are each `?` outside quotes and comments.
#[derive(Debug, Clone)]
pub(super) struct Pieces<'a> {
    sql: &'a str,
    quotes: Quotes,
    /// Where the text begins that was not given yet.
    start: usize,
    /// How far it was looked at.
    at: usize,
    /// What stands behind the text that was given.
    next: Option<Piece<'a>>,
}

/// The pieces of a statement.
pub(super) fn pieces(sql: &str, quotes: Quotes) -> Pieces<'_> {
    Pieces { sql, quotes, start: 0, at: 0, next: None }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if let Some(piece) = self.next.take() {
            return Some(piece);
        }
        let Pieces { sql, quotes, .. } = *self;
        while let Some(rest) = sql.get(self.at..).filter(|rest| !rest.is_empty()) {
            let opaque = opaque_length(rest, sql.get(..self.at).and_then(|head| head.chars().next_back()), quotes);
            if opaque > 0 {
                self.at += opaque;
                continue;
            }
            if !rest.starts_with('?') {
                // Nothing else begins anything, in any of the databases. All of these are ASCII, so that the place is between characters.
                let begins = |b: u8| matches!(b, b'?' | b'\'' | b'"' | b'`' | b'[' | b'#' | b'-' | b'/' | b'$');
                self.at += rest.bytes().skip(1).position(begins).map_or(rest.len(), |skipped| skipped + 1);
                continue;
            }
            let doubled = quotes == Quotes::Postgres && rest.starts_with("??");
            let piece = if doubled { Piece::QuestionMark } else { Piece::Parameter };
            let text = sql.get(self.start..self.at).filter(|text| !text.is_empty());
            self.at += if doubled { 2 } else { 1 };
            self.start = self.at;
            let Some(text) = text else { return Some(piece) };
            self.next = Some(piece);
            return Some(Piece::Text(text));
        }
        let text = sql.get(self.start..).filter(|text| !text.is_empty())?;
        self.start = sql.len();
        Some(Piece::Text(text))
    }
}

/// Refuses a statement whose parameters are not as many as the values: some drivers would take NULL for those missing.
pub(super) fn check(pieces: Pieces<'_>, values: &[Value]) -> Result<(), DbError> {
    let wanted = pieces.filter(|piece| *piece == Piece::Parameter).count();
    if wanted == values.len() {
        return Ok(());
    }
    Err(DbError::new(DbErrorKind::Statement, format!("the statement has {wanted} parameters and {} values", values.len())))
}

/// The length of the quoted text or comment at the start of `rest`; 0 if there is none.
fn opaque_length(rest: &str, before: Option<char>, quotes: Quotes) -> usize {
    let until = |from: usize, end: &str| rest.get(from..).and_then(|tail| tail.find(end)).map_or(rest.len(), |at| from + at + end.len());
    if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        // With backslashes, one before a quote makes it a character of the text; PostgreSQL has them in E'…' only.
        let escapes = quotes == Quotes::MySql || (quotes == Quotes::Postgres && quote == '\'' && matches!(before, Some('e' | 'E')));
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' if escapes => escaped = true,
                c if c == quote => return at + 1,
                _ => {}
            }
        }
        return rest.len();
    }
    if quotes != Quotes::Postgres && rest.starts_with('`') {
        return until(1, "`");
    }
    if quotes == Quotes::MySql && rest.starts_with('#') {
        return until(1, "\n");
    }
    if quotes == Quotes::Sqlite && rest.starts_with('[') {
        return until(1, "]");
    }
    if rest.starts_with("--") {
        return until(2, "\n");
    }
    if rest.starts_with("/*") {
        let mut depth = 0usize;
        let mut at = 0;
        while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
            if tail.starts_with("/*") && (depth == 0 || quotes == Quotes::Postgres) {
                depth += 1;
                at += 2;
            } else if tail.starts_with("*/") {
                depth = depth.saturating_sub(1);
                at += 2;
                if depth == 0 {
                    return at;
                }
            } else {
                at += tail.chars().next().map_or(1, char::len_utf8);
            }
        }
        return rest.len();
    }
    if quotes == Quotes::Postgres && rest.starts_with('$') && !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
        let tag = rest.get(1..).and_then(|tail| tail.find('$')).and_then(|at| rest.get(..at + 2));
        if let Some(tag) = tag
            && tag.trim_matches('$').chars().all(|c| c.is_alphanumeric() || c == '_')
            && !tag.get(1..).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()))
        {
            return until(tag.len(), tag);
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(sql: &str, quotes: Quotes) -> usize {
        super::pieces(sql, quotes).filter(|piece| *piece == Piece::Parameter).count()
    }

    #[test]
    fn quotes_and_comments_are_left_alone() {
        let sql = "select '?', E'\\'?', \"?\", $$?$$, $a$ ? $$ $a$, /* ? /* ? */ ? */ a -- ?\n, a ?? 'b'";
        assert_eq!(parameters(sql, Quotes::Postgres), 0);
        assert_eq!(parameters("select '?''?', ?, a$b ?", Quotes::Postgres), 2);
        assert_eq!(parameters("select '\\'?', \"\\\"?\", `?`, ? # ?\n ?", Quotes::MySql), 2);
        assert_eq!(parameters("select [?], `?`, '\\', ?, /* /* ? */ ? -- ?", Quotes::Sqlite), 2);
    }

    #[test]
    fn pieces() {
        use Piece::*;
        let split = |sql, quotes| super::pieces(sql, quotes).collect::<Vec<_>>();
        assert_eq!(split("a ? b", Quotes::Postgres), [Text("a "), Parameter, Text(" b")]);
        assert_eq!(split("a ?? ?", Quotes::Postgres), [Text("a "), QuestionMark, Text(" "), Parameter]);
        assert_eq!(split("??", Quotes::Sqlite), [Parameter, Parameter]);
        assert!(split("", Quotes::Sqlite).is_empty());
        assert_eq!(split("'ä", Quotes::Sqlite), [Text("'ä")]);
    }
}
