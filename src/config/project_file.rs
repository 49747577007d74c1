//! Reads `changelog.config.yaml`: settings of a project, in YAML, as a flat list of entries.
//!
//! ```yaml
//! changelogFile: db/main.yaml
//! contexts: [prod, eu]        # a list, or text with commas
//! log-level: INFO             # kebab-case or camelCase
//! sql: {showSqlWarnings: true}  # nested keys are joined by dots
//! update:                     # for one command only
//!   showSummary: VERBOSE
//! parameters:                 # what ${…} becomes in changelogs
//!   tablespace: fast
//! programs:                   # what runs in place of a Java class
//!   com.example.FixPrices: tools/fix-prices
//! ```
//!
//! Values are taken as written: `1.10` stays `1.10`. Anchors and aliases are refused, so the size of the result is bounded
//! by the size of the file.

use super::values::Entry;
use granit_parser::{Event, Parser, ScalarStyle};

/// How deep keys may nest.
const MAX_DEPTH: usize = 16;

/// Why a project file could not be read. The text never repeats a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ProjectFileError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// The entries of a project file in order; nested keys are joined by dots, items of lists by commas.
///
/// # Errors
/// The text is not YAML, is not a map at its root, nests too deep, has lists of anything but plain values, or uses anchors.
pub fn read(text: &str) -> Result<Vec<Entry>, ProjectFileError> {
    let mut reader = Reader::default();
    for next in Parser::new_from_str(text) {
        let (event, span) = next.map_err(|e| fail(e.marker().line(), format!("this is not YAML: {}", e.info())))?;
        reader.take(&event, span.start.line())?;
    }
    Ok(reader.entries)
}

fn fail(line: usize, message: impl Into<String>) -> ProjectFileError {
    ProjectFileError { line, message: message.into() }
}

/// Something that is open: a map, with the key whose value comes next, or a list, with its items so far.
enum Open {
    Map { key: Option<(String, usize)> },
    List { items: Vec<String> },
}

#[derive(Default)]
struct Reader {
    entries: Vec<Entry>,
    open: Vec<Open>,
    documents: usize,
}

impl Reader {
    fn take(&mut self, event: &Event<'_>, line: usize) -> Result<(), ProjectFileError> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(fail(line, "a second YAML document is not read; remove the `---`"));
                }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) | Event::Anchor(..) => {
                return Err(fail(line, "anchors and aliases are not allowed here"));
            }
            Event::MappingStart(..) => {
                if self.open.len() >= MAX_DEPTH {
                    return Err(fail(line, "keys nest too deep"));
                }
                match self.open.last() {
                    Some(Open::List { .. }) => return Err(fail(line, "a list may hold only plain values")),
                    Some(Open::Map { key: None }) => return Err(fail(line, "a key must be plain text")),
                    _ => self.open.push(Open::Map { key: None }),
                }
            }
            Event::SequenceStart(..) => match self.open.last() {
                Some(Open::Map { key: Some(_) }) => self.open.push(Open::List { items: Vec::new() }),
                _ => return Err(fail(line, "a list cannot stand here; write `key: value`")),
            },
            Event::MappingEnd => {
                self.open.pop();
                self.value_done();
            }
            Event::SequenceEnd => {
                if let Some(Open::List { items }) = self.open.pop() {
                    self.add(items.join(","));
                }
            }
            Event::Scalar(text, style, ..) => {
                let is_null = matches!(style, ScalarStyle::Plain) && matches!(text.as_ref(), "" | "~" | "null");
                self.scalar(text, is_null, line)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, is_null: bool, line: usize) -> Result<(), ProjectFileError> {
        match self.open.last_mut() {
            None if is_null => {}
            None => return Err(fail(line, "settings are written `key: value`")),
            Some(Open::List { items }) => items.push(text.to_owned()),
            Some(Open::Map { key: key @ None }) => *key = Some((text.to_owned(), line)),
            // A key without a value is a setting that is not set.
            Some(Open::Map { key: Some(_) }) if is_null => self.value_done(),
            Some(Open::Map { key: Some(_) }) => self.add(text.to_owned()),
        }
        Ok(())
    }

    fn add(&mut self, value: String) {
        let keys: Vec<&str> =
            self.open.iter().filter_map(|o| if let Open::Map { key: Some((k, _)) } = o { Some(k.as_str()) } else { None }).collect();
        let line = match self.open.last() {
            Some(Open::Map { key: Some((_, line)) }) => *line,
            _ => 1,
        };
        self.entries.push(Entry { key: keys.join("."), value, line });
        self.value_done();
    }

    fn value_done(&mut self) {
        if let Some(Open::Map { key }) = self.open.last_mut() {
            *key = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_keys_lists_and_lines() {
        let text = "# ours\nchangelogFile: db/main.yaml\ncontexts: [prod, eu]\nupdate:\n  show-summary: VERBOSE\nparameters:\n  version: 1.10\n  a.b: \"x: y\"\nempty:\n";
        assert_eq!(
            read(text).unwrap(),
            [
                Entry::new("changelogFile", "db/main.yaml", 2),
                Entry::new("contexts", "prod,eu", 3),
                Entry::new("update.show-summary", "VERBOSE", 5),
                Entry::new("parameters.version", "1.10", 7),
                Entry::new("parameters.a.b", "x: y", 8),
            ]
        );
        assert_eq!(read("").unwrap(), []);
        assert_eq!(read("# nothing\n").unwrap(), []);
    }

    #[test]
    fn what_is_no_settings_file_is_refused_with_its_line() {
        for (text, line) in [
            ("a: 1\nb: *x\n", 2),
            ("a: &x 1\nb: *x\n", 2),
            ("- a\n- b\n", 1),
            ("just text\n", 1),
            ("a:\n  - {b: c}\n", 2),
            ("a: 1\n---\nb: 2\n", 2),
        ] {
            assert_eq!(read(text).unwrap_err().line, line, "{text:?}");
        }
        assert!(read("a: [1\n").is_err());
        let deep: String = "{a: ".repeat(1000);
        assert!(read(&deep).is_err());
    }
}
