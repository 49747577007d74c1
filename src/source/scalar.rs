//! What an unquoted YAML scalar means: the rules of YAML 1.1 as SnakeYAML applies them (changelog-formats §4.2).
//!
//! The text of a [`Scalar`] is what Liquibase's string attributes receive: `1.10` is `1.1`, `0123` is `83`,
//! `yes` is `true`. Checksums, ids and authors depend on it.

use super::java_text;
use super::node::{Scalar, ScalarKind};
use crate::span::Span;

/// Longest text that is tried as a number.
const MAX_NUMBER: usize = 1024;
/// Longest text that is tried as a date.
const MAX_DATE: usize = 50;

/// What a plain scalar is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain {
    /// No value: empty, `~`, `null`.
    Null,
    /// A value whose text differs from what is written, or is of another kind than text.
    Typed(ScalarKind, String, Option<Box<str>>),
    /// Text as it is written.
    Text,
}

/// The scalar that a plain (unquoted) text is; `None` is null.
pub fn plain(text: &str, span: Span) -> Option<Scalar> {
    match classify(text) {
        Plain::Null => None,
        Plain::Text => Some(Scalar::text(text, span)),
        Plain::Typed(kind, text, iso) => Some(Scalar { text, kind, iso, span }),
    }
}

/// The scalar that a text with an explicit tag is (`!!int "5"`); the error says what the tag does not fit.
pub fn tagged(tag: &str, text: &str, span: Span) -> Result<Option<Scalar>, String> {
    let typed = match tag {
        "str" => return Ok(Some(Scalar::text(text, span))),
        "null" => return Ok(None),
        "bool" => boolean(&text.to_lowercase()),
        "int" => integer(text),
        "float" => float(text).or_else(|| whole_float(text)),
        "timestamp" => date(text),
        other => return Err(format!("the tag !!{other} is not allowed here")),
    };
    match typed {
        Some(Plain::Typed(kind, text, iso)) => Ok(Some(Scalar { text, kind, iso, span })),
        _ => Err(format!("'{text}' is no {tag}")),
    }
}

/// A float that is written as a whole number, base 60 included.
fn whole_float(text: &str) -> Option<Plain> {
    let Plain::Typed(_, number, _) = integer(text)? else { return None };
    let text = if text.contains(':') { number } else { text.replace('_', "") };
    text.parse().ok().map(real)
}

/// What a plain text is: the first rule that fits the whole text wins.
pub fn classify(text: &str) -> Plain {
    let Some(first) = text.bytes().next() else { return Plain::Null };
    match first {
        b'~' if text == "~" => return Plain::Null,
        b'n' | b'N' if matches!(text, "null" | "Null" | "NULL") => return Plain::Null,
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => return boolean(text).unwrap_or(Plain::Text),
        b'0'..=b'9' | b'+' | b'-' | b'.' => {}
        _ => return Plain::Text,
    }
    let number = if text.len() <= MAX_NUMBER { integer(text).or_else(|| float(text)) } else { None };
    number.or_else(|| if text.len() <= MAX_DATE { date(text) } else { None }).unwrap_or(Plain::Text)
}

fn boolean(text: &str) -> Option<Plain> {
    let value = match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => "true",
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => "false",
        _ => return None,
    };
    Some(Plain::Typed(ScalarKind::Bool, value.to_owned(), None))
}

/// Splits an optional sign off.
fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Whether a text is made of these digits and underscores, with at least one digit.
fn digits(text: &str, of: impl Fn(u8) -> bool) -> bool {
    text.bytes().any(&of) && text.bytes().all(|b| b == b'_' || of(b))
}

/// Whether a text is a digit, then digits and underscores.
fn decimal(text: &str) -> bool {
    text.bytes().next().is_some_and(|b| b.is_ascii_digit()) && digits(text, |b| b.is_ascii_digit())
}

/// Whether these are groups of a base 60 number after the first one: one or two digits below 60 each.
fn sexagesimal<'a>(mut groups: impl Iterator<Item = &'a str>) -> bool {
    groups.all(|g| match g.as_bytes() {
        [b] => b.is_ascii_digit(),
        [a, b] => (b'0'..=b'5').contains(a) && b.is_ascii_digit(),
        _ => false,
    })
}

