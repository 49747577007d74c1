//! Does it exist? One targeted query for each question; never a snapshot of the schema.
//!
//! What counts as a match is what counts in Liquibase 4.28, which decides what a changelog does on a new database: an index or
//! a unique constraint that is asked for by its name may have other columns, and names of sequences are taken as written, as
//! are those of tables, indexes and foreign keys on MySQL and MariaDB if the server's names have letter case, and most names on
//! SQLite.

use super::columns::{in_schema, same_name};
use crate::db::{Row, Value};
use crate::sql::dialect::CatalogFamily;
use crate::sql::identifier::split_names;
use crate::sql::{ObjectName, Target};

/// A question; see [`sql`].
#[derive(Debug, Clone, Copy)]
pub enum Question<'a> {
    /// A table.
    Table(&'a ObjectName),
    /// A view.
    View(&'a ObjectName),
    /// A column of a table or view.
    Column(&'a ObjectName, &'a str),
    /// A sequence.
    Sequence(&'a ObjectName),
    /// A foreign key.
    ForeignKey {
        /// Where.
        space: &'a ObjectName,
        /// Of which table.
        table: Option<&'a str>,
        /// Of which name.
        name: Option<&'a str>,
    },
    /// An index.
    Index {
        /// Where.
        space: &'a ObjectName,
        /// Of which table.
        table: Option<&'a str>,
        /// Over which columns.
        columns: Option<&'a str>,
        /// Of which name.
        name: Option<&'a str>,
    },
    /// A unique constraint.
    Unique {
        /// Of which table.
        table: &'a ObjectName,
        /// Over which columns.
        columns: Option<&'a str>,
        /// Of which name.
        name: Option<&'a str>,
    },
    /// A primary key.
    PrimaryKey {
        /// Where.
        space: &'a ObjectName,
        /// Of which table.
        table: Option<&'a str>,
        /// Of which name.
        name: Option<&'a str>,
    },
}

fn equals(target: &Target, column: &str, name: &str) -> String {
    format!("LOWER({column}) = LOWER({})", target.string(name.trim()))
}

/// Joins conditions; those that are not asked for are left out.
fn all(conditions: impl IntoIterator<Item = Option<String>>) -> String {
    conditions.into_iter().flatten().collect::<Vec<_>>().join(" AND ")
}

/// The query of what cannot be there: a database without sequences has none, says Liquibase.
const NOTHING: &str = "SELECT 1 FROM (SELECT 1) q WHERE 1 = 0";

/// The query of a question. It gives one row for each candidate; where columns are asked for, its second column
/// lists theirs. [`holds`] reads the answer.
///
/// # Errors
/// When the question cannot be asked of the dialect.
pub fn sql(target: &Target, question: &Question<'_>) -> Result<String, String> {
    if matches!(question, Question::Sequence(_)) && !target.caps.sequences {
        return Ok(NOTHING.to_owned());
    }
    match target.dialect.catalog {
        CatalogFamily::Postgres => Ok(postgres(target, question)),
        CatalogFamily::MySql => mysql(target, question),
        CatalogFamily::Sqlite => sqlite(target, question),
    }
}

/// Whether the rows of a question's query answer it with yes.
pub fn holds(target: &Target, question: &Question<'_>, rows: &[Row]) -> bool {
    let (columns, is_unique) = match question {
        Question::Index { columns: Some(columns), name: None, .. } => (columns, false),
        Question::Unique { columns: Some(columns), name: None, .. } => (columns, true),
        // Nothing is found by its table alone.
        Question::ForeignKey { name: None, .. } => return false,
        // Without a table Liquibase counts the columns, and does not look at their names.
        Question::Index { columns: Some(columns), table: None, .. } => {
            let count = split_names(columns).count();
            return rows.iter().any(|row| columns_of(row).len() == count);
        }
        _ => return !rows.is_empty(),
    };
    // The third value is there where the server says whether letter case counts.
    let server_folds = || rows.iter().any(|row| row.values.get(2).and_then(Value::as_bool).unwrap_or_default());
    let folds = is_unique || target.dialect.catalog == CatalogFamily::Postgres || server_folds();
    let fold = |names: Vec<String>| {
        let mut names: Vec<String> = names.into_iter().map(|n| if folds { n.to_lowercase() } else { n }).collect();
        if is_unique {
            names.sort();
        }
        names
    };
    let want = fold(split_names(columns).map(|c| c.to_string()).collect());
    rows.iter().any(|row| fold(columns_of(row)) == want)
}

/// The columns that a row of [`sql`]'s query lists.
fn columns_of(row: &Row) -> Vec<String> {
    let list = row.values.get(1).and_then(Value::to_text).unwrap_or_default();
    list.split(',').map(|c| c.trim().trim_matches(['"', '`']).to_owned()).collect()
}

fn postgres(t: &Target, question: &Question<'_>) -> String {
    let space = |o: &ObjectName| in_schema(t, "n.nspname", o, "current_schema()");
    let class = "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE";
    let constraint = "FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE";
    match question {
        Question::Table(table) => {
            format!("SELECT 1 {class} c.relkind IN ('r', 'p', 'f') AND {} AND {}", equals(t, "c.relname", &table.name), space(table))
        }
        Question::View(view) => {
            format!("SELECT 1 {class} c.relkind = 'v' AND {} AND {}", equals(t, "c.relname", &view.name), space(view))
        }
        Question::Sequence(s) => {
            format!("SELECT 1 {class} c.relkind = 'S' AND c.relname = {} AND {}", t.string(s.name.trim()), space(s))
        }
        Question::Column(table, column) => format!(
            "SELECT 1 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE a.attnum > 0 AND NOT a.attisdropped AND {} AND {} AND {}",
            equals(t, "a.attname", column),
            equals(t, "c.relname", &table.name),
            space(table)
        ),
        Question::ForeignKey { space: o, table, name } => {
            let more = all([table.map(|n| equals(t, "c.relname", n)), name.map(|n| equals(t, "k.conname", n)), Some(space(o))]);
            format!("SELECT 1 {constraint} k.contype = 'f' AND {more}")
        }
        Question::PrimaryKey { space: o, table, name } => {
            let more = all([table.map(|n| equals(t, "c.relname", n)), name.map(|n| equals(t, "k.conname", n)), Some(space(o))]);
            format!("SELECT 1 {constraint} k.contype = 'p' AND {more}")
        }
        Question::Unique { table, name, .. } => {
            let more = all([name.map(|n| equals(t, "k.conname", n)), Some(equals(t, "c.relname", &table.name)), Some(space(table))]);
            format!(
                "SELECT k.conname, (SELECT string_agg(a.attname, ',' ORDER BY x.ord) FROM unnest(k.conkey) WITH ORDINALITY x(num, ord) JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.num) \
                 {constraint} k.contype = 'u' AND {more}"
            )
        }
        Question::Index { space: o, table, name, .. } => {
            // What a failed concurrent build has left is no index that anybody can use.
            let usable = Some("(i.indisvalid OR c.relkind = 'I')".to_owned());
            let more = all([table.map(|n| equals(t, "tc.relname", n)), name.map(|n| equals(t, "c.relname", n)), Some(space(o)), usable]);
            format!(
                "SELECT c.relname, (SELECT string_agg(pg_catalog.pg_get_indexdef(i.indexrelid, x, true), ',' ORDER BY x) FROM generate_series(1, i.indnatts) x) \
                 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class tc ON tc.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = tc.relnamespace WHERE {more}"
            )
        }
    }
}

fn mysql(t: &Target, question: &Question<'_>) -> Result<String, String> {
    let space = |column: &str, o: &ObjectName| in_schema(t, column, o, "DATABASE()");
    let constraint = |kind: &str, table: Option<&str>, name: Option<&str>, o: &ObjectName| {
        let more = all([
            table.map(|n| same_name(t, "table_name", n)),
            name.map(|n| same_name(t, "constraint_name", n)),
            Some(space("table_schema", o)),
        ]);
        format!("SELECT 1 FROM information_schema.table_constraints WHERE constraint_type = '{kind}' AND {more}")
    };
    Ok(match question {
        Question::Table(o) => format!(
            "SELECT 1 FROM information_schema.tables WHERE table_type NOT IN ('VIEW', 'SYSTEM VIEW', 'SEQUENCE') AND {} AND {}",
            same_name(t, "table_name", &o.name),
            space("table_schema", o)
        ),
        Question::View(o) => {
            format!("SELECT 1 FROM information_schema.views WHERE {} AND {}", same_name(t, "table_name", &o.name), space("table_schema", o))
        }
        Question::Sequence(o) => format!(
            "SELECT 1 FROM information_schema.tables WHERE table_type = 'SEQUENCE' AND {} AND {}",
            same_name(t, "table_name", &o.name),
            space("table_schema", o)
        ),
        Question::Column(o, column) => format!(
            "SELECT 1 FROM information_schema.columns WHERE {} AND {} AND {}",
            equals(t, "column_name", column),
            same_name(t, "table_name", &o.name),
            space("table_schema", o)
        ),
        Question::ForeignKey { space: o, table, name } => constraint("FOREIGN KEY", *table, *name, o),
        Question::PrimaryKey { table: None, .. } => {
            return Err("Database driver requires a table name to be specified in order to search for a primary key.".to_owned());
        }
        Question::PrimaryKey { space: o, table, name } => {
            // Every primary key is called PRIMARY here, whatever the changelog calls it, and there is none of another name.
            let name = name.map(|n| if n.eq_ignore_ascii_case("PRIMARY") { "PRIMARY" } else { n });
            constraint("PRIMARY KEY", *table, name, o)
        }
        Question::Unique { table, name, .. } => {
            let more = all([
                name.map(|n| equals(t, "index_name", n)),
                Some(same_name(t, "table_name", &table.name)),
                Some(space("table_schema", table)),
            ]);
            format!(
                "SELECT index_name, GROUP_CONCAT(column_name ORDER BY seq_in_index) FROM information_schema.statistics WHERE non_unique = 0 AND index_name <> 'PRIMARY' AND {more} GROUP BY table_name, index_name"
            )
        }
        Question::Index { space: o, table, name, .. } => {
            let more = all([
                table.map(|n| same_name(t, "table_name", n)),
                name.map(|n| same_name(t, "index_name", n)),
                Some(space("table_schema", o)),
            ]);
            format!(
                "SELECT index_name, GROUP_CONCAT(column_name ORDER BY seq_in_index), @@lower_case_table_names FROM information_schema.statistics WHERE {more} GROUP BY table_name, index_name"
            )
        }
    })
}

fn sqlite(t: &Target, question: &Question<'_>) -> Result<String, String> {
    let object = |kind: &str, name: &str| format!("SELECT 1 FROM sqlite_master WHERE type = '{kind}' AND name = {}", t.string(name.trim()));
    Ok(match question {
        Question::Table(o) => object("table", &o.name),
        Question::View(o) => object("view", &o.name),
        Question::Sequence(_) => NOTHING.to_owned(),
        // Only a column of a table with a schema is looked for in that schema, of which there is one; letter case does not
        // count then.
        Question::Column(o, column) if let Some(schema) = &o.schema => {
            if !schema.eq_ignore_ascii_case("main") {
                return Ok(NOTHING.to_owned());
            }
            format!(
                "SELECT 1 FROM sqlite_master m, pragma_table_info(m.name) c WHERE {} AND {}",
                equals(t, "m.name", &o.name),
                equals(t, "c.name", column)
            )
        }
        Question::Column(o, column) => {
            format!(
                "SELECT 1 FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.name = {} AND c.name = {}",
                t.string(o.name.trim()),
                t.string(column.trim())
            )
        }
        // SQLite does not keep names of constraints: the text of the table is searched for it.
        Question::ForeignKey { table, name, .. } => {
            let more = all([
                table.map(|n| equals(t, "name", n)),
                name.map(|n| format!("INSTR(LOWER(sql), {}) > 0", t.string(&n.to_lowercase()))),
                Some("INSTR(LOWER(sql), 'references') > 0".to_owned()),
            ]);
            format!("SELECT 1 FROM sqlite_master WHERE type = 'table' AND {more}")
        }
        Question::PrimaryKey { table: None, .. } => {
            return Err("Database driver requires a table name to be specified in order to search for a primary key.".to_owned());
        }
        Question::PrimaryKey { table: Some(table), name, .. } => {
            let named = name.map(|n| {
                format!(
                    " AND EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND {} AND INSTR(REPLACE(LOWER(sql), '\"', ''), {}) > 0)",
                    equals(t, "name", table),
                    t.string(&format!("constraint {}", n.to_lowercase()))
                )
            });
            format!("SELECT 1 FROM pragma_table_info({}) WHERE pk > 0{}", t.string(table), named.unwrap_or_default())
        }
        Question::Unique { table, columns, name } => match (columns, name) {
            (_, Some(name)) => format!(
                "SELECT 1 FROM sqlite_master WHERE (type = 'index' AND {} AND {}) OR (type = 'table' AND {} AND INSTR(LOWER(sql), {}) > 0)",
                equals(t, "tbl_name", &table.name),
                equals(t, "name", name),
                equals(t, "name", &table.name),
                t.string(&name.to_lowercase())
            ),
            _ => format!(
                "SELECT l.name, (SELECT group_concat(x.name, ',') FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) x) FROM pragma_index_list({}) l WHERE l.\"unique\" = 1 AND l.origin <> 'pk'",
                t.string(&table.name)
            ),
        },
        Question::Index { table, name, .. } => {
            let more = all([table.map(|n| equals(t, "m.tbl_name", n)), name.map(|n| format!("m.name = {}", t.string(n.trim())))]);
            format!(
                "SELECT m.name, (SELECT group_concat(x.name, ',') FROM (SELECT name FROM pragma_index_info(m.name) ORDER BY seqno) x) FROM sqlite_master m WHERE m.type = 'index' AND {more}"
            )
        }
    })
}
