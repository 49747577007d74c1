//! The types of dialects and targets. The dialects themselves are constants in [`crate::dialect`].

use super::action::Rendered;
use super::data_type::DataType;
use super::object_forms::ObjectForms;
use super::splitter::Lexis;
use super::statement::{Statement, StatementKind};
use super::temporal::Temporal;
use super::validation::Validation;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A server version; comparison is by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// Reads the leading `major[.minor[.patch]]` of a version text, wherever its first digit is.
    pub fn parse(text: &str) -> Option<Version> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let mut numbers = text[start..].split(|c: char| !c.is_ascii_digit()).map(|n| n.parse::<u32>().ok());
        let major = numbers.next().flatten()?;
        Some(Version(major, numbers.next().flatten().unwrap_or(0), numbers.next().flatten().unwrap_or(0)))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// When names are quoted (`objectQuotingStrategy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quoting {
    /// Only where the dialect must; see dialects §2.
    #[default]
    Legacy,
    /// Every name.
    All,
    /// Reserved words and odd names only.
    ReservedOnly,
}

/// How a server folds names that are not quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// `Name` becomes `name`.
    Lower,
    /// `Name` becomes `NAME`.
    Upper,
    /// Names stay as they are.
    Keep,
}

/// Where remarks on tables and columns go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remarks {
    /// Nowhere.
    None,
    /// `COMMENT ON … IS …` statements.
    CommentOn,
    /// A `COMMENT` clause of the definition.
    Inline,
    /// Statements of their own, which the dialect itself writes.
    Statements,
}

/// How a primary key gets its name when the changelog gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrimaryKeyName {
    /// `PK_PERSON`.
    PkTable,
    /// `PK_PERSON`, cut when it is too long.
    PkTableCut {
        /// The longest name that stays as it is.
        longest: usize,
        /// How much of a longer one is left.
        cut: usize,
    },
    /// `person_pkey`, cut to 63 bytes.
    TablePkey,
    /// The server chooses it.
    Unnamed,
}

/// Where the name of a constraint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintNames {
    /// In front: `CONSTRAINT n UNIQUE (c)`.
    Before,
    /// Behind: `UNIQUE (c) CONSTRAINT n`; ADD CONSTRAINT says what it adds whether that has a name or not.
    Behind,
}

/// How a foreign key says that it is checked later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deferral {
    /// `DEFERRABLE` and `INITIALLY DEFERRED`.
    Standard,
    /// `CHECK ON COMMIT`, for a key that is; that one could be is not said.
    OnCommit,
}

/// How the newest row of the ledger is found when it is tagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagForm {
    /// `UPDATE … FROM (SELECT … LIMIT 1)`.
    FromSubquery,
    /// `UPDATE … INNER JOIN (SELECT … limit 1)`.
    InnerJoin,
    /// By the row's own id.
    RowId,
    /// By the latest date; rows of one second are tagged together.
    MaxDate,
}

/// Which catalog a live database has: how to ask what exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogFamily {
    /// `pg_catalog`.
    Postgres,
    /// MySQL's `information_schema`.
    MySql,
    /// `sqlite_master` and pragmas.
    Sqlite,
}

/// What becomes of the letter case of a name that must be quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotedCase {
    /// It stays.
    Kept,
    /// The name is written as the server folds it without quotes (`"ORDER"`), unless every name is quoted.
    Folded,
    /// As [`QuotedCase::Folded`], and the name of a schema also where every name is quoted.
    FoldedWithSpaces,
}

/// What becomes of the wish of CREATE TABLE that a foreign key can be deferred, where the server has no such keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownDeferral {
    /// It is refused.
    Refused,
    /// It is written as it is, for the server to judge.
    Written,
}

/// Which expressions must stand in parentheses as a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultExpressions {
    /// None.
    Bare,
    /// All but the current time.
    InParentheses,
    /// All but the current time and single words.
    InParenthesesUnlessWords,
}

