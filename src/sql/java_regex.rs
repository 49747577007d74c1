//! Regular expressions in Java's syntax, as `regExpReplace` takes them, on the `regex` crate.
//!
//! The two differ in what their classes mean (Java's `\d`, `\w`, `\s` and `\p{Alpha}` are ASCII), in a few escapes, and
//! in what they have at all: look-around, back-references, atomic groups and possessive quantifiers are refused here.

use regex::{Captures, Regex, RegexBuilder};
use std::iter::Peekable;
use std::str::Chars;

/// A pattern with its replacement.
#[derive(Debug, Clone)]
pub struct JavaRegex {
    source: String,
    written_replacement: String,
    regex: Regex,
    replacement: Vec<Piece>,
}

impl PartialEq for JavaRegex {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.written_replacement == other.written_replacement
    }
}

/// A part of a replacement.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Literal(String),
    Group(usize),
    Named(String),
}

impl JavaRegex {
    /// Translates a pattern and its replacement (`$1`, `${name}`, `\$`).
    ///
    /// # Errors
    /// When the pattern is wrong, or has what cannot be had here; when the replacement names a group that the
    /// pattern does not have.
    pub fn new(pattern: &str, replacement: &str) -> Result<JavaRegex, String> {
        let translated = Translator { rest: pattern.chars().peekable(), out: String::new() }.run()?;
        // Java's dot does not match a carriage return either.
        let regex = RegexBuilder::new(&translated)
            .crlf(true)
            .build()
            .map_err(|e| format!("the regular expression `{pattern}` is wrong: {}", last_line(&e.to_string())))?;
        let pieces = pieces(replacement, &regex)?;
        Ok(JavaRegex { source: pattern.to_owned(), written_replacement: replacement.to_owned(), regex, replacement: pieces })
    }

    /// Replaces every match, as Java's `replaceAll` does.
    pub fn replace_all(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        let mut from = 0;
        while let Some(captures) = self.regex.captures_at(text, from) {
            let Some(whole) = captures.get(0) else { break };
            out.push_str(&text[copied..whole.start()]);
            self.expand(&captures, &mut out);
            copied = whole.end();
            // An empty match may stand right behind a match; only the next search after an empty one moves on.
            from = whole.end();
            if whole.is_empty() {
                match text[from..].chars().next() {
                    Some(c) => from += c.len_utf8(),
                    None => break,
                }
            }
        }
        out.push_str(&text[copied..]);
        out
    }

    fn expand(&self, captures: &Captures<'_>, out: &mut String) {
        for piece in &self.replacement {
            out.push_str(match piece {
                Piece::Literal(text) => text,
                Piece::Group(number) => captures.get(*number).map_or("", |m| m.as_str()),
                Piece::Named(name) => captures.name(name).map_or("", |m| m.as_str()),
            });
        }
    }
}

/// The last line of an error of the crate, which says what is wrong; the lines before point at the translation.
fn last_line(error: &str) -> &str {
    error.lines().last().unwrap_or(error).trim_start_matches("error: ")
}

fn pieces(replacement: &str, regex: &Regex) -> Result<Vec<Piece>, String> {
    let groups = regex.captures_len() - 1;
    let mut out = Vec::new();
    let mut literal = String::new();
    let mut chars = replacement.chars().peekable();
    while let Some(c) = chars.next() {
        let piece = match c {
            '\\' => {
                literal.push(chars.next().ok_or("the replacement ends in a backslash that escapes nothing")?);
                continue;
            }
            '$' => match chars.next() {
                Some('{') => {
                    let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                    if !regex.capture_names().flatten().any(|n| n == name) {
                        return Err(format!("the pattern has no group named `{name}`"));
                    }
                    Piece::Named(name)
                }
                Some(digit) if digit.is_ascii_digit() => {
                    let mut number = digit.to_digit(10).unwrap_or(0) as usize;
                    // Further digits belong to the number as long as there is such a group.
                    while let Some(next) = chars.peek().and_then(|c| c.to_digit(10)) {
                        let longer = number * 10 + next as usize;
                        if longer > groups {
                            break;
                        }
                        number = longer;
                        chars.next();
                    }
                    if number > groups {
                        return Err(format!("the pattern has no group {number}"));
                    }
                    Piece::Group(number)
                }
                _ => return Err("a `$` in the replacement must name a group; write `\\$` for the character".to_owned()),
            },
            other => {
                literal.push(other);
                continue;
            }
        };
        if !literal.is_empty() {
            out.push(Piece::Literal(std::mem::take(&mut literal)));
        }
        out.push(piece);
    }
    if !literal.is_empty() {
        out.push(Piece::Literal(literal));
    }
    Ok(out)
}

struct Translator<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
}

