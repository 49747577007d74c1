//! Oracle: no schemas apart from users, columns are altered by MODIFY, dates are texts that a function reads.

use super::ansi;
use crate::sql::action::{Action, RenderError, Rendered, Sql, one};
use crate::sql::capabilities::{Before, Capabilities};
use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::Version;
use crate::sql::forms::{
    Booleans, Clustering, ExistingIndex, ForeignKeyActions, IdentityForm, IndexSchema, LookupColumn, PrimaryKeyName, Remarks, SequenceForm,
    SequenceOrder,
};
use crate::sql::identifier::ObjectName;
use crate::sql::object_forms::{
    CheckForm, FunctionForm, GeneratedForm, ObjectForms, PartitionPlace, RenameTrigger, Replacing, SwitchForm, SynonymForm, TriggerForm,
};
use crate::sql::splitter::{Blocks, Lexis};
use crate::sql::statement::{SetNullable, StatementKind, Upsert};
use crate::sql::target::Target;
use crate::sql::temporal::Temporal;
use crate::sql::{Dialect, Statement, Validation};
use std::borrow::Cow;

/// Words that must be quoted (dialects appendix A), sorted.
const RESERVED: &[&str] = &["DESC", "GROUP", "ORDER", "PASSWORD", "RESOURCE", "SESSION", "SIZE", "START", "UID", "USER"];

/// Oracle, 11.2 and newer.
pub const DIALECT: Dialect = Dialect {
    id: "oracle",
    product: "Oracle",
    reserved: |word, _| RESERVED.binary_search(&word).is_ok(),
    now: "SYSTIMESTAMP",
    now_words: &["SYSDATE", "CURRENT_TIMESTAMP"],
    ledger_now: "SYSTIMESTAMP",
    set_schema: |schema| Some(format!("ALTER SESSION SET CURRENT_SCHEMA={schema}")),
    lexis: Lexis { alternative_quotes: true, refuses_empty: true, blocks: Blocks::PlSql, ..Lexis::STANDARD },
    procedure_end: "\n/",
    block_end: Some("/"),
    caps: CAPABILITIES,
    // There is no clause for it: what counts up is a sequence with a trigger, which the changelog makes.
    before: &[Before { version: Version(12, 0, 0), adjust: |caps| Capabilities { identity: IdentityForm::InType, ..caps } }],
    unsupported: &[StatementKind::AddAutoIncrement],
    data_type,
    string,
    temporal,
    xml: |quoted| format!("XMLType({quoted})"),
    // The standard's word is known too, but for its precision.
    current_time: |text, target| Cow::Borrowed(if text.eq_ignore_ascii_case("current_timestamp") { text } else { target.dialect.now }),
    next_value: |sequence| Some(format!("{}.nextval", in_parts(sequence))),
    current_value: |sequence| Some(format!("{}.currval", in_parts(sequence))),
    special,
    check,
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    // A schema is a user, and Liquibase takes it for a catalog.
    schemas: false,
    booleans: Booleans::Digits,
    remarks: Remarks::CommentOn,
    view_remarks: Some("TABLE"),
    drop_cascade: Some("CASCADE CONSTRAINTS"),
    named_not_null: false,
    table_named_not_null: true,
    key_behind_type: true,
    added_default_first: true,
    foreign_key_actions: ForeignKeyActions::OfDeletes,
    primary_key_name: PrimaryKeyName::PkTableCut { longest: 30, cut: 30 },
    deferrable: true,
    deferrable_keys: true,
    table_if_not_exists: false,
    tablespaces: true,
    dropped_length_units: &[],
    identity_always: true,
    identity_on_null: true,
    novalidate: true,
    not_valid: Some(" ENABLE NOVALIDATE"),
    clustering: Clustering::OfCluster,
    primary_key_index: ExistingIndex::BehindColumns,
    unique_index: ExistingIndex::BehindColumns,
    disabled_constraints: true,
    index_schema: IndexSchema::OfBoth,
    validate_constraint: Some("ENABLE VALIDATE CONSTRAINT"),
    indexes_foreign_keys: true,
    lookup_column: LookupColumn::CopiedForKey,
    objects: ObjectForms {
        check: Some(CheckForm {
            disabled: Some(" DISABLE"),
            unchecked: Some(("", " ENABLE NOVALIDATE")),
            switch: Some(SwitchForm::OfTable { on: ("ENABLE CONSTRAINT", ""), off: ("DISABLE CONSTRAINT", "") }),
            ..CheckForm::STANDARD
        }),
        function: Some(FunctionForm { replacing: Replacing::By("OR REPLACE"), ..FunctionForm::STANDARD }),
        package: Some(Replacing::By("OR REPLACE")),
        trigger: Some(TriggerForm {
            replacing: Replacing::By("OR REPLACE"),
            switch: Some(SwitchForm::OfItself { on: ("ALTER TRIGGER", " ENABLE"), off: ("ALTER TRIGGER", " DISABLE") }),
            rename: RenameTrigger::ByName,
            ..TriggerForm::STANDARD
        }),
        synonym: Some(SynonymForm { replacing: Replacing::By("OR REPLACE"), public: true, ..SynonymForm::PLAIN }),
        unused_columns: true,
        partition_by: Some(PartitionPlace::Last),
        generated_column: Some(GeneratedForm { stored: None, computed: Some(" VIRTUAL"), ..GeneratedForm::CHOSEN }),
        ..ObjectForms::STANDARD
    },
    sequence: SequenceForm {
        data_type: false,
        order: SequenceOrder::Written(" NOORDER"),
        no_cache: " NOCACHE",
        no_more_cache: " NOCACHE",
        no_cycle: " NOCYCLE",
        bare_alter: true,
        ..ansi::CAPABILITIES.sequence
    },
    ..ansi::CAPABILITIES
};

