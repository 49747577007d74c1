//! `output`.

use crate::attributes;
use crate::change::{ChangeType, Context, Inverse};
use crate::source::attributes::Reader;
use crate::sql::action::{Action, OutputTarget};
use crate::sql::{Statement, Validation, statement};

attributes! {
    /// Shows a message and goes on.
    pub struct Output {
        /// The message.
        pub message: Option<String> = "message" (direct),
        /// Where it goes: `STDOUT`, `STDERR` (when it is not given), `DEBUG`, `INFO`, `WARN`, `SEVERE`.
        pub target: Option<String> = "target",
    }
}

impl ChangeType for Output {
    fn read(reader: &mut Reader<'_, '_>) -> Self {
        let mut output = Output::read_fields(reader);
        for field in [&mut output.message, &mut output.target] {
            *field = field.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        }
        // The built-in target counts as written, also in the checksum (checksums §3.3).
        output.target.get_or_insert_with(|| "STDERR".to_owned());
        output
    }

    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        if self.message.is_none() {
            validation.error("message is required for output");
        }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let target = self.target.as_deref().unwrap_or("STDERR");
        let to = match target.to_ascii_uppercase().as_str() {
            "STDERR" => OutputTarget::Stderr,
            "STDOUT" => OutputTarget::Stdout,
            "DEBUG" => OutputTarget::Debug,
            "INFO" => OutputTarget::Info,
            "WARN" | "WARNING" => OutputTarget::Warning,
            "SEVERE" | "FATAL" | "ERROR" => OutputTarget::Error,
            _ => return Err(format!("Unknown target: {target}")),
        };
        let message = self.message.clone().unwrap_or_default();
        Ok(vec![statement::Act(Action::Output { message, target: to }).into()])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        Ok(Inverse::Changes(Vec::new()))
    }
}
