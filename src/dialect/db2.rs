//! Db2 for Linux, UNIX and Windows: a table is reorganized after it was altered.

use super::ansi;
use crate::sql::action::{Action, RenderError, Rendered, Sql, one, sql};
use crate::sql::capabilities::Capabilities;
use crate::sql::data_type::{DataType, Logical};
use crate::sql::forms::{
    Booleans, Clustering, DropKeyForm, ExistingIndex, IndexSchema, PrimaryKeyName, Remarks, SequenceForm, SequenceOrder,
};
use crate::sql::identifier::ObjectName;
use crate::sql::object_forms::{GeneratedForm, ObjectForms, PartitionPlace};
use crate::sql::splitter::Lexis;
use crate::sql::statement::{CreateProcedure, Reorganize, StatementKind, StatementType, Upsert};
use crate::sql::target::Target;
use crate::sql::temporal::Temporal;
use crate::sql::{Dialect, Statement, Validation};

/// Db2 for Linux, UNIX and Windows.
pub const DIALECT: Dialect = Dialect {
    id: "db2",
    product: "DB2",
    now: "CURRENT TIMESTAMP",
    ledger_now: "CURRENT TIMESTAMP",
    set_schema: |schema| Some(format!("SET CURRENT SCHEMA {schema}")),
    lexis: Lexis { nested_comments: true, ..Lexis::STANDARD },
    procedure_end: "",
    caps: CAPABILITIES,
    unsupported: &[StatementKind::RenameSequence, StatementKind::RenameView],
    data_type,
    temporal,
    next_value: |sequence| Some(format!("NEXT VALUE FOR {sequence}")),
    current_value: |sequence| Some(format!("PREVIOUS VALUE FOR {sequence}")),
    special,
    check,
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    // Liquibase takes a schema for a catalog.
    schemas: false,
    quotes_spaces: true,
    booleans: Booleans::Digits,
    remarks: Remarks::CommentOn,
    view_remarks: Some("TABLE"),
    named_not_null: false,
    added_default_first: true,
    primary_key_name: PrimaryKeyName::PkTableCut { longest: 18, cut: 17 },
    tablespaces: true,
    tablespace_word: "IN",
    table_key_tablespace: false,
    added_key_tablespace: false,
    clustering: Clustering::BehindColumns,
    primary_key_index: ExistingIndex::Ignored,
    drop_primary_key: DropKeyForm::Kind,
    index_schema: IndexSchema::OfBoth,
    reorganizes_tables: true,
    replaces_procedures: true,
    sequence: SequenceForm {
        order: SequenceOrder::Written(""),
        cache: false,
        alters_cycle: false,
        bare_alter: true,
        ..ansi::CAPABILITIES.sequence
    },
    fraction_digits: 12,
    objects: ObjectForms {
        partition_by: Some(PartitionPlace::Last),
        generated_column: Some(GeneratedForm::KEPT),
        ..ansi::CAPABILITIES.objects
    },
    ..ansi::CAPABILITIES
};

/// Types (dialects §4.2).
///
/// # Errors
/// As [`ansi::data_type`].
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    let lower = t.lower_name();
    Ok(match t.logical {
        Logical::Boolean if lower == "java.sql.types.bit" => {
            return ansi::data_type(&DataType { logical: Logical::Unknown, ..t.clone() }, target);
        }
        Logical::Boolean | Logical::SmallInt | Logical::TinyInt => "SMALLINT".to_owned(),
        Logical::Int => "INTEGER".to_owned(),
        Logical::BigInt => "BIGINT".to_owned(),
        Logical::MediumInt => "MEDIUMINT".to_owned(),
        Logical::Currency => "DECIMAL(19, 4)".to_owned(),
        Logical::Double => "DOUBLE".to_owned(),
        Logical::Float if lower == "real" && t.parameters.is_empty() => "REAL".to_owned(),
        Logical::Number => t.with_additional(t.with_parameters("numeric")),
        Logical::Clob => t.with_additional(t.with_parameters("CLOB")),
        Logical::Blob => match lower.strip_prefix("java.sql.types.").unwrap_or(&lower) {
            "varbinary" => t.with_parameters("VARBINARY"),
            "binary" if lower == "binary" => t.with_parameters("BINARY"),
            _ => "BLOB".to_owned(),
        },
        Logical::DateTime => t.with_parameters("TIMESTAMP"),
        Logical::Timestamp => t.with_parameters("timestamp"),
        Logical::Xml => "XML".to_owned(),
        _ => return ansi::data_type(t, target),
    })
}

/// Dates, times and timestamps are texts that a function reads.
fn temporal(value: &Temporal) -> String {
    let function = match value {
        Temporal::Date(_) => "DATE",
        Temporal::Time(_) => "TIME",
        Temporal::Timestamp(_) => "TIMESTAMP",
    };
    format!("{function}({})", ansi::string(&value.to_sql()))
}

