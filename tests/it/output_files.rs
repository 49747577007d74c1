//! Files that the program writes: their encoding, the ends of their lines, and what becomes of them when a command fails.

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

const OFFLINE: [&str; 4] = ["--url", "offline:postgresql?outputLiquibaseSql=none", "--changelog-file", "changelog.yaml"];

/// Runs a command without a server with `changelog.yaml` of that text, its results going to `file`.
fn run_into(folder: &Path, file: &str, command: &[&str], changelog: &str) -> Ran {
    std::fs::write(folder.join("changelog.yaml"), changelog).unwrap();
    run_in(folder, &[command, &OFFLINE[..], &["--output-file", file]].concat())
}

const HALF_GOOD: &str = "\
databaseChangeLog:
- changeSet: {id: 1, author: a, changes: [{sql: {sql: create table t (n int)}}]}
- changeSet: {id: 2, author: a, changes: [{sql: {sql: create table u (n int)}}], preConditions: [{onFail: HALT, onSqlOutput: FAIL}, {changeLogPropertyDefined: {property: x}}]}
";

#[test]
fn a_command_that_fails_leaves_the_file_of_an_earlier_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("old.sql"), "yesterday").unwrap();
    // The last one has a script as far as it got, which is not whole.
    for (why, changelog, code) in
        [("broken", "databaseChangeLog: [", 3), ("not there", "databaseChangeLog: [{include: {file: x}}]", 3), ("refused", HALF_GOOD, 1)]
    {
        for file in ["old.sql", "new.sql"] {
            let ran = run_into(folder.path(), file, &["update-sql"], changelog);
            assert_eq!(ran.code, code, "{why}: {}", ran.stderr);
            assert!(ran.stderr.contains(&format!("{file} is left as it was")), "{why}: {}", ran.stderr);
        }
        assert_eq!(std::fs::read_to_string(at("old.sql")).unwrap(), "yesterday", "{why}");
        assert!(!at("new.sql").exists(), "{why}");
    }
    let ran = write(folder.path(), &["--output-file-encoding", "US-ASCII"]);
    assert_eq!((ran.code, at("out.sql").exists()), (1, false), "{}", ran.stderr);
    let ran = run_into(folder.path(), "no/such/folder.sql", &["update-sql"], CHANGELOG);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("cannot write the output file no/such/folder.sql: No such file"), "{}", ran.stderr);
}

#[test]
fn a_verdict_that_is_failure_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let broken = "databaseChangeLog: [{changeSet: {id: 1, author: a, changes: [{dropTable: {}}]}}]";
    let ran = run_into(folder.path(), "out.json", &["plan", "--format=json"], broken);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let document: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.path().join("out.json")).unwrap()).unwrap();
    assert_eq!(document["changesets"][0]["id"], "1", "{document}");
}

#[cfg(unix)]
#[test]
fn the_file_is_written_in_its_place() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("real.sql");
    std::fs::write(&target, "x".repeat(10_000)).unwrap();
    std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::os::unix::fs::symlink("real.sql", folder.path().join("out.sql")).unwrap();
    let ran = write(folder.path(), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(folder.path().join("out.sql").is_symlink());
    let text = std::fs::read_to_string(&target).unwrap();
    assert!(text.contains(INSERT) && !text.contains('x'), "{text}");
    assert_eq!(std::fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn a_pipe_takes_the_results_as_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run_into(folder.path(), "/dev/stdout", &["update-sql"], CHANGELOG);
    assert!(ran.code == 0 && ran.stdout.contains(INSERT), "{}{}", ran.stdout, ran.stderr);
    // Offline, what was written once is known.
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // A command that fails lets the reader go as well.
    for (changelog, shown) in [(CHANGELOG, true), ("databaseChangeLog: [", false)] {
        let path = pipe.clone();
        let reader = std::thread::spawn(move || std::fs::read_to_string(path).unwrap());
        run_into(folder.path(), "pipe", &["update-sql"], changelog);
        assert_eq!(reader.join().unwrap().contains(INSERT), shown);
        assert!(pipe.exists());
    }
}
