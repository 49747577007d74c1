//! MySQL: schemas are catalogs, remarks stand in definitions, `MODIFY` restates the whole column.

use super::ansi;
use crate::sql::action::{Rendered, one, sql};
use crate::sql::capabilities::{Before, Capabilities};
use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::{CatalogFamily, Guard, SessionSql, TagForm, Version};
use crate::sql::forms::{
    Booleans, ColumnPlaces, Concat, DefaultExpressions, DropKeyForm, Fold, IdentityForm, IndexExpressions, IndexMethod, IndexOptionForms,
    Remarks, RenameForm, SequenceForm, SequenceOrder, UnknownDeferral, UpsertForm,
};
use crate::sql::literal::Literal;
use crate::sql::object_forms::{
    CheckForm, FunctionForm, GeneratedForm, ObjectForms, PartitionPlace, Replacing, SchemaForm, SwitchForm, TriggerForm,
};
use crate::sql::splitter::{Backslashes, Lexis};
use crate::sql::statement::{AddAutoIncrement, AddDefaultValue};
use crate::sql::target::Target;
use crate::sql::{Dialect, ObjectName, RenderError, Statement, Validation};
use std::borrow::Cow;

/// Words reserved in every version (dialects appendix A), sorted.
const RESERVED: &[&str] = &[
    "ACCESSIBLE",
    "ADD",
    "ALL",
    "ALTER",
    "ANALYZE",
    "AND",
    "AS",
    "ASC",
    "ASENSITIVE",
    "BEFORE",
    "BETWEEN",
    "BIGINT",
    "BINARY",
    "BLOB",
    "BOTH",
    "BY",
    "CALL",
    "CASCADE",
    "CASE",
    "CHANGE",
    "CHAR",
    "CHARACTER",
    "CHECK",
    "COLLATE",
    "COLUMN",
    "CONDITION",
    "CONSTRAINT",
    "CONTINUE",
    "CONVERT",
    "CREATE",
    "CROSS",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "CURSOR",
    "DATABASE",
    "DATABASES",
    "DAY_HOUR",
    "DAY_MICROSECOND",
    "DAY_MINUTE",
    "DAY_SECOND",
    "DEC",
    "DECIMAL",
    "DECLARE",
    "DEFAULT",
    "DELAYED",
    "DELETE",
    "DESC",
    "DESCRIBE",
    "DETERMINISTIC",
    "DISTINCT",
    "DISTINCTROW",
    "DIV",
    "DOUBLE",
    "DROP",
    "DUAL",
    "EACH",
    "ELSE",
    "ELSEIF",
    "ENCLOSED",
    "ESCAPED",
    "EXISTS",
    "EXIT",
    "EXPLAIN",
    "FALSE",
    "FETCH",
    "FLOAT",
    "FLOAT4",
    "FLOAT8",
    "FOR",
    "FORCE",
    "FOREIGN",
    "FROM",
    "FULLTEXT",
    "GENERATED",
    "GET",
    "GRANT",
    "GROUP",
    "HAVING",
    "HIGH_PRIORITY",
    "HOUR_MICROSECOND",
    "HOUR_MINUTE",
    "HOUR_SECOND",
    "IF",
    "IGNORE",
    "IN",
    "INDEX",
    "INFILE",
    "INNER",
    "INOUT",
    "INSENSITIVE",
    "INSERT",
    "INT",
    "INT1",
    "INT2",
    "INT3",
    "INT4",
    "INT8",
    "INTEGER",
    "INTERVAL",
    "INTO",
    "IO_AFTER_GTIDS",
    "IO_BEFORE_GTIDS",
    "IS",
    "ITERATE",
    "JOIN",
    "KEY",
    "KEYS",
    "KILL",
    "LEADING",
    "LEAVE",
    "LEFT",
    "LIKE",
    "LIMIT",
    "LINEAR",
    "LINES",
    "LOAD",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "LOCK",
    "LONG",
    "LONGBLOB",
    "LONGTEXT",
    "LOOP",
    "LOW_PRIORITY",
    "MASTER_BIND",
    "MASTER_SSL_VERIFY_SERVER_CERT",
    "MATCH",
    "MAXVALUE",
    "MEDIUMBLOB",
    "MEDIUMINT",
    "MEDIUMTEXT",
    "MIDDLEINT",
    "MINUTE_MICROSECOND",
    "MINUTE_SECOND",
    "MOD",
    "MODIFIES",
    "NATURAL",
    "NOT",
    "NO_WRITE_TO_BINLOG",
    "NULL",
    "NUMERIC",
    "ON",
    "OPTIMIZE",
    "OPTIMIZER_COSTS",
    "OPTION",
    "OPTIONALLY",
    "OR",
    "ORDER",
    "OUT",
    "OUTER",
    "OUTFILE",
    "PARTITION",
    "PRECISION",
    "PRIMARY",
    "PROCEDURE",
    "PURGE",
    "RANGE",
    "READ",
    "READS",
    "READ_WRITE",
    "REAL",
    "REFERENCES",
    "REGEXP",
    "RELEASE",
    "RENAME",
    "REPEAT",
    "REPLACE",
    "REQUIRE",
    "RESIGNAL",
    "RESTRICT",
    "RETURN",
    "REVOKE",
    "RIGHT",
    "RLIKE",
    "SCHEMA",
    "SCHEMAS",
    "SECOND_MICROSECOND",
    "SELECT",
    "SENSITIVE",
    "SEPARATOR",
    "SET",
    "SHOW",
    "SIGNAL",
    "SMALLINT",
    "SPATIAL",
    "SPECIFIC",
    "SQL",
    "SQLEXCEPTION",
    "SQLSTATE",
    "SQLWARNING",
    "SQL_BIG_RESULT",
    "SQL_CALC_FOUND_ROWS",
    "SQL_SMALL_RESULT",
    "SSL",
    "STARTING",
    "STORED",
    "STRAIGHT_JOIN",
    "TABLE",
    "TERMINATED",
    "THEN",
    "TINYBLOB",
    "TINYINT",
    "TINYTEXT",
    "TO",
    "TRAILING",
    "TRIGGER",
    "TRUE",
    "UNDO",
    "UNION",
    "UNIQUE",
    "UNLOCK",
    "UNSIGNED",
    "UPDATE",
    "USAGE",
    "USE",
    "USING",
    "UTC_DATE",
    "UTC_TIME",
    "UTC_TIMESTAMP",
    "VALUES",
    "VARBINARY",
    "VARCHAR",
    "VARCHARACTER",
    "VARYING",
    "VIRTUAL",
    "WHEN",
    "WHERE",
    "WHILE",
    "WITH",
    "WRITE",
    "XOR",
    "YEAR_MONTH",
    "ZEROFILL",
];

