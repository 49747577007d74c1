//! HyperSQL.

use super::{ansi, h2};
use crate::sql::action::{Rendered, one};
use crate::sql::capabilities::Capabilities;
use crate::sql::data_type::{DataType, Logical};
use crate::sql::forms::{ColumnPlaces, QuotedCase, Remarks, SequenceForm, SequenceOrder, UpsertForm};
use crate::sql::literal::Literal;
use crate::sql::object_forms::{GeneratedForm, ObjectForms, SchemaForm, SynonymForm};
use crate::sql::splitter::Lexis;
use crate::sql::statement::{CreateIndex, CreateSequence, IndexColumn, StatementKind, StatementType};
use crate::sql::target::Target;
use crate::sql::temporal::Temporal;
use crate::sql::{Dialect, Statement, Validation};

/// Words that must be quoted (dialects appendix A), sorted.
const RESERVED: &[&str] = &[
    "ADD",
    "ALIAS",
    "ALL",
    "ALLOCATE",
    "ALTER",
    "AND",
    "ANY",
    "ARE",
    "ARRAY",
    "AS",
    "ASENSITIVE",
    "ASYMMETRIC",
    "AT",
    "ATOMIC",
    "AUTHORIZATION",
    "AUTOCOMMIT",
    "AVG",
    "BEGIN",
    "BETWEEN",
    "BIGINT",
    "BINARY",
    "BLOB",
    "BOOLEAN",
    "BOTH",
    "BY",
    "CACHED",
    "CALL",
    "CALLED",
    "CASCADED",
    "CASE",
    "CAST",
    "CHAR",
    "CHARACTER",
    "CHECK",
    "CHECKPOINT",
    "CLOB",
    "CLOSE",
    "COLLATE",
    "COLUMN",
    "COMMIT",
    "CONDITION",
    "CONNECT",
    "CONSTRAINT",
    "CONTINUE",
    "CORRESPONDING",
    "COUNT",
    "CREATE",
    "CROSS",
    "CUBE",
    "CURRENT",
    "CURRENT_DATE",
    "CURRENT_DEFAULT_TRANSFORM_GRO",
    "CURRENT_PATH",
    "CURRENT_ROLE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_TRANSFORM_GROUP_FOR_T",
    "CURRENT_USER",
    "CURSOR",
    "DATABASE",
    "DATE",
    "DAY",
    "DEALLOCATE",
    "DEC",
    "DECIMAL",
    "DECLARE",
    "DEFAULT",
    "DEFRAG",
    "DELETE",
    "DEREF",
    "DESCRIBE",
    "DETERMINISTIC",
    "DISCONNECT",
    "DISTINCT",
    "DO",
    "DOUBLE",
    "DOW",
    "DROP",
    "DYNAMIC",
    "EACH",
    "ELEMENT",
    "ELSE",
    "ELSEIF",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXEC",
    "EXECUTE",
    "EXISTS",
    "EXIT",
    "EXPLAIN",
    "EXTERNAL",
    "FALSE",
    "FETCH",
    "FILTER",
    "FLOAT",
    "FOR",
    "FOREIGN",
    "FREE",
    "FROM",
    "FULL",
    "FUNCTION",
    "GET",
    "GLOBAL",
    "GRANT",
    "GROUP",
    "HAVING",
    "HOLD",
    "HOUR",
    "IDENTITY",
    "IF",
    "IGNORECASE",
    "IMMEDIATE",
    "IN",
    "INCREMENT",
    "INDEX",
    "INDICATOR",
    "INITIAL",
    "INNER",
    "INOUT",
    "INPUT",
    "INSENSITIVE",
    "INSERT",
    "INT",
    "INTEGER",
    "INTERSECT",
    "INTERVAL",
    "INTO",
    "IS",
    "ITERATE",
    "JOIN",
    "LANGUAGE",
    "LARGE",
    "LEADING",
    "LEAVE",
    "LEFT",
    "LIKE",
    "LOCAL",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "LOGSIZE",
    "LOOP",
    "MATCH",
    "MATCHED",
    "MAX",
    "MAXROWS",
    "MEMBER",
    "MEMORY",
    "MERGE",
    "METHOD",
    "MIN",
    "MINUS",
    "MINUTE",
    "MODIFIES",
    "MODULE",
    "MONTH",
    "MULTISET",
    "NATIONAL",
    "NATURAL",
    "NCHAR",
    "NCLOB",
    "NEW",
    "NEXT",
    "NO",
    "NONE",
    "NOT",
    "NULL",
    "NUMERIC",
    "OF",
    "ON",
    "ONLY",
    "OPEN",
    "OPENBRACKET",
    "OR",
    "ORDER",
    "OUT",
    "OUTER",
    "OUTPUT",
    "OVER",
    "OVERLAPS",
    "PARAMETER",
    "PARTITION",
    "PLAN",
    "PRECISION",
    "PREPARE",
    "PRIMARY",
    "PROCEDURE",
    "PROPERTY",
    "RANGE",
    "READONLY",
    "READS",
    "REAL",
    "RECURSIVE",
    "REF",
    "REFERENCES",
    "REFERENCING",
    "REFERENTIAL_INTEGRITY",
    "RELEASE",
    "RENAME",
    "REPEAT",
    "RESIGNAL",
    "RESTART",
    "RESULT",
    "RETURN",
    "RETURNS",
    "REVOKE",
    "RIGHT",
    "ROLE",
    "ROLLBACK",
    "ROLLUP",
    "ROW",
    "ROWS",
    "SAVEPOINT",
    "SCHEMA",
    "SCOPE",
    "SCRIPT",
    "SCRIPTFORMAT",
    "SCROLL",
    "SEARCH",
    "SELECT",
    "SEMICOLON",
    "SENSITIVE",
    "SESSION_USER",
    "SET",
    "SHUTDOWN",
    "SIGNAL",
    "SIMILAR",
    "SMALLINT",
    "SOME",
    "SPECIFIC",
    "SPECIFICTYPE",
    "SQL",
    "SQLEXCEPTION",
    "SQLSTATE",
    "SQLWARNING",
    "START",
    "STATIC",
    "STDDEV_POP",
    "STDDEV_SAMP",
    "SUBMULTISET",
    "SUM",
    "SYMMETRIC",
    "SYSTEM",
    "SYSTEM_USER",
    "TABLE",
    "TABLESAMPLE",
    "TEMP",
    "TEXT",
    "THEN",
    "TIME",
    "TIMESTAMP",
    "TIMEZONE_HOUR",
    "TIMEZONE_MINUTE",
    "TO",
    "TOCHAR",
    "TRAILING",
    "TREAT",
    "TRIGGER",
    "TRUE",
    "UNDO",
    "UNION",
    "UNIQUE",
    "UNNEST",
    "UNTIL",
    "UPDATE",
    "USER",
    "USING",
    "VALUE",
    "VALUES",
    "VARCHAR",
    "VARYING",
    "VAR_POP",
    "VAR_SAMP",
    "VIEW",
    "WHEN",
    "WHENEVER",
    "WHERE",
    "WHILE",
    "WINDOW",
    "WITHIN",
    "WITHOUT",
    "WRITE_DELAY",
    "YEAR",
];

