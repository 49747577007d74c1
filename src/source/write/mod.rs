//! Texts of changelogs: an element as XML, a value as YAML. JSON is written by its own library.

pub mod xml;
pub mod yaml;

/// An element: what the nodes of all formats come down to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Whether it belongs to another namespace than the changelog's.
    pub prefixed: bool,
    /// Its attributes, in order; no name twice.
    pub attributes: Vec<(String, String)>,
    /// Its own text.
    pub text: Option<String>,
    /// The elements in it, in order.
    pub children: Vec<Element>,
}

impl Element {
    /// An element without anything.
    pub fn new(name: impl Into<String>) -> Self {
        Element { name: name.into(), ..Element::default() }
    }

    /// The element with its attributes in the order of their names, here and below: that order means nothing.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.attributes.sort();
        self.children = self.children.into_iter().map(Element::sorted).collect();
        self
    }

    /// The element, here and below, in no namespace but the changelog's.
    #[must_use]
    pub fn without_prefixes(mut self) -> Self {
        self.prefixed = false;
        self.children = self.children.into_iter().map(Element::without_prefixes).collect();
        self
    }
}
