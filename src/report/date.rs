//! Dates as Java prints them in the US: the ledger's times in tables and messages.

use jiff::civil::DateTime;

/// The time of a ledger or lock row: `2026-11-20 18:00:00.123` or with a `T`.
pub fn parse(text: &str) -> Option<DateTime> {
    text.trim().parse().ok()
}

/// `11/20/26, 6:00 PM`: date and time in short style.
pub fn short(at: DateTime) -> String {
    pattern(at, "M/d/yy, h:mm a")
}

/// `Nov 20, 2026, 6:00:00 PM`: date and time in medium style.
pub fn medium(at: DateTime) -> String {
    pattern(at, "MMM d, yyyy, h:mm:ss a")
}

/// The text of a row in a style; the text itself where it is no time.
pub fn styled(text: &str, style: impl Fn(DateTime) -> String) -> String {
    parse(text).map_or_else(|| text.to_owned(), style)
}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A time by a Java date pattern: letters `y M d E D a H h k K m s S`, texts in single quotes. Other letters are kept.
pub fn pattern(at: DateTime, pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern.chars().peekable();
    while let Some(letter) = rest.next() {
        if letter == '\'' {
            if rest.next_if_eq(&'\'').is_some() {
                out.push('\'');
                continue;
            }
            while let Some(c) = rest.next() {
                if c == '\'' && rest.next_if_eq(&'\'').is_none() {
                    break;
                }
                out.push(c);
            }
            continue;
        }
        let mut width = 1;
        while rest.next_if_eq(&letter).is_some() {
            width += 1;
        }
        out.push_str(&field(at, letter, width));
    }
    out
}

fn field(at: DateTime, letter: char, width: usize) -> String {
    let number = |n: i64| format!("{n:0width$}");
    let name = |name: Option<&&str>| {
        let name = name.copied().unwrap_or("");
        if width > 3 { name.to_owned() } else { name.chars().take(3).collect() }
    };
    let (hour, year) = (i64::from(at.hour()), i64::from(at.year()));
    match letter {
        'y' | 'u' if width == 2 => format!("{:02}", year.rem_euclid(100)),
        'y' | 'u' => number(year),
        'M' | 'L' if width > 2 => name(MONTHS.get(usize::try_from(at.month() - 1).unwrap_or(0))),
        'M' | 'L' => number(at.month().into()),
        'd' => number(at.day().into()),
        'D' => number(at.day_of_year().into()),
        'E' => name(DAYS.get(usize::try_from(at.weekday().to_monday_zero_offset()).unwrap_or(0))),
        'H' => number(hour),
        'k' => number(if hour == 0 { 24 } else { hour }),
        'K' => number(hour % 12),
        'h' => number(if hour % 12 == 0 { 12 } else { hour % 12 }),
        'm' => number(at.minute().into()),
        's' => number(at.second().into()),
        'S' => format!("{:09}", at.subsec_nanosecond()).chars().take(width).collect(),
        'a' => if hour < 12 { "AM" } else { "PM" }.to_owned(),
        other => std::iter::repeat_n(other, width).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_and_patterns() {
        let at = parse("2026-11-20 18:00:07.123456").unwrap();
        assert_eq!(short(at), "11/20/26, 6:00 PM");
        assert_eq!(medium(parse("2024-01-02T03:04:05").unwrap()), "Jan 2, 2024, 3:04:05 AM");
        assert_eq!(short(parse("2024-01-02 00:04").unwrap()), "1/2/24, 12:04 AM");
        assert_eq!(pattern(at, "yyyy-MM-dd'T'HH:mm:ss.SSS"), "2026-11-20T18:00:07.123");
        assert_eq!(pattern(at, "EEEE, d MMMM yy 'o''clock'"), "Friday, 20 November 26 o'clock");
        assert_eq!(styled("yesterday", short), "yesterday");
    }
}
