//! The words of stored definitions. Nothing is lost: the tokens of a text, put together, are the text.

use std::borrow::Cow;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// White space or a comment.
    Blank,
    /// A keyword or a name without quotes.
    Word,
    /// A name in double quotes, backticks or brackets.
    Quoted,
    /// A text in single quotes; SQLite also takes it for a name where only a name can stand.
    Text,
    /// A number or a blob.
    Literal,
    /// Any other character.
    Symbol,
}

/// A token with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// What it is.
    pub(super) kind: Kind,
    /// As it is written.
    pub(super) text: &'t str,
    /// Where it begins, in bytes.
    pub(super) at: usize,
}

impl<'t> Token<'t> {
    /// Where it ends.
    pub(super) fn end(&self) -> usize {
        self.at + self.text.len()
    }

    /// Whether it is that keyword (upper case).
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is one of those keywords (upper case).
    pub(super) fn is_one_of(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|k| self.is(k))
    }

    /// Whether it is that character.
    pub(super) fn is_symbol(&self, symbol: char) -> bool {
        self.kind == Kind::Symbol && self.text.starts_with(symbol)
    }

    /// The name that it stands for, where a name can stand.
    pub(super) fn name(&self) -> Option<Cow<'t, str>> {
        let inner = |quote: &str| {
            let text = self.text.get(1..self.text.len().saturating_sub(1)).unwrap_or("");
            let doubled = quote.repeat(2);
            if text.contains(&doubled) { Cow::Owned(text.replace(&doubled, quote)) } else { Cow::Borrowed(text) }
        };
        match (self.kind, self.text.chars().next()?) {
            (Kind::Word, _) => Some(Cow::Borrowed(self.text)),
            (Kind::Quoted, '[') => Some(Cow::Borrowed(self.text.get(1..self.text.len().saturating_sub(1)).unwrap_or(""))),
            (Kind::Quoted | Kind::Text, quote) => Some(inner(&quote.to_string())),
            _ => None,
        }
    }
}

/// All tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|r| !r.is_empty()) {
        let (kind, length) = first(rest);
        out.push(Token { kind, text: &rest[..length], at });
        at += length;
    }
    out
}

/// The tokens of a text that mean something.
pub(super) fn significant(text: &str) -> Vec<Token<'_>> {
    tokens(text).into_iter().filter(|t| t.kind != Kind::Blank).collect()
}

/// Kind and length of the first token; the length ends at a character's border and is not 0.
fn first(rest: &str) -> (Kind, usize) {
    let starts_name = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    let in_name = |c: char| starts_name(c) || c.is_ascii_digit() || c == '$';
    let while_true = |test: &dyn Fn(char) -> bool| rest.find(|c: char| !test(c)).unwrap_or(rest.len());
    let mut characters = rest.chars();
    let (Some(c), next) = (characters.next(), characters.next()) else { return (Kind::Symbol, rest.len()) };
    match (c, next) {
        ('-', Some('-')) => (Kind::Blank, rest.find('\n').map_or(rest.len(), |i| i + 1)),
        ('/', Some('*')) => (Kind::Blank, rest[2..].find("*/").map_or(rest.len(), |i| i + 4)),
        ('x' | 'X', Some('\'')) => (Kind::Literal, 1 + quoted(&rest[1..], '\'')),
        ('\'', _) => (Kind::Text, quoted(rest, '\'')),
        ('"' | '`', _) => (Kind::Quoted, quoted(rest, c)),
        ('[', _) => (Kind::Quoted, rest.find(']').map_or(rest.len(), |i| i + 1)),
        _ if c.is_ascii_whitespace() => (Kind::Blank, while_true(&|c| c.is_ascii_whitespace())),
        _ if c.is_ascii_digit() || (c == '.' && next.is_some_and(|n| n.is_ascii_digit())) => (Kind::Literal, number(rest)),
        _ if starts_name(c) => (Kind::Word, while_true(&in_name)),
        _ => (Kind::Symbol, c.len_utf8()),
    }
}

