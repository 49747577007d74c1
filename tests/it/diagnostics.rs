//! What a person is told who made a mistake: for each code at least one case, with the whole text and the exit code.
//!
//! `fixtures/diagnostics.txt` has the cases: `# CODE title`, `$` and the words of the call where it is not `validate` of the first
//! file, `--- file` and its lines (`(escaped)`: with `\xNN` for a byte, `\deep` for 250 nested lists), `--- told, exit N` and what
//! stands on standard error.

use crate::program::run_in;
use changelog::diagnostic::ALL_CODES;

const CASES: &str = include_str!("../../fixtures/diagnostics.txt");

/// Codes that no small changelog and no root user can bring about.
const ELSEWHERE: &[(&str, &str)] =
    &[("E0102", "a file that is there and cannot be read"), ("E0105", "hostile_input has files beyond the limits")];

#[derive(Debug)]
struct Case<'t> {
    code: &'t str,
    title: &'t str,
    words: Vec<&'t str>,
    files: Vec<(&'t str, Vec<u8>)>,
    exit: i32,
    told: String,
}

/// The bytes of a file whose lines have escapes.
fn unescaped(text: &str) -> Vec<u8> {
    let text = text.replace("\\deep", &format!("{}{}", "[".repeat(250), "]".repeat(250)));
    let mut parts = text.split("\\x");
    let mut out = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        out.push(u8::from_str_radix(digits, 16).unwrap());
        out.extend(rest.as_bytes());
    }
    out
}

fn cases() -> Vec<Case<'static>> {
    let mut out = Vec::new();
    for text in CASES.strip_prefix("# ").unwrap().split("\n# ") {
        let (head, body) = text.split_once("\n--- ").unwrap();
        let mut head = head.lines();
        let (code, title) = head.next().unwrap().split_once(' ').unwrap();
        let words: Option<Vec<&str>> = head.next().map(|line| line.strip_prefix("$ ").unwrap().split(' ').collect());
        let (mut files, mut told) = (Vec::new(), None);
        for part in body.split("\n--- ") {
            let (name, text) = part.split_once('\n').unwrap_or((part, ""));
            match (name.strip_prefix("told, exit "), name.strip_suffix(" (escaped)")) {
                (Some(exit), _) => told = Some((exit.parse().unwrap(), text.trim_end().to_owned())),
                (None, Some(name)) => files.push((name, unescaped(&format!("{text}\n")))),
                (None, None) if text.is_empty() => files.push((name, Vec::new())),
                (None, None) => files.push((name, format!("{text}\n").into_bytes())),
            }
        }
        let words = words.unwrap_or_else(|| vec!["validate", "--url", "offline:postgresql", "--changelog-file", files[0].0]);
        let (exit, told) = told.unwrap();
        out.push(Case { code, title, words, files, exit, told });
    }
    out
}

#[test]
fn mistakes_are_told_with_code_place_and_hint() {
    let mut wrong = Vec::new();
    for case in cases() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &case.files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let ran = run_in(folder.path(), &case.words);
        let told = ran.stderr.replace(folder.path().to_str().unwrap(), "@FOLDER@");
        if (ran.code, told.trim_end()) != (case.exit, case.told.as_str()) {
            wrong.push(format!("# {} {}\n--- told, exit {}\n{told}", case.code, case.title, ran.code));
        }
        assert!(told.contains(&format!("[{}]", case.code)), "{} is not told for: {}\n{told}", case.code, case.title);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_code_has_a_case() {
    let cases = cases();
    let has = |id: &str| cases.iter().any(|c| c.code == id) || ELSEWHERE.iter().any(|(code, _)| *code == id);
    let missing: Vec<&str> = ALL_CODES.iter().map(|c| c.id).filter(|id| !has(id)).collect();
    assert_eq!(missing, [""; 0]);
}
