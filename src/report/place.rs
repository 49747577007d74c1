//! Where a statement that a server refused stands in its changelog.

use crate::span::{SourceMap, Span};

/// A longer piece of a file is not searched: nobody reads that either.
const LONGEST: usize = 4 << 20;

/// The place of `sql` in the first of `spans` that has it once, blanks and line ends aside; with a position (in characters of `sql`, from
/// 1) that of the word there.
///
/// `None` when it does not stand there as it was sent: expanded, with its comments taken off, written with entities or escapes, or made
/// by a change.
pub fn of_statement(sources: &SourceMap, spans: &[Span], sql: &str, position: Option<usize>) -> Option<Span> {
    let wanted: String = sql.chars().filter(|c| !c.is_whitespace()).collect();
    let (span, source, starts) = spans.iter().find_map(|span| {
        let file = sources.get(span.file)?;
        let source = file.text.get(span.start as usize..span.end as usize).filter(|s| s.len() <= LONGEST)?;
        Some((span, source, once(source, &wanted)?))
    })?;
    let before = position.map_or(0, |p| sql.chars().take(p.saturating_sub(1)).filter(|c| !c.is_whitespace()).count());
    let start = *starts.get(before)?;
    let end = match position {
        None => starts.last()? + wanted.chars().next_back()?.len_utf8(),
        Some(_) => {
            let word = source.get(start..)?;
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            start + word.find(|c| !is_word(c)).unwrap_or(word.len()).max(word.chars().next().map_or(1, char::len_utf8))
        }
    };
    Some(Span::new(span.file, span.start as usize + start, span.start as usize + end))
}

/// Where the characters of `wanted`, which has no blanks, stand in `source`, if they stand there once.
fn once(source: &str, wanted: &str) -> Option<Vec<usize>> {
    let (mut squeezed, mut places) = (String::with_capacity(source.len()), Vec::new());
    for (at, c) in source.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        squeezed.push(c);
        places.push(at);
    }
    let mut found = squeezed.match_indices(wanted).map(|(at, _)| at);
    let (first, second) = (found.next().filter(|_| !wanted.is_empty())?, found.next());
    if second.is_some() {
        return None;
    }
    let from = squeezed.get(..first)?.chars().count();
    Some(places.get(from..from + wanted.chars().count())?.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, sql: &str, position: Option<usize>) -> Option<(usize, usize, String)> {
        let mut sources = SourceMap::new();
        let file = sources.add("f.sql", text);
        let span = of_statement(&sources, &[Span::new(file, 0, text.len())], sql, position)?;
        let at = sources.line_column(span);
        Some((at.line, at.column, text.get(span.start as usize..span.end as usize)?.to_owned()))
    }

    #[test]
    fn a_statement_is_found_as_it_was_written() {
        let yaml = "- sql:\n    sql: |\n      select é,\n        b;\n      selct 1;\n";
        assert_eq!(place(yaml, "select é,\n  b", None), Some((3, 7, "select é,\n        b".to_owned())));
        assert_eq!(place(yaml, "select é,\n  b", Some(13)), Some((4, 9, "b".to_owned())));
        assert_eq!(place(yaml, "selct 1", Some(1)), Some((5, 7, "selct".to_owned())));
        assert_eq!(place("a (,)", "a (,)", Some(4)), Some((1, 4, ",".to_owned())));
    }

    #[test]
    fn what_is_not_there_or_twice_has_no_place() {
        assert_eq!(place("select ${x}", "select 1", Some(1)), None);
        assert_eq!(place("select 1; select 1", "select 1", None), None);
        assert_eq!(place("x", "", None), None);
        assert_eq!(place("select 1", "select 1", Some(99)), None);
    }
}
