//! A stored CREATE TABLE, split into columns and constraints whose texts stay as they are, and its edits.

use super::column::{Clause, Parts, Says};
use super::lexer::{Kind, Token, mentions, significant, tokens};
use std::ops::Range;

/// What a constraint of the table says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TableSays {
    /// PRIMARY KEY; whether it counts up without using a number twice.
    PrimaryKey(bool),
    /// UNIQUE.
    Unique,
    /// CHECK.
    Check,
    /// FOREIGN KEY.
    ForeignKey,
    /// A name alone.
    Nothing,
}

/// A constraint of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableConstraint {
    /// As it is written.
    pub(super) text: String,
    /// What it says.
    pub(super) says: TableSays,
    /// The columns of a key; for a CHECK none.
    pub(super) columns: Vec<String>,
}

/// A kind of constraint that is found by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// CHECK.
    Check,
    /// UNIQUE.
    Unique,
    /// FOREIGN KEY, REFERENCES.
    ForeignKey,
}

impl Named {
    fn is_of_column(self, says: &Says) -> bool {
        match self {
            Named::Check => matches!(says, Says::Check(_)),
            Named::Unique => *says == Says::Unique,
            Named::ForeignKey => *says == Says::References,
        }
    }

    fn of_table(self) -> TableSays {
        match self {
            Named::Check => TableSays::Check,
            Named::Unique => TableSays::Unique,
            Named::ForeignKey => TableSays::ForeignKey,
        }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    text: String,
    /// Its parts.
    pub(super) parts: Parts,
}

/// A table's definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    /// Its name as it is written.
    pub(super) name: String,
    /// What stands between the name and the columns.
    head: String,
    /// The columns in order.
    pub(super) columns: Vec<Column>,
    constraints: Vec<TableConstraint>,
    /// What stands behind the parenthesis.
    tail: String,
}

/// Words that begin a constraint of a table.
const STARTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

impl Definition {
    /// Reads the text that SQLite keeps.
    ///
    /// # Errors
    /// When it is not the definition of an ordinary table.
    pub(super) fn read(create: &str) -> Result<Definition, String> {
        let not_understood = || format!("this definition of a table is not understood: {create}");
        let all = tokens(create);
        let mut words = all.iter().filter(|t| t.kind != Kind::Blank).peekable();
        words.next_if(|t| t.is("CREATE")).ok_or_else(not_understood)?;
        if words.next_if(|t| t.is("VIRTUAL")).is_some() {
            return Err(format!("a virtual table cannot be altered: {create}"));
        }
        words.next_if(|t| t.is_one_of(&["TEMP", "TEMPORARY"]));
        words.next_if(|t| t.is("TABLE")).ok_or_else(not_understood)?;
        if words.next_if(|t| t.is("IF")).is_some() {
            words.nth(1);
        }
        let mut name = words.next().ok_or_else(not_understood)?;
        if words.next_if(|t| t.is_symbol('.')).is_some() {
            name = words.next().ok_or_else(not_understood)?;
        }
        let open = words.next_if(|t| t.is_symbol('(')).ok_or_else(not_understood)?;
        let (items, close) = split(create, &all, open.end()).ok_or_else(not_understood)?;
        let mut definition = Definition {
            name: identifier(name),
            head: create[name.end()..open.at].to_owned(),
            columns: Vec::new(),
            constraints: Vec::new(),
            tail: create[close + 1..].to_owned(),
        };
        for item in items {
            let item = &create[item];
            let is_constraint = significant(item).first().is_some_and(|t| t.is_one_of(STARTS));
            if is_constraint {
                definition.constraints.extend(table_constraints(item));
            } else {
                definition.columns.push(Column::read(item).ok_or_else(not_understood)?);
            }
        }
        if definition.columns.is_empty() { Err(not_understood()) } else { Ok(definition) }
    }

    /// CREATE TABLE under another name, which is already quoted.
    pub(super) fn create(&self, name: &str) -> String {
        let columns = self.columns.iter().map(|c| c.text.as_str());
        let items: Vec<&str> = columns.chain(self.constraints.iter().map(|c| c.text.as_str())).collect();
        format!("CREATE TABLE {name}{}({}){}", self.head, items.join(","), self.tail)
    }

