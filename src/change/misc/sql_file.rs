//! `sqlFile`.

use super::sql::{check_delimiter, split};
use crate::attributes;
use crate::change::hash_rule::{FileRef, SplitAttributes};
use crate::change::{ChangeType, Context, HashRule};
use crate::diagnostic::{Diagnostic, MISSING_ATTRIBUTE};
use crate::source::attributes::Reader;
use crate::sql::{Statement, Validation};

attributes! {
    /// Runs the SQL of a file.
    pub struct SqlFile {
        /// The databases that the change is for, as a comma list.
        pub dbms: Option<String> = "dbms",
        /// The encoding of the file; that of the configuration when it is not given.
        pub encoding: Option<String> = "encoding",
        /// What ends a statement: a text or a regular expression; `;`, `GO` lines and `/` lines when it is not given.
        pub end_delimiter: Option<String> = "endDelimiter",
        /// Written by old versions; has no effect.
        pub ignore_original_split_statements: Option<bool> = "ignoreOriginalSplitStatements",
        /// The file.
        pub path: Option<String> = "path" (needed),
        /// Whether the file is looked for beside the changelog file instead of in the search path.
        pub relative_to_changelog_file: Option<bool> = "relativeToChangelogFile",
        /// Whether the text is split into statements (true when it is not given).
        pub split_statements: Option<bool> = "splitStatements",
        /// Whether comments are left out (false when it is not given).
        pub strip_comments: Option<bool> = "stripComments",
    }
}

impl ChangeType for SqlFile {
    fn read(reader: &mut Reader<'_, '_>) -> Self {
        let change = SqlFile::read_fields(reader);
        if change.path.is_none() {
            let problem = Diagnostic::error(MISSING_ATTRIBUTE, "<sqlfile> - No path specified").at(reader.node.name_span);
            reader.problems.push(problem.hint("name the file with `path`"));
        }
        change
    }

    fn recheck(&self, validation: &mut Validation) {
        if self.path.as_deref().is_none_or(|path| path.trim().is_empty()) {
            validation.error("'path' is required");
        }
    }

    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        check_delimiter(self.end_delimiter.as_deref(), validation);
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let file = self.file();
        let text = cx.resources.read_text(file.path, file.relative, file.encoding)?;
        // Properties count when the file runs, but not in its checksum (checksums §4.2).
        Ok(split(&cx.resources.expand(&text)?, &self.split(), cx.target))
    }

    fn hash_rule(&self) -> HashRule<'_> {
        HashRule::SqlFile { file: self.file(), split: self.split() }
    }

    fn own_dbms(&self) -> Option<&str> {
        self.dbms.as_deref()
    }
}

impl SqlFile {
    fn file(&self) -> FileRef<'_> {
        FileRef {
            path: self.path.as_deref().unwrap_or(""),
            relative: self.relative_to_changelog_file == Some(true),
            encoding: self.encoding.as_deref(),
        }
    }

    fn split(&self) -> SplitAttributes<'_> {
        SplitAttributes {
            end_delimiter: self.end_delimiter.as_deref(),
            split: self.split_statements != Some(false),
            strip: self.strip_comments == Some(true),
        }
    }
}
