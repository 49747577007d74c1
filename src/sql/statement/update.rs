//! UPDATE of rows.

use super::StatementType;
use super::delete::Predicate;
use crate::sql::action::{Action, RenderError, Rendered, Sql};
use crate::sql::literal::Literal;
use crate::sql::{ObjectName, Target};
use std::collections::BTreeMap;

/// Changes rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The table.
    pub table: ObjectName,
    /// New values, by column name: they are written in that order.
    pub values: BTreeMap<String, Literal>,
    /// Which rows; all when there is none.
    pub predicate: Option<Predicate>,
}

impl Update {
    /// The statement as SQL.
    pub(super) fn sql(&self, target: &Target) -> Result<Sql, RenderError> {
        let mut sql = Sql::new(format!("UPDATE {} SET ", target.qualified(&self.table)));
        for (i, (column, value)) in self.values.iter().enumerate() {
            if i > 0 {
                sql.text.push_str(", ");
            }
            let value = target.bind(value, &mut sql.parameters)?;
            sql.text.push_str(&format!("{} = {value}", target.name(column)));
        }
        if let Some(predicate) = &self.predicate {
            sql.text.push_str(&format!(" {}", predicate.clause(target)?));
        }
        Ok(sql)
    }
}

impl StatementType for Update {
    fn render(&self, target: &Target) -> Rendered {
        Ok(vec![Action::Sql(self.sql(target)?)])
    }
}
