//! Bytes to text.
//!
//! A byte order mark decides the encoding and is dropped; else the encoding that was asked for counts; else UTF-8
//! (changelog-formats §1). YAML and JSON take no encoding setting, XML takes the one of its declaration.

use super::limits::Limits;
use crate::diagnostic::{Diagnostic, FILE_EMPTY, FILE_ENCODING, FILE_TOO_LARGE};
use crate::span::LineColumn;
use encoding_rs::{CoderResult, DecoderResult, Encoding};
use std::borrow::Cow;

/// An encoding that text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// UTF-32, low byte first.
    Utf32Le,
    /// UTF-32, high byte first.
    Utf32Be,
    /// ISO-8859-1: each byte is the character of that number (other than the WHATWG meaning of that name).
    Latin1,
    /// US-ASCII.
    Ascii,
    /// One of the encodings of the WHATWG standard.
    Other(&'static Encoding),
}

impl Charset {
    /// The encoding of that name; letter case, `-` and `_` may differ (`UTF8`, `iso8859_1`, `Cp1252`).
    pub fn of(label: &str) -> Option<Charset> {
        let plain: String = label.trim().chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
        Some(match plain.as_str() {
            "utf8" => Charset::Utf8,
            // Without a byte order mark, Java takes the high byte first.
            "utf16" | "utf16be" | "unicodebigunmarked" => Charset::Utf16Be,
            "utf16le" | "unicodelittleunmarked" => Charset::Utf16Le,
            "utf32" | "utf32be" => Charset::Utf32Be,
            "utf32le" => Charset::Utf32Le,
            "iso88591" | "latin1" | "l1" | "cp819" | "ibm819" => Charset::Latin1,
            "usascii" | "ascii" | "iso646us" => Charset::Ascii,
            _ => Charset::Other(Encoding::for_label(label.trim().as_bytes()).or_else(|| Encoding::for_label(plain.as_bytes()))?),
        })
    }

    /// The encoding that a byte order mark names, and the length of the mark.
    pub fn of_mark(bytes: &[u8]) -> Option<(Charset, usize)> {
        match bytes {
            [0xef, 0xbb, 0xbf, ..] => Some((Charset::Utf8, 3)),
            [0xff, 0xfe, 0, 0, ..] => Some((Charset::Utf32Le, 4)),
            [0, 0, 0xfe, 0xff, ..] => Some((Charset::Utf32Be, 4)),
            [0xff, 0xfe, ..] => Some((Charset::Utf16Le, 2)),
            [0xfe, 0xff, ..] => Some((Charset::Utf16Be, 2)),
            _ => None,
        }
    }

    /// The byte order mark that a new text in the encoding of that name starts with: Java writes one for `UTF-16` alone.
    pub fn mark_of(label: &str) -> &'static [u8] {
        if label.trim().replace(['-', '_'], "").eq_ignore_ascii_case("utf16") { &[0xfe, 0xff] } else { &[] }
    }

    /// A text in this encoding.
    ///
    /// # Errors
    /// The first character that the encoding does not have.
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, char> {
        let single = |last: char| {
            let missing = text.chars().find(|c| *c > last);
            missing.map_or_else(|| Ok(Cow::Owned(text.chars().filter_map(|c| u8::try_from(c).ok()).collect())), Err)
        };
        match self {
            Charset::Utf8 => Ok(Cow::Borrowed(text.as_bytes())),
            Charset::Utf16Le => Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Charset::Utf16Be => Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Charset::Utf32Le => Ok(text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()),
            Charset::Utf32Be => Ok(text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect()),
            Charset::Latin1 => single('\u{ff}'),
            Charset::Ascii => single('\u{7f}'),
            Charset::Other(encoding) => match encoding.encode(text) {
                (bytes, _, false) => Ok(bytes),
                (_, _, true) => Err(text.chars().find(|c| encoding.encode(c.encode_utf8(&mut [0; 4])).2).unwrap_or('?')),
            },
        }
    }

    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Charset::Utf8 => "UTF-8",
            Charset::Utf16Le => "UTF-16LE",
            Charset::Utf16Be => "UTF-16BE",
            Charset::Utf32Le => "UTF-32LE",
            Charset::Utf32Be => "UTF-32BE",
            Charset::Latin1 => "ISO-8859-1",
            Charset::Ascii => "US-ASCII",
            Charset::Other(encoding) => encoding.name(),
        }
    }
}

