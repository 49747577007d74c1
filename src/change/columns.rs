//! The `column` element and its `constraints` (changes §3 and §4).

use crate::attributes;
use crate::diagnostic::{Diagnostic, UNKNOWN_COLUMN_ATTRIBUTE};
use crate::source::Node;
use crate::source::attributes::{Attribute, Attributes, ElementInfo, Field, FieldValue, Integer, Kind, Reader};
use crate::source::node::ScalarKind;
use crate::sql::column::{AutoIncrement, ColumnDef, ColumnForeignKey, ColumnPrimaryKey, ColumnUnique, Generated, Position};
use crate::sql::literal::Literal;
use crate::sql::number;
use crate::sql::temporal::Temporal;
use crate::sql::{ObjectName, Validation};
use std::borrow::Cow;
use std::ops::Deref;

/// The text of a date attribute. A YAML date gives its ISO form, not the text that a string attribute receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateText(pub String);

impl Attribute for Option<DateText> {
    const KIND: Kind = Kind::Date;
    fn read(reader: &mut Reader<'_, '_>, field: &'static Field) -> Self {
        let scalar = reader.scalar(field)?;
        let text = match (&scalar.iso, scalar.kind) {
            (Some(iso), ScalarKind::Date) => iso.to_string(),
            _ => scalar.text.clone(),
        };
        Some(DateText(text))
    }
    fn value(&self) -> FieldValue<'_> {
        self.as_ref().map_or(FieldValue::None, |d| FieldValue::Text(Cow::Borrowed(&d.0)))
    }
}

attributes! {
    /// Constraints of a column.
    pub struct Constraints {
        /// Whether the column may be NULL.
        pub nullable: Option<bool> = "nullable",
        /// Name of the NOT NULL constraint, where the database has such names.
        pub not_null_constraint_name: Option<String> = "notNullConstraintName",
        /// Whether the column is (part of) the primary key.
        pub primary_key: Option<bool> = "primaryKey",
        /// Name of the primary key.
        pub primary_key_name: Option<String> = "primaryKeyName",
        /// Tablespace of the primary key's index.
        pub primary_key_tablespace: Option<String> = "primaryKeyTablespace",
        /// The column referred to, as `table(column)`.
        pub references: Option<String> = "references",
        /// Catalog of the table referred to.
        pub referenced_table_catalog_name: Option<String> = "referencedTableCatalogName",
        /// Schema of the table referred to.
        pub referenced_table_schema_name: Option<String> = "referencedTableSchemaName",
        /// The table referred to.
        pub referenced_table_name: Option<String> = "referencedTableName",
        /// The columns referred to.
        pub referenced_column_names: Option<String> = "referencedColumnNames",
        /// Whether values must differ.
        pub unique: Option<bool> = "unique",
        /// Name of the unique constraint.
        pub unique_constraint_name: Option<String> = "uniqueConstraintName",
        /// A check; accepted, but never turned into SQL.
        pub check_constraint: Option<String> = "checkConstraint",
        /// Whether deletes cascade along the foreign key.
        pub delete_cascade: Option<bool> = "deleteCascade",
        /// Name of the foreign key.
        pub foreign_key_name: Option<String> = "foreignKeyName",
        /// Whether the constraint is checked at commit.
        pub initially_deferred: Option<bool> = "initiallyDeferred",
        /// Whether checking may be put off.
        pub deferrable: Option<bool> = "deferrable",
        /// Whether existing rows are checked against NOT NULL.
        pub validate_nullable: Option<bool> = "validateNullable",
        /// Whether existing rows are checked for uniqueness.
        pub validate_unique: Option<bool> = "validateUnique",
        /// Whether existing rows are checked against the primary key.
        pub validate_primary_key: Option<bool> = "validatePrimaryKey",
        /// Whether existing rows are checked against the foreign key.
        pub validate_foreign_key: Option<bool> = "validateForeignKey",
    }
}

/// `constraints`.
pub const CONSTRAINTS: ElementInfo = ElementInfo { name: "constraints", doc: Constraints::DOC, fields: Constraints::FIELDS, elements: &[] };

