//! Namespaces of names in XML changelogs. YAML and JSON have none.

/// Whose a name is, which says its namespace in XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Namespace {
    /// That of changelogs.
    #[default]
    Changelog,
    /// That of the change types which Liquibase sells.
    Pro,
    /// Ours: attributes and change types that Liquibase does not know.
    Own,
    /// Of others: what nobody knows is passed over there.
    Foreign,
}

impl Namespace {
    /// Those that need a prefix.
    pub const PREFIXED: [Namespace; 3] = [Namespace::Pro, Namespace::Own, Namespace::Foreign];

    /// Its address.
    pub const fn uri(self) -> &'static str {
        match self {
            Namespace::Changelog => "http://www.liquibase.org/xml/ns/dbchangelog",
            Namespace::Pro => "http://www.liquibase.org/xml/ns/pro",
            Namespace::Own => "urn:changelog:extensions",
            Namespace::Foreign => "http://www.liquibase.org/xml/ns/dbchangelog-ext",
        }
    }

    /// The prefix that it is written with; that of changelogs needs none.
    pub const fn prefix(self) -> Option<&'static str> {
        match self {
            Namespace::Changelog => None,
            Namespace::Pro => Some("pro"),
            Namespace::Own => Some("x"),
            Namespace::Foreign => Some("ext"),
        }
    }
}
