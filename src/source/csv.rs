//! Data files of loadData and loadUpdateData: RFC 4180 with any separator and quote (changes.md §6.1).
//!
//! A field that begins with the quote ends at a quote that a separator or the end of the record follows; two quotes
//! stand for one; it may hold separators and line ends, which become LF. Any other field is taken as it is. Nothing
//! is trimmed, there are no backslash escapes, and an empty line is a record with one empty field. Records are read
//! one by one, in constant memory.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

/// What separates and quotes fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvFormat {
    /// Between fields.
    pub separator: char,
    /// Around fields; without one, no field is quoted.
    pub quote: Option<char>,
}

impl Default for CsvFormat {
    fn default() -> Self {
        CsvFormat { separator: ',', quote: Some('"') }
    }
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number, from 1; the header counts, and so do empty lines.
    pub number: u64,
    /// Its fields; at least one.
    pub fields: Vec<String>,
}

/// Why no more records can be read.
#[derive(Debug)]
pub enum CsvError {
    /// The stream failed.
    Read(io::Error),
    /// A quoted field of that record has no closing quote.
    Unterminated(u64),
    /// That record is longer than the limit in bytes.
    TooLong(u64, usize),
}

impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CsvError::Read(error) => write!(f, "{error}"),
            CsvError::Unterminated(number) => write!(f, "a quoted field of record {number} has no closing quote"),
            CsvError::TooLong(number, limit) => write!(f, "record {number} is longer than {limit} bytes"),
        }
    }
}

impl std::error::Error for CsvError {}

impl From<io::Error> for CsvError {
    fn from(error: io::Error) -> Self {
        CsvError::Read(error)
    }
}

/// The records of a stream of UTF-8 text; see [`super::text::Utf8Stream`] for other encodings.
///
/// Bytes that are no UTF-8 become U+FFFD. After an error there are no more records.
pub struct Records<R> {
    input: BufReader<R>,
    format: CsvFormat,
    limit: usize,
    number: u64,
    ahead: Option<char>,
    /// A byte that was read and begins the next character.
    byte: Option<u8>,
    done: bool,
}

impl<R> fmt::Debug for Records<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("format", &self.format).field("number", &self.number).finish_non_exhaustive()
    }
}

impl<R: Read> Records<R> {
    /// Reads records of a stream; a record longer than `limit` bytes is an error.
    pub fn new(input: R, format: CsvFormat, limit: usize) -> Self {
        let input = BufReader::with_capacity(64 << 10, input);
        Records { input, format, limit, number: 0, ahead: None, byte: None, done: false }
    }

    fn next_byte(&mut self) -> io::Result<Option<u8>> {
        match self.byte.take() {
            Some(byte) => Ok(Some(byte)),
            None => {
                let byte = self.buffered()?.first().copied();
                self.input.consume(usize::from(byte.is_some()));
                Ok(byte)
            }
        }
    }

    /// What was read and not used yet; empty at the end of the stream.
    fn buffered(&mut self) -> io::Result<&[u8]> {
        loop {
            match self.input.fill_buf() {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
                Ok(_) => break,
            }
        }
        self.input.fill_buf()
    }

    /// Takes characters of a field that end nothing, as many as are there in one piece; `is_end` says what may end it.
    fn take_plain(&mut self, field: &mut String, is_end: impl Fn(u8) -> bool) -> io::Result<()> {
        if self.ahead.is_some() || self.byte.is_some() {
            return Ok(());
        }
        let buffered = self.buffered()?;
        let length = buffered.iter().position(|b| !b.is_ascii() || is_end(*b)).unwrap_or(buffered.len());
        let plain = buffered.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        field.push_str(plain);
        let taken = plain.len();
        self.input.consume(taken);
        Ok(())
    }

