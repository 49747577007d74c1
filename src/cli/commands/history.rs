//! `history`: the changesets that ran.

use crate::cli::opening::{Needs, short_date};
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::{DATE_FORMAT, FORMAT, SHOW_TAGS, TAG_FILTER};
use crate::exec::Run;
use crate::exec::event::Silent;
use crate::report::history;
use jiff::civil::DateTime;

pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: false, writing: false }, output).await?;
    let url = opened.session.connection.as_ref().map(|c| c.server().display_url.clone()).unwrap_or_default();
    let mut silent = Silent;
    let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut silent, &opened.options);
    run.read_existing().await?;
    let mut rows = std::mem::take(&mut run.ran.rows);
    let wanted: Vec<String> =
        invocation.settings.text(&TAG_FILTER).unwrap_or("").split(',').map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect();
    if !wanted.is_empty() {
        rows.retain(|r| r.tag.as_ref().is_some_and(|t| wanted.contains(t)));
    } else if invocation.settings.is_on(&SHOW_TAGS) {
        rows.retain(|r| r.tag.is_some());
    }
    let pattern = invocation.settings.text(&DATE_FORMAT).map(str::to_owned);
    let date = |stored: &str| shown(stored, pattern.as_deref());
    match invocation.settings.text(&FORMAT).unwrap_or("").to_ascii_uppercase().as_str() {
        "JSON" => output.result_line(serde_json::json!({"version": 1, "database": url, "changesets": history::json(&rows)}))?,
        "TEXT" => output.result(&history::text(&rows, &url, &date))?,
        _ => output.result(&history::tabular(&rows, &url, &date))?,
    }
    invocation.success(output);
    Ok(())
}

/// DATEEXECUTED for people: as Java's short US form, or by a `strftime` pattern. What is no date is shown as it is.
fn shown(stored: &str, pattern: Option<&str>) -> String {
    let Ok(at) = stored.replace(' ', "T").parse::<DateTime>() else { return stored.to_owned() };
    match (pattern, at.to_zoned(jiff::tz::TimeZone::UTC)) {
        (Some(pattern), Ok(zoned)) => jiff::fmt::strtime::format(pattern, &zoned).unwrap_or_else(|_| stored.to_owned()),
        (None, Ok(zoned)) => short_date(&zoned),
        (_, Err(_)) => stored.to_owned(),
    }
}