fn integer(text: &str) -> Option<Plain> {
    let (negative, body) = signed(text);
    let value = if let Some(binary) = body.strip_prefix("0b").filter(|b| digits(b, |b| matches!(b, b'0' | b'1'))) {
        to_decimal(binary, 2)
    } else if let Some(hex) = body.strip_prefix("0x").filter(|h| digits(h, |b| b.is_ascii_hexdigit())) {
        to_decimal(hex, 16)
    } else if let Some(octal) = body.strip_prefix('0') {
        if octal.is_empty() {
            "0".to_owned()
        } else if digits(octal, |b| (b'0'..=b'7').contains(&b)) {
            to_decimal(octal, 8)
        } else {
            return None;
        }
    } else if decimal(body) {
        body.replace('_', "")
    } else {
        let mut groups = body.split(':');
        let first = groups.next()?;
        if !decimal(first) || body.len() == first.len() || !sexagesimal(groups) {
            return None;
        }
        // SnakeYAML adds up in 32 bits and wraps; a first group beyond 64 bits is an error there, text here.
        let mut value: i32 = 0;
        let mut place: i32 = 1;
        for group in body.rsplit(':') {
            let digits: i64 = group.replace('_', "").parse().ok()?;
            value = i64::from(value).wrapping_add(digits.wrapping_mul(i64::from(place))) as i32;
            place = place.wrapping_mul(60);
        }
        let value = if negative { value.wrapping_neg() } else { value };
        return Some(Plain::Typed(ScalarKind::Int, value.to_string(), None));
    };
    let value = if negative && value != "0" { format!("-{value}") } else { value };
    Some(Plain::Typed(ScalarKind::Int, value, None))
}

/// The decimal form of a number in another base, of any size; underscores are skipped.
fn to_decimal(text: &str, base: u64) -> String {
    const LIMB: u64 = 1_000_000_000;
    let mut limbs: Vec<u64> = Vec::new();
    for digit in text.bytes().filter_map(|b| char::from(b).to_digit(16)) {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            let value = *limb * base + carry;
            *limb = value % LIMB;
            carry = value / LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut limbs = limbs.iter().rev();
    let mut out = limbs.next().map_or_else(|| "0".to_owned(), u64::to_string);
    for limb in limbs {
        out.push_str(&format!("{limb:09}"));
    }
    out
}

fn real(value: f64) -> Plain {
    Plain::Typed(ScalarKind::Float, java_text::double(value), None)
}

fn float(text: &str) -> Option<Plain> {
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(real(f64::NAN));
    }
    let (negative, body) = signed(text);
    let sign = if negative { -1.0 } else { 1.0 };
    if matches!(body, ".inf" | ".Inf" | ".INF") {
        return Some(real(sign * f64::INFINITY));
    }
    if body.contains(':') {
        let (whole, fraction) = body.split_once('.')?;
        let mut groups = whole.split(':');
        if !decimal(groups.next()?) || !sexagesimal(groups) || !fraction.bytes().all(|b| b == b'_' || b.is_ascii_digit()) {
            return None;
        }
        let mut value = 0.0;
        let mut place = 1.0;
        for group in body.replace('_', "").rsplit(':') {
            value += group.parse::<f64>().ok()? * place;
            place *= 60.0;
        }
        return Some(real(sign * value));
    }
    let (mantissa, exponent) = match body.find(['e', 'E']) {
        Some(at) => (body.get(..at)?, body.get(at + 1..)),
        None => (body, None),
    };
    if let Some(exponent) = exponent {
        let (_, digits) = signed(exponent);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
    }
    let fraction_digits = |f: &str| f.bytes().all(|b| b == b'_' || b.is_ascii_digit());
    let fits = match mantissa.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && fraction_digits(fraction),
        Some((whole, fraction)) => decimal(whole) && fraction_digits(fraction),
        None => exponent.is_some() && decimal(mantissa),
    };
    if !fits {
        return None;
    }
    body.replace('_', "").parse::<f64>().ok().map(|v| real(sign * v))
}

