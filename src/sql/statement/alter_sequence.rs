//! ALTER SEQUENCE.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::forms::SequenceOrder;
use crate::sql::{ObjectName, Target, Validation};

/// Changes a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct AlterSequence {
    /// The sequence.
    pub sequence: ObjectName,
    /// Type of its values.
    pub data_type: Option<String>,
    /// Step.
    pub increment: Option<String>,
    /// Least value.
    pub min: Option<String>,
    /// Greatest value.
    pub max: Option<String>,
    /// Whether it begins again at its end.
    pub cycle: Option<bool>,
    /// Whether values are handed out in order.
    pub ordered: Option<bool>,
    /// How many values are kept in memory.
    pub cache: Option<String>,
}

impl StatementType for AlterSequence {
    /// Without anything to change there is no statement where ALTER SEQUENCE and a name alone are a syntax error.
    fn render(&self, target: &Target) -> Rendered {
        let form = &target.caps.sequence;
        let mut clauses = String::new();
        let mut clause = |words: &str, value: &Option<String>| {
            if let Some(value) = value {
                clauses.push_str(&format!(" {words} {value}"));
            }
        };
        clause("AS", &self.data_type);
        clause("INCREMENT BY", &self.increment);
        clause(form.altered_min, &self.min);
        clause("MAXVALUE", &self.max);
        let mut writes_order = false;
        match (self.ordered, form.order) {
            (None, _) | (_, SequenceOrder::Ignored) => {}
            (Some(_), SequenceOrder::Refused) => {
                return Err(RenderError::Invalid(format!("ordered is not allowed on {}", target.dialect.id)));
            }
            (Some(ordered), SequenceOrder::NoOrderByAlter) => clauses.push_str(if ordered { " ORDER" } else { " NOORDER" }),
            (Some(ordered), SequenceOrder::Written(no_order)) => {
                writes_order = ordered;
                clauses.push_str(if ordered { " ORDER" } else { no_order });
            }
        }
        match self.cache.as_deref().filter(|_| form.cache) {
            Some("0") => clauses.push_str(form.no_more_cache),
            // Two blanks behind ORDER, as Liquibase writes it.
            Some(cache) => clauses.push_str(&format!("{} CACHE {cache}", if writes_order { " " } else { "" })),
            None => {}
        }
        match self.cycle.filter(|_| form.alters_cycle) {
            Some(true) => clauses.push_str(" CYCLE"),
            Some(false) => clauses.push_str(form.no_cycle),
            None => {}
        }
        if clauses.is_empty() && !form.bare_alter {
            return Ok(Vec::new());
        }
        one(format!("ALTER SEQUENCE {}{clauses}", target.qualified(&self.sequence)))
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let form = &target.caps.sequence;
        validation.disallow("dataType", self.data_type.is_some() && !form.data_type, target);
        if self.ordered.is_some() && form.order == SequenceOrder::Ignored {
            validation.warn(format!("sequences of {} have no order; ordered has no effect", target.dialect.id));
        }
    }
}
