//! The types of preconditions and how they are read (filters §5.2).

use super::{Preconditions, ReadMode, unknown_condition};
use crate::attributes;
use crate::diagnostic::{Diagnostic, Diagnostics, MISSING_ATTRIBUTE};
use crate::source::Node;
use crate::source::attributes::{Attributes, ElementInfo, Field, FieldValue, Integer, Reader};
use crate::span::Span;

attributes! {
    /// The database is one of a list.
    pub struct Dbms {
        /// Comma list of short names, `!name`, `all`, `none`.
        pub list: Option<String> = "type" (required),
    }
}
attributes! {
    /// The connection's user is this one.
    pub struct RunningAs {
        /// The user.
        pub username: Option<String> = "username" (required),
    }
}
attributes! {
    /// A changeset has run.
    pub struct ChangeSetExecuted {
        /// Its id.
        pub id: Option<String> = "id" (required),
        /// Its author.
        pub author: Option<String> = "author" (required),
        /// Its path; this changelog's when absent.
        pub change_log_file: Option<String> = "changeLogFile",
    }
}
attributes! {
    /// A table exists.
    pub struct TableExists {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName" (required),
    }
}
attributes! {
    /// A view exists.
    pub struct ViewExists {
        /// Catalog of the view.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the view.
        pub schema_name: Option<String> = "schemaName",
        /// The view.
        pub view_name: Option<String> = "viewName" (required),
    }
}
attributes! {
    /// A column exists.
    pub struct ColumnExists {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName" (required),
        /// The column.
        pub column_name: Option<String> = "columnName" (required),
    }
}
attributes! {
    /// A sequence exists.
    pub struct SequenceExists {
        /// Catalog of the sequence.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the sequence.
        pub schema_name: Option<String> = "schemaName",
        /// The sequence.
        pub sequence_name: Option<String> = "sequenceName" (required),
    }
}
attributes! {
    /// A foreign key exists.
    pub struct ForeignKeyExists {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table that refers.
        pub foreign_key_table_name: Option<String> = "foreignKeyTableName",
        /// The foreign key.
        pub foreign_key_name: Option<String> = "foreignKeyName",
    }
}
attributes! {
    /// An index exists.
    pub struct IndexExists {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName",
        /// Comma list of its columns.
        pub column_names: Option<String> = "columnNames",
        /// The index.
        pub index_name: Option<String> = "indexName",
    }
}
attributes! {
    /// A unique constraint exists.
    pub struct UniqueConstraintExists {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName" (required),
        /// Comma list of its columns.
        pub column_names: Option<String> = "columnNames",
        /// The constraint.
        pub constraint_name: Option<String> = "constraintName",
    }
}
attributes! {
    /// A primary key exists.
    pub struct PrimaryKeyExists {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName",
        /// The constraint.
        pub primary_key_name: Option<String> = "primaryKeyName",
    }
}
attributes! {
    /// A table has no rows.
    pub struct TableIsEmpty {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName" (required),
    }
}
attributes! {
    /// A table has that many rows.
    pub struct RowCount {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName" (required),
        /// How many rows.
        pub expected_rows: Option<Integer> = "expectedRows" (required),
    }
}
attributes! {
    /// A query gives this result.
    pub struct SqlCheck {
        /// The expected text of the first column of the only row.
        pub expected_result: Option<String> = "expectedResult" (required),
        /// The query.
        pub sql: Option<String> = "sql" (direct),
    }
}
attributes! {
    /// A changelog parameter is defined.
    pub struct PropertyDefined {
        /// Its name.
        pub property: Option<String> = "property" (required),
        /// The value that it must have, if any.
        pub value: Option<String> = "value",
    }
}
attributes! {
    /// The changelog's quoting strategy is this one.
    pub struct ExpectedQuotingStrategy {
        /// LEGACY, QUOTE_ALL_OBJECTS or QUOTE_ONLY_RESERVED_WORDS.
        pub strategy: Option<String> = "strategy" (required),
    }
}
attributes! {
    /// A Java class decides; here a program that the configuration maps to it.
    pub struct CustomPrecondition {
        /// The class.
        pub class_name: Option<String> = "className" (required),
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// All hold.
    And(Vec<Condition>),
    /// One holds.
    Or(Vec<Condition>),
    /// None holds.
    Not(Vec<Condition>),
    /// A container inside a container, with reactions of its own.
    Nested(Box<Preconditions>),
    /// See [`Dbms`].
    Dbms(Dbms),
    /// See [`RunningAs`].
    RunningAs(RunningAs),
    /// See [`ChangeSetExecuted`].
    ChangeSetExecuted(ChangeSetExecuted),
    /// See [`TableExists`].
    TableExists(TableExists),
    /// See [`ViewExists`].
    ViewExists(ViewExists),
    /// See [`ColumnExists`].
    ColumnExists(ColumnExists),
    /// See [`SequenceExists`].
    SequenceExists(SequenceExists),
    /// See [`ForeignKeyExists`].
    ForeignKeyExists(ForeignKeyExists),
    /// See [`IndexExists`].
    IndexExists(IndexExists),
    /// See [`UniqueConstraintExists`].
    UniqueConstraintExists(UniqueConstraintExists),
    /// See [`PrimaryKeyExists`].
    PrimaryKeyExists(PrimaryKeyExists),
    /// See [`TableIsEmpty`].
    TableIsEmpty(TableIsEmpty),
    /// See [`RowCount`].
    RowCount(RowCount),
    /// See [`SqlCheck`].
    SqlCheck(SqlCheck),
    /// See [`PropertyDefined`].
    PropertyDefined(PropertyDefined),
    /// See [`ExpectedQuotingStrategy`].
    ExpectedQuotingStrategy(ExpectedQuotingStrategy),
    /// See [`CustomPrecondition`]; with its parameters by name.
    Custom(CustomPrecondition, Vec<(String, String)>),
}

/// Conditions that hold others; `preConditions` has reactions of its own.
pub const CONTAINERS: &[&str] = &["and", "or", "not", "preConditions"];

macro_rules! types {
    ($( $name:literal => $variant:ident ( $type:ty ) ),* $(,)?) => {
        /// Every type of preconditions but the containers, by name.
        pub const TYPES: &[ElementInfo] = &[
            $( ElementInfo { name: $name, doc: <$type>::DOC, fields: <$type>::FIELDS, elements: &[] }, )*
            ElementInfo {
                name: CUSTOM,
                doc: CustomPrecondition::DOC,
                fields: CustomPrecondition::FIELDS,
                elements: PARAMETERS,
            },
        ];

        /// Reads a condition that has nothing but attributes.
        fn read_simple(node: &Node, mode: ReadMode<'_>, problems: &mut Diagnostics) -> Option<Kind> {
            match &*node.name {
                $( $name => Some(Kind::$variant(leaf(node, mode, problems, <$type>::read_fields, &[]))), )*
                _ => None,
            }
        }
    };
}

types! {
    "dbms" => Dbms(Dbms),
    "runningAs" => RunningAs(RunningAs),
    "changeSetExecuted" => ChangeSetExecuted(ChangeSetExecuted),
    "tableExists" => TableExists(TableExists),
    "viewExists" => ViewExists(ViewExists),
    "columnExists" => ColumnExists(ColumnExists),
    "sequenceExists" => SequenceExists(SequenceExists),
    "foreignKeyConstraintExists" => ForeignKeyExists(ForeignKeyExists),
    "indexExists" => IndexExists(IndexExists),
    "uniqueConstraintExists" => UniqueConstraintExists(UniqueConstraintExists),
    "primaryKeyExists" => PrimaryKeyExists(PrimaryKeyExists),
    "tableIsEmpty" => TableIsEmpty(TableIsEmpty),
    "rowCount" => RowCount(RowCount),
    "sqlCheck" => SqlCheck(SqlCheck),
    "changeLogPropertyDefined" => PropertyDefined(PropertyDefined),
    "expectedQuotingStrategy" => ExpectedQuotingStrategy(ExpectedQuotingStrategy),
}

const CUSTOM: &str = "customPrecondition";
const PARAMETER: ElementInfo = ElementInfo {
    name: "param",
    doc: "A parameter of the class.",
    fields: &[
        Field { name: "name", doc: "Its name.", required: true, ..Field::DEFAULT },
        Field { name: "value", doc: "Its value; also the element's own text.", direct: true, ..Field::DEFAULT },
    ],
    elements: &[],
};
const PARAMETERS: &[ElementInfo] =
    &[PARAMETER, ElementInfo { name: "params", doc: "Parameters of the class.", fields: &[], elements: &[PARAMETER] }];

/// Names that may stand in a container.
pub fn names() -> impl Iterator<Item = &'static str> {
    CONTAINERS.iter().copied().chain(TYPES.iter().map(|t| t.name))
}

