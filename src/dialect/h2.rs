//! H2, version 2 and 1.4.

use super::ansi;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::capabilities::{Before, Capabilities};
use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::Version;
use crate::sql::forms::{
    ColumnPlaces, Concat, DropKeyForm, Fold, IdentityForm, IndexOptionForms, IndexSchema, QuotedCase, Remarks, SequenceForm, SequenceOrder,
    UpsertForm,
};
use crate::sql::object_forms::{FunctionForm, GeneratedForm, ObjectForms, Replacing, SchemaForm, SynonymForm};
use crate::sql::splitter::{DollarQuotes, Lexis};
use crate::sql::statement::{AddAutoIncrement, CreateSequence, StatementKind, StatementType};
use crate::sql::target::Target;
use crate::sql::{Dialect, Statement, Validation};

/// Words that must be quoted in every version (dialects appendix A), sorted.
const RESERVED: &[&str] = &[
    "ALL",
    "AND",
    "ARRAY",
    "AS",
    "BETWEEN",
    "BOTH",
    "CASE",
    "CHECK",
    "CONSTRAINT",
    "CROSS",
    "CURRENT_CATALOG",
    "CURRENT_DATE",
    "CURRENT_SCHEMA",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "DISTINCT",
    "EXCEPT",
    "EXISTS",
    "FALSE",
    "FETCH",
    "FILTER",
    "FOR",
    "FOREIGN",
    "FROM",
    "FULL",
    "GROUP",
    "GROUPS",
    "HAVING",
    "IF",
    "ILIKE",
    "IN",
    "INNER",
    "INTERSECT",
    "INTERSECTS",
    "INTERVAL",
    "IS",
    "JOIN",
    "LEADING",
    "LEFT",
    "LIKE",
    "LIMIT",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "MINUS",
    "NATURAL",
    "NOT",
    "NULL",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OVER",
    "PARTITION",
    "PRIMARY",
    "QUALIFY",
    "RANGE",
    "REGEXP",
    "RIGHT",
    "ROW",
    "ROWNUM",
    "ROWS",
    "SELECT",
    "SYSDATE",
    "SYSTIME",
    "SYSTIMESTAMP",
    "TABLE",
    "TODAY",
    "TOP",
    "TRAILING",
    "TRUE",
    "UNION",
    "UNIQUE",
    "UNKNOWN",
    "USING",
    "VALUES",
    "WHERE",
    "WINDOW",
    "WITH",
    "_ROWID_",
];

/// Words that must be quoted since version 2, sorted.
const RESERVED_2: &[&str] = &[
    "ANY",
    "ASYMMETRIC",
    "AUTHORIZATION",
    "CAST",
    "CURRENT_PATH",
    "CURRENT_ROLE",
    "DAY",
    "DEFAULT",
    "ELSE",
    "END",
    "HOUR",
    "KEY",
    "MINUTE",
    "MONTH",
    "SESSION_USER",
    "SET",
    "SOME",
    "SYMMETRIC",
    "SYSTEM_USER",
    "TO",
    "UNESCAPE",
    "USER",
    "VALUE",
    "WHEN",
    "YEAR",
];

/// H2.
pub const DIALECT: Dialect = Dialect {
    id: "h2",
    product: "H2",
    reserved: |word, target| RESERVED.binary_search(&word).is_ok() || (target.at_least(2, 0, 0) && RESERVED_2.binary_search(&word).is_ok()),
    now: "NOW()",
    now_words: &["CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURDATE", "CURTIME", "NOW", "SYSDATE", "TODAY"],
    ledger_now: "NOW()",
    default_schema: Some("PUBLIC"),
    lexis: Lexis { dollar_quotes: DollarQuotes::Plain, nested_comments: true, ..Lexis::STANDARD },
    caps: CAPABILITIES,
    before: &[Before {
        version: Version(2, 0, 0),
        adjust: |caps| Capabilities { identity: IdentityForm::WordWithOptions("AUTO_INCREMENT"), ..caps },
    }],
    unsupported: &[StatementKind::RenameSequence, StatementKind::RenameView],
    data_type,
    next_value: |sequence| Some(format!("NEXTVAL('{}')", sequence.replace('"', ""))),
    current_value: |sequence| Some(format!("CURRVAL('{}')", sequence.replace('"', ""))),
    special,
    check,
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    index_options: IndexOptionForms { if_not_exists: true, ..IndexOptionForms::NONE },
    objects: ObjectForms {
        schema: Some(SchemaForm { if_not_exists: true, cascade: Some(" CASCADE"), restrict: Some(" RESTRICT") }),
        // A function is an alias of one in Java.
        function: Some(FunctionForm { word: "ALIAS", ..FunctionForm::STANDARD }),
        synonym: Some(SynonymForm { replacing: Replacing::By("OR REPLACE"), ..SynonymForm::PLAIN }),
        generated_column: Some(GeneratedForm::KEPT),
        ..ObjectForms::STANDARD
    },
    fold: Fold::Upper,
    quoted_case: QuotedCase::FoldedWithSpaces,
    remarks: Remarks::CommentOn,
    drop_cascade: Some("CASCADE"),
    column_places: ColumnPlaces::AfterOrBefore,
    concat: Concat::Nested,
    upsert: UpsertForm::MergeKey,
    identity: IdentityForm::Generated(" "),
    identity_restates_type: true,
    named_not_null: false,
    added_default_first: true,
    names_indexes: true,
    drop_primary_key: DropKeyForm::Kind,
    index_schema: IndexSchema::OfBoth,
    sequence: SequenceForm {
        order: SequenceOrder::NoOrderByAlter,
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
        // The digits that are shown choose the size.
        Logical::Int => match t.length() {
            Some(0..=3) => "TINYINT".to_owned(),
            Some(4..=5) => "SMALLINT".to_owned(),
            Some(6..=10) => "INTEGER".to_owned(),
            Some(_) => "BIGINT".to_owned(),
            None => t.with_additional("INT".to_owned()),
        },
        Logical::BigInt => "BIGINT".to_owned(),
        Logical::SmallInt => "SMALLINT".to_owned(),
        Logical::TinyInt => "TINYINT".to_owned(),
        Logical::Boolean => "BOOLEAN".to_owned(),
        Logical::Currency => "DECIMAL(18, 4)".to_owned(),
        Logical::Number => t.with_additional(t.with_parameters("numeric")),
        Logical::Double => "DOUBLE PRECISION".to_owned(),
        Logical::Float if lower == "real" && t.parameters.is_empty() => "REAL".to_owned(),
        Logical::Clob => long_text(&lower).to_owned(),
        Logical::Blob => binary(t, &lower),
        Logical::DateTime => "TIMESTAMP".to_owned(),
        Logical::Timestamp if lower == "java.sql.types.timestamp_with_timezone" => "TIMESTAMP WITH TIME ZONE".to_owned(),
        Logical::Timestamp => {
            let zone = t.additional.as_deref().filter(|a| is_zone(a)).map(|a| format!(" {a}")).unwrap_or_default();
            t.with_parameters("TIMESTAMP") + &zone
        }
        Logical::Uuid => "UUID".to_owned(),
        Logical::Xml => "CLOB".to_owned(),
        _ => return ansi::data_type(t, target),
    })
}

