//! Two text columns become one (mergeColumns).

use super::{AddColumn, DropColumn, StatementType};
use crate::sql::action::{Action, Rendered, Sql};
use crate::sql::column::ColumnDef;
use crate::sql::forms::Concat;
use crate::sql::{ObjectName, Target, Validation};

/// Adds a column, fills it from two others, and drops those.
#[derive(Debug, Clone, PartialEq)]
pub struct MergeColumns {
    /// The table.
    pub table: ObjectName,
    /// The columns that go, in the order of their texts.
    pub sources: [String; 2],
    /// What stands between the texts, as it is written between quotes: quotes in it are not doubled, as
    /// Liquibase does not either.
    pub between: String,
    /// The new column.
    pub merged: ColumnDef,
}

impl MergeColumns {
    /// The value of the new column.
    pub fn value(&self, target: &Target) -> String {
        let [first, second] = self.sources.each_ref().map(|c| target.name(c));
        match target.caps.concat {
            Concat::Pipes => format!("{first} || '{}' || {second}", self.between),
            Concat::Nested => format!("CONCAT({first}, CONCAT('{}', {second}))", self.between),
            Concat::Plus => format!("{first} + '{}' + {second}", self.between),
            Concat::ConcatWs => format!("CONCAT_WS('{}', {first}, {second})", self.between),
        }
    }

    fn addition(&self) -> AddColumn {
        AddColumn { table: self.table_to_alter(), columns: vec![self.merged.clone()] }
    }

    /// Liquibase hands the schema to the steps that alter the table, but not the catalog.
    fn table_to_alter(&self) -> ObjectName {
        ObjectName { catalog: None, ..self.table.clone() }
    }
}

impl StatementType for MergeColumns {
    fn render(&self, target: &Target) -> Rendered {
        let mut actions = target.render(&self.addition().into())?;
        let update = format!("UPDATE {} SET {} = {}", target.qualified(&self.table), target.name(&self.merged.name), self.value(target));
        actions.push(Action::Sql(Sql::new(update)));
        for source in &self.sources {
            actions.extend(target.render(&DropColumn { table: self.table_to_alter(), columns: vec![source.clone()] }.into())?);
        }
        Ok(actions)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        self.addition().check(target, validation);
    }
}
