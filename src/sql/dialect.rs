//! The type of dialects. The dialects themselves are constants in [`crate::dialect`].

use super::action::Rendered;
use super::capabilities::{Before, Capabilities};
use super::data_type::DataType;
use super::splitter::Lexis;
use super::statement::{Statement, StatementKind};
use super::target::Target;
use super::temporal::Temporal;
use super::validation::Validation;
use std::borrow::Cow;
use std::fmt;

/// A server version; comparison is by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// Reads the leading `major[.minor[.patch]]` of a version text, wherever its first digit is.
    pub fn parse(text: &str) -> Option<Version> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let mut numbers = text[start..].split(|c: char| !c.is_ascii_digit()).map(|n| n.parse::<u32>().ok());
        let major = numbers.next().flatten()?;
        Some(Version(major, numbers.next().flatten().unwrap_or(0), numbers.next().flatten().unwrap_or(0)))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// How the newest row of the ledger is found when it is tagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagForm {
    /// `UPDATE … FROM (SELECT … LIMIT 1)`.
    FromSubquery,
    /// `UPDATE … INNER JOIN (SELECT … limit 1)`.
    InnerJoin,
    /// By the row's own id.
    RowId,
    /// By the latest date; rows of one second are tagged together.
    MaxDate,
}

/// Which catalog a live database has: how to ask what exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogFamily {
    /// `pg_catalog`.
    Postgres,
    /// MySQL's `information_schema`.
    MySql,
    /// `sqlite_master` and pragmas.
    Sqlite,
}

/// How a statement that changes nothing is made to fail when a condition does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// By a row whose key is there already. It needs the right to add rows.
    DuplicateKey,
    /// By a subquery that gives a second row where one value is needed. It locks nothing.
    SecondRow,
}

/// How a session is named, and looked at and ended from another session of the same user.
#[derive(Debug, Clone, Copy)]
pub struct SessionSql {
    /// Asks for the number of the own session.
    pub own: &'static str,
    /// Ends the session of that number (a number as the server gave it); what it had not committed is rolled back.
    pub end: fn(&str) -> String,
    /// Asks which sessions the one of that number waits for: NUMBER (0 for what is no session), USERNAME, PROGRAM, CLIENT, STATE,
    /// SECONDS that its transaction has been open, VERB (the first word of its last statement), and CERTAIN, which is false for one
    /// that only may be meant.
    pub blockers: fn(&str) -> String,
}

/// How the table of the ledger is defined.
#[derive(Debug, Clone, Copy)]
pub struct LedgerForm {
    /// Type of its texts, without their length.
    pub text: &'static str,
    /// Type of its time.
    pub time: &'static str,
    /// Longest id and author.
    pub id_length: u32,
    /// Whether what names a changeset is its primary key.
    pub is_keyed: bool,
    /// Whether a text that is longer than its column is refused.
    pub is_bounded: bool,
}

