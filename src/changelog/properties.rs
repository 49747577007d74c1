//! Changelog parameters: `${name}` and where its value comes from (changelog-formats §7.1).

use super::inputs::Inputs;
use std::collections::HashMap;

/// What happens to a `${name}` that has no value (`missing-property-mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissingProperty {
    /// It stays as it is written.
    #[default]
    Preserve,
    /// It becomes empty.
    Empty,
    /// The run stops.
    Error,
}

/// Why a text cannot be expanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpandError {
    /// No definition counts.
    Missing(String),
    /// The definitions refer to each other, or expand without bound.
    Endless(String),
    /// Names stand in names, too deep.
    Deep,
}

impl std::fmt::Display for ExpandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ExpandError::Missing(name) => write!(f, "Could not resolve expression `${{{name}}}`"),
            ExpandError::Endless(name) => write!(f, "The value of `${{{name}}}` refers to itself or grows without bound"),
            ExpandError::Deep => write!(f, "`${{` stands in `${{`, more than {MAX_DEPTH} deep"),
        }
    }
}

/// How deep values may refer to values, and names stand in names.
const MAX_DEPTH: usize = 50;
/// How many names the values of one name may refer to, in all.
const MAX_REFERENCES: usize = 100_000;
/// How long an expanded text may become, in bytes.
const MAX_LENGTH: usize = 64 << 20;

/// All parameters of a run.
#[derive(Debug, Clone, Default)]
pub struct Properties {
    /// Environment variables, by name in lower case: they win over everything.
    environment: HashMap<String, String>,
    /// Global definitions by name in lower case: the first one wins, even one without a value.
    global: HashMap<String, Option<String>>,
    /// Definitions of one file, by its logical path and name: the last one wins.
    local: HashMap<(String, String), String>,
    /// What happens to names without a value.
    missing: MissingProperty,
    /// Whether `${:name}` stands for `${name}`.
    escaping: bool,
    /// Where it is noted which names were asked for.
    inputs: Inputs,
}

impl Properties {
    /// Parameters from outside the changelog: the environment, then `given` in order (database values, command
    /// line, configuration).
    pub fn new(environment: impl IntoIterator<Item = (String, String)>, given: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut properties = Properties::default();
        properties.environment.extend(environment.into_iter().map(|(k, v)| (k.to_lowercase(), v)));
        for (name, value) in given {
            properties.define_global(&name, Some(value));
        }
        properties
    }

    /// Sets what happens to names without a value, and whether `${:name}` is an escape.
    #[must_use]
    pub fn with_mode(mut self, missing: MissingProperty, escaping: bool) -> Self {
        self.missing = missing;
        self.escaping = escaping;
        self
    }

    /// Notes in `inputs` which names are asked for.
    pub(super) fn note_in(&mut self, inputs: &Inputs) {
        self.inputs = inputs.clone();
    }

    /// Adds a global definition; an earlier one of the same name keeps its value. Without a value, `${name}` stays as it is.
    pub fn define_global(&mut self, name: &str, value: Option<String>) {
        self.global.entry(name.trim().to_lowercase()).or_insert(value);
    }

    /// Adds a definition for one file; it replaces an earlier one.
    pub fn define_local(&mut self, file: &str, name: &str, value: String) {
        self.local.insert((file.to_owned(), name.trim().to_lowercase()), value);
    }

    /// The value of a name as seen in a file and those that include it, nearest first; not expanded.
    pub fn get(&self, name: &str, files: &[String]) -> Option<&str> {
        let name = name.trim().to_lowercase();
        let environment = self.environment.get(&name);
        self.inputs.expanded(&name, environment.map(String::as_str));
        if let Some(value) = environment.or_else(|| self.global.get(&name)?.as_ref()) {
            return Some(value);
        }
        files.iter().find_map(|f| self.local.get(&(f.clone(), name.clone()))).map(String::as_str)
    }

    /// Replaces every `${name}` of a text, innermost first. A text without one is not copied.
    ///
    /// # Errors
    /// When a name has no value and that is an error by the mode, values refer to themselves or to too many others, or names stand
    /// too deep in names.
    pub fn expand<'t>(&self, text: &'t str, files: &[String]) -> Result<std::borrow::Cow<'t, str>, ExpandError> {
        if !text.contains("${") {
            return Ok(text.into());
        }
        Ok(Expansion { properties: self, files, references: 0 }.text(text, 0)?.into())
    }
}

/// A text on its way to its values.
struct Expansion<'p> {
    properties: &'p Properties,
    files: &'p [String],
    /// How many names the values of one name of the text have referred to.
    references: usize,
}

