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

/// A name without a value where that is an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpandError {
    /// No definition counts.
    Missing(String),
    /// The definitions refer to each other, or expand without bound.
    Endless(String),
}

impl std::fmt::Display for ExpandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ExpandError::Missing(name) => write!(f, "Could not resolve expression `${{{name}}}`"),
            ExpandError::Endless(name) => write!(f, "The value of `${{{name}}}` refers to itself or grows without bound"),
        }
    }
}

/// How deep values may refer to values.
const MAX_DEPTH: usize = 50;
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
    /// When a name has no value and that is an error by the mode, or values refer to themselves.
    pub fn expand<'t>(&self, text: &'t str, files: &[String]) -> Result<std::borrow::Cow<'t, str>, ExpandError> {
        if !text.contains("${") {
            return Ok(text.into());
        }
        Ok(self.expand_at(text, files, 0)?.into())
    }

    fn expand_at(&self, text: &str, files: &[String], depth: usize) -> Result<String, ExpandError> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            out.push_str(&rest[..at]);
            let Some(end) = closing_brace(&rest[at + 2..]) else {
                // Unclosed: literal, but what stands inside is still expanded.
                out.push_str("${");
                rest = &rest[at + 2..];
                continue;
            };
            let inside = &rest[at + 2..at + 2 + end];
            let name = if inside.contains("${") { self.expand_at(inside, files, depth)? } else { inside.to_owned() };
            if self.escaping && name.starts_with(':') {
                out.push_str(&format!("${{{}}}", &name[1..]));
            } else {
                match self.get(&name, files) {
                    Some(_) if depth >= MAX_DEPTH => return Err(ExpandError::Endless(name)),
                    Some(value) if value.contains("${") => out.push_str(&self.expand_at(value, files, depth + 1)?),
                    Some(value) => out.push_str(value),
                    None => match self.missing {
                        MissingProperty::Preserve => out.push_str(&format!("${{{name}}}")),
                        MissingProperty::Empty => {}
                        MissingProperty::Error => return Err(ExpandError::Missing(name)),
                    },
                }
            }
            if out.len() > MAX_LENGTH {
                return Err(ExpandError::Endless(inside.to_owned()));
            }
            rest = &rest[at + 2 + end + 1..];
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// Where the brace that opened just before `text` closes; nested expressions are stepped over.
fn closing_brace(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'$' if bytes.get(i + 1) == Some(&b'{') => {
                depth += 1;
                i += 1;
            }
            b'}' if depth == 0 => return Some(i),
            b'}' => depth -= 1,
            _ => {}
        }
        i += 1;
    }
    None
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
    fn values_that_refer_to_themselves_stop() {
        assert_eq!(properties().expand("${loop}", &[]), Err(ExpandError::Endless("loop".into())));
    }
}
