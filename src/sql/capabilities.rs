//! What dialects can do and how they are told to: data, as far as two dialects differ in it.

use super::dialect::Version;
use super::forms::{
    Booleans, CallDefaults, Clustering, ColumnPlaces, Concat, ConstantDefaults, ConstraintNames, DefaultExpressions, Deferral, DropKeyForm,
    ExistingIndex, Fold, ForeignKeyActions, IdentityForm, IndexDirection, IndexExpressions, IndexOptionForms, IndexSchema, LookupColumn,
    PrimaryKeyName, QuotedCase, Remarks, RenameForm, SequenceForm, UnknownDeferral, UpsertForm, Uuids,
};
use super::object_forms::ObjectForms;

/// What a dialect can do and how it is told to, as far as two dialects differ in it.
///
/// A renderer may ask for these, never for the dialect's name.
#[derive(Debug, Clone, Copy)]
pub struct Capabilities {
    /// How unquoted names are folded.
    pub fold: Fold,
    /// Whether names with both letter cases are quoted under [`Quoting::Legacy`](super::Quoting::Legacy).
    pub quote_mixed_case: bool,
    /// What becomes of the letter case of a name that must be quoted.
    pub quoted_case: QuotedCase,
    /// Whether schemas and catalogs are quoted whatever their names.
    pub quotes_spaces: bool,
    /// Whether there are quotes for names; else each stands as it is.
    pub quotes_names: bool,
    /// Characters, beside letters, digits and `_`, that stand in names without quotes.
    pub unquoted_characters: &'static str,
    /// Whether a schema or catalog can stand before names; else it is left out.
    pub qualifies_names: bool,
    /// Whether it is a matter of how a server was set up whether names are told apart by letter case.
    pub letter_case_by_setup: bool,
    /// Whether the database has schemas; else a schema name is taken as a catalog.
    pub schemas: bool,
    /// Whether the database connected to stands before names, where there are no schemas.
    pub database_in_names: bool,
    /// Whether catalogs appear in names.
    pub catalogs_in_names: bool,
    /// Whether the current catalog stands before names too, where catalogs do.
    pub current_catalog_in_names: bool,
    /// What stands between a catalog and a schema.
    pub catalog_separator: char,
    /// Whether DDL takes part in transactions.
    pub transactional_ddl: bool,
    /// Whether there are sequences.
    pub sequences: bool,
    /// Whether temporary tables are in a schema of their own, which is not written.
    pub temporary_tables_apart: bool,
    /// Whether NOT NULL of a new column can have a name.
    pub named_not_null: bool,
    /// Whether NOT NULL has its name in CREATE TABLE too.
    pub table_named_not_null: bool,
    /// Whether PRIMARY KEY stands right behind the type of a new column, not at its end.
    pub key_behind_type: bool,
    /// Whether the default of a new column comes right behind its type, written as what it is itself, whatever that type.
    pub added_default_first: bool,
    /// What a foreign key can say about changes of the row that it refers to.
    pub foreign_key_actions: ForeignKeyActions,
    /// Whether a foreign key can name the schema of the table it refers to; else it is that of its own table.
    pub foreign_key_schema: bool,
    /// What COMMENT ON calls a view, where it has views.
    pub view_remarks: Option<&'static str>,
    /// Whether `nullable` columns say `NULL`.
    pub explicit_null: bool,
    /// A word in the names of types whose `nullable` columns say `NULL` in CREATE TABLE.
    pub explicit_null_of: Option<&'static str>,
    /// Where remarks go.
    pub remarks: Remarks,
    /// How truth values are written.
    pub booleans: Booleans,
    /// Name of a primary key without a name.
    pub primary_key_name: PrimaryKeyName,
    /// What `cascadeConstraints` adds to DROP TABLE.
    pub drop_cascade: Option<&'static str>,
    /// Whether constraints can be deferrable.
    pub deferrable: bool,
    /// Whether primary keys and unique constraints can be deferrable.
    pub deferrable_keys: bool,
    /// What becomes of the wish of CREATE TABLE that a foreign key can be deferred, where there are no such keys.
    pub unknown_deferral: UnknownDeferral,
    /// How a foreign key says that it is checked later.
    pub deferral: Deferral,
    /// Where the name of a constraint stands.
    pub constraint_names: ConstraintNames,
    /// Whether CREATE TABLE can leave an existing table alone (`IF NOT EXISTS`).
    pub table_if_not_exists: bool,
    /// Whether DEFERRABLE must stand before INITIALLY DEFERRED.
    pub deferrable_first: bool,
    /// Whether tables and indexes can name a tablespace.
    pub tablespaces: bool,
    /// What stands before the tablespace of a table or an index.
    pub tablespace_word: &'static str,
    /// Whether CREATE TABLE can name the tablespace of its primary key, where there are tablespaces.
    pub table_key_tablespace: bool,
    /// Whether a key that is added can name the tablespace of its index, where there are tablespaces.
    pub added_key_tablespace: bool,
    /// Whether a table must be reorganized after it was altered.
    pub reorganizes_tables: bool,
    /// Whether defaults are constraints with names (`CONSTRAINT DF_t_c DEFAULT 1`).
    pub named_defaults: bool,
    /// What CREATE TABLE writes for a default that is no expression.
    pub constant_defaults: ConstantDefaults,
    /// How the default of a UUID column is written.
    pub uuids: Uuids,
    /// Whether a new name and new remarks restate the type of the column too, where other changes of it do.
    pub rename_restates_type: bool,
    /// Whether a change of one property of a column restates its type (`MODIFY c TYPE …`), which the
    /// changelog must then give as `columnDataType`.
    pub restates_type: bool,
    /// Whether a change of a column's default restates its type too.
    pub default_restates_type: bool,
    /// Whether a column that becomes NOT NULL is restated without its default, which must be set again.
    pub not_null_drops_default: bool,
    /// Where a new column may be put.
    pub column_places: ColumnPlaces,
    /// Whether several columns are added or dropped by one ALTER TABLE.
    pub joins_alterations: bool,
    /// How texts are put together.
    pub concat: Concat,
    /// Whether scripts join the rows of a data file in one INSERT.
    pub multi_row_insert: bool,
    /// Whether the database understands such an INSERT, also where scripts do not have it.
    pub row_lists: bool,
    /// Whether rows can be streamed into a table by COPY … FROM STDIN.
    pub copies_rows: bool,
    /// How many values an INSERT of many rows has best as parameters of a prepared statement, where that costs the server less than
    /// reading them as text; 0 where it does not.
    pub bound_values: usize,
    /// How a row is added or changed (loadUpdateData).
    pub upsert: UpsertForm,
    /// Whether the names of the ledger and of the default catalog count as lower case where there is no connection (MySQL).
    pub is_lower_offline: bool,
    /// Units behind the length of character types that are left out (`varchar(20 BYTE)`).
    pub dropped_length_units: &'static [&'static str],
    /// Whether truth values, numbers and bits are types apart, so that none is taken for another (PostgreSQL).
    pub booleans_are_apart: bool,
    /// How a column says that it counts up.
    pub identity: IdentityForm,
    /// Whether `addAutoIncrement` restates the type of the column, which the changelog must then give.
    pub identity_restates_type: bool,
    /// Whether a column can take no other values than those it counts (`GENERATED ALWAYS`).
    pub identity_always: bool,
    /// Whether a column can take its next value for NULL too (`GENERATED BY DEFAULT ON NULL`).
    pub identity_on_null: bool,
    /// The first value of a column that counts up when none is given.
    pub identity_start: &'static str,
    /// Whether the step of a column that counts up can be chosen.
    pub identity_step: bool,
    /// Whether the first value of a column that counts up is an option of the table, not of the column.
    pub identity_start_of_table: bool,
    /// Whether a column that counts up must be the primary key.
    pub identity_needs_key: bool,
    /// Whether the primary key of a column that counts up stands in its definition.
    pub identity_is_key: bool,
    /// Whether a constraint can be made without checking existing rows (`ENABLE NOVALIDATE`).
    pub novalidate: bool,
    /// Whether NOT NULL of a column that is added with a value is a step of its own, behind the value; else the table is rebuilt with
    /// both.
    pub sets_not_null_behind_value: bool,
    /// Which expressions must stand in parentheses as a default.
    pub default_expressions: DefaultExpressions,
    /// How CREATE TABLE writes calls of functions and values of sequences as defaults.
    pub call_defaults: CallDefaults,
    /// Whether `addDefaultValue` takes expressions as they are.
    pub expression_defaults: bool,
    /// Whether primary keys have names of their own.
    pub named_primary_keys: bool,
    /// Whether rows can be kept in the order of an index or key.
    pub clustering: Clustering,
    /// How a primary key uses an existing index.
    pub primary_key_index: ExistingIndex,
    /// How a unique constraint uses an existing index.
    pub unique_index: ExistingIndex,
    /// Whether a unique constraint can be made without being enforced (`DISABLE`).
    pub disabled_constraints: bool,
    /// How a primary key is dropped.
    pub drop_primary_key: DropKeyForm,
    /// How a foreign key is dropped.
    pub drop_foreign_key: DropKeyForm,
    /// How a unique constraint is dropped.
    pub drop_unique: DropKeyForm,
    /// What leaves existing rows unchecked by a new foreign key.
    pub not_valid: Option<&'static str>,
    /// Where CREATE INDEX writes the schema.
    pub index_schema: IndexSchema,
    /// Whether the server names an index that is given no name.
    pub names_indexes: bool,
    /// Whether an index can be on expressions.
    pub index_expressions: IndexExpressions,
    /// What goes down in a descending index.
    pub index_direction: IndexDirection,
    /// Whether an index is made that belongs to a foreign key; else that has one by itself.
    pub indexes_foreign_keys: bool,
    /// What an index can be beyond its columns.
    pub index_options: IndexOptionForms,
    /// What checks the rows of a constraint that has not checked them, between ALTER TABLE and its name.
    pub validate_constraint: Option<&'static str>,
    /// Whether an index can be built without a lock, so that a failure leaves an unusable one (`CONCURRENTLY`).
    pub concurrent_indexes: bool,
    /// Whether an index is dropped from its table (`DROP INDEX i ON t`).
    pub index_belongs_to_table: bool,
    /// How sequences are spelled.
    pub sequence: SequenceForm,
    /// Whether there is CREATE OR REPLACE VIEW; else the view is dropped first.
    pub replaces_views: bool,
    /// Whether the query of a view can be in a file.
    pub views_from_files: bool,
    /// How a view is renamed.
    pub rename_view: RenameForm,
    /// How the new table of `addLookupTable` comes to its column.
    pub lookup_column: LookupColumn,
    /// Whether a procedure can be dropped before it is made, if it exists.
    pub replaces_procedures: bool,
    /// What it has of objects that not all databases have.
    pub objects: ObjectForms,
    /// Most digits of the fraction of a second, and what is used when none is written.
    pub fraction_digits: u32,
}

/// An adjustment for servers older than a version.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    /// The first version that does not need it.
    pub version: Version,
    /// What it changes.
    pub adjust: fn(Capabilities) -> Capabilities,
}
