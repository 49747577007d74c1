//! Change types: one file each, in folders by subject. A change says what it is made of (its attributes), what it
//! does (statements), and what undoes it (its inverse).
//!
//! Adding one: its file, a `mod` line in its folder, a line in `change_types!` below, its fixture.

pub mod body;
pub mod column;
pub mod columns;
pub mod constraint;
pub mod context;
pub mod data;
pub mod data_type;
pub mod hash_rule;
pub mod index;
pub mod misc;
pub mod modify_sql;
pub mod privilege;
pub mod routine;
pub mod schema;
pub mod sequence;
pub mod synonym;
pub mod table;
pub mod trigger;
pub mod view;

pub use context::{Context, NoTables, Resources, TableTypes};
pub use hash_rule::HashRule;

use crate::diagnostic::Diagnostics;
use crate::source::attributes::{Attributes, Field, FieldValue, FromFields, Reader};
use crate::source::{Namespace, Node};
use crate::sql::{Capabilities, Statement, Validation};

/// What undoes a change.
#[derive(Debug, Clone, PartialEq)]
pub enum Inverse {
    /// Nothing can: a rollback must be written.
    None,
    /// These changes, in order; none of them when nothing needs to be done.
    Changes(Vec<Change>),
    /// These statements, in order.
    Statements(Vec<Statement>),
    /// The statements of [`ChangeType::undo_stream`].
    Stream,
}

/// Statements that are made while they are asked for.
pub type StatementStream<'a> = Box<dyn Iterator<Item = Result<Statement, String>> + Send + 'a>;

/// What every change type can do. The attributes are declared with `attributes!`.
pub trait ChangeType: Attributes + Send + Sync {
    /// Reads the change from its node. Types with children that are no attributes override it.
    fn read(reader: &mut Reader<'_, '_>) -> Self
    where
        Self: Sized + FromFields,
    {
        Self::from_fields(reader)
    }

    /// Names of children that `read` understands beside the declared attributes, or that are known to be ignored.
    fn other_children() -> &'static [&'static str]
    where
        Self: Sized,
    {
        &[]
    }

    /// Attributes that a database with these capabilities needs, beside those declared `required`.
    fn requires(&self, _caps: &Capabilities) -> &'static [&'static str] {
        &[]
    }

    /// Reports what the change checks a second time by itself, also when required attributes are missing.
    fn recheck(&self, _validation: &mut Validation) {}

    /// Reports what is wrong with the change itself, beside missing attributes and what its statements report.
    fn validate(&self, _cx: &Context<'_>, _validation: &mut Validation) {}

    /// What it does.
    ///
    /// # Errors
    /// With Liquibase's text where it has one, when the change makes no sense or a file cannot be read.
    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String>;

    /// What it does, one statement at a time, for a change that reads more rows than may be kept in memory.
    /// [`ChangeType::statements`] gives the same statements in one list.
    ///
    /// # Errors
    /// As [`ChangeType::statements`], before the first statement and in the place of each.
    fn stream<'a>(&'a self, _cx: &Context<'a>) -> Result<Option<StatementStream<'a>>, String> {
        Ok(None)
    }

    /// Whether its statements can only be made when it runs (they read data files or the database), so that
    /// validation does not make them.
    fn is_volatile(&self) -> bool {
        false
    }

    /// Whether a database that has no such statement skips the change with a warning (sequences).
    fn is_skipped_where_unsupported(&self) -> bool {
        false
    }

    /// What undoes it.
    ///
    /// # Errors
    /// When a file that says what to undo cannot be read.
    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        Ok(Inverse::None)
    }

    /// What undoes it, one statement at a time, where [`ChangeType::inverse`] says so: for as many as may not be kept in memory.
    ///
    /// # Errors
    /// As [`ChangeType::inverse`], before the first statement and in the place of each.
    fn undo_stream<'a>(&'a self, _cx: &Context<'a>) -> Result<StatementStream<'a>, String> {
        Ok(Box::new(std::iter::empty()))
    }

    /// How its checksum is made.
    fn hash_rule(&self) -> HashRule<'_> {
        HashRule::ATTRIBUTES
    }

    /// The table that it loads data into, when types of its columns must be known first.
    fn table_to_load(&self) -> Option<crate::sql::ObjectName> {
        None
    }

    /// The change with its sequences in its own schema, as Liquibase hashes it after its statements were made
    /// (checksums §3.5); `None` when that is no difference.
    fn with_sequence_schema(&self) -> Option<Change> {
        None
    }

    /// Its own `dbms` list, as written.
    fn own_dbms(&self) -> Option<&str> {
        None
    }
}

