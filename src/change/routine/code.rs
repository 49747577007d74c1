//! What functions, packages and triggers have in common: a text that the changelog gives.

use crate::change::body::Body;
use crate::change::{Change, HashRule, Inverse};
use crate::sql::Validation;

/// Attributes that do not enter the checksum of version 9 beside the text (checksums §3.4).
const UNHASHED: &[&str] = &[
    "path",
    "dbms",
    "relativeToChangelogFile",
    "procedureText",
    "encoding",
    "comments",
    "triggerBody",
    "functionBody",
    "packageText",
    "packageBodyText",
];

/// How the checksum of a change with such a text is made (checksums §4.3).
pub(in crate::change) fn hash_rule(body: Body<'_>) -> HashRule<'_> {
    HashRule::Body { unhashed: UNHASHED, text: body.nested, file: body.file(), renamed_v8: &[] }
}

/// Reports a text that is given twice or not at all.
pub(in crate::change) fn validate(body: Body<'_>, change: &str, attribute: &str, validation: &mut Validation) {
    body.validate(
        &format!("Cannot specify both 'path' and a nested {attribute} in {change}"),
        &format!("Must specify either 'path' or a nested {attribute} in {change}"),
        validation,
    );
}

/// Dropping what was made undoes it, when its name is given and nothing was replaced.
pub(in crate::change) fn undone_by(name: Option<&str>, replaces: Option<bool>, drop: impl Into<Change>) -> Inverse {
    match name {
        Some(name) if !name.trim().is_empty() && replaces != Some(true) => Inverse::Changes(vec![drop.into()]),
        _ => Inverse::None,
    }
}