    fn next_char(&mut self) -> io::Result<Option<char>> {
        if let Some(c) = self.ahead.take() {
            return Ok(Some(c));
        }
        let Some(first) = self.next_byte()? else { return Ok(None) };
        let length = match first {
            0..0x80 => return Ok(Some(char::from(first))),
            0xc2..0xe0 => 2,
            0xe0..0xf0 => 3,
            0xf0..0xf5 => 4,
            _ => return Ok(Some(char::REPLACEMENT_CHARACTER)),
        };
        let mut bytes = vec![first];
        while bytes.len() < length {
            match self.next_byte()? {
                Some(byte @ 0x80..0xc0) => bytes.push(byte),
                other => {
                    self.byte = other;
                    break;
                }
            }
        }
        let decoded = std::str::from_utf8(&bytes).ok().and_then(|s| s.chars().next());
        Ok(Some(decoded.unwrap_or(char::REPLACEMENT_CHARACTER)))
    }

    fn peek(&mut self) -> io::Result<Option<char>> {
        if self.ahead.is_none() {
            self.ahead = self.next_char()?;
        }
        Ok(self.ahead)
    }

    /// Passes over the LF of a CRLF.
    fn after_carriage_return(&mut self) -> io::Result<()> {
        if self.peek()? == Some('\n') {
            self.ahead = None;
        }
        Ok(())
    }

    fn record(&mut self) -> Result<Option<Record>, CsvError> {
        if self.peek()?.is_none() {
            return Ok(None);
        }
        self.number += 1;
        let mut fields = Vec::new();
        let mut size = 0;
        loop {
            let mut field = String::new();
            let quoted = self.format.quote.is_some() && self.peek()? == self.format.quote;
            if quoted {
                self.ahead = None;
                self.quoted(&mut field, size)?;
            }
            // What ends the field; a quoted field has nothing before it.
            let separator = self.format.separator;
            let end = loop {
                self.take_plain(&mut field, |b| matches!(b, b'\n' | b'\r') || char::from(b) == separator)?;
                match self.next_char()? {
                    Some(c) if c == self.format.separator || c == '\n' || c == '\r' => break Some(c),
                    None => break None,
                    Some(c) => field.push(c),
                }
                if size + field.len() > self.limit {
                    return Err(CsvError::TooLong(self.number, self.limit));
                }
            };
            // Also without quotes around it, two quotes are one.
            if let (false, Some(quote)) = (quoted, self.format.quote)
                && field.contains(quote)
            {
                field = field.replace(&String::from_iter([quote, quote]), quote.encode_utf8(&mut [0; 4]));
            }
            size += field.len() + 1;
            fields.push(field);
            if end == Some(self.format.separator) {
                continue;
            }
            if end == Some('\r') {
                self.after_carriage_return()?;
            }
            return Ok(Some(Record { number: self.number, fields }));
        }
    }

    /// Reads a quoted field after its opening quote, up to its closing quote.
    fn quoted(&mut self, field: &mut String, size: usize) -> Result<(), CsvError> {
        let quote = self.format.quote;
        loop {
            self.take_plain(field, |b| b == b'\r' || Some(char::from(b)) == quote)?;
            let Some(c) = self.next_char()? else { return Err(CsvError::Unterminated(self.number)) };
            if Some(c) == quote {
                match self.peek()? {
                    next if next == quote => self.ahead = None,
                    None | Some('\n' | '\r') => return Ok(()),
                    Some(next) if next == self.format.separator => return Ok(()),
                    Some(_) => {}
                }
                field.push(c);
            } else if c == '\r' {
                self.after_carriage_return()?;
                field.push('\n');
            } else {
                field.push(c);
            }
            if size + field.len() > self.limit {
                return Err(CsvError::TooLong(self.number, self.limit));
            }
        }
    }
}

