//! Dates, times and timestamps as columns write them (changes §3.3), and how checksums and SQL print them.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, Timestamp, tz::TimeZone};

/// A date, time or timestamp; its kind is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temporal {
    /// `yyyy-MM-dd`.
    Date(Date),
    /// `HH:mm:ss`.
    Time(Time),
    /// Date and time, with nanoseconds.
    Timestamp(DateTime),
}

impl Temporal {
    /// Reads a text, leniently (month 13 is January of the next year), by its length: 8 is a time, 10 a date, 19 a
    /// timestamp, more a timestamp with a fraction. An offset behind a fraction is checked and ignored.
    pub fn parse(text: &str) -> Option<Temporal> {
        if !text.is_ascii() {
            return None;
        }
        match text.len() {
            8 => time(text).map(Temporal::Time),
            10 => date(text).map(Temporal::Date),
            19 => timestamp(text, 0).map(Temporal::Timestamp),
            _ if text.contains(':') && !text.contains('-') && !text.contains('.') => time(text).map(Temporal::Time),
            n if n > 20 && text.as_bytes()[19] == b'.' => {
                let rest = &text[20..];
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                if digits == 0 || digits > 9 || !is_offset(&rest[digits..]) {
                    return None;
                }
                let nanos: u32 = format!("{:0<9}", &rest[..digits]).parse().ok()?;
                timestamp(&text[..19], nanos).map(Temporal::Timestamp)
            }
            _ => None,
        }
    }

    /// The text that is hashed: `yyyy-MM-ddTHH:mm:ss[.n]`, with trailing zeros of the fraction gone.
    pub fn to_iso(&self) -> String {
        match self {
            Temporal::Date(d) => d.to_string(),
            Temporal::Time(t) => clock(t),
            Temporal::Timestamp(t) => format!("{}T{}{}", t.date(), clock(&t.time()), fraction(t.subsec_nanosecond())),
        }
    }

    /// The text of SQL: like [`Temporal::to_iso`] with a blank for the `T`.
    pub fn to_sql(&self) -> String {
        match self {
            Temporal::Timestamp(t) => format!("{} {}{}", t.date(), clock(&t.time()), fraction(t.subsec_nanosecond())),
            other => other.to_iso(),
        }
    }

    /// The text of Java's `Timestamp.toString`: a fraction always has at least one digit.
    pub fn to_java(&self) -> String {
        match self {
            Temporal::Timestamp(t) if t.subsec_nanosecond() == 0 => format!("{}.0", self.to_sql()),
            _ => self.to_sql(),
        }
    }

    /// `now`, `today` and their offsets (`now+1h`, `today-2`; changes §3.3). `now` is the local clock's reading as
    /// seconds since 1970. `None` when the text is something else.
    pub fn relative(text: &str, now: i64) -> Option<DateTime> {
        let lower = text.trim().to_ascii_lowercase();
        let at = Timestamp::from_second(now).ok()?.to_zoned(TimeZone::UTC).datetime();
        let (base, rest) = if let Some(rest) = lower.strip_prefix("now") {
            (at, rest)
        } else if let Some(rest) = lower.strip_prefix("today") {
            (at.date().to_datetime(Time::midnight()), rest)
        } else {
            return None;
        };
        let rest = rest.trim();
        if rest.is_empty() {
            return Some(base);
        }
        let sign = match rest.as_bytes().first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let rest = rest[1..].trim();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let n: i64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].trim();
        let n = sign * n;
        let is = |word: &str| !unit.is_empty() && word.starts_with(unit);
        let span = if lower.starts_with("today") && unit.is_empty() || is("days") {
            Span::new().try_days(n)
        } else if is("hours") {
            Span::new().try_hours(n)
        } else if is("minutes") {
            Span::new().try_minutes(n)
        } else if is("years") {
            Span::new().try_years(n)
        } else {
            return None;
        };
        base.checked_add(span.ok()?).ok()
    }
}

fn number(text: &str) -> Option<i64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

fn date(text: &str) -> Option<Date> {
    let b = text.as_bytes();
    if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
        return None;
    }
    let (year, month, day) = (number(&text[..4])?, number(&text[5..7])?, number(&text[8..])?);
    let start = Date::new(i16::try_from(year).ok()?, 1, 1).ok()?;
    let date = start.checked_add(Span::new().try_months(month - 1).ok()?).ok()?.checked_add(Span::new().try_days(day - 1).ok()?).ok()?;
    as_java_counts(date)
}

