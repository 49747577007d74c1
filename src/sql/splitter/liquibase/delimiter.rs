//! What ends a statement (dialects §6.2).

use regex::Regex;

/// The test whether a token ends a statement.
#[derive(Debug)]
pub(super) enum Delimiter {
    /// None given: `;`, or `GO` or `/` at the start of a line.
    Usual,
    /// An empty one: nothing ends a statement.
    Never,
    /// One character.
    Single(char),
    /// More characters: a word, or a regular expression over a token and the one before it.
    Long {
        /// In lower case.
        lower: String,
        /// `None` when the text stands for itself: it has nothing special, or is no regular expression.
        pattern: Option<Regex>,
    },
}

impl Delimiter {
    /// Reads an `endDelimiter`.
    pub(super) fn new(written: Option<&str>) -> Delimiter {
        let Some(written) = written else { return Delimiter::Usual };
        let mut characters = written.chars();
        match (characters.next(), characters.next()) {
            (None, _) => Delimiter::Never,
            (Some(only), None) => Delimiter::Single(only),
            _ => {
                let lower = written.to_lowercase();
                let is_plain = lower.is_ascii() && regex::escape(&lower).len() == lower.len();
                let pattern = if is_plain { None } else { compile(&lower).ok() };
                Delimiter::Long { lower, pattern }
            }
        }
    }

    /// Whether a token ends a statement; `previous` is the token before it, white space included. `window` is a
    /// buffer to be used again.
    pub(super) fn ends(&self, token: &str, previous: Option<&str>, window: &mut String) -> bool {
        let starts_line = || previous.is_none_or(|p| p.ends_with('\n'));
        match self {
            Delimiter::Usual => token == ";" || ((token == "/" || token.eq_ignore_ascii_case("go")) && starts_line()),
            Delimiter::Never => false,
            // Not in the middle of a line, so that it may divide.
            Delimiter::Single('/') => token == "/" && starts_line(),
            Delimiter::Single(c) => {
                let mut characters = token.chars();
                let only = characters.next().filter(|_| characters.next().is_none());
                only.is_some_and(|t| t == *c || t.to_lowercase().eq(c.to_lowercase()))
            }
            Delimiter::Long { lower, pattern: None } => {
                // `[\s]*` and the word: the token is the word or its tail.
                let Some(head) = strip_suffix_ignore_case(lower, token) else { return false };
                if head.is_empty() {
                    return true;
                }
                strip_suffix_ignore_case(previous.unwrap_or(""), head).is_some_and(|blank| blank.bytes().all(is_blank))
            }
            Delimiter::Long { lower, pattern: Some(pattern) } => {
                window.clear();
                window.push_str(previous.unwrap_or(""));
                let start = window.len();
                window.push_str(token);
                if window.is_ascii() {
                    window.make_ascii_lowercase();
                    return window.get(start..) == Some(lower) || pattern.is_match(window);
                }
                token.to_lowercase() == *lower || pattern.is_match(&window.to_lowercase())
            }
        }
    }
}

/// The white space of a regular expression in Java.
fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

fn strip_suffix_ignore_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    tail.eq_ignore_ascii_case(suffix).then_some(head)
}

/// What is wrong with an `endDelimiter`, if anything: one of several characters is a regular expression. Splitting
/// takes a wrong one as plain text, so a changelog that has one is probably not split as its author means.
pub(in crate::sql::splitter) fn delimiter_problem(written: &str) -> Option<String> {
    let several = written.chars().nth(1).is_some();
    if several { compile(&written.to_lowercase()).err().map(|e| e.to_string()) } else { None }
}

/// The regular expression of a lower-cased delimiter: over the whole text, behind any white space.
fn compile(lower: &str) -> Result<Regex, regex::Error> {
    // Checked by itself first, so that a stray parenthesis cannot close the group around it.
    let body = ascii_classes(lower);
    Regex::new(&body)?;
    Regex::new(&format!("^(?:[ \\t\\n\\x0b\\x0c\\r]*{body})$"))
}

/// Spells `\s`, `\w` and `\d` out: in Java they are ASCII only.
fn ascii_classes(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match characters.next() {
            Some('s') => out.push_str("[ \\t\\n\\x0b\\x0c\\r]"),
            Some('w') => out.push_str("[a-zA-Z_0-9]"),
            Some('d') => out.push_str("[0-9]"),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_that_is_no_regular_expression_is_told() {
        for right in [";", "(", "GO", "\\n/\\s*\\n|\\n/\\s*$", "$$", "//", "@@"] {
            assert_eq!(delimiter_problem(right), None, "{right}");
        }
        for wrong in ["((", "a)", "a)|(b", "**"] {
            assert!(delimiter_problem(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn classes_are_ascii_only() {
        let delimiter = Delimiter::new(Some("\\s;"));
        let mut window = String::new();
        assert!(delimiter.ends(";", Some("\t"), &mut window));
        assert!(!delimiter.ends(";", Some("\u{a0}"), &mut window));
    }
}