/// Words behind a timestamp that say something: without a time zone is what it is by itself.
fn is_zone(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    words.starts_with("with time zone") || words.starts_with("with local time zone")
}

/// The type of a long text of that name.
pub fn long_text(lower: &str) -> &'static str {
    if lower.ends_with("longvarchar") { "LONGVARCHAR" } else { "CLOB" }
}

/// The type of binary data of that name; only short data has a length.
pub fn binary(t: &DataType, lower: &str) -> String {
    match lower {
        "longvarbinary" | "java.sql.types.longvarbinary" => "LONGVARBINARY".to_owned(),
        "binary" => t.with_parameters("BINARY"),
        "varbinary" | "java.sql.types.varbinary" => t.with_parameters("VARBINARY"),
        _ => "BLOB".to_owned(),
    }
}

/// Changes of a column.
///
/// # Errors
/// When a type cannot be had.
pub fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    let alter = |table, column: &str, blanks: &str, rest: &str| {
        one(format!("ALTER TABLE {} ALTER COLUMN{blanks}{} {rest}", target.qualified(table), target.name(column)))
    };
    Some(match statement {
        Statement::RenameColumn(s) => alter(&s.table, &s.column, " ", &format!("RENAME TO {}", target.name(&s.new_name))),
        Statement::ModifyDataType(s) => {
            target.native_type(&s.type_text).map_err(RenderError::Invalid).and_then(|native| alter(&s.table, &s.column, " ", &native))
        }
        Statement::DropDefaultValue(s) => alter(&s.table, &s.column, "  ", "SET DEFAULT NULL"),
        Statement::SetNullable(s) => alter(&s.table, &s.column, " ", if s.nullable { "SET NULL" } else { "SET NOT NULL" }),
        Statement::AddAutoIncrement(s) => add_auto_increment(s, target),
        // The type that is the only one before version 2 is not said there.
        Statement::CreateSequence(s) if s.data_type.is_some() && !target.at_least(2, 0, 0) => {
            CreateSequence { data_type: None, ..(**s).clone() }.render(target)
        }
        _ => return (ansi::DIALECT.special)(statement, target),
    })
}

/// The column is restated, with its type as the changelog writes it.
fn add_auto_increment(s: &AddAutoIncrement, target: &Target) -> Rendered {
    let native = s.type_text.as_deref().unwrap_or("");
    let clause = target.identity(&s.counting).unwrap_or_default();
    one(format!("ALTER TABLE {} ALTER COLUMN {} {native} {clause}", target.qualified(&s.table), target.name(&s.column)))
}

/// The step of a sequence stays as it was made; what version 2 brought is refused before.
fn check(statement: &Statement, target: &Target, validation: &mut Validation) {
    match statement {
        Statement::AlterSequence(s) => validation.disallow("incrementBy", s.increment.is_some(), target),
        Statement::CreateSequence(s) if !target.at_least(2, 0, 0) => {
            let other = s.data_type.as_deref().is_some_and(|t| !t.trim().eq_ignore_ascii_case("bigint"));
            validation.disallow("dataType", other, target);
        }
        Statement::AddColumn(s) if !target.at_least(2, 0, 0) => {
            if s.columns.iter().any(|c| c.primary_key.is_some()) {
                validation.error("Cannot add a primary key column");
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
        assert!(RESERVED.is_sorted() && RESERVED_2.is_sorted());
    }
}
