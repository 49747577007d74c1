//! Several rows of a data file, each inserted or changed, in as few statements as give the same result.

use super::StatementType;
use super::insert::Insert;
use super::upsert::Upsert;
use crate::sql::Target;
use crate::sql::action::{Action, RenderError, Rendered, Sql};
use crate::sql::forms::UpsertForm;
use crate::sql::literal::Literal;

/// Adds rows, or changes those with the same key, one after the other. All are of one table with the same columns. Only
/// sent, never written into scripts: those have a statement for each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Upserts {
    /// The rows.
    pub rows: Vec<Upsert>,
}

impl Upserts {
    /// Whether every value says the same however often and wherever it is written.
    fn are_constants(&self) -> bool {
        let is_constant = |v: &Literal| matches!(v, Literal::Null | Literal::Text(_) | Literal::Number(_) | Literal::Bool(_) | Literal::Temporal(_));
        self.rows.iter().all(|row| row.values.iter().all(|(_, v)| is_constant(v)))
    }

    /// One INSERT of all rows, with that verb.
    fn insert(&self, verb: &str, target: &Target) -> Result<Sql, RenderError> {
        let Some(first) = self.rows.first() else { return Ok(Sql::default()) };
        let mut sql = Sql::new(Insert::row(first.table.clone(), first.values.clone()).head(verb, target));
        for (i, row) in self.rows.iter().enumerate() {
            if i > 0 {
                sql.text.push(',');
            }
            let values: Vec<Literal> = row.values.iter().map(|(_, v)| v.clone()).collect();
            Insert::tuple(&values, target, &mut sql)?;
        }
        Ok(sql)
    }

    /// As [`Upsert`] with `ON DUPLICATE KEY UPDATE`; there a column takes what the row at hand would have inserted.
    fn on_duplicate_key(&self, target: &Target) -> Result<Sql, RenderError> {
        let changed: Vec<String> =
            self.rows.first().into_iter().flat_map(Upsert::changed).map(|(c, _)| target.name(c)).map(|c| format!("{c} = VALUES({c})")).collect();
        if changed.is_empty() {
            return self.insert("INSERT IGNORE INTO", target);
        }
        let mut sql = self.insert("INSERT INTO", target)?;
        sql.text.push_str(&format!("\nON DUPLICATE KEY UPDATE {}", changed.join(",")));
        Ok(sql)
    }
}

impl StatementType for Upserts {
    fn render(&self, target: &Target) -> Rendered {
        let only_update = self.rows.iter().any(|r| r.only_update);
        let sql = match target.caps.upsert {
            UpsertForm::Block => Upsert::blocks(&self.rows, target)?,
            UpsertForm::OnDuplicateKey if !only_update && self.are_constants() => self.on_duplicate_key(target)?,
            UpsertForm::OrReplace if !only_update && self.are_constants() => self.insert("INSERT OR REPLACE INTO", target)?,
            _ => {
                let actions: Result<Vec<Vec<Action>>, RenderError> = self.rows.iter().map(|row| row.render(target)).collect();
                return Ok(actions?.into_iter().flatten().collect());
            }
        };
        Ok(if self.rows.is_empty() { Vec::new() } else { vec![Action::Sql(sql)] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{h2, mysql, postgres, sqlite};
    use crate::sql::ObjectName;

    fn upserts(only_update: bool, second: Literal) -> Upserts {
        let row = |id: &str, name: Literal| Upsert {
            table: ObjectName::new(None, None, "person"),
            keys: vec!["id".into()],
            values: vec![("id".into(), Literal::Text(id.into())), ("name".into(), name)],
            kept: Vec::new(),
            only_update,
        };
        Upserts { rows: vec![row("1", Literal::Text("one".into())), row("2", second)] }
    }

    fn rendered(upserts: &Upserts, dialect: &'static crate::sql::Dialect) -> Vec<String> {
        let actions = upserts.render(&Target::new(dialect, None)).unwrap();
        actions.into_iter().map(|a| if let Action::Sql(sql) = a { sql.text } else { format!("{a:?}") }).collect()
    }

    #[test]
    fn rows_are_joined_where_that_is_the_same() {
        let two = upserts(false, Literal::Null);
        let duplicate = "INSERT INTO person (id, name) VALUES ('1', 'one'),('2', NULL)\nON DUPLICATE KEY UPDATE name = VALUES(name)";
        assert_eq!(rendered(&two, &mysql::DIALECT), [duplicate]);
        assert_eq!(rendered(&two, &sqlite::DIALECT), ["INSERT OR REPLACE INTO person (id, name) VALUES ('1', 'one'),('2', NULL)"]);
        let block = "DO\n$$\nBEGIN\nUPDATE person SET name = 'one' WHERE id = '1';\nIF not found THEN\nINSERT INTO person (id, name) VALUES ('1', 'one');\nEND IF;\n\
                     UPDATE person SET name = NULL WHERE id = '2';\nIF not found THEN\nINSERT INTO person (id, name) VALUES ('2', NULL);\nEND IF;\nEND;\n$$\nLANGUAGE plpgsql;";
        assert_eq!(rendered(&two, &postgres::DIALECT), [block]);
        assert_eq!(rendered(&two, &h2::DIALECT).len(), 2);
    }

    #[test]
    fn what_is_computed_or_only_updated_stays_alone() {
        let computed = upserts(false, Literal::Computed("now()".into()));
        assert_eq!(rendered(&computed, &mysql::DIALECT).len(), 2);
        assert_eq!(rendered(&computed, &sqlite::DIALECT).len(), 2);
        assert_eq!(rendered(&upserts(true, Literal::Null), &mysql::DIALECT).len(), 2);
        assert_eq!(rendered(&upserts(true, Literal::Null), &postgres::DIALECT).len(), 1);
    }
}
