//! A map that is being read: keys given twice, merge keys, and the shapes of the root's entries.

use super::{Entry, Shape};
use crate::source::node::Node;
use std::collections::{HashMap, HashSet};

/// From how many entries on a map is searched by a table instead of one by one.
const INDEXED: usize = 16;

/// The entries of a map, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Map {
    pub(super) children: Vec<Node>,
    /// What few maps need: the root, large ones, those with merge keys or keys given twice.
    more: Option<Box<MapDetails>>,
}

#[derive(Debug, Clone, Default)]
struct MapDetails {
    /// The shapes of the entries, if this is the root.
    shapes: Option<Vec<Shape>>,
    /// Where each key is, once there are many.
    index: HashMap<Box<str>, usize>,
    /// How many entries the index has seen.
    indexed: usize,
    /// Places of the entries that a merge key brought: an explicit key replaces them without a word.
    merged: HashSet<usize>,
    /// Places of the entries that a later one of that name has overridden; they do not count.
    overridden: HashSet<usize>,
}

impl Map {
    /// A map that keeps the shapes of its entries.
    pub(super) fn root() -> Self {
        let more = MapDetails { shapes: Some(Vec::new()), ..MapDetails::default() };
        Map { children: Vec::new(), more: Some(Box::new(more)) }
    }

    pub(super) fn is_root(&self) -> bool {
        self.more.as_ref().is_some_and(|m| m.shapes.is_some())
    }

    /// Where the entry of that name is; the last one, if there are several.
    fn find(&mut self, name: &str) -> Option<usize> {
        if self.children.len() < INDEXED {
            return self.children.iter().rposition(|c| *c.name == *name);
        }
        let more = self.more.get_or_insert_default();
        for (at, child) in self.children.iter().enumerate().skip(more.indexed) {
            more.index.insert(child.name.clone(), at);
        }
        more.indexed = self.children.len();
        more.index.get(name).copied()
    }

    fn push(&mut self, node: Node, shape: Shape) {
        self.children.push(node);
        if let Some(shapes) = self.more.as_mut().and_then(|m| m.shapes.as_mut()) {
            shapes.push(shape);
        }
    }

    /// Adds an entry that is written out; says whether another one of that name was written out before.
    ///
    /// The place of an entry that is given twice is the last one; one that replaces a merged entry takes its place.
    pub(super) fn set(&mut self, node: Node, shape: Shape) -> bool {
        let Some(at) = self.find(&node.name) else {
            self.push(node, shape);
            return false;
        };
        let more = self.more.get_or_insert_default();
        if let (true, Some(old)) = (more.merged.remove(&at), self.children.get_mut(at)) {
            *old = node;
            if let Some(old) = more.shapes.as_mut().and_then(|s| s.get_mut(at)) {
                *old = shape;
            }
            return false;
        }
        more.overridden.insert(at);
        self.push(node, shape);
        true
    }

    /// Adds the entries that are not there yet.
    pub(super) fn merge(&mut self, nodes: Vec<Node>) {
        for node in nodes {
            if self.find(&node.name).is_none() {
                self.more.get_or_insert_default().merged.insert(self.children.len());
                self.push(node, Shape::Map);
            }
        }
    }

    /// Takes the overridden entries out.
    pub(super) fn finish(mut self) -> Self {
        let Some(mut more) = self.more.take() else { return self };
        if !more.overridden.is_empty() {
            let overridden = std::mem::take(&mut more.overridden);
            let kept = |at: usize| !overridden.contains(&at);
            let mut at = 0..;
            self.children.retain(|_| at.next().is_none_or(kept));
            if let Some(shapes) = &mut more.shapes {
                let mut at = 0..;
                shapes.retain(|_| at.next().is_none_or(kept));
            }
        }
        let details = |shapes| Box::new(MapDetails { shapes: Some(shapes), ..MapDetails::default() });
        Map { children: self.children, more: more.shapes.map(details) }
    }

    pub(super) fn entries(self) -> Vec<Entry> {
        let shapes = self.more.and_then(|m| m.shapes).unwrap_or_default().into_iter().chain(std::iter::repeat(Shape::Map));
        self.children.into_iter().zip(shapes).map(|(node, shape)| Entry { node, shape }).collect()
    }
}
