//! Files named by changes, as their changelog sees them.

use super::FileScope;
use super::path;
use super::properties::Properties;
use super::search_path::SearchPath;
use crate::change::Resources;
use crate::source::{limits::Limits, text};
use std::io::Read;

/// The files of one changelog file's changes.
#[derive(Debug, Clone, Copy)]
pub struct FileResources<'a> {
    /// Where files are looked for.
    pub search: &'a SearchPath,
    /// The parameters of the run.
    pub properties: &'a Properties,
    /// The changelog file that names them.
    pub file: &'a FileScope,
    /// The encoding of files that do not say theirs.
    pub encoding: &'a str,
}

impl FileResources<'_> {
    fn resolve(&self, name: &str, relative: bool) -> String {
        if relative { path::resolve_sibling(&self.file.path, name) } else { path::normalise(name) }
    }
}

impl Resources for FileResources<'_> {
    fn read(&self, name: &str, relative: bool) -> Result<Vec<u8>, String> {
        self.search.read(&self.resolve(name, relative)).map_err(|e| e.to_string())
    }

    fn open(&self, name: &str, relative: bool) -> Result<Box<dyn Read + Send>, String> {
        let file = self.open_raw(name, relative)?;
        let is_compressed = name.to_ascii_lowercase().ends_with(".gz");
        Ok(if is_compressed { Box::new(flate2::bufread::MultiGzDecoder::new(std::io::BufReader::new(file))) } else { file })
    }

    fn open_raw(&self, name: &str, relative: bool) -> Result<Box<dyn Read + Send>, String> {
        self.search.open(&self.resolve(name, relative)).map_err(|e| e.to_string())
    }

    fn read_for_cell(&self, name: &str) -> Result<Vec<u8>, String> {
        let read = |relative| self.search.read_unnoted(&self.resolve(name, relative));
        read(true).or_else(|_| read(false)).map_err(|e| e.to_string())
    }

    fn encoding(&self) -> &str {
        self.encoding
    }

    fn read_text(&self, name: &str, relative: bool, encoding: Option<&str>) -> Result<String, String> {
        let bytes = self.read(name, relative)?;
        let path = self.resolve(name, relative);
        text::decode_any(&bytes, &path, Some(encoding.unwrap_or(self.encoding)), &Limits::default())
            .map_err(|d| format!("{path}: {}", d.message))
    }

    fn expand(&self, text: &str) -> Result<String, String> {
        self.properties.expand(text, &self.file.properties).map(|t| t.into_owned()).map_err(|e| e.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Context, NoTables};
    use crate::changelog::properties::Properties;
    use crate::changelog::search_path::{DuplicateFileMode, SearchPath};
    use crate::changelog::{LoadOptions, load};
    use crate::dialect::postgres;
    use crate::sql::Target;

    /// Cells of texts may name files. There are as many as rows, and no checksum depends on them.
    #[test]
    fn what_cells_may_name_is_no_input_of_the_changelog() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("notes.csv", "note\nread.txt\nno file\nnone.txt\n");
        write("read.txt", "read from a file");
        write(
            "c.yaml",
            "databaseChangeLog: [{changeSet: {id: 1, author: a, changes: [{loadData: {tableName: t, file: notes.csv, \
             columns: [{column: {name: note, type: CLOB}}]}}]}}]",
        );
        let search = SearchPath::new(vec![folder.path().to_owned()], DuplicateFileMode::Error);
        let changelog = load("c.yaml", search, Properties::default(), LoadOptions::default());
        let changeset = changelog.changesets.first().unwrap();
        let target = Target::new(&postgres::DIALECT, None);
        let (search, properties) = (&changelog.search, &changelog.properties);
        let files = FileResources { search, properties, file: &changeset.file, encoding: &changelog.encoding };
        let cx = Context { target: &target, resources: &files, executing: true, now: 0, tables: &NoTables };
        let statements = changeset.changes.first().unwrap().value.as_type().statements(&cx).unwrap();
        let shown = format!("{statements:?}");
        assert!(shown.contains("LongText(\"read from a file\")") && shown.contains("Text(\"none.txt\")"), "{shown}");
        let manifest = changelog.search.inputs().take().unwrap().manifest;
        assert!(manifest.contains("notes.csv"), "{manifest}");
        assert!(!["read.txt", "no file", "none.txt"].iter().any(|cell| manifest.contains(cell)), "{manifest}");
    }
}
