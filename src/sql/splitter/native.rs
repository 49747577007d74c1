//! Splitting by the lexical rules of a dialect.

use super::SplitOptions;
use super::blocks::{Nesting, is_one_of, opens_block};
use super::lexis::{Blocks, Lexis};
use super::pieces::{Clean, Piece, Pieces};
use super::scanner::{Kind, Scanner, Token, is_executable};

/// What CREATE makes that can have statements inside.
const ROUTINES: [&str; 6] = ["PROCEDURE", "PROC", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"];
/// Words behind CREATE that show that it makes something else.
const OTHERS: [&str; 17] = [
    "AS",
    "ON",
    "FOR",
    "TABLE",
    "VIEW",
    "INDEX",
    "SEQUENCE",
    "SCHEMA",
    "DATABASE",
    "USER",
    "ROLE",
    "LOGIN",
    "DOMAIN",
    "TYPE",
    "SYNONYM",
    "SERVER",
    "EXTENSION",
];
/// Words that begin a statement behind the AS of a procedure whose body is no block.
const STATEMENTS: [&str; 19] = [
    "SELECT",
    "SET",
    "DECLARE",
    "INSERT",
    "UPDATE",
    "DELETE",
    "MERGE",
    "IF",
    "WHILE",
    "EXEC",
    "EXECUTE",
    "RETURN",
    "WITH",
    "PRINT",
    "THROW",
    "RAISERROR",
    "TRUNCATE",
    "CREATE",
    "DROP",
];
/// The most that a `GO` line repeats a batch; a larger count is left for the server to refuse.
const MOST_TIMES: usize = 1000;

/// Splits a text; `None` when a quote or comment in it is not closed, so that it cannot be read by these rules.
pub(super) fn split(clean: &Clean<'_>, options: &SplitOptions<'_>, lexis: &Lexis) -> Option<Vec<Piece>> {
    let text = clean.text();
    let mut scanner = Scanner::new(text, lexis);
    let mut pieces = Pieces::new(clean);
    let mut statement = Unit::new(lexis, last_slash_line(text));
    let mut previous: Option<Token<'_>> = None;
    while let Some(token) = scanner.next() {
        let end = match token.kind {
            _ if !options.split_statements || !token.is_significant() => End::None,
            Kind::Delimiter => End::Times(1),
            _ => end_at(&mut scanner, &token, previous.as_ref(), &statement, lexis),
        };
        match end {
            End::DelimiterLine => {}
            End::None => {
                statement.see(&token, &scanner);
                if !(token.kind == Kind::Comment && options.strip_comments) {
                    pieces.push(token.text, token.start..token.end(), token.kind == Kind::Blank);
                }
            }
            End::Times(times) => {
                if token.text == ";" && statement.keeps_semicolon() {
                    pieces.push(token.text, token.start..token.end(), false);
                }
                finish(&mut pieces, &statement, times);
                statement.clear();
            }
        }
        previous = Some(token);
    }
    finish(&mut pieces, &statement, 1);
    (!scanner.is_unclosed()).then(|| pieces.into_done())
}

fn finish(pieces: &mut Pieces<'_>, statement: &Unit<'_>, times: usize) {
    if statement.lexis.refuses_empty && !statement.has_code {
        return pieces.discard();
    }
    if statement.head == Head::ToEnd && statement.lexis.blocks == Blocks::Batches {
        pieces.drop_semicolon();
    }
    pieces.finish(times);
}

/// Whether a statement ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It does not.
    None,
    /// It does, with this token or line, and it counts so many times.
    Times(usize),
    /// It does not; this line says what ends those that follow.
    DelimiterLine,
}

