//! PostgreSQL.

use super::ansi;
use crate::sql::action::{Action, Rendered, Sql, one, sql};
use crate::sql::capabilities::{Before, Capabilities};
use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::{Guard, SessionSql, TagForm, Version};
use crate::sql::forms::{
    Clustering, ExistingIndex, Fold, IdentityForm, IndexMethod, IndexOptionForms, PrimaryKeyName, Remarks, SequenceForm, UpsertForm,
};
use crate::sql::literal::Literal;
use crate::sql::object_forms::{
    CheckForm, FunctionForm, GeneratedForm, ObjectForms, PartitionPlace, RenameTrigger, Replacing, SchemaForm, SwitchForm, TriggerForm,
};
use crate::sql::splitter::{Backslashes, Blocks, DollarQuotes, Lexis};
use crate::sql::statement::{AddAutoIncrement, DropPrimaryKey};
use crate::sql::target::Target;
use crate::sql::{Dialect, RenderError, Statement};

/// Words that must be quoted (dialects appendix A), sorted.
const RESERVED: &[&str] = &[
    "ALL",
    "ANALYSE",
    "ANALYZE",
    "AND",
    "ANY",
    "ARRAY",
    "AS",
    "ASC",
    "ASYMMETRIC",
    "AUTHORIZATION",
    "BINARY",
    "BOTH",
    "CASE",
    "CAST",
    "CHECK",
    "COLLATE",
    "COLLATION",
    "COLUMN",
    "CONCURRENTLY",
    "CONSTRAINT",
    "CREATE",
    "CROSS",
    "CURRENT_CATALOG",
    "CURRENT_DATE",
    "CURRENT_ROLE",
    "CURRENT_SCHEMA",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "DEFAULT",
    "DEFERRABLE",
    "DESC",
    "DISTINCT",
    "DO",
    "ELSE",
    "END",
    "EXCEPT",
    "FALSE",
    "FETCH",
    "FOR",
    "FOREIGN",
    "FREEZE",
    "FROM",
    "FULL",
    "GRANT",
    "GROUP",
    "HAVING",
    "ILIKE",
    "IN",
    "INITIALLY",
    "INNER",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "LATERAL",
    "LEADING",
    "LEFT",
    "LIKE",
    "LIMIT",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "NATURAL",
    "NOT",
    "NOTNULL",
    "NULL",
    "OFFSET",
    "ON",
    "ONLY",
    "OR",
    "ORDER",
    "OUTER",
    "OVERLAPS",
    "PLACING",
    "PRIMARY",
    "REFERENCES",
    "RETURNING",
    "RIGHT",
    "SELECT",
    "SESSION_USER",
    "SIMILAR",
    "SOME",
    "SYMMETRIC",
    "TABLE",
    "TABLESAMPLE",
    "THEN",
    "TO",
    "TRAILING",
    "TRUE",
    "UNION",
    "UNIQUE",
    "USER",
    "USING",
    "VARIADIC",
    "VERBOSE",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
];