impl<R: Read> Iterator for Records<R> {
    type Item = Result<Record, CsvError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let record = self.record().transpose();
        self.done = !matches!(record, Some(Ok(_)));
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str, format: CsvFormat) -> Result<Vec<Vec<String>>, String> {
        Records::new(text.as_bytes(), format, 1000).map(|r| r.map(|r| r.fields)).collect::<Result<_, _>>().map_err(|e| e.to_string())
    }

    /// Rows checked against the reader of Liquibase 4.28.
    #[test]
    fn records_of_rfc_4180() {
        let rows: &[(&str, &[&[&str]])] = &[
            ("a,b\nc,d\n", &[&["a", "b"], &["c", "d"]]),
            ("a\"b,c\n", &[&["a\"b", "c"]]),
            ("\"a\"\"b\",c\n", &[&["a\"b", "c"]]),
            (" \"a\",b\n", &[&[" \"a\"", "b"]]),
            ("\"a\nb\",c\nd", &[&["a\nb", "c"], &["d"]]),
            ("\"a\r\nb\",c\r\nd\r\n", &[&["a\nb", "c"], &["d"]]),
            ("a,,b,\n", &[&["a", "", "b", ""]]),
            ("\n\na\n\n", &[&[""], &[""], &["a"], &[""]]),
            ("\"\",\"\"\n", &[&["", ""]]),
            ("\"a\"\"\",b\n", &[&["a\"", "b"]]),
            ("a\rb,c\n", &[&["a"], &["b", "c"]]),
            ("\"a\rb\",c\n", &[&["a\nb", "c"]]),
            (",\n", &[&["", ""]]),
            ("\"a\" \"b\",c\n", &[&["a\" \"b", "c"]]),
            ("'a,b','c'\n", &[&["'a", "b'", "'c'"]]),
            ("a,b\"c,d\"e,f\n", &[&["a", "b\"c", "d\"e", "f"]]),
            ("\"\"\"\"\n", &[&["\""]]),
            ("2,b \"\"q\"\"\"\n", &[&["2", "b \"q\"\""]]),
            ("\"a\"\"\n\"\n", &[&["a\"\n"]]),
            ("\"a\"b\"c\",d\n", &[&["a\"b\"c", "d"]]),
            ("", &[]),
        ];
        for (text, expected) in rows {
            let expected: Vec<Vec<String>> = expected.iter().map(|r| r.iter().map(|f| (*f).to_owned()).collect()).collect();
            assert_eq!(all(text, CsvFormat::default()), Ok(expected), "{text:?}");
        }
        for text in ["\"abc\n", "\"a\"b,c\n", "\"a,b\" ,c\n", "\"a\",\"b\nc\n"] {
            assert!(all(text, CsvFormat::default()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn separator_and_quote_can_be_any_character() {
        let of = |text, separator, quote| all(text, CsvFormat { separator, quote }).map(|r| r.concat());
        assert_eq!(of("a;'b;''c'\n", ';', Some('\'')), Ok(vec!["a".into(), "b;'c".into()]));
        assert_eq!(of("é§\"b\"\n", '§', None), Ok(vec!["é".into(), "\"b\"".into()]));
        assert_eq!(of("a\tb", '\t', Some('"')), Ok(vec!["a".into(), "b".into()]));
    }

    #[test]
    fn records_are_numbered_and_bounded() {
        let numbers: Vec<u64> = Records::new("a\n\nb".as_bytes(), CsvFormat::default(), 10).flatten().map(|r| r.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
        let endless = io::repeat(b'x');
        let mut records = Records::new(endless, CsvFormat::default(), 100);
        assert!(matches!(records.next(), Some(Err(CsvError::TooLong(1, 100)))));
        assert!(records.next().is_none());
        let mut quoted = Records::new(b"\"".chain(io::repeat(b'x')), CsvFormat::default(), 100);
        assert!(matches!(quoted.next(), Some(Err(CsvError::TooLong(1, 100)))));
    }

    #[test]
    fn wrong_bytes_become_replacement_characters() {
        let bytes = b"\xff,\xc3,\xe2\x82,\xc3\xa9\n";
        let fields = Records::new(&bytes[..], CsvFormat::default(), 100).flatten().next().map(|r| r.fields);
        assert_eq!(fields, Some(vec!["\u{fffd}".into(), "\u{fffd}".into(), "\u{fffd}".into(), "é".into()]));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            Records::new(&bytes[..], CsvFormat::default(), 50).for_each(drop);
        }

        #[test]
        fn what_is_quoted_comes_back(fields in proptest::collection::vec("[a\",;\n ]{0,6}", 1..5)) {
            let line: Vec<String> = fields.iter().map(|f| format!("\"{}\"", f.replace('"', "\"\""))).collect();
            prop_assert_eq!(all(&line.join(","), CsvFormat::default()), Ok(vec![fields]));
        }
    }
}
