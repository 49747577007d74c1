//! CREATE SEQUENCE.

use super::StatementType;
use crate::sql::action::{Rendered, one};
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
        let start_and_step = [("START WITH", &self.start), ("INCREMENT BY", &self.increment)];
        let order = if form.increment_first { [1, 0] } else { [0, 1] };
        for i in order {
            clause(start_and_step[i].0, start_and_step[i].1);
        }
        clause("MINVALUE", &self.min);
        clause("MAXVALUE", &self.max);
        if self.cache.as_deref() != Some("0") || form.cache_zero {
            clause("CACHE", &self.cache);
        }
        if self.cycle == Some(true) {
            text.push_str(" CYCLE");
        }
        one(text)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let form = &target.caps.sequence;
        validation.disallow("dataType", self.data_type.is_some() && !form.data_type, target);
        validation.disallow("ordered", self.ordered.is_some() && !form.ordered, target);
    }
}
