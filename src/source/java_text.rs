//! Texts that Java makes of numbers and dates; changelog attributes receive them (changelog-formats §4.2).

/// `Double.toString`: the shortest digits that give the number back, at least one fraction digit; the E form from
/// 10^7 on and below 10^-3.
pub fn double(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value < 0.0 { "-Infinity" } else { "Infinity" }.to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let value = value.abs();
    if value == 0.0 {
        return format!("{sign}0.0");
    }
    let mut scientific = format!("{value:e}");
    if !scientific.contains('.') {
        // Java takes the nearest number of two digits where one digit would do; that differs only for 4.9E-324.
        let two = format!("{value:.1e}");
        if two.parse() == Ok(value) {
            scientific = two;
        }
    }
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if !(-3..7).contains(&exponent) {
        return format!("{sign}{whole}.{fraction}E{exponent}");
    }
    let fraction = fraction.trim_end_matches('0');
    if exponent < 0 {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
        return format!("{sign}0.{zeros}{whole}{fraction}");
    }
    let exponent = usize::try_from(exponent).unwrap_or(0);
    let digits = format!("{whole}{fraction:0<exponent$}");
    let (whole, fraction) = digits.split_at_checked(exponent + 1).unwrap_or((&digits, ""));
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    format!("{sign}{whole}.{fraction}")
}

/// First day of the Gregorian calendar in Java, 1582-10-15, in days since 1970-01-01.
const GREGORIAN: i64 = -141_427;

/// Days since 1970-01-01 of a date; months and days out of range roll over, and dates before 1582-10-15 count in
/// the Julian calendar, as in Java's lenient calendar.
pub fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = year + (month - 1).div_euclid(12);
    let month = (month - 1).rem_euclid(12) + 1;
    // Years that begin in March, so that the leap day is the last one.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = y * 365 + y.div_euclid(4) + (m * 153 + 2) / 5 + day - 1;
    let gregorian = days - y.div_euclid(100) + y.div_euclid(400) - 719_468;
    if gregorian >= GREGORIAN { gregorian } else { days - 719_470 }
}

/// Year, month and day of a number of days since 1970-01-01; the inverse of [`day_number`].
pub fn civil(day: i64) -> (i64, i64, i64) {
    // Whole years that begin in March, and the day in the year.
    let (year, of_year) = if day >= GREGORIAN {
        let z = day + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        (era * 400 + yoe, doe - (365 * yoe + yoe / 4 - yoe / 100))
    } else {
        let z = day + 719_470;
        let era = z.div_euclid(1461);
        let doe = z.rem_euclid(1461);
        let yoe = (doe - doe / 1460) / 365;
        (era * 4 + yoe, doe - 365 * yoe)
    };
    let m = (5 * of_year + 2) / 153;
    let dom = of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    (if month <= 2 { year + 1 } else { year }, month, dom)
}

/// `Date.toString` in UTC of a day and the second in it: `Wed Jan 01 00:00:00 UTC 2020`.
pub fn date(day: i64, second: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, dom) = civil(day);
    let name = |names: &[&'static str], at: i64| usize::try_from(at).ok().and_then(|at| names.get(at).copied()).unwrap_or_default();
    let (weekday, month) = (name(&DAYS, day.rem_euclid(7)), name(&MONTHS, month - 1));
    let (h, m, s) = (second / 3600, second / 60 % 60, second % 60);
    format!("{weekday} {month} {dom:02} {h:02}:{m:02}:{s:02} UTC {year}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_written_as_java_does() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (100.0, "100.0"),
            (123.456, "123.456"),
            (1_000_000.0, "1000000.0"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (0.001, "0.001"),
            (0.0015, "0.0015"),
            (0.000_999, "9.99E-4"),
            (-2.5e-9, "-2.5E-9"),
            (1e23, "1.0E23"),
            (f64::MAX, "1.7976931348623157E308"),
            (5e-324, "4.9E-324"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(double(value), text);
        }
    }

    #[test]
    fn days_and_dates() {
        for (y, m, d, day) in
            [(1970, 1, 1, 0), (2020, 2, 29, 18_321), (1969, 12, 31, -1), (1582, 10, 15, GREGORIAN), (1582, 10, 4, GREGORIAN - 1)]
        {
            assert_eq!(day_number(y, m, d), day);
            assert_eq!(civil(day), (y, m, d));
        }
        assert_eq!(day_number(2020, 13, 1), day_number(2021, 1, 1));
        assert_eq!(day_number(2021, 2, 29), day_number(2021, 3, 1));
        assert_eq!(date(18_262, 0), "Wed Jan 01 00:00:00 UTC 2020");
        assert_eq!(date(day_number(1, 1, 1), 0), "Sat Jan 01 00:00:00 UTC 1");
        for day in (-800_000..800_000).step_by(37) {
            let (y, m, d) = civil(day);
            assert_eq!(day_number(y, m, d), day);
        }
    }
}
