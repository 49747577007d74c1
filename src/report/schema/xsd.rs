//! The XML schema of our own attributes and change types, for the namespace that they have in XML changelogs. Liquibase's
//! schema has a place for names of other namespaces wherever ours may stand.

use super::joined;
use crate::change::TYPES;
use crate::change::columns::Column;
use crate::source::Namespace;
use crate::source::attributes::{Field, Kind};
use quick_xml::escape::escape;
use std::collections::BTreeMap;

/// The schema.
pub(super) fn schema() -> String {
    let own = Namespace::Own.uri();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns=\"{own}\" targetNamespace=\"{own}\" elementFormDefault=\"qualified\">\n"
    );
    // A parameter may stand in place of a truth value or a number, as in Liquibase's own schema.
    for (name, pattern) in [("flag", "[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]"), ("integer", "[+\\-]?[0-9]+")] {
        out.push_str(&format!(
            "  <xs:simpleType name=\"{name}\">\n    <xs:restriction base=\"xs:string\">\n      \
             <xs:pattern value=\"{pattern}|.*\\$\\{{.+\\}}.*\"/>\n    </xs:restriction>\n  </xs:simpleType>\n"
        ));
    }
    for (name, (kind, docs)) in attributes() {
        out.push_str(&format!("  <xs:attribute name=\"{name}\" type=\"{}\">\n", type_of(kind)));
        out.push_str(&documented("    ", &docs.join(" ")));
        out.push_str("  </xs:attribute>\n");
    }
    for info in TYPES.iter().filter(|t| t.namespace == Namespace::Own) {
        let has_text = info.fields.iter().any(|f| f.direct);
        let mixed = if has_text { " mixed=\"true\"" } else { "" };
        out.push_str(&format!("  <xs:element name=\"{}\">\n", info.name));
        out.push_str(&documented("    ", &joined(info.doc)));
        out.push_str(&format!("    <xs:complexType{mixed}>\n"));
        for field in info.fields {
            out.push_str(&attribute(field));
        }
        out.push_str("    </xs:complexType>\n  </xs:element>\n");
    }
    out.push_str("</xs:schema>\n");
    out
}

/// Our attributes of Liquibase's own change types and of columns, with what they mean for each.
fn attributes() -> BTreeMap<&'static str, (Kind, Vec<String>)> {
    let mut out: BTreeMap<&'static str, (Kind, Vec<String>)> = BTreeMap::new();
    let elements = TYPES.iter().map(|info| (info.name, info.fields)).chain([("column", Column::FIELDS)]);
    for (element, fields) in elements {
        for field in fields.iter().filter(|f| f.extension) {
            let (_, docs) = out.entry(field.name).or_insert((field.kind, Vec::new()));
            docs.push(format!("{element}: {}", joined(field.doc)));
        }
    }
    out
}

fn attribute(field: &Field) -> String {
    // The element's own text may stand in place of the attribute.
    let required = if field.required && !field.direct { " use=\"required\"" } else { "" };
    format!(
        "      <xs:attribute name=\"{}\" type=\"{}\"{required}>\n{}      </xs:attribute>\n",
        field.name,
        type_of(field.kind),
        documented("        ", &joined(field.doc))
    )
}

fn documented(indent: &str, text: &str) -> String {
    format!("{indent}<xs:annotation><xs:documentation>{}</xs:documentation></xs:annotation>\n", escape(text))
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "flag",
        Kind::Integer => "integer",
        _ => "xs:string",
    }
}
