//! Included files, read and parsed several at a time before their turn comes.
//!
//! Parsing is most of the work of loading, and a file is parsed without regard to any other. Everything else (properties,
//! filters, the order of changesets and of problems) follows in the order of the includes, as if nothing had been read ahead: what
//! was read waits here until its include is reached, and what cannot be read is left to that moment, when it is told.

use super::loader::Loader;
use super::search_path::SearchError;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{self, Format, Limits, Node};
use crate::span::FileId;
use std::collections::HashMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Fewer files are not worth the threads.
const WORTH: usize = 8;

/// How many files are read ahead at a time; their trees are in memory together.
pub(super) const WINDOW: usize = 64;

/// Bytes after which no further file is read ahead.
const BYTES: usize = 16 << 20;

/// More threads than these wait for each other.
const MOST_THREADS: usize = 8;

/// A file as it was read: its tree, if it has one, and its problems.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) root: Option<Node>,
    pub(super) problems: Diagnostics,
}

/// Why a file has no text.
pub(super) enum Unread {
    /// It is not to be had.
    Search(SearchError),
    /// It is no text.
    Text(Diagnostic),
}

/// Files that wait for their include, by path.
pub(super) type Ahead = HashMap<String, Parsed>;

/// How many threads there are for it when nothing else is said.
pub(super) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS)
}

/// The text of a file on its way to a tree.
struct Text {
    path: String,
    file: FileId,
    format: Format,
    text: Arc<str>,
}

impl Text {
    fn parse(&self, limits: &Limits, options: source::ReadOptions) -> Parsed {
        let mut problems = Diagnostics::new();
        let root = source::read_changelog(self.file, &self.path, self.format, &self.text, limits, options, &mut problems);
        Parsed { root, problems }
    }
}

impl Loader {
    /// Reads and parses these files, up to [`WINDOW`] of them and as far as they can be read, when they are many and there are
    /// threads for it.
    pub(super) fn read_ahead<'p>(&mut self, paths: impl Iterator<Item = &'p str>) {
        let threads = self.options.threads;
        // A file that is being read includes itself by way of these.
        let paths: Vec<&str> = paths.filter(|p| !self.ahead.contains_key(*p) && self.stack.iter().all(|s| s != p)).collect();
        if threads < 2 || paths.len() < WORTH {
            return;
        }
        let mut texts: Vec<Text> = Vec::new();
        let mut bytes = 0;
        for path in paths {
            let Some(format) = Format::of(path).filter(|_| bytes < BYTES && texts.iter().all(|t| t.path != path)) else { continue };
            if let Ok(text) = self.text_of(path, format) {
                bytes += text.text.len();
                texts.push(text);
            }
        }
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::with_capacity(texts.len()));
        let (limits, options) = (&self.options.limits, self.reading());
        std::thread::scope(|scope| {
            for _ in 0..threads.min(texts.len()) {
                scope.spawn(|| {
                    while let Some(text) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let parsed = text.parse(limits, options);
                        done.lock().unwrap_or_else(PoisonError::into_inner).push((text.path.clone(), parsed));
                    }
                });
            }
        });
        self.ahead.extend(done.into_inner().unwrap_or_else(PoisonError::into_inner));
    }

    /// A file, from those that were read ahead or now.
    pub(super) fn parsed(&mut self, path: &str, format: Format) -> Result<Parsed, Unread> {
        match self.ahead.remove(path) {
            Some(parsed) => Ok(parsed),
            None => Ok(self.text_of(path, format)?.parse(&self.options.limits, self.reading())),
        }
    }

    fn reading(&self) -> source::ReadOptions {
        source::ReadOptions { validate_xml: self.options.validate_xml }
    }

    fn text_of(&mut self, path: &str, format: Format) -> Result<Text, Unread> {
        let bytes = self.search.read(path).map_err(Unread::Search)?;
        let encoding = Some(self.options.encoding.as_str());
        let text = source::decode_changelog(&bytes, path, format, encoding, &self.options.limits).map_err(Unread::Text)?;
        let text: Arc<str> = text.into();
        let file = self.sources.add(path, Arc::clone(&text));
        Ok(Text { path: path.to_owned(), file, format, text })
    }
}

#[cfg(test)]
mod tests {
    use crate::changelog::loader::{LoadOptions, load};
    use crate::changelog::properties::Properties;
    use crate::changelog::search_path::{DuplicateFileMode, SearchPath};
    use crate::diagnostic::render_text;
    use std::fs;

    /// What a load gives: changesets with the files that name them, and problems with their places.
    fn loaded(folder: &std::path::Path, threads: usize) -> (Vec<String>, Vec<String>) {
        let search = SearchPath::new(vec![folder.to_owned()], DuplicateFileMode::Error);
        let changelog = load("main.xml", search, Properties::default(), LoadOptions { threads, ..LoadOptions::default() });
        let described = |c: &std::sync::Arc<crate::changelog::ChangeSet>| format!("{} {}", c.identity, c.description());
        (
            changelog.changesets.iter().map(described).collect(),
            changelog.problems.iter().map(|p| render_text(p, &changelog.sources, false)).collect(),
        )
    }

    #[test]
    fn what_is_read_ahead_is_what_is_read_in_turn() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let xml =
            |text: &str| format!("<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\">{text}</databaseChangeLog>");
        let mut includes = String::new();
        for n in 0..200 {
            match n % 10 {
                3 => write(&format!("a/{n:03}.sql"), &format!("--liquibase formatted sql\n--changeset a:{n}\ndrop table ${{t}}{n};\n")),
                4 => write(&format!("a/{n:03}.json"), "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": \"x\"}}]}"),
                5 => write(&format!("a/{n:03}.xml"), &xml("<include file='b.yaml'/><oops/>")),
                6 => write(&format!("a/{n:03}.yaml"), "databaseChangeLog:\n- property: {name: t, value: from_six}\n"),
                7 => write(&format!("a/{n:03}.txt"), "no changelog"),
                8 => fs::write(folder.path().join(format!("a/{n:03}.sql")), b"\xff\xfe\xfd").unwrap(),
                _ => write(
                    &format!("a/{n:03}.yaml"),
                    &format!("databaseChangeLog:\n- changeSet: {{id: {n}, author: \"${{t}}\", comments: x}}\n"),
                ),
            }
            includes.push_str(&format!("<include file='a/{n:03}.yaml'/>"));
        }
        write("b.yaml", "databaseChangeLog:\n- changeSet: {id: b, author: b}\n- include: {file: main.xml}\n");
        let first = "<property name='t' value='from_main'/><property name='ten' value='a/010.yaml'/><include file='${ten}'/>";
        write("main.xml", &xml(&format!("{first}{includes}<includeAll path='a'/>")));

        let (changesets, problems) = loaded(folder.path(), 1);
        // 80 files by their names and again with their folder, one by a parameter; 20 in SQL, 20 in JSON, 20 by way of XML.
        assert_eq!(changesets.len(), 2 * 80 + 1 + 20 + 20 + 20);
        assert!(problems.iter().any(|p| p.contains("E0104")) && problems.iter().any(|p| p.contains("E0108")), "{problems:?}");
        for threads in [2, 8] {
            assert_eq!(loaded(folder.path(), threads), (changesets.clone(), problems.clone()));
        }
    }
}