/// PostgreSQL, 9.4 and newer.
pub const DIALECT: Dialect = Dialect {
    id: "postgresql",
    aliases: &["postgres", "pg"],
    product: "PostgreSQL",
    reserved: |word, _| RESERVED.binary_search(&word).is_ok(),
    now: "NOW()",
    sessions: Some(SessionSql { own: "SELECT pg_backend_pid()", end: |number| format!("SELECT pg_terminate_backend({number})"), blockers }),
    sum_of_rows: Some(sum_of_rows),
    guard: Guard::SecondRow,
    ledger_now: "NOW()",
    tag_form: TagForm::FromSubquery,
    set_schema: |schema| Some(format!("SET SEARCH_PATH TO {schema}, \"$user\", public")),
    lexis: Lexis {
        dollar_quotes: DollarQuotes::Tagged,
        backslashes: Backslashes::EscapeStrings,
        nested_comments: true,
        parentheses_hold: true,
        blocks: Blocks::BeginEnd,
        ..Lexis::STANDARD
    },
    caps: CAPABILITIES,
    before: &[
        Before {
            version: Version(18, 0, 0),
            adjust: |caps| {
                let generated_column = caps.objects.generated_column.map(|form| GeneratedForm { computed: None, ..form });
                Capabilities { objects: ObjectForms { generated_column, ..caps.objects }, ..caps }
            },
        },
        Before {
            version: Version(12, 0, 0),
            adjust: |caps| Capabilities { objects: ObjectForms { generated_column: None, ..caps.objects }, ..caps },
        },
        Before { version: Version(14, 0, 0), adjust: |caps| Capabilities { objects: drops_triggers_first(caps.objects), ..caps } },
        Before {
            version: Version(10, 0, 0),
            adjust: |caps| Capabilities { objects: ObjectForms { partitions: false, partition_by: None, ..caps.objects }, ..caps },
        },
        Before {
            version: Version(11, 0, 0),
            adjust: |caps| Capabilities { index_options: IndexOptionForms { include: false, ..caps.index_options }, ..caps },
        },
        Before {
            version: Version(10, 0, 0),
            adjust: |caps| Capabilities {
                identity: IdentityForm::InType,
                sequence: SequenceForm { data_type: false, ..caps.sequence },
                ..caps
            },
        },
        Before {
            version: Version(9, 5, 0),
            adjust: |caps| Capabilities {
                sequence: SequenceForm { if_not_exists: "", ..caps.sequence },
                index_options: IndexOptionForms { if_not_exists: false, ..caps.index_options },
                ..caps
            },
        },
    ],
    data_type,
    xml: |quoted| format!("xml {quoted}"),
    leaves_transaction: Some(leaves_transaction),
    special,
    next_value: |sequence| Some(format!("nextval('{sequence}')")),
    current_value: |sequence| Some(format!("currval('{sequence}')")),
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    fold: Fold::Lower,
    quote_mixed_case: true,
    transactional_ddl: true,
    temporary_tables_apart: true,
    view_remarks: Some("VIEW"),
    identity_always: true,
    remarks: Remarks::CommentOn,
    primary_key_name: PrimaryKeyName::TablePkey,
    drop_cascade: Some("CASCADE"),
    deferrable: true,
    deferrable_keys: true,
    tablespaces: true,
    multi_row_insert: true,
    dropped_length_units: &["BYTE", "CHAR"],
    booleans_are_apart: true,
    identity: IdentityForm::Generated(" "),
    row_lists: true,
    copies_rows: true,
    upsert: UpsertForm::Block,
    clustering: Clustering::Statement,
    primary_key_index: ExistingIndex::Ignored,
    unique_index: ExistingIndex::InsteadOfColumns,
    names_indexes: true,
    concurrent_indexes: true,
    index_options: IndexOptionForms { if_not_exists: true, partial: true, include: true, method: IndexMethod::BehindTable },
    validate_constraint: Some("VALIDATE CONSTRAINT"),
    not_valid: Some(" NOT VALID"),
    sequence: SequenceForm {
        if_not_exists: " IF NOT EXISTS ",
        // The least that it takes: a value is read ahead by itself.
        no_more_cache: " CACHE 1",
        drop_suffix: " CASCADE",
        ..ansi::CAPABILITIES.sequence
    },
    objects: ObjectForms {
        check: Some(CheckForm { unchecked: Some(("", " NOT VALID")), ..CheckForm::STANDARD }),
        function: Some(FunctionForm { replacing: Replacing::By("OR REPLACE"), ..FunctionForm::STANDARD }),
        trigger: Some(TriggerForm {
            replacing: Replacing::By("OR REPLACE"),
            of_table: true,
            switch: Some(SwitchForm::OfTable { on: ("ENABLE TRIGGER", ""), off: ("DISABLE TRIGGER", "") }),
            rename: RenameTrigger::OfTable,
            ..TriggerForm::STANDARD
        }),
        schema: Some(SchemaForm { if_not_exists: true, cascade: Some(" CASCADE"), restrict: Some("") }),
        extensions: true,
        enums: true,
        materialized_views: true,
        partitions: true,
        partition_by: Some(PartitionPlace::BeforeTablespace),
        generated_column: Some(GeneratedForm { usual: " STORED", ..GeneratedForm::CHOSEN }),
        ..ObjectForms::STANDARD
    },
    fraction_digits: 6,
    ..ansi::CAPABILITIES
};

/// A trigger cannot be replaced in place.
fn drops_triggers_first(objects: ObjectForms) -> ObjectForms {
    ObjectForms { trigger: objects.trigger.map(|form| TriggerForm { replacing: Replacing::DropFirst, ..form }), ..objects }
}

