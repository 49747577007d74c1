//! Informix: names are never quoted, constraints are named behind their text, columns are restated by `MODIFY (…)`.

use super::{ansi, unsupported};
use crate::sql::action::{Action, RenderError, Rendered, Sql, one, sql};
use crate::sql::capabilities::Capabilities;
use crate::sql::data_type::{DataType, Logical};
use crate::sql::forms::{
    Booleans, CallDefaults, ConstraintNames, DropKeyForm, Fold, ForeignKeyActions, IdentityForm, IndexSchema, PrimaryKeyName, SequenceForm,
    SequenceOrder, UnknownDeferral,
};
use crate::sql::identifier::ObjectName;
use crate::sql::literal::Literal;
use crate::sql::statement::{AddPrimaryKey, AddUnique, CreateIndex, CreateTable, StatementKind, StatementType, Upsert};
use crate::sql::target::Target;
use crate::sql::temporal::Temporal;
use crate::sql::{Dialect, Statement, Validation};

/// Informix.
pub const DIALECT: Dialect = Dialect {
    id: "informix",
    product: "Informix",
    now: "CURRENT YEAR TO FRACTION(5)",
    ledger_now: "CURRENT YEAR TO FRACTION(5)",
    auto_increment_words: "",
    caps: CAPABILITIES,
    unsupported: &[
        StatementKind::RenameSequence,
        StatementKind::RenameView,
        StatementKind::SetColumnRemarks,
        StatementKind::SetTableRemarks,
    ],
    data_type,
    temporal,
    next_value: |sequence| Some(format!("{sequence}.NEXTVAL")),
    current_value: |sequence| Some(format!("{sequence}.CURRVAL")),
    special,
    check,
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    fold: Fold::Keep,
    quotes_names: false,
    catalogs_in_names: true,
    current_catalog_in_names: false,
    catalog_separator: ':',
    booleans: Booleans::Letters,
    primary_key_name: PrimaryKeyName::Unnamed,
    constraint_names: ConstraintNames::Behind,
    foreign_key_actions: ForeignKeyActions::DeleteCascade,
    unknown_deferral: UnknownDeferral::Written,
    named_not_null: false,
    key_behind_type: true,
    added_default_first: true,
    tablespaces: true,
    tablespace_word: "IN",
    table_key_tablespace: false,
    restates_type: true,
    rename_restates_type: false,
    default_restates_type: true,
    identity: IdentityForm::InType,
    identity_restates_type: true,
    drop_primary_key: DropKeyForm::Constraint,
    index_schema: IndexSchema::OfBoth,
    call_defaults: CallDefaults::AsWritten,
    views_from_files: false,
    sequence: SequenceForm {
        order: SequenceOrder::NoOrderByAlter,
        cache: false,
        alters_cycle: false,
        bare_alter: true,
        ..ansi::CAPABILITIES.sequence
    },
    ..ansi::CAPABILITIES
};

/// The longest VARCHAR.
const LONGEST_VARCHAR: u64 = 255;

/// Types (dialects §4.2); what counts up is a type of its own.
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    Ok(match t.logical {
        Logical::Boolean if t.lower_name() == "java.sql.types.bit" => return Ok(t.name.to_uppercase()),
        Logical::Int if t.auto_increment => "SERIAL",
        Logical::Int => "INT",
        Logical::BigInt if t.auto_increment => "SERIAL8",
        Logical::BigInt => "INT8",
        Logical::SmallInt => "SMALLINT",
        Logical::Varchar => return varchar(t),
        Logical::Clob if t.lower_name() == "text" => "TEXT",
        Logical::Xml => "CLOB",
        Logical::Double => "DOUBLE PRECISION",
        Logical::Float => "FLOAT",
        Logical::Currency => "MONEY",
        Logical::Number => return Ok(t.with_additional(t.with_parameters("numeric"))),
        Logical::Time => "DATETIME HOUR TO FRACTION(5)",
        // Other parts of a point in time than all (`datetime year to second`), and time zones, stand as they are written.
        Logical::DateTime if t.additional.is_some() => return Ok(t.written.trim().to_owned()),
        Logical::Timestamp if t.additional.as_deref().is_some_and(|words| words.to_ascii_lowercase().ends_with("time zone")) => {
            return Ok(t.written.trim().to_owned());
        }
        Logical::DateTime | Logical::Timestamp => "DATETIME YEAR TO FRACTION(5)",
        _ => return ansi::data_type(t, target),
    }
    .to_owned())
}

