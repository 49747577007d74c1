//! Typed structures read from nodes: one declaration gives the reader, the checksum fields, the description,
//! the schema and the reference page.
//!
//! Rules of reading (changelog-formats §2 and §2.1): attribute names ignore letter case; several nodes for one
//! attribute are an error; an attribute that is not known is ignored by Liquibase and reported here.

use super::namespace::Namespace;
use super::node::{Node, Scalar, ScalarKind};
use crate::diagnostic::{
    BAD_VALUE, DOUBTFUL_VALUE, Diagnostic, Diagnostics, IGNORED_ATTRIBUTE, MULTIPLE_NODES, UNKNOWN_ELEMENT, WRONG_CASE,
};
use std::borrow::Cow;
use std::fmt;

/// What kind of value an attribute takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number of any size.
    Integer,
    /// An SQL expression, written as it is.
    Expression,
    /// A number, or an expression.
    Number,
    /// A date, time or timestamp, or an expression.
    Date,
    /// A list of columns, which know these attributes beside those that every column knows.
    Columns(&'static [&'static str]),
    /// The constraints of a column.
    Object,
    /// A list of elements of this name.
    List(&'static str),
    /// Names with values.
    Map,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The name of a Java class, which does not run here.
    JavaClass,
}

/// One attribute of an element: declared once, read by the decoder, the checksum and the documentation.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in the changelog.
    pub name: &'static str,
    /// Other names it is known by.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub kind: Kind,
    /// What it means; the documentation comment of the field.
    pub doc: &'static str,
    /// Whether the node's own text is its value when it is not written as an attribute.
    pub direct: bool,
    /// Whether every database needs it.
    pub required: bool,
    /// Whether it is read only with it: an element without it is refused before any database is asked.
    pub needed: bool,
    /// Whether it never enters a checksum.
    pub unhashed: bool,
    /// Whether it is ours: Liquibase does not know it.
    pub extension: bool,
}

impl Field {
    /// A field with nothing special.
    pub const DEFAULT: Field = Field {
        name: "",
        aliases: &[],
        kind: Kind::Text,
        doc: "",
        direct: false,
        required: false,
        needed: false,
        unhashed: false,
        extension: false,
    };

    /// Whether a node of that name is this field's; letter case is ignored.
    pub fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) || self.aliases.iter().any(|a| a.eq_ignore_ascii_case(name))
    }
}

/// What is known of an element: declared once, as its attributes are.
#[derive(Debug, Clone, Copy)]
pub struct ElementInfo {
    /// Its name in changelogs.
    pub name: &'static str,
    /// What it says.
    pub doc: &'static str,
    /// Its attributes.
    pub fields: &'static [Field],
    /// Elements in it beside the attributes.
    pub elements: &'static [ElementInfo],
}

