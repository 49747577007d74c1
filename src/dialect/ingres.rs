//! Ingres.

use super::unsupported;
use crate::sql::Dialect;
use crate::sql::capabilities::Capabilities;
use crate::sql::object_forms::{CheckForm, ObjectForms, SynonymForm};

/// Ingres.
pub const DIALECT: Dialect = Dialect {
    id: "ingres",
    product: "INGRES",
    now: "date('now')",
    ledger_now: "date('now')",
    caps: Capabilities {
        table_if_not_exists: true,
        // What other databases do by triggers is done by rules.
        objects: ObjectForms {
            check: Some(CheckForm { drop_suffix: " RESTRICT", ..CheckForm::STANDARD }),
            function: None,
            trigger: None,
            synonym: Some(SynonymForm::PLAIN),
            ..ObjectForms::STANDARD
        },
        ..unsupported::DIALECT.caps
    },
    ..unsupported::DIALECT
};
