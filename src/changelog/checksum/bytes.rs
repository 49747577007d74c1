//! Byte filters before hashing (checksums §4).

use super::text::hex;
use md5::{Digest, Md5};
use std::io::Read;

/// Without any blank, line feed, carriage return and tab, wherever they stand (version 9 of raw SQL).
pub fn without_whitespace(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|b| !matches!(b, b' ' | b'\n' | b'\r' | b'\t')).collect()
}

/// What version 8 puts before the text of raw SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlHeader<'a> {
    /// `endDelimiter`; absent prints as `null`.
    pub end_delimiter: Option<&'a str>,
    /// `splitStatements`.
    pub split_statements: bool,
    /// `stripComments`.
    pub strip_comments: bool,
}

/// The header and the text with every run of blanks, line ends and tabs folded to one blank; none at the ends.
pub fn version_8(bytes: &[u8], header: &SqlHeader<'_>) -> Vec<u8> {
    let mut out = format!("{}:{}:{}:", header.end_delimiter.unwrap_or("null"), header.split_statements, header.strip_comments).into_bytes();
    let parts = bytes.split(|b| matches!(b, b' ' | b'\n' | b'\r' | b'\t')).filter(|p| !p.is_empty());
    for (i, part) in parts.enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(part);
    }
    out
}

/// Where the filter of data files stands.
///
/// Liquibase's filter looks ahead behind a line end, and the nested look-ahead moves the place it returns to
/// (checksums §4.4). That comes down to these states: a line end is held back until it is known that something
/// follows, and while it is, a comment is only seen right behind a line end that moved the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the start of a line, all earlier line ends written.
    LineStart,
    /// In a comment that began at the start of a line.
    Comment,
    /// Within a line.
    Line,
    /// Behind a line end that is held back.
    Held,
    /// In a comment behind a line end that is held back.
    HeldComment,
    /// Further behind a line end that is held back: behind an empty line, a comment or a carriage return.
    HeldFurther,
}

/// Drops comment lines, empty lines and carriage returns from a data file, byte by byte.
struct LoadDataFilter {
    state: State,
    comment: Option<u8>,
}

impl LoadDataFilter {
    fn new(comment: Option<char>) -> Self {
        let mut buffer = [0; 4];
        let comment = comment.and_then(|c| c.encode_utf8(&mut buffer).as_bytes().first().copied());
        LoadDataFilter { state: State::LineStart, comment }
    }

    /// Takes one byte and appends what is to be hashed. A line end still held back at the end is never written.
    fn push(&mut self, byte: u8, out: &mut Vec<u8>) {
        let starts_comment = self.comment == Some(byte);
        self.state = match (self.state, byte) {
            (State::LineStart, _) if starts_comment => State::Comment,
            (State::Held, _) if starts_comment => State::HeldComment,
            // Here the held line end is due, and with it a new line begins.
            (State::HeldFurther, _) if starts_comment => {
                out.push(b'\n');
                State::Comment
            }
            (State::LineStart | State::Comment, b'\n' | b'\r') => State::LineStart,
            (State::Line, b'\r') => State::Line,
            (State::Line, b'\n') => State::Held,
            (State::Held | State::HeldComment, b'\n' | b'\r') | (State::HeldFurther, b'\r') => State::HeldFurther,
            (State::HeldFurther, b'\n') => State::Held,
            // A zero byte ends a comment and is part of the data.
            (State::Comment | State::HeldComment, 1..) => self.state,
            (State::LineStart | State::Line | State::Comment, _) => {
                out.push(byte);
                State::Line
            }
            (State::Held | State::HeldComment | State::HeldFurther, _) => {
                out.extend([b'\n', byte]);
                State::Line
            }
        };
    }
}

impl LoadDataFilter {
    /// Takes what stands in front of the next line end, when the filter is within a line; gives what is left.
    fn within_line<'b>(&self, bytes: &'b [u8], out: &mut Vec<u8>) -> &'b [u8] {
        if self.state != State::Line {
            return bytes;
        }
        let end = bytes.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(bytes.len());
        let (line, rest) = bytes.split_at(end);
        out.extend_from_slice(line);
        rest
    }
}