/// Words reserved since 8.0, sorted.
const RESERVED_8: &[&str] = &[
    "CUBE",
    "CUME_DIST",
    "DENSE_RANK",
    "EMPTY",
    "EXCEPT",
    "FIRST_VALUE",
    "FUNCTION",
    "GROUPING",
    "GROUPS",
    "INTERSECT",
    "JSON_TABLE",
    "LAG",
    "LAST_VALUE",
    "LATERAL",
    "LEAD",
    "NTH_VALUE",
    "NTILE",
    "OF",
    "OVER",
    "PERCENT_RANK",
    "RANK",
    "RECURSIVE",
    "ROW",
    "ROWS",
    "ROW_NUMBER",
    "SYSTEM",
    "WINDOW",
];

/// MySQL, 5.5 and newer.
pub const DIALECT: Dialect = Dialect {
    id: "mysql",
    aliases: &[],
    product: "MySQL",
    quotes: ('`', '`'),
    quote_escape: "``",
    reserved,
    now: "NOW()",
    sessions: Some(SessionSql { own: "SELECT CONNECTION_ID()", end: |number| format!("KILL {number}"), blockers }),
    sum_of_rows: Some(sum_of_rows),
    guard: Guard::SecondRow,
    ledger_now: "NOW()",
    tag_form: TagForm::InnerJoin,
    set_schema: |database| Some(format!("USE {database}")),
    auto_increment_words: "AUTO_INCREMENT",
    catalog: CatalogFamily::MySql,
    lexis: Lexis {
        backslashes: Backslashes::Strings,
        executable_comments: true,
        line_comment: Some("#"),
        blank_behind_dashes: true,
        backquotes: true,
        delimiter_lines: true,
        refuses_empty: true,
        ..Lexis::STANDARD
    },
    line_comment: "-- ",
    caps: CAPABILITIES,
    before: &[
        // DROP CONSTRAINT, which MariaDB knows too, came three versions after constraints of this kind.
        Before {
            version: Version(8, 0, 19),
            adjust: |caps| Capabilities {
                objects: ObjectForms { check: caps.objects.check.map(|form| CheckForm { drop: "CHECK", ..form }), ..caps.objects },
                ..caps
            },
        },
        // Before, they are read and forgotten.
        Before { version: Version(8, 0, 16), adjust: |caps| Capabilities { objects: ObjectForms { check: None, ..caps.objects }, ..caps } },
        Before {
            version: Version(8, 0, 13),
            adjust: |caps| Capabilities {
                default_expressions: DefaultExpressions::Bare,
                index_expressions: IndexExpressions::None,
                ..caps
            },
        },
        Before { version: Version(8, 0, 0), adjust: |caps| Capabilities { expression_defaults: false, ..caps } },
        Before {
            version: Version(5, 7, 6),
            adjust: |caps| Capabilities { objects: ObjectForms { generated_column: None, ..caps.objects }, ..caps },
        },
        Before { version: Version(5, 6, 4), adjust: |caps| Capabilities { fraction_digits: 0, ..caps } },
    ],
    data_type,
    string,
    current_time,
    special,
    check,
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    named_primary_keys: false,
    drop_primary_key: DropKeyForm::Kind,
    drop_foreign_key: DropKeyForm::Kind,
    drop_unique: DropKeyForm::Kind,
    index_options: IndexOptionForms { method: IndexMethod::BehindName, ..IndexOptionForms::NONE },
    index_belongs_to_table: true,
    index_expressions: IndexExpressions::InParentheses,
    sequence: SequenceForm {
        increment_first: true,
        data_type: false,
        order: SequenceOrder::Ignored,
        no_cache: " CACHE 0",
        no_more_cache: " NOCACHE",
        no_cycle: " NOCYCLE",
        rename: RenameForm::RenameTable,
        ..ansi::CAPABILITIES.sequence
    },
    rename_view: RenameForm::RenameTable,
    replaces_procedures: true,
    fold: Fold::Keep,
    schemas: false,
    database_in_names: true,
    sequences: false,
    explicit_null: true,
    remarks: Remarks::Inline,
    booleans: Booleans::Digits,
    restates_type: true,
    not_null_drops_default: true,
    column_places: ColumnPlaces::After,
    joins_alterations: true,
    concat: Concat::ConcatWs,
    multi_row_insert: true,
    identity: IdentityForm::Word("AUTO_INCREMENT"),
    unknown_deferral: UnknownDeferral::Refused,
    identity_restates_type: true,
    identity_step: false,
    named_not_null: false,
    identity_needs_key: true,
    identity_start_of_table: true,
    row_lists: true,
    // Measured: with half and twice as many, MariaDB takes longer; LOAD DATA takes about as long.
    bound_values: 4096,
    upsert: UpsertForm::OnDuplicateKey,
    is_lower_offline: true,
    default_expressions: DefaultExpressions::InParentheses,
    dropped_length_units: &["BYTE", "CHAR"],
    objects: ObjectForms {
        check: Some(CheckForm {
            disabled: Some(" NOT ENFORCED"),
            switch: Some(SwitchForm::OfTable { on: ("ALTER CHECK", " ENFORCED"), off: ("ALTER CHECK", " NOT ENFORCED") }),
            ..CheckForm::STANDARD
        }),
        function: Some(FunctionForm { replacing: Replacing::DropFirst, ..FunctionForm::STANDARD }),
        trigger: Some(TriggerForm { replacing: Replacing::DropFirst, ..TriggerForm::STANDARD }),
        schema: Some(SchemaForm { if_not_exists: true, cascade: Some(""), restrict: None }),
        partition_by: Some(PartitionPlace::Last),
        generated_column: Some(GeneratedForm::CHOSEN),
        ..ObjectForms::STANDARD
    },
    fraction_digits: 6,
    ..ansi::CAPABILITIES
};

