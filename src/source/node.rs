//! The tree that YAML, JSON, XML and formatted SQL become: `changelog-formats` calls it the node tree.
//!
//! A node has a name, at most one scalar value (several for a list of scalars), and ordered children.
//! Map entries, XML attributes and XML elements are all children; list items hand their entries up:
//! `changes: [{sql: ..}, {insert: ..}]` equals `<changes><sql/><insert/></changes>`.

use crate::diagnostic::{Diagnostic, Diagnostics, IGNORED_ELEMENT};
use crate::span::Span;

/// What the format says a scalar is. Quoted and block scalars, XML and SQL text are always [`ScalarKind::Text`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarKind {
    /// Text.
    Text,
    /// A YAML boolean; the text is `true` or `false`.
    Bool,
    /// A YAML integer; the text is its decimal form.
    Int,
    /// A YAML float; the text is Java's `Double.toString`.
    Float,
    /// A YAML date or timestamp whose Java text is a `java.util.Date`; `iso` of the scalar has the ISO form.
    Date,
}

/// One scalar value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text that a string attribute receives (after YAML 1.1 typing).
    pub text: String,
    /// What it was.
    pub kind: ScalarKind,
    /// For [`ScalarKind::Date`]: the ISO local date-time that a date-typed attribute receives.
    pub iso: Option<Box<str>>,
    /// Where it stands.
    pub span: Span,
}

impl Scalar {
    /// A text scalar.
    pub fn text(text: impl Into<String>, span: Span) -> Self {
        Scalar { text: text.into(), kind: ScalarKind::Text, iso: None, span }
    }
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Key, element or attribute name, without a namespace prefix.
    pub name: Box<str>,
    /// Whether the name had a namespace prefix other than the changelog's own (`ext:`).
    pub prefixed: bool,
    /// Where the name stands.
    pub name_span: Span,
    /// Where the whole node stands, name included.
    pub span: Span,
    /// The scalar values: none (null, or only children), one, or several (a list of scalars).
    pub values: Vec<Scalar>,
    /// The children in order.
    pub children: Vec<Node>,
}

impl Node {
    /// A node without value and children.
    pub fn new(name: impl Into<Box<str>>, name_span: Span) -> Self {
        Node { name: name.into(), prefixed: false, name_span, span: name_span, values: Vec::new(), children: Vec::new() }
    }

    /// A node with one text value.
    pub fn leaf(name: impl Into<Box<str>>, text: impl Into<String>, span: Span) -> Self {
        Node { values: vec![Scalar::text(text, span)], ..Node::new(name, span) }
    }

    /// The value if there is exactly one.
    pub fn value(&self) -> Option<&Scalar> {
        match self.values.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// The text of the value if there is exactly one.
    pub fn text(&self) -> Option<&str> {
        self.value().map(|s| s.text.as_str())
    }

    /// Children of that name; letter case is ignored, as Liquibase does.
    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> + 'a {
        self.children.iter().filter(move |c| c.name.eq_ignore_ascii_case(name))
    }

    /// The first child of that name (letter case ignored).
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name.eq_ignore_ascii_case(name))
    }

    /// Text of the first child of that name.
    pub fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).and_then(Node::text)
    }

    /// Reports texts in the element beyond those that it takes; nobody reads them.
    pub fn report_texts(&self, taken: usize, problems: &mut Diagnostics) {
        let Some(first) = self.values.first().filter(|_| self.values.len() > taken) else { return };
        let message = match taken {
            0 => format!("'{}' has no text of its own; what stands there is ignored", self.name),
            _ => format!("'{}' takes a single text, and this is a list; it is ignored", self.name),
        };
        problems.push(Diagnostic::warning(IGNORED_ELEMENT, message).at(first.span));
    }

    /// Reports elements that are none of these; nobody reads them.
    pub fn report_others(&self, known: &[&str], problems: &mut Diagnostics) {
        for child in self.children.iter().filter(|c| !known.iter().any(|k| c.name.eq_ignore_ascii_case(k))) {
            let message = format!("'{}' in '{}' is ignored: there is no such element", child.name, self.name);
            problems
                .push(Diagnostic::warning(IGNORED_ELEMENT, message).at(child.name_span).did_you_mean(&child.name, known.iter().copied()));
        }
    }

    /// Calls `f` on every scalar of this node and below, in order.
    pub fn for_each_scalar(&mut self, f: &mut impl FnMut(&mut Scalar)) {
        for value in &mut self.values {
            f(value);
        }
        for child in &mut self.children {
            child.for_each_scalar(f);
        }
    }
}