/// The longest text that a literal can hold, in bytes.
const LONGEST_TEXT: usize = 4000;

/// Text in single quotes; what is too long for one literal is put together from several.
fn string(text: &str) -> String {
    let mut rest = text;
    let mut chunks = Vec::new();
    while rest.len() > LONGEST_TEXT {
        let end = (0..=LONGEST_TEXT).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(0);
        let (chunk, behind) = rest.split_at(end);
        chunks.push(chunk);
        rest = behind;
    }
    if chunks.is_empty() {
        return ansi::string(text);
    }
    chunks.push(rest);
    let clobs: Vec<String> = chunks.into_iter().map(|chunk| format!("to_clob( {} )", ansi::string(chunk))).collect();
    clobs.join(" || ")
}

/// The name of a sequence; one that is written as `"schema.name"` is quoted part by part, in no other schema.
fn in_parts(sequence: &str) -> Cow<'_, str> {
    let last = sequence.strip_suffix('"').and_then(|s| s.rsplit_once('"')).map(|(_, last)| last);
    match last.and_then(|last| last.split_once('.')) {
        Some((schema, name)) if !schema.is_empty() && !name.is_empty() && !name.contains('.') => {
            Cow::Owned(format!("\"{schema}\".\"{name}\""))
        }
        _ => Cow::Borrowed(sequence),
    }
}