/// Reads the bytes of a changelog as text: as [`decode_any`], but an empty file is an error (`FILE_EMPTY`).
pub fn decode(bytes: &[u8], path: &str, encoding: Option<&str>, limits: &Limits) -> Result<String, Diagnostic> {
    let text = decode_any(bytes, path, encoding, limits)?;
    if text.is_empty() {
        return Err(Diagnostic::error(FILE_EMPTY, format!("Empty file {path}")).in_file(path));
    }
    Ok(text)
}

/// Reads bytes as text. `encoding` counts when there is no byte order mark; without it the bytes are UTF-8.
///
/// Errors: `FILE_ENCODING` for an encoding that is not known, for bytes that are not valid in it, and for a NUL
/// character; `FILE_TOO_LARGE` for a file or a line beyond the limits. Their place has line and column.
pub fn decode_any(bytes: &[u8], path: &str, encoding: Option<&str>, limits: &Limits) -> Result<String, Diagnostic> {
    if bytes.len() > limits.max_file_bytes {
        let message = format!("the file has {} bytes; the limit is {}", bytes.len(), limits.max_file_bytes);
        return Err(Diagnostic::error(FILE_TOO_LARGE, message).in_file(path));
    }
    let (charset, bytes) = match Charset::of_mark(bytes) {
        Some((charset, length)) => (charset, bytes.get(length..).unwrap_or_default()),
        None => match encoding {
            None => (Charset::Utf8, bytes),
            Some(label) => match Charset::of(label) {
                Some(charset) => (charset, bytes),
                None => {
                    let problem = Diagnostic::error(FILE_ENCODING, format!("the encoding '{label}' is not known"));
                    return Err(problem.in_file(path).hint("write `UTF-8`, `ISO-8859-1` or another standard name"));
                }
            },
        },
    };
    let text = convert(bytes, charset).map_err(|before| {
        let message = format!("the bytes are not valid {}", charset.name());
        let hint = "convert the file to UTF-8, or name its encoding";
        Diagnostic::error(FILE_ENCODING, message).in_file_at(path, place(&before)).hint(hint)
    })?;
    if let Some(at) = text.find('\0') {
        let problem = Diagnostic::error(FILE_ENCODING, "the file has a NUL character");
        let place = place(text.get(..at).unwrap_or_default());
        return Err(problem.in_file_at(path, place).hint("this does not look like a text file"));
    }
    if text.len() > limits.max_line_bytes {
        for (number, line) in text.split('\n').enumerate() {
            if line.len() > limits.max_line_bytes {
                let message = format!("the line has {} bytes; the limit is {}", line.len(), limits.max_line_bytes);
                return Err(Diagnostic::error(FILE_TOO_LARGE, message).in_file_at(path, LineColumn { line: number + 1, column: 1 }));
            }
        }
    }
    Ok(text.into_owned())
}

/// The place just behind `before`.
fn place(before: &str) -> LineColumn {
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    LineColumn { line, column }
}