/// Types (dialects §4.2).
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    let t = &t.clone().without_words(&["unsigned", "signed", "zerofill", "character set *"]);
    let lower = t.lower_name();
    let serial = t.auto_increment && target.caps.identity == IdentityForm::InType;
    let either = |when: bool, one: &str, other: &str| if when { one.to_owned() } else { other.to_owned() };
    Ok(match t.logical {
        Logical::Int => either(serial, "SERIAL", "INTEGER"),
        Logical::SmallInt => either(serial, "SMALLSERIAL", "SMALLINT"),
        Logical::BigInt if serial => "BIGSERIAL".to_owned(),
        Logical::BigInt => t.with_additional("BIGINT".to_owned()),
        Logical::TinyInt => "SMALLINT".to_owned(),
        Logical::Boolean if matches!(lower.as_str(), "bit" | "java.sql.types.bit") => t.with_parameters("BIT"),
        Logical::Boolean => "BOOLEAN".to_owned(),
        Logical::Varchar if t.length() == Some(2_147_483_647) => t.with_additional("CHARACTER VARYING".to_owned()),
        Logical::NVarchar => t.with_parameters("VARCHAR"),
        Logical::Clob => "TEXT".to_owned(),
        // A plain blob is a large object, everything else binary data of the row.
        Logical::Blob => either(matches!(lower.as_str(), "blob" | "java.sql.types.blob"), "OID", "BYTEA"),
        Logical::Number => t.with_additional(t.with_parameters("numeric")),
        Logical::Double => "DOUBLE PRECISION".to_owned(),
        Logical::Float if lower == "real" && t.parameters.is_empty() => "REAL".to_owned(),
        Logical::Time => t.with_parameters("time") + zone(t, false),
        Logical::DateTime => t.with_parameters("TIMESTAMP") + zone(t, false),
        Logical::Timestamp => match t.additional.as_deref().filter(|a| is_zone(a)) {
            Some(additional) => format!("{} {additional}", t.with_parameters("TIMESTAMP")),
            None => t.with_parameters("TIMESTAMP") + zone(t, lower == "java.sql.types.timestamp_with_timezone"),
        },
        Logical::Uuid => "UUID".to_owned(),
        Logical::Xml => "XML".to_owned(),
        Logical::Unknown if lower == "interval" => interval(&t.written),
        Logical::Unknown if lower.ends_with(']') => array(t),
        _ => return ansi::data_type(t, target),
    })
}

/// An interval without the digits of its first field (`DAY(2) TO SECOND(3)`), which only the second may have here.
fn interval(written: &str) -> String {
    let upper = written.trim().to_uppercase();
    let Some((first, second)) = upper.split_once(" TO ") else { return upper };
    let first = first.split_once('(').map_or(first, |(field, _)| field.trim_end());
    format!("{first} TO {}", second.trim_start())
}

/// An array, whose brackets stand behind the parameters of its elements: `VARCHAR(10)[]`.
fn array(t: &DataType) -> String {
    let upper = t.name.to_uppercase();
    let (element, brackets) = upper.split_at(upper.find('[').unwrap_or(upper.len()));
    t.with_additional(t.with_parameters(element) + brackets)
}

/// Whether the words behind a type are those of the standard.
fn is_zone(words: &str) -> bool {
    words.eq_ignore_ascii_case("with time zone") || words.eq_ignore_ascii_case("without time zone")
}

/// What a time is said to know of time zones; the local time zone of Oracle is the only one that this server has.
fn zone(t: &DataType, with: bool) -> &'static str {
    let additional = t.additional.as_deref().unwrap_or("").to_ascii_lowercase();
    let with = with
        || t.lower_name().ends_with("tz")
        || additional.starts_with("with time zone")
        || additional.starts_with("with local time zone");
    if with { " WITH TIME ZONE" } else { " WITHOUT TIME ZONE" }
}

/// What a change of one column says beyond standard SQL.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    match statement {
        Statement::AddAutoIncrement(s) => Some(add_auto_increment(s, target)),
        Statement::ModifyDataType(s) => Some(target.native_type(&s.type_text).map_err(RenderError::Invalid).and_then(|native| {
            let (table, column) = (target.qualified(&s.table), target.name(&s.column));
            one(format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {native} USING ({column}::{native})"))
        })),
        Statement::AddDefaultValue(s) => {
            let Some(Literal::SequenceNext(sequence)) = &s.value else { return None };
            // The sequence goes when the column goes.
            let (table, column) = (target.qualified(&s.table), target.name(&s.column));
            let owner = format!("ALTER SEQUENCE {} OWNED BY {table}.{column}", target.qualified(sequence));
            Some(s.set_default(target).map(|set| vec![Action::Sql(Sql::new(set)), Action::Sql(Sql::new(owner))]))
        }
        Statement::DropPrimaryKey(s) if s.name.is_none() => Some(one(drop_unnamed_primary_key(s, target))),
        _ => (ansi::DIALECT.special)(statement, target),
    }
}

