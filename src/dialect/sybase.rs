//! Sybase ASE: nullable columns say NULL, columns change by `MODIFY` and `REPLACE`, names by `sp_rename`.

use super::{ansi, unsupported};
use crate::sql::action::{Action, Rendered, one, sql};
use crate::sql::capabilities::Capabilities;
use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::LedgerForm;
use crate::sql::forms::{Booleans, Concat, DropKeyForm, Fold, IdentityForm, IndexSchema, UnknownDeferral};
use crate::sql::object_forms::{GeneratedForm, ObjectForms, SwitchForm, TriggerForm};
use crate::sql::splitter::{Blocks, Lexis};
use crate::sql::statement::{AddForeignKey, AddUnique, CreateIndex, StatementType};
use crate::sql::target::Target;
use crate::sql::{Dialect, Quoting, RenderError, Statement, Validation};

/// Sybase ASE.
pub const DIALECT: Dialect = Dialect {
    id: "sybase",
    product: "Sybase",
    quotes: ('[', ']'),
    quote_escape: "]]",
    now: "GETDATE()",
    ledger_now: "GETDATE()",
    ledger: LedgerForm { id_length: 150, is_keyed: true, ..ansi::DIALECT.ledger },
    auto_increment_words: "IDENTITY",
    lexis: Lexis { brackets: true, nested_comments: true, blocks: Blocks::Batches, ..Lexis::STANDARD },
    terminator: "\nGO",
    own_delimiters: false,
    caps: Capabilities {
        objects: ObjectForms {
            trigger: Some(TriggerForm {
                switch: Some(SwitchForm::OfTable { on: ("ENABLE TRIGGER", ""), off: ("DISABLE TRIGGER", "") }),
                ..TriggerForm::STANDARD
            }),
            generated_column: Some(GeneratedForm {
                words: "AS",
                typed: false,
                stored: Some(" MATERIALIZED"),
                computed: Some(" NOT MATERIALIZED"),
                not_null: true,
                usual: "",
            }),
            ..ObjectForms::STANDARD
        },
        fold: Fold::Keep,
        explicit_null: true,
        booleans: Booleans::Digits,
        concat: Concat::Plus,
        identity: IdentityForm::Word("IDENTITY"),
        tablespaces: true,
        table_key_tablespace: false,
        named_not_null: false,
        key_behind_type: true,
        added_default_first: true,
        drop_primary_key: DropKeyForm::Constraint,
        names_indexes: false,
        index_schema: IndexSchema::OfTable,
        index_belongs_to_table: true,
        unknown_deferral: UnknownDeferral::Written,
        ..unsupported::DIALECT.caps
    },
    data_type,
    special,
    check,
    ..unsupported::DIALECT
};

/// Types (dialects §4.2).
///
/// # Errors
/// As [`ansi::data_type`].
pub fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    Ok(match t.logical {
        Logical::Boolean if t.lower_name() == "java.sql.types.bit" => return Ok(t.name.to_uppercase()),
        Logical::Boolean => "BIT",
        Logical::Int => "INT",
        Logical::BigInt => "BIGINT",
        Logical::SmallInt => "SMALLINT",
        Logical::TinyInt => "TINYINT",
        Logical::Clob | Logical::Xml => "TEXT",
        Logical::Blob => "IMAGE",
        Logical::Timestamp => "datetime",
        Logical::Currency => "MONEY",
        Logical::Uuid => "UNIQUEIDENTIFIER",
        Logical::Number => return Ok(t.with_additional(t.with_parameters("numeric"))),
        _ => return ansi::data_type(t, target),
    }
    .to_owned())
}

/// What is altered by clauses or procedures of this server alone. `sp_rename` takes the names as they are stored.
pub fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    Some(match statement {
        Statement::RenameTable(s) => one(format!("exec sp_rename {}, {}", target.string(&s.table.name), target.string(&s.new_name))),
        Statement::RenameColumn(s) => {
            let column = format!("{}.{}", s.table.name, s.column);
            one(format!("exec sp_rename {}, {}", target.string(&column), target.string(&s.new_name)))
        }
        Statement::ModifyDataType(s) => target
            .native_type(&s.type_text)
            .map_err(RenderError::Invalid)
            .and_then(|native| one(format!("ALTER TABLE {} MODIFY {} {native}", target.qualified(&s.table), target.name(&s.column)))),
        Statement::SetNullable(s) => {
            let words = if s.nullable { "NULL" } else { "NOT NULL" };
            one(format!("ALTER TABLE {} MODIFY {} {words}", target.qualified(&s.table), target.name(&s.column)))
        }
        Statement::AddDefaultValue(s) => s.value_text(target).and_then(|value| {
            one(format!("ALTER TABLE {} REPLACE {} DEFAULT {value}", target.qualified(&s.table), target.name(&s.column)))
        }),
        Statement::DropDefaultValue(s) => {
            one(format!("ALTER TABLE {} REPLACE {} DEFAULT NULL", target.qualified(&s.table), target.name(&s.column)))
        }
        Statement::DropColumn(s) => {
            sql(s.columns.iter().map(|c| format!("ALTER TABLE {} DROP {}", target.qualified(&s.table), target.name(c))))
        }
        // Keys do nothing by themselves when the row that they refer to changes.
        Statement::AddForeignKey(s) if s.on_update.is_some() => AddForeignKey { on_update: None, ..(**s).clone() }.render(target),
        Statement::AddColumn(s) if s.columns.iter().any(|c| c.foreign_key.as_ref().is_some_and(|key| key.delete_cascade)) => {
            let mut plain = (**s).clone();
            plain.columns.iter_mut().filter_map(|c| c.foreign_key.as_mut()).for_each(|key| key.delete_cascade = false);
            plain.render(target)
        }
        // The name of an index is quoted only where it must be, also when every name is to be.
        Statement::CreateIndex(s) if target.quoting == Quoting::All && s.name.is_some() => {
            let name = target.with_quoting(Quoting::Legacy).name(s.name.as_deref().unwrap_or_default());
            let nameless = Target { caps: Capabilities { names_indexes: true, ..target.caps }, ..target.clone() };
            CreateIndex { name: None, ..(**s).clone() }.render(&nameless).map(|mut actions| {
                for action in &mut actions {
                    if let Action::Sql(sql) = action {
                        sql.text = sql.text.replacen(" ON ", &format!(" {name} ON "), 1);
                    }
                }
                actions
            })
        }
        Statement::AddUnique(s) if s.tablespace.is_some() => AddUnique { tablespace: None, ..(**s).clone() }.render(target),
        Statement::DropIndex(s) => one(format!("DROP INDEX {}.{}", s.table.name, s.name)),
        Statement::DropProcedure(s) if s.procedure.name.contains('(') => {
            let space = target.space_of(&s.procedure).map(|space| space + ".").unwrap_or_default();
            one(format!("DROP PROCEDURE {space}{}", s.procedure.name.trim()))
        }
        _ => return (unsupported::DIALECT.special)(statement, target),
    })
}

/// Foreign keys know no actions.
fn check(statement: &Statement, target: &Target, validation: &mut Validation) {
    if let Statement::AddForeignKey(s) = statement {
        validation.disallow("onDelete", s.on_delete.is_some(), target);
    }
}
