//! `calculate-checksum`.

use super::deploy;
use crate::changelog::checksum::{VisitorChoice, of_changeset};
use crate::cli::opening::{Access, Needs};
use crate::cli::{Exit, Failure, Invocation, Output};
use crate::config::settings::{CHANGESET_AUTHOR, CHANGESET_ID, CHANGESET_IDENTIFIER, CHANGESET_PATH};
use crate::history::CHECKSUM_VERSION;
use crate::history::row::{identity_key, key_of};
use crate::plan::filter::resources;

/// Prints the checksum of one changeset.
///
/// # Errors
/// When the changeset is not named fully, or is not in the changelog.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let (path, id, author) = named(invocation)?;
    let opened = invocation.open(Needs { changelog: true, access: Access::Read }, output).await?;
    let key = identity_key(&path, &id, &author);
    let changelog = &opened.changelog;
    let found = changelog.changesets.iter().chain(&changelog.for_other_databases).find(|c| key_of(&c.identity) == key);
    let Some(changeset) = found else {
        let text = format!("No such changeSet identified by changeSet id: {id}, author: {author}, path: {path}");
        return Err(Failure::new(Exit::RunFailed, format!("Unexpected error running Liquibase: {text}")));
    };
    // All edits of generated SQL take part, whatever the run selects (checksums §1).
    let files = resources(changelog, changeset);
    let database = opened.session.target.dialect.id;
    let checksum = of_changeset(changeset, CHECKSUM_VERSION, Some(database), &files, VisitorChoice::All);
    let checksum = checksum.map_err(|e| Failure::new(Exit::Changelog, format!("Unexpected error running Liquibase: {e}")))?;
    // Liquibase prints it where messages go.
    output.message(checksum);
    deploy::close(opened, Ok(()), output).await
}

/// Path, id and author of the changeset that is meant.
fn named(invocation: &Invocation) -> Result<(String, String, String), Failure> {
    let settings = &invocation.settings;
    let text = |setting| settings.text(setting).filter(|t| !t.is_empty()).map(str::to_owned);
    if let Some(identifier) = text(&CHANGESET_IDENTIFIER) {
        let parts: Vec<&str> = identifier.split("::").collect();
        return match parts.as_slice() {
            [path, id, author] => Ok(((*path).to_owned(), (*id).to_owned(), (*author).to_owned())),
            _ => Err(Failure::usage(format!(
                "Error parsing command line: Invalid changeSet identifier: {identifier}; it is written path::id::author"
            ))),
        };
    }
    match (text(&CHANGESET_PATH), text(&CHANGESET_ID), text(&CHANGESET_AUTHOR)) {
        (Some(path), Some(id), Some(author)) => Ok((path, id, author)),
        _ => Err(Failure::usage(
            "Error parsing command line: Name the changeset: --changeset-identifier path::id::author, \
             or --changeset-path, --changeset-id and --changeset-author",
        )),
    }
}
