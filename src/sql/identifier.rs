//! Quoting and qualifying names (dialects §2).

use super::capabilities::Capabilities;
use super::forms::{Fold, QuotedCase};
use super::target::{Quoting, Target};
use std::borrow::Cow;

/// The name of a table, view, sequence or other object, with what stands before it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ObjectName {
    /// Catalog, if given.
    pub catalog: Option<String>,
    /// Schema, if given.
    pub schema: Option<String>,
    /// The name itself.
    pub name: String,
}

impl ObjectName {
    /// A name from the attributes of a change; empty texts count as absent.
    pub fn new(catalog: Option<&str>, schema: Option<&str>, name: impl Into<String>) -> Self {
        let given = |s: Option<&str>| s.map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned);
        ObjectName { catalog: given(catalog), schema: given(schema), name: name.into() }
    }

    /// The same place, another name.
    #[must_use]
    pub fn renamed(&self, name: impl Into<String>) -> ObjectName {
        ObjectName { name: name.into(), ..self.clone() }
    }
}

/// What a name stands for; schemas and catalogs are quoted by rules of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameOf {
    /// Table, column, index, constraint, …
    Object,
    /// Schema or catalog.
    Space,
}

impl Target {
    /// The name as it is written in SQL: quoted when the quoting or the name demands it.
    pub fn name(&self, name: &str) -> String {
        self.quote(name, NameOf::Object)
    }

    /// The name of a schema or catalog as it is written in SQL.
    pub fn space_name(&self, name: &str) -> String {
        self.quote(name, NameOf::Space)
    }

    /// A column of the ledger or the lock table: quoted only where its name is reserved, whatever the quoting.
    pub fn ledger_column(&self, name: &str) -> String {
        if (self.dialect.reserved)(name, self) {
            let (open, close) = self.dialect.quotes;
            format!("{open}{name}{close}")
        } else {
            name.to_owned()
        }
    }

    /// A comma list of names (`a, b DESC`), each quoted; ` ASC` is dropped, ` DESC` stays outside the quotes.
    pub fn names(&self, list: &str) -> String {
        let quoted: Vec<String> = split_names(list).map(|n| self.index_name(n)).collect();
        quoted.join(", ")
    }

    /// As [`Target::names`], where no column has a direction: ` DESC` is dropped too.
    pub fn undirected_names(&self, list: &str) -> String {
        let quoted: Vec<String> = split_names(list).map(|n| self.name(direction(n).0)).collect();
        quoted.join(", ")
    }

    fn index_name(&self, name: &str) -> String {
        match direction(name) {
            (name, Some("DESC")) => format!("{} DESC", self.name(name)),
            (name, _) => self.name(name),
        }
    }

    /// Blanks around a name belong to it where it is quoted, and so do they in Liquibase.
    fn quote(&self, name: &str, what: NameOf) -> String {
        if !self.must_quote(name, what) {
            return name.trim().to_owned();
        }
        let (open, close) = self.dialect.quotes;
        let mut out = String::with_capacity(name.len() + 2);
        out.push(open);
        for c in self.quoted_case(name, what).chars() {
            if c == close {
                out.push_str(self.dialect.quote_escape);
            } else {
                out.push(c);
            }
        }
        out.push(close);
        out
    }

