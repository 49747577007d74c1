//! The stable codes of diagnostics. One line each: constant, code, name, what it means.

/// A stable code. Compare with the constants of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code {
    /// `E0101`.
    pub id: &'static str,
    /// `yaml-syntax`.
    pub name: &'static str,
    /// What it means, for the reference page.
    pub meaning: &'static str,
}

macro_rules! codes {
    ($($constant:ident = $id:literal, $name:literal, $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub const $constant: Code = Code { id: $id, name: $name, meaning: $meaning };
        )*
        /// All codes, in order.
        pub const ALL_CODES: &[Code] = &[$($constant),*];
    };
}

codes! {
    // 01xx: files and syntax
    FILE_NOT_FOUND = "E0101", "file-not-found", "A file that is named was not found in the search path.";
    FILE_UNREADABLE = "E0102", "file-unreadable", "A file exists but could not be read.";
    FILE_EMPTY = "E0103", "file-empty", "A changelog file is empty.";
    FILE_ENCODING = "E0104", "file-encoding", "A file is not valid text in its encoding.";
    FILE_TOO_LARGE = "E0105", "file-too-large", "A file, line or value is beyond the limits.";
    UNKNOWN_FORMAT = "E0106", "unknown-format", "The file name does not say which changelog format it is.";
    OUTSIDE_SEARCH_PATH = "E0107", "outside-search-path", "A path leads out of the search path.";
    INCLUDE_LOOP = "E0108", "include-loop", "A changelog includes itself, directly or through others.";
    DUPLICATE_FILE = "E0109", "duplicate-file", "The same path was found in several roots of the search path.";
    SYNTAX = "E0110", "syntax", "The file breaks the rules of its format (YAML, JSON or XML).";
    LIMIT = "E0111", "limit", "A limit against hostile input was reached: depth, aliases, expansion.";
    DOCTYPE = "E0112", "doctype", "An XML file has a DOCTYPE, which is refused.";
    FORMATTED_SQL = "E0113", "formatted-sql", "A formatted SQL directive is malformed.";
    NOT_A_CHANGELOG = "E0114", "not-a-changelog", "The file has no `databaseChangeLog` at its root.";
    EMPTY_DIRECTORY = "E0115", "empty-directory", "includeAll found nothing.";
    // 02xx: structure
    UNKNOWN_ELEMENT = "E0201", "unknown-element", "An element that is not known stands where only known ones may.";
    UNKNOWN_CHANGE = "E0202", "unknown-change", "There is no change type of that name.";
    UNKNOWN_PRECONDITION = "E0203", "unknown-precondition", "There is no precondition of that name.";
    UNKNOWN_COLUMN_ATTRIBUTE = "E0204", "unknown-column-attribute", "A column has an attribute that is not known.";
    BAD_VALUE = "E0205", "bad-value", "A value is not of the kind that the attribute takes.";
    MULTIPLE_NODES = "E0206", "multiple-nodes", "One attribute is given more than once.";
    MISSING_ATTRIBUTE = "E0207", "missing-attribute", "A required attribute is missing.";
    UNKNOWN_CHANGESET = "E0208", "unknown-changeset", "A rollback refers to a changeset that does not exist.";
    UNDEFINED_PROPERTY = "E0209", "undefined-property", "A `${property}` has no value (missing-property-mode ERROR).";
    BAD_EXPRESSION = "E0210", "bad-expression", "A context or label expression cannot be parsed.";
    NOT_SUPPORTED = "E0211", "not-supported", "A feature of the Java product that cannot be had here.";
    BAD_CHANGESET = "E0212", "bad-changeset", "A changeset is empty, or has no id or author.";
    // 03xx: warnings about what Liquibase ignores silently
    IGNORED_ATTRIBUTE = "W0301", "ignored-attribute", "An attribute that the element does not have is ignored.";
    IGNORED_ELEMENT = "W0302", "ignored-element", "An element is ignored here.";
    DUPLICATE_KEY = "W0303", "duplicate-key", "A key is given twice; the last one counts.";
    SECOND_ROOT = "W0304", "second-root", "A second `databaseChangeLog`; only the last one counts.";
    DOUBTFUL_VALUE = "W0305", "doubtful-value", "A value is read otherwise than it looks.";
    IGNORED_FILE = "W0306", "ignored-file", "A file is passed over.";
    WRONG_CASE = "W0307", "wrong-case", "A name is written in another letter case than the documented one.";
    NOT_STRICT_JSON = "W0308", "not-strict-json", "The file is read as YAML; it is not strict JSON.";
    UNKNOWN_DBMS = "W0309", "unknown-dbms", "A `dbms` list keeps an element out by a name that no database has.";
    // 04xx: validation
    INVALID_CHANGE = "E0401", "invalid-change", "A change cannot work as it is written.";
    DUPLICATE_CHANGESET = "E0402", "duplicate-changeset", "Two changesets have the same identity.";
    CHECKSUM_MISMATCH = "E0403", "checksum-mismatch", "A changeset that ran was edited since.";
    PRECONDITION_FAILED = "E0404", "precondition-failed", "A precondition of the changelog does not hold.";
    CHANGESET_FAILED = "E0406", "changeset-failed", "A changeset failed while it ran; the reason stands below.";
    NO_ROLLBACK = "E0407", "no-rollback", "A changeset cannot be undone.";
    // 05xx: command line and configuration
    UNKNOWN_SETTING = "W0501", "unknown-setting", "A key or environment variable is no setting; it is ignored.";
    BAD_SETTING = "E0502", "bad-setting", "A setting has a value that it does not take.";
    SETTINGS_FILE = "E0503", "settings-file", "A file of settings is missing or cannot be read.";
    IGNORED_SETTING = "W0504", "ignored-setting", "A setting of Liquibase that would change what a run does has no effect here.";
    REPEATED_SETTING = "W0505", "repeated-setting", "A file sets the same twice; what is said last counts.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique() {
        let mut ids: Vec<_> = ALL_CODES.iter().map(|c| c.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ALL_CODES.len());
    }
}
