//! How the checksum of a change is made. The rules are data; `changelog::checksum` carries them out.

/// A file named by a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileRef<'a> {
    /// The path as written.
    pub path: &'a str,
    /// Whether it is beside the changelog file.
    pub relative: bool,
    /// The encoding attribute.
    pub encoding: Option<&'a str>,
}

/// The attributes that version 8 puts before the text of raw SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitAttributes<'a> {
    /// `endDelimiter`.
    pub end_delimiter: Option<&'a str>,
    /// `splitStatements`.
    pub split: bool,
    /// `stripComments`.
    pub strip: bool,
}

/// A rule (checksums §3 and §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashRule<'a> {
    /// §3: all attributes but these.
    Attributes {
        /// Left out in version 9.
        unhashed: &'static [&'static str],
        /// Left out in version 8 and older.
        unhashed_v8: &'static [&'static str],
    },
    /// §4.1: raw SQL.
    Sql {
        /// The text, or nothing.
        text: Option<&'a str>,
        /// For version 8.
        split: SplitAttributes<'a>,
    },
    /// §4.2: raw SQL in a file.
    SqlFile {
        /// The file.
        file: FileRef<'a>,
        /// For version 8.
        split: SplitAttributes<'a>,
    },
    /// §4.3: attributes, and a body of their own.
    Body {
        /// Left out in version 9.
        unhashed: &'static [&'static str],
        /// The nested text.
        text: Option<&'a str>,
        /// The file with the text.
        file: Option<FileRef<'a>>,
        /// Names that attributes had in version 8, as (now, then).
        renamed_v8: &'static [(&'static str, &'static str)],
    },
    /// §4.4: a table name and a data file.
    Data {
        /// The table.
        table: Option<&'a str>,
        /// The file.
        file: FileRef<'a>,
        /// What starts a comment line; `None` when comments are off.
        comment: Option<char>,
    },
}

impl HashRule<'_> {
    /// All attributes.
    pub const ATTRIBUTES: HashRule<'static> = HashRule::Attributes { unhashed: &[], unhashed_v8: &[] };
}
