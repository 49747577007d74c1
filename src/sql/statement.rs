//! Vendor-neutral statements. Each renders and checks itself in its own file; a dialect's `special` goes first.

use super::action::Rendered;
use super::capabilities::Capabilities;
use super::target::Target;
use super::validation::Validation;

pub use create_code::CodeKind;
pub use create_index::{IndexColumn, IndexOptions};
pub use create_view::{behind_comments, not_replacing};

/// What every statement can do.
pub trait StatementType {
    /// Renders it for a target, by capabilities.
    ///
    /// # Errors
    /// When the target cannot say it.
    fn render(&self, target: &Target) -> Rendered;
    /// Whether a database with these capabilities has what it is about.
    fn is_known(&self, _caps: &Capabilities) -> bool {
        true
    }
    /// Reports what is wrong with it on a target.
    fn check(&self, _target: &Target, _validation: &mut Validation) {}
}

macro_rules! statements {
    ($( $file:ident :: $variant:ident ),* $(,)?) => {
        $( mod $file; pub use $file::$variant; )*

        /// What is to be done.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Statement {
            $(
                #[doc = concat!("See [`", stringify!($variant), "`].")]
                $variant(Box<$variant>)
            ),*
        }

        /// The kind of a statement, for lists of what a dialect does not have.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum StatementKind {
            $(
                #[doc = concat!("See [`", stringify!($variant), "`].")]
                $variant
            ),*
        }

        impl Statement {
            /// Its kind.
            pub fn kind(&self) -> StatementKind {
                match self { $( Statement::$variant(_) => StatementKind::$variant ),* }
            }

            /// Whether a database with these capabilities has what it is about; use [`Target::supports`].
            pub fn is_known(&self, caps: &Capabilities) -> bool {
                match self { $( Statement::$variant(s) => s.is_known(caps) ),* }
            }

            /// Renders it without asking the dialect's `special`; use [`Target::render`].
            ///
            /// # Errors
            /// When the target cannot say it.
            pub fn render(&self, target: &Target) -> Rendered {
                match self { $( Statement::$variant(s) => s.render(target) ),* }
            }

            /// Reports what is wrong with it on a target; use [`Target::check`].
            pub fn check(&self, target: &Target, validation: &mut Validation) {
                match self { $( Statement::$variant(s) => s.check(target, validation) ),* }
            }
        }

        $(
            impl From<$variant> for Statement {
                fn from(statement: $variant) -> Statement {
                    Statement::$variant(Box::new(statement))
                }
            }
        )*
    };
}

statements! {
    create_table::CreateTable,
    drop_table::DropTable,
    add_column::AddColumn,
    drop_column::DropColumn,
    add_auto_increment::AddAutoIncrement,
    merge_columns::MergeColumns,
    raw_sql::RawSql,
    act::Act,
    add_default_value::AddDefaultValue,
    drop_default_value::DropDefaultValue,
    modify_data_type::ModifyDataType,
    rename_column::RenameColumn,
    rename_table::RenameTable,
    set_column_remarks::SetColumnRemarks,
    set_nullable::SetNullable,
    set_table_remarks::SetTableRemarks,
    delete::Delete,
    insert::Insert,
    update::Update,
    upsert::Upsert,
    upserts::Upserts,
    add_primary_key::AddPrimaryKey,
    drop_primary_key::DropPrimaryKey,
    add_foreign_key::AddForeignKey,
    drop_foreign_key::DropForeignKey,
    drop_all_foreign_keys::DropAllForeignKeys,
    add_unique::AddUnique,
    drop_unique::DropUnique,
    create_index::CreateIndex,
    drop_index::DropIndex,
    create_sequence::CreateSequence,
    alter_sequence::AlterSequence,
    drop_sequence::DropSequence,
    rename_sequence::RenameSequence,
    create_view::CreateView,
    drop_view::DropView,
    rename_view::RenameView,
    create_procedure::CreateProcedure,
    drop_procedure::DropProcedure,
    copy_distinct::CopyDistinct,
    add_check::AddCheck,
    drop_check::DropCheck,
    switch_check::SwitchCheck,
    create_code::CreateCode,
    drop_code::DropCode,
    switch_trigger::SwitchTrigger,
    rename_trigger::RenameTrigger,
    create_synonym::CreateSynonym,
    drop_synonym::DropSynonym,
    mark_unused::MarkUnused,
    validate_constraint::ValidateConstraint,
    revoke::Revoke,
    grant::Grant,
    detach_partition::DetachPartition,
    attach_partition::AttachPartition,
    drop_materialized_view::DropMaterializedView,
    refresh_materialized_view::RefreshMaterializedView,
    create_materialized_view::CreateMaterializedView,
    drop_type::DropType,
    add_enum_value::AddEnumValue,
    create_enum::CreateEnum,
    drop_extension::DropExtension,
    create_extension::CreateExtension,
    drop_schema::DropSchema,
    create_schema::CreateSchema,
    reorganize::Reorganize,
}

pub use delete::Predicate;
pub use insert::Joined;