/// Types (dialects §4.2).
///
/// # Errors
/// As [`ansi::data_type`].
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    let lower = t.lower_name();
    Ok(match t.logical {
        Logical::Boolean if lower == "java.sql.types.bit" => return unknown_type(t, target),
        Logical::Boolean if target.at_least(23, 0, 0) => "BOOLEAN".to_owned(),
        Logical::Boolean => "NUMBER(1)".to_owned(),
        Logical::Int => "INTEGER".to_owned(),
        Logical::BigInt => "NUMBER(38, 0)".to_owned(),
        Logical::MediumInt => "MEDIUMINT".to_owned(),
        Logical::SmallInt => "NUMBER(5)".to_owned(),
        Logical::TinyInt => "NUMBER(3)".to_owned(),
        Logical::Currency => "NUMBER(15, 2)".to_owned(),
        Logical::Number => t.with_parameters("NUMBER"),
        Logical::Float => t.with_parameters("FLOAT"),
        Logical::Double => "DOUBLE PRECISION".to_owned(),
        Logical::Varchar => t.with_parameters("VARCHAR2"),
        Logical::NVarchar => t.with_parameters("NVARCHAR2"),
        Logical::Clob if lower == "nclob" => "NCLOB".to_owned(),
        Logical::Clob => "CLOB".to_owned(),
        Logical::Blob if matches!(lower.as_str(), "binary" | "varbinary") => t.with_parameters("RAW"),
        Logical::Blob => "BLOB".to_owned(),
        // A date has a time of day; a time has no type of its own.
        Logical::Time => "DATE".to_owned(),
        Logical::DateTime => t.with_parameters("TIMESTAMP"),
        Logical::Timestamp => {
            let zone = t.additional.as_deref().filter(|a| a.to_ascii_lowercase().starts_with("with "));
            let zone = zone.or((lower == "java.sql.types.timestamp_with_timezone").then_some("WITH TIME ZONE"));
            t.with_parameters("TIMESTAMP") + &zone.map(|zone| format!(" {zone}")).unwrap_or_default()
        }
        Logical::Uuid => "RAW(16)".to_owned(),
        Logical::Xml => "XMLTYPE".to_owned(),
        Logical::Unknown | Logical::Function => return unknown_type(t, target),
        Logical::Char | Logical::NChar | Logical::Decimal | Logical::Date => return ansi::data_type(t, target),
    })
}

/// A type that only the server knows has no parameters, but for RAW.
fn unknown_type(t: &DataType, target: &Target) -> Result<String, String> {
    match t.lower_name().as_str() {
        "raw" => Ok(t.with_parameters(&t.name)),
        "interval" => Ok(without_digits_in_parentheses(t.written.trim())),
        "timestamp_ntz" => ansi::data_type(t, target),
        // LONG RAW is one type.
        "long" => Ok(t.with_additional("LONG".to_owned())),
        _ => Ok(t.name.to_uppercase()),
    }
}

/// `day(2) to second(3)` without its precisions.
fn without_digits_in_parentheses(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('(') {
        out.push_str(before);
        match behind.split_once(')') {
            Some((digits, tail)) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => rest = tail,
            _ => {
                out.push('(');
                rest = behind;
            }
        }
    }
    out + rest
}

/// Dates, times and timestamps are texts that a function reads.
fn temporal(value: &Temporal) -> String {
    let text = value.to_sql();
    let (function, format) = match value {
        Temporal::Date(_) => ("TO_DATE", "YYYY-MM-DD"),
        Temporal::Time(_) => ("TO_DATE", "HH24:MI:SS"),
        Temporal::Timestamp(_) if text.contains('.') => ("TO_TIMESTAMP", "YYYY-MM-DD HH24:MI:SS.FF"),
        Temporal::Timestamp(_) => ("TO_DATE", "YYYY-MM-DD HH24:MI:SS"),
    };
    format!("{function}('{text}', '{format}')")
}

