//! The checksum of a changeset: of its changes and modifySql edits, hashed together (checksums §2).

use super::bytes::{self, SqlHeader};
use super::text::{Checksum, md5_bytes, md5_text};
use crate::change::hash_rule::{FileRef, HashRule, SplitAttributes};
use crate::change::modify_sql::ModifySql;
use crate::change::{Change, Resources};
use crate::changelog::ChangeSet;
use crate::source::attributes::{Attributes, FieldValue};
use crate::sql::dbms;

/// Why there is no checksum: a file that takes part cannot be read. Liquibase's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecksumError(pub String);

impl std::fmt::Display for ChecksumError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which modifySql edits count.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub enum VisitorChoice<'a> {
    /// All (calculate-checksum).
    All,
    /// Those that this says to match (update, status, validate).
    Matching(&'a (dyn Fn(&ModifySql) -> bool + Sync)),
}

/// The checksum of a changeset in a version (1 to 9; all below 9 use the rules of version 8 with their own label).
/// `database` is the short name that changes' own `dbms` lists are matched with.
///
/// # Errors
/// When a file that takes part cannot be read.
pub fn of_changeset(
    changeset: &ChangeSet,
    version: u8,
    database: Option<&str>,
    resources: &dyn Resources,
    visitors: VisitorChoice<'_>,
) -> Result<Checksum, ChecksumError> {
    of_changeset_by(Way::Written, changeset, version, database, resources, visitors)
}

/// How a checksum is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// What is written to the ledger.
    Written,
    /// Sequences of insert and update are those that the changelog names, not those of the change's schema (checksums §3.5).
    SequencesAsNamed,
    /// Raw SQL counts as split, whatever it says (checksums §4.1).
    Split,
}

fn of_changeset_by(
    way: Way,
    changeset: &ChangeSet,
    version: u8,
    database: Option<&str>,
    resources: &dyn Resources,
    visitors: VisitorChoice<'_>,
) -> Result<Checksum, ChecksumError> {
    let mut text = String::new();
    for change in &changeset.changes {
        if version >= 9
            && let Some(list) = change.value.as_type().own_dbms()
        {
            // With no database the name compared is the text `null`.
            if !dbms::matches(&dbms::parse_list(list), database.unwrap_or("null"), true) {
                continue;
            }
        }
        let in_schema = if way == Way::SequencesAsNamed { None } else { change.value.as_type().with_sequence_schema() };
        text.push_str(&of_change_by(way, in_schema.as_ref().unwrap_or(&change.value), version, resources)?.to_string());
        text.push(':');
    }
    for edit in &changeset.modify_sql {
        let counts = match visitors {
            VisitorChoice::All => true,
            VisitorChoice::Matching(matches) => matches(edit),
        };
        if counts {
            let unhashed: &[&str] = if version >= 9 { &["applicableDbms", "contextFilter", "labels"] } else { &[] };
            let body = serialise(edit.name(), edit.as_attributes(version).as_ref(), unhashed, &[]);
            text.push_str(&Checksum { version, digest: md5_text(&body) }.to_string());
            text.push(';');
        }
    }
    Ok(Checksum { version, digest: md5_text(&text) })
}

/// The checksum of one change.
///
/// # Errors
/// When a file that takes part cannot be read.
pub fn of_change(change: &Change, version: u8, resources: &dyn Resources) -> Result<Checksum, ChecksumError> {
    of_change_by(Way::Written, change, version, resources)
}

