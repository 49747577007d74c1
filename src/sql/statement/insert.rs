//! INSERT of one row, or of several where they can be joined.

use super::StatementType;
use crate::sql::action::{Action, RenderError, Rendered, Sql};
use crate::sql::literal::Literal;
use crate::sql::{ObjectName, Target};

/// Adds rows to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    /// The table.
    pub table: ObjectName,
    /// The columns, in order.
    pub columns: Vec<String>,
    /// The rows; each has one value a column.
    pub rows: Vec<Vec<Literal>>,
    /// Whether the rows are joined into one statement.
    pub joined: Joined,
}

/// Whether rows of one INSERT are joined into one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// Each row is a statement.
    No,
    /// They are, where Liquibase's scripts do so; such a statement carries its own semicolon.
    AsScript,
    /// They are, wherever the database can: nobody reads the statement.
    AsSent,
    /// As `AsSent`, with the values as parameters, so that such statements are the same text.
    AsParameters,
}

impl Insert {
    /// One row.
    pub fn row(table: ObjectName, values: Vec<(String, Literal)>) -> Self {
        let (columns, row) = values.into_iter().unzip();
        Insert { table, columns, rows: vec![row], joined: Joined::No }
    }

    /// `INSERT INTO table (columns) VALUES `, with another verb where an upsert needs one.
    pub(super) fn head(&self, verb: &str, target: &Target) -> String {
        let columns: Vec<String> = self.columns.iter().map(|c| target.name(c)).collect();
        format!("{verb} {} ({}) VALUES ", target.qualified(&self.table), columns.join(", "))
    }

    /// `(values)` of one row; values that must be bound add to the parameters of `sql`.
    pub(super) fn tuple(row: &[Literal], target: &Target, sql: &mut Sql) -> Result<(), RenderError> {
        Insert::list(row, sql, |value, sql| {
            let text = target.bind(value, &mut sql.parameters)?;
            sql.text.push_str(&text);
            Ok(())
        })
    }

    /// `(?, ?)` for one row, and `(?, NOW())` where a value must be computed.
    fn parameters(row: &[Literal], target: &Target, sql: &mut Sql) -> Result<(), RenderError> {
        Insert::list(row, sql, |value, sql| {
            match target.parameter(value) {
                Some(parameter) => {
                    sql.parameters.push(parameter);
                    sql.text.push('?');
                }
                None => sql.text.push_str(&target.assigned(value)?),
            }
            Ok(())
        })
    }

    /// The values of a row in parentheses, each as `put` writes it.
    fn list(row: &[Literal], sql: &mut Sql, put: impl Fn(&Literal, &mut Sql) -> Result<(), RenderError>) -> Result<(), RenderError> {
        sql.text.push('(');
        for (i, value) in row.iter().enumerate() {
            if i > 0 {
                sql.text.push_str(", ");
            }
            put(value, sql)?;
        }
        sql.text.push(')');
        Ok(())
    }
}

impl StatementType for Insert {
    fn render(&self, target: &Target) -> Rendered {
        let head = self.head("INSERT INTO", target);
        let joined = match self.joined {
            Joined::No => false,
            Joined::AsScript => target.caps.multi_row_insert,
            Joined::AsSent | Joined::AsParameters => target.caps.multi_row_insert || target.caps.row_lists,
        };
        if joined {
            let mut sql = Sql::new(head);
            for (i, row) in self.rows.iter().enumerate() {
                if i > 0 {
                    sql.text.push(',');
                }
                match self.joined {
                    Joined::AsParameters => Insert::parameters(row, target, &mut sql)?,
                    _ => Insert::tuple(row, target, &mut sql)?,
                }
            }
            if self.joined == Joined::AsScript {
                sql.text.push(';');
            }
            return Ok(if self.rows.is_empty() { Vec::new() } else { vec![Action::Sql(sql)] });
        }
        self.rows
            .iter()
            .map(|row| {
                let mut sql = Sql::new(head.clone());
                Insert::tuple(row, target, &mut sql)?;
                Ok(Action::Sql(sql))
            })
            .collect()
    }
}
