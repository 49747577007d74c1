//! As much SQL as the run loop sends for the changelog of the simulation, on tables in memory. What it does not know is a
//! panic: a model that guesses proves nothing.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// A row, by column in lower case.
pub(super) type Row = BTreeMap<String, Option<String>>;

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// Columns in lower case, with the text of their type.
    pub(super) columns: Vec<(String, String)>,
    pub(super) rows: Vec<Row>,
    pub(super) indexes: BTreeSet<String>,
    key: Vec<String>,
}

/// All tables, by name in lower case, without schema. A copy shares what is not changed.
pub(super) type Tables = BTreeMap<String, Arc<Table>>;

/// Why a statement is refused; the codes are the flavour's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    TableExists,
    NoTable,
    IndexExists,
    NoIndex,
    ColumnExists,
    NoColumn,
    DuplicateKey,
    SecondRow,
}

/// What a statement gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) affected: u64,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Option<String>>>,
}

/// A piece of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A word or number; quoted names too.
    Word(String),
    Text(String),
    Sign(char),
}

fn tokens(sql: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            ' ' | '\n' => {}
            '\'' => {
                let mut text = String::new();
                while let Some(c) = rest.next() {
                    if c == '\'' && rest.next_if_eq(&'\'').is_none() {
                        break;
                    }
                    text.push(c);
                }
                out.push(Token::Text(text));
            }
            '`' | '"' => out.push(Token::Word(rest.by_ref().take_while(|other| *other != c).collect())),
            c if c.is_ascii_alphanumeric() || c == '_' => {
                let mut word = String::from(c);
                while let Some(c) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    word.push(c);
                }
                out.push(Token::Word(word));
            }
            sign => out.push(Token::Sign(sign)),
        }
    }
    out
}

thread_local! {
    /// The same texts come in each schedule.
    static KNOWN: RefCell<HashMap<String, Rc<[Token]>>> = RefCell::default();
}

/// Reads the tokens of one statement.
struct Reader<'s> {
    sql: &'s str,
    tokens: Rc<[Token]>,
    at: usize,
}

impl<'s> Reader<'s> {
    fn new(sql: &'s str) -> Reader<'s> {
        let known = KNOWN.with_borrow(|known| known.get(sql).cloned());
        let tokens = known.unwrap_or_else(|| {
            let new: Rc<[Token]> = tokens(sql).into();
            KNOWN.with_borrow_mut(|known| known.insert(sql.to_owned(), Rc::clone(&new)));
            new
        });
        Reader { sql, tokens, at: 0 }
    }

    fn unknown(&self) -> ! {
        panic!("the model does not know {} (at token {} of {:?})", self.sql, self.at, self.tokens)
    }

    fn is_at_end(&self) -> bool {
        self.at == self.tokens.len()
    }

    fn next(&mut self) -> Token {
        let token = self.tokens.get(self.at).cloned().unwrap_or_else(|| self.unknown());
        self.at += 1;
        token
    }

    /// Takes these words or signs, in any letter case, if they come next.
    fn takes(&mut self, words: &str) -> bool {
        let wanted = Reader::new(words).tokens;
        let found = self.tokens.get(self.at..self.at + wanted.len()).is_some_and(|found| {
            found.iter().zip(wanted.iter()).all(|pair| match pair {
                (Token::Word(a), Token::Word(b)) => a.eq_ignore_ascii_case(b),
                (a, b) => a == b,
            })
        });
        self.at += if found { wanted.len() } else { 0 };
        found
    }

    fn must(&mut self, words: &str) {
        if !self.takes(words) {
            self.unknown();
        }
    }

    fn word(&mut self) -> String {
        match self.next() {
            Token::Word(word) => word.to_lowercase(),
            _ => self.unknown(),
        }
    }

    /// The last part of a qualified name.
    fn name(&mut self) -> String {
        let mut name = self.word();
        while self.takes(".") {
            name = self.word();
        }
        name
    }

    /// Names in parentheses.
    fn names(&mut self) -> Vec<String> {
        self.must("(");
        let mut names = vec![self.name()];
        while self.takes(",") {
            names.push(self.name());
        }
        self.must(")");
        names
    }

    /// A value; that of a column comes out of `row`.
    fn value(&mut self, row: Option<&Row>) -> Option<String> {
        match self.next() {
            Token::Text(text) => Some(text),
            Token::Word(word) if word.eq_ignore_ascii_case("null") => None,
            Token::Word(word) if self.takes("()") => Some(format!("{}()", word.to_lowercase())),
            Token::Word(word) if word.bytes().all(|b| b.is_ascii_digit()) => Some(word),
            Token::Word(word) if ["true", "false"].contains(&word.to_lowercase().as_str()) => Some(word.to_lowercase()),
            Token::Word(word) => {
                let old = row.and_then(|row| row.get(&word.to_lowercase())).unwrap_or_else(|| self.unknown()).clone();
                if !self.takes("+") {
                    return old;
                }
                let number = |text: Option<String>| text.and_then(|t| t.parse::<i64>().ok());
                Some((number(old)? + number(Some(self.word()))?).to_string())
            }
            Token::Sign(_) => self.unknown(),
        }
    }

    /// `WHERE a = 1 AND …` up to the end; every row when there is none.
    fn condition(&mut self) -> Vec<(String, Option<String>)> {
        let mut pairs = Vec::new();
        if self.takes("WHERE") {
            loop {
                let column = self.name();
                self.must("=");
                pairs.push((column, self.value(None)));
                if !self.takes("AND") {
                    break;
                }
            }
        }
        if !self.is_at_end() {
            self.unknown();
        }
        pairs
    }

    /// The text of a type, up to a comma, a closing parenthesis or a constraint.
    fn column_type(&mut self) -> String {
        let mut text = self.word();
        if self.takes("(") {
            text = format!("{text}({})", self.word());
            self.must(")");
        }
        while self.takes("NOT NULL") || self.takes("NULL") || self.takes("WITHOUT TIME ZONE") || self.takes("PRIMARY KEY") {}
        text
    }
}

fn matches(row: &Row, condition: &[(String, Option<String>)]) -> bool {
    // NULL is equal to nothing; truth is written in two ways.
    let plain = |value: &Option<String>| match value.as_deref() {
        Some("true") => Some("1".to_owned()),
        Some("false") => Some("0".to_owned()),
        other => other.map(str::to_owned),
    };
    condition.iter().all(|(column, value)| value.is_some() && row.get(column).is_some_and(|found| plain(found) == plain(value)))
}

/// Whether a statement defines something, and so commits by itself where definitions do.
pub(super) fn is_definition(sql: &str) -> bool {
    ["CREATE ", "DROP ", "ALTER "].iter().any(|word| sql.starts_with(word))
}

/// Whether a statement only reads.
pub(super) fn is_query(sql: &str) -> bool {
    sql.starts_with("SELECT ")
}

fn writable<'t>(tables: &'t mut Tables, name: &str) -> Result<&'t mut Table, Refusal> {
    tables.get_mut(name).map(Arc::make_mut).ok_or(Refusal::NoTable)
}

