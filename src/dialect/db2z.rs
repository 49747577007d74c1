//! Db2 for z/OS: as Db2 elsewhere, but no column changes its type, and tables are not reorganized.

use super::db2;
use crate::sql::action::{Action, RenderError, Rendered, Sql, sql};
use crate::sql::capabilities::Capabilities;
use crate::sql::column::ColumnDef;
use crate::sql::forms::{ConstantDefaults, Fold, LookupColumn, SequenceForm, SequenceOrder};
use crate::sql::object_forms::ObjectForms;
use crate::sql::statement::{CopyDistinct, CreateSequence, CreateTable, StatementKind, StatementType, Upsert};
use crate::sql::target::Target;
use crate::sql::{Dialect, Statement, Validation};

/// Db2 for z/OS.
pub const DIALECT: Dialect = Dialect {
    id: "db2z",
    product: "DB2",
    caps: CAPABILITIES,
    unsupported: &[StatementKind::ModifyDataType, StatementKind::RenameSequence, StatementKind::RenameView, StatementKind::SetNullable],
    never_undo: &[StatementKind::DropColumn],
    special,
    check,
    ..db2::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    fold: Fold::Keep,
    view_remarks: None,
    table_if_not_exists: false,
    constant_defaults: ConstantDefaults::OfType,
    reorganizes_tables: false,
    lookup_column: LookupColumn::Defined,
    sequence: SequenceForm { order: SequenceOrder::NoOrderByAlter, ..db2::DIALECT.caps.sequence },
    objects: ObjectForms { generated_column: None, ..db2::DIALECT.caps.objects },
    ..db2::DIALECT.caps
};

/// The procedure that adds or changes a row; it is gone when it has done so.
const UPSERT_PROCEDURE: &str = "insertOrUpdateDb2Z";

/// A column is dropped only where nothing depends on it.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    Some(match statement {
        Statement::DropColumn(s) => {
            let table = target.qualified(&s.table);
            sql(s.columns.iter().map(|column| format!("ALTER TABLE {table} DROP COLUMN {} RESTRICT", target.name(column))))
        }
        Statement::CopyDistinct(s) => copy_distinct(s, target),
        Statement::CreateSequence(s) => create_sequence(s, target),
        // A block stands in a procedure only.
        Statement::Upsert(s) if !s.only_update => upsert(s, target),
        _ => return (db2::DIALECT.special)(statement, target),
    })
}

/// The table is made with its column before it is filled.
fn copy_distinct(s: &CopyDistinct, target: &Target) -> Rendered {
    let column = ColumnDef {
        name: s.new_column.clone(),
        type_text: s.type_text.clone(),
        nullable: Some(false),
        not_null_validate: true,
        ..ColumnDef::default()
    };
    let mut actions = CreateTable { table: s.table.clone(), columns: vec![column], ..CreateTable::default() }.render(target)?;
    let old = target.name(&s.column);
    let (table, from) = (target.qualified(&s.table), target.qualified(&s.from));
    actions.push(Action::Sql(Sql::new(format!("INSERT INTO {table} SELECT DISTINCT {old} FROM {from} WHERE {old} IS NOT NULL"))));
    Ok(actions)
}

/// Its values are always BIGINT; two blanks before the other clauses, as Liquibase writes them.
fn create_sequence(s: &CreateSequence, target: &Target) -> Rendered {
    let sequence = SequenceForm { cache: true, ..target.caps.sequence };
    let caching = Target { caps: Capabilities { sequence, ..target.caps }, ..target.clone() };
    let mut actions = CreateSequence { data_type: Some("BIGINT ".to_owned()), ..s.clone() }.render(&caching)?;
    for action in &mut actions {
        if let Action::Sql(sql) = action {
            sql.text.truncate(sql.text.trim_end().len());
        }
    }
    Ok(actions)
}

fn upsert(s: &Upsert, target: &Target) -> Result<Vec<Action>, RenderError> {
    let create = db2::counted(s, &format!("CREATE PROCEDURE {UPSERT_PROCEDURE}()\nBEGIN"), target)?;
    let others = [format!("CALL {UPSERT_PROCEDURE}()"), format!("DROP PROCEDURE {UPSERT_PROCEDURE}")];
    Ok(std::iter::once(create).chain(others.map(Sql::new)).map(Action::Sql).collect())
}

/// A column of a key is not added, and a view is not replaced.
fn check(statement: &Statement, target: &Target, validation: &mut Validation) {
    if let Statement::CreateView(s) = statement {
        validation.disallow("replaceIfExists", s.replace, target);
    }
    db2::refuse_key_columns(statement, validation);
}