/// Columns are altered by MODIFY, and the indexes of keys are dropped by name.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    let modify = |table: &ObjectName, column: &str, rest: &str| {
        one(format!("ALTER TABLE {} MODIFY {} {rest}", target.qualified(table), target.name(column)))
    };
    // What is renamed is in the current schema.
    let rename = |object: &ObjectName, new: &str| one(format!("RENAME {} TO {}", target.name(&object.name), target.name(new)));
    Some(match statement {
        Statement::ModifyDataType(s) => {
            target.native_type(&s.type_text).map_err(RenderError::Invalid).and_then(|native| modify(&s.table, &s.column, &native))
        }
        Statement::AddDefaultValue(s) => s.value_text(target).and_then(|value| modify(&s.table, &s.column, &format!("DEFAULT {value}"))),
        Statement::DropDefaultValue(s) => modify(&s.table, &s.column, "DEFAULT NULL"),
        Statement::SetNullable(s) => match s.constraint.as_deref().filter(|name| s.nullable && !name.trim().is_empty()) {
            Some(name) => one(format!("ALTER TABLE {} DROP CONSTRAINT {}", target.qualified(&s.table), target.name(name))),
            None => modify(&s.table, &s.column, &nullability(s, target)),
        },
        Statement::DropPrimaryKey(s) => {
            let index = if s.drop_index { "DROP" } else { "KEEP" };
            one(format!("ALTER TABLE {} DROP PRIMARY KEY {index} INDEX", target.qualified(&s.table)))
        }
        Statement::DropUnique(s) => {
            one(format!("ALTER TABLE {} DROP CONSTRAINT {} DROP INDEX", target.qualified(&s.table), target.name(&s.name)))
        }
        Statement::RenameView(s) => rename(&s.view, &s.new_name),
        Statement::RenameSequence(s) => rename(&s.sequence, &s.new_name),
        Statement::Upsert(s) => upsert(s, target),
        _ => return None,
    })
}

fn nullability(s: &SetNullable, target: &Target) -> String {
    if s.nullable {
        return "NULL".to_owned();
    }
    let unchecked = if s.validate { "" } else { " ENABLE NOVALIDATE" };
    format!("{}NOT NULL{unchecked}", target.constraint_head(s.constraint.as_deref()))
}

/// Rows with the key are counted first.
fn upsert(s: &Upsert, target: &Target) -> Rendered {
    if s.values.iter().any(|(_, value)| value.must_be_bound()) {
        return Err(RenderError::invalid("a value from a file cannot be part of an insert-or-update here"));
    }
    let update = s.update(target)?.map(|update| update.text);
    let alone = |text: String| Action::Sql(Sql { text, end_delimiter: Some(String::new()), parameters: Vec::new() });
    if s.only_update {
        return Ok(vec![update.map_or_else(|| Action::Skipped("no column is left that an UPDATE could change".to_owned()), alone)]);
    }
    let found = format!("SELECT COUNT(*) INTO v_reccount FROM {} WHERE {}", target.qualified(&s.table), s.predicate().text(target)?);
    let insert = s.insert("INSERT INTO", target)?.text;
    let otherwise = update.map(|update| format!("\tELSIF v_reccount = 1 THEN\n{update};\n")).unwrap_or_default();
    Ok(vec![alone(format!(
        "DECLARE\n\tv_reccount NUMBER := 0;\nBEGIN\n\t{found};\n\tIF v_reccount = 0 THEN\n{insert};\n{otherwise}END IF;\nEND;\n/"
    ))])
}

/// Views are renamed in the current schema only, and a missing one is an error.
fn check(statement: &Statement, target: &Target, validation: &mut Validation) {
    match statement {
        Statement::RenameView(s) => validation.disallow("schemaName", s.view.schema.is_some(), target),
        Statement::DropView(s) => validation.disallow("ifExists", s.if_exists.is_some(), target),
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

    #[test]
    fn the_schema_of_a_sequence_is_quoted_apart() {
        assert_eq!(in_parts("app.seq"), "app.seq");
        assert_eq!(in_parts("\"app.seq\""), "\"app\".\"seq\"");
        assert_eq!(in_parts("OWN.\"app.seq\""), "\"app\".\"seq\"");
        assert_eq!(in_parts("\"a.b.c\""), "\"a.b.c\"");
    }

    #[test]
    fn a_long_text_is_put_together() {
        assert_eq!(string("it's"), "'it''s'");
        let long = "é".repeat(2001);
        assert_eq!(string(&long), format!("to_clob( '{}' ) || to_clob( 'é' )", "é".repeat(2000)));
    }

    #[test]
    fn precisions_of_intervals_are_left_out() {
        assert_eq!(without_digits_in_parentheses("interval day(2) to second(3)"), "interval day to second");
        assert_eq!(without_digits_in_parentheses("interval (a) x("), "interval (a) x(");
    }
}
