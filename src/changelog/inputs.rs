//! What a changelog was made from: which files were read or looked for, which folders listed, which names expanded.
//!
//! The list and a digest of what was found let a later run tell, without parsing anything, that it would get the same
//! changelog again.

use super::checksum::hex;
use super::search_path::SearchPath;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One thing that was asked from outside the program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    /// What a file holds, by its normalised path.
    Content(String),
    /// Whether a file is there.
    Presence(String),
    /// Which files a folder holds.
    Listing(String),
    /// The variable of the environment that a `${name}` stands for, if there is one; the name in lower case.
    Name(String),
}

impl Question {
    fn word(&self) -> &'static str {
        match self {
            Question::Content(_) => "content",
            Question::Presence(_) => "presence",
            Question::Listing(_) => "listing",
            Question::Name(_) => "name",
        }
    }

    fn subject(&self) -> &str {
        match self {
            Question::Content(s) | Question::Presence(s) | Question::Listing(s) | Question::Name(s) => s,
        }
    }

    fn parse(word: &str, subject: String) -> Option<Question> {
        Some(match word {
            "content" => Question::Content(subject),
            "presence" => Question::Presence(subject),
            "listing" => Question::Listing(subject),
            "name" => Question::Name(subject),
            _ => return None,
        })
    }

    /// Asks again.
    fn answer(&self, search: &SearchPath, environment: &dyn Fn(&str) -> Option<String>) -> String {
        match self {
            Question::Content(path) => match search.find(path).map(std::fs::File::open) {
                Ok(Ok(file)) => of_reader(file).unwrap_or_else(|| "unreadable".to_owned()),
                _ => "unreadable".to_owned(),
            },
            Question::Presence(path) => of_presence(search.find(path).is_ok()),
            Question::Listing(folder) => of_listing(search.list(folder).as_deref().unwrap_or_default()),
            Question::Name(name) => of_value(environment(name).as_deref()),
        }
    }
}

fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn of_reader(mut reader: impl Read) -> Option<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Some(hex(&hasher.finalize())),
            Ok(n) => hasher.update(buffer.get(..n)?),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}

fn of_presence(is_there: bool) -> String {
    if is_there { "there" } else { "absent" }.to_owned()
}

fn of_listing(files: &[(String, usize)]) -> String {
    let mut hasher = Sha256::new();
    for (path, depth) in files {
        hasher.update(path);
        hasher.update([0]);
        hasher.update(depth.to_le_bytes());
    }
    hex(&hasher.finalize())
}

fn of_value(value: Option<&str>) -> String {
    value.map_or_else(|| "none".to_owned(), |v| of_bytes(v.as_bytes()))
}

#[derive(Debug, Default)]
struct State {
    answers: BTreeMap<Question, String>,
    /// Something was read twice with different results, or not to its end.
    unsure: bool,
}

/// Collects what a changelog is made from. Clones share one collection.
#[derive(Debug, Clone, Default)]
pub struct Inputs(Arc<Mutex<State>>);

impl Inputs {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, question: Question, answer: String) {
        let state = &mut *self.lock();
        let before = state.answers.entry(question).or_insert_with(|| answer.clone());
        state.unsure |= *before != answer;
    }

    /// A file was read.
    pub(super) fn read(&self, path: &str, bytes: &[u8]) {
        self.record(Question::Content(path.to_owned()), of_bytes(bytes));
    }

    /// A file was looked for.
    pub(super) fn looked_for(&self, path: &str, is_there: bool) {
        self.record(Question::Presence(path.to_owned()), of_presence(is_there));
    }

    /// A folder was listed.
    pub(super) fn listed(&self, folder: &str, files: &[(String, usize)]) {
        self.record(Question::Listing(folder.to_owned()), of_listing(files));
    }

    /// A `${name}` was expanded; `value` is that of the environment.
    pub(super) fn expanded(&self, name: &str, value: Option<&str>) {
        self.lock().answers.entry(Question::Name(name.to_owned())).or_insert_with(|| of_value(value));
    }

    /// A reader that records what is read through it.
    pub(super) fn watch<R: Read + Send + 'static>(&self, path: &str, reader: R) -> Box<dyn Read + Send> {
        Box::new(Watched { path: path.to_owned(), reader, hasher: Some(Sha256::new()), inputs: self.clone() })
    }

    /// What was asked, and a digest of the answers; `None` when an answer is not certain.
    pub fn take(&self) -> Option<Taken> {
        let state = self.lock();
        if state.unsure {
            return None;
        }
        let questions: Vec<(&str, &str)> = state.answers.keys().map(|q| (q.word(), q.subject())).collect();
        let manifest = serde_json::to_string(&questions).ok()?;
        let mut sum = Sum::default();
        for (question, answer) in &state.answers {
            sum.add(question, answer);
        }
        Some(Taken { manifest, digest: sum.finish() })
    }
}

