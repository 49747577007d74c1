//! Apache Derby, 10.7 and newer.

use super::ansi;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::capabilities::Capabilities;
use crate::sql::data_type::{DataType, Logical};
use crate::sql::forms::{DropKeyForm, IndexSchema, SequenceForm, SequenceOrder};
use crate::sql::object_forms::{GeneratedForm, ObjectForms, SchemaForm, SynonymForm};
use crate::sql::statement::StatementKind;
use crate::sql::target::Target;
use crate::sql::temporal::Temporal;
use crate::sql::{Dialect, Statement, Validation};

/// Words that Liquibase quotes for Derby, sorted.
const RESERVED: &[&str] = &[
    "ADD",
    "ALL",
    "ALLOCATE",
    "ALTER",
    "AND",
    "ANY",
    "ARE",
    "AS",
    "ASC",
    "ASSERTION",
    "AT",
    "AUTHORIZATION",
    "AVG",
    "BEGIN",
    "BETWEEN",
    "BIGINT",
    "BIT",
    "BOOLEAN",
    "BOTH",
    "BY",
    "CALL",
    "CASCADE",
    "CASCADED",
    "CASE",
    "CAST",
    "CHAR",
    "CHARACTER",
    "CHECK",
    "CLOSE",
    "COALESCE",
    "COLLATE",
    "COLLATION",
    "COLUMN",
    "COMMIT",
    "CONNECT",
    "CONNECTION",
    "CONSTRAINT",
    "CONSTRAINTS",
    "CONTINUE",
    "CONVERT",
    "CORRESPONDING",
    "CREATE",
    "CURRENT",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "CURSOR",
    "DEALLOCATE",
    "DEC",
    "DECIMAL",
    "DECLARE",
    "DEFAULT",
    "DEFERRABLE",
    "DEFERRED",
    "DELETE",
    "DESC",
    "DESCRIBE",
    "DIAGNOSTICS",
    "DISCONNECT",
    "DISTINCT",
    "DOUBLE",
    "DROP",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXCEPTION",
    "EXEC",
    "EXECUTE",
    "EXISTS",
    "EXPLAIN",
    "EXTERNAL",
    "FALSE",
    "FETCH",
    "FIRST",
    "FLOAT",
    "FOR",
    "FOREIGN",
    "FOUND",
    "FROM",
    "FULL",
    "FUNCTION",
    "GET",
    "GETCURRENTCONNECTION",
    "GLOBAL",
    "GO",
    "GOTO",
    "GRANT",
    "GROUP",
    "HAVING",
    "HOUR",
    "IDENTITY",
    "IMMEDIATE",
    "IN",
    "INDICATOR",
    "INITIALLY",
    "INNER",
    "INOUT",
    "INPUT",
    "INSENSITIVE",
    "INSERT",
    "INT",
    "INTEGER",
    "INTERSECT",
    "INTO",
    "IS",
    "ISOLATION",
    "JOIN",
    "KEY",
    "LAST",
    "LEFT",
    "LIKE",
    "LOWER",
    "LTRIM",
    "MATCH",
    "MAX",
    "MIN",
    "MINUTE",
    "NATIONAL",
    "NATURAL",
    "NCHAR",
    "NEXT",
    "NO",
    "NOT",
    "NULL",
    "NULLIF",
    "NUMERIC",
    "NVARCHAR",
    "OF",
    "ON",
    "ONLY",
    "OPEN",
    "OPTION",
    "OR",
    "ORDER",
    "OUTER",
    "OUTPUT",
    "OVERLAPS",
    "PAD",
    "PARTIAL",
    "PREPARE",
    "PRESERVE",
    "PRIMARY",
    "PRIOR",
    "PRIVILEGES",
    "PROCEDURE",
    "PUBLIC",
    "READ",
    "REAL",
    "REFERENCES",
    "RELATIVE",
    "RESTRICT",
    "REVOKE",
    "RIGHT",
    "ROLLBACK",
    "ROWS",
    "RTRIM",
    "SCHEMA",
    "SCROLL",
    "SECOND",
    "SELECT",
    "SESSION_USER",
    "SET",
    "SMALLINT",
    "SOME",
    "SPACE",
    "SQL",
    "SQLCODE",
    "SQLERROR",
    "SQLSTATE",
    "SUBSTR",
    "SUBSTRING",
    "SUM",
    "SYSTEM_USER",
    "TABLE",
    "TEMPORARY",
    "TIMEZONE_HOUR",
    "TIMEZONE_MINUTE",
    "TO",
    "TRANSACTION",
    "TRANSLATE",
    "TRANSLATION",
    "TRUE",
    "UNION",
    "UNIQUE",
    "UNKNOWN",
    "UPDATE",
    "UPPER",
    "USER",
    "USING",
    "VALUES",
    "VARCHAR",
    "VARYING",
    "VIEW",
    "WHENEVER",
    "WHERE",
    "WITH",
    "WORK",
    "WRITE",
    "XML",
    "XMLEXISTS",
    "XMLPARSE",
    "XMLQUERY",
    "XMLSERIALIZE",
    "YEAR",
];