/// HyperSQL, 2.4 and newer.
pub const DIALECT: Dialect = Dialect {
    id: "hsqldb",
    product: "HSQL Database Engine",
    reserved: |word, _| RESERVED.binary_search(&word).is_ok(),
    now: "NOW",
    now_words: &[],
    ledger_now: "NOW",
    lexis: Lexis::STANDARD,
    caps: CAPABILITIES,
    before: &[],
    unsupported: &[
        StatementKind::RenameSequence,
        StatementKind::RenameView,
        StatementKind::SetColumnRemarks,
        StatementKind::SetTableRemarks,
    ],
    data_type,
    temporal,
    next_value: |sequence| Some(format!("NEXT VALUE FOR {sequence}")),
    special,
    check,
    ..h2::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    objects: ObjectForms {
        schema: Some(SchemaForm { if_not_exists: true, cascade: Some(" CASCADE"), restrict: Some(" RESTRICT") }),
        synonym: Some(SynonymForm::PLAIN),
        generated_column: Some(GeneratedForm::KEPT),
        ..ObjectForms::STANDARD
    },
    quoted_case: QuotedCase::Folded,
    // A dot stands between the parts of a name.
    unquoted_characters: ".",
    remarks: Remarks::None,
    drop_cascade: None,
    identity_start: "0",
    names_indexes: false,
    column_places: ColumnPlaces::Before,
    upsert: UpsertForm::MergeUsing,
    replaces_views: false,
    sequence: SequenceForm { order: SequenceOrder::Refused, data_type: false, altered_min: "RESTART WITH", ..h2::DIALECT.caps.sequence },
    ..h2::DIALECT.caps
};

