//! Firebird, 2.5 and newer.

use super::ansi;
use crate::sql::action::{Action, Rendered, one, sql};
use crate::sql::capabilities::{Before, Capabilities};
use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::Version;
use crate::sql::forms::{Booleans, ForeignKeyActions, IdentityForm, IndexDirection, IndexExpressions, SequenceForm, SequenceOrder};
use crate::sql::object_forms::{FunctionForm, GeneratedForm, ObjectForms, Replacing, SwitchForm, TriggerForm};
use crate::sql::splitter::{Blocks, Lexis};
use crate::sql::statement::{CreateView, SetNullable, StatementKind, StatementType, behind_comments, not_replacing};
use crate::sql::target::Target;
use crate::sql::{Dialect, Statement, Validation};

/// Firebird.
pub const DIALECT: Dialect = Dialect {
    id: "firebird",
    product: "Firebird",
    lexis: Lexis { alternative_quotes: true, blocks: Blocks::BeginEnd, ..Lexis::STANDARD },
    caps: Capabilities {
        objects: ObjectForms {
            function: Some(FunctionForm { replacing: Replacing::By("OR ALTER"), ..FunctionForm::STANDARD }),
            package: Some(Replacing::By("OR ALTER")),
            trigger: Some(TriggerForm {
                replacing: Replacing::By("OR ALTER"),
                switch: Some(SwitchForm::OfItself { on: ("ALTER TRIGGER", " ACTIVE"), off: ("ALTER TRIGGER", " INACTIVE") }),
                ..TriggerForm::STANDARD
            }),
            generated_column: Some(GeneratedForm::NOT_KEPT),
            ..ObjectForms::STANDARD
        },
        qualifies_names: false,
        table_if_not_exists: false,
        named_not_null: false,
        added_default_first: true,
        key_behind_type: true,
        foreign_key_actions: ForeignKeyActions::WithoutRestrict,
        index_expressions: IndexExpressions::ComputedBy,
        index_direction: IndexDirection::OfIndex,
        // No clause: what counts up is a sequence with a trigger, which the changelog makes.
        identity: IdentityForm::InType,
        sequence: SequenceForm {
            data_type: false,
            order: SequenceOrder::NoOrderByAlter,
            cache: false,
            alters_cycle: false,
            altered_min: "RESTART WITH",
            bare_alter: true,
            ..ansi::CAPABILITIES.sequence
        },
        ..ansi::CAPABILITIES
    },
    before: &[Before {
        version: Version(3, 0, 0),
        adjust: |caps| Capabilities {
            booleans: Booleans::Digits,
            objects: ObjectForms { function: None, package: None, ..caps.objects },
            ..caps
        },
    }],
    unsupported: &[
        StatementKind::AddAutoIncrement,
        StatementKind::RenameSequence,
        StatementKind::RenameTable,
        StatementKind::RenameView,
        StatementKind::SetColumnRemarks,
        StatementKind::SetTableRemarks,
    ],
    data_type,
    next_value: |sequence| Some(format!("NEXT VALUE FOR {sequence}")),
    special,
    check,
    ..ansi::DIALECT
};

/// Types (dialects §4.2).
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    let name = match t.logical {
        Logical::Int => "INT",
        Logical::BigInt => "BIGINT",
        Logical::MediumInt => "MEDIUMINT",
        Logical::SmallInt | Logical::TinyInt => "SMALLINT",
        Logical::Boolean if !target.at_least(3, 0, 0) => "SMALLINT",
        Logical::Boolean => "BOOLEAN",
        Logical::Clob | Logical::Xml => "BLOB SUB_TYPE TEXT",
        Logical::Blob => "BLOB",
        Logical::Currency => "DECIMAL(18, 4)",
        Logical::Double => "DOUBLE PRECISION",
        Logical::Float => "FLOAT",
        Logical::DateTime | Logical::Timestamp => "TIMESTAMP",
        Logical::Number => return Ok(t.with_additional(t.with_parameters("numeric"))),
        _ => return ansi::data_type(t, target),
    };
    Ok(name.to_owned())
}

/// Statements with a form of their own.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    Some(match statement {
        Statement::DropColumn(s) => {
            let table = target.qualified(&s.table);
            sql(s.columns.iter().map(|c| format!("ALTER TABLE {table} DROP {}", target.name(c))))
        }
        Statement::RenameColumn(s) => {
            let (old, new) = (target.name(&s.column), target.name(&s.new_name));
            one(format!("ALTER TABLE {} ALTER COLUMN {old} TO {new}", target.qualified(&s.table)))
        }
        Statement::DropDefaultValue(s) => {
            let (table, column) = (target.qualified(&s.table), target.name(&s.column));
            one(format!("ALTER TABLE {table} ALTER COLUMN  {column} SET DEFAULT NULL"))
        }
        Statement::SetNullable(s) if !target.at_least(3, 0, 0) => one(set_nullable_flag(s, target)),
        Statement::CreateView(s) if s.replace && !target.always_drop_instead_of_replace => recreate_view(s, target),
        _ => return (ansi::DIALECT.special)(statement, target),
    })
}

/// Before version 3 only the catalog can say that a column may be NULL.
fn set_nullable_flag(s: &SetNullable, target: &Target) -> String {
    let flag = if s.nullable { "NULL" } else { "1" };
    let [table, column] = [&s.table.name, &s.column].map(|name| target.string(&target.name(name)));
    format!("UPDATE RDB$RELATION_FIELDS SET RDB$NULL_FLAG = {flag} WHERE RDB$RELATION_NAME = {table} AND RDB$FIELD_NAME = {column}")
}

/// `RECREATE` makes a view, and takes the place of one that exists.
fn recreate_view(s: &CreateView, target: &Target) -> Rendered {
    let text = if s.full_definition { not_replacing(&s.text) } else { s.text.clone() };
    let mut actions = CreateView { replace: false, text, ..s.clone() }.render(target)?;
    if let Some(Action::Sql(sql)) = actions.first_mut()
        && let (comments, definition) = behind_comments(&sql.text)
        && let Some((create, rest)) = definition.split_at_checked("CREATE".len())
        && create.eq_ignore_ascii_case("CREATE")
    {
        sql.text = format!("{comments}RECREATE{rest}");
    }
    Ok(actions)
}

/// What a sequence does not have.
fn check(statement: &Statement, target: &Target, validation: &mut Validation) {
    match statement {
        Statement::CreateSequence(s) => {
            for (attribute, given) in [
                ("startValue", s.start.is_some()),
                ("incrementBy", s.increment.is_some()),
                ("minValue", s.min.is_some()),
                ("maxValue", s.max.is_some()),
            ] {
                validation.disallow(attribute, given, target);
            }
        }
        _ => (ansi::DIALECT.check)(statement, target, validation),
    }
}
