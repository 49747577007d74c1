//! Texts of changelogs: an element as XML, a value as YAML. JSON is written by its own library.

pub mod xml;
pub mod yaml;

use super::namespace::Namespace;

/// A name with its namespace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Name {
    /// The name.
    pub local: String,
    /// Its namespace.
    pub namespace: Namespace,
}

/// An element: what the nodes of all formats come down to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Its name.
    pub name: Name,
    /// Its attributes, in order; no name twice.
    pub attributes: Vec<(Name, String)>,
    /// Its own text.
    pub text: Option<String>,
    /// The elements in it, in order.
    pub children: Vec<Element>,
}

impl Element {
    /// An element without anything.
    pub fn new(name: impl Into<String>, namespace: Namespace) -> Self {
        Element { name: Name { local: name.into(), namespace }, ..Element::default() }
    }

    /// Gives the element an attribute.
    pub fn set(&mut self, name: impl Into<String>, namespace: Namespace, value: impl Into<String>) {
        self.attributes.push((Name { local: name.into(), namespace }, value.into()));
    }

    /// The element with its attributes in the order of their names, here and below: that order means nothing.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.attributes.sort();
        self.children = self.children.into_iter().map(Element::sorted).collect();
        self
    }
}