impl Translator<'_> {
    fn run(mut self) -> Result<String, String> {
        // How many brackets are open: inside, most characters mean themselves.
        let mut classes = 0usize;
        while let Some(c) = self.rest.next() {
            match c {
                '\\' => self.escape()?,
                '[' => {
                    classes += 1;
                    self.out.push('[');
                }
                ']' if classes > 0 => {
                    classes -= 1;
                    self.out.push(']');
                }
                // Doubled, these are set operations of the crate, but plain characters in Java.
                '-' | '~' if classes > 0 && self.rest.peek() == Some(&c) => {
                    self.rest.next();
                    self.out.push_str(if c == '-' { "-\\-" } else { "\\~\\~" });
                }
                '(' if classes == 0 => self.group()?,
                '*' | '+' | '?' | '}' if classes == 0 => {
                    self.out.push(c);
                    if self.rest.peek() == Some(&'+') {
                        return Err(unsupported("possessive quantifiers"));
                    }
                    if self.rest.peek() == Some(&'?') {
                        self.rest.next();
                        self.out.push('?');
                    }
                }
                other => self.out.push(other),
            }
        }
        Ok(self.out)
    }

    /// What follows an opening parenthesis.
    fn group(&mut self) -> Result<(), String> {
        self.out.push('(');
        if self.rest.peek() != Some(&'?') {
            return Ok(());
        }
        self.rest.next();
        self.out.push('?');
        match self.rest.peek() {
            Some('=' | '!') => Err(unsupported("look-ahead")),
            Some('>') => Err(unsupported("atomic groups")),
            Some('<') => {
                self.rest.next();
                if matches!(self.rest.peek(), Some('=' | '!')) {
                    return Err(unsupported("look-behind"));
                }
                self.out.push('<');
                Ok(())
            }
            _ => self.flags(),
        }
    }

    /// `(?im-s)` and `(?im-s:`.
    fn flags(&mut self) -> Result<(), String> {
        let start = self.out.len();
        while let Some(c) = self.rest.peek().copied() {
            match c {
                'i' | 'm' | 's' | 'x' | '-' => self.out.push(c),
                // Letter case is compared by Unicode in any case.
                'u' => {}
                'd' => return Err(unsupported("the flag `d`")),
                'U' => return Err(unsupported("the flag `U`")),
                _ => break,
            }
            self.rest.next();
        }
        let flags = self.out.split_off(start);
        let trimmed = flags.trim_end_matches('-');
        self.out.push_str(trimmed);
        if trimmed.is_empty() && self.rest.peek() == Some(&')') {
            // `(?u)` alone: an empty group takes its place.
            self.out.push(':');
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        let Some(c) = self.rest.next() else { return Err("the regular expression ends in a backslash".to_owned()) };
        let translated = match c {
            'd' => "[0-9]",
            'D' => "[^0-9]",
            'w' => "[A-Za-z0-9_]",
            'W' => "[^A-Za-z0-9_]",
            's' => "[ \\t\\n\\x0B\\f\\r]",
            'S' => "[^ \\t\\n\\x0B\\f\\r]",
            'h' => "[ \\t\\xA0\\x{1680}\\x{180e}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}]",
            'v' => "[\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}]",
            'R' => "(?:\\r\\n|[\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}])",
            'e' => "\\x1B",
            // The end of the text; Java also lets it stand before a final line end.
            'Z' => "\\z",
            'Q' => return self.quotation(),
            '0' => return self.octal(),
            'c' => {
                let Some(control) = self.rest.next() else { return Err("`\\c` needs a character".to_owned()) };
                self.out.push_str(&format!("\\x{{{:x}}}", u32::from(control) ^ 64));
                return Ok(());
            }
            'p' | 'P' => return self.property(c == 'P'),
            'k' | '1'..='9' => return Err(unsupported("back-references")),
            'G' | 'X' | 'N' => return Err(unsupported(&format!("`\\{c}`"))),
            'a' | 'b' | 'B' | 'A' | 'f' | 'n' | 'r' | 't' | 'u' | 'x' | 'z' => {
                self.out.push('\\');
                self.out.push(c);
                return Ok(());
            }
            letter if letter.is_ascii_alphabetic() => return Err(format!("`\\{letter}` has no meaning in a regular expression")),
            other => {
                self.literal(other);
                return Ok(());
            }
        };
        self.out.push_str(translated);
        Ok(())
    }

    fn literal(&mut self, c: char) {
        if c.is_ascii() && !c.is_ascii_alphanumeric() {
            self.out.push_str(&format!("\\x{{{:x}}}", u32::from(c)));
        } else {
            self.out.push(c);
        }
    }

    /// `\Q…\E`.
    fn quotation(&mut self) -> Result<(), String> {
        while let Some(c) = self.rest.next() {
            if c == '\\' && self.rest.peek() == Some(&'E') {
                self.rest.next();
                return Ok(());
            }
            self.literal(c);
        }
        Ok(())
    }

    /// `\0n`, `\0nn`, `\0mnn`.
    fn octal(&mut self) -> Result<(), String> {
        let mut value = 0u32;
        let mut digits = 0;
        while digits < 3 {
            let Some(digit) = self.rest.peek().and_then(|c| c.to_digit(8)) else { break };
            if value * 8 + digit > 0o377 {
                break;
            }
            value = value * 8 + digit;
            digits += 1;
            self.rest.next();
        }
        if digits == 0 {
            return Err("`\\0` needs an octal number".to_owned());
        }
        self.out.push_str(&format!("\\x{{{value:x}}}"));
        Ok(())
    }

    /// `\p{Name}` and `\pL`.
    fn property(&mut self, negated: bool) -> Result<(), String> {
        let name: String = match self.rest.next() {
            Some('{') => self.rest.by_ref().take_while(|c| *c != '}').collect(),
            Some(one) => one.to_string(),
            None => return Err("`\\p` needs a name".to_owned()),
        };
        let posix = match name.as_str() {
            "Lower" => Some("a-z"),
            "Upper" => Some("A-Z"),
            "ASCII" => Some("\\x00-\\x7F"),
            "Alpha" => Some("a-zA-Z"),
            "Digit" => Some("0-9"),
            "Alnum" => Some("a-zA-Z0-9"),
            "Punct" => Some("!-/:-@\\[-`{-~"),
            "Graph" => Some("!-~"),
            "Print" => Some(" -~"),
            "Blank" => Some(" \\t"),
            "Cntrl" => Some("\\x00-\\x1F\\x7F"),
            "XDigit" => Some("0-9a-fA-F"),
            "Space" => Some(" \\t\\n\\x0B\\f\\r"),
            _ => None,
        };
        if let Some(posix) = posix {
            self.out.push_str(if negated { "[^" } else { "[" });
            self.out.push_str(posix);
            self.out.push(']');
            return Ok(());
        }
        if name.starts_with("java") || name.starts_with("In") {
            return Err(unsupported(&format!("`\\p{{{name}}}`")));
        }
        let name = name.strip_prefix("Is").unwrap_or(&name);
        self.out.push_str(&format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' }));
        Ok(())
    }
}

fn unsupported(what: &str) -> String {
    format!("the regular expression uses {what}, which is not supported; write the change as `sql` or use another pattern")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(pattern: &str, with: &str, text: &str) -> String {
        match JavaRegex::new(pattern, with) {
            Ok(regex) => regex.replace_all(text),
            Err(e) => format!("error: {e}"),
        }
    }

    #[test]
    fn groups_in_the_replacement() {
        assert_eq!(replaced("\\(.*\\)", "(x)", "CREATE TABLE a (id INTEGER)"), "CREATE TABLE a (x)");
        assert_eq!(replaced("(\\w+) (\\w+)", "$2 $1", "a b"), "b a");
        assert_eq!(replaced("(?<k>a)", "${k}${k}", "ab"), "aab");
        // The second digit is no part of the number when there is no such group.
        assert_eq!(replaced("(a)", "$12", "a"), "a2");
        assert_eq!(replaced("a", "\\$1", "a"), "$1");
        assert!(replaced("a", "$1", "a").starts_with("error: the pattern has no group 1"));
        assert!(replaced("a", "$", "a").starts_with("error: "));
    }

    #[test]
    fn empty_matches_behind_a_match_count() {
        assert_eq!(replaced(".*", "x", "abc"), "xx");
        assert_eq!(replaced("x*", "-", "xab"), "--a-b-");
        assert_eq!(replaced("x*", "-", "é"), "-é-");
        assert_eq!(replaced("", "-", ""), "-");
    }

    #[test]
    fn classes_are_ascii() {
        assert_eq!(replaced("\\d", "#", "1\u{0663}"), "#\u{0663}");
        assert_eq!(replaced("\\w", "#", "aé"), "#é");
        assert_eq!(replaced("\\p{Upper}", "#", "AÉ"), "#É");
        assert_eq!(replaced("[\\d-]", "#", "1-a"), "##a");
        assert_eq!(replaced("\\p{IsAlphabetic}", "#", "é1"), "#1");
        assert_eq!(replaced("a.b", "#", "a\rb"), "a\rb");
    }

    #[test]
    fn quotations_and_escapes() {
        assert_eq!(replaced("\\Qa.b(\\E+", "#", "a.b(("), "#");
        assert_eq!(replaced("\\<a\\>", "#", "<a>"), "#");
        assert_eq!(replaced("a\\ b", "#", "a b"), "#");
        assert_eq!(replaced("\\0101", "#", "A"), "#");
        assert_eq!(replaced("\\u0041", "#", "A"), "#");
        assert_eq!(replaced("(?i)abc", "#", "ABC"), "#");
        assert_eq!(replaced("(?iu)abc", "#", "ABC"), "#");
        assert_eq!(replaced("a{2}?", "#", "aaa"), "#a");
    }

    #[test]
    fn what_cannot_be_had_is_told() {
        for (pattern, what) in [
            ("(?=a)", "look-ahead"),
            ("(?<!a)b", "look-behind"),
            ("(?>a)", "atomic groups"),
            ("a*+", "possessive quantifiers"),
            ("a{2}+", "possessive quantifiers"),
            ("(a)\\1", "back-references"),
            ("\\p{javaLowerCase}", "`\\p{javaLowerCase}`"),
        ] {
            let expected = format!("error: the regular expression uses {what}, which is not supported");
            assert!(replaced(pattern, "", "a").starts_with(&expected), "{pattern}: {}", replaced(pattern, "", "a"));
        }
        assert!(replaced("(", "", "a").contains("is wrong: "));
    }
}
