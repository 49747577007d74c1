//! Sybase SQL Anywhere: names belong to `dba`, columns change by `MODIFY` and `ALTER`, rows are changed by `ON EXISTING`.

use super::ansi;
use crate::sql::action::{Action, RenderError, Rendered, Sql, one, sql};
use crate::sql::capabilities::Capabilities;
use crate::sql::data_type::{DataType, Logical};
use crate::sql::forms::{Booleans, Deferral, DropKeyForm, Fold, ForeignKeyActions, IdentityForm, Remarks, SequenceForm, SequenceOrder};
use crate::sql::object_forms::{GeneratedForm, ObjectForms};
use crate::sql::statement::{AddPrimaryKey, AddUnique, AlterSequence, CreateSequence, StatementKind, StatementType, Upsert};
use crate::sql::target::Target;
use crate::sql::{Dialect, Statement};

/// SQL Anywhere.
pub const DIALECT: Dialect = Dialect {
    id: "asany",
    product: "Sybase Anywhere",
    now: "now()",
    ledger_now: "now()",
    auto_increment_words: "DEFAULT AUTOINCREMENT",
    default_schema: Some("dba"),
    terminator: "\nGO",
    own_delimiters: false,
    script_end: Some("sa_recompile_views(1)"),
    caps: CAPABILITIES,
    unsupported: &[StatementKind::RenameView],
    data_type,
    special,
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    fold: Fold::Keep,
    explicit_null: true,
    booleans: Booleans::Digits,
    remarks: Remarks::CommentOn,
    view_remarks: Some("VIEW"),
    tablespaces: true,
    tablespace_word: "ON",
    table_key_tablespace: false,
    table_if_not_exists: false,
    named_not_null: false,
    key_behind_type: true,
    added_default_first: true,
    named_primary_keys: false,
    foreign_key_actions: ForeignKeyActions::WithoutNoAction,
    deferral: Deferral::OnCommit,
    identity: IdentityForm::Word("DEFAULT AUTOINCREMENT"),
    identity_restates_type: true,
    drop_primary_key: DropKeyForm::Kind,
    drop_foreign_key: DropKeyForm::Kind,
    index_belongs_to_table: true,
    fraction_digits: 6,
    sequence: SequenceForm {
        order: SequenceOrder::Written(" NOORDER"),
        alters_cycle: false,
        bare_alter: true,
        no_cache: " NO CACHE",
        ..ansi::CAPABILITIES.sequence
    },
    objects: ObjectForms {
        generated_column: Some(GeneratedForm { words: "COMPUTE", ..GeneratedForm::KEPT }),
        ..ansi::CAPABILITIES.objects
    },
    ..ansi::CAPABILITIES
};

/// Types (dialects §4.2).
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    Ok(match t.logical {
        Logical::Boolean if t.lower_name() == "java.sql.types.bit" => return Ok(t.name.to_uppercase()),
        Logical::Boolean => "BIT",
        Logical::Int => "INTEGER",
        Logical::BigInt => "BIGINT",
        Logical::SmallInt => "SMALLINT",
        Logical::TinyInt => "TINYINT",
        Logical::Clob | Logical::Xml => "LONG VARCHAR",
        Logical::Blob => "LONG BINARY",
        Logical::Timestamp if t.lower_name() == "java.sql.types.timestamp_with_timezone" => "TIMESTAMP WITH TIME ZONE",
        Logical::Timestamp => return Ok(timestamp(t)),
        Logical::Double => "DOUBLE",
        Logical::Currency => "MONEY",
        Logical::Uuid => "UNIQUEIDENTIFIER",
        Logical::Number => return Ok(t.with_additional(t.with_parameters("numeric"))),
        _ => return ansi::data_type(t, target),
    }
    .to_owned())
}

/// A timestamp, with a time zone where that is said.
fn timestamp(t: &DataType) -> String {
    let zone = t.additional.as_deref().filter(|words| {
        let words = words.to_ascii_lowercase();
        words.starts_with("with time zone") || words.starts_with("with local time zone")
    });
    zone.map_or_else(|| "TIMESTAMP".to_owned(), |zone| format!("TIMESTAMP {zone}"))
}

/// Clauses of this server alone.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    let alter = |table, rest: String| one(format!("ALTER TABLE {} {rest}", target.qualified(table)));
    Some(match statement {
        Statement::RenameTable(s) => alter(&s.table, format!("RENAME {}", target.name(&s.new_name))),
        Statement::RenameColumn(s) => alter(&s.table, format!("RENAME {} TO {}", target.name(&s.column), target.name(&s.new_name))),
        Statement::ModifyDataType(s) => target
            .native_type(&s.type_text)
            .map_err(RenderError::Invalid)
            .and_then(|native| alter(&s.table, format!("MODIFY {} {native}", target.name(&s.column)))),
        Statement::SetNullable(s) => {
            alter(&s.table, format!("MODIFY {} {}", target.name(&s.column), if s.nullable { "NULL" } else { "NOT NULL" }))
        }
        Statement::AddDefaultValue(s) => {
            s.value_text(target).and_then(|value| alter(&s.table, format!("MODIFY {} DEFAULT {value}", target.name(&s.column))))
        }
        Statement::DropDefaultValue(s) => alter(&s.table, format!("ALTER {} DEFAULT NULL", target.name(&s.column))),
        Statement::AddAutoIncrement(s) => alter(&s.table, format!("ALTER {} SET DEFAULT AUTOINCREMENT", target.name(&s.column))),
        Statement::DropColumn(s) => {
            sql(s.columns.iter().map(|c| format!("ALTER TABLE {} DROP {}", target.qualified(&s.table), target.name(c))))
        }
        Statement::DropIndex(s) => one(format!("DROP INDEX {}.{}", target.qualified(&s.table), target.name(&s.name))),
        // What belongs to a constraint is nowhere else than its table.
        Statement::AddPrimaryKey(s) if s.tablespace.is_some() => AddPrimaryKey { tablespace: None, ..(**s).clone() }.render(target),
        Statement::AddUnique(s) if s.tablespace.is_some() => AddUnique { tablespace: None, ..(**s).clone() }.render(target),
        // Type and order are said when a sequence is altered only, and what it keeps in memory when it is made.
        Statement::CreateSequence(s) => CreateSequence { data_type: None, ordered: None, ..(**s).clone() }.render(target),
        Statement::AlterSequence(s) => AlterSequence { cache: None, ..(**s).clone() }.render(target),
        // A view may name what is not there yet.
        Statement::CreateView(s) => s.render(target).map(|mut actions| {
            actions.insert(0, Action::Sql(Sql::new("SET TEMPORARY OPTION force_view_creation='ON'")));
            actions
        }),
        Statement::CopyDistinct(s) => s.select_into(target),
        Statement::Upsert(s) if !s.only_update => upsert(s, target),
        _ => return (ansi::DIALECT.special)(statement, target),
    })
}

/// A row that the server changes when its key is there.
fn upsert(s: &Upsert, target: &Target) -> Rendered {
    let sql = s.insert("INSERT INTO", target)?;
    // Two blanks, as Liquibase writes it.
    let text = sql.text.replacen(") VALUES ", ")  ON EXISTING UPDATE VALUES ", 1) + ";";
    Ok(vec![Action::Sql(Sql { text, end_delimiter: Some(String::new()), ..sql })])
}
