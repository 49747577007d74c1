//! What the catalog of SQLite does not tell but its stored texts do.

use super::column::Says;
use super::definition::{Definition, Index, TableSays, name_of_constraint};
use super::lexer::{Token, significant};

/// A key or unique constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Its name.
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
}

/// What a stored CREATE TABLE says beyond the pragmas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredFacts {
    /// The primary key.
    pub primary_key: Option<StoredKey>,
    /// Whether numbers of the key are never used twice.
    pub autoincrement: bool,
    /// The unique constraints.
    pub unique: Vec<StoredKey>,
    /// The foreign keys, by their columns.
    pub foreign_keys: Vec<StoredKey>,
    /// The conditions of checks, with their names.
    pub checks: Vec<(Option<String>, String)>,
    /// The expressions of computed columns, by column.
    pub generated: Vec<(String, String)>,
    /// The words behind the columns (`WITHOUT ROWID`, `STRICT`).
    pub options: Vec<String>,
}

/// Reads a stored CREATE TABLE.
///
/// # Errors
/// When it is not the definition of an ordinary table.
pub fn stored_facts(create: &str) -> Result<StoredFacts, String> {
    let definition = Definition::read(create)?;
    let mut facts = StoredFacts { autoincrement: definition.is_autoincrement(), options: definition.options(), ..StoredFacts::default() };
    for column in &definition.columns {
        for clause in &column.parts.clauses {
            let name = column.text_at(&clause.place).and_then(name_of_constraint);
            let key = || StoredKey { name: name.clone(), columns: vec![column.parts.name.clone()] };
            match &clause.says {
                Says::PrimaryKey { .. } => facts.primary_key = Some(key()),
                Says::Unique => facts.unique.push(key()),
                Says::References => facts.foreign_keys.push(key()),
                Says::Check(place) => facts.checks.push((name.clone(), column.text_at(place).unwrap_or("").trim().to_owned())),
                Says::Generated { expression, .. } => {
                    facts.generated.push((column.parts.name.clone(), column.text_at(expression).unwrap_or("").trim().to_owned()));
                }
                Says::NotNull | Says::Default(_) | Says::Other => {}
            }
        }
    }
    for constraint in definition.constraints() {
        let name = name_of_constraint(&constraint.text);
        let key = StoredKey { name: name.clone(), columns: constraint.columns.clone() };
        match constraint.says {
            TableSays::PrimaryKey(_) => facts.primary_key = Some(key),
            TableSays::Unique => facts.unique.push(key),
            TableSays::ForeignKey => facts.foreign_keys.push(key),
            TableSays::Check => facts.checks.push((name, constraint.condition())),
            TableSays::Nothing => {}
        }
    }
    Ok(facts)
}

/// Keys and condition of a stored CREATE INDEX; `None` when it is no such text.
pub fn index_parts(create: &str) -> Option<(Vec<String>, Option<String>)> {
    let words = Index::read(create)?.words;
    let mut depth = 0usize;
    let (mut keys, mut from, mut end) = (Vec::new(), words.first()?.end(), None);
    for (i, token) in words.iter().enumerate() {
        if token.is_symbol('(') {
            depth += 1;
        } else if token.is_symbol(')') {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                keys.push(create.get(from..token.at)?.trim().to_owned());
                end = Some(i);
                break;
            }
        } else if token.is_symbol(',') && depth == 1 {
            keys.push(create.get(from..token.at)?.trim().to_owned());
            from = token.end();
        }
    }
    let condition = words.get(end? + 1).filter(|t| t.is("WHERE"));
    let last = significant(create).last().map_or(create.len(), Token::end);
    let predicate = condition.and_then(|t| create.get(t.end()..last)).map(|text| text.trim().to_owned());
    Some((keys, predicate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_expressions_come_from_the_text() {
        let facts = stored_facts(
            "CREATE TABLE t(id INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT, a INT UNIQUE CHECK ( a > 0 ), b INT CONSTRAINT fk REFERENCES o, \
             c AS (a * 2), CONSTRAINT uq UNIQUE (a, b), CONSTRAINT ch CHECK (b <> ')')) STRICT",
        )
        .unwrap();
        let key = |name: Option<&str>, columns: &[&str]| StoredKey {
            name: name.map(str::to_owned),
            columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        };
        assert_eq!(facts.primary_key, Some(key(Some("pk"), &["id"])));
        assert_eq!(facts.unique, [key(None, &["a"]), key(Some("uq"), &["a", "b"])]);
        assert_eq!(facts.foreign_keys, [key(Some("fk"), &["b"])]);
        assert_eq!(facts.checks, [(None, "a > 0".to_owned()), (Some("ch".to_owned()), "b <> ')'".to_owned())]);
        assert_eq!(facts.generated, [("c".to_owned(), "a * 2".to_owned())]);
        assert!(facts.autoincrement && facts.options == ["STRICT"]);
    }

    #[test]
    fn indexes_have_keys_and_a_condition() {
        let parts = index_parts("CREATE INDEX i ON t (lower(a, 1), b DESC) WHERE c > 0 -- end");
        assert_eq!(parts, Some((vec!["lower(a, 1)".to_owned(), "b DESC".to_owned()], Some("c > 0".to_owned()))));
    }
}