impl Attribute for Option<Box<Constraints>> {
    const KIND: Kind = Kind::Object;
    fn read(reader: &mut Reader<'_, '_>, field: &'static Field) -> Self {
        let node = *reader.nodes(field).first()?;
        let mut inner = Reader::new(node, reader.validated, reader.problems);
        let constraints = Constraints::read_fields(&mut inner);
        inner.report_unknown("constraints", Constraints::FIELDS, &[]);
        Some(Box::new(constraints))
    }
    fn value(&self) -> FieldValue<'_> {
        self.as_deref().map_or(FieldValue::None, |c| FieldValue::Object(c))
    }
}

attributes! {
    /// A column: its definition, or a value for it.
    pub struct Column {
        /// Its name; an expression when `computed`.
        pub name: Option<String> = "name",
        /// Whether the name is an expression.
        pub computed: Option<bool> = "computed",
        /// Its type; in loadData how values are read.
        pub type_text: Option<String> = "type",
        /// A text value; also the element's own text.
        pub value: Option<String> = "value" (direct),
        /// A numeric value.
        pub value_numeric: Option<String> = "valueNumeric",
        /// A date, time or timestamp value.
        pub value_date: Option<DateText> = "valueDate",
        /// A truth value.
        pub value_boolean: Option<bool> = "valueBoolean",
        /// A file with the bytes of the value.
        pub value_blob_file: Option<String> = "valueBlobFile",
        /// A file with the text of the value.
        pub value_clob_file: Option<String> = "valueClobFile",
        /// The encoding of `valueClobFile`.
        pub encoding: Option<String> = "encoding",
        /// An expression, written as it is.
        pub value_computed: Option<String> = "valueComputed",
        /// The next value of this sequence.
        pub value_sequence_next: Option<String> = "valueSequenceNext",
        /// The current value of this sequence.
        pub value_sequence_current: Option<String> = "valueSequenceCurrent",
        /// The expression over other columns that it is computed from.
        pub generated_as: Option<String> = "generatedAs" (extension),
        /// Whether what is computed is kept, and not computed anew whenever it is read.
        pub stored: Option<bool> = "stored" (extension),
        /// A text default.
        pub default_value: Option<String> = "defaultValue",
        /// A numeric default.
        pub default_value_numeric: Option<String> = "defaultValueNumeric",
        /// A date, time or timestamp default.
        pub default_value_date: Option<DateText> = "defaultValueDate",
        /// A true or false default.
        pub default_value_boolean: Option<bool> = "defaultValueBoolean",
        /// A default expression, written as it is.
        pub default_value_computed: Option<String> = "defaultValueComputed",
        /// The default is the next value of this sequence.
        pub default_value_sequence_next: Option<String> = "defaultValueSequenceNext",
        /// Name of the default's constraint (SQL Server).
        pub default_value_constraint_name: Option<String> = "defaultValueConstraintName",
        /// Its constraints.
        pub constraints: Option<Box<Constraints>> = "constraints",
        /// Whether it counts up.
        pub auto_increment: Option<bool> = "autoIncrement",
        /// ALWAYS or BY DEFAULT.
        pub generation_type: Option<String> = "generationType",
        /// Whether NULL takes the next value.
        pub default_on_null: Option<bool> = "defaultOnNull",
        /// The first value.
        pub start_with: Option<Integer> = "startWith",
        /// The step.
        pub increment_by: Option<Integer> = "incrementBy",
        /// Remarks kept in the database.
        pub remarks: Option<String> = "remarks",
        /// Whether the index goes down.
        pub descending: Option<bool> = "descending",
        /// The column that it comes behind.
        pub after_column: Option<String> = "afterColumn",
        /// The column that it comes in front of.
        pub before_column: Option<String> = "beforeColumn",
        /// Its place, from 1.
        pub position: Option<i32> = "position",
        /// The header of its values in a data file.
        pub header: Option<String> = "header",
        /// The place of its values in a data file, from 0.
        pub index: Option<i32> = "index",
        /// Whether loadUpdateData may change it.
        pub allow_update: Option<bool> = "allowUpdate",
        /// The text that stands for NULL in a data file; `NULL` when it is not given.
        pub null_placeholder: Option<String> = "nullPlaceholder",
    }
}

