//! SQL written instead of run (`update-sql` and its kin; executor §5.5, dialects §6.4).

use crate::sql::Dialect;
use crate::sql::action::Sql;
use crate::sql::words::leading_words;

/// How much of the ledger's own SQL a script without a connection has (`outputLiquibaseSql`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LedgerSql {
    /// None of it.
    #[default]
    None,
    /// Its rows.
    DataOnly,
    /// Its rows and its table.
    All,
}

/// A script in the making.
#[derive(Debug, Clone)]
pub struct Script {
    text: String,
    line_comment: &'static str,
    terminator: &'static str,
    line_end: String,
    block_end: Option<&'static str>,
    own_delimiters: bool,
    statement_end: Option<&'static str>,
    session_setup: Option<&'static str>,
    script_end: Option<&'static str>,
    /// Its statements that define something, where tables may have to be rebuilt.
    definitions: Option<Vec<String>>,
}

/// What the head of a script says.
#[derive(Debug, Clone)]
pub struct Header<'a> {
    /// `Update Database Script`.
    pub title: &'a str,
    /// The changelog's path.
    pub changelog: &'a str,
    /// When, as a person reads it.
    pub ran_at: &'a str,
    /// `user@url`.
    pub against: &'a str,
}

impl Script {
    /// An empty script in a dialect. `line_end` ends its lines; those inside of statements are kept, being part of them.
    pub fn new(dialect: &Dialect, line_end: &str) -> Self {
        Script {
            text: String::new(),
            line_comment: dialect.line_comment,
            terminator: dialect.terminator,
            block_end: dialect.block_end,
            own_delimiters: dialect.own_delimiters,
            statement_end: dialect.statement_end,
            session_setup: dialect.session_setup,
            script_end: dialect.script_end,
            line_end: line_end.to_owned(),
            definitions: (!dialect.rebuilds.is_empty()).then(Vec::new),
        }
    }

    /// The statements so far that define something; `None` where nobody needs to know.
    pub fn definitions(&self) -> Option<&[String]> {
        self.definitions.as_deref()
    }

    /// The text so far; the script is empty afterwards.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// Writes a comment; each line gets its own prefix.
    pub fn comment(&mut self, text: &str) {
        for line in text.lines() {
            self.text.push_str(self.line_comment);
            self.text.push(' ');
            self.text.push_str(line);
            self.text.push_str(&self.line_end);
        }
    }

    /// Writes the head.
    pub fn header(&mut self, header: &Header<'_>) {
        let rule = "*".repeat(69);
        self.comment(&rule);
        self.comment(header.title);
        self.comment(&rule);
        self.comment(&format!("Change Log: {}", header.changelog));
        self.comment(&format!("Ran at: {}", header.ran_at));
        self.comment(&format!("Against: {}", header.against));
        self.comment(&format!("Liquibase version: {}", crate::history::LIQUIBASE_VERSION));
        self.comment(&rule);
        self.text.push_str(&self.line_end);
    }

    /// Writes what the session is told before a changeset.
    pub fn session_setup(&mut self) {
        if let Some(setup) = self.session_setup {
            self.statement(&Sql::new(setup));
        }
    }

    /// Writes what a script that runs changesets ends in.
    pub fn end(&mut self) {
        if let Some(end) = self.script_end {
            self.statement(&Sql::new(end));
        }
    }

    /// Writes a statement of a change, run forwards: it has an end of its own where the dialect says so, unless the
    /// changeset chose what ends it.
    pub fn statement_of_change(&mut self, sql: &Sql) {
        let chosen = sql.end_delimiter.as_deref().is_some_and(|end| !end.is_empty() && end != ";");
        match self.statement_end {
            Some(end) if !chosen && !sql.text.ends_with(end) => self.statement(&Sql { text: format!("{}{end}", sql.text), ..sql.clone() }),
            _ => self.statement(sql),
        }
    }

