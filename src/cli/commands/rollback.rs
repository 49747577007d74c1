//! `rollback`, `rollback-count`, `rollback-to-date`, and each of them written as SQL.

use crate::cli::running::Undo;
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::{DATE, TAG_VERSION};
use crate::plan::rollback::Back;
use jiff::civil::{Date, DateTime, Time};

pub(super) async fn to_tag(invocation: &Invocation, writing: bool, output: &mut Output) -> Result<(), Failure> {
    let tag = invocation.tag()?;
    let title = format!("Rollback to '{tag}' Script");
    let newest = invocation.settings.text(&TAG_VERSION).is_some_and(|v| v.eq_ignore_ascii_case("newest"));
    let back = if newest { Back::TagNewest(tag) } else { Back::TagOldest(tag) };
    invocation.undo(&Undo { back, title, writing }, output).await
}

pub(super) async fn count(invocation: &Invocation, writing: bool, output: &mut Output) -> Result<(), Failure> {
    let count = invocation.count()?;
    invocation.undo(&Undo { back: Back::Count(count), title: format!("Rollback {count} Change(s) Script"), writing }, output).await
}

pub(super) async fn to_date(invocation: &Invocation, writing: bool, output: &mut Output) -> Result<(), Failure> {
    let text = invocation.required(&DATE)?.to_owned();
    let today = jiff::Zoned::now().date();
    let at = point_in_time(&text, today).ok_or_else(|| {
        Failure::usage(format!("Unknown date format to parse: {text}. Write YYYY-MM-DD, YYYY-MM-DD HH:MM:SS or HH:MM:SS"))
    })?;
    let date = at.strftime("%Y-%m-%d %H:%M:%S").to_string();
    invocation.undo(&Undo { back: Back::Date(date), title: format!("Rollback to {text} Script"), writing }, output).await
}

/// A date, a date with a time, or a time of today (executor §6).
fn point_in_time(text: &str, today: Date) -> Option<DateTime> {
    let text = text.trim();
    if let Ok(time) = Time::strptime("%H:%M:%S", text) {
        return Some(today.to_datetime(time));
    }
    if let Ok(date) = Date::strptime("%Y-%m-%d", text) {
        return Some(date.to_datetime(Time::midnight()));
    }
    ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"].iter().find_map(|form| DateTime::strptime(form, text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_are_those_of_the_specification() {
        let today = jiff::civil::date(2026, 11, 21);
        let read = |t: &str| point_in_time(t, today).map(|d| d.to_string());
        assert_eq!(read("2026-01-02").as_deref(), Some("2026-01-02T00:00:00"));
        assert_eq!(read("2026-01-02 03:04:05").as_deref(), Some("2026-01-02T03:04:05"));
        assert_eq!(read("2026-01-02T03:04:05").as_deref(), Some("2026-01-02T03:04:05"));
        assert_eq!(read("03:04:05").as_deref(), Some("2026-11-21T03:04:05"));
        assert_eq!(read("foo"), None);
        assert_eq!(read("2026-13-02"), None);
    }
}
