//! SQLite: no schemas, few ALTERs; what it cannot alter is rebuilt from the stored definition.

mod alter;
mod column;
mod constrain;
mod definition;
pub mod facts;
mod lexer;
mod rebuild;

use super::ansi;
use crate::sql::Dialect;
use crate::sql::capabilities::Capabilities;
use crate::sql::data_type::{DataType, Logical};
use crate::sql::dialect::{CatalogFamily, Guard, LedgerForm, TagForm};
use crate::sql::forms::{
    Booleans, ColumnPlaces, DefaultExpressions, Fold, IdentityForm, IndexOptionForms, IndexSchema, LookupColumn, UpsertForm,
};
use crate::sql::object_forms::{GeneratedForm, ObjectForms, Replacing, TriggerForm};
use crate::sql::splitter::{Blocks, Lexis};
use crate::sql::statement::StatementKind;
use crate::sql::target::Target;

/// Words that SQLite does not take as names, or takes for something else, unless they are quoted; sorted. Liquibase
/// knows none of them (dialects §2).
const RESERVED: &[&str] = &[
    "ADD",
    "ALL",
    "ALTER",
    "AND",
    "AS",
    "AUTOINCREMENT",
    "BETWEEN",
    "CASE",
    "CAST",
    "CHECK",
    "COLLATE",
    "COMMIT",
    "CONSTRAINT",
    "CREATE",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DEFAULT",
    "DEFERRABLE",
    "DELETE",
    "DISTINCT",
    "DROP",
    "ELSE",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "FOREIGN",
    "FROM",
    "GROUP",
    "HAVING",
    "IF",
    "IN",
    "INDEX",
    "INSERT",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "LIMIT",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "PRIMARY",
    "RAISE",
    "REFERENCES",
    "RETURNING",
    "SELECT",
    "SET",
    "TABLE",
    "THEN",
    "TO",
    "TRANSACTION",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
];

/// SQLite 3.
pub const DIALECT: Dialect = Dialect {
    id: "sqlite",
    aliases: &["sqlite3"],
    product: "SQLite",
    reserved: |word, _| RESERVED.binary_search(&word).is_ok(),
    now: "CURRENT_TIMESTAMP",
    sessions: None,
    sum_of_rows: Some(sum_of_rows),
    guard: Guard::DuplicateKey,
    ledger_now: "CURRENT_TIMESTAMP",
    ledger: LedgerForm { is_bounded: false, ..ansi::DIALECT.ledger },
    tag_form: TagForm::RowId,
    auto_increment_words: "AUTOINCREMENT",
    catalog: CatalogFamily::Sqlite,
    lexis: Lexis { backquotes: true, brackets: true, blocks: Blocks::BeginEnd, ..Lexis::STANDARD },
    caps: CAPABILITIES,
    unsupported: &[
        StatementKind::CreateProcedure,
        StatementKind::DropProcedure,
        StatementKind::RenameView,
        StatementKind::SetColumnRemarks,
        StatementKind::SetTableRemarks,
    ],
    rebuilds: &[
        StatementKind::AddForeignKey,
        StatementKind::AddPrimaryKey,
        StatementKind::AddUnique,
        StatementKind::CopyDistinct,
        StatementKind::DropDefaultValue,
        StatementKind::DropForeignKey,
        StatementKind::DropUnique,
        StatementKind::ModifyDataType,
        StatementKind::SetNullable,
    ],
    data_type,
    // A change of the journal is refused too; asking for it is not.
    leaves_transaction: Some(|words, _| matches!(words, ["VACUUM", ..] | ["PRAGMA", "JOURNAL_MODE", "=" | "(", ..])),
    special: alter::special,
    ..ansi::DIALECT
};

const CAPABILITIES: Capabilities = Capabilities {
    sets_not_null_behind_value: false,
    fold: Fold::Keep,
    schemas: false,
    sequences: false,
    transactional_ddl: true,
    booleans: Booleans::Digits,
    deferrable: true,
    deferrable_first: true,
    default_expressions: DefaultExpressions::InParenthesesUnlessWords,
    foreign_key_schema: false,
    dropped_length_units: &["BYTE", "CHAR"],
    identity: IdentityForm::Word("AUTOINCREMENT"),
    identity_is_key: true,
    identity_needs_key: true,
    lookup_column: LookupColumn::Keyed,
    column_places: ColumnPlaces::Ignored,
    row_lists: true,
    upsert: UpsertForm::OrReplace,
    index_schema: IndexSchema::OfIndex,
    index_options: IndexOptionForms { if_not_exists: true, partial: true, ..IndexOptionForms::NONE },
    replaces_views: false,
    objects: ObjectForms {
        privileges: false,
        function: None,
        trigger: Some(TriggerForm { replacing: Replacing::DropFirst, ..TriggerForm::STANDARD }),
        generated_column: Some(GeneratedForm::CHOSEN),
        ..ObjectForms::STANDARD
    },
    ..ansi::CAPABILITIES
};

