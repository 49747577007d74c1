//! Matching of single lines: directives, and `key:value` pairs anywhere in a line (changelog-formats §5).
//!
//! Keywords and keys ignore letter case. A key is looked for from the end of the line, since the last one counts;
//! it may be the tail of a longer word.

/// What a blank is.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r')
}

/// What a word is made of.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The text without leading blanks.
pub(super) fn skip_blanks(text: &str) -> &str {
    text.trim_start_matches(is_blank)
}

/// What follows a keyword, if the text begins with it.
pub(super) fn after<'a>(text: &'a str, keyword: &str) -> Option<&'a str> {
    let head = text.get(..keyword.len())?;
    if head.eq_ignore_ascii_case(keyword) { text.get(keyword.len()..) } else { None }
}

/// What follows `dashes`, blanks and a keyword; `indented` allows blanks before the dashes.
pub(super) fn directive<'a>(line: &'a str, indented: bool, dashes: &str, keyword: &str) -> Option<&'a str> {
    let line = if indented { skip_blanks(line) } else { line };
    after(skip_blanks(line.strip_prefix(dashes)?), keyword)
}

/// What follows one blank.
pub(super) fn after_blank(text: &str) -> Option<&str> {
    text.strip_prefix(is_blank)
}

/// Splits a text after its leading word; the word is not empty.
pub(super) fn split_word(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
    if end == 0 { None } else { text.split_at_checked(end) }
}

/// Splits a text after its leading word, of which `${…}` may be a part: the directive is expanded before it is read.
pub(super) fn split_expandable_word(text: &str) -> Option<(&str, &str)> {
    let mut end = 0;
    loop {
        let rest = text.get(end..)?;
        let expression = rest.strip_prefix("${").and_then(|inside| inside.find('}')).map(|at| at + 3);
        match expression.or_else(|| word(rest).map(str::len)) {
            Some(length) => end += length,
            None if end == 0 => return None,
            None => return text.split_at_checked(end),
        }
    }
}

/// A word of which `${…}` may be a part.
pub(super) fn expandable_word(text: &str) -> Option<&str> {
    split_expandable_word(text).map(|(word, _)| word)
}

/// A value found in a line, with its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair<'a> {
    /// The key without the colon.
    pub(super) key: &'a str,
    /// The value.
    pub(super) value: &'a str,
}

/// The last `key:` of a line that a value follows, as `value` reads it.
pub(super) fn last<'a>(line: &'a str, key: &str, value: impl Fn(&'a str) -> Option<&'a str>) -> Option<Pair<'a>> {
    found(line, key, |_| true, value)
}

/// As [`last`], but the key must not be the tail of a longer word.
pub(super) fn last_whole<'a>(line: &'a str, key: &str, value: impl Fn(&'a str) -> Option<&'a str>) -> Option<Pair<'a>> {
    found(line, key, |before| !before.ends_with(is_word), value)
}

fn found<'a>(line: &'a str, key: &str, fits: impl Fn(&str) -> bool, value: impl Fn(&'a str) -> Option<&'a str>) -> Option<Pair<'a>> {
    let bytes = line.as_bytes();
    let mut colon = bytes.len();
    loop {
        colon = bytes.get(..colon)?.iter().rposition(|b| *b == b':')?;
        let Some(start) = colon.checked_sub(key.len()) else { continue };
        let Some(written) = line.get(start..colon).filter(|w| w.eq_ignore_ascii_case(key)) else { continue };
        if !fits(line.get(..start)?) {
            continue;
        }
        if let Some(value) = line.get(colon + 1..).and_then(&value) {
            return Some(Pair { key: written, value });
        }
    }
}

/// A word.
pub(super) fn word(text: &str) -> Option<&str> {
    split_word(text).map(|(word, _)| word)
}

/// Characters that are not blank, perhaps none.
pub(super) fn run(text: &str) -> Option<&str> {
    text.get(..text.find(is_blank).unwrap_or(text.len()))
}

/// At least one character that is not blank.
pub(super) fn full_run(text: &str) -> Option<&str> {
    run(text).filter(|r| !r.is_empty())
}