/// How a row is added or, when its key is there, changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpsertForm {
    /// `MERGE INTO … KEY(k) VALUES …`.
    MergeKey,
    /// `MERGE INTO … USING (VALUES (1)) ON k = v WHEN NOT MATCHED THEN … WHEN MATCHED THEN …`.
    MergeUsing,
    /// It is only added.
    InsertOnly,
    /// An anonymous block with an UPDATE and, when it found nothing, an INSERT.
    Block,
    /// `INSERT … ON DUPLICATE KEY UPDATE …`.
    OnDuplicateKey,
    /// `INSERT OR REPLACE …`.
    OrReplace,
}

/// How a statement that changes nothing is made to fail when a condition does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// By a row whose key is there already. It needs the right to add rows.
    DuplicateKey,
    /// By a subquery that gives a second row where one value is needed. It locks nothing.
    SecondRow,
}

/// How a column says that it counts up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityForm {
    /// `GENERATED BY DEFAULT AS IDENTITY`, with its options, which this stands between.
    Generated(&'static str),
    /// By one word, without options.
    Word(&'static str),
    /// By one word with the first value, the step or both, as far as they are chosen: `AUTO_INCREMENT (10, 2)`.
    WordWithOptions(&'static str),
    /// By one word with the first value and the step, which are always written: `AUTOINCREMENT (1, 1)`.
    WordWithPair(&'static str),
    /// By its type (`SERIAL`), or not at all.
    InType,
}

/// Where a new column may be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnPlaces {
    /// At the end only; a changelog that asks for another place is refused.
    End,
    /// At the end, or behind a column.
    After,
    /// At the end, or in front of a column.
    Before,
    /// At the end, behind a column or in front of one.
    AfterOrBefore,
    /// At the end, whatever the changelog asks for.
    Ignored,
}

/// How texts are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concat {
    /// `a || 'between' || b`.
    Pipes,
    /// `a + 'between' + b`.
    Plus,
    /// `CONCAT_WS('between', a, b)`.
    ConcatWs,
    /// `CONCAT(a, CONCAT('between', b))`.
    Nested,
}

/// How truth values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Booleans {
    /// `TRUE` and `FALSE`.
    Words,
    /// `1` and `0`.
    Digits,
    /// `'t'` and `'f'`.
    Letters,
}

/// How the default of a UUID column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uuids {
    /// A UUID in quotes, everything else as it is.
    AsWritten,
    /// In quotes and upper case, whatever it is.
    UpperCase,
}

/// How CREATE TABLE writes calls of functions and values of sequences as defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallDefaults {
    /// As everywhere else.
    Rendered,
    /// As the changelog has them, in columns of whole numbers, truth values, texts and bytes.
    AsWritten,
}

/// How a key is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropKeyForm {
    /// By its kind: `DROP PRIMARY KEY`, `DROP FOREIGN KEY n`, `DROP KEY n`.
    Kind,
    /// As a constraint: `DROP CONSTRAINT n`.
    Constraint,
}

/// Whether rows can be kept in the order of an index or key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clustering {
    /// They cannot.
    None,
    /// By a statement of its own, `CLUSTER table USING index`, which orders the rows once.
    Statement,
    /// By words of the definition, which the dialect itself writes; unique constraints have them too.
    Words,
    /// An index can be that of a cluster, which stands in the place of its table: `ON CLUSTER t(c)`.
    OfCluster,
    /// An index says it behind its columns: `ON t(c) CLUSTER`.
    BehindColumns,
}

/// How a constraint is made from an index that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExistingIndex {
    /// It cannot be.
    Refused,
    /// The wish is accepted, and the constraint gets an index of its own.
    Ignored,
    /// `UNIQUE USING INDEX i`.
    InsteadOfColumns,
    /// `UNIQUE (c) USING INDEX i`.
    BehindColumns,
}

/// Where CREATE INDEX writes the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexSchema {
    /// `CREATE INDEX i ON schema.t`.
    OfTable,
    /// `CREATE INDEX schema.i ON t`.
    OfIndex,
    /// `CREATE INDEX schema.i ON schema.t`.
    OfBoth,
}

/// Whether an index can be on expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexExpressions {
    /// It cannot.
    None,
    /// As they are written.
    Bare,
    /// In parentheses of their own, but for the length of a prefix (`name(10)`).
    InParentheses,
    /// In place of the columns, which one expression makes all of: `ON t COMPUTED BY (e)`.
    ComputedBy,
}

