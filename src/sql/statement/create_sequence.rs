//! CREATE SEQUENCE.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::forms::SequenceOrder;
use crate::sql::{ObjectName, Target, Validation};

/// Makes a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateSequence {
    /// The sequence.
    pub sequence: ObjectName,
    /// First value.
    pub start: Option<String>,
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

impl StatementType for CreateSequence {
    fn render(&self, target: &Target) -> Rendered {
        let form = &target.caps.sequence;
        let mut text = format!("CREATE SEQUENCE {}{}", form.if_not_exists, target.qualified(&self.sequence));
        let mut clause = |words: &str, value: &Option<String>| {
            if let Some(value) = value {
                text.push_str(&format!(" {words} {value}"));
            }
        };
        clause("AS", &self.data_type);
        if form.increment_first {
            clause("INCREMENT BY", &self.increment);
            clause("START WITH", &self.start);
        } else {
            clause("START WITH", &self.start);
            clause("INCREMENT BY", &self.increment);
        }
        clause("MINVALUE", &self.min);
        clause("MAXVALUE", &self.max);
        match self.cache.as_deref().filter(|_| form.cache) {
            Some("0") => text.push_str(form.no_cache),
            Some(cache) => text.push_str(&format!(" CACHE {cache}")),
            None => {}
        }
        match (self.ordered, form.order) {
            (Some(true), SequenceOrder::Written(_) | SequenceOrder::NoOrderByAlter) => text.push_str(" ORDER"),
            (Some(false), SequenceOrder::Written(no_order)) => text.push_str(no_order),
            _ => {}
        }
        if self.cycle == Some(true) {
            text.push_str(" CYCLE");
        }
        one(text)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let form = &target.caps.sequence;
        validation.disallow("dataType", self.data_type.is_some() && !form.data_type, target);
        validation.disallow("ordered", self.ordered.is_some() && form.order == SequenceOrder::Refused, target);
    }
}
