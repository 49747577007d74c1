//! `whereParams`: the values for place-holders in `where` (changes §5).

use crate::change::columns::Column;
use crate::source::attributes::{Attribute, Attributes, Field, FieldValue, Kind, Reader};
use crate::sql::Validation;
use crate::sql::literal::Literal;
use crate::sql::statement::Predicate;

/// The `param` elements of `whereParams`, in order; each is read like a column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WhereParams(pub Vec<Column>);

impl Attribute for WhereParams {
    const KIND: Kind = Kind::List("param");
    fn read(reader: &mut Reader<'_, '_>, field: &'static Field) -> Self {
        let mut params = Vec::new();
        for list in reader.nodes(field) {
            list.report_others(&["param"], reader.problems);
            list.report_texts(0, reader.problems);
            for param in list.children_named("param") {
                params.push(Column::read(param, &[], reader));
            }
        }
        WhereParams(params)
    }
    fn value(&self) -> FieldValue<'_> {
        FieldValue::Objects(self.0.iter().map(|c| c as &dyn Attributes).collect())
    }
}

impl WhereParams {
    /// Reports values without a condition that they could be part of.
    pub(super) fn validate(&self, text: Option<&str>, validation: &mut Validation) {
        if !self.0.is_empty() && text.is_none() {
            validation.error("whereParams set but no whereClause");
        }
    }

    /// The condition that `text` and these values make; `None` when there is no text. Unlike those of columns, sequences in it are
    /// looked for without the schema of the table.
    pub(super) fn predicate(&self, text: Option<&str>) -> Option<Predicate> {
        let value = |c: &Column| (c.name.clone(), c.literal(None).unwrap_or(Literal::Null));
        Predicate::written(text, self.0.iter().map(value).collect())
    }
}