/// Fields that only some lists of columns know, by list.
pub const OPTIONAL: [&[&str]; 4] = [GENERATED, GENERATED_AND_POSITIONAL, POSITIONAL, OF_DATA_FILES];
const POSITIONAL: &[&str] = &["afterColumn", "beforeColumn", "position"];
const GENERATED: &[&str] = &["generatedAs", "stored"];
const GENERATED_AND_POSITIONAL: &[&str] = &["generatedAs", "stored", "afterColumn", "beforeColumn", "position"];
const OF_DATA_FILES: &[&str] = &["header", "index", "allowUpdate", "nullPlaceholder"];

impl Column {
    /// Reads one column; `extra` are the fields beside those that every list knows.
    pub(crate) fn read(node: &Node, extra: &[&str], reader: &mut Reader<'_, '_>) -> Column {
        for child in &node.children {
            let optional = OPTIONAL.iter().any(|list| list.contains(&&*child.name));
            let known = Column::FIELDS.iter().any(|f| f.name == &*child.name) && (!optional || extra.contains(&&*child.name));
            if !known {
                let names = Column::FIELDS.iter().map(|f| f.name);
                let problem = Diagnostic::error(UNKNOWN_COLUMN_ATTRIBUTE, format!("Unexpected node: {}", child.name));
                reader.problems.push(problem.at(child.name_span).did_you_mean(&child.name, names));
            } else if let Some(field) = Column::FIELDS.iter().find(|f| f.name == &*child.name) {
                reader.refuse_unprefixed(child, field, "column");
            }
        }
        let mut inner = Reader::new(node, reader.validated, reader.problems);
        let mut column = Column::read_fields(&mut inner);
        column.normalise(node);
        column
    }

    /// Moves values to the fields where Liquibase keeps them (changes §3.1 and §3.3).
    fn normalise(&mut self, node: &Node) {
        if node.child("value").is_none() {
            // The element's own text counts trimmed, and not at all when empty.
            self.value = self.value.take().map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
        }
        if let Some(text) = self.value_numeric.take() {
            match number::column_number(&text) {
                number::ColumnNumber::Absent => {}
                number::ColumnNumber::Number(n) => self.value_numeric = Some(n),
                number::ColumnNumber::Expression(_) => self.value_computed = Some(text),
            }
        }
        if let Some(text) = self.default_value_numeric.take() {
            if text.eq_ignore_ascii_case("GENERATED_BY_DEFAULT") {
                self.auto_increment = Some(true);
            } else {
                match number::column_number(&text) {
                    number::ColumnNumber::Absent => {}
                    number::ColumnNumber::Number(n) => self.default_value_numeric = Some(n),
                    number::ColumnNumber::Expression(e) => self.default_value_computed = Some(e),
                }
            }
        }
        for (date, computed) in
            [(&mut self.value_date, &mut self.value_computed), (&mut self.default_value_date, &mut self.default_value_computed)]
        {
            if let Some(DateText(text)) = date.take() {
                match Temporal::parse(&text) {
                    Some(t) => *date = Some(DateText(t.to_iso())),
                    None => *computed = Some(text),
                }
            }
        }
    }

    /// The value, by the order of changes §3; sequences are in `schema`.
    pub fn literal(&self, schema: Option<&str>) -> Option<Literal> {
        if let Some(text) = &self.value {
            return Some(if text.eq_ignore_ascii_case("null") { Literal::Null } else { Literal::Text(text.clone()) });
        }
        if let Some(value) = self.value_boolean {
            return Some(Literal::Bool(value));
        }
        if let Some(number) = &self.value_numeric {
            return Some(Literal::Number(number.clone()));
        }
        if let Some(date) = &self.value_date {
            return Some(date_literal(&date.0));
        }
        if let Some(expression) = &self.value_computed {
            let is_null = expression.eq_ignore_ascii_case("null");
            return Some(if is_null { Literal::Null } else { Literal::Computed(expression.clone()) });
        }
        let sequence = |name: &String| ObjectName::new(None, schema, name.clone());
        if let Some(name) = &self.value_sequence_next {
            return Some(Literal::SequenceNext(sequence(name)));
        }
        self.value_sequence_current.as_ref().map(|name| Literal::SequenceCurrent(sequence(name)))
    }

