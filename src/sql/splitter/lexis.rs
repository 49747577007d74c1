//! The lexical rules of a dialect, as far as they decide where a script is cut.

/// Which texts in dollar quotes a dialect has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DollarQuotes {
    /// None.
    None,
    /// `$$ … $$`.
    Plain,
    /// `$$ … $$` and `$tag$ … $tag$`.
    Tagged,
}

/// In which strings a backslash takes the character behind it along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backslashes {
    /// In none; it is an ordinary character.
    None,
    /// In those with the prefix `E`.
    EscapeStrings,
    /// In all, those in double quotes too.
    Strings,
}

/// What holds statements together that have semicolons in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocks {
    /// `BEGIN` and `CASE`, each with its `END`.
    BeginEnd,
    /// Also `IF … THEN`, `LOOP`, `REPEAT`, `WHILE … DO` and `FOR … DO`, each with its `END`: the stored programs of
    /// standard SQL.
    Compound,
    /// As [`Blocks::Compound`] in PL/SQL, whose units keep their last semicolon and end at a line with `/` alone, if
    /// one follows.
    PlSql,
    /// As [`Blocks::BeginEnd`] wherever `BEGIN` stands, in batches that end at a line with `GO [count]`. A `DECLARE @…`
    /// holds to the end of the batch, as does a procedure whose body is no block.
    Batches,
}

/// Lexical rules. Strings in `'…'`, names in `"…"`, comments `-- …` and `/* … */`, a doubled quote inside of quotes,
/// and lines with `GO` or `/` alone are common to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lexis {
    /// Texts in dollar quotes.
    pub dollar_quotes: DollarQuotes,
    /// Whether there are strings like `q'[it's]'`.
    pub alternative_quotes: bool,
    /// Where a backslash escapes.
    pub backslashes: Backslashes,
    /// Whether comments stand in comments.
    pub nested_comments: bool,
    /// Whether comments `/*! … */` are code, in which comments can stand.
    pub executable_comments: bool,
    /// What starts a line comment beside `--`. When comments are stripped these stay, as they do in Liquibase.
    pub line_comment: Option<&'static str>,
    /// Whether `--` starts a comment only in front of a blank, for it may be the minus of a minus: not at the start of
    /// a line, where nobody means that and Liquibase strips such comments, though the server knows none there.
    pub blank_behind_dashes: bool,
    /// Whether names can stand in backquotes.
    pub backquotes: bool,
    /// Whether names can stand in brackets.
    pub brackets: bool,
    /// Whether a statement goes on while a parenthesis is open.
    pub parentheses_hold: bool,
    /// Whether a line `DELIMITER x` changes what ends a statement.
    pub delimiter_lines: bool,
    /// Whether the server refuses a statement of comments only; such are left out.
    pub refuses_empty: bool,
    /// What holds statements together.
    pub blocks: Blocks,
}

impl Lexis {
    /// The rules of standard SQL.
    pub const STANDARD: Lexis = Lexis {
        dollar_quotes: DollarQuotes::None,
        alternative_quotes: false,
        backslashes: Backslashes::None,
        nested_comments: false,
        executable_comments: false,
        line_comment: None,
        blank_behind_dashes: false,
        backquotes: false,
        brackets: false,
        parentheses_hold: false,
        delimiter_lines: false,
        refuses_empty: false,
        blocks: Blocks::Compound,
    };
}