    /// Its name without quotes.
    pub(super) fn plain_name(&self) -> String {
        significant(&self.name).first().and_then(Token::name).map_or_else(|| self.name.clone(), std::borrow::Cow::into_owned)
    }

    /// The constraints of the table.
    pub(super) fn constraints(&self) -> &[TableConstraint] {
        &self.constraints
    }

    /// The words behind the columns, in upper case.
    pub(super) fn options(&self) -> Vec<String> {
        let words = significant(&self.tail);
        let options = words.split(|t| t.is_symbol(',')).filter(|option| !option.is_empty());
        options.map(|option| option.iter().map(|t| t.text.to_ascii_uppercase()).collect::<Vec<_>>().join(" ")).collect()
    }

    /// The column of that name.
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.is_named(name))
    }

    fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|c| c.is_named(name))
    }

    /// Whether the table has no row ids.
    pub(super) fn is_without_rowid(&self) -> bool {
        significant(&self.tail).iter().any(|t| t.is("WITHOUT"))
    }

    /// Whether numbers of its key are never used twice.
    pub(super) fn is_autoincrement(&self) -> bool {
        let columns = self.columns.iter().any(|c| c.parts.find(|s| matches!(s, Says::PrimaryKey { autoincrement: true })).is_some());
        columns || self.constraints.iter().any(|c| c.says == TableSays::PrimaryKey(true))
    }

    /// The columns of the primary key; none when there is no key.
    pub(super) fn primary_key(&self) -> Vec<String> {
        let of_column = self.columns.iter().find(|c| c.parts.find(is_key).is_some()).map(|c| vec![c.parts.name.clone()]);
        let of_table = || self.constraints.iter().find(|c| matches!(c.says, TableSays::PrimaryKey(_))).map(|c| c.columns.clone());
        of_column.or_else(of_table).unwrap_or_default()
    }

    /// A column that is computed from that one.
    pub(super) fn computed_from(&self, name: &str) -> Option<&str> {
        let computed = |c: &&Column| {
            c.parts.clauses.iter().any(|clause| matches!(&clause.says, Says::Generated { expression, .. } if c.reads(expression, name)))
        };
        self.columns.iter().filter(|c| !c.is_named(name)).find(computed).map(|c| c.parts.name.as_str())
    }

    /// Whether a column is bound by more than `DROP COLUMN` lets go with it: a key, or a constraint elsewhere.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        let own = |c: &Column| c.is_named(name) && c.parts.find(|s| is_key(s) || *s == Says::Unique).is_some();
        let other = |c: &Column| !c.is_named(name) && c.parts.clauses.iter().any(|clause| c.checks(clause, name));
        self.columns.iter().any(|c| own(c) || other(c)) || self.constraints.iter().any(|c| c.binds(name))
    }

    /// Takes a column out of all constraints; a constraint of several columns goes as a whole, as it does elsewhere
    /// when one of its columns is dropped.
    pub(super) fn unbind(&mut self, name: &str) {
        self.constraints.retain(|c| !c.binds(name));
        for column in &mut self.columns {
            if column.is_named(name) {
                column.remove(|s| is_key(s) || *s == Says::Unique);
            } else {
                while let Some(clause) = column.parts.clauses.iter().find(|clause| column.checks(clause, name)).cloned() {
                    column.cut(&clause.place);
                }
            }
        }
    }

    /// Takes the primary key away; false when there is none.
    pub(super) fn drop_primary_key(&mut self) -> bool {
        let had = !self.primary_key().is_empty();
        self.constraints.retain(|c| !matches!(c.says, TableSays::PrimaryKey(_)));
        for column in &mut self.columns {
            column.remove(is_key);
        }
        had
    }

    /// Adds a constraint behind the others; false when its text is no such one.
    pub(super) fn add_constraint(&mut self, says: &TableSays, text: &str) -> bool {
        let new = table_constraints(&format!(" {text}"));
        let is_such = matches!(new.as_slice(), [one] if one.says == *says);
        if is_such {
            self.constraints.extend(new);
        }
        is_such
    }

    /// The columns of the constraint of that name, none for a CHECK of the table; `None` when there is no such constraint.
    pub(super) fn columns_of(&self, kind: Named, name: &str) -> Option<Vec<String>> {
        let of_column = self.columns.iter().find(|c| c.named(kind, name).is_some()).map(|c| vec![c.parts.name.clone()]);
        let of_table = || self.constraints.iter().find(|c| c.is_named(kind, name)).map(|c| c.columns.clone());
        of_column.or_else(of_table)
    }

    /// Takes the constraint of that name away; false when there is none.
    pub(super) fn drop_constraint(&mut self, kind: Named, name: &str) -> bool {
        let had = self.columns_of(kind, name).is_some();
        self.constraints.retain(|c| !c.is_named(kind, name));
        for column in &mut self.columns {
            while let Some(place) = column.named(kind, name) {
                let length = column.text.len();
                column.cut(&place);
                if column.text.len() == length {
                    return false;
                }
            }
        }
        had
    }

    /// Says that a column may not be NULL, by a constraint of that text, or that it may; false when that was so already.
    ///
    /// # Errors
    /// When there is no such column.
    pub(super) fn set_not_null(&mut self, name: &str, constraint: Option<&str>) -> Result<bool, ()> {
        let column = self.column_mut(name).ok_or(())?;
        let had = column.parts.find(|s| *s == Says::NotNull).is_some();
        match constraint {
            Some(text) if !had => column.insert(column.behind_type(), &format!(" {text}")),
            None if had => column.remove(|s| *s == Says::NotNull),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Gives a column another type; false when there is no such column.
    pub(super) fn set_type(&mut self, name: &str, native: &str) -> bool {
        let Some(column) = self.column_mut(name) else { return false };
        let (place, name_end) = (column.parts.type_place.clone(), column.parts.name_end);
        if place.is_empty() {
            column.insert(name_end, &format!(" {native}"))
        } else {
            column.replace(place, native)
        }
        true
    }

    /// Takes all foreign keys away; false when there are none.
    pub(super) fn drop_foreign_keys(&mut self) -> bool {
        let is_reference = |says: &Says| *says == Says::References;
        let of_columns = self.columns.iter().any(|c| c.parts.find(is_reference).is_some());
        let had = of_columns || self.constraints.iter().any(|c| c.says == TableSays::ForeignKey);
        self.constraints.retain(|c| c.says != TableSays::ForeignKey);
        for column in &mut self.columns {
            column.remove(is_reference);
        }
        had
    }

    /// Adds a column behind the others; false when its text is no definition.
    pub(super) fn add(&mut self, text: &str) -> bool {
        let column = Column::read(&format!(" {text}"));
        let read = column.is_some();
        self.columns.extend(column);
        read
    }

    /// Gives a column another default, or none; false when there is no such column.
    pub(super) fn set_default(&mut self, name: &str, default: Option<&str>) -> bool {
        let Some(column) = self.column_mut(name) else { return false };
        let old = column.parts.find(|s| matches!(s, Says::Default(_))).map(|c| c.place.clone());
        match (old, default) {
            (Some(place), Some(default)) => column.replace(place, &format!("DEFAULT {default}")),
            (Some(place), None) => column.cut(&place),
            (None, Some(default)) => column.insert(column.behind_type(), &format!(" DEFAULT {default}")),
            (None, None) => {}
        }
        true
    }

    /// Makes the key's only column count up: its type becomes INTEGER, the key stands in its definition.
    pub(super) fn count_up(&mut self, name: &str) {
        let of_table = self.constraints.iter().position(|c| matches!(c.says, TableSays::PrimaryKey(_)));
        let of_table = of_table.map(|at| self.constraints.remove(at));
        let Some(column) = self.column_mut(name) else { return };
        let own = column.parts.find(is_key).cloned();
        let key = match &own {
            Some(clause) => column.text[clause.place.start..clause.body].trim_end().to_owned(),
            None => of_table.map(|c| head_of_constraint(&c.text).to_owned()).unwrap_or_default(),
        };
        if let Some(clause) = own {
            column.cut(&clause.place);
        }
        let behind = column.behind_type();
        column.insert(behind, &[" ", &key, if key.is_empty() { "" } else { " " }, "PRIMARY KEY AUTOINCREMENT"].concat());
        self.set_type(name, "INTEGER");
    }

    /// Takes the table's own name from the front of columns in conditions and expressions, where it is not needed
    /// and would not hold under another name.
    pub(super) fn unqualify(&mut self, table: &str) {
        for column in &mut self.columns {
            if let Some(text) = unqualified(&column.text, table) {
                column.rewrite(text);
            }
        }
        for constraint in self.constraints.iter_mut().filter(|c| c.says == TableSays::Check) {
            if let Some(text) = unqualified(&constraint.text, table) {
                constraint.text = text;
            }
        }
    }
}

/// A name as an identifier: a text may stand for a name in a definition only.
fn identifier(token: &Token<'_>) -> String {
    match (token.kind, token.name()) {
        (Kind::Text, Some(name)) => format!("\"{}\"", name.replace('"', "\"\"")),
        _ => token.text.to_owned(),
    }
}

fn is_key(says: &Says) -> bool {
    matches!(says, Says::PrimaryKey { .. })
}

impl Column {
    fn read(text: &str) -> Option<Column> {
        Some(Column { text: text.to_owned(), parts: Parts::read(text)? })
    }

    fn is_named(&self, name: &str) -> bool {
        self.parts.name.eq_ignore_ascii_case(name)
    }

    /// A part of its text.
    pub(super) fn text_at(&self, place: &Range<usize>) -> Option<&str> {
        self.text.get(place.clone())
    }

    /// Whether the expression at that place reads a column.
    fn reads(&self, place: &Range<usize>, name: &str) -> bool {
        self.text.get(place.clone()).is_some_and(|text| mentions(&significant(text), name))
    }

    /// Whether a clause is a CHECK that reads a column.
    fn checks(&self, clause: &Clause, name: &str) -> bool {
        matches!(&clause.says, Says::Check(condition) if self.reads(condition, name))
    }

    /// Where the constraint of that name stands.
    fn named(&self, kind: Named, name: &str) -> Option<Range<usize>> {
        let is_named = |clause: &&Clause| {
            let text = self.text.get(clause.place.clone()).unwrap_or("");
            kind.is_of_column(&clause.says) && name_of_constraint(text).is_some_and(|own| own.eq_ignore_ascii_case(name))
        };
        self.parts.clauses.iter().find(is_named).map(|clause| clause.place.clone())
    }

    /// Where the constraints begin.
    fn behind_type(&self) -> usize {
        if self.parts.type_place.is_empty() { self.parts.name_end } else { self.parts.type_place.end }
    }

    /// Takes a new text, if it is still a definition; an edit that would break it is not made.
    fn rewrite(&mut self, text: String) {
        if let Some(parts) = Parts::read(&text) {
            self.parts = parts;
            self.text = text;
        }
    }

    fn replace(&mut self, place: Range<usize>, new: &str) {
        let mut text = self.text.clone();
        text.replace_range(place, new);
        self.rewrite(text);
    }

    fn insert(&mut self, at: usize, new: &str) {
        self.replace(at..at, new);
    }

    /// Takes out a place and the blanks before it.
    fn cut(&mut self, place: &Range<usize>) {
        let before = self.text[..place.start].trim_end_matches(|c: char| c.is_ascii_whitespace()).len();
        // A line comment in front keeps its line end.
        let start = if tokens(&self.text[..place.start]).iter().rev().any(|t| t.text.starts_with("--") && t.end() > before) {
            place.start
        } else {
            before
        };
        self.replace(start..place.end, "");
    }

    fn remove(&mut self, test: impl Fn(&Says) -> bool) {
        while let Some(place) = self.parts.find(&test).map(|c| c.place.clone()) {
            let length = self.text.len();
            self.cut(&place);
            if self.text.len() == length {
                return;
            }
        }
    }
}

impl TableConstraint {
    fn read(text: &str) -> TableConstraint {
        let words = significant(text);
        let start = if words.first().is_some_and(|t| t.is("CONSTRAINT")) { 2 } else { 0 };
        let body = words.get(start..).unwrap_or(&[]);
        let first = body.first();
        let list = first_list(body);
        let says = match first {
            Some(t) if t.is("PRIMARY") => TableSays::PrimaryKey(list.iter().any(|t| t.is("AUTOINCREMENT"))),
            Some(t) if t.is("UNIQUE") => TableSays::Unique,
            Some(t) if t.is("CHECK") => TableSays::Check,
            Some(t) if t.is("FOREIGN") => TableSays::ForeignKey,
            _ => TableSays::Nothing,
        };
        let columns = if says == TableSays::Check { Vec::new() } else { first_names(list) };
        TableConstraint { text: text.to_owned(), says, columns }
    }

    /// What a CHECK demands.
    pub(super) fn condition(&self) -> String {
        let words = significant(&self.text);
        let list = first_list(&words);
        let place = list.first().zip(list.last()).map(|(first, last)| first.at..last.end());
        place.and_then(|p| self.text.get(p)).unwrap_or("").to_owned()
    }

    /// Whether it is the constraint of that name.
    fn is_named(&self, kind: Named, name: &str) -> bool {
        self.says == kind.of_table() && name_of_constraint(&self.text).is_some_and(|own| own.eq_ignore_ascii_case(name))
    }

    /// Whether it has to do with a column.
    fn binds(&self, name: &str) -> bool {
        match self.says {
            TableSays::Check => {
                let words = significant(&self.text);
                mentions(first_list(&words), name)
            }
            _ => self.columns.iter().any(|c| c.eq_ignore_ascii_case(name)),
        }
    }
}

/// The name of a constraint.
pub(super) fn name_of_constraint(text: &str) -> Option<String> {
    let words = significant(text);
    words.first().filter(|t| t.is("CONSTRAINT"))?;
    words.get(1).and_then(Token::name).map(std::borrow::Cow::into_owned)
}

/// `CONSTRAINT name ` of a constraint, as it is written; nothing without a name.
fn head_of_constraint(text: &str) -> &str {
    let words = significant(text);
    let named = words.first().filter(|t| t.is("CONSTRAINT")).zip(words.get(1));
    named.and_then(|(word, name)| text.get(word.at..name.end())).unwrap_or("")
}

/// What stands in the first parentheses.
fn first_list<'a, 't>(words: &'a [Token<'t>]) -> &'a [Token<'t>] {
    let Some(open) = words.iter().position(|t| t.is_symbol('(')) else { return &[] };
    let mut depth = 0usize;
    for (i, token) in words.iter().enumerate().skip(open) {
        if token.is_symbol('(') {
            depth += 1;
        } else if token.is_symbol(')') {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return words.get(open + 1..i).unwrap_or(&[]);
            }
        }
    }
    &[]
}

