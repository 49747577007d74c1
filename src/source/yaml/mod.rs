//! YAML to the node tree (changelog-formats §2 and §4).
//!
//! The scanner gives events with byte offsets and raw texts; typing, anchors, merge keys and duplicate keys are
//! ours, since they have to be those of YAML 1.1 as SnakeYAML reads it. Custom tags are refused, more than one
//! document is an error, and so are tabs as indentation.

mod lenient;
mod map;

use super::ROOT;
use super::limits::Limits;
use super::node::{Node, Scalar};
use super::scalar;
use crate::diagnostic::{DUPLICATE_KEY, Diagnostic, Diagnostics, FILE_EMPTY, LIMIT, NOT_A_CHANGELOG, SECOND_ROOT, SYNTAX};
use crate::span::{FileId, Span};
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Tag};
use lenient::Edits;
use map::Map;
use std::collections::HashMap;

/// The namespace of the standard tags (`!!str`).
const CORE: &str = "tag:yaml.org,2002:";

/// What helps when a document is no changelog.
pub(super) const BEGINNING: &str = "a changelog begins with `databaseChangeLog`";

/// What the value of an entry was before it became a node; a node does not show whether it was a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Nothing.
    Null,
    /// One scalar.
    Scalar,
    /// A map.
    Map,
    /// A list.
    List,
}

/// An entry of the root map.
#[derive(Debug)]
pub struct Entry {
    /// Its node.
    pub node: Node,
    /// What its value was.
    pub shape: Shape,
}

/// Reads a YAML document whose root is a map.
///
/// Gives a node without name whose children are the entries of the root map. Problems (`SYNTAX`, `LIMIT`,
/// `FILE_EMPTY`, `DUPLICATE_KEY`) go to `problems`; the result is `None` when there is no tree.
pub fn read(file: FileId, text: &str, limits: &Limits, problems: &mut Diagnostics) -> Option<Node> {
    let entries = read_entries(file, text, limits, false, problems)?;
    let mut root = Node::new("", Span::new(file, 0, text.len()));
    root.children = entries.into_iter().map(|e| e.node).collect();
    Some(root)
}

/// As [`read`], but with the shape of each entry. `tabs` allows tabs as indentation, which JSON may have.
pub fn read_entries(file: FileId, text: &str, limits: &Limits, tabs: bool, problems: &mut Diagnostics) -> Option<Vec<Entry>> {
    let mut edits = Edits::new(text);
    loop {
        let mut found = Diagnostics::new();
        let changed = edits.text();
        let builder = Builder {
            file,
            text: &changed,
            edits: &edits,
            limits,
            tabs,
            problems: &mut found,
            stack: Vec::new(),
            anchors: HashMap::new(),
            root: None,
            nodes: 0,
            copied: 0,
        };
        let failure = match builder.run() {
            Ok(Some((Value::Map(map), _))) => {
                problems.extend(found);
                return Some(map.entries());
            }
            Ok(Some((Value::Null, _)) | None) => Diagnostic::error(FILE_EMPTY, "the file has no content").at(Span::new(file, 0, 0)),
            Ok(Some((_, place))) => Diagnostic::error(NOT_A_CHANGELOG, "Could not find databaseChangeLog node").at(place).hint(BEGINNING),
            Err(Failure::Problem(problem)) => *problem,
            Err(Failure::Scan { kind, at, from, column, problem }) => {
                if edits.repair(&kind, at, from, column) {
                    continue;
                }
                *problem
            }
        };
        problems.extend(found);
        problems.push(failure);
        return None;
    }
}

/// Why a document has no tree.
enum Failure {
    /// Its content is refused.
    Problem(Box<Diagnostic>),
    /// The scanner refuses it at a place; what came before it ended at `from`, at a column.
    Scan { kind: ErrorKind, at: usize, from: usize, column: usize, problem: Box<Diagnostic> },
}

impl From<Box<Diagnostic>> for Failure {
    fn from(problem: Box<Diagnostic>) -> Self {
        Failure::Problem(problem)
    }
}

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// The value of an entry or item that is complete.
#[derive(Debug, Clone)]
enum Value {
    Null,
    Scalar(Scalar),
    Map(Map),
    List { values: Vec<Scalar>, children: Vec<Node> },
}

/// A key that waits for its value.
struct Key {
    name: Box<str>,
    span: Span,
    merge: bool,
}