/// Types (dialects §4.2).
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    let lower = t.lower_name();
    Ok(match t.logical {
        Logical::Int => "INT".to_owned(),
        Logical::BigInt => "BIGINT".to_owned(),
        Logical::Boolean => "BOOLEAN".to_owned(),
        Logical::NChar => t.with_parameters("CHAR"),
        Logical::NVarchar => t.with_parameters("VARCHAR"),
        Logical::Number => t.with_additional(t.with_parameters("numeric")),
        Logical::Double => "DOUBLE".to_owned(),
        Logical::Clob => h2::long_text(&lower).to_owned(),
        Logical::Blob => h2::binary(t, &lower),
        Logical::DateTime => "TIMESTAMP".to_owned(),
        Logical::Timestamp => {
            let zone = match t.additional.as_deref() {
                Some(a) if a.to_ascii_lowercase().starts_with("with") => format!(" {a}"),
                _ if lower == "java.sql.types.timestamp_with_timezone" => " WITH TIME ZONE".to_owned(),
                _ => String::new(),
            };
            t.with_parameters("TIMESTAMP") + &zone
        }
        Logical::Uuid if target.at_least(2, 4, 0) => "UUID".to_owned(),
        Logical::Xml => "CLOB".to_owned(),
        _ => return ansi::data_type(t, target),
    })
}

/// Timestamps always have three digits of the second.
fn temporal(value: &Temporal) -> String {
    let text = value.to_sql();
    match (value, text.split_once('.')) {
        (Temporal::Timestamp(_), None) => format!("'{text}.000'"),
        (Temporal::Timestamp(_), Some((seconds, digits))) => format!("'{seconds}.{:0<3.3}'", digits),
        _ => format!("'{text}'"),
    }
}

/// Statements with a form of their own.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    match statement {
        Statement::CreateSequence(s) => Some(one(create_sequence(s, target))),
        // A direction behind a column stays there; it is no part of an odd name.
        Statement::CreateIndex(s) if s.columns.iter().any(|c| has_direction(&c.name)) => {
            let columns = s
                .columns
                .iter()
                .map(|c| IndexColumn { computed: if has_direction(&c.name) { Some(true) } else { c.computed }, ..c.clone() });
            Some(CreateIndex { columns: columns.collect(), ..(**s).clone() }.render(target))
        }
        // The types of its parameters choose the procedure.
        Statement::DropProcedure(s) => {
            let (name, parameters) = s.procedure.name.split_once('(').unwrap_or((&s.procedure.name, ""));
            let parameters = if parameters.is_empty() { String::new() } else { format!("({parameters}") };
            Some(one(format!("DROP PROCEDURE {}{parameters}", target.qualified(&s.procedure.renamed(name)))))
        }
        _ => (h2::DIALECT.special)(statement, target),
    }
}

fn has_direction(column: &str) -> bool {
    let upper = column.to_ascii_uppercase();
    upper.ends_with(" ASC") || upper.ends_with(" DESC")
}

/// Its values are always BIGINT; two blanks before the other clauses, as Liquibase writes them.
fn create_sequence(s: &CreateSequence, target: &Target) -> String {
    let mut text = format!("CREATE SEQUENCE {} AS BIGINT", target.qualified(&s.sequence));
    let mut separator = "  ";
    for (words, value) in [("START WITH", &s.start), ("INCREMENT BY", &s.increment)] {
        if let Some(value) = value {
            text.push_str(&format!("{separator}{words} {value}"));
            separator = " ";
        }
    }
    if s.cycle == Some(true) {
        text.push_str(&format!("{separator}CYCLE"));
    }
    text
}

/// Defaults are constants, and little of a sequence can be chosen.
fn check(statement: &Statement, target: &Target, validation: &mut Validation) {
    let mut refuse =
        |what: &str| validation.error(format!("Database {} does not support adding {what}-based default values", target.dialect.id));
    match statement {
        Statement::AddDefaultValue(s) => match &s.value {
            Some(Literal::Computed(text)) if !text.eq_ignore_ascii_case("current_datetime") => refuse("function"),
            Some(Literal::SequenceNext(_) | Literal::SequenceCurrent(_)) => refuse("sequence"),
            _ => {}
        },
        Statement::CreateSequence(s) => {
            validation.disallow("minValue", s.min.is_some(), target);
            validation.disallow("maxValue", s.max.is_some(), target);
        }
        Statement::AlterSequence(s) => {
            validation.disallow("incrementBy", s.increment.is_some(), target);
            validation.disallow("maxValue", s.max.is_some(), target);
            validation.disallow("ordered", s.ordered.is_some(), target);
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