/// How a database spells SQL: a constant. A dialect derived from another one takes its fields with `..`.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// Short name, as in `dbms` lists and `offline:` URLs.
    pub id: &'static str,
    /// Other names it is known by.
    pub aliases: &'static [&'static str],
    /// Product name, as in Liquibase's messages.
    pub product: &'static str,
    /// Opening and closing quote of names.
    pub quotes: (char, char),
    /// What a closing quote inside a name is replaced by.
    pub quote_escape: &'static str,
    /// Whether a word (upper case) is reserved.
    pub reserved: fn(&str, &Target) -> bool,
    /// The current date and time, as a function call.
    pub now: &'static str,
    /// What else the current date or time is called, in texts that are defaults of timestamps.
    pub now_words: &'static [&'static str],
    /// The current date and time as the ledger's statements write it.
    pub ledger_now: &'static str,
    /// How the table of the ledger is defined.
    pub ledger: LedgerForm,
    /// How one session of a server is ended from another; `None` where there is no server.
    pub sessions: Option<SessionSql>,
    /// A query of one text that differs whenever rows of a table do, whatever their order where the server can say so;
    /// takes columns and table. `None` where a run does not look for one.
    pub sum_of_rows: Option<fn(&[String], &str) -> String>,
    /// How a write is kept from happening when the lock is somebody else's.
    pub guard: Guard,
    /// How the newest row of the ledger is tagged.
    pub tag_form: TagForm,
    /// What makes a quoted schema or catalog the current one for a session.
    pub set_schema: fn(&str) -> Option<String>,
    /// The words that make a column count up, for `${database.autoIncrementClause}`.
    pub auto_increment_words: &'static str,
    /// The schema that is current where none is chosen, if its name is always the same.
    pub default_schema: Option<&'static str>,
    /// Which catalog a live database of this dialect has.
    pub catalog: CatalogFamily,
    /// How scripts of it are cut into statements.
    pub lexis: Lexis,
    /// What starts a line comment in scripts.
    pub line_comment: &'static str,
    /// What ends a statement in scripts.
    pub terminator: &'static str,
    /// Whether a changeset may choose what ends its statements in scripts; else the terminator ends each, whatever it
    /// ends in itself.
    pub own_delimiters: bool,
    /// What a statement of a change ends in itself, in scripts that are run forwards.
    pub statement_end: Option<&'static str>,
    /// What a session is told in scripts before each changeset.
    pub session_setup: Option<&'static str>,
    /// What a script that runs changesets ends in.
    pub script_end: Option<&'static str>,
    /// What ends the text of a procedure in scripts; the text itself is sent without it.
    pub procedure_end: &'static str,
    /// A line that ends a block in scripts; behind it no terminator stands.
    pub block_end: Option<&'static str>,
    /// What it can do.
    pub caps: Capabilities,
    /// Adjustments for older versions.
    pub before: &'static [Before],
    /// Statements that it does not have, beside those that its capabilities rule out.
    pub unsupported: &'static [StatementKind],
    /// Statements that it has only as the rebuild of a table whose definition the database keeps: none of them without a connection.
    pub rebuilds: &'static [StatementKind],
    /// Statements that undo nothing, though it has them: Liquibase refuses to roll back by them.
    pub never_undo: &'static [StatementKind],
    /// The native name of a type.
    pub data_type: fn(&DataType, &Target) -> Result<String, String>,
    /// Text in quotes.
    pub string: fn(&str) -> String,
    /// A date, time or timestamp.
    pub temporal: fn(&Temporal) -> String,
    /// An XML text that is already in quotes.
    pub xml: fn(String) -> String,
    /// The current time for a text that names it (`CURRENT_TIMESTAMP(3)`).
    pub current_time: for<'e> fn(&'e str, &Target) -> Cow<'e, str>,
    /// The next value of a sequence whose name is already quoted.
    pub next_value: fn(&str) -> Option<String>,
    /// The current value of a sequence whose name is already quoted.
    pub current_value: fn(&str) -> Option<String>,
    /// Whether a statement, by its first words, cannot run in a transaction. `None` where every statement can, or where
    /// those that cannot end the transaction by themselves.
    pub leaves_transaction: Option<fn(&[&str], &Target) -> bool>,
    /// What is truly different; `None` leaves it to the statement itself.
    pub special: fn(&Statement, &Target) -> Option<Rendered>,
    /// Restrictions beyond those that capabilities express.
    pub check: fn(&Statement, &Target, &mut Validation),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_server_texts() {
        assert_eq!(Version::parse("PostgreSQL 15.18 (Debian)"), Some(Version(15, 18, 0)));
        assert_eq!(Version::parse("10.11.6-MariaDB-0+deb12u1"), Some(Version(10, 11, 6)));
        assert_eq!(Version::parse("none"), None);
        assert!(Version(10, 2, 0) < Version(10, 11, 0));
    }
}
