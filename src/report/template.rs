//! A document through a template of the user's, in the language of Jinja: a page for a review, a comment for a merge request.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

/// How many steps a template may take: a loop in loops over a large plan, but no run without an end.
const FUEL: u64 = 50_000_000;

/// Why a template gave no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{what}", .line.map(|line| format!("line {line}: ")).unwrap_or_default())]
pub struct TemplateError {
    /// The line in the template, where one is to blame.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub what: String,
}

impl From<minijinja::Error> for TemplateError {
    fn from(error: minijinja::Error) -> Self {
        let detail = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
        TemplateError { line: error.line(), what: format!("{}{detail}", error.kind()) }
    }
}

/// The text that a template makes of a document, whose fields are the template's variables. What is not defined is an error, texts are
/// escaped where `name` ends in `.html`, and no other file is read.
///
/// # Errors
/// When the template cannot be read, or fails on this document.
pub fn render(name: &str, template: &str, document: &impl Serialize) -> Result<String, TemplateError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Lines that hold nothing but a tag leave nothing behind.
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    environment.set_fuel(Some(FUEL));
    let is_html = [".html", ".html.j2", ".html.jinja"].iter().any(|end| name.ends_with(end));
    environment.set_auto_escape_callback(move |_| if is_html { AutoEscape::Html } else { AutoEscape::None });
    Ok(environment.render_str(template, Value::from(Serde(document)))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn made(name: &str, template: &str) -> Result<String, String> {
        let document = json!({"dialect": "h2", "changesets": [{"id": "1", "sql": ["a < b", "c"]}, {"id": "2", "sql": []}]});
        render(name, template, &document).map_err(|e| e.to_string())
    }

    #[test]
    fn a_document_becomes_text() {
        let template = "{{ dialect }}\n{% for c in changesets if c.sql %}\n* {{ c.id }}: {{ c.sql | join('; ') }}\n{% endfor %}\n";
        assert_eq!(made("r.md", template).unwrap(), "h2\n* 1: a < b; c\n");
        assert_eq!(made("r.html", "{{ changesets[0].sql[0] }}").unwrap(), "a &lt; b");
    }

    #[test]
    fn what_is_wrong_has_its_line() {
        let unknown = made("r.md", "\n{{ dialekt }}").unwrap_err();
        assert!(unknown.starts_with("line 2: undefined value"), "{unknown}");
        let broken = made("r.md", "{% for c in changesets %}\n{{ c.id }\n").unwrap_err();
        assert!(broken.starts_with("line 2: syntax error"), "{broken}");
        let file = made("r.md", "{% include 'secret' %}").unwrap_err();
        assert!(file.contains("template not found"), "{file}");
        let endless = made("r.md", "{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}").unwrap_err();
        assert!(endless.contains("fuel"), "{endless}");
    }
}