/// Words of other databases behind a type.
const FOREIGN_WORDS: &[&str] = &["unsigned", "signed", "zerofill", "character set *"];

/// Types (dialects §4.2). Only the name INTEGER makes a key that counts up.
fn data_type(t: &DataType, target: &Target) -> Result<String, String> {
    match t.logical {
        Logical::Int => Ok("INTEGER".to_owned()),
        Logical::Clob | Logical::DateTime | Logical::Timestamp | Logical::Uuid | Logical::Xml => Ok("TEXT".to_owned()),
        Logical::Currency => Ok("REAL".to_owned()),
        _ if t.auto_increment => Ok("INTEGER".to_owned()),
        // Behind parameters only constraints may follow.
        _ if !t.parameters.is_empty() => ansi::data_type(&t.clone().without_words(FOREIGN_WORDS), target),
        _ => ansi::data_type(t, target),
    }
}

/// All rows in the order of the table, one a line; there is no function that hashes. One format a row takes a third of the time that
/// joining its columns does. In another order there would be another sum, which costs time only. Nothing is joined to the whole: that
/// would copy it.
fn sum_of_rows(columns: &[String], table: &str) -> String {
    let marks = vec!["%s"; columns.len()].join("|");
    let row = format!("printf(replace('{marks}', '|', char(31)), {})", columns.join(", "));
    format!("SELECT COALESCE(group_concat({row}, char(10)), '') FROM {table} NOT INDEXED")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::column::{ColumnDef, ColumnPrimaryKey};
    use crate::sql::statement::CreateTable;
    use crate::sql::{Action, ObjectName, Statement};

    fn create(name: &str, column: ColumnDef) -> String {
        let target = Target::new(&DIALECT, None);
        let table = ObjectName::new(None, None, name);
        let statement = Statement::from(CreateTable { table, columns: vec![column], ..CreateTable::default() });
        match target.render(&statement).as_deref() {
            Ok([Action::Sql(sql)]) => sql.text.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn reserved_words_are_sorted_and_quoted() {
        assert!(RESERVED.is_sorted());
        let column = ColumnDef { name: "group".into(), type_text: Some("int".into()), ..ColumnDef::default() };
        assert_eq!(create("order", column), "CREATE TABLE \"order\" (\"group\" INTEGER)");
    }

    #[test]
    fn a_foreign_key_refers_to_its_own_database() {
        use crate::sql::column::ColumnForeignKey;
        let key = |key: ColumnForeignKey| ColumnDef {
            name: "a".into(),
            type_text: Some("int".into()),
            foreign_key: Some(ColumnForeignKey { name: Some("fk".into()), ..key }),
            ..ColumnDef::default()
        };
        let expected = "CREATE TABLE t (a INTEGER, CONSTRAINT fk FOREIGN KEY (a) REFERENCES other(id))";
        let written = ColumnForeignKey { references: Some("app.other(id)".into()), ..ColumnForeignKey::default() };
        assert_eq!(create("t", key(written)), expected);
        let table = Some(ObjectName::new(None, Some("app"), "other"));
        let parts = ColumnForeignKey { table, columns: Some("id".into()), ..ColumnForeignKey::default() };
        assert_eq!(create("t", key(parts)), expected);
    }

    #[test]
    fn a_column_that_counts_up_is_an_integer_and_the_key() {
        let column = ColumnDef {
            name: "id".into(),
            type_text: Some("bigint".into()),
            auto_increment: true,
            primary_key: Some(ColumnPrimaryKey::default()),
            ..ColumnDef::default()
        };
        assert_eq!(create("t", column), "CREATE TABLE t (id INTEGER CONSTRAINT PK_T PRIMARY KEY AUTOINCREMENT NOT NULL)");
    }
}