enum Open {
    Map { map: Map, key: Option<Key> },
    List { values: Vec<Scalar>, children: Vec<Node> },
}

/// A map or list that is not complete.
struct Frame {
    open: Open,
    anchor: usize,
    start: usize,
    end: usize,
    /// How deep its content is.
    height: usize,
    /// How many nodes and scalars had been made before it.
    nodes_before: usize,
    /// Length of the texts in it.
    text_length: usize,
}

/// The value of an anchor.
struct Anchored {
    value: Value,
    height: usize,
    nodes: usize,
    text_length: usize,
}

/// A value that is complete, with what is known of it.
struct Complete {
    value: Value,
    span: Span,
    height: usize,
    text_length: usize,
}

struct Builder<'a> {
    file: FileId,
    text: &'a str,
    edits: &'a Edits<'a>,
    limits: &'a Limits,
    tabs: bool,
    problems: &'a mut Diagnostics,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Anchored>,
    root: Option<(Value, Span)>,
    nodes: usize,
    copied: usize,
}

impl Builder<'_> {
    fn run(mut self) -> std::result::Result<Option<(Value, Span)>, Failure> {
        let depth = self.limits.depth();
        let options = granit_parser::options! {
            emit_comments: false,
            flow_nesting_limit: depth,
            block_nesting_limit: depth,
        };
        let mut documents = 0;
        let (mut from, mut column) = (0, 0);
        for next in Parser::new_from_str_with_options(self.text, options) {
            let (event, place) = match next {
                Ok(next) => next,
                Err(error) => {
                    let at = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
                    return Err(Failure::Scan { kind: error.kind().clone(), at, from, column, problem: self.scan_error(&error) });
                }
            };
            (from, column) = (place.end.byte_offset().unwrap_or(from).max(from), place.end.col());
            // Where it is in the text as it was changed, for looking at the text; and where in the source.
            let written = place.start.byte_offset().unwrap_or(0)..place.end.byte_offset().unwrap_or(0);
            let (start, end) = (self.edits.original(written.start), self.edits.original(written.end.max(written.start)));
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(self.syntax("expected a single document, but found another one", start, end).into());
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    self.refuse_tabs(written.start, style)?;
                    let text = self.without_added_line_end(&text, style, written.end);
                    self.scalar(text, style, anchor, tag.as_deref(), start, end)?;
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.refuse_tabs(written.start, ScalarStyle::Plain)?;
                    self.check_tag(tag.as_deref(), "map", start, end)?;
                    let map = if self.stack.is_empty() { Map::root() } else { Map::default() };
                    self.open(Open::Map { map, key: None }, anchor, start, end)?;
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.refuse_tabs(written.start, ScalarStyle::Plain)?;
                    self.check_tag(tag.as_deref(), "seq", start, end)?;
                    self.open(Open::List { values: Vec::new(), children: Vec::new() }, anchor, start, end)?;
                }
                Event::MappingEnd | Event::SequenceEnd => self.close(start, end)?,
                Event::Alias(anchor) => self.alias(anchor, start, end)?,
                _ => {}
            }
        }
        Ok(self.root)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    fn syntax(&self, message: impl Into<String>, start: usize, end: usize) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(SYNTAX, message).at(self.span(start, end)))
    }

    fn limit(&self, message: impl Into<String>, start: usize, end: usize) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(LIMIT, message).at(self.span(start, end)))
    }

    fn scan_error(&self, error: &ScanError) -> Box<Diagnostic> {
        let written = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
        let at = self.edits.original(written);
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => self.too_deep(at, at + 1),
            ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
                self.tab(self.tab_before(written).unwrap_or(written))
            }
            kind => self.syntax(kind.to_string(), at, at + 1),
        }
    }

    fn too_deep(&self, start: usize, end: usize) -> Box<Diagnostic> {
        self.limit(format!("the nesting is deeper than {}", self.limits.depth()), start, end)
    }

    /// A tab at a place of the changed text.
    fn tab(&self, at: usize) -> Box<Diagnostic> {
        let at = self.edits.original(at);
        let problem = Diagnostic::error(SYNTAX, "found a tab where a token should start").at(self.span(at, at + 1));
        Box::new(problem.hint("indent with blanks: YAML does not allow tabs"))
    }

    /// Reports a tab between the line start and a token.
    fn refuse_tabs(&self, start: usize, style: ScalarStyle) -> Result<()> {
        if self.tabs || matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return Ok(());
        }
        self.tab_before(start).map_or(Ok(()), |at| Err(self.tab(at)))
    }

    /// The first tab between the line start and a place, if only blanks and tabs are between them.
    fn tab_before(&self, start: usize) -> Option<usize> {
        let mut tab = None;
        for (at, byte) in self.text.as_bytes().get(..start)?.iter().enumerate().rev() {
            match byte {
                b' ' => {}
                b'\t' => tab = Some(at),
                b'\n' | b'\r' => return tab,
                _ => return None,
            }
        }
        tab
    }

    /// Takes off the line end that the scanner adds to a block scalar whose last line ends with the file.
    fn without_added_line_end<'t>(&self, text: &'t str, style: ScalarStyle, end: usize) -> &'t str {
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if !block || end < self.text.len() {
            return text;
        }
        let last_line = self.text.rsplit(['\n', '\r']).next().unwrap_or_default();
        if last_line.trim_matches([' ', '\t']).is_empty() { text } else { text.strip_suffix('\n').unwrap_or(text) }
    }

    /// The name of a tag in the standard namespace; `None` for no tag, `!` and the tag that is expected anyway.
    fn check_tag(&self, tag: Option<&Tag>, expected: &str, start: usize, end: usize) -> Result<()> {
        match tag {
            None => Ok(()),
            Some(tag) if tag.parts() == ("", "!") || tag.suffix_in_namespace(CORE).as_deref() == Some(expected) => Ok(()),
            Some(tag) => Err(self.syntax(format!("the tag {} is not allowed here", tag.original()), start, end)),
        }
    }

    fn count(&mut self, start: usize, end: usize) -> Result<()> {
        self.nodes += 1;
        if self.nodes > self.limits.max_nodes {
            return Err(self.limit(format!("the file has more than {} nodes", self.limits.max_nodes), start, end));
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, start: usize, end: usize) -> Result<()> {
        self.count(start, end)?;
        let span = self.span(start, end);
        let plain = style == ScalarStyle::Plain;
        // Keys are names, whatever type they look like.
        if let Some(Frame { open: Open::Map { key: key @ None, .. }, .. }) = self.stack.last_mut() {
            let merge = plain && text == "<<" && tag.is_none_or(|t| t.suffix_in_namespace(CORE).as_deref() == Some("merge"));
            *key = Some(Key { name: text.into(), span, merge });
            if anchor != 0 {
                let value = Value::Scalar(Scalar::text(text, span));
                self.anchor(anchor, Anchored { value, height: 0, nodes: 1, text_length: text.len() }, start, end)?;
            }
            return Ok(());
        }
        let scalar = match tag {
            None if plain => scalar::plain(text, span),
            None => Some(Scalar::text(text, span)),
            // The tag `!` leaves the choice to the rules of plain scalars, even for a quoted one.
            Some(tag) if tag.parts() == ("", "!") => scalar::plain(text, span),
            Some(tag) => match tag.suffix_in_namespace(CORE) {
                Some(name) => scalar::tagged(&name, text, span).map_err(|message| self.syntax(message, start, end))?,
                None => return Err(self.syntax(format!("the tag {} is not allowed here", tag.original()), start, end)),
            },
        };
        let value = scalar.map_or(Value::Null, Value::Scalar);
        if anchor != 0 {
            let anchored = Anchored { value: value.clone(), height: 0, nodes: 1, text_length: text.len() };
            self.anchor(anchor, anchored, start, end)?;
        }
        self.attach(Complete { value, span, height: 0, text_length: text.len() })
    }

    fn open(&mut self, open: Open, anchor: usize, start: usize, end: usize) -> Result<()> {
        if self.stack.len() >= self.limits.depth() {
            return Err(self.too_deep(start, end));
        }
        self.count(start, end)?;
        self.stack.push(Frame { open, anchor, start, end, height: 0, nodes_before: self.nodes, text_length: 0 });
        Ok(())
    }

    fn close(&mut self, start: usize, end: usize) -> Result<()> {
        let Some(frame) = self.stack.pop() else { return Ok(()) };
        // The end of a block map or list has no width and stands at the next token.
        let end = if end > start { end } else { frame.end };
        let value = match frame.open {
            Open::Map { map, .. } => Value::Map(map.finish()),
            Open::List { values, children } => Value::List { values, children },
        };
        if frame.anchor != 0 {
            let nodes = self.nodes - frame.nodes_before + 1;
            let anchored = Anchored { value: value.clone(), height: frame.height, nodes, text_length: frame.text_length };
            self.anchor(frame.anchor, anchored, frame.start, end)?;
        }
        self.attach(Complete { value, span: self.span(frame.start, end), height: frame.height, text_length: frame.text_length })
    }

    /// Counts what an anchor or alias copies.
    fn copy(&mut self, nodes: usize, text_length: usize, start: usize, end: usize) -> Result<()> {
        self.copied = self.copied.saturating_add(nodes).saturating_add(text_length / Limits::TEXT_PER_NODE);
        if self.copied > self.limits.max_alias_expansion {
            let message = format!("the aliases expand to more than {} nodes", self.limits.max_alias_expansion);
            return Err(self.limit(message, start, end));
        }
        Ok(())
    }

    fn anchor(&mut self, anchor: usize, anchored: Anchored, start: usize, end: usize) -> Result<()> {
        self.copy(anchored.nodes, anchored.text_length, start, end)?;
        self.anchors.insert(anchor, anchored);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) -> Result<()> {
        let Some(Anchored { height, nodes, text_length, .. }) = self.anchors.get(&anchor) else {
            return Err(self.syntax("the alias stands inside the node that it names", start, end));
        };
        let (height, nodes, text_length) = (*height, *nodes, *text_length);
        self.copy(nodes, text_length, start, end)?;
        if self.stack.len() + height > self.limits.depth() {
            return Err(self.too_deep(start, end));
        }
        self.nodes += nodes.saturating_sub(1);
        self.count(start, end)?;
        let value = self.anchors.get(&anchor).map_or(Value::Null, |a| a.value.clone());
        let span = self.span(start, end);
        if let Some(Frame { open: Open::Map { key: key @ None, .. }, .. }) = self.stack.last_mut()
            && let Value::Scalar(scalar) = &value
        {
            *key = Some(Key { name: scalar.text.as_str().into(), span, merge: false });
            return Ok(());
        }
        self.attach(Complete { value, span, height, text_length })
    }

    /// Puts a complete value where it belongs: the entry or the list that is open.
    fn attach(&mut self, complete: Complete) -> Result<()> {
        let Complete { value, span, height, text_length } = complete;
        let (start, end) = (span.start as usize, span.end as usize);
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some((value, span));
            return Ok(());
        };
        frame.height = frame.height.max(height + 1);
        frame.text_length += text_length;
        frame.end = frame.end.max(end);
        match &mut frame.open {
            Open::List { values, children } => match value {
                Value::Null => {}
                Value::Scalar(scalar) => values.push(scalar),
                Value::Map(mut map) => children.append(&mut map.children),
                Value::List { values: mut v, children: mut c } => {
                    values.append(&mut v);
                    children.append(&mut c);
                }
            },
            Open::Map { map, key } => match key.take() {
                None => return Err(self.syntax("a key must be a scalar", start, end)),
                Some(Key { merge: true, span, .. }) => match value {
                    Value::Map(other) => map.merge(other.children),
                    Value::List { values, children } if values.is_empty() => map.merge(children),
                    _ => return Err(self.syntax("`<<` takes a map or a list of maps", span.start as usize, span.end as usize)),
                },
                Some(key) => {
                    let mut node = Node::new(key.name, key.span);
                    node.span = if end > key.span.end as usize && value.is_some() { key.span.to(span) } else { key.span };
                    let shape = value.shape();
                    match value {
                        Value::Null => {}
                        Value::Scalar(scalar) => node.values = vec![scalar],
                        Value::Map(other) => node.children = other.children,
                        Value::List { values, children } => (node.values, node.children) = (values, children),
                    }
                    let name_span = node.name_span;
                    if map.set(node, shape) {
                        let name = map.children.last().map_or("", |c| &c.name);
                        let code = if map.is_root() && name == ROOT { SECOND_ROOT } else { DUPLICATE_KEY };
                        let message = format!("the key '{name}' is given twice; the last one counts");
                        self.problems.push(Diagnostic::warning(code, message).at(name_span));
                    }
                }
            },
        }
        Ok(())
    }
}

impl Value {
    fn shape(&self) -> Shape {
        match self {
            Value::Null => Shape::Null,
            Value::Scalar(_) => Shape::Scalar,
            Value::Map(_) => Shape::Map,
            Value::List { .. } => Shape::List,
        }
    }

    fn is_some(&self) -> bool {
        !matches!(self, Value::Null)
    }
}

#[cfg(test)]
mod tests;
