//! `sql`.

use crate::attributes;
use crate::change::hash_rule::SplitAttributes;
use crate::change::{ChangeType, Context, HashRule};
use crate::source::attributes::Reader;
use crate::sql::splitter::{self, SplitOptions};
use crate::sql::{Statement, Target, Validation, statement};

attributes! {
    /// Runs SQL as it is written.
    pub struct Sql {
        /// What the author says of it; neither run nor part of the checksum.
        pub comment: Option<String> = "comment",
        /// The databases that the change is for, as a comma list.
        pub dbms: Option<String> = "dbms",
        /// What ends a statement: a text or a regular expression; `;`, `GO` lines and `/` lines when it is not given.
        pub end_delimiter: Option<String> = "endDelimiter",
        /// Written by old versions; has no effect.
        pub ignore_original_split_statements: Option<bool> = "ignoreOriginalSplitStatements",
        /// Whether the text is split into statements (true when it is not given).
        pub split_statements: Option<bool> = "splitStatements",
        /// The SQL.
        pub sql: Option<String> = "sql" (direct),
        /// Whether comments are left out (false when it is not given).
        pub strip_comments: Option<bool> = "stripComments",
    }
}

impl ChangeType for Sql {
    fn read(reader: &mut Reader<'_, '_>) -> Self {
        let mut change = Sql::read_fields(reader);
        change.sql = change.sql.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        change
    }

    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        if self.sql.as_deref().is_none_or(|text| text.trim().is_empty()) {
            validation.error("'sql' is required");
        }
        check_delimiter(self.end_delimiter.as_deref(), validation);
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        Ok(split(self.sql.as_deref().unwrap_or(""), &self.split(), cx.target))
    }

    fn hash_rule(&self) -> HashRule<'_> {
        HashRule::Sql { text: self.sql.as_deref(), split: self.split() }
    }

    fn own_dbms(&self) -> Option<&str> {
        self.dbms.as_deref()
    }
}

impl Sql {
    fn split(&self) -> SplitAttributes<'_> {
        SplitAttributes {
            end_delimiter: self.end_delimiter.as_deref(),
            split: self.split_statements != Some(false),
            strip: self.strip_comments == Some(true),
        }
    }
}

/// Warns of a delimiter that the text is probably not split at as its author means.
pub(super) fn check_delimiter(written: Option<&str>, validation: &mut Validation) {
    if let Some(delimiter) = written.filter(|d| splitter::delimiter_problem(d).is_some()) {
        validation.warn(format!("the endDelimiter '{delimiter}' is no regular expression; it is taken as plain text"));
    }
}

/// The statements of a text.
pub(super) fn split(text: &str, attributes: &SplitAttributes<'_>, target: &Target) -> Vec<Statement> {
    let options = SplitOptions {
        strip_comments: attributes.strip,
        split_statements: attributes.split,
        end_delimiter: attributes.end_delimiter,
        lexis: target.lexis,
    };
    // `\n` and `\r\n` are written with backslashes in attributes.
    let end_delimiter = attributes.end_delimiter.map(|d| d.replace("\\r\\n", "\r\n").replace("\\n", "\n"));
    splitter::split(text, &options)
        .into_iter()
        .map(|piece| {
            // A statement that keeps a semicolon of its own is a stored unit, which ends in scripts as procedures do.
            let is_unit = attributes.split && attributes.end_delimiter.is_none() && piece.text.ends_with(';');
            let unit_end = Some(target.dialect.procedure_end).filter(|end| is_unit && end.len() > 1).map(str::to_owned);
            statement::RawSql { text: piece.text, end_delimiter: end_delimiter.clone().or(unit_end) }.into()
        })
        .collect()
}