/// The value of a field, as checksums and descriptions see it.
#[derive(Debug)]
pub enum FieldValue<'a> {
    /// Not set: appears nowhere.
    None,
    /// Its text.
    Text(Cow<'a, str>),
    /// A structure.
    Object(&'a dyn Attributes),
    /// A list of structures; an empty one still appears.
    Objects(Vec<&'a dyn Attributes>),
    /// A list of texts.
    Texts(&'a [String]),
    /// Names with values, sorted by name.
    Map(&'a [(String, String)]),
}

/// A structure that is read from a node.
pub trait Attributes: fmt::Debug {
    /// The declared fields, in order.
    fn fields(&self) -> &'static [Field];
    /// The values of the fields, in the order of [`Attributes::fields`].
    fn values(&self) -> Vec<FieldValue<'_>>;
}

/// Makes a structure from the declared attributes of a node; the `attributes!` macro implements it.
pub trait FromFields: Sized {
    /// The declared attributes.
    fn declared() -> &'static [Field];
    /// What the element does.
    fn doc() -> &'static str;
    /// Reads the declared attributes.
    fn from_fields(reader: &mut Reader<'_, '_>) -> Self;
}

/// A type that a field can have.
pub trait Attribute: Sized {
    /// What it takes.
    const KIND: Kind;
    /// Reads it.
    fn read(reader: &mut Reader<'_, '_>, field: &'static Field) -> Self;
    /// Its value.
    fn value(&self) -> FieldValue<'_>;
}

/// Reads the fields of one node.
#[derive(Debug)]
pub struct Reader<'n, 'p> {
    /// The node.
    pub node: &'n Node,
    /// Whether the format is XML, whose schema refuses unknown attributes.
    pub validated: bool,
    /// Where problems go.
    pub problems: &'p mut Diagnostics,
}

impl<'n, 'p> Reader<'n, 'p> {
    /// A reader of `node`; `validated` says that the format refuses what it does not know (XML).
    pub fn new(node: &'n Node, validated: bool, problems: &'p mut Diagnostics) -> Self {
        Reader { node, validated, problems }
    }

    /// The nodes of a field, by name and then by alias.
    pub fn nodes(&self, field: &Field) -> Vec<&'n Node> {
        let found: Vec<&'n Node> = self.node.children.iter().filter(|c| c.name.eq_ignore_ascii_case(field.name)).collect();
        if !found.is_empty() {
            return found;
        }
        self.node.children.iter().filter(|c| field.aliases.iter().any(|a| c.name.eq_ignore_ascii_case(a))).collect()
    }

    /// The single scalar of a field; reports when there are several nodes or a list.
    pub fn scalar(&mut self, field: &Field) -> Option<&'n Scalar> {
        let nodes = self.nodes(field);
        match nodes.as_slice() {
            [] if field.direct => self.node.value(),
            [] => None,
            [one] => {
                if one.value().is_none() && !(one.values.is_empty() && one.children.is_empty()) {
                    let message = format!("'{}' takes a single value; what stands there is ignored", field.name);
                    self.problems.push(Diagnostic::warning(IGNORED_ATTRIBUTE, message).at(one.name_span));
                }
                one.value()
            }
            [first, second, ..] => {
                let problem = Diagnostic::error(MULTIPLE_NODES, format!("'{}' is given more than once", field.name));
                self.problems.push(problem.at(second.name_span).hint("keep one of them"));
                first.value()
            }
        }
    }

    /// Reports a value that does not fit; the run cannot start.
    pub fn bad_value(&mut self, scalar: &Scalar, expected: &str) {
        let message = format!("{expected} expected, but this is '{}'", scalar.text);
        self.problems.push(Diagnostic::error(BAD_VALUE, message).at(scalar.span));
    }

    /// Reports an attribute that Liquibase does not have and that is written as if it had: where a schema holds, it reads over
    /// names of other namespaces, and refuses those of its own.
    pub fn refuse_unprefixed(&mut self, child: &Node, field: &Field, element: &str) {
        if field.extension && self.validated && !child.prefixed {
            let message = format!("'{element}' has no attribute '{}' in the namespace of Liquibase", field.name);
            let uri = Namespace::Own.uri();
            let hint = format!("write it with a prefix: `x:{}`, with `xmlns:x=\"{uri}\"`", field.name);
            self.problems.push(Diagnostic::error(UNKNOWN_ELEMENT, message).at(child.name_span).hint(hint));
        }
    }

    /// Reports children that are no field of the element. `extra` are names that other code reads.
    pub fn report_unknown(&mut self, element: &str, fields: &[Field], extra: &[&str]) {
        self.node.report_texts(if fields.iter().any(|f| f.direct) { 1 } else { 0 }, self.problems);
        for child in &self.node.children {
            let exact = |n: &str| *n == *child.name;
            if let Some(field) = fields.iter().find(|f| f.is_named(&child.name)) {
                if !exact(field.name) && !field.aliases.iter().any(|a| exact(a)) {
                    let message = format!("'{}' is read as '{}'", child.name, field.name);
                    self.problems
                        .push(Diagnostic::warning(WRONG_CASE, message).at(child.name_span).hint(format!("write `{}`", field.name)));
                }
                self.refuse_unprefixed(child, field, element);
                continue;
            }
            // Columns may stand without the list around them, as XML has them.
            let is_column = child.name.eq_ignore_ascii_case("column") && fields.iter().any(|f| matches!(f.kind, Kind::Columns(_)));
            if is_column || extra.iter().any(|e| e.eq_ignore_ascii_case(&child.name)) {
                continue;
            }
            let message = format!("'{}' has no attribute '{}'", element, child.name);
            let problem = if self.validated && !child.prefixed {
                Diagnostic::error(UNKNOWN_ELEMENT, message)
            } else {
                Diagnostic::warning(IGNORED_ATTRIBUTE, format!("{message}; it is ignored"))
            };
            // Where elements are validated, as in XML, columns stand without a list around them.
            let written = |f: &Field| if self.validated && matches!(f.kind, Kind::Columns(_)) { "column" } else { f.name };
            let known = fields.iter().map(written).chain(extra.iter().copied());
            self.problems.push(problem.at(child.name_span).did_you_mean(&child.name, known));
        }
    }
}

impl Attribute for Option<String> {
    const KIND: Kind = Kind::Text;
    fn read(reader: &mut Reader<'_, '_>, field: &'static Field) -> Self {
        reader.scalar(field).map(|s| s.text.clone())
    }
    fn value(&self) -> FieldValue<'_> {
        self.as_deref().map_or(FieldValue::None, |t| FieldValue::Text(Cow::Borrowed(t)))
    }
}

impl Attribute for Option<bool> {
    const KIND: Kind = Kind::Bool;
    /// `true` in any letter case is true, everything else false, without an error (changelog-formats §2).
    fn read(reader: &mut Reader<'_, '_>, field: &'static Field) -> Self {
        let scalar = reader.scalar(field)?;
        Some(read_bool(scalar, field.name, reader.problems))
    }
    fn value(&self) -> FieldValue<'_> {
        self.map_or(FieldValue::None, |b| FieldValue::Text(Cow::Borrowed(if b { "true" } else { "false" })))
    }
}

/// A scalar as a truth value; a text that looks like "yes" but counts as false is reported.
pub fn read_bool(scalar: &Scalar, name: &str, problems: &mut Diagnostics) -> bool {
    let yes = scalar.text.trim().eq_ignore_ascii_case("true");
    if !yes && scalar.kind != ScalarKind::Bool && !scalar.text.trim().eq_ignore_ascii_case("false") {
        let message = format!("'{}' counts as false for '{name}': only the word true is true", scalar.text);
        problems.push(Diagnostic::warning(DOUBTFUL_VALUE, message).at(scalar.span).hint("write `true` or `false`"));
    }
    yes
}

/// A whole number of any size, in its normal decimal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integer(pub String);

impl Integer {
    /// Parses a decimal number with an optional sign, without blanks, as Java's `BigInteger` does.
    pub fn parse(text: &str) -> Option<Integer> {
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let digits = digits.trim_start_matches('0');
        Some(Integer(match (digits, negative) {
            ("", _) => "0".to_owned(),
            (d, true) => format!("-{d}"),
            (d, false) => d.to_owned(),
        }))
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Attribute for Option<Integer> {
    const KIND: Kind = Kind::Integer;
    fn read(reader: &mut Reader<'_, '_>, field: &'static Field) -> Self {
        let scalar = reader.scalar(field)?;
        let number = Integer::parse(&scalar.text);
        if number.is_none() {
            reader.bad_value(scalar, "a whole number");
        }
        number
    }
    fn value(&self) -> FieldValue<'_> {
        self.as_ref().map_or(FieldValue::None, |i| FieldValue::Text(Cow::Borrowed(&i.0)))
    }
}

/// A place or a count, which Liquibase keeps in 32 bits.
impl Attribute for Option<i32> {
    const KIND: Kind = Kind::Integer;
    fn read(reader: &mut Reader<'_, '_>, field: &'static Field) -> Self {
        let scalar = reader.scalar(field)?;
        let number = scalar.text.parse().ok();
        if number.is_none() {
            reader.bad_value(scalar, "a whole number of 32 bits");
        }
        number
    }
    fn value(&self) -> FieldValue<'_> {
        self.map_or(FieldValue::None, |i| FieldValue::Text(Cow::Owned(i.to_string())))
    }
}

/// Declares a structure read from a node: its fields, their names in the changelog, and what is special about
/// them (`required`, `needed`, `direct`, `unhashed`, `aliases = &["…"]`, `extension`).
///
/// ```
/// changelog::attributes! {
///     /// Drops a table.
///     pub struct DropTable {
///         /// Name of the table.
///         pub table_name: Option<String> = "tableName" (required),
///     }
/// }
/// ```
///
/// The structure gets `FIELDS`, `DOC` and `read_fields`, and implements [`Attributes`].
#[macro_export]
macro_rules! attributes {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $(
                $(#[doc = $field_doc:literal])*
                pub $field:ident : $kind:ty = $text:literal $( ( $($option:ident $(= $value:expr)?),* $(,)? ) )?
            ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            $( $(#[doc = $field_doc])* pub $field: $kind, )*
        }

        impl $name {
            /// The declared attributes.
            pub const FIELDS: &'static [$crate::source::attributes::Field] = &[
                $( $crate::source::attributes::Field {
                    name: $text,
                    kind: <$kind as $crate::source::attributes::Attribute>::KIND,
                    doc: concat!($($field_doc, "\n"),*),
                    $( $( $option: $crate::attributes!(@option $($value)?), )* )?
                    ..$crate::source::attributes::Field::DEFAULT
                } ),*
            ];

            /// What the element does.
            pub const DOC: &'static str = concat!($($doc, "\n"),*);

            /// Reads the attributes of a node.
            #[allow(unused_mut, unused_variables, unused_assignments, clippy::redundant_closure_call)]
            pub fn read_fields(reader: &mut $crate::source::attributes::Reader<'_, '_>) -> Self {
                let mut at = 0usize;
                let mut next = || { let field = &Self::FIELDS[at]; at += 1; field };
                $name {
                    $( $field: <$kind as $crate::source::attributes::Attribute>::read(reader, next()), )*
                }
            }
        }

        impl $crate::source::attributes::FromFields for $name {
            fn declared() -> &'static [$crate::source::attributes::Field] {
                Self::FIELDS
            }
            fn doc() -> &'static str {
                Self::DOC
            }
            fn from_fields(reader: &mut $crate::source::attributes::Reader<'_, '_>) -> Self {
                Self::read_fields(reader)
            }
        }

        impl $crate::source::attributes::Attributes for $name {
            fn fields(&self) -> &'static [$crate::source::attributes::Field] {
                Self::FIELDS
            }
            fn values(&self) -> Vec<$crate::source::attributes::FieldValue<'_>> {
                vec![ $( $crate::source::attributes::Attribute::value(&self.$field) ),* ]
            }
        }
    };
    (@option) => { true };
    (@option $value:expr) => { $value };
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro makes public items")]
mod tests {
    use super::*;
    use crate::span::{FileId, Span};

