//! XML to the node tree (changelog-formats §2 and §3).
//!
//! Attributes become children first, then elements; the text of an element, CDATA included, is its value when it is
//! not blank. Entities are the five predefined ones and character references; a DOCTYPE is refused, so nothing is
//! ever expanded or fetched. Names lose their prefix; elements and attributes of another namespace than the
//! changelog's are marked.

use super::ROOT;
use super::limits::Limits;
use super::node::{Node, Scalar};
use crate::diagnostic::{DOCTYPE, Diagnostic, Diagnostics, LIMIT, NOT_A_CHANGELOG, SYNTAX};
use crate::span::{FileId, Span};
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::{AttrError, Attribute};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};
use quick_xml::reader::Reader;

/// Reads an XML changelog; gives its `databaseChangeLog` element.
///
/// `validate` asks for what the schema demands of the root: the namespace of changelogs. Problems: `SYNTAX`,
/// `DOCTYPE`, `LIMIT`, `NOT_A_CHANGELOG`; the result is `None` when there is no tree.
pub fn read(file: FileId, text: &str, limits: &Limits, validate: bool, problems: &mut Diagnostics) -> Option<Node> {
    let mut builder = Builder {
        file,
        text,
        limits,
        validate,
        version: XmlVersion::Implicit1_0,
        namespaces: NamespaceResolver::default(),
        stack: Vec::new(),
        root: None,
        nodes: 0,
    };
    match builder.run() {
        Ok(root) => Some(root),
        Err(problem) => {
            problems.push(*problem);
            None
        }
    }
}

/// Whether a namespace is that of changelogs: any version of it, the old address, `http` or `https`.
pub fn is_changelog_namespace(uri: &str) -> bool {
    let uri = uri.trim().to_ascii_lowercase();
    let Some(rest) = uri.strip_prefix("http://").or_else(|| uri.strip_prefix("https://")) else { return false };
    ["www.liquibase.org/xml/ns/dbchangelog", "www.liquibase.org/xml/ns/migrator"]
        .iter()
        .any(|known| rest.strip_prefix(known).is_some_and(|tail| tail.is_empty() || tail.starts_with('/')))
}

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// An element that is not closed.
struct Frame {
    node: Node,
    text: String,
    /// Where the text begins and ends in the file.
    text_at: Option<(usize, usize)>,
}

struct Builder<'a> {
    file: FileId,
    text: &'a str,
    limits: &'a Limits,
    validate: bool,
    version: XmlVersion,
    namespaces: NamespaceResolver,
    stack: Vec<Frame>,
    root: Option<Node>,
    nodes: usize,
}