/// Length of what a quote opens; a doubled quote does not close it.
fn quoted(rest: &str, quote: char) -> usize {
    let mut at = quote.len_utf8();
    while let Some(i) = rest[at..].find(quote) {
        at += i + quote.len_utf8();
        if !rest[at..].starts_with(quote) {
            return at;
        }
        at += quote.len_utf8();
    }
    rest.len()
}

fn number(rest: &str) -> usize {
    let is_hex = rest.starts_with("0x") || rest.starts_with("0X");
    let mut previous = '0';
    for (i, c) in rest.char_indices() {
        let sign = matches!(c, '+' | '-') && matches!(previous, 'e' | 'E') && !is_hex;
        if !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_') || sign) {
            return i;
        }
        previous = c;
    }
    rest.len()
}

/// Words of expressions behind which a value begins.
const OPERATORS: &[&str] = &[
    "AND", "AS", "BETWEEN", "CASE", "CAST", "COLLATE", "DISTINCT", "ELSE", "ESCAPE", "EXISTS", "FROM", "GLOB", "IN", "IS", "LIKE", "MATCH",
    "NOT", "ON", "OR", "REGEXP", "SELECT", "THEN", "WHEN", "WHERE",
];

/// Whether an expression reads a column of that name. Functions, collations, types of casts and words such as
/// `DESC` behind a value are no columns.
pub(super) fn mentions(expression: &[Token<'_>], column: &str) -> bool {
    let is_value = |t: &Token<'_>| match t.kind {
        Kind::Word => !t.is_one_of(OPERATORS),
        Kind::Symbol => t.is_symbol(')'),
        _ => true,
    };
    expression.iter().enumerate().any(|(i, token)| {
        let is_name = matches!(token.kind, Kind::Word | Kind::Quoted) && token.name().is_some_and(|n| n.eq_ignore_ascii_case(column));
        if !is_name || expression.get(i + 1).is_some_and(|next| next.is_symbol('(') || next.is_symbol('.')) {
            return false;
        }
        let previous = i.checked_sub(1).and_then(|p| expression.get(p));
        !previous.is_some_and(|p| p.is_one_of(&["COLLATE", "AS"]) || (token.kind == Kind::Word && is_value(p)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_in_every_kind_of_quotes() {
        let names: Vec<_> = significant(r#"a "b""c" `d``e` [f"g] 'h''i'"#).iter().map(|t| t.name().unwrap().into_owned()).collect();
        assert_eq!(names, ["a", "b\"c", "d`e", "f\"g", "h'i"]);
    }

    #[test]
    fn comments_and_blobs_are_single_tokens() {
        let kinds: Vec<_> = tokens("-- a, b\nx'0a' /* ) */ 1.5e-3,é$1").iter().map(|t| t.kind).collect();
        use Kind::*;
        assert_eq!(kinds, [Blank, Literal, Blank, Blank, Blank, Literal, Symbol, Word]);
    }

    #[test]
    fn columns_are_told_from_other_words() {
        let cases = [
            ("a > 0", "A", true),
            ("lower(name) = 'a'", "a", false),
            ("lower(a)", "lower", false),
            ("x COLLATE a", "a", false),
            ("CAST(x AS text)", "text", false),
            ("CAST(text AS integer)", "text", true),
            ("(x DESC, y)", "desc", false),
            ("(desc, y DESC)", "desc", true),
            ("t.a IS NOT NULL", "a", true),
            ("a.x", "a", false),
            ("CASE WHEN x THEN 1 END", "end", false),
            ("\"a\" = 1", "a", true),
        ];
        for (expression, column, expected) in cases {
            assert_eq!(mentions(&significant(expression), column), expected, "{column} in {expression}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in r#"[-a-z0-9'"`\[\]/* ().,xé\n]{0,40}"#) {
            let together: String = tokens(&text).iter().map(|t| t.text).collect();
            prop_assert_eq!(together, text);
        }
    }
}