/// Apache Derby.
pub const DIALECT: Dialect = Dialect {
    id: "derby",
    product: "Apache Derby",
    reserved: |word, _| RESERVED.binary_search(&word).is_ok(),
    caps: CAPABILITIES,
    unsupported: &[
        StatementKind::AddAutoIncrement,
        StatementKind::RenameView,
        StatementKind::SetColumnRemarks,
        StatementKind::SetTableRemarks,
    ],
    data_type,
    temporal,
    next_value: |sequence| Some(format!("NEXT VALUE FOR {sequence}")),
    current_value: |sequence| {
        let name = ansi::string(&sequence.replace('"', ""));
        Some(format!("(SELECT currentvalue FROM sys.syssequences WHERE sequencename = upper({name}))"))
    },
    special,
    check,
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    objects: ObjectForms {
        schema: Some(SchemaForm { if_not_exists: false, cascade: None, restrict: Some(" RESTRICT") }),
        synonym: Some(SynonymForm::PLAIN),
        generated_column: Some(GeneratedForm::KEPT),
        ..ObjectForms::STANDARD
    },
    // A catalog given to a change is taken as the schema.
    schemas: false,
    named_not_null: false,
    added_default_first: true,
    table_if_not_exists: false,
    drop_primary_key: DropKeyForm::Kind,
    names_indexes: true,
    index_schema: IndexSchema::OfBoth,
    sequence: SequenceForm {
        order: SequenceOrder::NoOrderByAlter,
        cache: false,
        alters_cycle: false,
        drop_suffix: " RESTRICT",
        bare_alter: true,
        ..ansi::CAPABILITIES.sequence
    },
    ..ansi::CAPABILITIES
};

/// Types (dialects §4.2).
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    Ok(match t.logical {
        Logical::Int => "INTEGER".to_owned(),
        Logical::BigInt => "BIGINT".to_owned(),
        Logical::SmallInt | Logical::TinyInt => "SMALLINT".to_owned(),
        Logical::MediumInt => "MEDIUMINT".to_owned(),
        Logical::Boolean => "BOOLEAN".to_owned(),
        Logical::NVarchar => t.with_parameters("VARCHAR"),
        Logical::Clob => t.with_additional(t.with_parameters("CLOB")),
        Logical::Double => "DOUBLE".to_owned(),
        Logical::DateTime | Logical::Timestamp => "TIMESTAMP".to_owned(),
        Logical::Number => t.with_additional(t.with_parameters("numeric")),
        _ => return ansi::data_type(t, target),
    })
}

/// Dates, times and timestamps are texts that a function reads.
pub fn temporal(value: &Temporal) -> String {
    let function = match value {
        Temporal::Date(_) => "DATE",
        Temporal::Time(_) => "TIME",
        Temporal::Timestamp(_) => "TIMESTAMP",
    };
    let text = value.to_sql();
    // A fraction has six digits, as Java's timestamps are printed for Derby.
    let text = match text.split_once('.') {
        Some((whole, fraction)) => format!("{whole}.{fraction:0<6}"),
        None => text,
    };
    format!("{function}({})", ansi::string(&text))
}

/// Statements with a form of their own.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    let alter = |table, column: &str, rest: &str| {
        one(format!("ALTER TABLE {} ALTER COLUMN  {} {rest}", target.qualified(table), target.name(column)))
    };
    Some(match statement {
        Statement::RenameTable(s) => one(format!("RENAME TABLE {} TO {}", target.qualified(&s.table), target.name(&s.new_name))),
        Statement::RenameColumn(s) => {
            let (old, new) = (target.name(&s.column), target.name(&s.new_name));
            one(format!("RENAME COLUMN {}.{old} TO {new}", target.qualified(&s.table)))
        }
        Statement::ModifyDataType(s) => target.native_type(&s.type_text).map_err(RenderError::Invalid).and_then(|native| {
            let (table, column) = (target.qualified(&s.table), target.name(&s.column));
            one(format!("ALTER TABLE {table} ALTER COLUMN {column} SET DATA TYPE {native}"))
        }),
        Statement::AddDefaultValue(s) => {
            s.value_text(target).and_then(|value| alter(&s.table, &s.column, &format!("WITH DEFAULT {value}")))
        }
        Statement::DropDefaultValue(s) => alter(&s.table, &s.column, "WITH DEFAULT NULL"),
        Statement::SetNullable(s) => alter(&s.table, &s.column, if s.nullable { "NULL" } else { "NOT NULL" }),
        _ => return (ansi::DIALECT.special)(statement, target),
    })
}

/// A view is not replaced, and a column of a key or one that counts up is not added.
fn check(statement: &Statement, target: &Target, validation: &mut Validation) {
    match statement {
        Statement::CreateView(s) => validation.disallow("replaceIfExists", s.replace, target),
        Statement::AddColumn(s) => {
            for column in &s.columns {
                if column.primary_key.is_some() {
                    validation.error("Cannot add a primary key column");
                }
                if column.auto_increment {
                    validation.error(format!("Cannot add an identity column to {}", target.dialect.id));
                }
            }
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
