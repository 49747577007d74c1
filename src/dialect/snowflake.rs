//! Snowflake.

use super::ansi;
use crate::sql::action::{Rendered, one};
use crate::sql::capabilities::Capabilities;
use crate::sql::data_type::{DataType, Logical};
use crate::sql::forms::{DropKeyForm, IdentityForm, IndexSchema, Remarks, SequenceForm, SequenceOrder, UpsertForm};
use crate::sql::object_forms::{FunctionForm, GeneratedForm, ObjectForms, Replacing, SchemaForm};
use crate::sql::splitter::{Backslashes, DollarQuotes, Lexis};
use crate::sql::target::Target;
use crate::sql::{Dialect, ObjectName, Statement, Validation};

/// Words that must be quoted (dialects appendix A), sorted.
const RESERVED: &[&str] = &[
    "ACCOUNT",
    "ALL",
    "ALTER",
    "AND",
    "ANY",
    "AS",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "CHECK",
    "COLUMN",
    "CONNECT",
    "CONNECTION",
    "CONSTRAINT",
    "CREATE",
    "CROSS",
    "CURRENT",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "DATABASE",
    "DELETE",
    "DISTINCT",
    "DROP",
    "ELSE",
    "EXISTS",
    "FALSE",
    "FOLLOWING",
    "FOR",
    "FROM",
    "FULL",
    "GRANT",
    "GROUP",
    "GSCLUSTER",
    "HAVING",
    "ILIKE",
    "IN",
    "INCREMENT",
    "INNER",
    "INSERT",
    "INTERSECT",
    "INTO",
    "IS",
    "ISSUE",
    "JOIN",
    "LATERAL",
    "LEFT",
    "LIKE",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "MINUS",
    "NATURAL",
    "NOT",
    "NULL",
    "OF",
    "ON",
    "OR",
    "ORDER",
    "ORGANIZATION",
    "QUALIFY",
    "REGEXP",
    "REVOKE",
    "RIGHT",
    "RLIKE",
    "ROW",
    "ROWS",
    "SAMPLE",
    "SCHEMA",
    "SELECT",
    "SET",
    "SOME",
    "START",
    "TABLE",
    "TABLESAMPLE",
    "THEN",
    "TO",
    "TRIGGER",
    "TRUE",
    "TRY_CAST",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VALUES",
    "VIEW",
    "WHEN",
    "WHENEVER",
    "WHERE",
    "WITH",
];

/// Snowflake.
pub const DIALECT: Dialect = Dialect {
    id: "snowflake",
    product: "Snowflake",
    reserved: |word, _| RESERVED.binary_search(&word).is_ok(),
    now: "current_timestamp::timestamp_ntz",
    ledger_now: "current_timestamp::timestamp_ntz",
    auto_increment_words: "AUTOINCREMENT",
    // Newer Java reads no other results.
    session_setup: Some("alter session set jdbc_query_result_format = 'JSON'"),
    lexis: Lexis { dollar_quotes: DollarQuotes::Plain, backslashes: Backslashes::Strings, line_comment: Some("//"), ..Lexis::STANDARD },
    caps: CAPABILITIES,
    data_type,
    next_value: |sequence| Some(format!("{sequence}.nextval")),
    special,
    check,
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    objects: ObjectForms {
        schema: Some(SchemaForm { if_not_exists: true, cascade: Some(" CASCADE"), restrict: Some(" RESTRICT") }),
        check: None,
        function: Some(FunctionForm { replacing: Replacing::By("OR REPLACE"), drops_by_name: false, ..FunctionForm::STANDARD }),
        trigger: None,
        generated_column: Some(GeneratedForm { words: "AS", ..GeneratedForm::NOT_KEPT }),
        ..ObjectForms::STANDARD
    },
    catalogs_in_names: true,
    remarks: Remarks::CommentOn,
    drop_cascade: Some("CASCADE"),
    table_if_not_exists: false,
    upsert: UpsertForm::MergeUsing,
    identity: IdentityForm::WordWithPair("AUTOINCREMENT"),
    identity_restates_type: true,
    drop_primary_key: DropKeyForm::Kind,
    index_schema: IndexSchema::OfBoth,
    sequence: SequenceForm {
        order: SequenceOrder::Written(" NOORDER"),
        cache: false,
        alters_cycle: false,
        bare_alter: true,
        ..ansi::CAPABILITIES.sequence
    },
    ..ansi::CAPABILITIES
};