/// The date as Java prints it: years before 1 by their number alone (`0000-00-00` is in the year 2 before it), and the
/// days that the calendar of 1582 left out as those behind them.
fn as_java_counts(date: Date) -> Option<Date> {
    if date.year() <= 0 {
        return Date::new(1 - date.year(), date.month(), date.day()).ok();
    }
    let is_left_out = (date.year(), date.month()) == (1582, 10) && (5..15).contains(&date.day());
    date.checked_add(Span::new().days(if is_left_out { 10 } else { 0 })).ok()
}

fn time(text: &str) -> Option<Time> {
    let b = text.as_bytes();
    if b.len() != 8 || b[2] != b':' || b[5] != b':' {
        return None;
    }
    let seconds = number(&text[..2])? * 3600 + number(&text[3..5])? * 60 + number(&text[6..])?;
    let seconds = seconds % 86_400;
    Time::new((seconds / 3600) as i8, (seconds / 60 % 60) as i8, (seconds % 60) as i8, 0).ok()
}

fn timestamp(text: &str, nanos: u32) -> Option<DateTime> {
    let b = text.as_bytes();
    if b.len() != 19 || !matches!(b[10], b'T' | b' ') || b[13] != b':' || b[16] != b':' {
        return None;
    }
    let day = date(&text[..10])?.to_datetime(Time::midnight());
    let seconds = number(&text[11..13])? * 3600 + number(&text[14..16])? * 60 + number(&text[17..])?;
    let at = day.checked_add(Span::new().try_seconds(seconds).ok()?).ok()?;
    at.checked_add(Span::new().try_nanoseconds(i64::from(nanos)).ok()?).ok()
}

fn is_offset(text: &str) -> bool {
    match text.as_bytes() {
        [] | [b'Z'] => true,
        [b'+' | b'-', rest @ ..] => !rest.is_empty() && rest.len() <= 6 && rest.iter().all(|b| b.is_ascii_digit() || *b == b':'),
        _ => false,
    }
}

fn clock(t: &Time) -> String {
    format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second())
}

fn fraction(nanos: i32) -> String {
    if nanos == 0 { String::new() } else { format!(".{nanos:09}").trim_end_matches('0').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_by_length() {
        for (text, expected) in [
            ("2020-01-02", Some("2020-01-02")),
            ("03:04:05", Some("03:04:05")),
            ("2020-01-02T03:04:05", Some("2020-01-02T03:04:05")),
            ("2020-01-02 03:04:05", Some("2020-01-02T03:04:05")),
            ("2020-01-02T03:04:05.120", Some("2020-01-02T03:04:05.12")),
            ("2020-01-02 10:20:30.123456", Some("2020-01-02T10:20:30.123456")),
            ("2020-01-02T03:04:05.5+02:00", Some("2020-01-02T03:04:05.5")),
            ("2020-13-45", Some("2021-02-14")),
            ("0000-00-00", Some("0002-11-30")),
            ("0000-00-00 00:00:00", Some("0002-11-30T00:00:00")),
            ("1582-10-10", Some("1582-10-20")),
            ("1500-02-03", Some("1500-02-03")),
            ("2020-1-2", None),
            ("20200102", None),
            ("2020/01/02", None),
            ("12:30", None),
            ("2020-01-02 03:04", None),
            ("2020-01-02T03:04:05Z", None),
            ("2020-01-02T03:04:05+02:00", None),
            ("current_date", None),
            ("é234567", None),
        ] {
            assert_eq!(Temporal::parse(text).map(|t| t.to_iso()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn relative_dates_are_counted_from_the_clock() {
        let now = 1_600_000_000; // 2020-09-13 12:26:40
        for (text, expected) in [
            ("now", Some("2020-09-13T12:26:40")),
            ("NOW+1h", Some("2020-09-13T13:26:40")),
            ("now-3days", Some("2020-09-10T12:26:40")),
            ("today", Some("2020-09-13T00:00:00")),
            ("today-2", Some("2020-09-11T00:00:00")),
            ("tomorrow", None),
            ("now*2", None),
        ] {
            assert_eq!(Temporal::relative(text, now).map(|t| t.to_string()).as_deref(), expected, "{text}");
        }
    }
}