/// Converts to text; the error is the text before the first wrong byte.
fn convert(bytes: &[u8], charset: Charset) -> Result<Cow<'_, str>, String> {
    match charset {
        Charset::Utf8 => std::str::from_utf8(bytes)
            .map(Cow::Borrowed)
            .map_err(|e| String::from_utf8_lossy(bytes.get(..e.valid_up_to()).unwrap_or_default()).into_owned()),
        Charset::Utf16Le => from_utf16(bytes, u16::from_le_bytes),
        Charset::Utf16Be => from_utf16(bytes, u16::from_be_bytes),
        Charset::Utf32Le => from_utf32(bytes, u32::from_le_bytes),
        Charset::Utf32Be => from_utf32(bytes, u32::from_be_bytes),
        Charset::Latin1 => Ok(Cow::Owned(bytes.iter().map(|b| char::from(*b)).collect())),
        Charset::Ascii => match bytes.iter().position(|b| !b.is_ascii()) {
            None => Ok(String::from_utf8_lossy(bytes)),
            Some(at) => Err(String::from_utf8_lossy(bytes.get(..at).unwrap_or_default()).into_owned()),
        },
        Charset::Other(encoding) => from_other(bytes, encoding),
    }
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match c {
            Ok(c) => text.push(c),
            Err(_) => return Err(text),
        }
    }
    if rest.is_empty() { Ok(Cow::Owned(text)) } else { Err(text) }
}

fn from_utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Result<Cow<'static, str>, String> {
    let (quads, rest) = bytes.as_chunks::<4>();
    let mut text = String::with_capacity(bytes.len() / 2);
    for quad in quads {
        match char::from_u32(unit(*quad)) {
            Some(c) => text.push(c),
            None => return Err(text),
        }
    }
    if rest.is_empty() { Ok(Cow::Owned(text)) } else { Err(text) }
}

fn from_other(mut bytes: &[u8], encoding: &'static Encoding) -> Result<Cow<'static, str>, String> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2 + 16);
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
        bytes = bytes.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return Ok(Cow::Owned(text)),
            DecoderResult::OutputFull => text.reserve(bytes.len() * 3 + 16),
            DecoderResult::Malformed(..) => return Err(text),
        }
    }
}

/// The encoding that the declaration of an XML document names, or that its first bytes show.
///
/// Takes the bytes of a file without byte order mark; gives nothing when the document does not say.
pub fn xml_encoding(bytes: &[u8]) -> Option<String> {
    match bytes {
        [b'<', 0, b'?', 0, ..] => return Some("UTF-16LE".to_owned()),
        [0, b'<', 0, b'?', ..] => return Some("UTF-16BE".to_owned()),
        _ => {}
    }
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let declaration = head.strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).position(|w| w == b"?>")?;
    let declaration = std::str::from_utf8(declaration.get(..end)?).ok()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let label = value.get(1..)?.split(quote).next()?;
    // A document that can be read byte by byte is not UTF-16, whatever it says.
    Some(if label.to_ascii_lowercase().starts_with("utf-16") { "UTF-8".to_owned() } else { label.to_owned() })
}

/// A stream of bytes in some encoding as a stream of UTF-8, in constant memory; for data files.
///
/// A byte order mark decides the encoding, as in [`decode_any`]. What is not valid becomes U+FFFD, as in Java.
pub struct Utf8Stream<R> {
    inner: R,
    charset: Charset,
    decoder: Option<encoding_rs::Decoder>,
    /// Bytes that were read and not converted yet.
    pending: Vec<u8>,
    /// Converted text that was not handed out yet, from `given`.
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R> std::fmt::Debug for Utf8Stream<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Utf8Stream").field("charset", &self.charset).finish_non_exhaustive()
    }
}