/// Words that are not reserved, and that Liquibase quotes all the same (asked of MySQLDatabase and MariaDBDatabase of 4.28);
/// sorted.
const QUOTED: &[&str] = &[
    "ADMIN",
    "BUCKETS",
    "CLONE",
    "COMPONENT",
    "DEFINITION",
    "DESCRIPTION",
    "EXCLUDE",
    "FOLLOWING",
    "GEOMCOLLECTION",
    "GET_MASTER_PUBLIC_KEY",
    "HISTOGRAM",
    "HISTORY",
    "INVISIBLE",
    "LOCKED",
    "MASTER_PUBLIC_KEY_PATH",
    "NESTED",
    "NOWAIT",
    "NULLS",
    "ORDINALITY",
    "ORGANIZATION",
    "OTHERS",
    "PATH",
    "PERSIST",
    "PERSIST_ONLY",
    "PRECEDING",
    "PROCESS",
    "REFERENCE",
    "REMOTE",
    "RESOURCE",
    "RESPECT",
    "RESTART",
    "REUSE",
    "ROLE",
    "SKIP",
    "SRID",
    "THREAD_PRIORITY",
    "TIES",
    "UNBOUNDED",
    "VCPU",
    "VISIBLE",
];

/// Whether a word is reserved in any version: quotes do no harm where it is not.
pub fn reserved(word: &str, _target: &Target) -> bool {
    [RESERVED, RESERVED_8, QUOTED].iter().any(|words| words.binary_search(&word).is_ok())
}

