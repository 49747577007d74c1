//! `rollback-to-date` and `rollback-to-date-sql`.

use super::undo;
use crate::cli::{Failure, Invocation, Output, clock};
use crate::config::settings::DATE;
use crate::plan::rollback::Back;
use crate::report::date;
use jiff::civil::{Date, DateTime, Time};

/// Undoes what was deployed after a point in time.
///
/// # Errors
/// When the date cannot be read; as [`undo::run`].
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let text = invocation.required(&DATE)?;
    let today = clock::now().date();
    let (at, written) = point_in_time(text, today)
        .ok_or_else(|| Failure::usage(format!("Error parsing command line: Unknown date format to parse: {text}.\n  {FORMS}")))?;
    let title = format!("Rollback to {} Script", date::pattern(at, written));
    undo::run(&Back::Date(date::pattern(at, "yyyy-MM-dd HH:mm:ss.SSS")), &title, invocation, output).await
}

const FORMS: &str = "Write 2024-05-16, '2024-05-16 19:00:00', 2024-05-16T19:00:00, or 19:00:00 for today.";

/// `YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS`, the same with a `T`, or `HH:MM:SS` of today (executor §6); and the pattern by which
/// Liquibase 4.28 writes such a one into the head of a script.
fn point_in_time(text: &str, today: Date) -> Option<(DateTime, &'static str)> {
    let text = text.trim();
    if let Ok(time) = Time::strptime("%H:%M:%S", text) {
        return Some((today.to_datetime(time), "HH:mm:ss"));
    }
    if let Ok(date) = Date::strptime("%Y-%m-%d", text) {
        return Some((date.to_datetime(Time::midnight()), "yyyy-MM-dd"));
    }
    let both = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"].iter().find_map(|form| DateTime::strptime(form, text).ok());
    both.map(|at| (at, "yyyy-MM-dd HH:mm:ss.S"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_forms() {
        let today = jiff::civil::date(2026, 11, 20);
        let at = |text| point_in_time(text, today).map(|(at, written)| (at.to_string(), date::pattern(at, written)));
        let is = |at: &str, written: &str| Some((at.to_owned(), written.to_owned()));
        assert_eq!(at("2024-05-16"), is("2024-05-16T00:00:00", "2024-05-16"));
        assert_eq!(at("2024-05-16 19:00:01"), is("2024-05-16T19:00:01", "2024-05-16 19:00:01.0"));
        assert_eq!(at("2024-05-16T19:00:01"), is("2024-05-16T19:00:01", "2024-05-16 19:00:01.0"));
        assert_eq!(at("19:00:01"), is("2026-11-20T19:00:01", "19:00:01"));
        assert_eq!(at("foo"), None);
        assert_eq!(at("2026-13-02"), None);
        assert_eq!(at("2024-05-16x"), None);
    }
}