/// What a changelog was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What was asked: a JSON array of pairs.
    pub manifest: String,
    /// A digest of the answers.
    pub digest: String,
}

/// Asks everything in a manifest again; the digest of the answers, or `None` when the manifest cannot be understood.
pub fn digest_of(manifest: &str, search: &SearchPath, environment: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let questions: Vec<(String, String)> = serde_json::from_str(manifest).ok()?;
    let mut sum = Sum::default();
    for (word, subject) in questions {
        let question = Question::parse(&word, subject)?;
        sum.add(&question, &question.answer(search, environment));
    }
    Some(sum.finish())
}

#[derive(Default)]
struct Sum(Sha256);

impl Sum {
    fn add(&mut self, question: &Question, answer: &str) {
        for part in [question.word(), question.subject(), answer] {
            self.0.update(part.len().to_le_bytes());
            self.0.update(part);
        }
    }

    fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Records the content of a file when it has been read to its end.
struct Watched<R> {
    path: String,
    reader: R,
    /// Gone when the end was seen.
    hasher: Option<Sha256>,
    inputs: Inputs,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.reader.read(buffer)?;
        if n > 0 {
            if let (Some(hasher), Some(bytes)) = (&mut self.hasher, buffer.get(..n)) {
                hasher.update(bytes);
            }
        } else if !buffer.is_empty()
            && let Some(hasher) = self.hasher.take()
        {
            self.inputs.record(Question::Content(self.path.clone()), hex(&hasher.finalize()));
        }
        Ok(n)
    }
}

impl<R> Drop for Watched<R> {
    fn drop(&mut self) {
        // Whoever stopped half way may have decided by what stands in front; what stands behind is not known.
        if self.hasher.is_some() {
            self.inputs.lock().unsure = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::search_path::DuplicateFileMode;
    use super::*;

    fn search(folder: &std::path::Path) -> SearchPath {
        SearchPath::new(vec![folder.to_owned()], DuplicateFileMode::Error)
    }

    /// What one run asked gives another digest when any of the answers changes, and the same one when none does.
    #[test]
    fn any_changed_answer_changes_the_digest() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str| dir.path().join(name);
        std::fs::create_dir(file("inc")).unwrap();
        for name in ["a.sql", "b.csv", "inc/1.sql"] {
            std::fs::write(file(name), name).unwrap();
        }
        let first = search(dir.path());
        first.read("a.sql").unwrap();
        assert!(first.find("missing.sql").is_err());
        first.list("inc").unwrap();
        let mut text = String::new();
        first.open("b.csv").unwrap().read_to_string(&mut text).unwrap();
        first.inputs().expanded("home", Some("/h"));
        let taken = first.inputs().take().unwrap();
        let home = |n: &str| (n == "home").then(|| "/h".to_owned());
        let again = |environment: &dyn Fn(&str) -> Option<String>| digest_of(&taken.manifest, &search(dir.path()), environment).unwrap();
        assert_eq!(again(&home), taken.digest);
        assert_ne!(again(&|_| None), taken.digest, "the environment");
        for name in ["a.sql", "b.csv", "missing.sql", "inc/2.sql"] {
            let before = std::fs::read(file(name)).ok();
            std::fs::write(file(name), "other").unwrap();
            assert_ne!(again(&home), taken.digest, "{name}");
            match before {
                Some(bytes) => std::fs::write(file(name), bytes).unwrap(),
                None => std::fs::remove_file(file(name)).unwrap(),
            }
            assert_eq!(again(&home), taken.digest, "{name} is as before");
        }
        // The content of a listed file was not read: it does not count.
        std::fs::write(file("inc/1.sql"), "other").unwrap();
        assert_eq!(again(&home), taken.digest);
    }

    #[test]
    fn what_is_not_certain_has_no_digest() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.sql"), "1").unwrap();
        let half = search(dir.path());
        drop(half.open("a.sql").unwrap());
        assert_eq!(half.inputs().take(), None, "a stream that was not read to its end");
        let twice = search(dir.path());
        twice.read("a.sql").unwrap();
        std::fs::write(dir.path().join("a.sql"), "2").unwrap();
        twice.read("a.sql").unwrap();
        assert_eq!(twice.inputs().take(), None, "a file that changed between two readings");
        assert_eq!(digest_of("[[\"colour\",\"a\"]]", &twice, &|_| None), None, "a manifest of another version");
    }
}