/// What is known of a change type without a change.
#[derive(Debug, Clone, Copy)]
pub struct TypeInfo {
    /// Its name in changelogs.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Its attributes.
    pub fields: &'static [Field],
    /// Children beside the attributes.
    pub other_children: fn() -> &'static [&'static str],
    /// Whose it is; its namespace in XML.
    pub namespace: Namespace,
    read: fn(&mut Reader<'_, '_>) -> Change,
}

macro_rules! change_types {
    ($( $name:literal => $($path:ident)::+ as $variant:ident $(of $namespace:ident)? ),* $(,)?) => {
        /// A change of any type.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Change {
            $(
                #[doc = concat!("`", $name, "`.")]
                $variant(Box<$($path)::+::$variant>)
            ),*
        }

        /// Every change type, by name.
        pub const TYPES: &[TypeInfo] = &[ $( TypeInfo {
            name: $name,
            doc: $($path)::+::$variant::DOC,
            fields: $($path)::+::$variant::FIELDS,
            other_children: <$($path)::+::$variant as ChangeType>::other_children,
            namespace: change_types!(@namespace $($namespace)?),
            read: |reader| Change::$variant(Box::new(<$($path)::+::$variant as ChangeType>::read(reader))),
        } ),* ];

        impl Change {
            /// Its name in changelogs.
            pub fn name(&self) -> &'static str {
                match self { $( Change::$variant(_) => $name ),* }
            }

            /// The change as what every type can do.
            pub fn as_type(&self) -> &dyn ChangeType {
                match self { $( Change::$variant(c) => &**c ),* }
            }
        }

        $(
            impl From<$($path)::+::$variant> for Change {
                fn from(change: $($path)::+::$variant) -> Change {
                    Change::$variant(Box::new(change))
                }
            }
        )*
    };
    (@namespace) => { Namespace::Changelog };
    (@namespace $namespace:ident) => { Namespace::$namespace };
}

