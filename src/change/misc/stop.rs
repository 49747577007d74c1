//! `stop`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::source::attributes::Reader;
use crate::sql::action::Action;
use crate::sql::{Statement, statement};

attributes! {
    /// Ends the run with a message.
    pub struct Stop {
        /// The message; `Stop command in changelog file` when it is not given.
        pub message: Option<String> = "message" (direct),
    }
}

impl ChangeType for Stop {
    fn read(reader: &mut Reader<'_, '_>) -> Self {
        let mut stop = Stop::read_fields(reader);
        // The built-in message counts as written, also in the checksum (checksums §3.3).
        stop.message.get_or_insert_with(|| "Stop command in changelog file".to_owned());
        stop
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        Ok(vec![statement::Act(Action::Stop(self.message.clone().unwrap_or_default())).into()])
    }
}