/// Where the method of an index stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexMethod {
    /// It cannot be chosen.
    None,
    /// `CREATE INDEX i USING m ON t(c)`.
    BehindName,
    /// `CREATE INDEX i ON t USING m (c)`.
    BehindTable,
}

/// What an index can be beyond its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexOptionForms {
    /// Whether there is IF NOT EXISTS.
    pub if_not_exists: bool,
    /// Whether it can be of some rows only (`WHERE`).
    pub partial: bool,
    /// Whether it can carry columns (`INCLUDE`).
    pub include: bool,
    /// Where its method stands.
    pub method: IndexMethod,
}

impl IndexOptionForms {
    /// Nothing of it.
    pub const NONE: IndexOptionForms = IndexOptionForms { if_not_exists: false, partial: false, include: false, method: IndexMethod::None };
}

/// What goes down in a descending index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexDirection {
    /// Each column by itself: `ON t(a DESC, b)`.
    OfColumn,
    /// The whole index: `CREATE DESCENDING INDEX`.
    OfIndex,
}

/// How a view or a sequence is renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenameForm {
    /// `ALTER … a RENAME TO b`.
    Alter,
    /// `RENAME TABLE a TO b`.
    RenameTable,
}

/// What a foreign key can say about changes of the row that it refers to; the rest is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignKeyActions {
    /// Everything.
    All,
    /// Everything but `RESTRICT`, which it does by itself.
    WithoutRestrict,
    /// Everything but `NO ACTION`, which it does by itself.
    WithoutNoAction,
    /// Only that its own row goes when the other is deleted: `ON DELETE CASCADE`.
    DeleteCascade,
    /// Only what becomes of its own row when the other is deleted: `CASCADE`, `SET NULL`.
    OfDeletes,
}

/// What CREATE TABLE writes for a default that is no expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstantDefaults {
    /// Its value.
    Written,
    /// `DEFAULT` alone, which the server takes for the usual value of the type: what Liquibase writes for Db2 on z/OS.
    OfType,
}

/// How the new table of `addLookupTable` comes to its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookupColumn {
    /// It is copied (`CREATE TABLE … AS SELECT DISTINCT …`), and then said to be NOT NULL.
    Copied,
    /// It is copied, and the primary key makes it NOT NULL.
    CopiedForKey,
    /// It is defined with a type, which the changelog must give, and NOT NULL.
    Defined,
}

/// What becomes of the wish that a sequence hands out its values in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SequenceOrder {
    /// It is refused.
    Refused,
    /// It is accepted and not written.
    Ignored,
    /// `ORDER` is written; this is what stands for its opposite.
    Written(&'static str),
    /// `ORDER` is written, and `NOORDER` only where a sequence is altered.
    NoOrderByAlter,
}

/// How sequences are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SequenceForm {
    /// What stands before the name of a new sequence.
    pub if_not_exists: &'static str,
    /// Whether INCREMENT BY stands before START WITH.
    pub increment_first: bool,
    /// Whether a type can be given.
    pub data_type: bool,
    /// What becomes of `ordered`.
    pub order: SequenceOrder,
    /// Whether it is said how many values are kept in memory; else that wish is left out.
    pub cache: bool,
    /// Whether ALTER SEQUENCE says if it begins again; else that wish is left out.
    pub alters_cycle: bool,
    /// What stands before the least value in ALTER SEQUENCE.
    pub altered_min: &'static str,
    /// Whether ALTER SEQUENCE is a statement without any clause.
    pub bare_alter: bool,
    /// What makes a new sequence keep no values in memory; nothing where it is so by itself.
    pub no_cache: &'static str,
    /// What makes an existing one keep no more values in memory.
    pub no_more_cache: &'static str,
    /// What says that it does not begin again.
    pub no_cycle: &'static str,
    /// What stands behind DROP SEQUENCE.
    pub drop_suffix: &'static str,
    /// How it is renamed.
    pub rename: RenameForm,
}