/// Text in single quotes; a backslash is an escape character here, so it is doubled too.
pub fn string(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// Types (dialects §4.2).
///
/// # Errors
/// As [`ansi::data_type`].
pub fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    let lower = t.lower_name();
    let plain = |name: &str| t.with_additional(name.to_owned());
    Ok(match t.logical {
        Logical::Int => plain("INT"),
        Logical::BigInt => plain("BIGINT"),
        Logical::SmallInt => plain("SMALLINT"),
        Logical::MediumInt => plain("MEDIUMINT"),
        Logical::Boolean if matches!(lower.as_str(), "bit" | "java.sql.types.bit") => t.with_parameters("BIT"),
        Logical::Boolean => "TINYINT".to_owned(),
        Logical::Clob => match lower.as_str() {
            "text" => "TEXT",
            "tinytext" => "TINYTEXT",
            "mediumtext" => "MEDIUMTEXT",
            "nclob" => "LONGTEXT CHARACTER SET utf8",
            _ => "LONGTEXT",
        }
        .to_owned(),
        Logical::Blob => match lower.as_str() {
            "blob" | "java.sql.types.blob" => "BLOB".to_owned(),
            "tinyblob" => "TINYBLOB".to_owned(),
            "mediumblob" => "MEDIUMBLOB".to_owned(),
            "binary" => t.with_parameters("BINARY"),
            "varbinary" => t.with_parameters("VARBINARY"),
            _ => "LONGBLOB".to_owned(),
        },
        Logical::Double => {
            let additional = t.additional.as_ref().map(|a| format!(" {}", a.to_uppercase())).unwrap_or_default();
            // A precision without a scale is not allowed here.
            let name = if t.parameters.len() > 1 { t.with_parameters("DOUBLE") } else { "DOUBLE".to_owned() };
            name + &additional
        }
        Logical::Float if lower == "real" && t.parameters.is_empty() => "REAL".to_owned(),
        Logical::Number => t.with_additional(t.with_parameters("numeric")),
        // Liquibase compares both parts of the version on their own and so leaves the digits out on 8.0.
        Logical::Time if target.version.is_some_and(|v| v.0 >= 5 && v.1 >= 6) => t.with_parameters("time"),
        Logical::DateTime if target.caps.fraction_digits > 0 => t.with_parameters("datetime"),
        // There are no zones in the types of this server.
        Logical::Timestamp => {
            let t = t.clone().without_words(&["with time zone", "without time zone", "with local time zone"]);
            // With digits the type stands as it is written, in its letter case.
            let name = if t.parameters.is_empty() || !t.lower_name().eq("timestamp") { "timestamp" } else { &t.name };
            t.with_additional(t.with_parameters(name))
        }
        Logical::Xml => "LONGTEXT".to_owned(),
        _ => return ansi::data_type(t, target),
    })
}