    /// The default, by the order of changes §3.
    pub fn default_literal(&self) -> Option<Literal> {
        if let Some(text) = &self.default_value {
            return Some(Literal::Text(text.clone()));
        }
        if let Some(value) = self.default_value_boolean {
            return Some(Literal::Bool(value));
        }
        if let Some(number) = &self.default_value_numeric {
            return Some(Literal::Number(number.clone()));
        }
        if let Some(date) = &self.default_value_date {
            return Some(date_literal(&date.0));
        }
        if let Some(expression) = &self.default_value_computed {
            return Some(Literal::Computed(expression.clone()));
        }
        self.default_value_sequence_next.as_ref().map(|name| Literal::SequenceNext(ObjectName::new(None, None, name.clone())))
    }

    /// Reports what a column that is computed from others cannot be beside.
    pub fn validate_generated(&self, validation: &mut Validation) {
        let name = self.name.as_deref().unwrap_or_default();
        match &self.generated_as {
            None if self.stored.is_some() => validation.error(format!("column '{name}' has stored, but no generatedAs")),
            Some(_) if self.auto_increment == Some(true) || self.default_literal().is_some() || self.literal(None).is_some() => {
                validation.error(format!("column '{name}' has generatedAs, so it can have no value, no default and no autoIncrement"));
            }
            _ => {}
        }
    }

    /// The column as a statement makes it.
    pub fn definition(&self) -> ColumnDef {
        let none = Constraints::default();
        let c = self.constraints.as_deref().unwrap_or(&none);
        let validate = |flag: Option<bool>| flag != Some(false);
        let has_key = c.references.is_some() || (c.referenced_table_name.is_some() && c.referenced_column_names.is_some());
        ColumnDef {
            name: self.name.clone().unwrap_or_default(),
            type_text: self.type_text.clone(),
            computed: self.computed == Some(true),
            auto_increment: self.auto_increment == Some(true),
            counting: AutoIncrement {
                start: self.start_with.as_ref().map(|i| i.0.clone()),
                by: self.increment_by.as_ref().map(|i| i.0.clone()),
                generation: self.generation_type.clone(),
                on_null: self.default_on_null,
            },
            generated: self.generated_as.as_ref().map(|expression| Generated { expression: expression.clone(), stored: self.stored }),
            default: self.default_literal(),
            default_name: self.default_value_constraint_name.clone(),
            nullable: c.nullable,
            not_null_name: c.not_null_constraint_name.clone(),
            not_null_validate: validate(c.validate_nullable),
            primary_key: (c.primary_key == Some(true)).then(|| ColumnPrimaryKey {
                name: c.primary_key_name.clone(),
                tablespace: c.primary_key_tablespace.clone(),
                deferrable: c.deferrable == Some(true),
                initially_deferred: c.initially_deferred == Some(true),
                validate: validate(c.validate_primary_key),
            }),
            unique: (c.unique == Some(true))
                .then(|| ColumnUnique { name: c.unique_constraint_name.clone(), validate: validate(c.validate_unique) }),
            foreign_key: has_key.then(|| ColumnForeignKey {
                name: c.foreign_key_name.clone(),
                references: c.references.clone(),
                table: c.referenced_table_name.as_ref().map(|t| {
                    ObjectName::new(c.referenced_table_catalog_name.as_deref(), c.referenced_table_schema_name.as_deref(), t.clone())
                }),
                columns: c.referenced_column_names.clone(),
                delete_cascade: c.delete_cascade == Some(true),
                deferrable: c.deferrable == Some(true),
                initially_deferred: c.initially_deferred == Some(true),
                validate: validate(c.validate_foreign_key),
            }),
            remarks: self.remarks.clone(),
            position: [
                self.after_column.clone().map(Position::After),
                self.before_column.clone().map(Position::Before),
                self.position.map(|place| Position::At(place.to_string())),
            ]
            .into_iter()
            .flatten()
            .collect(),
            value: self.literal(None),
        }
    }
}

fn date_literal(iso: &str) -> Literal {
    Temporal::parse(iso).map_or_else(|| Literal::Computed(iso.to_owned()), Literal::Temporal)
}