fn of_change_by(way: Way, change: &Change, version: u8, resources: &dyn Resources) -> Result<Checksum, ChecksumError> {
    let name = change.name();
    let attributes: &dyn Attributes = change.as_type();
    let checksum = |digest: String| Checksum { version, digest };
    let current = version >= 9;
    let read = |file: &FileRef<'_>| resources.read(file.path, file.relative).map_err(ChecksumError);
    Ok(match change.as_type().hash_rule() {
        HashRule::Attributes { unhashed, unhashed_v8 } => {
            checksum(md5_text(&serialise(name, attributes, if current { unhashed } else { unhashed_v8 }, &[])))
        }
        HashRule::Sql { text, split } => {
            let body = text.unwrap_or("").trim_matches([' ', '\n', '\r', '\t']);
            checksum(sql_digest(body.as_bytes(), current, SplitAttributes { split: split.split || way == Way::Split, ..split }))
        }
        HashRule::SqlFile { file, split } => {
            // Version 9 hashes the decoded text, version 8 the raw bytes; neither expands properties.
            if current {
                let text = resources.read_text(file.path, file.relative, file.encoding).map_err(ChecksumError)?;
                checksum(sql_digest(text.as_bytes(), true, split))
            } else {
                checksum(sql_digest(&read(&file)?, false, split))
            }
        }
        HashRule::Body { unhashed, text, file, renamed_v8 } => {
            if current {
                let fields = checksum(md5_text(&serialise(name, attributes, unhashed, &[])));
                let body = match (text, file) {
                    (_, Some(file)) => {
                        let raw = resources.read_text(file.path, file.relative, None).map_err(ChecksumError)?;
                        resources.expand(&raw).map_err(ChecksumError)?
                    }
                    (text, None) => text.unwrap_or("").to_owned(),
                };
                let body = checksum(md5_bytes(&bytes::without_whitespace(body.as_bytes())));
                checksum(md5_text(&format!("{fields}:{body}")))
            } else {
                let fields = checksum(md5_text(&serialise(name, attributes, &[], renamed_v8)));
                match (text, file) {
                    (_, None) => fields,
                    (text, Some(file)) => {
                        let raw = match text {
                            Some(text) => text.as_bytes().to_vec(),
                            None => read(&file)?,
                        };
                        let split = SplitAttributes { end_delimiter: Some(";"), split: false, strip: false };
                        let body = checksum(sql_digest(&raw, false, split));
                        checksum(md5_text(&format!("{fields}:{body}")))
                    }
                }
            }
        }
        HashRule::Data { table, file, comment } => {
            // The raw bytes count: not decoded, not decompressed, BOM included.
            let raw = resources.open_raw(file.path, file.relative).map_err(ChecksumError)?;
            let filtered = bytes::load_data_filter(raw, comment).map_err(|e| ChecksumError(e.to_string()))?;
            let content = checksum(filtered);
            checksum(md5_text(&format!("{}:{content}", table.unwrap_or("null"))))
        }
    })
}

fn sql_digest(body: &[u8], current: bool, split: SplitAttributes<'_>) -> String {
    if current {
        md5_bytes(&bytes::without_whitespace(body))
    } else {
        let header = SqlHeader { end_delimiter: split.end_delimiter, split_statements: split.split, strip_comments: split.strip };
        md5_bytes(&bytes::version_8(body, &header))
    }
}

/// `name:` and the serialised fields (checksums §3.1).
pub fn serialise(name: &str, attributes: &dyn Attributes, unhashed: &[&str], renamed: &[(&str, &str)]) -> String {
    let mut out = format!("{name}:");
    object(attributes, 1, unhashed, renamed, &mut out);
    out
}

fn indent(n: usize) -> String {
    " ".repeat(4 * n)
}

fn object(attributes: &dyn Attributes, level: usize, unhashed: &[&str], renamed: &[(&str, &str)], out: &mut String) {
    let mut lines: Vec<String> = Vec::new();
    for (field, value) in attributes.fields().iter().zip(attributes.values()) {
        // Most of what a change could have it has not.
        if matches!(value, FieldValue::None) || field.unhashed || field.extension || unhashed.contains(&field.name) {
            continue;
        }
        let name = renamed.iter().find(|(now, _)| *now == field.name).map_or(field.name, |(_, then)| then);
        let mut line = indent(level);
        match value {
            FieldValue::None => continue,
            FieldValue::Text(text) => line.push_str(&format!("{name}=\"{text}\"")),
            FieldValue::Object(inner) => object(inner, level + 1, unhashed, renamed, &mut line),
            FieldValue::Objects(items) => {
                line.push_str(name);
                line.push('=');
                list(items.len(), level + 1, &mut line, |i, line| object(items[i], level + 2, unhashed, renamed, line));
            }
            FieldValue::Texts(items) => {
                line.push_str(name);
                line.push('=');
                list(items.len(), level + 1, &mut line, |i, line| line.push_str(&items[i]));
            }
            FieldValue::Map(entries) => {
                line.push_str(name);
                line.push('=');
                map(entries, level + 1, &mut line);
            }
        }
        lines.push(line);
    }
    // Sorted by UTF-16 unit; equal lines collapse.
    lines.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
    lines.dedup();
    out.push('[');
    if !lines.is_empty() {
        out.push('\n');
        out.push_str(&lines.join("\n"));
        out.push('\n');
    }
    out.push_str(&indent(level - 1));
    out.push(']');
}