fn end_at<'a>(scanner: &mut Scanner<'a>, token: &Token<'a>, previous: Option<&Token<'a>>, statement: &Unit<'_>, lexis: &Lexis) -> End {
    if lexis.delimiter_lines
        && !statement.has_code
        && token.is_word("DELIMITER")
        && let Some(delimiter) = delimiter_line(scanner.rest())
    {
        scanner.set_delimiter(Some(delimiter).filter(|d| *d != ";"));
        scanner.skip_line();
        return End::DelimiterLine;
    }
    if scanner.delimiter().is_some() {
        return End::None;
    }
    let starts_line = |indented: bool| {
        previous.is_none_or(|p| if indented { p.kind == Kind::Blank && p.text.contains('\n') } else { p.text.ends_with('\n') })
    };
    if token.is_word("GO") {
        let has_batches = lexis.blocks == Blocks::Batches;
        if starts_line(has_batches) && (has_batches || !statement.holds()) {
            let times = go_line(scanner.rest_of_line(), has_batches);
            if times.is_some() {
                scanner.skip_line();
            }
            return times.map_or(End::None, End::Times);
        }
    } else if token.text == "/" {
        let is_plsql = lexis.blocks == Blocks::PlSql;
        let is_alone = starts_line(is_plsql) && scanner.rest_of_line().trim().is_empty();
        return if is_alone && (is_plsql || !statement.holds()) { End::Times(1) } else { End::None };
    } else if token.text == ";" && !statement.holds() {
        // In a batch, `IF … a; ELSE b` is one statement.
        let goes_on = lexis.blocks == Blocks::Batches && scanner.next_two().0.is_some_and(|t| t.is_word("ELSE"));
        return if goes_on { End::None } else { End::Times(1) };
    }
    End::None
}

/// The delimiter that stands behind `DELIMITER` in its line.
fn delimiter_line(rest: &str) -> Option<&str> {
    let delimiter = rest.trim_start_matches([' ', '\t']);
    let length = delimiter.find(char::is_whitespace).unwrap_or(delimiter.len());
    delimiter.get(..length).filter(|d| !d.is_empty() && delimiter.len() < rest.len())
}

/// How often a batch counts by what stands behind its `GO`; `None` when that is something else.
fn go_line(rest: &str, counts: bool) -> Option<usize> {
    let rest = rest.split("--").next().unwrap_or(rest).trim();
    let rest = rest.strip_suffix(';').unwrap_or(rest).trim_end();
    if rest.is_empty() {
        return Some(1);
    }
    rest.parse().ok().filter(|n| counts && *n <= MOST_TIMES)
}

/// Where the last line with `/` alone starts.
fn last_slash_line(text: &str) -> Option<usize> {
    let mut end = text.len();
    for line in text.rsplit('\n') {
        let start = end - line.len();
        if line.trim() == "/" {
            return Some(start);
        }
        end = start.saturating_sub(1);
    }
    None
}

/// What kind of statement is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    /// Its first word is still to come.
    Start,
    /// CREATE or ALTER, and it is not known of what.
    Create,
    /// One that ends at its first semicolon.
    Plain,
    /// One that can have blocks.
    Routine,
    /// One that ends with the batch or the text.
    ToEnd,
}

/// The statement that is being read.
#[derive(Debug)]
struct Unit<'a> {
    lexis: &'a Lexis,
    /// Where the last line with `/` alone starts, in PL/SQL.
    last_slash: Option<usize>,
    head: Head,
    nesting: Nesting,
    /// How many parentheses are open, where they count.
    parentheses: usize,
    /// Whether the last word was AS.
    is_behind_as: bool,
    /// Whether there is anything but comments.
    has_code: bool,
}

impl<'a> Unit<'a> {
    fn new(lexis: &'a Lexis, last_slash: Option<usize>) -> Self {
        let last_slash = last_slash.filter(|_| lexis.blocks == Blocks::PlSql);
        let nesting = Nesting::new(lexis.blocks);
        Unit { lexis, last_slash, head: Head::Start, nesting, parentheses: 0, is_behind_as: false, has_code: false }
    }

    fn clear(&mut self) {
        self.nesting.clear();
        self.head = Head::Start;
        self.parentheses = 0;
        self.is_behind_as = false;
        self.has_code = false;
    }