/// Reads a list of columns (changelog-formats §2.1).
fn read_list(reader: &mut Reader<'_, '_>, field: &Field, extra: &[&str]) -> Vec<Column> {
    let node = reader.node;
    let mut columns = Vec::new();
    for child in &node.children {
        let is_list = child.name.eq_ignore_ascii_case(field.name);
        if !is_list && !child.name.eq_ignore_ascii_case("column") {
            continue;
        }
        let mut inner = child.children_named("column").peekable();
        if inner.peek().is_some() {
            child.report_others(&["column"], reader.problems);
            child.report_texts(0, reader.problems);
            columns.extend(inner.map(|c| Column::read(c, extra, reader)));
        } else {
            // A list without `column` entries is itself read as one column, also when it is empty.
            columns.push(Column::read(child, extra, reader));
        }
    }
    columns
}

macro_rules! column_lists {
    ($( $(#[doc = $doc:literal])* $name:ident knows $extra:expr; )*) => { $(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name(pub Vec<Column>);

        impl Deref for $name {
            type Target = [Column];
            fn deref(&self) -> &[Column] {
                &self.0
            }
        }

        impl Attribute for $name {
            const KIND: Kind = Kind::Columns($extra);
            fn read(reader: &mut Reader<'_, '_>, field: &'static Field) -> Self {
                $name(read_list(reader, field, $extra))
            }
            fn value(&self) -> FieldValue<'_> {
                FieldValue::Objects(self.0.iter().map(|c| c as &dyn Attributes).collect())
            }
        }

        /// A list that appears in checksums only when it is written.
        impl Attribute for Option<$name> {
            const KIND: Kind = Kind::Columns($extra);
            fn read(reader: &mut Reader<'_, '_>, field: &'static Field) -> Self {
                let list = read_list(reader, field, $extra);
                (!list.is_empty()).then_some($name(list))
            }
            fn value(&self) -> FieldValue<'_> {
                self.as_ref().map_or(FieldValue::None, Attribute::value)
            }
        }
    )* };
}

column_lists! {
    /// Columns of most changes.
    Columns knows &[];
    /// Columns of a new table.
    NewColumns knows GENERATED;
    /// Columns that are added to a table.
    AddedColumns knows GENERATED_AND_POSITIONAL;
    /// Columns of an index, which may say where they go.
    PlacedColumns knows POSITIONAL;
    /// Columns of a data file (loadData, loadUpdateData).
    DataColumns knows OF_DATA_FILES;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::source::limits::Limits;
    use crate::source::yaml;
    use crate::span::FileId;

    fn column(text: &str) -> Column {
        let mut problems = Diagnostics::new();
        let root = yaml::read(FileId(0), text, &Limits::default(), &mut problems).unwrap();
        let mut reader = Reader::new(&root, false, &mut problems);
        let column = Column::read(&root, &[], &mut reader);
        assert!(problems.is_empty(), "{problems:?}");
        column
    }

    /// changes §3.1: what is no number is an expression, and one word is none at all.
    #[test]
    fn numeric_values_that_are_no_numbers() {
        let word = column("{name: id, defaultValueNumeric: generated_by_default}");
        assert_eq!((word.auto_increment, word.default_literal()), (Some(true), None));
        assert_eq!(column("{name: n, defaultValueNumeric: 1.50}").default_literal(), Some(Literal::Number("1.5".into())));
        assert_eq!(column("{name: n, defaultValueNumeric: f(x)}").default_literal(), Some(Literal::Computed("f(x)".into())));
        assert_eq!(column("{name: n, valueNumeric: f(x)}").literal(None), Some(Literal::Computed("f(x)".into())));
    }

    #[test]
    fn dates_that_are_none_are_expressions() {
        assert_eq!(column("{name: d, valueDate: now()}").literal(None), Some(Literal::Computed("now()".into())));
        assert_eq!(column("{name: d, valueDate: '2020-01-02'}").literal(None), Some(date_literal("2020-01-02")));
    }

    #[test]
    fn the_word_null_is_no_text() {
        assert_eq!(column("{name: n, value: 'Null'}").literal(None), Some(Literal::Null));
        assert_eq!(column("{name: n, valueComputed: 'NULL'}").literal(None), Some(Literal::Null));
        assert_eq!(column("{name: n, value: ' null'}").literal(None), Some(Literal::Text(" null".into())));
    }
}