/// The server chose the key's name: a block looks it up, by the table's name as it is stored. Offline, where no schema
/// may be known, it is the current one; Liquibase writes `null`.
fn drop_unnamed_primary_key(s: &DropPrimaryKey, target: &Target) -> String {
    let schema = s.table.schema.as_ref().or(target.default_schema.as_ref());
    let shown = Target { output_default_schema: true, ..target.clone() };
    let table = shown.qualified(&s.table).replace('\'', "''");
    let stored = |name: &str| target.string(&target.stored_name(name));
    let table_name = stored(&s.table.name);
    let schema_name = schema.map_or_else(|| "current_schema()".to_owned(), |s| stored(s));
    format!(
        "DO $$ DECLARE constraint_name varchar;\nBEGIN\n  SELECT tc.CONSTRAINT_NAME into strict constraint_name\n    \
         FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS tc\n    WHERE CONSTRAINT_TYPE = 'PRIMARY KEY'\n      \
         AND TABLE_NAME = {table_name} AND TABLE_SCHEMA = {schema_name};\n    \
         EXECUTE 'alter table {table} drop constraint \"' || constraint_name || '\"';\nEND $$;"
    )
}

/// A column that exists counts up by a sequence that it owns (dialects §5).
fn add_auto_increment(s: &AddAutoIncrement, target: &Target) -> Rendered {
    let table = target.qualified(&s.table);
    let column = target.name(&s.column);
    let name = format!("{}_{}_seq", s.table.name, s.column);
    // Names without quotes are stored in lower case, and so is what is made of them.
    let is_plain = target.name(&s.table.name) == s.table.name && column == s.column;
    let sequence = target.qualified(&s.table.renamed(if is_plain { name.to_lowercase() } else { name }));
    // Two blanks, as Liquibase writes it.
    let exists = if target.at_least(9, 5, 0) { " IF NOT EXISTS " } else { "" };
    let mut create = format!("CREATE SEQUENCE {exists}{sequence}");
    for (words, number) in [("START WITH", &s.counting.start), ("INCREMENT BY", &s.counting.by)] {
        if let Some(number) = number {
            create.push_str(&format!(" {words} {number}"));
        }
    }
    sql([
        create,
        format!("ALTER TABLE {table} ALTER COLUMN  {column} SET NOT NULL"),
        format!("ALTER TABLE {table} ALTER COLUMN  {column} SET DEFAULT nextval('{sequence}')"),
        format!("ALTER SEQUENCE {sequence} OWNED BY {table}.{column}"),
    ])
}

/// Statements that the server refuses in a transaction block (their pages in its manual; `PreventInTransactionBlock` in its
/// source). DROP SUBSCRIPTION and CREATE SUBSCRIPTION are refused with a replication slot, which is the rule.
fn leaves_transaction(words: &[&str], target: &Target) -> bool {
    match words {
        ["VACUUM" | "DISCARD", ..] | ["ALTER", "SYSTEM", ..] => true,
        ["CREATE" | "DROP", "DATABASE" | "TABLESPACE" | "SUBSCRIPTION", ..] => true,
        ["CREATE" | "DROP", "INDEX", "CONCURRENTLY", ..] | ["CREATE", "UNIQUE", "INDEX", "CONCURRENTLY", ..] => true,
        ["ALTER", "DATABASE", _, "SET", "TABLESPACE", ..] => true,
        ["ALTER", "SUBSCRIPTION", _, rest @ ..] => rest.contains(&"PUBLICATION"),
        ["ALTER", "TABLE", rest @ ..] => rest.contains(&"DETACH") && rest.contains(&"CONCURRENTLY"),
        ["ALTER", "TYPE", rest @ ..] => !target.at_least(12, 0, 0) && rest.windows(2).any(|pair| pair == ["ADD", "VALUE"]),
        ["REINDEX", rest @ ..] => {
            let object = behind_options(rest).first();
            rest.contains(&"CONCURRENTLY") || object.is_some_and(|word| ["DATABASE", "SCHEMA", "SYSTEM"].contains(word))
        }
        // Without a table it is about all of them.
        ["CLUSTER", rest @ ..] => behind_options(rest).iter().all(|word| ["VERBOSE", ";"].contains(word)),
        _ => false,
    }
}

