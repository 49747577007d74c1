//! INSERT of a row, or UPDATE of the one that is there (dialects §5 "Upsert").

use super::StatementType;
use super::delete::Predicate;
use super::insert::Insert;
use super::update::Update;
use crate::sql::action::{Action, RenderError, Rendered, Sql};
use crate::sql::forms::UpsertForm;
use crate::sql::literal::Literal;
use crate::sql::{ObjectName, Target};

/// Adds a row, or changes the row with the same key.
#[derive(Debug, Clone, PartialEq)]
pub struct Upsert {
    /// The table.
    pub table: ObjectName,
    /// The key columns.
    pub keys: Vec<String>,
    /// The columns with their values, in order, key columns included.
    pub values: Vec<(String, Literal)>,
    /// Columns that an existing row keeps.
    pub kept: Vec<String>,
    /// Whether a missing row is not added.
    pub only_update: bool,
}

impl Upsert {
    /// The condition on the key; a key column without a value must be NULL.
    pub fn predicate(&self) -> Predicate {
        let value = |key: &String| self.values.iter().find(|(c, _)| c.eq_ignore_ascii_case(key)).map_or(Literal::Null, |(_, v)| v.clone());
        Predicate::Equals(self.keys.iter().map(|k| (k.clone(), value(k))).collect())
    }

    /// The columns that an existing row takes, in order.
    pub fn changed(&self) -> impl Iterator<Item = &(String, Literal)> {
        let is_in = |list: &[String], column: &str| list.iter().any(|c| c.eq_ignore_ascii_case(column));
        self.values.iter().filter(move |(c, _)| !is_in(&self.keys, c) && !is_in(&self.kept, c))
    }

    /// The UPDATE of an existing row; `None` when nothing of it changes.
    ///
    /// # Errors
    /// When a value cannot be written.
    pub fn update(&self, target: &Target) -> Result<Option<Sql>, RenderError> {
        let values: std::collections::BTreeMap<_, _> = self.changed().cloned().collect();
        if values.is_empty() {
            return Ok(None);
        }
        Update { table: self.table.clone(), values, predicate: Some(self.predicate()) }.sql(target).map(Some)
    }

    /// The INSERT of a new row, with that verb.
    ///
    /// # Errors
    /// When a value cannot be written.
    pub fn insert(&self, verb: &str, target: &Target) -> Result<Sql, RenderError> {
        let insert = Insert::row(self.table.clone(), self.values.clone());
        let mut sql = Sql::new(insert.head(verb, target));
        for row in &insert.rows {
            Insert::tuple(row, target, &mut sql)?;
        }
        Ok(sql)
    }

    /// What the block does for the row: an UPDATE and, when it found nothing, an INSERT.
    fn block_body(&self, target: &Target) -> Result<String, RenderError> {
        if self.values.iter().any(|(_, v)| v.must_be_bound()) {
            return Err(RenderError::invalid("a value from a file cannot be part of an insert-or-update here"));
        }
        let update = match self.update(target)? {
            Some(update) => update.text,
            // Nothing changes: the row is only looked for.
            None => format!("perform * from {} WHERE {}", target.qualified(&self.table), self.predicate().text(target)?),
        };
        let insert = if self.only_update {
            String::new()
        } else {
            format!("IF not found THEN\n{};\nEND IF;\n", self.insert("INSERT INTO", target)?.text)
        };
        Ok(format!("{update};\n{insert}"))
    }

    /// `DO` with what is done for each row, in order.
    ///
    /// # Errors
    /// When a value cannot be written.
    pub(super) fn blocks(rows: &[Upsert], target: &Target) -> Result<Sql, RenderError> {
        let body = rows.iter().map(|row| row.block_body(target)).collect::<Result<String, _>>()?;
        // A value must not end the quoted body.
        let mut tag = "$$".to_owned();
        let mut number = 0u32;
        while body.contains(&tag) {
            number += 1;
            tag = format!("$body{number}$");
        }
        Ok(Sql::new(format!("DO\n{tag}\nBEGIN\n{body}END;\n{tag}\nLANGUAGE plpgsql;")))
    }

