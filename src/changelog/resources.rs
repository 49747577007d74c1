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

    fn encoding(&self) -> &str {
        self.encoding
    }

    fn read_text(&self, name: &str, relative: bool, encoding: Option<&str>) -> Result<String, String> {
        let bytes = self.read(name, relative)?;
        if bytes.is_empty() {
            return Ok(String::new());
        }
        let path = self.resolve(name, relative);
        text::decode(&bytes, &path, Some(encoding.unwrap_or(self.encoding)), &Limits::default())
            .map_err(|d| format!("{path}: {}", d.message))
    }

    fn expand(&self, text: &str) -> Result<String, String> {
        self.properties.expand(text, &self.file.properties).map(|t| t.into_owned()).map_err(|e| e.to_string())
    }
}