/// The first name of each element of a list.
fn first_names(list: &[Token<'_>]) -> Vec<String> {
    list.split(|t| t.is_symbol(',')).filter_map(|element| Some(element.first()?.name()?.into_owned())).collect()
}

/// The places between the commas of a list that begins at `start`, and where its parenthesis closes.
fn split(text: &str, all: &[Token<'_>], start: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let mut items = Vec::new();
    let (mut depth, mut from) = (0usize, start);
    for token in all.iter().filter(|t| t.at >= start) {
        if token.is_symbol('(') {
            depth += 1;
        } else if token.is_symbol(',') && depth == 0 {
            items.push(from..token.at);
            from = token.end();
        } else if token.is_symbol(')') {
            if depth == 0 {
                items.push(from..token.at);
                return text.get(token.end()..).map(|_| (items, token.at));
            }
            depth -= 1;
        }
    }
    None
}

/// The constraints of an item: SQLite needs no comma between constraints of a table.
fn table_constraints(item: &str) -> Vec<TableConstraint> {
    let mut starts = Vec::new();
    let (mut depth, mut named) = (0usize, 0usize);
    for token in significant(item) {
        if token.is_symbol('(') {
            depth += 1;
        } else if token.is_symbol(')') {
            depth = depth.saturating_sub(1);
        } else if named > 0 {
            // The name behind CONSTRAINT, and the word that begins what it names.
            named -= 1;
        } else if depth == 0 && token.is_one_of(STARTS) {
            starts.push(token.at);
            named = if token.is("CONSTRAINT") { 2 } else { 0 };
        }
    }
    // What stands before the first word belongs to it.
    if let Some(first) = starts.first_mut() {
        *first = 0;
    }
    let ends = starts.iter().skip(1).copied().chain([item.len()]);
    starts.iter().zip(ends).map(|(start, end)| TableConstraint::read(&item[*start..end])).collect()
}

/// The text without `table.` in front of names; `None` when there is no such thing.
fn unqualified(text: &str, table: &str) -> Option<String> {
    let words = significant(text);
    let mut places = Vec::new();
    for pair in words.windows(2) {
        let [name, dot] = pair else { continue };
        let is_table = matches!(name.kind, Kind::Word | Kind::Quoted) && name.name().is_some_and(|n| n.eq_ignore_ascii_case(table));
        if is_table && dot.is_symbol('.') {
            places.push(name.at..dot.end());
        }
    }
    let mut out = text.to_owned();
    for place in places.iter().rev() {
        out.replace_range(place.clone(), "");
    }
    (!places.is_empty()).then_some(out)
}

/// A stored CREATE INDEX.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Index<'t> {
    /// Its name as it is written.
    pub(super) name: &'t str,
    /// Whether values may be there once only.
    pub(super) is_unique: bool,
    /// What stands behind the table's name.
    pub(super) words: Vec<Token<'t>>,
}

impl<'t> Index<'t> {
    /// Reads the text that SQLite keeps; `None` when it is no such text.
    pub(super) fn read(create: &'t str) -> Option<Index<'t>> {
        let words = significant(create);
        let on = words.iter().position(|t| t.is("ON"))?;
        let name = words.get(on.checked_sub(1)?)?.text;
        let is_unique = words.get(1).is_some_and(|t| t.is("UNIQUE"));
        Some(Index { name, is_unique, words: words.get(on + 2..)?.to_vec() })
    }

    /// Whether that is its name.
    pub(super) fn is_named(&self, name: &str) -> bool {
        significant(self.name).first().and_then(Token::name).is_some_and(|own| own.eq_ignore_ascii_case(name))
    }

    /// Whether it has to do with a column.
    pub(super) fn reads(&self, column: &str) -> bool {
        mentions(&self.words, column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ODD: &str = "CREATE TABLE \"my, table\" -- head\n(\n  [id] INTEGER PRIMARY KEY AUTOINCREMENT, -- the key, of course\n  \
        name TEXT /* a ) */ DEFAULT ',)' NOT NULL,\n  price DECIMAL(10, 2) CHECK (price > 0 AND name <> ')'),\n  \
        total AS (price * 2) STORED,\n  other INT REFERENCES o(id) ON DELETE SET NULL,\n  \
        CONSTRAINT uq UNIQUE (name COLLATE nocase DESC, price) CHECK (other > 1),\n  FOREIGN KEY (other) REFERENCES o(id)\n) WITHOUT ROWID, STRICT";

    fn odd() -> Definition {
        Definition::read(ODD).unwrap()
    }

    fn edited(create: &str, edit: impl FnOnce(&mut Definition)) -> String {
        let mut definition = Definition::read(create).unwrap();
        edit(&mut definition);
        definition.create("t")
    }

    #[test]
    fn a_definition_is_split_and_put_together() {
        let definition = odd();
        let names: Vec<_> = definition.columns.iter().map(|c| c.parts.name.as_str()).collect();
        assert_eq!(names, ["id", "name", "price", "total", "other"]);
        let constraints: Vec<_> = definition.constraints.iter().map(|c| (c.says.clone(), c.columns.join(" "))).collect();
        assert_eq!(
            constraints,
            [(TableSays::Unique, "name price".into()), (TableSays::Check, String::new()), (TableSays::ForeignKey, "other".into())]
        );
        // SQLite takes constraints with and without commas between them.
        let expected = ODD.replace("DESC, price) CHECK", "DESC, price) ,CHECK");
        assert_eq!(definition.create("\"my, table\""), expected);
        assert!(definition.is_without_rowid() && definition.is_autoincrement());
        assert_eq!(definition.primary_key(), ["id"]);
        assert_eq!(definition.computed_from("PRICE"), Some("total"));
        for (column, bound) in [("id", true), ("name", true), ("price", true), ("total", false), ("other", true)] {
            assert_eq!(definition.is_bound(column), bound, "{column}");
        }
    }

    #[test]
    fn a_column_leaves_all_constraints() {
        let text = "CREATE TABLE t(a INT UNIQUE CHECK (a > 0), b INT CHECK (b > a) DEFAULT 1, c INT, UNIQUE (a, c), UNIQUE (c), CHECK (c > lower(a)))";
        assert_eq!(edited(text, |d| d.unbind("A")), "CREATE TABLE t(a INT CHECK (a > 0), b INT DEFAULT 1, c INT, UNIQUE (c))");
    }

    #[test]
    fn defaults_are_set_and_dropped() {
        let text = "CREATE TABLE t(a TEXT NOT NULL, b DEFAULT 5 UNIQUE)";
        let set = |d: &mut Definition, c: &str, v: Option<&str>| assert!(d.set_default(c, v));
        assert_eq!(edited(text, |d| set(d, "a", Some("'x'"))), "CREATE TABLE t(a TEXT DEFAULT 'x' NOT NULL, b DEFAULT 5 UNIQUE)");
        assert_eq!(edited(text, |d| set(d, "b", Some("6"))), "CREATE TABLE t(a TEXT NOT NULL, b DEFAULT 6 UNIQUE)");
        assert_eq!(edited(text, |d| set(d, "b", None)), "CREATE TABLE t(a TEXT NOT NULL, b UNIQUE)");
        assert!(!Definition::read(text).unwrap().set_default("z", None));
    }

    #[test]
    fn a_key_is_made_to_count_up_and_dropped() {
        let of_table = "CREATE TABLE t(id INT NOT NULL, a, CONSTRAINT pk PRIMARY KEY (id))";
        let counting = "CREATE TABLE t(id INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT NOT NULL, a)";
        assert_eq!(edited(of_table, |d| d.count_up("id")), counting);
        assert_eq!(
            edited("CREATE TABLE t(id CONSTRAINT k PRIMARY KEY DESC, a)", |d| d.count_up("id")),
            "CREATE TABLE t(id INTEGER CONSTRAINT k PRIMARY KEY AUTOINCREMENT, a)"
        );
        assert_eq!(edited(of_table, |d| assert!(d.drop_primary_key())), "CREATE TABLE t(id INT NOT NULL, a)");
        assert_eq!(edited(counting, |d| assert!(d.drop_primary_key())), "CREATE TABLE t(id INTEGER NOT NULL, a)");
    }

    #[test]
    fn constraints_come_and_go_by_their_names() {
        let text = "CREATE TABLE t(a INT CONSTRAINT u UNIQUE CHECK (a > 0), b INT, c INT CONSTRAINT \"F\" REFERENCES o (id) DEFERRABLE, \
                    CONSTRAINT n CHECK (b > a) CONSTRAINT u2 UNIQUE (a, b), CONSTRAINT f2 FOREIGN KEY (b) REFERENCES o)";
        let definition = Definition::read(text).unwrap();
        for (kind, name, columns) in [
            (Named::Unique, "U", Some(vec!["a"])),
            (Named::Unique, "u2", Some(vec!["a", "b"])),
            (Named::Unique, "n", None),
            (Named::Check, "N", Some(vec![])),
            (Named::ForeignKey, "f", Some(vec!["c"])),
            (Named::ForeignKey, "f2", Some(vec!["b"])),
            (Named::ForeignKey, "u", None),
        ] {
            assert_eq!(definition.columns_of(kind, name), columns.map(|c| c.into_iter().map(str::to_owned).collect()), "{name}");
        }
        let without = edited(text, |d| {
            assert!(d.drop_constraint(Named::Unique, "U") && d.drop_constraint(Named::Unique, "u2"));
            assert!(d.drop_constraint(Named::ForeignKey, "f") && d.drop_constraint(Named::Check, "n"));
            assert!(!d.drop_constraint(Named::Check, "u") && !d.drop_constraint(Named::Check, "n"));
        });
        assert_eq!(without, "CREATE TABLE t(a INT CHECK (a > 0), b INT, c INT, CONSTRAINT f2 FOREIGN KEY (b) REFERENCES o)");
        let with = edited("CREATE TABLE t(a, b)", |d| {
            assert!(d.add_constraint(&TableSays::Unique, "CONSTRAINT u UNIQUE (a)"));
            assert!(!d.add_constraint(&TableSays::Unique, "CHECK (a)") && !d.add_constraint(&TableSays::Check, "CHECK (a) UNIQUE (b)"));
        });
        assert_eq!(with, "CREATE TABLE t(a, b, CONSTRAINT u UNIQUE (a))");
    }

    #[test]
    fn columns_get_types_and_not_null() {
        let text = "CREATE TABLE t(a VARCHAR(10) CONSTRAINT nn NOT NULL DEFAULT 'x', \"b c\", c INT -- why\n)";
        let all = edited(text, |d| {
            assert!(d.set_type("A", "DECIMAL(5, 2)") && d.set_type("b c", "TEXT") && !d.set_type("z", "INT"));
            assert_eq!(d.set_not_null("a", Some("NOT NULL")), Ok(false));
            assert_eq!(d.set_not_null("a", None), Ok(true));
            assert_eq!(d.set_not_null("b c", Some("CONSTRAINT n NOT NULL")), Ok(true));
            assert_eq!(d.set_not_null("c", Some("NOT NULL")), Ok(true));
            assert_eq!(d.set_not_null("z", None), Err(()));
        });
        assert_eq!(all, "CREATE TABLE t(a DECIMAL(5, 2) DEFAULT 'x', \"b c\" TEXT CONSTRAINT n NOT NULL, c INT NOT NULL -- why\n)");
    }

    #[test]
    fn foreign_keys_are_taken_away() {
        let text = "CREATE TABLE t (a INT NOT NULL CONSTRAINT fk_a REFERENCES o (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED \
                    DEFAULT 1, b INT REFERENCES o, CHECK (a > 0), CONSTRAINT fk_b FOREIGN KEY (a, b) REFERENCES p (x, y))";
        let new = edited(text, |d| assert!(d.drop_foreign_keys()));
        assert_eq!(new, "CREATE TABLE t (a INT NOT NULL DEFAULT 1, b INT, CHECK (a > 0))");
        edited(&new, |d| assert!(!d.drop_foreign_keys()));
    }

    #[test]
    fn columns_lose_the_name_of_their_table() {
        let text = "CREATE TABLE p(a INT CHECK (\"P\".a > 0) DEFAULT 'p.a', CHECK (p . a > 1))";
        assert_eq!(edited(text, |d| d.unqualify("p")), "CREATE TABLE t(a INT CHECK (a > 0) DEFAULT 'p.a', CHECK ( a > 1))");
    }

    #[test]
    fn what_is_no_ordinary_table_is_refused() {
        for text in
            ["CREATE VIRTUAL TABLE t USING fts5(a)", "CREATE TABLE t AS SELECT 1", "CREATE TABLE t(a", "", "CREATE VIEW v AS SELECT 1"]
        {
            assert!(Definition::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn indexes_name_their_columns() {
        let index = Index::read("CREATE UNIQUE INDEX \"on\" ON t (lower(a), b DESC) WHERE c IS NOT NULL").unwrap();
        assert_eq!(index.name, "\"on\"");
        for (column, expected) in [("a", true), ("b", true), ("c", true), ("lower", false), ("desc", false), ("t", false)] {
            assert_eq!(index.reads(column), expected, "{column}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in r#"CREATE TABLE t ?\([-a-zA-Z0-9'"`\[\]/* (),.\n]{0,60}\)?"#, name in "[a-c]") {
            if let Ok(mut definition) = Definition::read(&text) {
                definition.unbind(&name);
                definition.set_default(&name, Some("1"));
                definition.count_up(&name);
                definition.unqualify(&name);
                definition.drop_primary_key();
                definition.create("x");
            }
        }
    }
}
