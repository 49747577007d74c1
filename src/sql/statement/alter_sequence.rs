//! ALTER SEQUENCE.

use super::StatementType;
use crate::sql::action::{Rendered, one};
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
    fn render(&self, target: &Target) -> Rendered {
        let mut text = format!("ALTER SEQUENCE {}", target.qualified(&self.sequence));
        let mut clause = |words: &str, value: &Option<String>| {
            if let Some(value) = value {
                text.push_str(&format!(" {words} {value}"));
            }
        };
        clause("AS", &self.data_type);
        clause("INCREMENT BY", &self.increment);
        clause("MINVALUE", &self.min);
        clause("MAXVALUE", &self.max);
        match self.ordered {
            Some(true) => text.push_str(" ORDER"),
            Some(false) => text.push_str(" NOORDER"),
            None => {}
        }
        match self.cache.as_deref() {
            Some("0") => text.push_str(" NOCACHE"),
            // Two blanks behind ORDER, as Liquibase writes it.
            Some(cache) => text.push_str(&format!("{} CACHE {cache}", if self.ordered == Some(true) { " " } else { "" })),
            None => {}
        }
        match self.cycle {
            Some(true) => text.push_str(" CYCLE"),
            Some(false) => text.push_str(target.caps.sequence.no_cycle),
            None => {}
        }
        one(text)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        validation.disallow("dataType", self.data_type.is_some() && !target.caps.sequence.data_type, target);
    }
}