    attributes! {
        /// A test element.
        pub struct Thing {
            /// Its name.
            pub thing_name: Option<String> = "thingName" (required, aliases = &["name"]),
            /// Whether it is.
            pub is: Option<bool> = "is",
            /// How many.
            pub count: Option<Integer> = "count",
            /// The text.
            pub body: Option<String> = "body" (direct),
        }
    }

    fn span() -> Span {
        Span::new(FileId(0), 0, 0)
    }

    fn read(children: &[(&str, &str)]) -> (Thing, Diagnostics) {
        let mut node = Node::new("thing", span());
        node.children = children.iter().map(|(n, v)| Node::leaf(*n, *v, span())).collect();
        node.values.push(Scalar::text("own", span()));
        let mut problems = Diagnostics::new();
        let mut reader = Reader::new(&node, false, &mut problems);
        let thing = Thing::read_fields(&mut reader);
        reader.report_unknown("thing", Thing::FIELDS, &[]);
        (thing, problems)
    }

    #[test]
    fn names_ignore_case_and_aliases_count() {
        let (thing, problems) = read(&[("NAME", "a"), ("is", "TRUE"), ("count", "007")]);
        assert_eq!(
            thing,
            Thing { thing_name: Some("a".into()), is: Some(true), count: Some(Integer("7".into())), body: Some("own".into()) }
        );
        assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), [WRONG_CASE]);
    }

    #[test]
    fn what_is_ignored_or_wrong_is_told() {
        let (thing, problems) = read(&[("is", "yes"), ("count", "x"), ("colour", "red"), ("thingName", "a"), ("thingname", "b")]);
        assert_eq!(thing.is, Some(false));
        assert_eq!(thing.count, None);
        let codes: Vec<_> = problems.iter().map(|p| p.code).collect();
        assert_eq!(codes, [MULTIPLE_NODES, DOUBTFUL_VALUE, BAD_VALUE, IGNORED_ATTRIBUTE, WRONG_CASE]);
    }

    #[test]
    fn integers_are_normalised() {
        for (text, expected) in
            [("01", Some("1")), ("+5", Some("5")), ("-0", Some("0")), ("-12", Some("-12")), ("1.0", None), ("", None), ("- 1", None)]
        {
            assert_eq!(Integer::parse(text).map(|i| i.0).as_deref(), expected, "{text}");
        }
    }
}
