//! Drops every foreign key of a table; which there are must be known.

use super::{DropForeignKey, StatementType};
use crate::sql::action::{RenderError, Rendered};
use crate::sql::{ObjectName, Statement, Target};

/// Drops all foreign keys of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct DropAllForeignKeys {
    /// The table that refers.
    pub table: ObjectName,
}

impl StatementType for DropAllForeignKeys {
    fn render(&self, target: &Target) -> Rendered {
        let Some(keys) = target.foreign_keys.get(&target.qualified(&self.table)) else {
            return Err(RenderError::NeedsForeignKeys { statement: "dropAllForeignKeyConstraints", table: self.table.clone() });
        };
        let mut actions = Vec::new();
        for key in keys {
            let drop = DropForeignKey { table: self.table.clone(), name: key.name.clone(), is_stored: true };
            actions.extend(target.render(&Statement::from(drop))?);
        }
        Ok(actions)
    }
}
