//! `createSequence`.

use crate::attributes;
use crate::change::sequence::drop_sequence::DropSequence;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::source::attributes::Integer;
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Makes a sequence.
    pub struct CreateSequence {
        /// How many values are kept in memory.
        pub cache_size: Option<Integer> = "cacheSize",
        /// Catalog of the sequence.
        pub catalog_name: Option<String> = "catalogName",
        /// Whether it begins again at its end.
        pub cycle: Option<bool> = "cycle",
        /// Type of its values.
        pub data_type: Option<String> = "dataType",
        /// Step.
        pub increment_by: Option<Integer> = "incrementBy",
        /// Greatest value.
        pub max_value: Option<Integer> = "maxValue",
        /// Least value.
        pub min_value: Option<Integer> = "minValue",
        /// Whether values are handed out in order.
        pub ordered: Option<bool> = "ordered",
        /// Schema of the sequence.
        pub schema_name: Option<String> = "schemaName",
        /// The sequence.
        pub sequence_name: Option<String> = "sequenceName" (required),
        /// First value.
        pub start_value: Option<Integer> = "startValue",
    }
}

impl ChangeType for CreateSequence {
    fn is_skipped_where_unsupported(&self) -> bool {
        true
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let number = |i: &Option<Integer>| i.as_ref().map(|i| i.0.clone());
        Ok(vec![
            statement::CreateSequence {
                sequence: ObjectName::new(
                    self.catalog_name.as_deref(),
                    self.schema_name.as_deref(),
                    self.sequence_name.clone().unwrap_or_default(),
                ),
                start: number(&self.start_value),
                data_type: self.data_type.clone(),
                increment: number(&self.increment_by),
                min: number(&self.min_value),
                max: number(&self.max_value),
                cycle: self.cycle,
                ordered: self.ordered,
                cache: number(&self.cache_size),
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let drop = DropSequence {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            sequence_name: self.sequence_name.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }
}