/// `NOW()` with the digits of `CURRENT_TIMESTAMP(3)`; what goes on to say `ON UPDATE` stays as it is.
fn current_time<'e>(text: &'e str, _target: &Target) -> Cow<'e, str> {
    if text.to_ascii_lowercase().contains("on update") {
        return Cow::Borrowed(text);
    }
    let digits = text.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(digits, _)| digits.trim());
    Cow::Owned(format!("NOW({digits})"))
}

/// Changes of a column, which restate its definition, and other forms of their own.
///
/// # Errors
/// When a type or value cannot be written.
pub fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    let native = |written: &str| target.native_type(written).map_err(RenderError::Invalid);
    let restated = |written: &Option<String>, what: &str| match written {
        Some(written) => native(written),
        None => Err(RenderError::Invalid(format!("columnDataType is required for {what} on {}", target.dialect.id))),
    };
    Some(match statement {
        Statement::RenameTable(s) => {
            let new = target.qualified(&s.table.renamed(&s.new_name));
            one(format!("ALTER TABLE {} RENAME {new}", target.qualified(&s.table)))
        }
        Statement::RenameColumn(s) => restated(&s.type_text, "renameColumn").and_then(|native| {
            let comment = s.remarks.as_ref().map(|r| format!(" COMMENT {}", target.string(r))).unwrap_or_default();
            let (old, new) = (target.name(&s.column), target.name(&s.new_name));
            one(format!("ALTER TABLE {} CHANGE {old} {new} {native}{comment}", target.qualified(&s.table)))
        }),
        Statement::ModifyDataType(s) => native(&s.type_text)
            .and_then(|native| one(format!("ALTER TABLE {} MODIFY {} {native}", target.qualified(&s.table), target.name(&s.column)))),
        Statement::SetNullable(s) => restated(&s.type_text, if s.nullable { "dropNotNullConstraint" } else { "addNotNullConstraint" })
            .and_then(|native| {
                let (table, column) = (target.qualified(&s.table), target.name(&s.column));
                one(format!("ALTER TABLE {table} MODIFY {column} {native} {}", if s.nullable { "NULL" } else { "NOT NULL" }))
            }),
        Statement::SetColumnRemarks(s) => restated(&s.type_text, "setColumnRemarks").and_then(|native| {
            let (table, column) = (target.qualified(&s.table), target.name(&s.column));
            one(format!("ALTER TABLE {table} MODIFY COLUMN {column} {native} COMMENT {}", target.string(&s.remarks)))
        }),
        Statement::AddAutoIncrement(s) => add_auto_increment(s, target),
        Statement::AddDefaultValue(s) => add_default_value(s, target),
        Statement::DropDefaultValue(s) => {
            one(format!("ALTER TABLE {} ALTER {} DROP DEFAULT", target.qualified(&s.table), target.name(&s.column)))
        }
        _ => return (ansi::DIALECT.special)(statement, target),
    })
}

/// The column is restated; the first value belongs to the table.
fn add_auto_increment(s: &AddAutoIncrement, target: &Target) -> Rendered {
    let table = target.qualified(&s.table);
    let clause = target.identity(&s.counting).unwrap_or_default();
    let modify = format!("ALTER TABLE {table} MODIFY {} {} {clause}", target.name(&s.column), s.native_type(target)?);
    let start = s.counting.start.as_ref().map(|start| format!("ALTER TABLE {table} AUTO_INCREMENT={start}"));
    sql(std::iter::once(modify).chain(start))
}