impl Expansion<'_> {
    /// Replaces the names of a text, which is a value when `depth` is more than 0. It takes one pass, however many `${` there are.
    fn text(&mut self, text: &str, depth: usize) -> Result<String, ExpandError> {
        let mut out = String::with_capacity(text.len());
        // Where each `${` that waits for its brace stands in `out`, and how deep names stand in it. One that is never closed is
        // literal, but what stands inside is still expanded.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut rest = text;
        while let Some(at) = next_mark(rest, open.is_empty()) {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(inside) = rest.strip_prefix("${") {
                open.push((out.len(), 0));
                out.push_str("${");
                rest = inside;
                continue;
            }
            rest = &rest[1..];
            let Some((start, inner)) = open.pop() else { continue };
            if inner >= MAX_DEPTH {
                return Err(ExpandError::Deep);
            }
            if let Some((_, depth)) = open.last_mut() {
                *depth = (*depth).max(inner + 1);
            }
            let name = out.split_off(start + 2);
            out.truncate(start);
            self.name(name, depth, &mut out)?;
        }
        out.push_str(rest);
        Ok(out)
    }

    /// Puts what stands for a name behind a text.
    fn name(&mut self, name: String, depth: usize, out: &mut String) -> Result<(), ExpandError> {
        self.references = if depth == 0 { 0 } else { self.references + 1 };
        let properties = self.properties;
        match name.strip_prefix(':').filter(|_| properties.escaping) {
            Some(escaped) => out.push_str(&format!("${{{escaped}}}")),
            None => match properties.get(&name, self.files) {
                Some(_) if depth >= MAX_DEPTH || self.references > MAX_REFERENCES => return Err(ExpandError::Endless(name)),
                Some(value) if value.contains("${") => match self.text(value, depth + 1) {
                    // What the text itself refers to is what its author can correct.
                    Err(ExpandError::Endless(_)) => return Err(ExpandError::Endless(name)),
                    expanded => out.push_str(&expanded?),
                },
                Some(value) => out.push_str(value),
                None => match properties.missing {
                    MissingProperty::Preserve => out.push_str(&format!("${{{name}}}")),
                    MissingProperty::Empty => {}
                    MissingProperty::Error => return Err(ExpandError::Missing(name)),
                },
            },
        }
        if out.len() > MAX_LENGTH { Err(ExpandError::Endless(name)) } else { Ok(()) }
    }
}

/// Where the next `${` stands or, unless nothing is open, the brace before it.
fn next_mark(text: &str, is_nothing_open: bool) -> Option<usize> {
    if is_nothing_open {
        return text.find("${");
    }
    let bytes = text.as_bytes();
    bytes.iter().enumerate().position(|(at, byte)| *byte == b'}' || (*byte == b'$' && bytes.get(at + 1) == Some(&b'{')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties() -> Properties {
        let mut p = Properties::new(
            [("ENVVAR".to_owned(), "env".to_owned())],
            [("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())],
        );
        p.define_global("b", Some("a".into()));
        p.define_global("c", Some("<${a}>".into()));
        p.define_global("without", None);
        p.define_global("without", Some("late".into()));
        p.define_global("loop", Some("${loop}".into()));
        p.define_local("f.xml", "x", "old".into());
        p.define_local("f.xml", "x", "new".into());
        p
    }

    #[test]
    fn expansion_follows_the_rules() {
        let p = properties();
        let files = ["f.xml".to_owned()];
        for (text, expected) in [
            ("${a}", "1"),
            ("${ A }", "1"),
            ("${${b}}", "1"),
            ("${c}!", "<1>!"),
            ("${x}", "new"),
            ("${without}", "${without}"),
            ("${envvar}", "env"),
            ("${unknown} $a ${open", "${unknown} $a ${open"),
            ("${:a}", "${:a}"),
            ("${open ${a}", "${open 1"),
        ] {
            assert_eq!(p.expand(text, &files).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(p.expand("${x}", &[]).as_deref(), Ok("${x}"));
        // A global definition wins over that of a file, and the environment over both.
        let mut p = p;
        p.define_local("f.xml", "a", "local".into());
        p.define_local("f.xml", "envvar", "local".into());
        assert_eq!(p.expand("${a} ${envvar}", &files).as_deref(), Ok("1 env"));
        // Of files that include each other the nearest one counts.
        p.define_local("root.xml", "x", "far".into());
        p.define_local("root.xml", "y", "far".into());
        assert_eq!(p.expand("${x} ${y}", &["f.xml".to_owned(), "root.xml".to_owned()]).as_deref(), Ok("new far"));
    }

    #[test]
    fn modes_change_what_happens_to_unknown_names() {
        let p = properties().with_mode(MissingProperty::Empty, true);
        assert_eq!(p.expand("[${nope}] ${:a}", &[]).as_deref(), Ok("[] ${a}"));
        let p = properties().with_mode(MissingProperty::Error, false);
        assert_eq!(p.expand("${nope}", &[]), Err(ExpandError::Missing("nope".into())));
    }

    #[test]
    fn what_nobody_closes_stands_as_it_is_written() {
        let p = properties();
        // A million of them, which must not be looked through again and again.
        let open = "${".repeat(1 << 20);
        assert_eq!(p.expand(&format!("{open}a}}"), &[]), Ok(format!("{}1", &open[2..]).into()));
        assert_eq!(p.expand("}${a}} ${}", &[]).as_deref(), Ok("}1} ${}"));
    }

    #[test]
    fn names_in_names_have_a_limit() {
        let p = properties();
        let nested = |depth: usize| format!("{}b{}", "${".repeat(depth), "}".repeat(depth));
        assert_eq!(p.expand(&nested(2), &[]).as_deref(), Ok("1"));
        assert_eq!(p.expand(&nested(MAX_DEPTH), &[]).map(|text| text.len()), Ok(MAX_DEPTH.saturating_sub(2) * 3 + 1));
        assert_eq!(p.expand(&nested(MAX_DEPTH + 1), &[]), Err(ExpandError::Deep));
        assert_eq!(p.expand(&nested(1 << 20), &[]), Err(ExpandError::Deep));
    }

    /// Each value refers to the one before it twice, and there is nothing at the end: the text never grows.
    #[test]
    fn values_that_refer_to_ever_more_values_stop() {
        let mut p = Properties::default();
        p.define_global("p0", Some(String::new()));
        for n in 1..40 {
            p.define_global(&format!("p{n}"), Some(format!("${{p{0}}}${{p{0}}}", n - 1)));
        }
        assert_eq!(p.expand("${p10}${p10}", &[]).as_deref(), Ok(""));
        assert_eq!(p.expand("${p39}", &[]), Err(ExpandError::Endless("p39".into())));
    }

    #[test]
    fn values_that_refer_to_themselves_stop() {
        assert_eq!(properties().expand("${loop}", &[]), Err(ExpandError::Endless("loop".into())));
    }
}