/// Optional blanks, then at least one character that is not blank.
pub(super) fn next_run(text: &str) -> Option<&str> {
    full_run(skip_blanks(text))
}

/// `"…"` up to the next quote, or characters that are not blank.
pub(super) fn quoted_or_run(text: &str) -> Option<&str> {
    match text.strip_prefix('"').and_then(|rest| rest.find('"')) {
        Some(end) => text.get(..end + 2),
        None => run(text),
    }
}

/// A text in single or double quotes, without them, or characters that are not blank.
pub(super) fn message(text: &str) -> Option<&str> {
    for quote in ['"', '\''] {
        if let Some((inner, _)) = text.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            return Some(inner);
        }
    }
    full_run(text)
}

/// The whole rest of the line.
pub(super) fn rest(text: &str) -> Option<&str> {
    Some(text)
}

/// A `dbms` list: one character that is no comma, then at least one of word characters, `!` and `,`.
pub(super) fn dbms(text: &str) -> Option<&str> {
    let first = text.chars().next().filter(|c| *c != ',')?;
    let tail = text.get(first.len_utf8()..)?;
    let end = tail.find(|c| !is_word(c) && c != '!' && c != ',').unwrap_or(tail.len());
    if end == 0 { None } else { text.get(..first.len_utf8() + end) }
}

/// A `runWith` name: word characters, `$`, `{` and `}`.
pub(super) fn executor(text: &str) -> Option<&str> {
    let end = text.find(|c| !is_word(c) && !matches!(c, '$' | '{' | '}')).unwrap_or(text.len());
    if end == 0 { None } else { text.get(..end) }
}

/// Takes enclosing quotes off, single or double ones.
pub(super) fn unquote(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote)) {
            return inner;
        }
    }
    text
}

/// The lines of a text, as Java reads them: they end at LF, CR or CRLF, and a text may end without a line end.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(end) = rest.find(['\n', '\r']) else { return Some(std::mem::take(&mut rest)) };
        let (line, tail) = rest.split_at_checked(end)?;
        rest = tail.strip_prefix("\r\n").or_else(|| tail.get(1..))?;
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_key_counts_and_may_be_the_tail_of_a_word() {
        let value = |line, key| last(line, key, word).map(|p| p.value);
        assert_eq!(value("a:1 RunOnChange:TRUE runOnChange:false", "runOnChange"), Some("false"));
        assert_eq!(value("a:1 rollbackSplitStatements:false", "splitStatements"), Some("false"));
        assert_eq!(value("a:1 contextFilter:x", "context"), None);
        assert_eq!(value("a:1 runAlways:true runAlways:", "runAlways"), Some("true"));
        assert_eq!(value("é:1 x", "runAlways"), None);
        assert_eq!(last_whole("rollbackEndDelimiter:/", "endDelimiter", run), None);
        assert_eq!(last_whole("x endDelimiter:", "endDelimiter", run).map(|p| p.value), Some(""));
    }

    #[test]
    fn values_end_where_their_pattern_ends() {
        assert_eq!(quoted_or_run("\"a b\" c"), Some("\"a b\""));
        assert_eq!(quoted_or_run("\"a b"), Some("\"a"));
        assert_eq!(dbms("!h2,postgresql x"), Some("!h2,postgresql"));
        assert_eq!(dbms("x"), None);
        assert_eq!(dbms(",ab"), None);
        assert_eq!(executor("${x}-y"), Some("${x}"));
        assert_eq!(expandable_word("a${x y}_b.c"), Some("a${x y}_b"));
        assert_eq!(expandable_word("${x"), None);
        assert_eq!(message("'a b' c"), Some("a b"));
        assert_eq!(message("a b"), Some("a"));
    }

    #[test]
    fn lines_end_at_any_line_end() {
        assert_eq!(lines("a\nb\r\n\rc").collect::<Vec<_>>(), ["a", "b", "", "c"]);
        assert_eq!(lines("a\n").collect::<Vec<_>>(), ["a"]);
        assert_eq!(lines("").count(), 0);
    }
}