impl<'a> Builder<'a> {
    fn error(&self, message: impl Into<String>, start: usize, end: usize) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(SYNTAX, message).at(Span::new(self.file, start, end)))
    }

    fn run(&mut self) -> Result<Node> {
        let control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r');
        if let Some(at) = self.text.as_bytes().iter().position(control) {
            return Err(self.error("XML does not allow this control character", at, at + 1));
        }
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().check_comments = true;
        let offset = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        loop {
            let start = offset(reader.buffer_position());
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let at = offset(reader.error_position()).min(self.text.len());
                    let told = self.error(error.to_string(), at, at + 1);
                    let bare = self.text.get(at..).is_some_and(|rest| rest.starts_with('&'));
                    return Err(if bare { Box::new(told.hint("write the character as `&amp;`")) } else { told });
                }
            };
            let end = offset(reader.buffer_position());
            match event {
                Event::Start(tag) => self.start(&tag, start, end)?,
                Event::Empty(tag) => {
                    self.start(&tag, start, end)?;
                    self.end(end);
                }
                Event::End(_) => self.end(end),
                Event::Text(text) => {
                    let text = text.xml_content(self.version);
                    if let Some(at) = text.find("]]>") {
                        return Err(self.error("']]>' is only allowed at the end of a CDATA section", start + at, start + at + 3));
                    }
                    self.append(&text, start, end)?;
                }
                Event::CData(text) => {
                    if self.stack.is_empty() {
                        return Err(self.error("text is not allowed outside of the root element", start, end));
                    }
                    self.append(&text.xml_content(self.version), start, end)?;
                }
                Event::GeneralRef(name) => {
                    let unknown = |b: &Self| b.error(format!("the entity '&{};' is not defined", &*name), start, end);
                    if let Some(c) = name.resolve_char_ref().map_err(|e| self.error(e.to_string(), start, end))? {
                        if !self.is_xml_char(c) {
                            return Err(self.error(format!("XML does not allow the character '&{};'", &*name), start, end));
                        }
                        self.append(c.encode_utf8(&mut [0; 4]), start, end)?;
                    } else {
                        let value = resolve_predefined_entity(&name).ok_or_else(|| unknown(self))?;
                        self.append(value, start, end)?;
                    }
                }
                Event::DocType(_) => {
                    let problem = Diagnostic::error(DOCTYPE, "the file contains a DOCTYPE declaration, which is not supported");
                    let problem = problem.at(Span::new(self.file, start, end.min(start + "<!DOCTYPE".len())));
                    return Err(Box::new(problem.hint("remove the DOCTYPE, and write the text of its entities in place")));
                }
                Event::Decl(_) if start > 0 => {
                    return Err(self.error("the XML declaration must stand at the very start of the file", start, end));
                }
                Event::Decl(declaration) => {
                    self.version = declaration.xml_version().map_err(|e| self.error(e.to_string(), start, end))?;
                    self.refuse_further_controls()?;
                }
                Event::PI(_) | Event::Comment(_) => {}
                Event::Eof => break,
            }
        }
        if let Some(frame) = self.stack.last() {
            let span = frame.node.name_span;
            let message = format!("the element '{}' is not closed", frame.node.name);
            return Err(self.error(message, span.start as usize, span.end as usize));
        }
        let end = self.text.len();
        self.root.take().ok_or_else(|| self.error("premature end of file: there is no root element", end, end))
    }

    fn start(&mut self, tag: &BytesStart<'_>, start: usize, end: usize) -> Result<()> {
        if self.root.is_some() {
            return Err(self.error("there must be only one root element", start, end));
        }
        if self.stack.len() >= self.limits.depth() {
            let message = format!("the nesting is deeper than {}", self.limits.depth());
            return Err(Box::new(Diagnostic::error(LIMIT, message).at(Span::new(self.file, start, end))));
        }
        self.check_name(tag.name().as_ref(), start)?;
        self.namespaces.push(tag).map_err(|e| self.error(e.to_string(), start, end))?;
        let name = tag.name();
        let name_at = start + 1;
        let name_span = Span::new(self.file, name_at, name_at + name.as_ref().len());
        let (namespace, local) = self.namespaces.resolve_element(name);
        let (in_changelog, foreign) = match &namespace {
            ResolveResult::Bound(uri) => (is_changelog_namespace(uri.0), !is_changelog_namespace(uri.0)),
            ResolveResult::Unbound => (false, false),
            ResolveResult::Unknown(prefix) => {
                let message = format!("the prefix \"{prefix}\" for element \"{}\" is not bound", name.as_ref());
                return Err(self.error(message, start, end));
            }
        };
        let mut node = Node::new(local.as_ref(), name_span);
        node.prefixed = foreign;
        if self.stack.is_empty() {
            self.check_root(&node, in_changelog)?;
        }
        self.count(start, end)?;
        self.attributes(tag, &mut node, start, end)?;
        self.stack.push(Frame { node, text: String::new(), text_at: None });
        Ok(())
    }

    /// A `<` that no name follows was meant as a character: `a < b`, `a <> b`, `a<b</sql>`.
    fn check_name(&self, name: &str, start: usize) -> Result<()> {
        let begins = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':') || !c.is_ascii();
        let goes_on = |c: char| begins(c) || c.is_ascii_digit() || matches!(c, '-' | '.');
        if name.starts_with(begins) && name.chars().all(goes_on) {
            return Ok(());
        }
        let hint = "write the character as `&lt;`, or put the text into `<![CDATA[…]]>`";
        Err(Box::new(self.error("'<' begins a tag, but no name of an element follows", start, start + 1).hint(hint)))
    }

    fn check_root(&self, node: &Node, in_changelog: bool) -> Result<()> {
        let problem = if *node.name != *ROOT {
            Diagnostic::error(NOT_A_CHANGELOG, format!("\"{ROOT}\" expected as root element, but this is \"{}\"", node.name))
        } else if self.validate && !in_changelog {
            Diagnostic::error(
                NOT_A_CHANGELOG,
                format!("cannot find the declaration of element '{ROOT}': it is not in the namespace of changelogs"),
            )
            .hint("write xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\"")
        } else {
            return Ok(());
        };
        Err(Box::new(problem.at(node.name_span)))
    }

    fn count(&mut self, start: usize, end: usize) -> Result<()> {
        self.nodes += 1;
        if self.nodes > self.limits.max_nodes {
            let message = format!("the file has more than {} nodes", self.limits.max_nodes);
            return Err(Box::new(Diagnostic::error(LIMIT, message).at(Span::new(self.file, start, end))));
        }
        Ok(())
    }

    fn attributes(&mut self, tag: &BytesStart<'_>, node: &mut Node, start: usize, end: usize) -> Result<()> {
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| self.attribute_error(&e, start))?;
            let key = attribute.key;
            let value_span = self.place(&attribute.value, start, end);
            let value = self.attribute_value(&attribute, value_span)?;
            if key.as_namespace_binding().is_some() {
                continue;
            }
            let (namespace, local) = self.namespaces.resolve_attribute(key);
            let prefixed = match namespace {
                ResolveResult::Unbound => false,
                // `xsi:schemaLocation`, `xml:space`
                ResolveResult::Bound(uri) if uri.0.starts_with("http://www.w3.org/") => continue,
                ResolveResult::Bound(uri) => !is_changelog_namespace(uri.0),
                ResolveResult::Unknown(prefix) => {
                    let message = format!("the prefix \"{prefix}\" for attribute \"{}\" is not bound", key.as_ref());
                    return Err(self.error(message, start, end));
                }
            };
            let local: Box<str> = local.as_ref().into();
            let key_span = self.place(key.as_ref(), start, end);
            self.count(start, end)?;
            let mut child = Node::new(local, key_span);
            child.prefixed = prefixed;
            child.span = key_span.to(value_span);
            child.values.push(Scalar::text(value, value_span));
            node.children.push(child);
        }
        Ok(())
    }

    /// Whether XML allows a character; 1.1 lets those be written as references that control something.
    fn is_xml_char(&self, c: char) -> bool {
        let controls = self.version == XmlVersion::Explicit1_1 && ('\u{1}'..' ').contains(&c);
        controls || matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
    }

    /// XML 1.1 allows further control characters as references only; the next line (U+0085) ends a line.
    fn refuse_further_controls(&self) -> Result<()> {
        let control = |c: char| matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}');
        match self.text.char_indices().find(|(_, c)| self.version == XmlVersion::Explicit1_1 && control(*c)) {
            Some((at, c)) => Err(self.error("XML does not allow this control character", at, at + c.len_utf8())),
            None => Ok(()),
        }
    }

    /// The value of an attribute, normalised as XML demands: entities resolved, line ends and tabs turned to blanks.
    fn attribute_value(&self, attribute: &Attribute<'_>, span: Span) -> Result<String> {
        let (start, end) = (span.start as usize, span.end as usize);
        if attribute.value.contains('<') {
            return Err(self.error("an attribute value must not contain '<'", start, end));
        }
        let value = attribute.normalized_value(self.version).map_err(|e| self.error(e.to_string(), start, end))?;
        match value.chars().find(|c| !self.is_xml_char(*c)) {
            Some(c) => Err(self.error(format!("XML does not allow the character U+{:04X}", u32::from(c)), start, end)),
            None => Ok(value.into_owned()),
        }
    }

    /// Where a piece of the source stands; the tag when it is not a piece of the source.
    fn place(&self, piece: &str, start: usize, end: usize) -> Span {
        let at = (piece.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if at >= start && at.saturating_add(piece.len()) <= end {
            Span::new(self.file, at, at + piece.len())
        } else {
            Span::new(self.file, start, end)
        }
    }

    fn attribute_error(&self, error: &AttrError, start: usize) -> Box<Diagnostic> {
        // The positions count from the name of the tag.
        let (AttrError::ExpectedEq(at)
        | AttrError::ExpectedValue(at)
        | AttrError::UnquotedValue(at)
        | AttrError::ExpectedQuote(at, _)
        | AttrError::Duplicated(at, _)) = error;
        let at = start + 1 + at;
        self.error(error.to_string(), at, at + 1)
    }

    fn append(&mut self, text: &str, start: usize, end: usize) -> Result<()> {
        let Some(frame) = self.stack.last_mut() else {
            // A byte order mark is dropped before; blanks may stand around the root.
            return if text.trim_matches(is_blank).is_empty() {
                Ok(())
            } else {
                Err(self.error("text is not allowed outside of the root element", start, end))
            };
        };
        if !text.trim_matches(is_blank).is_empty() {
            let from = frame.text_at.map_or(start, |(from, _)| from);
            frame.text_at = Some((from, end));
        }
        frame.text.push_str(text);
        Ok(())
    }

    fn end(&mut self, end: usize) {
        self.namespaces.pop();
        let Some(Frame { mut node, text, text_at }) = self.stack.pop() else { return };
        node.span = Span::new(self.file, node.name_span.start.saturating_sub(1) as usize, end);
        let value = text.trim_matches(is_blank);
        if !value.is_empty() {
            let (from, to) = text_at.unwrap_or((end, end));
            let source = self.text.get(from..to).unwrap_or_default();
            let from = from + (source.len() - source.trim_start_matches(is_blank).len());
            let to = to - (source.len() - source.trim_end_matches(is_blank).len());
            node.values.push(Scalar::text(value, Span::new(self.file, from, to)));
        }
        match self.stack.last_mut() {
            Some(parent) => parent.node.children.push(node),
            None => self.root = Some(node),
        }
    }
}