/// Longer texts than a VARCHAR takes are of another type.
fn varchar(t: &DataType) -> Result<String, String> {
    let name = match (t.parameters.first(), t.length()) {
        (Some(size), None) => return Err(format!("For input string: \"{size}\"")),
        (_, Some(length)) if length > LONGEST_VARCHAR => "LVARCHAR",
        _ => "VARCHAR",
    };
    Ok(t.with_additional(t.with_parameters(name)))
}

/// Points in time say what they have parts of.
fn temporal(value: &Temporal) -> String {
    match value {
        Temporal::Date(_) => ansi::temporal(value),
        Temporal::Time(_) => format!("DATETIME ({}) HOUR TO FRACTION(5)", value.to_sql()),
        Temporal::Timestamp(_) => format!("DATETIME ({}) YEAR TO FRACTION(5)", value.to_sql()),
    }
}

/// Clauses of this server alone.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    Some(match statement {
        // What belongs to a constraint is nowhere else than its table.
        Statement::AddPrimaryKey(s) if s.tablespace.is_some() => AddPrimaryKey { tablespace: None, ..(**s).clone() }.render(target),
        Statement::AddUnique(s) if s.tablespace.is_some() => AddUnique { tablespace: None, ..(**s).clone() }.render(target),
        // The shared spelling leaves out the catalog before the name of an index.
        Statement::CreateIndex(s) if s.table.catalog.is_some() => create_index(s, target),
        Statement::CreateTable(s) if s.table_type.is_some() => CreateTable { table_type: None, ..(**s).clone() }.render(target),
        Statement::RenameTable(s) => one(format!("RENAME TABLE {} TO {}", target.qualified(&s.table), target.name(&s.new_name))),
        Statement::RenameColumn(s) => {
            let (old, new) = (target.name(&s.column), target.name(&s.new_name));
            one(format!("RENAME COLUMN {}.{old} TO {new}", target.qualified(&s.table)))
        }
        Statement::ModifyDataType(s) => target
            .native_type(&s.type_text)
            .map_err(RenderError::Invalid)
            .and_then(|native| one(format!("ALTER TABLE {} MODIFY {} {native}", target.qualified(&s.table), target.name(&s.column)))),
        Statement::SetNullable(s) => {
            restate(&s.table, &s.column, s.type_text.as_deref(), if s.nullable { "" } else { " NOT NULL" }, target)
        }
        Statement::AddDefaultValue(s) => s
            .value_text(target)
            .and_then(|value| restate(&s.table, &s.column, s.type_text.as_deref(), &format!(" DEFAULT {value}"), target)),
        Statement::DropDefaultValue(s) => {
            let written = s.type_text.as_deref().unwrap_or("").trim();
            one(format!("ALTER TABLE {} MODIFY ({} {written})", target.qualified(&s.table), target.name(&s.column)))
        }
        Statement::AddAutoIncrement(s) => {
            let written = s.type_text.as_deref().unwrap_or("");
            target
                .counting_type(written, true)
                .and_then(|t| target.native(&t))
                .map_err(RenderError::Invalid)
                .and_then(|native| one(format!("ALTER TABLE {} MODIFY {} {native}", target.qualified(&s.table), target.name(&s.column))))
        }
        Statement::DropColumn(s) => {
            sql(s.columns.iter().map(|c| format!("ALTER TABLE {} DROP {}", target.qualified(&s.table), target.name(c))))
        }
        // The query stands in another one, so that its columns keep their names.
        Statement::CreateView(s) if !s.full_definition => {
            one(format!("CREATE VIEW  {} AS SELECT * FROM ({}) AS v", target.qualified(&s.view), s.text.trim_end().trim_end_matches(';')))
        }
        Statement::CopyDistinct(s) => {
            let (table, new, column) = (target.qualified(&s.table), target.name(&s.new_column), target.name(&s.column));
            let written = s.type_text.as_deref().unwrap_or("").trim();
            sql([
                format!("CREATE TABLE {table} ( {new} {written} )"),
                format!(
                    "INSERT INTO {table} ( {new} ) SELECT DISTINCT {column} FROM {} WHERE {column} IS NOT NULL",
                    target.qualified(&s.from)
                ),
            ])
        }
        Statement::Upsert(s) => upsert(s, target),
        _ => return (unsupported::DIALECT.special)(statement, target),
    })
}