/// The parts of a date that the rule for dates accepts.
struct DateParts {
    year: i64,
    month: i64,
    day: i64,
    /// Hour, minute and second; none for a mere date.
    time: Option<(i64, i64, i64)>,
    /// Minutes east of Greenwich, when an offset other than `Z` is written.
    offset: Option<i64>,
}

fn date(text: &str) -> Option<Plain> {
    let parts = date_parts(text)?;
    let day = java_text::day_number(parts.year, parts.month, parts.day);
    let Some((hour, minute, second)) = parts.time else {
        let (year, month, dom) = java_text::civil(day);
        let iso = format!("{year:04}-{month:02}-{dom:02}T00:00:00");
        return Some(Plain::Typed(ScalarKind::Date, java_text::date(day, 0), Some(iso.into())));
    };
    let seconds = hour * 3600 + minute * 60 + second;
    match parts.offset {
        // Without an offset the local time is kept, as text, and the fraction is dropped.
        None => {
            let (day, seconds) = (day + seconds.div_euclid(86400), seconds.rem_euclid(86400));
            let (year, month, dom) = java_text::civil(day);
            let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
            let text = format!("{year:04}-{month:02}-{dom:02} {h:02}:{m:02}:{s:02}");
            Some(Plain::Typed(ScalarKind::Text, text, None))
        }
        Some(offset) => {
            let seconds = seconds - offset * 60;
            let (day, seconds) = (day + seconds.div_euclid(86400), seconds.rem_euclid(86400));
            Some(Plain::Typed(ScalarKind::Text, java_text::date(day, seconds), None))
        }
    }
}

