//! `history`: what ran, by deployment.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::{DATE_FORMAT, FORMAT, SHOW_TAGS, TAG_FILTER};
use crate::exec::event::Silent;
use crate::history::LedgerRow;
use crate::report::{date, history};

/// Shows the ledger.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: false, access: Access::Read }, output).await?;
    let mut silent = Silent;
    let mut run = opened.run(&mut silent);
    run.read_existing().await?;
    let mut rows = std::mem::take(&mut run.ran.rows);
    let settings = &invocation.settings;
    let tags = settings.list(&TAG_FILTER);
    let only_tagged = settings.is_on(&SHOW_TAGS) || !tags.is_empty();
    let wanted = |row: &LedgerRow| row.tag.as_deref().is_some_and(|t| tags.is_empty() || tags.contains(&t));
    rows.retain(|row| !only_tagged || wanted(row));
    let none = match (only_tagged, tags.is_empty()) {
        (false, _) => "No changesets deployed".to_owned(),
        (true, true) => "No tagged changesets deployed".to_owned(),
        (true, false) => format!("No changesets with tag(s) [{}] deployed", tags.join(", ")),
    };
    let style = settings.text(&DATE_FORMAT).filter(|p| !p.is_empty()).unwrap_or("M/d/yy, h:mm a");
    let when = |text: &str| date::styled(text, |at| date::pattern(at, style));
    let list = history::History { rows: &rows, url: opened.session.url(), none: &none, date: &when };
    match settings.text(&FORMAT) {
        Some("JSON") => output.document(&list.document())?,
        Some("TEXT") => output.result(&list.text())?,
        _ => output.result(&list.tabular())?,
    }
    deploy::close(opened, Ok(()), output).await
}