    /// Writes a statement with its terminator and an empty line.
    pub fn statement(&mut self, sql: &Sql) {
        if let Some(definitions) = self.definitions.as_mut().filter(|_| defines(&sql.text)) {
            definitions.push(sql.text.clone());
        }
        self.text.push_str(&sql.text);
        // A stored definition may end in a comment, which must not swallow what ends the statement.
        if self.definitions.is_some() && sql.text.lines().next_back().is_some_and(|line| line.contains("--")) {
            self.text.push_str(&self.line_end);
        }
        if !self.own_delimiters {
            self.text.push_str(self.terminator);
            self.text.push_str("\n\n");
            return;
        }
        let delimiter = script_delimiter(sql.end_delimiter.as_deref(), self.terminator);
        let ended = self.block_end.is_some_and(|end| sql.text.lines().next_back() == Some(end));
        if !ended && !sql.text.ends_with(&delimiter) {
            self.text.push_str(&delimiter);
        }
        self.text.push_str(&self.line_end.repeat(2));
    }
}

/// Whether a statement is no mere change of rows.
fn defines(text: &str) -> bool {
    let words = leading_words(text, 1);
    !words.first().is_some_and(|word| matches!(word.as_str(), "INSERT" | "REPLACE" | "UPDATE" | "DELETE" | "SELECT" | "WITH"))
}

/// What ends a statement in a script: the changeset's delimiter when it is plain enough, else the dialect's.
fn script_delimiter(written: Option<&str>, usual: &str) -> String {
    let Some(written) = written else { return usual.to_owned() };
    let plain = written.strip_suffix('$').unwrap_or(written).replace("\\r", "\r").replace("\\n", "\n");
    let fits =
        !plain.is_empty() && plain.chars().all(|c| matches!(c, ';' | '/' | '\r' | '\n' | '@' | '-') || c.is_alphanumeric() || c == '_');
    if fits { plain } else { usual.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect;

    #[test]
    fn statements_comments_and_delimiters() {
        let mut script = Script::new(&dialect::postgres::DIALECT, "\n");
        script.comment("Changeset a::1::b\nsecond line");
        script.statement(&Sql::new("select 1"));
        script.statement(&Sql::new("done;"));
        script.statement(&Sql { text: "begin null; end;".into(), end_delimiter: Some("/".into()), parameters: Vec::new() });
        assert_eq!(script.take(), "-- Changeset a::1::b\n-- second line\nselect 1;\n\ndone;\n\nbegin null; end;/\n\n");
        let mut script = Script::new(&dialect::oracle::DIALECT, "\n");
        script.statement(&Sql { text: "begin null; end;\n/".into(), end_delimiter: Some(String::new()), parameters: Vec::new() });
        script.statement(&Sql {
            text: "create procedure p is begin null; end;".into(),
            end_delimiter: Some("\n/".into()),
            parameters: Vec::new(),
        });
        assert_eq!(script.take(), "begin null; end;\n/\n\ncreate procedure p is begin null; end;\n/\n\n");
        let mut script = Script::new(&dialect::mssql::DIALECT, "\n");
        script.statement(&Sql::new("select 1"));
        script.statement_of_change(&Sql::new("select 2"));
        script.statement_of_change(&Sql::new("select 3;"));
        script.statement_of_change(&Sql { text: "select 4".into(), end_delimiter: Some("/".into()), parameters: Vec::new() });
        assert_eq!(script.take(), "select 1\nGO\n\nselect 2;\nGO\n\nselect 3;\nGO\n\nselect 4\nGO\n\n");
        let mut script = Script::new(&dialect::postgres::DIALECT, "\r\n");
        script.comment("one");
        script.statement(&Sql::new("select 'a\nb'"));
        assert_eq!(script.take(), "-- one\r\nselect 'a\nb';\r\n\r\n");
        assert_eq!(script_delimiter(Some("\\nGO"), ";"), "\nGO");
        assert_eq!(script_delimiter(Some("[x]+"), ";"), ";");
    }
}