fn date_parts(text: &str) -> Option<DateParts> {
    let number = |t: &str, least: usize, most: usize| {
        let fits = (least..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| t.parse::<i64>().ok()).flatten()
    };
    let (year, rest) = text.split_once('-')?;
    let year = number(year, 4, 4)?;
    let (month, rest) = rest.split_once('-')?;
    if let (2, Some(day)) = (month.len(), number(rest, 2, 2)) {
        return Some(DateParts { year, month: number(month, 2, 2)?, day, time: None, offset: None });
    }
    let month = number(month, 1, 2)?;
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    let day = number(rest.get(..end)?, 1, 2)?;
    let rest = rest.get(end..)?;
    let blanks = |t: &str| t.len() - t.trim_start_matches([' ', '\t']).len();
    let rest = match rest.strip_prefix(['T', 't']) {
        Some(rest) => rest,
        None if blanks(rest) > 0 => rest.get(blanks(rest)..)?,
        None => return None,
    };
    let (hour, rest) = rest.split_once(':')?;
    let (minute, rest) = rest.split_once(':')?;
    let second = rest.get(..2)?;
    let (hour, minute, mut second) = (number(hour, 1, 2)?, number(minute, 2, 2)?, number(second, 2, 2)?);
    let mut rest = rest.get(2..)?;
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        let fraction = fraction.get(..fraction.len() - rest.len())?;
        // The fraction is rounded to milliseconds, in binary floating point, and that may carry.
        let exact: f64 = format!("{second}.{fraction}0").parse().ok()?;
        if ((exact - exact.floor()) * 1000.0).round() >= 1000.0 {
            second += 1;
        }
    }
    let time = Some((hour, minute, second));
    if rest.is_empty() {
        return Some(DateParts { year, month, day, time, offset: None });
    }
    let zone = rest.get(blanks(rest)..)?;
    let offset = match zone.as_bytes().first()? {
        b'Z' if zone.len() == 1 => None,
        sign @ (b'+' | b'-') => {
            let (hours, minutes) = match zone.get(1..)?.split_once(':') {
                Some((h, m)) => (number(h, 1, 2)?, number(m, 2, 2)?),
                None => (number(zone.get(1..)?, 1, 2)?, 0),
            };
            let minutes = hours * 60 + minutes;
            Some(if *sign == b'-' { -minutes } else { minutes })
        }
        _ => return None,
    };
    Some(DateParts { year, month, day, time, offset })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::FileId;
    use ScalarKind::{Bool, Date, Float, Int, Text};

    fn of(text: &str) -> Option<(ScalarKind, String)> {
        plain(text, Span::new(FileId(0), 0, 0)).map(|s| (s.kind, s.text))
    }

    /// Every row of the table in changelog-formats §4.2, and the values of `y1.yaml` in checksums §11.
    #[test]
    fn the_table_of_plain_scalars() {
        let rows: &[(&str, ScalarKind, &str)] = &[
            ("1.10", Float, "1.1"),
            ("1.50", Float, "1.5"),
            ("1.0", Float, "1.0"),
            (".5", Float, "0.5"),
            ("0.", Float, "0.0"),
            ("1e3", Float, "1000.0"),
            ("1.0e+3", Float, "1000.0"),
            ("1.e+3", Float, "1000.0"),
            ("12345678.5", Float, "1.23456785E7"),
            ("1.0E7", Float, "1.0E7"),
            ("0.00001", Float, "1.0E-5"),
            ("4.9e-10", Float, "4.9E-10"),
            ("123456789.123456789", Float, "1.2345678912345679E8"),
            (".inf", Float, "Infinity"),
            ("-.inf", Float, "-Infinity"),
            (".nan", Float, "NaN"),
            ("1e400", Float, "Infinity"),
            ("123", Int, "123"),
            ("12345678", Int, "12345678"),
            ("+5", Int, "5"),
            ("-0", Int, "0"),
            ("100000000000000000000", Int, "100000000000000000000"),
            ("0123", Int, "83"),
            ("00", Int, "0"),
            ("01", Int, "1"),
            ("09", Text, "09"),
            ("0o17", Text, "0o17"),
            ("0x1F", Int, "31"),
            ("0x10", Int, "16"),
            ("0b101", Int, "5"),
            ("1_000", Int, "1000"),
            ("1_0", Int, "10"),
            ("1_000.5", Float, "1000.5"),
            ("12:30:45", Int, "45045"),
            ("1:30", Int, "90"),
            ("10:20:30", Int, "37230"),
            ("04:05:06", Text, "04:05:06"),
            ("0:30", Text, "0:30"),
            ("190:20:30.15", Float, "685230.15"),
            ("yes", Bool, "true"),
            ("True", Bool, "true"),
            ("ON", Bool, "true"),
            ("no", Bool, "false"),
            ("off", Bool, "false"),
            ("FALSE", Bool, "false"),
            ("y", Text, "y"),
            ("n", Text, "n"),
            ("Y", Text, "Y"),
            ("N", Text, "N"),
            ("tRue", Text, "tRue"),
            ("2020-01-01", Date, "Wed Jan 01 00:00:00 UTC 2020"),
            ("2020-1-1", Text, "2020-1-1"),
            ("2020-01-01T10:20:30", Text, "2020-01-01 10:20:30"),
            ("2020-01-01 10:20:30.5", Text, "2020-01-01 10:20:30"),
            ("2020-01-01T10:20:30Z", Text, "2020-01-01 10:20:30"),
            ("2020-01-01T10:20:30+02:00", Text, "Wed Jan 01 08:20:30 UTC 2020"),
            ("=", Text, "="),
            ("now()", Text, "now()"),
            ("1.2.3", Text, "1.2.3"),
            ("-", Text, "-"),
            ("+", Text, "+"),
            (".", Text, "."),
            ("1e", Text, "1e"),
            ("1:60", Text, "1:60"),
            ("0x", Text, "0x"),
            ("_1", Text, "_1"),
        ];
        for (text, kind, expected) in rows {
            assert_eq!(of(text), Some((*kind, (*expected).to_owned())), "{text}");
        }
        for text in ["null", "Null", "NULL", "~", ""] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    /// Rows beyond the table, from a run of the reader that Liquibase 4.28 has.
    #[test]
    fn odd_plain_scalars() {
        let rows: &[(&str, ScalarKind, &str)] = &[
            ("2020-01-01T10:20:30+2", Text, "Wed Jan 01 08:20:30 UTC 2020"),
            ("2020-01-01T10:20:30-5", Text, "Wed Jan 01 15:20:30 UTC 2020"),
            ("2020-01-01T10:20:30+02:30", Text, "Wed Jan 01 07:50:30 UTC 2020"),
            ("2020-01-01T10:20:30.123456789012345+03:30", Text, "Wed Jan 01 06:50:30 UTC 2020"),
            ("2020-01-01T25:61:61", Text, "2020-01-02 02:02:01"),
            ("2020-1-1 1:02:03 Z", Text, "2020-01-01 01:02:03"),
            ("2020-01-01T10:20:30.999999999Z", Text, "2020-01-01 10:20:31"),
            ("2020-01-01T10:20:59.9995", Text, "2020-01-01 10:20:59"),
            ("2020-13-45", Date, "Sun Feb 14 00:00:00 UTC 2021"),
            ("0001-01-01", Date, "Sat Jan 01 00:00:00 UTC 1"),
            ("1500-02-29", Date, "Sat Feb 29 00:00:00 UTC 1500"),
            ("1:99999999999", Text, "1:99999999999"),
            ("99999999999:59", Int, "-69312513"),
            ("5000000:10:10:10", Int, "1963245314"),
            ("-1:30", Int, "-90"),
            ("1_e3", Float, "1000.0"),
            ("-.5", Float, "-0.5"),
            ("4.9e-324", Float, "4.9E-324"),
            ("2e-3", Float, "0.002"),
            ("0_7", Int, "7"),
            ("0b_1", Int, "1"),
            ("-0x1F", Int, "-31"),
            ("-1:30.5", Float, "-90.5"),
            ("01:30.5", Float, "90.5"),
            ("+.inf", Float, "Infinity"),
            ("+1.5", Float, "1.5"),
            ("-0.0", Float, "-0.0"),
            ("1.5E400", Float, "Infinity"),
            ("0x_", Text, "0x_"),
            ("0777777777777777777777777", Int, "4722366482869645213695"),
        ];
        for (text, kind, expected) in rows {
            assert_eq!(of(text), Some((*kind, (*expected).to_owned())), "{text}");
        }
    }

    #[test]
    fn a_date_keeps_its_iso_form() {
        let date = plain("2020-01-01", Span::new(FileId(0), 0, 0)).and_then(|s| s.iso);
        assert_eq!(date.as_deref(), Some("2020-01-01T00:00:00"));
    }

    #[test]
    fn large_numbers_of_other_bases_are_exact() {
        assert_eq!(of("0xffffffffffffffffffff"), Some((Int, "1208925819614629174706175".into())));
        assert_eq!(of("-0x8000_0000_0000_0000"), Some((Int, "-9223372036854775808".into())));
        assert_eq!(of("0b1_0"), Some((Int, "2".into())));
        let long = "1".repeat(1025);
        assert_eq!(of(&long), Some((Text, long.clone())));
        let fits = "1".repeat(1024);
        assert_eq!(of(&fits), Some((Int, fits.clone())));
    }

    #[test]
    fn tags_force_a_type() {
        let at = Span::new(FileId(0), 0, 0);
        let of = |tag, text| tagged(tag, text, at).map(|s| s.map(|s| (s.kind, s.text)));
        assert_eq!(of("str", "1.10"), Ok(Some((Text, "1.10".into()))));
        assert_eq!(of("int", "010"), Ok(Some((Int, "8".into()))));
        assert_eq!(of("float", "1"), Ok(Some((Float, "1.0".into()))));
        assert_eq!(of("float", "1:30"), Ok(Some((Float, "90.0".into()))));
        assert_eq!(of("bool", "Yes"), Ok(Some((Bool, "true".into()))));
        assert_eq!(of("bool", "yEs"), Ok(Some((Bool, "true".into()))));
        assert_eq!(of("null", "x"), Ok(None));
        assert!(of("int", "x").is_err());
        assert!(of("binary", "x").is_err());
    }
}
