//! `calculate-checksum`: the checksum that a changeset of the changelog has now.

use crate::changelog::checksum::{VisitorChoice, of_changeset};
use crate::changelog::path::normalise;
use crate::cli::opening::Needs;
use crate::cli::{Exit, Failure, Invocation, Output};
use crate::config::settings::{CHANGESET_AUTHOR, CHANGESET_ID, CHANGESET_IDENTIFIER, CHANGESET_PATH};
use crate::plan::filter::resources;

pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let (path, id, author) = wanted(invocation)?;
    let opened = invocation.open(Needs { changelog: true, writing: true }, output).await?;
    let found = opened.changelog.changesets.iter().chain(&opened.changelog.for_other_databases).find(|c| {
        normalise(&c.identity.path) == normalise(&path)
            && c.identity.id().eq_ignore_ascii_case(&id)
            && c.identity.author().eq_ignore_ascii_case(&author)
    });
    let Some(changeset) = found else {
        return Err(Failure::new(
            Exit::Changelog,
            format!("ERROR: No such changeSet identified by changeSet id: {id}, author: {author}, path: {path}"),
        ));
    };
    let files = resources(&opened.changelog, changeset);
    let database = opened.session.target.dialect.id;
    let checksum = of_changeset(changeset, crate::history::CHECKSUM_VERSION, Some(database), &files, VisitorChoice::All)
        .map_err(|e| Failure::new(Exit::Changelog, format!("ERROR: {e}")))?;
    output.result_line(checksum)?;
    invocation.success(output);
    Ok(())
}

/// Path, id and author: from `--changeset-identifier`, else from the three options.
fn wanted(invocation: &Invocation) -> Result<(String, String, String), Failure> {
    let text = |setting| invocation.settings.text(setting).filter(|t| !t.is_empty()).map(str::to_owned);
    if let Some(identifier) = text(&CHANGESET_IDENTIFIER) {
        let parts: Vec<&str> = identifier.split("::").collect();
        return match parts.as_slice() {
            [path, id, author] => Ok(((*path).to_owned(), (*id).to_owned(), (*author).to_owned())),
            _ => Err(Failure::usage(format!("Invalid changeset identifier '{identifier}': write filepath::changesetId::author"))),
        };
    }
    match (text(&CHANGESET_PATH), text(&CHANGESET_ID), text(&CHANGESET_AUTHOR)) {
        (Some(path), Some(id), Some(author)) => Ok((path, id, author)),
        _ => Err(Failure::usage("give --changeset-identifier, or --changeset-path, --changeset-id and --changeset-author together")),
    }
}
