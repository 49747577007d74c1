//! A text that stands in a change or in a file that it names.

use super::Context;
use super::hash_rule::FileRef;
use crate::sql::Validation;

/// Where the text of a change is.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    /// The file, if one is named.
    pub path: Option<&'a str>,
    /// Whether it is beside the changelog file.
    pub relative: Option<bool>,
    /// Its encoding.
    pub encoding: Option<&'a str>,
    /// The nested text.
    pub nested: Option<&'a str>,
}

impl<'a> Body<'a> {
    /// Reports when there are two texts or none. `both` and `neither` are Liquibase's words for that.
    pub fn validate(&self, both: &str, neither: &str, validation: &mut Validation) {
        let nested = self.nested.is_some_and(|text| !text.trim().is_empty());
        match (self.path, nested) {
            (Some(_), true) => validation.error(both),
            (None, false) => validation.error(neither),
            _ => {}
        }
    }

    /// The text, with line ends of its own platform as `\n`.
    ///
    /// # Errors
    /// When the file cannot be read, or a property is missing in it.
    pub fn read(&self, cx: &Context<'_>) -> Result<String, String> {
        let text = match self.path {
            Some(path) => cx.resources.expand(&cx.resources.read_text(path, self.relative == Some(true), self.encoding)?)?,
            None => self.nested.unwrap_or_default().to_owned(),
        };
        Ok(text.replace("\r\n", "\n"))
    }

    /// The file, for checksums.
    pub fn file(&self) -> Option<FileRef<'a>> {
        self.path.map(|path| FileRef { path, relative: self.relative == Some(true), encoding: self.encoding })
    }
}