/// Runs a statement. A refused one changes nothing.
pub(super) fn run(tables: &mut Tables, sql: &str) -> Result<Answer, Refusal> {
    let r = &mut Reader::new(sql);
    let affected = |n: usize| Answer { affected: n as u64, ..Answer::default() };
    if r.takes("CREATE TABLE") {
        let name = r.name();
        let mut table = Table::default();
        r.must("(");
        loop {
            if r.takes("CONSTRAINT") {
                r.name();
            }
            if r.takes("PRIMARY KEY") {
                table.key = r.names();
            } else {
                let column = r.name();
                let kind = r.column_type();
                table.columns.push((column, kind));
            }
            if !r.takes(",") {
                break;
            }
        }
        r.must(")");
        if tables.contains_key(&name) {
            return Err(Refusal::TableExists);
        }
        tables.insert(name, Arc::new(table));
        return Ok(Answer::default());
    }
    if r.takes("DROP TABLE") {
        return tables.remove(&r.name()).map(|_| Answer::default()).ok_or(Refusal::NoTable);
    }
    if r.takes("CREATE INDEX") {
        let index = r.name();
        r.must("ON");
        let table = r.name();
        if tables.values().any(|t| t.indexes.contains(&index)) {
            return Err(Refusal::IndexExists);
        }
        writable(tables, &table)?.indexes.insert(index);
        return Ok(Answer::default());
    }
    if r.takes("DROP INDEX") {
        let index = r.name();
        let owner = tables.values_mut().find(|t| t.indexes.contains(&index)).ok_or(Refusal::NoIndex)?;
        Arc::make_mut(owner).indexes.remove(&index);
        return Ok(Answer::default());
    }
    if r.takes("ALTER TABLE") {
        let name = r.name();
        let table = writable(tables, &name)?;
        if r.takes("ADD") {
            let column = r.name();
            let kind = r.column_type();
            if table.columns.iter().any(|(c, _)| *c == column) {
                return Err(Refusal::ColumnExists);
            }
            for row in &mut table.rows {
                row.insert(column.clone(), None);
            }
            table.columns.push((column, kind));
        } else {
            r.must("DROP COLUMN");
            let column = r.name();
            if !table.columns.iter().any(|(c, _)| *c == column) {
                return Err(Refusal::NoColumn);
            }
            table.columns.retain(|(c, _)| *c != column);
            for row in &mut table.rows {
                row.remove(&column);
            }
        }
        return Ok(Answer::default());
    }
    if r.takes("INSERT INTO") {
        let name = r.name();
        let columns = r.names();
        r.must("VALUES (");
        let mut values = vec![r.value(None)];
        while r.takes(",") {
            values.push(r.value(None));
        }
        r.must(")");
        let table = writable(tables, &name)?;
        let mut row: Row = table.columns.iter().map(|(c, _)| (c.clone(), None)).collect();
        row.extend(columns.into_iter().zip(values));
        let key = |row: &Row| table.key.iter().map(|c| row.get(c).cloned()).collect::<Vec<_>>();
        if !table.key.is_empty() && table.rows.iter().any(|other| key(other) == key(&row)) {
            return Err(Refusal::DuplicateKey);
        }
        table.rows.push(row);
        return Ok(affected(1));
    }
    if r.takes("UPDATE") {
        let table = r.name();
        let table = writable(tables, &table)?;
        r.must("SET");
        // Values may depend on the row, the condition comes behind them: read once for each row.
        let start = r.at;
        let mut changed = 0;
        for row in &mut table.rows {
            r.at = start;
            let old = row.clone();
            let mut new = row.clone();
            loop {
                let column = r.name();
                r.must("=");
                new.insert(column, r.value(Some(&old)));
                if !r.takes(",") {
                    break;
                }
            }
            if matches(&old, &r.condition()) {
                changed += 1;
                *row = new;
            }
        }
        return Ok(affected(changed));
    }
    if r.takes("DELETE FROM") {
        let table = r.name();
        let table = writable(tables, &table)?;
        let condition = r.condition();
        let before = table.rows.len();
        table.rows.retain(|row| !matches(row, &condition));
        return Ok(affected(before - table.rows.len()));
    }
    r.must("SELECT");
    if r.takes("CASE WHEN EXISTS (SELECT 1 FROM") {
        // The fence: a subquery of two rows unless the row is ours.
        let table = r.name();
        let mut condition = Vec::new();
        r.must("WHERE");
        loop {
            let column = r.name();
            r.must("=");
            condition.push((column, r.value(None)));
            if !r.takes("AND") {
                break;
            }
        }
        r.must(") THEN 1 ELSE (SELECT 1 UNION SELECT 2) END");
        let holds = tables.get(&table).ok_or(Refusal::NoTable)?.rows.iter().any(|row| matches(row, &condition));
        return if holds { Ok(Answer::default()) } else { Err(Refusal::SecondRow) };
    }
    if sql.contains("information_schema.tables") || sql.contains("to_regclass(") {
        // Whether there is a table, by its name or its qualified one.
        let last = |text: &String| text.rsplit('.').next().unwrap_or_default().to_lowercase();
        let mut names = r.tokens.iter().filter_map(|t| if let Token::Text(text) = t { Some(last(text)) } else { None });
        let is_there = names.any(|name| tables.contains_key(&name));
        let rows = if is_there { vec![vec![Some("1".to_owned())]] } else { Vec::new() };
        return Ok(Answer { columns: vec!["found".to_owned()], rows, affected: 0 });
    }
    if sql.contains("information_schema.columns") || sql.contains("pg_catalog.pg_class") {
        // The columns of named tables: name, column, type, length of a text type, whether the
        // letter case is right, which does not count here.
        let names: Vec<&String> = r.tokens.iter().filter_map(|t| if let Token::Text(text) = t { Some(text) } else { None }).collect();
        let mut rows = Vec::new();
        for (name, table) in tables.iter().filter(|(name, _)| names.contains(name)) {
            for (column, kind) in &table.columns {
                let (word, length) = kind.trim_end_matches(')').split_once('(').map_or((kind.as_str(), None), |(w, l)| (w, Some(l)));
                rows.push(vec![
                    Some(name.clone()),
                    Some(column.clone()),
                    Some(word.to_owned()),
                    length.map(str::to_owned),
                    Some("1".to_owned()),
                ]);
            }
        }
        let columns = ["table_name", "column_name", "column_type", "length", "is_meant"].map(str::to_owned).to_vec();
        return Ok(Answer { columns, rows, affected: 0 });
    }
    if r.takes("COUNT(*), MAX(ORDEREXECUTED) FROM") {
        let table = tables.get(&r.name()).ok_or(Refusal::NoTable)?;
        let orders = table.rows.iter().filter_map(|row| row.get("orderexecuted")?.as_ref()?.parse::<i64>().ok());
        let row = vec![Some(table.rows.len().to_string()), orders.max().map(|n| n.to_string())];
        return Ok(Answer { columns: ["count", "max"].map(str::to_owned).to_vec(), rows: vec![row], affected: 0 });
    }
    let mut columns = Vec::new();
    if !r.takes("*") {
        columns.push(r.word());
        while r.takes(",") {
            columns.push(r.word());
        }
    }
    r.must("FROM");
    let table = r.name();
    let table = tables.get(&table).ok_or(Refusal::NoTable)?;
    let is_in_order = r.takes("ORDER BY DATEEXECUTED ASC, ORDEREXECUTED ASC");
    let condition = r.condition();
    let mut found: Vec<&Row> = table.rows.iter().filter(|row| matches(row, &condition)).collect();
    if is_in_order {
        // No time passes between the rows of the model.
        found.sort_by_key(|row| row.get("orderexecuted").cloned().flatten().and_then(|n| n.parse::<i64>().ok()));
    }
    if columns.is_empty() {
        columns = table.columns.iter().map(|(c, _)| c.clone()).collect();
    }
    let rows = found.iter().map(|row| columns.iter().map(|c| row.get(c).cloned().flatten()).collect()).collect();
    Ok(Answer { columns, rows, affected: 0 })
}