fn list(length: usize, level: usize, out: &mut String, mut item: impl FnMut(usize, &mut String)) {
    if length == 0 {
        return out.push_str("[]");
    }
    out.push_str("[\n");
    for i in 0..length {
        out.push_str(&indent(level));
        item(i, out);
        out.push_str(if i + 1 < length { ",\n" } else { "\n" });
    }
    out.push_str(&indent(level - 1));
    out.push(']');
}

fn map(entries: &[(String, String)], level: usize, out: &mut String) {
    if entries.is_empty() {
        return out.push_str("[]");
    }
    out.push_str("{\n");
    for (i, (key, value)) in entries.iter().enumerate() {
        out.push_str(&format!("{}{key}=\"{value}\"", indent(level)));
        out.push_str(if i + 1 < entries.len() { ",\n" } else { "\n" });
    }
    out.push_str(&indent(level - 1));
    out.push('}');
}

/// Other values that releases of Liquibase wrote for the same changeset: without the schema of sequences in insert and
/// update (§3.5), with raw SQL of `runWith` changesets that counts as split (§4.1), and with properties of SQL files
/// expanded (§4.2, releases before 4.26). Empty when none applies.
pub fn alternatives(
    changeset: &ChangeSet,
    version: u8,
    database: Option<&str>,
    resources: &dyn Resources,
    visitors: VisitorChoice<'_>,
    old_sql_files: bool,
) -> Vec<Checksum> {
    let mut out = Vec::new();
    if changeset.changes.iter().any(|c| c.value.as_type().with_sequence_schema().is_some()) {
        out.extend(of_changeset_by(Way::SequencesAsNamed, changeset, version, database, resources, visitors));
    }
    if version < 9 && changeset.run_with.is_some() {
        out.extend(of_changeset_by(Way::Split, changeset, version, database, resources, visitors));
    }
    if old_sql_files && version >= 9 {
        let expanding = Expanding(resources);
        out.extend(of_changeset(changeset, version, database, &expanding, visitors));
    }
    out
}

/// Resources whose SQL files are expanded when they are read as text.
struct Expanding<'a>(&'a dyn Resources);