/// What stands behind a list in parentheses.
fn behind_options<'w, 't>(words: &'w [&'t str]) -> &'w [&'t str] {
    match words {
        ["(", rest @ ..] => rest.iter().position(|word| *word == ")").and_then(|end| rest.get(end + 1..)).unwrap_or(&[]),
        all => all,
    }
}

/// Whom a session waits for, as the lock manager knows it; a transaction that was prepared for two phases has the number 0.
fn blockers(number: &str) -> String {
    format!(
        "SELECT DISTINCT b.pid AS number, a.usename AS username, COALESCE(NULLIF(a.application_name, ''), a.backend_type) AS program, \
         host(a.client_addr) AS client, CASE WHEN b.pid = 0 THEN 'a prepared transaction (pg_prepared_xacts)' ELSE a.state END AS state, \
         CAST(EXTRACT(EPOCH FROM clock_timestamp() - a.xact_start) AS bigint) AS seconds, \
         substring(a.query FROM '^[[:space:](]*([[:alpha:]]+)') AS verb, true AS certain \
         FROM unnest(pg_catalog.pg_blocking_pids({number})) AS b(pid) LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid ORDER BY 1"
    )
}

/// The number of rows and the sum of their hashes (a function of version 11 and later).
fn sum_of_rows(columns: &[String], table: &str) -> String {
    // A hash starts the next one: half the time of hashing the columns joined.
    let row = columns.iter().fold("0".to_owned(), |seed, c| format!("hashtextextended(COALESCE({c}::text, ''), {seed})"));
    format!("SELECT COUNT(*) || ':' || COALESCE(SUM({row}), 0) FROM {table}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::words::leading_words;

    fn leaves(text: &str, version: Version) -> bool {
        let words = leading_words(text, 64);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        leaves_transaction(&words, &Target::new(&DIALECT, Some(version)))
    }

    #[test]
    fn statements_that_cannot_run_in_a_transaction_are_known() {
        let new = Version(15, 0, 0);
        for text in [
            "create unique index concurrently if not exists ix on t (a)",
            "/* why */ CREATE INDEX -- now\n CONCURRENTLY ON t (a)",
            "DROP INDEX CONCURRENTLY ix",
            "VACUUM (ANALYZE) t",
            "reindex (verbose, concurrently) table t",
            "REINDEX TABLE CONCURRENTLY t",
            "REINDEX (VERBOSE) SCHEMA s",
            "CREATE DATABASE d",
            "DROP TABLESPACE s",
            "ALTER SYSTEM SET work_mem = '1GB'",
            "ALTER DATABASE d SET TABLESPACE s",
            "ALTER TABLE m DETACH PARTITION p CONCURRENTLY",
            "CLUSTER",
            "CLUSTER (VERBOSE)",
        ] {
            assert!(leaves(text, new), "{text}");
        }
        for text in [
            "CREATE INDEX ix ON t (a)",
            "CREATE INDEX \"concurrently\" ON t (a)",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            "REINDEX TABLE t",
            "CLUSTER t USING ix",
            "CLUSTER (VERBOSE) t",
            "ALTER TABLE m DETACH PARTITION p",
            "ALTER TYPE mood ADD VALUE 'sad'",
            "ALTER DATABASE d SET work_mem = 1",
            "ANALYZE t",
            "",
        ] {
            assert!(!leaves(text, new), "{text}");
        }
        assert!(leaves("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad'", Version(11, 9, 0)));
        assert!(!leaves("ALTER TYPE mood RENAME VALUE 'a' TO 'b'", Version(11, 9, 0)));
    }

    #[test]
    fn arrays_and_intervals_are_written_as_the_server_takes_them() {
        let target = Target::new(&DIALECT, None);
        for (written, expected) in [
            ("varchar(10)[]", "VARCHAR(10)[]"),
            ("numeric(5,2)[3][]", "NUMERIC(5, 2)[3][]"),
            ("text[]", "TEXT[]"),
            ("interval", "INTERVAL"),
            ("interval(3)", "INTERVAL(3)"),
            ("interval day(2) to second(3)", "INTERVAL DAY TO SECOND(3)"),
            ("interval year to month", "INTERVAL YEAR TO MONTH"),
        ] {
            assert_eq!(target.native_type(written).as_deref(), Ok(expected), "{written}");
        }
    }
}