/// What Java's `trim` takes off.
fn is_blank(c: char) -> bool {
    c <= ' '
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use proptest::prelude::*;

    const NS: &str = "xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\"";

    fn parse(text: &str, validate: bool) -> (Option<Node>, Vec<(Code, u32)>) {
        let mut problems = Diagnostics::new();
        let node = read(FileId(0), text, &Limits::default(), validate, &mut problems);
        (node, problems.iter().map(|p| (p.code, p.span.map_or(0, |s| s.start))).collect())
    }

    fn inside(text: &str) -> Node {
        let (node, problems) = parse(&format!("<databaseChangeLog {NS}>{text}</databaseChangeLog>"), true);
        assert!(problems.is_empty(), "{text}: {problems:?}");
        node.unwrap()
    }

    fn fails(text: &str) -> Option<Code> {
        let (node, problems) = parse(&format!("<databaseChangeLog {NS}>{text}</databaseChangeLog>"), true);
        assert!(node.is_none(), "{text}");
        problems.first().map(|p| p.0)
    }

    #[test]
    fn attributes_come_before_elements_and_text_is_trimmed() {
        let root = inside("<a x='1' y=' t '>\n  one <!-- c --><![CDATA[<two>]]>\n three<b/> </a>");
        let a = root.child("a").unwrap();
        assert_eq!(
            a.children.iter().map(|c| (&*c.name, c.text())).collect::<Vec<_>>(),
            [("x", Some("1")), ("y", Some(" t ")), ("b", None)]
        );
        assert_eq!(a.text(), Some("one <two>\n three"));
        assert!(inside("<a> \n </a>").child("a").unwrap().values.is_empty());
    }

    #[test]
    fn entities_and_line_ends() {
        let root = inside("<a v='&lt;&amp;&quot;&apos;&gt;&#65;&#x42;'>&lt;&#233;\r\nx\ry</a>");
        let a = root.child("a").unwrap();
        assert_eq!(a.child_text("v"), Some("<&\"'>AB"));
        assert_eq!(a.text(), Some("<é\nx\ny"));
        // Literal line ends and tabs in an attribute are blanks; written as references they stay.
        let root = inside("<a v='a\nb\tc\r\nd&#10;e&#9;f&#13;g'/>");
        assert_eq!(root.child("a").unwrap().child_text("v"), Some("a b c d\ne\tf\rg"));
        for text in ["&nbsp;", "<a v='&nbsp;'/>", "&", "<a v='&'/>", "&#0;", "<a v='&#1;'/>", "\u{1}", "<a v='<'/>"] {
            assert_eq!(fails(text), Some(SYNTAX), "{text:?}");
        }
    }

    #[test]
    fn xml_1_1_has_more_line_ends_and_control_characters() {
        let document = |text: &str| format!("<?xml version='1.1'?><databaseChangeLog {NS}>{text}</databaseChangeLog>");
        // As Liquibase 4.28 reads them.
        let (root, problems) = parse(&document("<a v='a\u{85}b&#1;c'>x\u{85}y\u{2028}z&#x1f;w</a>"), true);
        assert_eq!(problems, []);
        let root = root.unwrap();
        let a = root.child("a").unwrap();
        assert_eq!((a.child_text("v"), a.text()), (Some("a b\u{1}c"), Some("x\ny\nz\u{1f}w")));
        for text in ["<a v='&#0;'/>", "\u{1}", "<a>\u{7f}</a>", "<a v='\u{86}'/>", "&#xfffe;"] {
            assert_eq!(parse(&document(text), true).1.first().map(|p| p.0), Some(SYNTAX), "{text:?}");
        }
    }

    #[test]
    fn a_character_that_begins_no_tag_is_where_the_fault_is() {
        let head = format!("<databaseChangeLog {NS}>");
        for text in ["<sql>a < b</sql>", "<sql>a <> b</sql>", "<sql>a <= 5</sql>", "<sql>a<b</sql>", "<sql>a <2</sql>"] {
            let at = head.len() + text.find('a').unwrap() + text.get(6..).unwrap().find('<').unwrap() + 1;
            assert_eq!(parse(&format!("{head}{text}</databaseChangeLog>"), true).1, [(SYNTAX, at as u32)], "{text}");
        }
    }

    #[test]
    fn documents_that_are_not_well_formed() {
        for text in [
            "<a>",
            "</a>",
            "<a></b>",
            "<a x='1' x='2'/>",
            "<a x=1/>",
            "<a x/>",
            "<p:a/>",
            "<a xmlns:p='urn:p'><p:b/></a><p:c/>",
            "<a p:x='1'/>",
            "<!-- a -- b -->",
            "<![CDATA[",
            "a]]>",
            "<a xmlns:p='&x;'/>",
            "<?xml version='1.0'?>",
        ] {
            assert_eq!(fails(text), Some(SYNTAX), "{text}");
        }
        let root = format!("<databaseChangeLog {NS}/>");
        for text in [
            "",
            "  ",
            "x",
            &format!("{root}{root}"),
            &format!("{root} x"),
            &format!("x{root}"),
            &format!(" <?xml version='1.0'?>{root}"),
            &format!("<databaseChangeLog {NS}>"),
        ] {
            assert_eq!(parse(text, true).1.first().map(|p| p.0), Some(SYNTAX), "{text}");
        }
        // `malformed.xml` of the conformance folder.
        assert_eq!(fails("<changeSet id=\"a\" author=\"c\"><dropTable tableName=\"t\"></changeSet>"), Some(SYNTAX));
    }

    #[test]
    fn a_doctype_is_refused() {
        for doctype in ["<!DOCTYPE x>", "<!DOCTYPE x [<!ENTITY e 'v'>]>", "<!DOCTYPE x SYSTEM 'http://example.org/x.dtd'>"] {
            assert_eq!(parse(&format!("{doctype}<databaseChangeLog {NS}/>"), true).1, [(DOCTYPE, 0)], "{doctype}");
        }
    }

    #[test]
    fn the_root_must_be_a_changelog() {
        let code = |text: &str, validate| parse(text, validate).1.first().map(|p| p.0);
        // `no-namespace.xml` of the conformance folder.
        let plain = "<?xml version=\"1.0\"?>\n<databaseChangeLog><changeSet id=\"a\" author=\"c\"><dropTable tableName=\"t\"/></changeSet></databaseChangeLog>\n";
        assert_eq!(code(plain, true), Some(NOT_A_CHANGELOG));
        assert_eq!(code(plain, false), None);
        assert_eq!(code("<foo/>", false), Some(NOT_A_CHANGELOG));
        assert_eq!(code(&format!("<foo {NS}/>"), true), Some(NOT_A_CHANGELOG));
        assert_eq!(code("<databaseChangeLog xmlns='http://example.org/'/>", true), Some(NOT_A_CHANGELOG));
        for uri in [
            "http://www.liquibase.org/xml/ns/dbchangelog",
            "https://www.liquibase.org/xml/ns/DBCHANGELOG",
            "http://www.liquibase.org/xml/ns/dbchangelog/1.9",
            "http://www.liquibase.org/xml/ns/migrator/",
        ] {
            assert_eq!(code(&format!("<databaseChangeLog xmlns='{uri}'/>"), true), None, "{uri}");
        }
        assert!(!is_changelog_namespace("http://www.liquibase.org/xml/ns/dbchangelog-ext"));
    }

    #[test]
    fn prefixes_are_judged_by_their_namespace() {
        let text = "<d:databaseChangeLog xmlns:d='http://www.liquibase.org/xml/ns/dbchangelog' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' \
                    xmlns:ext='http://www.liquibase.org/xml/ns/dbchangelog-ext' xsi:schemaLocation='a b'>\
                    <d:changeSet id='1' ext:note='n'><ext:thing/><q xmlns='http://example.org/'/></d:changeSet></d:databaseChangeLog>";
        let (node, problems) = parse(text, true);
        assert_eq!(problems, []);
        let root = node.unwrap();
        assert_eq!((&*root.name, root.prefixed, root.children.len()), ("databaseChangeLog", false, 1));
        let set = root.child("changeSet").unwrap();
        let children: Vec<_> = set.children.iter().map(|c| (&*c.name, c.prefixed)).collect();
        assert_eq!((set.prefixed, children), (false, vec![("id", false), ("note", true), ("thing", true), ("q", true)]));
    }

    #[test]
    fn spans_are_bytes_of_the_source() {
        let text = format!("<databaseChangeLog {NS}>é<sql dbms = 'h2'>\n  select 1 </sql></databaseChangeLog>");
        let (node, _) = parse(&text, true);
        let root = node.unwrap();
        let cut = |s: Span| &text[s.start as usize..s.end as usize];
        let sql = root.child("sql").unwrap();
        assert_eq!((cut(sql.name_span), cut(sql.span)), ("sql", "<sql dbms = 'h2'>\n  select 1 </sql>"));
        assert_eq!(cut(sql.value().unwrap().span), "select 1");
        let dbms = sql.child("dbms").unwrap();
        assert_eq!((cut(dbms.name_span), cut(dbms.value().unwrap().span)), ("dbms", "h2"));
        assert_eq!(cut(root.name_span), "databaseChangeLog");
        let text = format!("<databaseChangeLog {NS}><sql> a &lt; <![CDATA[b & c]]> </sql></databaseChangeLog>");
        let (node, _) = parse(&text, true);
        let value = node.unwrap().child("sql").unwrap().value().unwrap().clone();
        assert_eq!((&*value.text, &text[value.span.start as usize..value.span.end as usize]), ("a < b & c", "a &lt; <![CDATA[b & c]]>"));
    }

    #[test]
    fn limits_stop_bombs() {
        let deep = format!("<databaseChangeLog {NS}>{}", "<a>".repeat(100_000));
        assert_eq!(parse(&deep, true).1.first().map(|p| p.0), Some(LIMIT));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(?s).{0,200}") {
            parse(&text, false);
        }

        #[test]
        fn text_like_xml_is_read(text in "(<databaseChangeLog>|</databaseChangeLog>|<a>|</a>|<a |x='|'|/>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|&amp;|&#|;|<\\?|\\?>|xmlns:p=|p:|é){0,30}") {
            let (node, problems) = parse(&text, false);
            prop_assert!(node.is_some() || !problems.is_empty());
        }
    }
}