    /// `MERGE` that is told the key; it stands between the columns and their values.
    fn merge_key(&self, target: &Target) -> Result<Sql, RenderError> {
        let insert = Insert::row(self.table.clone(), self.values.clone());
        let head = insert.head("MERGE INTO", target);
        let keys: Vec<String> = self.keys.iter().map(|k| target.name(k)).collect();
        let columns = head.strip_suffix("VALUES ").unwrap_or(&head);
        let mut sql = Sql::new(format!("{columns}KEY({}) VALUES ", keys.join(",")));
        for row in &insert.rows {
            Insert::tuple(row, target, &mut sql)?;
        }
        sql.text.push(';');
        Ok(sql)
    }

    /// `MERGE` with a source of one row that says nothing; the values stand in the statement itself.
    fn merge_using(&self, target: &Target) -> Result<Sql, RenderError> {
        // The current schema is left out, as Liquibase writes it.
        let table = if self.table.schema.is_some() { target.qualified(&self.table) } else { target.name(&self.table.name) };
        let mut sql = Sql::new(format!("MERGE INTO {table} USING (VALUES (1)) ON {} WHEN NOT MATCHED THEN INSERT (", self.predicate().text(target)?));
        let columns: Vec<String> = self.values.iter().map(|(c, _)| target.name(c)).collect();
        let mut values = Vec::with_capacity(self.values.len());
        for (_, value) in &self.values {
            values.push(target.bind(value, &mut sql.parameters)?);
        }
        sql.text.push_str(&format!("{}) VALUES ({})", columns.join(","), values.join(",")));
        let mut sets = Vec::new();
        for (column, value) in self.values.iter().filter(|(c, _)| !self.kept.iter().any(|k| k.eq_ignore_ascii_case(c))) {
            sets.push(format!("{} = {}", target.name(column), target.bind(value, &mut sql.parameters)?));
        }
        if !sets.is_empty() {
            sql.text.push_str(&format!(" WHEN MATCHED THEN UPDATE SET {}", sets.join(",")));
        }
        Ok(sql)
    }

    /// `INSERT … ON DUPLICATE KEY UPDATE`; the database finds the key itself.
    fn on_duplicate_key(&self, target: &Target) -> Result<Sql, RenderError> {
        if self.changed().next().is_none() {
            return self.insert("INSERT IGNORE INTO", target);
        }
        let mut sql = self.insert("INSERT INTO", target)?;
        let mut sets = Vec::new();
        for (column, value) in self.changed() {
            let value = if *value == Literal::Null { "null".to_owned() } else { target.bind(value, &mut sql.parameters)? };
            sets.push(format!("{} = {value}", target.name(column)));
        }
        sql.text.push_str(&format!("\nON DUPLICATE KEY UPDATE {}", sets.join(",")));
        Ok(sql)
    }
}