/// One precondition with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What is asked.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

fn leaf<T: Attributes>(
    node: &Node,
    mode: ReadMode<'_>,
    problems: &mut Diagnostics,
    read: fn(&mut Reader<'_, '_>) -> T,
    extra: &[&str],
) -> T {
    let mut reader = Reader::new(node, mode.validated, problems);
    let value = read(&mut reader);
    reader.report_unknown(&node.name, value.fields(), extra);
    for (field, got) in value.fields().iter().zip(value.values()) {
        if field.required && matches!(got, FieldValue::None) {
            let message = format!("'{}' needs the attribute '{}'", node.name, field.name);
            // Liquibase finds out when it asks; here it is told before anything runs, but does not stop the run.
            problems.push(Diagnostic::warning(MISSING_ATTRIBUTE, message).at(node.name_span));
        }
    }
    value
}

impl Condition {
    /// Reads one child of a container; `None` when it is no precondition, which is reported.
    pub fn read(node: &Node, mode: ReadMode<'_>, problems: &mut Diagnostics) -> Option<Condition> {
        let kind = match &*node.name {
            "and" => Kind::And(Condition::read_all(node, mode, problems)),
            "or" => Kind::Or(Condition::read_all(node, mode, problems)),
            "not" => Kind::Not(Condition::read_all(node, mode, problems)),
            "preConditions" | "preconditions" => Kind::Nested(Box::new(Preconditions::read(node, mode, problems))),
            CUSTOM => {
                let fields = leaf(node, mode, problems, CustomPrecondition::read_fields, &["param", "params"]);
                Kind::Custom(fields, parameters(node))
            }
            _ => match read_simple(node, mode, problems) {
                Some(kind) => kind,
                None => {
                    unknown_condition(node, mode, problems);
                    return None;
                }
            },
        };
        Some(Condition { kind, span: node.span })
    }

    fn read_all(node: &Node, mode: ReadMode<'_>, problems: &mut Diagnostics) -> Vec<Condition> {
        node.children.iter().filter_map(|c| Condition::read(c, mode, problems)).collect()
    }
}

/// The `param` children of a node: name and value (attribute or text), sorted by name.
pub fn parameters(node: &Node) -> Vec<(String, String)> {
    let mut list: Vec<(String, String)> = node
        .children
        .iter()
        .flat_map(|c| if c.name.eq_ignore_ascii_case("params") { c.children.iter().collect() } else { vec![c] })
        .filter(|c| c.name.eq_ignore_ascii_case("param"))
        .filter_map(|c| {
            let value = c.child_text("value").or_else(|| c.text()).unwrap_or("").to_owned();
            Some((c.child_text("name")?.to_owned(), value))
        })
        .collect();
    list.sort();
    list
}