    /// Whether a semicolon here belongs to the statement.
    fn holds(&self) -> bool {
        let is_unit = self.head == Head::Routine && self.lexis.blocks == Blocks::PlSql;
        self.head == Head::ToEnd || self.nesting.is_open() || self.parentheses > 0 || (is_unit && !self.nesting.is_closed())
    }

    /// Whether its last semicolon is part of it.
    fn keeps_semicolon(&self) -> bool {
        self.lexis.blocks == Blocks::PlSql && self.nesting.is_closed()
    }

    /// Takes a token of it; `scanner` stands behind that.
    fn see(&mut self, token: &Token<'_>, scanner: &Scanner<'_>) {
        match token.kind {
            Kind::Word => self.word(token, scanner),
            Kind::Symbol => self.symbol(token.text),
            Kind::Comment if !self.lexis.executable_comments || !is_executable(token.text) => return,
            Kind::Comment | Kind::Quoted | Kind::Delimiter => self.start(Head::Plain),
            Kind::Blank | Kind::KeptComment => return,
        }
        self.has_code = true;
    }

    fn start(&mut self, head: Head) {
        if self.head == Head::Start {
            self.head = head;
        }
    }

    fn symbol(&mut self, text: &str) {
        match text {
            "(" if self.lexis.parentheses_hold => self.parentheses += 1,
            ")" => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
        self.nesting.symbol(text);
    }

    fn word(&mut self, word: &Token<'_>, scanner: &Scanner<'_>) {
        if self.head == Head::Start && word.is_word("BEGIN") && !opens_block(scanner.next_two()) {
            self.head = Head::Plain;
            return;
        }
        match self.head {
            Head::Start => self.head = self.first(word, scanner),
            Head::Create if is_one_of(word, &ROUTINES) => self.head = self.routine(word),
            Head::Create if word.is_word("TYPE") && scanner.next_two().0.is_some_and(|t| t.is_word("BODY")) => {
                self.head = self.routine(word);
            }
            Head::Create if is_one_of(word, &OTHERS) => self.head = Head::Plain,
            _ => {}
        }
        let has_batches = self.lexis.blocks == Blocks::Batches;
        if has_batches && self.head == Head::Routine && !self.nesting.is_open() {
            let is_transaction = || word.is_word("BEGIN") && !opens_block(scanner.next_two());
            if self.is_behind_as && (is_one_of(word, &STATEMENTS) || is_transaction()) {
                self.head = Head::ToEnd;
            }
            self.is_behind_as = word.is_word("AS");
        }
        if self.head == Head::Routine || (has_batches && self.head == Head::Plain) {
            self.nesting.word(word, scanner);
        }
    }

    /// The head of a statement with that first word.
    fn first(&self, word: &Token<'_>, scanner: &Scanner<'_>) -> Head {
        let next_is = |w: &str| scanner.next_two().0.is_some_and(|t| t.is_word(w));
        match self.lexis.blocks {
            _ if word.is_word("BEGIN") => return Head::Routine,
            _ if word.is_word("CREATE") => return Head::Create,
            Blocks::PlSql if word.is_word("DECLARE") || (word.is_word("WITH") && (next_is("FUNCTION") || next_is("PROCEDURE"))) => {
                return self.routine(word);
            }
            Blocks::Batches if word.is_word("ALTER") => return Head::Create,
            Blocks::Batches if word.is_word("DECLARE") && scanner.next_two().0.is_some_and(|t| t.text.starts_with('@')) => {
                return Head::ToEnd;
            }
            Blocks::Compound if word.is_word("ALTER") => return Head::Create,
            _ => {}
        }
        Head::Plain
    }

    /// The head of a routine of that kind: in PL/SQL it goes to the next `/` line if there is one.
    fn routine(&self, kind: &Token<'_>) -> Head {
        let to_end = self.last_slash.is_some_and(|at| at > kind.start) || is_one_of(kind, &["PACKAGE", "TYPE", "WITH"]);
        if self.lexis.blocks == Blocks::PlSql && to_end { Head::ToEnd } else { Head::Routine }
    }
}