/// An index in another catalog: both names say so.
fn create_index(s: &CreateIndex, target: &Target) -> Rendered {
    let Some(name) = s.name.as_deref() else { return s.render(target) };
    let (short, full) = (target.qualified_by_schema(&s.table.renamed(name)), target.qualified(&s.table.renamed(name)));
    s.render(target).map(|mut actions| {
        for action in &mut actions {
            if let Action::Sql(sql) = action {
                sql.text = sql.text.replacen(&format!("INDEX {short} ON "), &format!("INDEX {full} ON "), 1);
            }
        }
        actions
    })
}

/// A column is defined anew when something of it changes.
fn restate(table: &ObjectName, column: &str, written: Option<&str>, rest: &str, target: &Target) -> Rendered {
    let Some(written) = written else {
        return Err(RenderError::invalid("columnDataType is required to define a column anew"));
    };
    let native = target.native_type(written).map_err(RenderError::Invalid)?;
    one(format!("ALTER TABLE {} MODIFY ({} {native}{rest})", target.qualified(table), target.name(column)))
}

/// `MERGE` with a source of one row.
fn upsert(s: &Upsert, target: &Target) -> Rendered {
    let mut sql = Sql::new(format!("MERGE INTO {} AS dst\nUSING (\n\tSELECT ", target.qualified(&s.table)));
    let mut source = Vec::with_capacity(s.values.len());
    for (column, value) in &s.values {
        // A NULL has no type by itself.
        let value = if *value == Literal::Null { "NULL::INTEGER".to_owned() } else { target.bind(value, &mut sql.parameters)? };
        source.push(format!("{value} AS {}", target.name(column)));
    }
    let pairs = |columns: &mut dyn Iterator<Item = &String>, between: &str| {
        let pairs: Vec<String> = columns.map(|c| target.name(c)).map(|c| format!("dst.{c} = src.{c}")).collect();
        pairs.join(between)
    };
    let on = pairs(&mut s.keys.iter(), " AND ");
    sql.text.push_str(&format!("{}\n\tFROM sysmaster:informix.sysdual\n) AS src\nON {on}", source.join(", ")));
    if !s.only_update {
        let of = |side: &str| s.values.iter().map(|(c, _)| format!("{side}.{}", target.name(c))).collect::<Vec<_>>().join(", ");
        sql.text.push_str(&format!("\nWHEN NOT MATCHED THEN\nINSERT ({}) VALUES ({})", of("dst"), of("src")));
    }
    let sets = pairs(&mut s.changed().map(|(c, _)| c), ", ");
    if !sets.is_empty() {
        sql.text.push_str(&format!("\nWHEN MATCHED THEN\nUPDATE SET {sets}"));
    } else if s.only_update {
        return Ok(vec![Action::Skipped("no column is left that an UPDATE could change".to_owned())]);
    }
    // No other delimiter stands behind it in scripts.
    sql.end_delimiter = Some(String::new());
    Ok(vec![Action::Sql(sql)])
}

/// A view is not replaced.
fn check(statement: &Statement, target: &Target, validation: &mut Validation) {
    if let Statement::CreateView(s) = statement {
        validation.disallow("replaceIfExists", s.replace, target);
    }
}