change_types! {
    "createTable" => table::create_table as CreateTable,
    "dropTable" => table::drop_table as DropTable,
    "renameTable" => table::rename_table as RenameTable,
    "setTableRemarks" => table::set_table_remarks as SetTableRemarks,
    "addColumn" => column::add_column as AddColumn,
    "dropColumn" => column::drop_column as DropColumn,
    "addAutoIncrement" => column::add_auto_increment as AddAutoIncrement,
    "mergeColumns" => column::merge_columns as MergeColumns,
    "addDefaultValue" => column::add_default_value as AddDefaultValue,
    "dropDefaultValue" => column::drop_default_value as DropDefaultValue,
    "modifyDataType" => column::modify_data_type as ModifyDataType,
    "renameColumn" => column::rename_column as RenameColumn,
    "setColumnRemarks" => column::set_column_remarks as SetColumnRemarks,
    "addNotNullConstraint" => constraint::add_not_null_constraint as AddNotNullConstraint,
    "dropNotNullConstraint" => constraint::drop_not_null_constraint as DropNotNullConstraint,
    "delete" => data::delete as Delete,
    "insert" => data::insert as Insert,
    "update" => data::update as Update,
    "loadData" => data::load_data as LoadData,
    "loadUpdateData" => data::load_update_data as LoadUpdateData,
    "customChange" => misc::custom_change as CustomChange,
    "empty" => misc::empty as Empty,
    "executeCommand" => misc::execute_command as ExecuteCommand,
    "output" => misc::output as Output,
    "sql" => misc::sql as Sql,
    "sqlFile" => misc::sql_file as SqlFile,
    "stop" => misc::stop as Stop,
    "tagDatabase" => misc::tag_database as TagDatabase,
    "addPrimaryKey" => constraint::add_primary_key as AddPrimaryKey,
    "dropPrimaryKey" => constraint::drop_primary_key as DropPrimaryKey,
    "addForeignKeyConstraint" => constraint::add_foreign_key_constraint as AddForeignKeyConstraint,
    "dropForeignKeyConstraint" => constraint::drop_foreign_key_constraint as DropForeignKeyConstraint,
    "dropAllForeignKeyConstraints" => constraint::drop_all_foreign_key_constraints as DropAllForeignKeyConstraints,
    "addUniqueConstraint" => constraint::add_unique_constraint as AddUniqueConstraint,
    "dropUniqueConstraint" => constraint::drop_unique_constraint as DropUniqueConstraint,
    "createIndex" => index::create_index as CreateIndex,
    "dropIndex" => index::drop_index as DropIndex,
    "createSequence" => sequence::create_sequence as CreateSequence,
    "alterSequence" => sequence::alter_sequence as AlterSequence,
    "dropSequence" => sequence::drop_sequence as DropSequence,
    "renameSequence" => sequence::rename_sequence as RenameSequence,
    "createView" => view::create_view as CreateView,
    "dropView" => view::drop_view as DropView,
    "renameView" => view::rename_view as RenameView,
    "createProcedure" => routine::create_procedure as CreateProcedure,
    "dropProcedure" => routine::drop_procedure as DropProcedure,
    "addLookupTable" => table::add_lookup_table as AddLookupTable,
    "addCheckConstraint" => constraint::add_check_constraint as AddCheckConstraint of Pro,
    "dropCheckConstraint" => constraint::drop_check_constraint as DropCheckConstraint of Pro,
    "enableCheckConstraint" => constraint::enable_check_constraint as EnableCheckConstraint of Pro,
    "disableCheckConstraint" => constraint::disable_check_constraint as DisableCheckConstraint of Pro,
    "createFunction" => routine::create_function as CreateFunction of Pro,
    "dropFunction" => routine::drop_function as DropFunction of Pro,
    "createPackage" => routine::create_package as CreatePackage of Pro,
    "createPackageBody" => routine::create_package_body as CreatePackageBody of Pro,
    "dropPackage" => routine::drop_package as DropPackage of Pro,
    "dropPackageBody" => routine::drop_package_body as DropPackageBody of Pro,
    "createTrigger" => trigger::create_trigger as CreateTrigger of Pro,
    "dropTrigger" => trigger::drop_trigger as DropTrigger of Pro,
    "enableTrigger" => trigger::enable_trigger as EnableTrigger of Pro,
    "disableTrigger" => trigger::disable_trigger as DisableTrigger of Pro,
    "renameTrigger" => trigger::rename_trigger as RenameTrigger of Pro,
    "createSynonym" => synonym::create_synonym as CreateSynonym of Pro,
    "dropSynonym" => synonym::drop_synonym as DropSynonym of Pro,
    "markUnused" => column::mark_unused as MarkUnused of Pro,
    "validateConstraint" => constraint::validate_constraint as ValidateConstraint of Own,
    "revoke" => privilege::revoke as Revoke of Own,
    "grant" => privilege::grant as Grant of Own,
    "detachPartition" => table::detach_partition as DetachPartition of Own,
    "attachPartition" => table::attach_partition as AttachPartition of Own,
    "dropMaterializedView" => view::drop_materialized_view as DropMaterializedView of Own,
    "refreshMaterializedView" => view::refresh_materialized_view as RefreshMaterializedView of Own,
    "createMaterializedView" => view::create_materialized_view as CreateMaterializedView of Own,
    "dropType" => data_type::drop_type as DropType of Own,
    "alterType" => data_type::alter_type as AlterType of Own,
    "createType" => data_type::create_type as CreateType of Own,
    "dropExtension" => schema::drop_extension as DropExtension of Own,
    "createExtension" => schema::create_extension as CreateExtension of Own,
    "dropSchema" => schema::drop_schema as DropSchema of Own,
    "createSchema" => schema::create_schema as CreateSchema of Own,
}

