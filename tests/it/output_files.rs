//! Files that the program writes: their encoding and the ends of their lines.

use crate::program::{Ran, run_in};
use std::path::Path;

const CHANGELOG: &str = "\
databaseChangeLog:
- changeSet: {id: 1, author: a, changes: [{insert: {tableName: t, columns: [{column: {name: n, value: \"caf\u{e9}\\nbar\"}}]}}]}
";

/// The program's `update-sql` without a server, into `out.sql`.
fn write(folder: &Path, options: &[&str]) -> Ran {
    std::fs::write(folder.join("changelog.yaml"), CHANGELOG).unwrap();
    let url = ["update-sql", "--url", "offline:postgresql?outputLiquibaseSql=none", "--changelog-file", "changelog.yaml"];
    run_in(folder, &[&url[..], &["--output-file", "out.sql"], options].concat())
}

fn written(options: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let ran = write(folder.path(), options);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    std::fs::read(folder.path().join("out.sql")).unwrap()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    assert!(rest.is_empty());
    String::from_utf16(&pairs.iter().map(|p| unit(*p)).collect::<Vec<_>>()).unwrap()
}

const INSERT: &str = "INSERT INTO t (n) VALUES ('caf\u{e9}\nbar');";

#[test]
fn the_encoding_of_the_file_is_chosen() {
    assert!(String::from_utf8(written(&[])).unwrap().contains(INSERT));
    let latin: String = written(&["--output-file-encoding", "ISO-8859-1"]).into_iter().map(char::from).collect();
    assert!(latin.contains(INSERT), "{latin}");
    // Java starts a file in plain UTF-16 with the mark of its byte order.
    let wide = written(&["--output-file-encoding", "UTF-16"]);
    assert_eq!(wide.get(..2), Some(&[0xfe, 0xff][..]));
    assert!(utf16(&wide, u16::from_be_bytes).contains(INSERT));
    assert!(utf16(&written(&["--output-file-encoding", "UTF-16LE"]), u16::from_le_bytes).contains(INSERT));
}

#[test]
fn a_character_that_the_encoding_lacks_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let ran = write(folder.path(), &["--output-file-encoding", "US-ASCII"]);
    assert_ne!(ran.code, 0);
    assert!(ran.stderr.contains("US-ASCII has no character '\u{e9}'"), "{}", ran.stderr);
    let ran = write(folder.path(), &["--output-file-encoding", "klingon"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("the encoding 'klingon' is not known"), "{}", ran.stderr);
}

#[test]
fn lines_end_as_they_are_asked_to_but_those_of_a_statement() {
    let text = String::from_utf8(written(&["--output-line-separator", "\r\n"])).unwrap();
    assert!(text.contains(&format!("{INSERT}\r\n\r\n")), "{text:?}");
    let bare = text.match_indices('\n').filter(|(at, _)| text.as_bytes().get(at.wrapping_sub(1)) != Some(&b'\r')).count();
    assert_eq!(bare, 1, "{text:?}");
}