/// MD5 of a data file without comment lines, empty lines and carriage returns (checksums §4.4), in constant memory.
/// `comment` is the first character of `commentLineStartsWith`; only its first byte counts.
///
/// # Errors
/// When the file cannot be read.
pub fn load_data_filter(mut reader: impl Read, comment: Option<char>) -> std::io::Result<String> {
    let mut filter = LoadDataFilter::new(comment);
    let mut digest = Md5::new();
    let mut buffer = vec![0; 64 * 1024];
    let mut kept = Vec::with_capacity(2 * buffer.len());
    loop {
        let read = match reader.read(&mut buffer) {
            Ok(0) => return Ok(hex(&digest.finalize())),
            Ok(read) => read,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        kept.clear();
        let mut rest = buffer.get(..read).unwrap_or_default();
        while let Some((byte, behind)) = rest.split_first() {
            filter.push(*byte, &mut kept);
            rest = filter.within_line(behind, &mut kept);
        }
        digest.update(&kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changelog::checksum::text::{md5_bytes, md5_text};

    fn filtered(input: &[u8], comment: Option<char>) -> Vec<u8> {
        let mut filter = LoadDataFilter::new(comment);
        let mut out = Vec::new();
        let mut rest = input;
        while let Some((byte, behind)) = rest.split_first() {
            filter.push(*byte, &mut out);
            rest = filter.within_line(behind, &mut out);
        }
        out
    }

    fn text(input: &str) -> String {
        String::from_utf8(filtered(input.as_bytes(), Some('#'))).unwrap()
    }

    #[test]
    fn the_vectors_of_the_specification_hold() {
        for (input, expected) in [
            ("a\n#x", "a"),
            ("a\n#x\n", "a"),
            ("a\n#x\n#y", "a\n"),
            ("a\n\n#", "a\n"),
            ("a\n\n", "a"),
            ("\n\n a,b\n  \n1,2\n\t\n#x\n#y\n3,4\n#z\n\n", " a,b\n  \n1,2\n\t\n3,4"),
            ("a\n1 # not comment\n\"x\n#y\"\n#", "a\n1 # not comment\n\"x\n"),
            ("# comment\nid;name\r\n\n1;\"a;b\"\n#x\n2;NULL", "id;name\n1;\"a;b\"\n2;NULL"),
        ] {
            assert_eq!(text(input), expected, "{input:?}");
        }
        let whole = |input: &str| md5_text(&format!("t:9:{}", md5_bytes(text(input).as_bytes())));
        assert_eq!(whole("\n\n a,b\n  \n1,2\n\t\n#x\n#y\n3,4\n#z\n\n"), "6ac53b7613c7b752bd435954fd985cd4");
        assert_eq!(whole("a\n1 # not comment\n\"x\n#y\"\n#"), "14446e72f480ef9348da83a08179ff5b");
        assert_eq!(whole("\u{feff}a,b\r1,2\r\n"), "10b134283737c60e1f88800d7561d363");
    }

    /// The pseudo-code of checksums §4.4, transcribed with its recursion.
    struct Transcription<'a> {
        b: &'a [u8],
        pos: usize,
        prev: Option<u8>,
        mark: usize,
        comments: bool,
    }

    impl Transcription<'_> {
        fn raw(&mut self) -> Option<u8> {
            let r = self.b.get(self.pos).copied();
            self.pos += 1;
            r
        }
        fn next(&mut self) -> Option<u8> {
            self.step(self.prev, false)
        }
        fn step(&mut self, p: Option<u8>, look: bool) -> Option<u8> {
            let start = matches!(p, Some(b'\n') | None);
            let mut b = self.raw();
            if self.comments && b == Some(b'#') && start {
                loop {
                    b = self.raw();
                    if matches!(b, None | Some(b'\n' | b'\r' | 0)) {
                        break;
                    }
                }
            }
            match b {
                None => return None,
                Some(b'\r') => return self.next(),
                Some(b'\n') => {
                    if start {
                        return self.next();
                    }
                    self.mark = self.pos;
                    self.step(Some(b'\n'), true)?;
                    self.pos = self.mark;
                }
                _ => {}
            }
            if !look {
                self.prev = b;
            }
            b
        }
    }

    fn agrees(letters: &[u8], longest: u32, comments: bool) {
        for length in 0..=longest {
            for n in 0..letters.len().pow(length) {
                let input: Vec<u8> = (0..length).map(|i| letters[n / letters.len().pow(i) % letters.len()]).collect();
                let mut t = Transcription { b: &input, pos: 0, prev: None, mark: 0, comments };
                let expected: Vec<u8> = std::iter::from_fn(|| t.next()).collect();
                assert_eq!(filtered(&input, comments.then_some('#')), expected, "{:?}", String::from_utf8_lossy(&input));
            }
        }
    }

    #[test]
    fn every_short_string_is_filtered_as_transcribed() {
        agrees(b"a#\n\r", 7, true);
        agrees(b"a#\n\r", 5, false);
        agrees(b"a#\n\r\0", 5, true);
    }

    #[test]
    fn a_file_is_hashed_as_it_is_read() {
        // A reader that gives one byte at a time, and a long tail that must neither be kept nor recursed into.
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let n = self.0.len().min(1);
                self.0.read(&mut buffer[..n])
            }
        }
        let file = b"# comment\nid;name\r\n\n1;\"a;b\"\n#x\n2;NULL";
        assert_eq!(load_data_filter(Slow(file), Some('#')).unwrap(), "bdddc4bd94d049d2f0fc3dda2d4fdf13");
        // Example 11: of `//` only the first character counts.
        assert_eq!(load_data_filter(Slow(file), Some('/')).unwrap(), "fbfe37dd10c03edf4d2049d8dd0cb8de");
        for tail in ["\r\n", "\n"] {
            let long = format!("a\n{}", tail.repeat(1 << 20));
            assert_eq!(load_data_filter(long.as_bytes(), Some('#')).unwrap(), md5_bytes(b"a"));
        }
    }

    #[test]
    fn whitespace_is_folded_or_dropped() {
        assert_eq!(without_whitespace(b" a\t'b c'\r\n"), b"a'bc'");
        let header = SqlHeader { end_delimiter: None, split_statements: true, strip_comments: false };
        assert_eq!(version_8(b"  select\n\t1 ", &header), b"null:true:false:select 1");
    }
}