impl Resources for Expanding<'_> {
    fn read(&self, path: &str, relative: bool) -> Result<Vec<u8>, String> {
        self.0.read(path, relative)
    }
    fn open(&self, path: &str, relative: bool) -> Result<Box<dyn std::io::Read + Send>, String> {
        self.0.open(path, relative)
    }
    fn open_raw(&self, path: &str, relative: bool) -> Result<Box<dyn std::io::Read + Send>, String> {
        self.0.open_raw(path, relative)
    }
    fn read_text(&self, path: &str, relative: bool, encoding: Option<&str>) -> Result<String, String> {
        self.0.expand(&self.0.read_text(path, relative, encoding)?)
    }
    fn expand(&self, text: &str) -> Result<String, String> {
        self.0.expand(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changelog::loader::{LoadOptions, load};
    use crate::changelog::properties::Properties;
    use crate::changelog::resources::FileResources;
    use crate::changelog::search_path::{DuplicateFileMode, SearchPath};

    /// Checksums of the one changeset of an XML changelog, in version 9 and 8, with all edits counted; then the others
    /// that are accepted.
    fn checksums(changeset: &str) -> (String, String, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\">{changeset}</databaseChangeLog>");
        std::fs::write(folder.path().join("c.xml"), text).unwrap();
        let search = SearchPath::new(vec![folder.path().to_owned()], DuplicateFileMode::Error);
        let changelog = load("c.xml", search, Properties::default(), LoadOptions::default());
        assert!(!changelog.problems.has_errors(), "{:?}", changelog.problems);
        let changeset = &changelog.changesets[0];
        let files =
            FileResources { search: &changelog.search, properties: &changelog.properties, file: &changeset.file, encoding: "UTF-8" };
        let of = |version| of_changeset(changeset, version, Some("postgresql"), &files, VisitorChoice::All).unwrap().to_string();
        let others = alternatives(changeset, 9, Some("postgresql"), &files, VisitorChoice::All, false);
        (of(9), of(8), others.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn edits_count_in_both_versions() {
        // checksums, example 22
        let (v9, v8, _) = checksums(
            r#"<changeSet id="e19" author="a"><comment>hello</comment><createTable tableName="t"><column name="id" type="int"/></createTable><rollback>drop table t</rollback><modifySql dbms="postgresql"><append value=" engine"/></modifySql><modifySql><replace replace="a" with="b"/></modifySql></changeSet>"#,
        );
        assert_eq!(v9, "9:afffd419bc4299465e2dfd7287978886");
        assert_eq!(v8, "8:ff04760c82a970c72afaa1b1668de5f8");
    }

    /// What Liquibase 4.28 computed for a row with a checksum of version 8.
    #[test]
    fn the_scope_of_edits_counts_in_version_8() {
        let of = |scope: &str| {
            let edit = format!(r#"<modifySql {scope}><append value=" -- x"/></modifySql>"#);
            checksums(&format!(r#"<changeSet id="1" author="a"><sql>select 1</sql>{edit}</changeSet>"#)).1
        };
        assert_eq!(of(r#"labels="Abc, DEF, abc""#), "8:8db1c63d7516e3fbcee1953fe982cd8a");
        // Around the size at which a Java set grows, and takes another order.
        let twelve = "mysql,mariadb,postgresql,h2,oracle,mssql,sqlite,db2,derby,hsqldb,firebird,informix";
        assert_eq!(of(&format!(r#"dbms="{twelve}""#)), "8:37b2f462c8c0bed9e71be3048f505ffc");
        assert_eq!(of(&format!(r#"dbms="{twelve},asany""#)), "8:8b460675efd0cd0767538c2e10d05e4b");
    }

    /// changelog-formats §7: what is removed is removed for a database, and without one for none.
    #[test]
    fn without_a_database_no_property_is_removed() {
        let add = r#"<changeSet id="1" author="a"><addColumn tableName="t"><column name="b" type="int" afterColumn="a"/></addColumn></changeSet>"#;
        let remove = r#"<removeChangeSetProperty change="addColumn" dbms="all" remove="afterColumn"/>"#;
        assert_eq!(checksums(&format!("{remove}{add}")), checksums(add));
        assert_ne!(checksums(&add.replace(r#" afterColumn="a""#, "")), checksums(add));
    }

    #[test]
    fn parameters_of_a_custom_change_are_hashed_by_name() {
        // checksums, example 23
        let (v9, _, _) = checksums(
            r#"<changeSet id="e24" author="a"><customChange class="x.y.Z"><param name="b" value="1"/><param name="a" value="2"/></customChange></changeSet>"#,
        );
        assert_eq!(v9, "9:6a11b7a677ec9a9c6c394a4585139357");
    }

    #[test]
    fn sequences_are_hashed_in_the_schema_of_the_change_and_accepted_without_it() {
        // checksums §3.5
        let insert = |schema: &str| {
            format!(
                r#"<changeSet id="i" author="a"><insert {schema} tableName="t"><column name="id" valueSequenceNext="sq"/></insert></changeSet>"#
            )
        };
        let text = |sequence: &str| {
            format!(
                "insert:[\n    columns=[\n        [\n            name=\"id\"\n            valueSequenceNext=\"{sequence}\"\n        ]\n    ]\n    schemaName=\"s\"\n    tableName=\"t\"\n]"
            )
        };
        let changeset = |text: &str| format!("9:{}", md5_text(&format!("9:{}:", md5_text(text))));
        let (v9, _, others) = checksums(&insert("schemaName=\"s\""));
        assert_eq!(v9, changeset(&text("s.sq")));
        assert_eq!(others, [changeset(&text("sq"))]);
        assert!(checksums(&insert("")).2.is_empty());
    }
}