    /// A name as it stands between quotes.
    fn quoted_case<'n>(&self, name: &'n str, what: NameOf) -> Cow<'n, str> {
        let folds = match self.caps.quoted_case {
            QuotedCase::Kept => false,
            QuotedCase::FoldedWithSpaces if what == NameOf::Space => true,
            QuotedCase::Folded | QuotedCase::FoldedWithSpaces => self.quoting != Quoting::All,
        };
        match self.caps.fold {
            Fold::Upper if folds => Cow::Owned(name.to_uppercase()),
            Fold::Lower if folds => Cow::Owned(name.to_lowercase()),
            _ => Cow::Borrowed(name),
        }
    }

    fn must_quote(&self, name: &str, what: NameOf) -> bool {
        if name.trim().is_empty() || !self.caps.quotes_names {
            return false;
        }
        if self.quoting == Quoting::All || (what == NameOf::Space && (self.preserve_schema_case || self.caps.quotes_spaces)) {
            return true;
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || self.caps.unquoted_characters.contains(c);
        let odd = name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(is_plain);
        if odd {
            return true;
        }
        let mixed = name.bytes().any(|b| b.is_ascii_uppercase()) && name.bytes().any(|b| b.is_ascii_lowercase());
        if mixed && self.caps.quote_mixed_case && self.quoting == Quoting::Legacy {
            return true;
        }
        (self.dialect.reserved)(&name.to_ascii_uppercase(), self)
    }

    /// The name as the server stores what [`Target::name`] writes: folded unless it is quoted.
    pub fn stored_name(&self, name: &str) -> String {
        self.stored(name, NameOf::Object)
    }

    /// As [`Target::stored_name`], for a schema or catalog.
    pub fn stored_space(&self, name: &str) -> String {
        self.stored(name, NameOf::Space)
    }

    fn stored(&self, name: &str, what: NameOf) -> String {
        match self.caps.fold {
            _ if self.must_quote(name, what) => self.quoted_case(name, what).into_owned(),
            Fold::Keep if what == NameOf::Space && self.offline && self.caps.is_lower_offline => name.trim().to_lowercase(),
            Fold::Keep => name.trim().to_owned(),
            Fold::Lower => name.trim().to_lowercase(),
            Fold::Upper => name.trim().to_uppercase(),
        }
    }

    /// A name that was read from the server, written so that it means the same object: quoted where folding would
    /// change it.
    pub fn exact_name(&self, stored: &str) -> String {
        if self.stored_name(stored) == stored { self.name(stored) } else { self.with_quoting(Quoting::All).name(stored) }
    }

    /// A name with its schema or catalog before it, as dialects §2 "Qualification" says.
    pub fn qualified(&self, object: &ObjectName) -> String {
        match self.space_of(object) {
            // A catalog alone: what stands behind it separates a name from it too.
            Some(catalog) if catalog.ends_with(':') => catalog + &self.name(&object.name),
            Some(space) => format!("{space}.{}", self.name(&object.name)),
            None => self.name(&object.name),
        }
    }

    /// As [`Target::qualified`], for what is never named with its catalog where there are schemas.
    pub fn qualified_by_schema(&self, object: &ObjectName) -> String {
        let caps = Capabilities { catalogs_in_names: false, ..self.caps };
        Target { caps, ..self.clone() }.qualified(object)
    }

    /// The quoted schema or catalog that goes before a name, if any.
    pub fn space_of(&self, object: &ObjectName) -> Option<String> {
        if !self.caps.qualifies_names {
            return None;
        }
        let same = |a: &str, b: &Option<String>| b.as_deref().is_some_and(|b| b.eq_ignore_ascii_case(a));
        if self.caps.schemas {
            let catalog = match &object.catalog {
                _ if !self.caps.catalogs_in_names => None,
                Some(given) if !self.caps.current_catalog_in_names && same(given, &self.default_catalog) => None,
                None if !self.caps.current_catalog_in_names => None,
                given => given.as_ref().or(self.default_catalog.as_ref()),
            };
            let Some(schema) = object.schema.as_ref().or(self.default_schema.as_ref()) else {
                // Two dots: the server takes the schema that it takes by itself.
                return catalog.map(|c| format!("{}{}", self.quote(c, NameOf::Space), self.caps.catalog_separator));
            };
            let is_default = same(schema, &self.default_schema);
            let quoted = self.quote(schema, NameOf::Space);
            match catalog {
                None if is_default && !self.output_default_schema => None,
                None => Some(quoted),
                Some(_) if is_default && !self.output_default_schema && !self.output_default_catalog => None,
                Some(_) if is_default && !self.output_default_catalog => Some(quoted),
                Some(catalog) => Some(format!("{}{}{quoted}", self.quote(catalog, NameOf::Space), self.caps.catalog_separator)),
            }
        } else {
            let given = object.catalog.as_ref().or(object.schema.as_ref());
            match given {
                Some(given) => {
                    let hidden = !self.output_default_catalog && !self.catalog_is_explicit && same(given, &self.default_catalog);
                    (!hidden).then(|| self.quote(given, NameOf::Space))
                }
                None => {
                    let catalog = self.default_catalog.as_ref()?;
                    (self.catalog_is_explicit || self.output_default_catalog).then(|| self.quote(catalog, NameOf::Space))
                }
            }
        }
    }
}

/// A name without the direction behind it, and that direction.
pub fn direction(name: &str) -> (&str, Option<&'static str>) {
    let Some((before, last)) = name.rsplit_once(' ') else { return (name, None) };
    match ["ASC", "DESC"].into_iter().find(|word| last.eq_ignore_ascii_case(word)) {
        Some(word) => (before.trim_end(), Some(word)),
        None => (name, None),
    }
}

/// The names of a comma list, trimmed.
pub fn split_names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|n| !n.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{firebird, h2, hsqldb, mysql, postgres, snowflake};

    #[test]
    fn quoted_names_are_folded_where_the_dialect_says_so() {
        let order = ObjectName::new(None, Some("app"), "order");
        let on = |dialect, quoting| Target::new(dialect, None).with_quoting(quoting).qualified(&order);
        assert_eq!(on(&h2::DIALECT, Quoting::Legacy), "app.\"ORDER\"");
        assert_eq!(on(&h2::DIALECT, Quoting::All), "\"APP\".\"order\"");
        assert_eq!(on(&hsqldb::DIALECT, Quoting::All), "\"app\".\"order\"");
        assert_eq!(Target::new(&h2::DIALECT, None).stored_name("order"), "ORDER");
    }

    /// A name that was read from the server means the same object when it is written again.
    #[test]
    fn stored_names_are_written_so_that_they_are_found() {
        let exact = |dialect, stored| Target::new(dialect, None).exact_name(stored);
        assert_eq!(exact(&postgres::DIALECT, "fk_1"), "fk_1");
        assert_eq!(exact(&postgres::DIALECT, "FK_1"), "\"FK_1\"");
        assert_eq!(exact(&h2::DIALECT, "FK_1"), "FK_1");
        assert_eq!(exact(&h2::DIALECT, "fk_1"), "\"fk_1\"");
        assert_eq!(exact(&mysql::DIALECT, "Fk_1"), "Fk_1");
    }

    #[test]
    fn what_stands_before_names() {
        let on = |dialect, catalog, schema| Target::new(dialect, None).qualified(&ObjectName::new(catalog, schema, "t"));
        assert_eq!(on(&h2::DIALECT, None, None), "PUBLIC.t");
        assert_eq!(on(&firebird::DIALECT, Some("cat"), Some("app")), "t");
        assert_eq!(on(&snowflake::DIALECT, Some("cat"), Some("app")), "cat.app.t");
        assert_eq!(on(&snowflake::DIALECT, Some("cat"), None), "cat..t");
        let t = ObjectName::new(Some("cat"), Some("app"), "t");
        assert_eq!(Target::new(&snowflake::DIALECT, None).qualified_by_schema(&t), "app.t");
    }
}