impl Change {
    /// Reads a change from its node; `None` when there is no such type. `validated` says that the format
    /// refuses what it does not know (XML).
    pub fn read(node: &Node, validated: bool, problems: &mut Diagnostics) -> Option<Change> {
        let info = TYPES.iter().find(|t| *t.name == *node.name)?;
        let mut reader = Reader::new(node, validated, problems);
        let change = (info.read)(&mut reader);
        reader.report_unknown(info.name, info.fields, (info.other_children)());
        Some(change)
    }

    /// The text that goes to the DESCRIPTION column (changes §2): the name, then the attributes that name things.
    pub fn description(&self) -> String {
        let change = self.as_type();
        let mut parts: Vec<String> = change
            .fields()
            .iter()
            .zip(change.values())
            .filter(|(field, _)| {
                let lower = field.name.to_ascii_lowercase();
                lower == "path" || (lower.ends_with("name") && !lower.contains("schema") && !lower.contains("catalog"))
            })
            .filter_map(|(field, value)| match value {
                FieldValue::Text(text) => Some(format!("{}={text}", field.name)),
                _ => None,
            })
            .collect();
        parts.sort();
        if parts.is_empty() { self.name().to_owned() } else { format!("{} {}", self.name(), parts.join(", ")) }
    }

    /// Checks a change for a target (changes §1): its attributes, then its statements unless attributes are missing.
    pub fn validate(&self, cx: &Context<'_>, validation: &mut Validation) {
        let before = validation.errors.len();
        if !self.validate_attributes(cx, validation) {
            // What would be warned of is told all the same.
            let mut others = Validation::default();
            self.check_statements(cx, &mut others);
            others.warnings.into_iter().for_each(|w| validation.warn(w));
            return;
        }
        let known = validation.errors.len() > before;
        let mut others = Validation::default();
        self.check_statements(cx, &mut others);
        // A change that is already refused by name of an attribute is not refused again as a whole.
        let whole = format!("{} is not supported on {}", self.name(), cx.target.dialect.id);
        others.errors.retain(|e| !(known && *e == whole));
        others.errors.into_iter().for_each(|e| validation.error(e));
        others.warnings.into_iter().for_each(|w| validation.warn(w));
    }

    /// Checks the attributes of a change: missing ones first, and nothing else when some are missing; then the change's own rules.
    /// It says whether none is missing.
    pub fn validate_attributes(&self, cx: &Context<'_>, validation: &mut Validation) -> bool {
        let change = self.as_type();
        let database = cx.target.dialect.id;
        let also = change.requires(&cx.target.caps);
        let before = validation.errors.len();
        for (field, value) in change.fields().iter().zip(change.values()) {
            if !field.required && !also.contains(&field.name) {
                continue;
            }
            match value {
                FieldValue::None => validation.error(format!("{} is required for {} on {database}", field.name, self.name())),
                FieldValue::Text(text) if text.trim().is_empty() => {
                    validation.error(format!("{} is empty for {} on {database}", field.name, self.name()));
                }
                FieldValue::Objects(list) if list.is_empty() => {
                    validation.error(format!("No {} defined for {} on {database}", field.name, self.name()));
                }
                _ => {}
            }
        }
        change.recheck(validation);
        if validation.errors.len() > before {
            return false;
        }
        change.validate(cx, validation);
        true
    }

    /// Checks the statements of a change, unless they can only be made when it runs.
    fn check_statements(&self, cx: &Context<'_>, validation: &mut Validation) {
        let change = self.as_type();
        let database = cx.target.dialect.id;
        if change.is_volatile() {
            return;
        }
        let statements = match change.statements(cx) {
            Ok(statements) => statements,
            Err(text) => return validation.error(text),
        };
        for statement in &statements {
            if cx.target.supports(statement) {
                cx.target.check(statement, validation);
            } else if change.is_skipped_where_unsupported() {
                validation.warn(format!("{} is not supported on {database}; the change does nothing there", self.name()));
            } else {
                validation.error(format!("{} is not supported on {database}", self.name()));
            }
        }
    }
}