/// What a dialect can do and how it is told to, as far as two dialects differ in it.
///
/// A renderer may ask for these, never for the dialect's name.
#[derive(Debug, Clone, Copy)]
pub struct Capabilities {
    /// How unquoted names are folded.
    pub fold: Fold,
    /// Whether names with both letter cases are quoted under [`Quoting::Legacy`].
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
    /// Whether the ledger's name counts as lower case where there is no connection (MySQL).
    pub ledger_is_lower_offline: bool,
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

/// How a session is named, and looked at and ended from another session of the same user.
#[derive(Debug, Clone, Copy)]
pub struct SessionSql {
    /// Asks for the number of the own session.
    pub own: &'static str,
    /// Ends the session of that number (a number as the server gave it); what it had not committed is rolled back.
    pub end: fn(&str) -> String,
    /// Asks which sessions the one of that number waits for: NUMBER (0 for what is no session), USERNAME, PROGRAM, CLIENT, STATE,
    /// SECONDS that its transaction has been open, VERB (the first word of its last statement), and CERTAIN, which is false for one
    /// that only may be meant.
    pub blockers: fn(&str) -> String,
}

/// How the table of the ledger is defined.
#[derive(Debug, Clone, Copy)]
pub struct LedgerForm {
    /// Type of its texts, without their length.
    pub text: &'static str,
    /// Type of its time.
    pub time: &'static str,
    /// Longest id and author.
    pub id_length: u32,
    /// Whether what names a changeset is its primary key.
    pub is_keyed: bool,
}

/// How a database spells SQL: a constant. A dialect derived from another one takes its fields with `..`.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// Short name, as in `dbms` lists and `offline:` URLs.
    pub id: &'static str,
    /// Other names it is known by.
    pub aliases: &'static [&'static str],
    /// Product name, as in Liquibase's messages.
    pub product: &'static str,
    /// Opening and closing quote of names.
    pub quotes: (char, char),
    /// What a closing quote inside a name is replaced by.
    pub quote_escape: &'static str,
    /// Whether a word (upper case) is reserved.
    pub reserved: fn(&str, &Target) -> bool,
    /// The current date and time, as a function call.
    pub now: &'static str,
    /// What else the current date or time is called, in texts that are defaults of timestamps.
    pub now_words: &'static [&'static str],
    /// The current date and time as the ledger's statements write it.
    pub ledger_now: &'static str,
    /// How the table of the ledger is defined.
    pub ledger: LedgerForm,
    /// How one session of a server is ended from another; `None` where there is no server.
    pub sessions: Option<SessionSql>,
    /// A query of one text that differs whenever rows of a table do, whatever their order where the server can say so;
    /// takes columns and table. `None` where a run does not look for one.
    pub sum_of_rows: Option<fn(&[String], &str) -> String>,
    /// How a write is kept from happening when the lock is somebody else's.
    pub guard: Guard,
    /// How the newest row of the ledger is tagged.
    pub tag_form: TagForm,
    /// What makes a quoted schema or catalog the current one for a session.
    pub set_schema: fn(&str) -> Option<String>,
    /// The words that make a column count up, for `${database.autoIncrementClause}`.
    pub auto_increment_words: &'static str,
    /// The schema that is current where none is chosen, if its name is always the same.
    pub default_schema: Option<&'static str>,
    /// Which catalog a live database of this dialect has.
    pub catalog: CatalogFamily,
    /// How scripts of it are cut into statements.
    pub lexis: Lexis,
    /// What starts a line comment in scripts.
    pub line_comment: &'static str,
    /// What ends a statement in scripts.
    pub terminator: &'static str,
    /// Whether a changeset may choose what ends its statements in scripts; else the terminator ends each, whatever it
    /// ends in itself.
    pub own_delimiters: bool,
    /// What a statement of a change ends in itself, in scripts that are run forwards.
    pub statement_end: Option<&'static str>,
    /// What a session is told in scripts before each changeset.
    pub session_setup: Option<&'static str>,
    /// What a script that runs changesets ends in.
    pub script_end: Option<&'static str>,
    /// What ends the text of a procedure in scripts; the text itself is sent without it.
    pub procedure_end: &'static str,
    /// A line that ends a block in scripts; behind it no terminator stands.
    pub block_end: Option<&'static str>,
    /// What it can do.
    pub caps: Capabilities,
    /// Adjustments for older versions.
    pub before: &'static [Before],
    /// Statements that it does not have, beside those that its capabilities rule out.
    pub unsupported: &'static [StatementKind],
    /// Statements that undo nothing, though it has them: Liquibase refuses to roll back by them.
    pub never_undo: &'static [StatementKind],
    /// The native name of a type.
    pub data_type: fn(&DataType, &Target) -> Result<String, String>,
    /// Text in quotes.
    pub string: fn(&str) -> String,
    /// A date, time or timestamp.
    pub temporal: fn(&Temporal) -> String,
    /// An XML text that is already in quotes.
    pub xml: fn(String) -> String,
    /// The current time for a text that names it (`CURRENT_TIMESTAMP(3)`).
    pub current_time: for<'e> fn(&'e str, &Target) -> Cow<'e, str>,
    /// The next value of a sequence whose name is already quoted.
    pub next_value: fn(&str) -> Option<String>,
    /// The current value of a sequence whose name is already quoted.
    pub current_value: fn(&str) -> Option<String>,
    /// Whether a statement, by its first words, cannot run in a transaction. `None` where every statement can, or where
    /// those that cannot end the transaction by themselves.
    pub leaves_transaction: Option<fn(&[&str], &Target) -> bool>,
    /// What is truly different; `None` leaves it to the statement itself.
    pub special: fn(&Statement, &Target) -> Option<Rendered>,
    /// Restrictions beyond those that capabilities express.
    pub check: fn(&Statement, &Target, &mut Validation),
}

