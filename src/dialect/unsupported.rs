//! A database that is not known: standard SQL as Liquibase writes it where no database says otherwise.

use super::ansi;
use crate::sql::Dialect;
use crate::sql::Statement;
use crate::sql::action::{Rendered, one};
use crate::sql::capabilities::Capabilities;
use crate::sql::forms::{DropKeyForm, IndexSchema};
use crate::sql::statement::StatementKind;
use crate::sql::target::Target;

/// Any database that no other dialect is for.
pub const DIALECT: Dialect = Dialect {
    id: "unsupported",
    product: "Unsupported",
    caps: Capabilities {
        table_if_not_exists: false,
        identity_restates_type: true,
        drop_primary_key: DropKeyForm::Kind,
        sequences: false,
        index_schema: IndexSchema::OfBoth,
        names_indexes: true,
        ..ansi::CAPABILITIES
    },
    unsupported: &[StatementKind::RenameSequence, StatementKind::SetColumnRemarks, StatementKind::SetTableRemarks],
    special,
    ..ansi::DIALECT
};

/// Statements that the standard does not have.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    Some(match statement {
        Statement::RenameTable(s) => {
            one(format!("RENAME {} TO {}", target.qualified(&s.table), target.qualified(&s.table.renamed(&s.new_name))))
        }
        Statement::RenameView(s) => one(format!("RENAME {} TO {}", target.qualified(&s.view), target.name(&s.new_name))),
        Statement::DropDefaultValue(s) => {
            let (table, column) = (target.qualified(&s.table), target.name(&s.column));
            one(format!("ALTER TABLE {table} ALTER COLUMN  {column} SET DEFAULT NULL"))
        }
        Statement::AddAutoIncrement(s) => s.native_type(target).and_then(|native| {
            let clause = target.identity(&s.counting).unwrap_or_default();
            one(format!("ALTER TABLE {} MODIFY {} {native} {clause}", target.qualified(&s.table), target.name(&s.column)))
        }),
        _ => return (ansi::DIALECT.special)(statement, target),
    })
}
