//! Where changelogs and the files they name are looked for (cli §3).

use super::inputs::Inputs;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What happens when a path is found in several roots (`duplicate-file-mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DuplicateFileMode {
    /// The run stops.
    #[default]
    Error,
    /// The first root counts; [`PassedOver`] has the others.
    First,
}

/// Files that were not read because another root has the same path. Clones share one list.
#[derive(Debug, Clone, Default)]
pub struct PassedOver(Arc<Mutex<BTreeMap<String, Vec<String>>>>);

impl PassedOver {
    /// The paths that were found in several roots, with the files found; the first one of each was read.
    pub fn files(&self) -> BTreeMap<String, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, path: &str, found: &[PathBuf]) {
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.entry(path.to_owned()).or_insert_with(|| found.iter().map(|f| show(f)).collect());
    }
}

/// Why a file could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchError {
    /// In none of the roots.
    NotFound {
        /// The path looked for.
        path: String,
        /// The roots.
        roots: Vec<String>,
    },
    /// In several roots.
    Duplicate {
        /// The path looked for.
        path: String,
        /// The files found.
        found: Vec<String>,
    },
    /// The path leads out of the roots.
    Outside {
        /// The path looked for.
        path: String,
    },
    /// It is there but cannot be read.
    Unreadable {
        /// The path looked for.
        path: String,
        /// The system's words.
        reason: String,
    },
}

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchError::NotFound { path, roots } => {
                write!(f, "The file {path} was not found in the configured search path:")?;
                for root in roots {
                    write!(f, "\n    - {root}")?;
                }
                f.write_str("\nMore locations can be added with the 'searchPath' parameter.")
            }
            SearchError::Duplicate { path, found } => {
                write!(f, "Found {} files with the path '{path}':", found.len())?;
                for file in found {
                    write!(f, "\n    - {file}")?;
                }
                Ok(())
            }
            SearchError::Outside { path } => write!(f, "The path {path} leads out of the search path"),
            SearchError::Unreadable { path, reason } => write!(f, "Unable to read file {path}: {reason}"),
        }
    }
}

/// The roots, in order.
#[derive(Debug, Clone)]
pub struct SearchPath {
    roots: Vec<PathBuf>,
    duplicates: DuplicateFileMode,
    passed_over: PassedOver,
    inputs: Inputs,
}

impl SearchPath {
    /// A search path over these folders. Relative folders are taken from the working directory.
    pub fn new(roots: Vec<PathBuf>, duplicates: DuplicateFileMode) -> Self {
        SearchPath { roots, duplicates, passed_over: PassedOver::default(), inputs: Inputs::default() }
    }

    /// The same, with a list of the caller's for what is passed over.
    #[must_use]
    pub fn noting(self, passed_over: &PassedOver) -> Self {
        SearchPath { passed_over: passed_over.clone(), ..self }
    }

    /// The roots that no file can be in, with the reason.
    pub fn unusable(&self) -> Vec<(String, String)> {
        let reason = |root: &Path| match std::fs::metadata(root) {
            Ok(found) if found.is_dir() => None,
            Ok(_) => Some("it is no folder; unpack an archive into one".to_owned()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Some("there is no such folder".to_owned()),
            Err(e) => Some(e.to_string()),
        };
        self.roots.iter().filter_map(|root| Some((show(root), reason(root)?))).collect()
    }

    /// What was looked for and read here; it is shared by all clones.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The path of a root changelog as it is looked up: an absolute path below a root becomes relative to it.
    pub fn relative(&self, path: &str) -> String {
        let path = path.replace('\\', "/");
        let given = Path::new(&path);
        if given.is_absolute() {
            for root in &self.roots {
                let Ok(root) = std::fs::canonicalize(root) else { continue };
                let full = std::fs::canonicalize(given).unwrap_or_else(|_| given.to_path_buf());
                if let Ok(rest) = full.strip_prefix(&root) {
                    return rest.to_string_lossy().replace('\\', "/");
                }
            }
        }
        path
    }

    /// The file of a normalised path.
    ///
    /// # Errors
    /// When it is in no root or (by the mode) in several, or leads out of them.
    pub fn find(&self, path: &str) -> Result<PathBuf, SearchError> {
        let found = self.locate(path);
        self.inputs.looked_for(path, found.is_ok());
        found
    }

    fn locate(&self, path: &str) -> Result<PathBuf, SearchError> {
        if path.split('/').any(|part| part == "..") {
            return Err(SearchError::Outside { path: path.to_owned() });
        }
        let mut found: Vec<PathBuf> = self.roots.iter().map(|r| r.join(path.trim_start_matches('/'))).filter(|f| f.is_file()).collect();
        found.dedup();
        match (found.len(), self.duplicates) {
            (0, _) => Err(SearchError::NotFound { path: path.to_owned(), roots: self.roots.iter().map(|r| show(r)).collect() }),
            (1, _) => Ok(found.swap_remove(0)),
            (_, DuplicateFileMode::First) => {
                self.passed_over.note(path, &found);
                Ok(found.swap_remove(0))
            }
            (_, DuplicateFileMode::Error) => {
                Err(SearchError::Duplicate { path: path.to_owned(), found: found.iter().map(|f| show(f)).collect() })
            }
        }
    }

    /// The files of the folder in which a normalised path would be, for a hint to one that was meant.
    pub fn beside(&self, path: &str) -> Vec<String> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let entries = self.roots.iter().filter_map(|root| std::fs::read_dir(root.join(folder.trim_start_matches('/'))).ok()).flatten();
        let files = entries.flatten().filter(|entry| entry.path().is_file());
        files.take(MOST_BESIDE).map(|entry| format!("{prefix}{}", entry.file_name().to_string_lossy())).collect()
    }

    /// Whether a normalised path is a folder in some root.
    pub fn is_folder(&self, path: &str) -> bool {
        self.roots.iter().any(|root| root.join(path.trim_start_matches('/')).is_dir())
    }

    /// Whether a normalised path is a file in some root.
    pub fn contains(&self, path: &str) -> bool {
        !matches!(self.find(path), Err(SearchError::NotFound { .. } | SearchError::Outside { .. }))
    }

    /// The bytes of a file of a normalised path.
    ///
    /// # Errors
    /// As [`SearchPath::find`], and when it cannot be read.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, SearchError> {
        let file = self.find(path)?;
        let bytes = std::fs::read(&file).map_err(|e| SearchError::Unreadable { path: path.to_owned(), reason: e.to_string() })?;
        self.inputs.read(path, &bytes);
        Ok(bytes)
    }

    /// As [`SearchPath::read`], without a note in [`SearchPath::inputs`].
    ///
    /// # Errors
    /// As [`SearchPath::read`].
    pub fn read_unnoted(&self, path: &str) -> Result<Vec<u8>, SearchError> {
        let file = self.locate(path)?;
        std::fs::read(&file).map_err(|e| SearchError::Unreadable { path: path.to_owned(), reason: e.to_string() })
    }

    /// A file of a normalised path, as a stream.
    ///
    /// # Errors
    /// As [`SearchPath::read`].
    pub fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, SearchError> {
        let file = self.find(path)?;
        let file = std::fs::File::open(file).map_err(|e| SearchError::Unreadable { path: path.to_owned(), reason: e.to_string() })?;
        Ok(self.inputs.watch(path, file))
    }

    /// All files below a folder, as normalised paths with their depth (1 directly inside), in the order of
    /// `includeAll`: by UTF-16 unit of the whole path. Equal paths collapse.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn list(&self, folder: &str) -> Result<Vec<(String, usize)>, SearchError> {
        // As in `find`, a path is taken below the roots even when a slash is left in front of it.
        let folder = folder.trim_start_matches('/');
        if folder.split('/').any(|part| part == "..") {
            return Err(SearchError::Outside { path: folder.to_owned() });
        }
        let mut found = BTreeMap::new();
        for root in &self.roots {
            let start = if folder.is_empty() { root.clone() } else { root.join(folder) };
            if start.is_dir() {
                walk(&start, folder, 1, &mut found)?;
            }
        }
        let files: Vec<(String, usize)> = found.into_values().collect();
        self.inputs.listed(folder, &files);
        Ok(files)
    }
}

/// Of more files than these no hint is sought.
const MOST_BESIDE: usize = 1000;

fn show(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).display().to_string()
}

/// Folders nested deeper than this are taken for a loop of links.
const MAX_FOLDER_DEPTH: usize = 64;

fn walk(folder: &Path, name: &str, depth: usize, found: &mut BTreeMap<Vec<u16>, (String, usize)>) -> Result<(), SearchError> {
    let failed = |e: std::io::Error| SearchError::Unreadable { path: name.to_owned(), reason: e.to_string() };
    if depth > MAX_FOLDER_DEPTH {
        return Err(SearchError::Unreadable {
            path: name.to_owned(),
            reason: format!("folders are nested more than {MAX_FOLDER_DEPTH} deep"),
        });
    }
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let path = if name.is_empty() { file } else { format!("{name}/{file}") };
        let full = entry.path();
        if full.is_dir() {
            walk(&full, &path, depth + 1, found)?;
        } else {
            // The key is what Liquibase compares: the path without a web archive's class folder.
            let key = path.replace("WEB-INF/classes/", "").encode_utf16().collect();
            found.entry(key).or_insert((path, depth));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_listed_in_the_order_of_include_all() {
        let dir = tempfile::tempdir().unwrap();
        for f in ["inc/B.sql", "inc/_x.sql", "inc/a10.sql", "inc/a2.sql", "inc/b.sql", "inc/deep.sql", "inc/deep/z.sql"] {
            let path = dir.path().join(f);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let search = SearchPath::new(vec![dir.path().to_owned()], DuplicateFileMode::Error);
        let listed: Vec<_> = search.list("inc").unwrap();
        let names: Vec<_> = listed.iter().map(|(p, d)| (p.as_str(), *d)).collect();
        let expected = [
            ("inc/B.sql", 1),
            ("inc/_x.sql", 1),
            ("inc/a10.sql", 1),
            ("inc/a2.sql", 1),
            ("inc/b.sql", 1),
            ("inc/deep.sql", 1),
            ("inc/deep/z.sql", 2),
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn nothing_outside_the_roots_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        std::fs::create_dir(&root).unwrap();
        std::fs::write(dir.path().join("secret.sql"), "x").unwrap();
        let search = SearchPath::new(vec![root], DuplicateFileMode::Error);
        assert_eq!(search.list("/etc"), Ok(Vec::new()));
        assert_eq!(search.read("../secret.sql"), Err(SearchError::Outside { path: "../secret.sql".into() }));
    }

    #[test]
    fn one_path_in_two_roots_is_an_error_unless_told_otherwise() {
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for d in [&a, &b] {
            std::fs::write(d.path().join("m.sql"), "x").unwrap();
        }
        let roots = vec![a.path().to_owned(), b.path().to_owned()];
        assert!(matches!(SearchPath::new(roots.clone(), DuplicateFileMode::Error).find("m.sql"), Err(SearchError::Duplicate { .. })));
        let passed_over = PassedOver::default();
        let first = SearchPath::new(roots, DuplicateFileMode::First).noting(&passed_over);
        assert_eq!(first.find("m.sql"), Ok(a.path().join("m.sql")));
        let both = [&a, &b].map(|d| d.path().join("m.sql").display().to_string());
        assert_eq!(passed_over.files(), BTreeMap::from([("m.sql".to_owned(), both.to_vec())]));
    }
}