/// A stored table definition, for dialects that must rebuild tables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredTable {
    /// The text of CREATE TABLE as the server keeps it.
    pub create: String,
    /// Texts of CREATE INDEX, in order of creation.
    pub indexes: Vec<String>,
    /// Texts of CREATE TRIGGER.
    pub triggers: Vec<String>,
    /// Foreign keys of tables, this one too, that refer to it.
    pub referrers: Vec<Referrer>,
    /// Whether the connection enforces foreign keys.
    pub enforces_foreign_keys: bool,
}

/// One column of a foreign key that refers to a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referrer {
    /// The table that has the foreign key.
    pub table: String,
    /// The column referred to; none when it is the primary key without saying so.
    pub column: Option<String>,
}

impl StoredTable {
    /// The first table that refers to a column; `is_key` says whether the column is part of the primary key.
    pub fn referrer_of(&self, column: &str, is_key: bool) -> Option<&str> {
        let refers = |r: &&Referrer| r.column.as_deref().map_or(is_key, |c| c.eq_ignore_ascii_case(column));
        self.referrers.iter().find(refers).map(|r| r.table.as_str())
    }
}

/// What statements are rendered for: a dialect with version and settings.
#[derive(Debug, Clone)]
pub struct Target {
    /// The dialect.
    pub dialect: &'static Dialect,
    /// Server version; `None` means the newest.
    pub version: Option<Version>,
    /// Capabilities, adjusted for the version.
    pub caps: Capabilities,
    /// When names are quoted.
    pub quoting: Quoting,
    /// The default schema, written before names when known.
    pub default_schema: Option<String>,
    /// The default catalog.
    pub default_catalog: Option<String>,
    /// Whether the default catalog was set by the user.
    pub catalog_is_explicit: bool,
    /// Whether names in the default schema are qualified.
    pub output_default_schema: bool,
    /// Whether names in the default catalog are qualified.
    pub output_default_catalog: bool,
    /// Whether views are dropped and made anew instead of replaced.
    pub always_drop_instead_of_replace: bool,
    /// Whether the schema of `createProcedure` is written into the procedure's text.
    pub use_procedure_schema: bool,
    /// The schema that is written into the text of a procedure without one, if any.
    pub stored_logic_schema: Option<String>,
    /// Whether schema and catalog names keep their letter case and are quoted.
    pub preserve_schema_case: bool,
    /// The rules that raw SQL is split by; without them it is split exactly as Liquibase does.
    pub lexis: Option<&'static Lexis>,
    /// Definitions read from the server for tables that must be rebuilt, by name in lower case.
    pub stored_tables: Arc<BTreeMap<String, StoredTable>>,
    /// Names of foreign keys read from the server, by qualified table name.
    pub foreign_keys: Arc<BTreeMap<String, Vec<super::ObjectName>>>,
    /// Whether there is no connection: the SQL is only written.
    pub offline: bool,
    /// Whether what rendering needs to know of existing tables can be read from the database when it asks
    /// ([`super::RenderError::NeedsTable`]); else it does without where it can.
    pub asks: bool,
}