impl<R: std::io::Read> Utf8Stream<R> {
    /// Starts to read; `charset` counts when there is no byte order mark. Errors are those of the stream.
    pub fn new(mut inner: R, charset: Charset) -> std::io::Result<Self> {
        let mut pending = vec![0; 4];
        let mut length = 0;
        while length < pending.len() {
            match inner.read(pending.get_mut(length..).unwrap_or_default()) {
                Ok(0) => break,
                Ok(n) => length += n,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        pending.truncate(length);
        let (charset, mark) = Charset::of_mark(&pending).unwrap_or((charset, 0));
        pending.drain(..mark);
        let decoder = match charset {
            Charset::Utf8 | Charset::Ascii => Some(encoding_rs::UTF_8),
            Charset::Utf16Le => Some(encoding_rs::UTF_16LE),
            Charset::Utf16Be => Some(encoding_rs::UTF_16BE),
            Charset::Other(encoding) => Some(encoding),
            Charset::Utf32Le | Charset::Utf32Be | Charset::Latin1 => None,
        };
        let decoder = decoder.map(Encoding::new_decoder_without_bom_handling);
        Ok(Utf8Stream { inner, charset, decoder, pending, ready: Vec::new(), given: 0, ended: false })
    }

    /// The encoding in use.
    pub fn charset(&self) -> Charset {
        self.charset
    }

    /// Reads and converts one more piece.
    fn advance(&mut self) -> std::io::Result<()> {
        const PIECE: usize = 16 << 10;
        let start = self.pending.len();
        self.pending.resize(start + PIECE, 0);
        let read = self.inner.read(self.pending.get_mut(start..).unwrap_or_default());
        self.pending.truncate(start + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        self.ready.clear();
        self.given = 0;
        match (&mut self.decoder, self.charset) {
            (Some(decoder), _) => {
                self.ready.resize(decoder.max_utf8_buffer_length(self.pending.len()).unwrap_or(PIECE * 4), 0);
                let (result, used, written, _) = decoder.decode_to_utf8(&self.pending, &mut self.ready, self.ended);
                self.ready.truncate(written);
                self.pending.drain(..used);
                if result == CoderResult::OutputFull {
                    self.ended = false;
                }
            }
            (None, Charset::Latin1) => {
                let mut buffer = [0; 4];
                for byte in self.pending.drain(..) {
                    self.ready.extend_from_slice(char::from(byte).encode_utf8(&mut buffer).as_bytes());
                }
            }
            (None, charset) => {
                let mut buffer = [0; 4];
                let (quads, rest) = self.pending.as_chunks::<4>();
                for quad in quads {
                    let number = if charset == Charset::Utf32Le { u32::from_le_bytes(*quad) } else { u32::from_be_bytes(*quad) };
                    let c = char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER);
                    self.ready.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
                }
                self.pending = rest.to_vec();
            }
        }
        Ok(())
    }
}

impl<R: std::io::Read> std::io::Read for Utf8Stream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.given >= self.ready.len() {
            if self.ended {
                return Ok(0);
            }
            self.advance()?;
        }
        let waiting = self.ready.get(self.given..).unwrap_or_default();
        let length = waiting.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), waiting.get(..length)) {
            to.copy_from_slice(from);
        }
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn text(bytes: &[u8], encoding: Option<&str>) -> Result<String, String> {
        decode(bytes, "a.sql", encoding, &Limits::default()).map_err(|d| {
            let place = d.place.map(|p| format!("{}:{} ", p.line, p.column)).unwrap_or_default();
            format!("{} {place}{}", d.code.id, d.message)
        })
    }

    #[test]
    fn a_byte_order_mark_decides_and_is_dropped() {
        assert_eq!(text(b"\xef\xbb\xbfa\xc3\xa9", Some("ISO-8859-1")).as_deref(), Ok("aé"));
        assert_eq!(text(b"\xff\xfea\0\xe9\0", None).as_deref(), Ok("aé"));
        assert_eq!(text(b"\xfe\xff\0a\0\xe9", None).as_deref(), Ok("aé"));
        assert_eq!(text(b"\xff\xfe\0\0a\0\0\0", None).as_deref(), Ok("a"));
        assert_eq!(text(b"\0\0\xfe\xff\0\0\0a", None).as_deref(), Ok("a"));
    }

    #[test]
    fn the_named_encoding_counts_without_a_mark() {
        assert_eq!(text(b"a\xe9\x85", Some("ISO-8859-1")).as_deref(), Ok("aé\u{85}"));
        assert_eq!(text(b"\x80", Some("windows-1252")).as_deref(), Ok("€"));
        assert_eq!(text(b"\x80", Some("Cp1252")).as_deref(), Ok("€"));
        assert_eq!(text(b"\x82\xa0", Some("Shift_JIS")).as_deref(), Ok("あ"));
        assert_eq!(text(b"\0a", Some("UTF-16")).as_deref(), Ok("a"));
        assert!(text(b"a", Some("klingon")).is_err_and(|e| e.starts_with("E0104")));
    }

    #[test]
    fn wrong_bytes_and_nul_have_a_place() {
        assert_eq!(text(b"ab\nc\xff", None), Err("E0104 2:2 the bytes are not valid UTF-8".into()));
        assert_eq!(text("é\0".as_bytes(), None), Err("E0104 1:2 the file has a NUL character".into()));
        assert_eq!(text(b"ab\xe9", Some("ascii")), Err("E0104 1:3 the bytes are not valid US-ASCII".into()));
        assert!(text(b"\xff\xfe\0\xd8", None).is_err());
        assert!(text(b"\xff\xfea", None).is_err());
        assert!(text(b"a\x82", Some("Shift_JIS")).is_err());
    }

    #[test]
    fn empty_files_and_limits() {
        assert_eq!(text(b"", None), Err("E0103 Empty file a.sql".into()));
        assert_eq!(text(b"\xef\xbb\xbf", None), Err("E0103 Empty file a.sql".into()));
        let limits = Limits { max_file_bytes: 20, max_line_bytes: 5, ..Limits::default() };
        let code = |b: &[u8]| decode_any(b, "a", None, &limits).map_err(|d| (d.code.name, d.message));
        assert_eq!(code(b"12345\n12345"), Ok("12345\n12345".into()));
        let long = decode_any(b"1\n123456", "a", None, &limits).unwrap_err();
        assert_eq!((long.code.name, long.place.map(|p| p.line)), ("file-too-large", Some(2)));
        assert_eq!(code(&[b'\n'; 21]).map_err(|e| e.0), Err("file-too-large"));
    }

    #[test]
    fn xml_says_its_encoding() {
        let of = |s: &str| xml_encoding(s.as_bytes());
        assert_eq!(of("<?xml version='1.0' encoding='ISO-8859-1'?><a/>").as_deref(), Some("ISO-8859-1"));
        assert_eq!(of("<?xml version=\"1.0\" encoding = \"utf-16\" ?><a/>").as_deref(), Some("UTF-8"));
        assert_eq!(of("<?xml version='1.0'?><a encoding='x'/>"), None);
        assert_eq!(of("<a/>"), None);
        assert_eq!(xml_encoding(b"<\0?\0x\0").as_deref(), Some("UTF-16LE"));
    }

    #[test]
    fn streams_are_converted_piece_by_piece() {
        let all = |bytes: &[u8], charset| {
            let mut out = String::new();
            Utf8Stream::new(bytes, charset).and_then(|mut s| s.read_to_string(&mut out)).map(|_| out).map_err(|e| e.to_string())
        };
        assert_eq!(all(b"\xef\xbb\xbfab", Charset::Latin1).as_deref(), Ok("ab"));
        assert_eq!(all(b"a\xe9", Charset::Latin1).as_deref(), Ok("aé"));
        assert_eq!(all(b"\xff\xfea\0b\0c\0", Charset::Utf8).as_deref(), Ok("abc"));
        assert_eq!(all(b"\0\0\xfe\xff\0\0\0a", Charset::Utf8).as_deref(), Ok("a"));
        let long = "é".repeat(100_000);
        assert_eq!(all(long.as_bytes(), Charset::Utf8), Ok(long));
        assert_eq!(all(b"", Charset::Utf8).as_deref(), Ok(""));
    }
}