/// Tables are reorganized after they were altered.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    Some(match statement {
        Statement::RenameTable(s) => {
            let renamed = one(format!("RENAME {} TO {}", target.qualified(&s.table), target.name(&s.new_name)));
            reorganized(renamed, &s.table.renamed(&s.new_name), 1, target)
        }
        Statement::ModifyDataType(s) => {
            let altered = target.native_type(&s.type_text).map_err(RenderError::Invalid).and_then(|native| {
                let (table, column) = (target.qualified(&s.table), target.name(&s.column));
                one(format!("ALTER TABLE {table} ALTER COLUMN {column} SET DATA TYPE {native}"))
            });
            reorganized(altered, &s.table, 1, target)
        }
        Statement::DropColumn(s) => reorganized(statement.render(target), &s.table, 1, target),
        Statement::AddPrimaryKey(s) => reorganized(statement.render(target), &s.table, 1, target),
        // Liquibase does so twice for NOT NULL.
        Statement::SetNullable(s) => reorganized(statement.render(target), &s.table, if s.nullable { 1 } else { 2 }, target),
        Statement::CopyDistinct(s) => {
            let (from, column, table) = (target.qualified(&s.from), target.name(&s.column), target.qualified(&s.table));
            sql([
                format!("CREATE TABLE {table} AS (SELECT {column} AS {} FROM {from}) WITH NO DATA", target.name(&s.new_column)),
                format!("INSERT INTO {table} SELECT DISTINCT {column} FROM {from} WHERE {column} IS NOT NULL"),
            ])
        }
        // The text itself says that it replaces.
        Statement::CreateProcedure(s) if s.replace => CreateProcedure { replace: false, ..(**s).clone() }.render(target),
        Statement::Upsert(s) if !s.only_update => counted(s, "BEGIN ATOMIC", target).map(|sql| vec![Action::Sql(sql)]),
        _ => return None,
    })
}

/// The actions, and the table reorganized behind them, that often.
fn reorganized(actions: Rendered, table: &ObjectName, times: usize, target: &Target) -> Rendered {
    let mut actions = actions?;
    for _ in 0..times {
        actions.extend(Reorganize { table: table.clone() }.render(target)?);
    }
    Ok(actions)
}

/// A block in which rows with the key are counted first; it sets its own end in scripts.
///
/// # Errors
/// When a value can only be bound as a parameter.
pub fn counted(s: &Upsert, head: &str, target: &Target) -> Result<Sql, RenderError> {
    if s.values.iter().any(|(_, value)| value.must_be_bound()) {
        return Err(RenderError::invalid("a value from a file cannot be part of an insert-or-update here"));
    }
    let found = format!("(SELECT COUNT(*) FROM {} WHERE {})", target.qualified(&s.table), s.predicate().text(target)?);
    let insert = s.insert("INSERT INTO", target)?.text;
    let otherwise = s.update(target)?.map(|update| format!("\tELSEIF v_reccount = 1 THEN\n{};\n", update.text)).unwrap_or_default();
    let text = format!(
        "{head}\n\tDECLARE v_reccount INTEGER;\n\tSET v_reccount = {found};\n\tIF v_reccount = 0 THEN\n{insert};\n{otherwise}END IF;\nEND"
    );
    Ok(Sql { text, end_delimiter: Some(String::new()), parameters: Vec::new() })
}

/// A sequence keeps its type and order, and a column of a key is not added.
fn check(statement: &Statement, target: &Target, validation: &mut Validation) {
    match statement {
        Statement::AlterSequence(s) => {
            validation.disallow("dataType", s.data_type.is_some(), target);
            validation.disallow("ordered", s.ordered.is_some(), target);
        }
        _ => refuse_key_columns(statement, validation),
    }
}

/// A column of a key is not added.
pub fn refuse_key_columns(statement: &Statement, validation: &mut Validation) {
    if let Statement::AddColumn(s) = statement
        && s.columns.iter().any(|column| column.primary_key.is_some())
    {
        validation.error("Cannot add a primary key column");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::db2z;

    #[test]
    fn a_table_is_reorganized_where_there_is_the_command() {
        let statement = Statement::from(Reorganize { table: ObjectName::new(None, Some("app"), "it's") });
        let expected = one("CALL SYSPROC.ADMIN_CMD ('REORG TABLE \"app\".\"it''s\"')");
        assert_eq!(Target::new(&DIALECT, None).render(&statement), expected);
        assert_eq!(Target::new(&db2z::DIALECT, None).render(&statement), Ok(Vec::new()));
    }
}
