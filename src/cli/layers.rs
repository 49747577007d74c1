//! Reads the files that settings come from. What they mean is for [`config`](crate::config) to say.

use super::args::CommandLine;
use crate::config::settings::{DEFAULTS_FILE, PROJECT_FILE};
use crate::config::{Entry, Layers, Origin, Settings, SettingsFile, project_file, resolve};
use crate::diagnostic::{Diagnostic, Diagnostics, SETTINGS_FILE};
use crate::source::properties;
use crate::span::SourceMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A settings file beyond this size is no settings file.
const MAX_BYTES: u64 = 4 << 20;

/// Reads the defaults file, its local companion and the project file. Which files these are, flags and environment say.
///
/// A file that was named and does not exist is a warning, as in Liquibase; one that cannot be read is an error.
pub(super) fn read(line: &CommandLine, environment: Vec<(String, String)>) -> (Layers, Diagnostics) {
    let mut layers = Layers { flags: line.flags.clone(), parameters: line.parameters.clone(), environment, ..Layers::default() };
    let mut problems = Diagnostics::new();
    let (named, _) = resolve(line.command, &layers);
    let roots = named.search_roots();

    let defaults = named.text(&DEFAULTS_FILE).unwrap_or_default().to_owned();
    layers.defaults = read_file(&defaults, &roots, properties_entries, &mut problems);
    if layers.defaults.is_none() && named.is_given(&DEFAULTS_FILE) && problems.is_empty() {
        problems.push(missing(&format!("Could not find defaults file {defaults}"), &named, &DEFAULTS_FILE));
    }
    if let Some(stem) = defaults.strip_suffix(".properties") {
        layers.local_defaults = read_file(&format!("{stem}.local.properties"), &roots, properties_entries, &mut problems);
    }
    let project = named.text(&PROJECT_FILE).unwrap_or_default().to_owned();
    let failed_before = problems.has_errors();
    layers.project = read_file(&project, &roots, project_entries, &mut problems);
    if layers.project.is_none() && named.is_given(&PROJECT_FILE) && problems.has_errors() == failed_before {
        problems.push(missing(&format!("Could not find project file {project}"), &named, &PROJECT_FILE));
    }
    (layers, problems)
}

fn missing(message: &str, named: &Settings, setting: &crate::config::Setting) -> Diagnostic {
    let origin = named.value(setting).map(|v| v.origin().to_string());
    let problem = Diagnostic::warning(SETTINGS_FILE, message);
    match origin {
        Some(origin) => problem.hint(format!("it is named by: {origin}")),
        None => problem,
    }
}

/// Why a file of settings cannot be read. The text never repeats a value: it may be a password.
struct Unreadable {
    /// Where, from 1.
    line: Option<usize>,
    why: String,
}

/// Turns the text of a file into entries.
type ReadEntries = fn(&str) -> Result<Vec<Entry>, Unreadable>;

/// The entries of a file: `None` when it does not exist or (with a diagnostic) cannot be read.
fn read_file(path: &str, roots: &[String], entries: ReadEntries, problems: &mut Diagnostics) -> Option<SettingsFile> {
    let found = locate(path, roots)?;
    let path = found.display().to_string();
    match read_text(&found).map_err(|e| Unreadable { line: None, why: e.to_string() }).and_then(|text| entries(&text)) {
        Ok(entries) => Some(SettingsFile { path, entries }),
        Err(Unreadable { line, why }) => {
            let place = line.map_or(path.clone(), |line| Origin::File { path, line }.to_string());
            problems.push(Diagnostic::error(SETTINGS_FILE, format!("cannot read this settings file: {why}")).in_file(place));
            None
        }
    }
}

/// The file as a path of its own, else inside the search path.
fn locate(path: &str, roots: &[String]) -> Option<PathBuf> {
    if path.is_empty() {
        return None;
    }
    let direct = PathBuf::from(path);
    if direct.exists() {
        return Some(direct);
    }
    roots.iter().map(|root| Path::new(root).join(path)).find(|p| direct.is_relative() && p.exists())
}

/// The text of a file: UTF-8, or Latin-1 when it is not valid UTF-8, as Java properties files may be.
fn read_text(path: &Path) -> io::Result<String> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::Error::other("it is a directory"));
    }
    if metadata.len() > MAX_BYTES {
        return Err(io::Error::other(format!("it is larger than {MAX_BYTES} bytes")));
    }
    let bytes = fs::read(path)?;
    let text = String::from_utf8(bytes).unwrap_or_else(|e| e.as_bytes().iter().map(|b| char::from(*b)).collect());
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn properties_entries(text: &str) -> Result<Vec<Entry>, Unreadable> {
    let mut sources = SourceMap::new();
    let file = sources.add("", text);
    let mut problems = Diagnostics::new();
    let properties = properties::read(file, text, &mut problems);
    let line = |span| sources.line_column(span).line;
    if let Some(problem) = problems.iter().next() {
        return Err(Unreadable { line: problem.span.map(line), why: problem.message.clone() });
    }
    Ok(properties.into_iter().map(|p| Entry { line: line(p.name_span), key: p.name, value: p.value }).collect())
}

fn project_entries(text: &str) -> Result<Vec<Entry>, Unreadable> {
    project_file::read(text).map_err(|e| Unreadable { line: Some(e.line), why: e.message })
}
