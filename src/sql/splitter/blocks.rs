//! Blocks of stored programs: how deep a token stands in them.
//!
//! Each `END` closes one block, whatever word stands behind it (`END IF`, `END LOOP`), so what must be known is which
//! words open one. `IF` does with its `THEN`, but not as a function (`IF(a, b, c)`) and not in `DROP … IF EXISTS`.

use super::lexis::Blocks;
use super::scanner::{Scanner, Token};

/// Words behind a `BEGIN` or `END` that has nothing to do with blocks.
const NO_BLOCK: [&str; 6] = ["TRANSACTION", "TRAN", "TRANS", "DISTRIBUTED", "DIALOG", "CONVERSATION"];
/// Further words behind a `BEGIN` that starts a transaction where no block is open.
const TRANSACTION: [&str; 7] = ["WORK", "DEFERRED", "IMMEDIATE", "EXCLUSIVE", "CONCURRENT", "ISOLATION", "READ"];
/// Words behind `END` that say what is closed.
const CLOSED: [&str; 8] = ["IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR", "TRY", "CATCH"];

/// A word whose block opens with a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Pending {
    /// None.
    #[default]
    None,
    /// `IF`: with `THEN`.
    If,
    /// `WHEN`, `ELSEIF`: their `THEN` opens nothing.
    Branch,
    /// `WHILE`, `FOR`: with `DO`.
    Loop,
}

/// An open block.
#[derive(Debug, Clone, Copy)]
struct Frame {
    /// Whether it is a `CASE`, which may be an expression.
    is_case: bool,
    /// What was pending around it.
    around: Pending,
}

/// The blocks that are open in a statement.
#[derive(Debug, Clone)]
pub(super) struct Nesting {
    blocks: Blocks,
    open: Vec<Frame>,
    pending: Pending,
    /// Whether the next word belongs to an `END`.
    is_behind_end: bool,
    /// Whether the outermost block was closed.
    is_closed: bool,
}

impl Nesting {
    pub(super) fn new(blocks: Blocks) -> Self {
        Nesting { blocks, open: Vec::new(), pending: Pending::None, is_behind_end: false, is_closed: false }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        *self = Nesting { open: std::mem::take(&mut self.open), ..Nesting::new(self.blocks) };
        self.open.clear();
    }

    /// Whether a block is open.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Whether the outermost block was closed.
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Takes a symbol: a semicolon stands between two statements of a block.
    pub(super) fn symbol(&mut self, symbol: &str) {
        self.is_behind_end = false;
        if symbol == ";" {
            self.pending = Pending::None;
        }
    }

    /// Takes a word; `scanner` stands behind it.
    pub(super) fn word(&mut self, word: &Token<'_>, scanner: &Scanner<'_>) {
        let is = |w: &str| word.is_word(w);
        if std::mem::take(&mut self.is_behind_end) && is_one_of(word, &CLOSED) {
            return;
        }
        if is("BEGIN") {
            if scanner.next_two().0.is_none_or(|t| !is_one_of(&t, &NO_BLOCK)) {
                self.pending = Pending::None;
                self.open(false);
            }
        } else if is("END") {
            if scanner.next_two().0.is_none_or(|t| !is_one_of(&t, &NO_BLOCK)) {
                self.close();
            }
        } else if is("CASE") {
            self.open(true);
        } else if matches!(self.blocks, Blocks::Compound | Blocks::PlSql) {
            self.compound(word, scanner);
        }
    }

    fn compound(&mut self, word: &Token<'_>, scanner: &Scanner<'_>) {
        let is = |w: &str| word.is_word(w);
        if is("IF") {
            if self.pending == Pending::None {
                self.pending = Pending::If;
            }
        } else if is("WHEN") || is("ELSEIF") || is("ELSIF") {
            self.pending = Pending::Branch;
        } else if is("THEN") {
            if std::mem::take(&mut self.pending) == Pending::If {
                self.open(false);
            }
        } else if is("LOOP") || (is("REPEAT") && scanner.next_two().0.is_none_or(|t| t.text != "(")) {
            self.pending = Pending::None;
            self.open(false);
        } else if is("WHILE") || (is("FOR") && scanner.next_two().1.is_some_and(|t| t.is_word("IN") || t.is_word("AS"))) {
            self.pending = Pending::Loop;
        } else if is("DO") && self.pending == Pending::Loop {
            self.pending = Pending::None;
            self.open(false);
        }
    }

    fn open(&mut self, is_case: bool) {
        self.open.push(Frame { is_case, around: std::mem::take(&mut self.pending) });
    }

    fn close(&mut self) {
        self.is_behind_end = true;
        let frame = self.open.pop();
        self.pending = frame.map_or(Pending::None, |f| f.around);
        self.is_closed |= self.open.is_empty() && !frame.is_some_and(|f| f.is_case);
    }
}

/// Whether a `BEGIN` at the start of a statement opens a block; else it starts a transaction.
pub(super) fn opens_block(next: (Option<Token<'_>>, Option<Token<'_>>)) -> bool {
    next.0.is_some_and(|first| {
        let begins_transaction = first.text == ";"
            || is_one_of(&first, &NO_BLOCK)
            || is_one_of(&first, &TRANSACTION)
            || (first.is_word("NOT") && next.1.is_some_and(|t| t.is_word("DEFERRABLE")));
        !begins_transaction
    })
}

/// Whether a token is one of these words.
pub(super) fn is_one_of(token: &Token<'_>, words: &[&str]) -> bool {
    words.iter().any(|w| token.is_word(w))
}