/// A sequence whose name is written behind its schema (`app.seq`).
fn with_schema(sequence: &ObjectName) -> ObjectName {
    match sequence.name.split_once('.') {
        Some((schema, name)) if sequence.schema.is_none() => ObjectName::new(None, Some(schema), name),
        _ => sequence.clone(),
    }
}

/// Values are set alone; expressions in parentheses since 8.0, before that with the whole column restated.
fn add_default_value(s: &AddDefaultValue, target: &Target) -> Rendered {
    let (table, column) = (target.qualified(&s.table), target.name(&s.column));
    let expression = match &s.value {
        // The names of the current time stay: an expression is not mapped here.
        Some(Literal::Computed(expression)) => expression.clone(),
        Some(Literal::SequenceNext(sequence)) => target.value(&Literal::SequenceNext(with_schema(sequence)))?,
        Some(Literal::SequenceCurrent(sequence)) => target.value(&Literal::SequenceCurrent(with_schema(sequence)))?,
        _ => return one(format!("ALTER TABLE {table} ALTER {column} SET DEFAULT {}", s.value_text(target)?)),
    };
    if !target.caps.expression_defaults {
        let Some(written) = s.type_text.as_deref().filter(|_| target.at_least(5, 6, 5)) else {
            return Err(RenderError::invalid("This version of mysql does not support non-literal default values"));
        };
        let native = target.native_type(written).map_err(RenderError::Invalid)?;
        return one(format!("ALTER TABLE {table} MODIFY COLUMN {column} {native} DEFAULT {expression}"));
    }
    let expression = if expression.starts_with('(') { expression } else { format!("({expression})") };
    one(format!("ALTER TABLE {table} ALTER {column} SET DEFAULT {expression}"))
}

/// A restated definition loses what it does not repeat.
pub fn check(statement: &Statement, target: &Target, validation: &mut Validation) {
    let operation = match statement {
        Statement::AddDefaultValue(_) => "addDefaultValue",
        Statement::ModifyDataType(_) => "modifyDataType",
        Statement::SetColumnRemarks(_) => "setColumnRemarks",
        Statement::SetNullable(_) => "setNullable",
        _ => return (ansi::DIALECT.check)(statement, target, validation),
    };
    validation.warn(format!(
        "Due to {} SQL limitations, {operation} will lose primary key/autoincrement/not null/comment settings explicitly redefined \
         in the change. Use <sql> or <modifySql> to re-specify all configuration if this is the case",
        target.dialect.id
    ));
}

/// Whom a session waits for. InnoDB knows who holds its locks; of a lock on a table's definition it is only known that somebody with an
/// open transaction has it.
fn blockers(number: &str) -> String {
    let rows_locked = format!("p.ID IN (SELECT w.blocking_pid FROM sys.innodb_lock_waits w WHERE w.waiting_pid = {number})");
    format!(
        "SELECT DISTINCT p.ID AS NUMBER, p.USER AS USERNAME, NULL AS PROGRAM, p.HOST AS CLIENT, p.COMMAND AS STATE, \
         TIMESTAMPDIFF(SECOND, t.trx_started, NOW()) AS SECONDS, REGEXP_SUBSTR(p.INFO, '^[A-Za-z]+') AS VERB, {rows_locked} AS CERTAIN \
         FROM information_schema.PROCESSLIST p JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID \
         WHERE p.ID <> {number} AND ({rows_locked} OR EXISTS (SELECT 1 FROM information_schema.PROCESSLIST w \
         WHERE w.ID = {number} AND w.STATE LIKE 'Waiting for%metadata lock')) ORDER BY 1"
    )
}

/// The number of rows and the sum of their CRC-32.
fn sum_of_rows(columns: &[String], table: &str) -> String {
    let values: Vec<String> = columns.iter().map(|c| format!("COALESCE({c}, '')")).collect();
    format!("SELECT CONCAT(COUNT(*), ':', COALESCE(SUM(CRC32(CONCAT_WS(CHAR(31), {}))), 0)) FROM {table}", values.join(", "))
}
