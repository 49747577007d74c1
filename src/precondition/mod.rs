//! Preconditions: what must hold before a changeset (or a whole run) starts (filters §5).
//!
//! Here they are read and described. They are asked through [`Facts`], which the executor implements with one
//! targeted query each.

pub mod check;
pub mod kind;

pub use check::{Facts, Outcome};
pub use kind::{Condition, Kind};

use crate::diagnostic::{BAD_VALUE, Diagnostic, Diagnostics, IGNORED_ATTRIBUTE, IGNORED_ELEMENT, UNKNOWN_PRECONDITION};
use crate::source::attributes::Field;
use crate::source::{self, Node};
use crate::span::Span;

/// What to do when a precondition fails or cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reaction {
    /// The run stops.
    #[default]
    Halt,
    /// The changeset is passed over and tried again next time.
    Continue,
    /// The changeset is recorded without running.
    MarkRan,
    /// It is told, and the changeset runs.
    Warn,
}

impl Reaction {
    /// The word of the changelog.
    pub fn word(self) -> &'static str {
        match self {
            Reaction::Halt => "HALT",
            Reaction::Continue => "CONTINUE",
            Reaction::MarkRan => "MARK_RAN",
            Reaction::Warn => "WARN",
        }
    }
}

/// What to do with preconditions where SQL is only written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnSqlOutput {
    /// They count as passed.
    #[default]
    Ignore,
    /// They are asked.
    Test,
    /// They count as failed.
    Fail,
}

/// A container of conditions with what happens when they do not hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Preconditions {
    /// All of these must hold.
    pub conditions: Vec<Condition>,
    /// When one fails.
    pub on_fail: Reaction,
    /// When one cannot be asked.
    pub on_error: Reaction,
    /// Where SQL is only written.
    pub on_sql_output: OnSqlOutput,
    /// Replaces the reason of a failure.
    pub on_fail_message: Option<String>,
    /// Replaces the reason of an error.
    pub on_error_message: Option<String>,
    /// Where it stands.
    pub span: Option<Span>,
    /// The file it stands in, for messages.
    pub file: String,
}

const REACTIONS: source::attributes::Kind = source::attributes::Kind::Word(&["HALT", "CONTINUE", "MARK_RAN", "WARN"]);

/// Attributes of the container.
pub const ATTRIBUTES: &[Field] = &[
    Field { name: "onFail", kind: REACTIONS, doc: "What happens when a condition does not hold.", ..Field::DEFAULT },
    Field { name: "onError", kind: REACTIONS, doc: "What happens when a condition cannot be asked.", ..Field::DEFAULT },
    Field {
        name: "onSqlOutput",
        aliases: &["onUpdateSQL"],
        kind: source::attributes::Kind::Word(&["IGNORE", "TEST", "FAIL"]),
        doc: "What happens where SQL is only written.",
        ..Field::DEFAULT
    },
    Field { name: "onFailMessage", doc: "What is said when a condition does not hold.", ..Field::DEFAULT },
    Field { name: "onErrorMessage", doc: "What is said when a condition cannot be asked.", ..Field::DEFAULT },
];

/// How unknown names are treated.
#[derive(Debug, Clone, Copy)]
pub struct ReadMode<'a> {
    /// Whether unknown preconditions with children are errors (`changelog-parse-mode` STRICT).
    pub strict: bool,
    /// Whether the format refuses what it does not know (XML).
    pub validated: bool,
    /// The file, for messages.
    pub file: &'a str,
}

impl Preconditions {
    /// Reads a `preConditions` node.
    pub fn read(node: &Node, mode: ReadMode<'_>, problems: &mut Diagnostics) -> Preconditions {
        let mut out = Preconditions { span: Some(node.span), file: mode.file.to_owned(), ..Preconditions::default() };
        node.report_texts(0, problems);
        for child in &node.children {
            let text = child.text().unwrap_or("");
            match child.name.to_ascii_lowercase().as_str() {
                "onfail" => out.on_fail = reaction(child, "onFail", problems),
                "onerror" => out.on_error = reaction(child, "onError", problems),
                "onsqloutput" | "onupdatesql" => {
                    out.on_sql_output = match text.to_ascii_uppercase().as_str() {
                        "IGNORE" => OnSqlOutput::Ignore,
                        "TEST" => OnSqlOutput::Test,
                        "FAIL" => OnSqlOutput::Fail,
                        _ => {
                            unknown_word(child, "onSqlOutput", "IGNORE, TEST, FAIL", problems);
                            OnSqlOutput::Ignore
                        }
                    }
                }
                "onfailmessage" => out.on_fail_message = Some(text.to_owned()),
                "onerrormessage" => out.on_error_message = Some(text.to_owned()),
                _ => out.conditions.extend(Condition::read(child, mode, problems)),
            }
        }
        out
    }

    /// Whether a query of the changelog's own is asked, which may have effects.
    pub fn asks_sql(&self) -> bool {
        fn asks(condition: &Condition) -> bool {
            match &condition.kind {
                Kind::SqlCheck(_) => true,
                Kind::And(inner) | Kind::Or(inner) | Kind::Not(inner) => inner.iter().any(asks),
                Kind::Nested(inner) => inner.asks_sql(),
                _ => false,
            }
        }
        self.conditions.iter().any(asks)
    }

    /// A container of several: each with its own reactions.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }
}

fn unknown_word(node: &Node, name: &str, words: &str, problems: &mut Diagnostics) {
    let message = format!("Unknown {name} attribute value '{}'.  Possible values: {words}", node.text().unwrap_or(""));
    let span = node.value().map_or(node.span, |v| v.span);
    problems.push(Diagnostic::error(BAD_VALUE, message).at(span).did_you_mean(node.text().unwrap_or(""), words.split(", ")));
}

fn reaction(node: &Node, name: &str, problems: &mut Diagnostics) -> Reaction {
    match node.text().unwrap_or("").to_ascii_uppercase().as_str() {
        "HALT" => Reaction::Halt,
        "CONTINUE" => Reaction::Continue,
        "MARK_RAN" => Reaction::MarkRan,
        "WARN" => Reaction::Warn,
        _ => {
            unknown_word(node, name, "HALT, CONTINUE, MARK_RAN, WARN", problems);
            Reaction::Halt
        }
    }
}

/// Reports a child of a container that is no precondition: an error when it has children, as Liquibase does.
fn unknown_condition(node: &Node, mode: ReadMode<'_>, problems: &mut Diagnostics) {
    let names = kind::names().chain(ATTRIBUTES.iter().map(|a| a.name));
    let text = format!(
        "Unknown precondition '{}'. Check for spelling or capitalization errors and missing extensions such as liquibase-commercial.",
        node.name
    );
    let problem = if (mode.strict && !node.children.is_empty()) || (mode.validated && !node.prefixed) {
        Diagnostic::error(UNKNOWN_PRECONDITION, text)
    } else if node.children.is_empty() {
        Diagnostic::warning(IGNORED_ATTRIBUTE, format!("'{}' is ignored here: it is no precondition", node.name))
    } else {
        Diagnostic::warning(IGNORED_ELEMENT, format!("'{}' is ignored here: it is no precondition", node.name))
    };
    problems.push(problem.at(node.name_span).did_you_mean(&node.name, names));
}
