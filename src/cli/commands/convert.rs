//! `convert`: a changelog file in another format.

use crate::changelog::convert::convert;
use crate::changelog::path;
use crate::cli::{Exit, Failure, Invocation, Output};
use crate::config::settings::{CHANGELOG_FILE, FILE_ENCODING, TO};
use crate::diagnostic::{Diagnostics, render_text};
use crate::source::{self, Format, Limits, ReadOptions};
use crate::span::SourceMap;

/// Writes the file in the format that was asked for. No database is needed.
///
/// # Errors
/// The file cannot be read, is no changelog, or has something that the format cannot hold.
pub(super) fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let given = invocation.required(&CHANGELOG_FILE)?;
    let to = match invocation.required(&TO)?.to_ascii_uppercase().as_str() {
        "XML" => Format::Xml,
        "JSON" => Format::Json,
        _ => Format::Yaml,
    };
    let search = invocation.search_path();
    let file = path::normalise(&search.relative(given));
    let fail = |message: String| Failure::new(Exit::Changelog, message);
    let format = Format::of(&file)
        .ok_or_else(|| fail(format!("'{given}' is no changelog by its name; changelogs end in .yaml, .yml, .json, .xml or .sql")))?;
    let bytes = search.read(&file).map_err(|e| fail(e.to_string()))?;
    let (mut sources, mut problems, limits) = (SourceMap::new(), Diagnostics::new(), Limits::default());
    let text = source::decode_changelog(&bytes, &file, format, invocation.settings.text(&FILE_ENCODING), &limits)
        .map_err(|problem| fail(render_text(&problem, &sources, output.color())))?;
    let id = sources.add(file.as_str(), text.clone());
    let root = source::read_changelog(id, &file, format, &text, &limits, ReadOptions::default(), &mut problems);
    for problem in problems.iter() {
        output.message(render_text(problem, &sources, output.color()).trim_end());
    }
    let root = root.filter(|_| !problems.has_errors()).ok_or_else(|| fail(format!("{file} has errors; nothing was written")))?;
    let converted = convert(&root, to).map_err(|reason| fail(format!("{file} cannot be written in that format: {reason}")))?;
    Ok(output.result(&converted)?)
}