/// Types (dialects §4.2).
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    let lower = t.lower_name();
    Ok(match t.logical {
        Logical::Double => "FLOAT".to_owned(),
        Logical::Float => t.with_additional(t.with_parameters("FLOAT")),
        Logical::Clob if lower == "text" => t.with_parameters("TEXT"),
        Logical::Clob => "VARCHAR".to_owned(),
        Logical::Blob => match lower.as_str() {
            "blob" => t.with_additional(t.with_parameters("BLOB")),
            "varbinary" | "java.sql.types.varbinary" => t.with_parameters("VARBINARY"),
            "long binary" => "BLOB".to_owned(),
            _ => t.with_parameters("BINARY"),
        },
        Logical::DateTime if lower == "datetime" => t.with_parameters("TIMESTAMP_NTZ"),
        Logical::Unknown if lower == "timestamp_ntz" => t.with_parameters("TIMESTAMP_NTZ"),
        _ => return ansi::data_type(t, target),
    })
}

/// Statements with a form of their own.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    Some(match statement {
        // Tables and views have their database before them, nothing else.
        Statement::CreateSequence(_)
        | Statement::AlterSequence(_)
        | Statement::DropSequence(_)
        | Statement::RenameSequence(_)
        | Statement::DropIndex(_)
            if target.caps.catalogs_in_names =>
        {
            let caps = Capabilities { catalogs_in_names: false, ..target.caps };
            Target { caps, ..target.clone() }.render(statement)
        }
        Statement::DropProcedure(s) => one(drop_procedure(&s.procedure, target)),
        Statement::RenameTable(s) => {
            one(format!("ALTER TABLE {} RENAME TO {}", target.qualified(&s.table), target.qualified(&s.table.renamed(&s.new_name))))
        }
        Statement::RenameView(s) => {
            one(format!("ALTER VIEW {} RENAME TO {}", target.qualified(&s.view), target.qualified(&s.view.renamed(&s.new_name))))
        }
        Statement::AddAutoIncrement(s) => s.native_type(target).and_then(|native| {
            let clause = target.identity(&s.counting).unwrap_or_default();
            one(format!("ALTER TABLE {} MODIFY {} {native} {clause}", target.qualified(&s.table), target.name(&s.column)))
        }),
        _ => return (ansi::DIALECT.special)(statement, target),
    })
}

/// A procedure is named with the types of its parameters; its name stands as the changelog writes it, as it does in
/// the text that makes the procedure.
fn drop_procedure(procedure: &ObjectName, target: &Target) -> String {
    let schema = procedure.schema.as_deref().map(|s| target.name(s) + ".").unwrap_or_default();
    let parameters = if procedure.name.contains('(') { "" } else { "()" };
    format!("DROP PROCEDURE {schema}{}{parameters}", procedure.name)
}

/// A sequence has a first value and a step, nothing else.
fn check(statement: &Statement, target: &Target, validation: &mut Validation) {
    match statement {
        Statement::CreateSequence(s) => {
            for (attribute, given) in [
                ("minValue", s.min.is_some()),
                ("maxValue", s.max.is_some()),
                ("cacheSize", s.cache.is_some()),
                ("cycle", s.cycle.is_some()),
                ("datatype", s.data_type.is_some()),
                ("ordered", s.ordered.is_some()),
            ] {
                validation.disallow(attribute, given, target);
            }
        }
        Statement::SetColumnRemarks(s) if s.of_view => {
            validation.error(format!("setColumnRemarks change type isn't supported on {} for a 'view'", target.dialect.product));
        }
        _ => (ansi::DIALECT.check)(statement, target, validation),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }
}
