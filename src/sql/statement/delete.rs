//! DELETE of rows, and the conditions that DELETE and UPDATE share.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::literal::Literal;
use crate::sql::{ObjectName, Target};

/// Which rows a statement is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// A condition as the changelog writes it, with place-holders (changes §5).
    Written {
        /// The condition.
        text: String,
        /// What stands for the place-holders: names for `:name`, values for `:value` and `?`, each in order.
        parameters: Vec<(Option<String>, Literal)>,
    },
    /// All these columns have these values.
    Equals(Vec<(String, Literal)>),
}

impl Predicate {
    /// A condition as the changelog writes it; `None` when there is none.
    pub fn written(text: Option<&str>, parameters: Vec<(Option<String>, Literal)>) -> Option<Predicate> {
        text.map(|t| Predicate::Written { text: t.trim().to_owned(), parameters })
    }

    /// `WHERE` and the condition. An empty one leaves `WHERE` alone, which every server refuses.
    ///
    /// # Errors
    /// As [`Predicate::text`].
    pub fn clause(&self, target: &Target) -> Result<String, RenderError> {
        Ok(format!("WHERE {}", self.text(target)?).trim_end().to_owned())
    }

    /// The condition as SQL, without `WHERE`.
    ///
    /// # Errors
    /// When a value cannot be written.
    pub fn text(&self, target: &Target) -> Result<String, RenderError> {
        match self {
            Predicate::Written { text, parameters } => fill_in(text, parameters, target),
            Predicate::Equals(columns) => {
                let mut parts = Vec::with_capacity(columns.len());
                for (column, value) in columns {
                    let column = target.name(column);
                    parts.push(match value {
                        Literal::Null => format!("{column} is NULL"),
                        value => format!("{column} = {}", target.value(value)?),
                    });
                }
                Ok(parts.join(" AND "))
            }
        }
    }
}

/// Puts names and values in the place of `:name`, `:value` and `?`. Names and values count apart, and a
/// place-holder for which nothing is left stays as it is written.
fn fill_in(text: &str, parameters: &[(Option<String>, Literal)], target: &Target) -> Result<String, RenderError> {
    let mut names = parameters.iter().filter_map(|(name, _)| name.as_deref());
    let mut values = parameters.iter().map(|(_, value)| value);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find([':', '?']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (length, filled) = if rest.starts_with(":name") {
            (":name".len(), names.next().map(|name| target.name(name)))
        } else if rest.starts_with(":value") {
            (":value".len(), values.next().map(|value| target.value(value)).transpose()?)
        } else if rest.starts_with('?') {
            (1, values.next().map(|value| target.value(value)).transpose()?)
        } else {
            (1, None)
        };
        match filled {
            Some(filled) => out.push_str(&filled),
            None => out.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    Ok(out)
}

/// Removes rows from a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// The table.
    pub table: ObjectName,
    /// Which rows; all when there is none.
    pub predicate: Option<Predicate>,
}

impl StatementType for Delete {
    fn render(&self, target: &Target) -> Rendered {
        let table = target.qualified(&self.table);
        match &self.predicate {
            Some(predicate) => one(format!("DELETE FROM {table} {}", predicate.clause(target)?)),
            None => one(format!("DELETE FROM {table}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::postgres;

    #[test]
    fn place_holders_are_filled_in_order() {
        let target = Target::new(&postgres::DIALECT, None);
        let parameters = vec![(None, Literal::Number("7".into())), (Some("nm".into()), Literal::Text("q".into()))];
        let filled = fill_in("id=:value and :name=:value", &parameters, &target);
        assert_eq!(filled, Ok("id=7 and nm='q'".into()));
        assert_eq!(fill_in("a = ? and b::text = ':x' and :name", &[], &target), Ok("a = ? and b::text = ':x' and :name".into()));
    }

    #[test]
    fn values_that_hold_place_holders_are_not_filled_again() {
        let target = Target::new(&postgres::DIALECT, None);
        let parameters = vec![(None, Literal::Text(":value $1".into())), (None, Literal::Number("2".into()))];
        assert_eq!(fill_in("a = ? and b = ?", &parameters, &target), Ok("a = ':value $1' and b = 2".into()));
    }

    #[test]
    fn a_key_without_value_is_null() {
        let target = Target::new(&postgres::DIALECT, None);
        let keys = Predicate::Equals(vec![("id".into(), Literal::Text("1".into())), ("k".into(), Literal::Null)]);
        assert_eq!(keys.text(&target), Ok("id = '1' AND k is NULL".into()));
    }
}