impl StatementType for Upsert {
    fn render(&self, target: &Target) -> Rendered {
        let sql = match target.caps.upsert {
            UpsertForm::Block => Upsert::blocks(std::slice::from_ref(self), target)?,
            _ if self.only_update => match self.update(target)? {
                Some(mut update) => {
                    update.text.push(';');
                    Sql { end_delimiter: Some(String::new()), ..update }
                }
                None => return Ok(vec![Action::Skipped("no column is left that an UPDATE could change".to_owned())]),
            },
            UpsertForm::OnDuplicateKey => Sql { end_delimiter: Some(String::new()), ..self.on_duplicate_key(target)? },
            UpsertForm::MergeKey => Sql { end_delimiter: Some(String::new()), ..self.merge_key(target)? },
            UpsertForm::MergeUsing => Sql { end_delimiter: Some(String::new()), ..self.merge_using(target)? },
            UpsertForm::OrReplace => {
                let mut sql = self.insert("INSERT OR REPLACE INTO", target)?;
                sql.text.push(';');
                Sql { end_delimiter: Some(String::new()), ..sql }
            }
            UpsertForm::InsertOnly => self.insert("INSERT INTO", target)?,
        };
        Ok(vec![Action::Sql(sql)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{h2, hsqldb, mysql, postgres, sqlite};

    fn upsert() -> Upsert {
        let text = |t: &str| Literal::Text(t.into());
        Upsert {
            table: ObjectName::new(None, None, "person"),
            keys: vec!["id".into()],
            values: vec![("id".into(), text("1")), ("skipme".into(), text("x")), ("name".into(), text("one"))],
            kept: Vec::new(),
            only_update: false,
        }
    }

    fn rendered(upsert: &Upsert, dialect: &'static crate::sql::Dialect) -> (String, Option<String>) {
        match upsert.render(&Target::new(dialect, None)).as_deref() {
            Ok([Action::Sql(sql)]) => (sql.text.clone(), sql.end_delimiter.clone()),
            other => (format!("{other:?}"), None),
        }
    }

    #[test]
    fn forms_of_the_dialects() {
        let block = "DO\n$$\nBEGIN\nUPDATE person SET name = 'one', skipme = 'x' WHERE id = '1';\nIF not found THEN\nINSERT INTO person (id, skipme, name) VALUES ('1', 'x', 'one');\nEND IF;\nEND;\n$$\nLANGUAGE plpgsql;";
        assert_eq!(rendered(&upsert(), &postgres::DIALECT), (block.into(), None));
        let duplicate = "INSERT INTO person (id, skipme, name) VALUES ('1', 'x', 'one')\nON DUPLICATE KEY UPDATE skipme = 'x',name = 'one'";
        assert_eq!(rendered(&upsert(), &mysql::DIALECT), (duplicate.into(), Some(String::new())));
        let replace = "INSERT OR REPLACE INTO person (id, skipme, name) VALUES ('1', 'x', 'one');";
        assert_eq!(rendered(&upsert(), &sqlite::DIALECT), (replace.into(), Some(String::new())));
    }

    #[test]
    fn merges() {
        let merge = "MERGE INTO PUBLIC.person (id, skipme, name) KEY(id) VALUES ('1', 'x', 'one');";
        assert_eq!(rendered(&upsert(), &h2::DIALECT), (merge.into(), Some(String::new())));
        let kept = Upsert { kept: vec!["skipme".into()], ..upsert() };
        let merge = "MERGE INTO person USING (VALUES (1)) ON id = '1' WHEN NOT MATCHED THEN INSERT (id,skipme,name) VALUES ('1','x','one') WHEN MATCHED THEN UPDATE SET id = '1',name = 'one'";
        assert_eq!(rendered(&kept, &hsqldb::DIALECT), (merge.into(), Some(String::new())));
        let table = ObjectName::new(None, Some("app"), "order");
        assert!(rendered(&Upsert { table, ..upsert() }, &hsqldb::DIALECT).0.starts_with("MERGE INTO app.\"ORDER\" USING"));
    }

    #[test]
    fn only_updates_and_kept_columns() {
        let only = Upsert { only_update: true, ..upsert() };
        assert_eq!(rendered(&only, &mysql::DIALECT).0, "UPDATE person SET name = 'one', skipme = 'x' WHERE id = '1';");
        assert_eq!(rendered(&only, &sqlite::DIALECT).0, "UPDATE person SET name = 'one', skipme = 'x' WHERE id = '1';");
        let kept = Upsert { kept: vec!["skipme".into()], ..upsert() };
        assert!(rendered(&kept, &mysql::DIALECT).0.ends_with("ON DUPLICATE KEY UPDATE name = 'one'"));
        let keys_only = Upsert { keys: vec!["id".into(), "skipme".into(), "name".into()], ..upsert() };
        assert!(rendered(&keys_only, &postgres::DIALECT).0.contains("perform * from person WHERE id = '1' AND skipme = 'x'"));
        assert!(rendered(&keys_only, &mysql::DIALECT).0.starts_with("INSERT IGNORE INTO person"));
    }

    #[test]
    fn a_value_does_not_end_the_block() {
        let mut odd = upsert();
        odd.values.push(("price".into(), Literal::Text("5 $$".into())));
        assert!(rendered(&odd, &postgres::DIALECT).0.starts_with("DO\n$body1$\n"));
    }
}