impl Target {
    /// A target of that dialect and version, without a default schema or catalog.
    pub fn new(dialect: &'static Dialect, version: Option<Version>) -> Self {
        let mut caps = dialect.caps;
        for before in dialect.before {
            if version.is_some_and(|v| v < before.version) {
                caps = (before.adjust)(caps);
            }
        }
        Target {
            dialect,
            version,
            caps,
            quoting: Quoting::Legacy,
            default_schema: dialect.default_schema.map(str::to_owned),
            default_catalog: None,
            catalog_is_explicit: false,
            output_default_schema: true,
            output_default_catalog: true,
            always_drop_instead_of_replace: false,
            use_procedure_schema: true,
            stored_logic_schema: None,
            preserve_schema_case: false,
            lexis: Some(&dialect.lexis),
            stored_tables: Arc::default(),
            foreign_keys: Arc::default(),
            offline: true,
            asks: false,
        }
    }

    /// What makes the default schema or catalog the current one for a session.
    pub fn set_schema(&self) -> Option<String> {
        let space = self.default_schema.as_ref().or(self.default_catalog.as_ref())?;
        (self.dialect.set_schema)(&self.name(space))
    }

    /// Whether the server is at least of that version; an unknown version is the newest.
    pub fn at_least(&self, major: u32, minor: u32, patch: u32) -> bool {
        self.version.is_none_or(|v| v >= Version(major, minor, patch))
    }

    /// The same target with another quoting.
    #[must_use]
    pub fn with_quoting(&self, quoting: Quoting) -> Target {
        Target { quoting, ..self.clone() }
    }

    /// Whether the dialect has that statement.
    pub fn supports(&self, statement: &Statement) -> bool {
        let kind = statement.kind();
        let of_sequence = matches!(
            kind,
            StatementKind::AlterSequence | StatementKind::CreateSequence | StatementKind::DropSequence | StatementKind::RenameSequence
        );
        let sets_nullable = self.caps.sets_not_null_behind_value && matches!(statement, Statement::AddColumn(s) if s.is_not_null_late());
        let also = sets_nullable.then_some(StatementKind::SetNullable);
        let has = |kind| !self.dialect.unsupported.contains(&kind);
        (self.caps.sequences || !of_sequence) && statement.is_known(&self.caps) && std::iter::once(kind).chain(also).all(has)
    }

    /// Whether the dialect undoes something by that statement.
    pub fn undoes_by(&self, statement: &Statement) -> bool {
        self.supports(statement) && !self.dialect.never_undo.contains(&statement.kind())
    }

    /// Renders a statement: the dialect's special spelling, else the statement's own.
    ///
    /// # Errors
    /// When the dialect cannot say it, or a table definition must be read first.
    pub fn render(&self, statement: &Statement) -> Rendered {
        match (self.dialect.special)(statement, self) {
            Some(rendered) => rendered,
            None => statement.render(self),
        }
    }

    /// Checks a statement: its own rules, then the dialect's.
    pub fn check(&self, statement: &Statement, validation: &mut Validation) {
        statement.check(self, validation);
        (self.dialect.check)(statement, self, validation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_server_texts() {
        assert_eq!(Version::parse("PostgreSQL 15.18 (Debian)"), Some(Version(15, 18, 0)));
        assert_eq!(Version::parse("10.11.6-MariaDB-0+deb12u1"), Some(Version(10, 11, 6)));
        assert_eq!(Version::parse("none"), None);
        assert!(Version(10, 2, 0) < Version(10, 11, 0));
    }
}
