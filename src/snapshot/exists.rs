//! Does it exist? One targeted query for each question; never a snapshot of the schema.

use super::columns::in_schema;
use crate::db::{Row, Value};
use crate::sql::dialect::CatalogFamily;
use crate::sql::identifier::split_names;
use crate::sql::{ObjectName, Target};

/// A question. Names are compared as the server folds them; see [`sql`].
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

/// The query of a question. It gives one row for each candidate; where columns are asked for, its second column
/// lists theirs. [`holds`] reads the answer.
///
/// # Errors
/// When the dialect has no such objects, or the question cannot be asked of it.
pub fn sql(target: &Target, question: &Question<'_>) -> Result<String, String> {
    match target.dialect.catalog {
        CatalogFamily::Postgres => Ok(postgres(target, question)),
        CatalogFamily::MySql => mysql(target, question),
        CatalogFamily::Sqlite => sqlite(target, question),
    }
}

/// Whether the rows of a question's query answer it with yes.
///
/// # Errors
/// Never at present; kept for questions whose answer may be malformed.
pub fn holds(_target: &Target, question: &Question<'_>, rows: &[Row]) -> Result<bool, String> {
    let columns = match question {
        Question::Index { columns: Some(columns), .. } | Question::Unique { columns: Some(columns), .. } => columns,
        _ => return Ok(!rows.is_empty()),
    };
    let want: Vec<String> = split_names(columns).map(|c| c.to_lowercase()).collect();
    let unordered = matches!(question, Question::Unique { .. });
    Ok(rows.iter().any(|row| {
        let list = row.values.get(1).and_then(Value::to_text).unwrap_or_default().to_lowercase();
        let mut have: Vec<String> = list.split(',').map(|c| c.trim().trim_matches(['"', '`']).to_owned()).collect();
        let mut want = want.clone();
        if unordered {
            have.sort();
            want.sort();
        }
        have == want
    }))
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
            format!("SELECT 1 {class} c.relkind IN ('v', 'm') AND {} AND {}", equals(t, "c.relname", &view.name), space(view))
        }
        Question::Sequence(s) => format!("SELECT 1 {class} c.relkind = 'S' AND {} AND {}", equals(t, "c.relname", &s.name), space(s)),
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
                "SELECT c.relname, (SELECT string_agg(pg_catalog.pg_get_indexdef(i.indexrelid, x, true), ',' ORDER BY x) FROM generate_series(1, i.indnkeyatts) x) \
                 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class tc ON tc.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = tc.relnamespace WHERE {more}"
            )
        }
    }
}

fn mysql(t: &Target, question: &Question<'_>) -> Result<String, String> {
    let space = |column: &str, o: &ObjectName| in_schema(t, column, o, "DATABASE()");
    let constraint = |kind: &str, table: Option<&str>, name: Option<&str>, o: &ObjectName| {
        let more =
            all([table.map(|n| equals(t, "table_name", n)), name.map(|n| equals(t, "constraint_name", n)), Some(space("table_schema", o))]);
        format!("SELECT 1 FROM information_schema.table_constraints WHERE constraint_type = '{kind}' AND {more}")
    };
    Ok(match question {
        Question::Table(o) => format!(
            "SELECT 1 FROM information_schema.tables WHERE table_type NOT IN ('VIEW', 'SYSTEM VIEW', 'SEQUENCE') AND {} AND {}",
            equals(t, "table_name", &o.name),
            space("table_schema", o)
        ),
        Question::View(o) => {
            format!("SELECT 1 FROM information_schema.views WHERE {} AND {}", equals(t, "table_name", &o.name), space("table_schema", o))
        }
        Question::Sequence(_) if !t.caps.sequences => return Err(format!("Sequences are not supported on {}", t.dialect.id)),
        Question::Sequence(o) => format!(
            "SELECT 1 FROM information_schema.tables WHERE table_type = 'SEQUENCE' AND {} AND {}",
            equals(t, "table_name", &o.name),
            space("table_schema", o)
        ),
        Question::Column(o, column) => format!(
            "SELECT 1 FROM information_schema.columns WHERE {} AND {} AND {}",
            equals(t, "column_name", column),
            equals(t, "table_name", &o.name),
            space("table_schema", o)
        ),
        Question::ForeignKey { space: o, table, name } => constraint("FOREIGN KEY", *table, *name, o),
        Question::PrimaryKey { table: None, .. } => {
            return Err("Database driver requires a table name to be specified in order to search for a primary key.".to_owned());
        }
        Question::PrimaryKey { space: o, table, name } => {
            // Every primary key is called PRIMARY here; a name of the changelog's own cannot be told apart.
            let own = name.filter(|n| n.eq_ignore_ascii_case("PRIMARY"));
            constraint("PRIMARY KEY", *table, own, o)
        }
        Question::Unique { table, name, .. } => {
            let more = all([
                name.map(|n| equals(t, "index_name", n)),
                Some(equals(t, "table_name", &table.name)),
                Some(space("table_schema", table)),
            ]);
            format!(
                "SELECT index_name, GROUP_CONCAT(column_name ORDER BY seq_in_index) FROM information_schema.statistics WHERE non_unique = 0 AND index_name <> 'PRIMARY' AND {more} GROUP BY table_name, index_name"
            )
        }
        Question::Index { space: o, table, name, .. } => {
            let more =
                all([table.map(|n| equals(t, "table_name", n)), name.map(|n| equals(t, "index_name", n)), Some(space("table_schema", o))]);
            format!(
                "SELECT index_name, GROUP_CONCAT(column_name ORDER BY seq_in_index) FROM information_schema.statistics WHERE {more} GROUP BY table_name, index_name"
            )
        }
    })
}

fn sqlite(t: &Target, question: &Question<'_>) -> Result<String, String> {
    let object = |kind: &str, name: &str| format!("SELECT 1 FROM sqlite_master WHERE type = '{kind}' AND {}", equals(t, "name", name));
    Ok(match question {
        Question::Table(o) => object("table", &o.name),
        Question::View(o) => object("view", &o.name),
        Question::Sequence(_) => return Err(format!("Sequences are not supported on {}", t.dialect.id)),
        Question::Column(o, column) => {
            format!("SELECT 1 FROM pragma_table_info({}) WHERE {}", t.string(&o.name), equals(t, "name", column))
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
                    " AND EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND {} AND INSTR(LOWER(sql), {}) > 0)",
                    equals(t, "name", table),
                    t.string(&n.to_lowercase())
                )
            });
            format!("SELECT 1 FROM pragma_table_info({}) WHERE pk > 0{}", t.string(table), named.unwrap_or_default())
        }
        Question::Unique { table, columns, name } => match (columns, name) {
            (None, Some(name)) => format!(
                "SELECT 1 FROM sqlite_master WHERE (type = 'index' AND {} AND {}) OR (type = 'table' AND {} AND INSTR(LOWER(sql), {}) > 0)",
                equals(t, "tbl_name", &table.name),
                equals(t, "name", name),
                equals(t, "name", &table.name),
                t.string(&name.to_lowercase())
            ),
            _ => format!(
                "SELECT l.name, (SELECT group_concat(x.name, ',') FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) x) FROM pragma_index_list({}) l WHERE l.\"unique\" = 1",
                t.string(&table.name)
            ),
        },
        Question::Index { table, name, .. } => {
            let more = all([table.map(|n| equals(t, "m.tbl_name", n)), name.map(|n| equals(t, "m.name", n))]);
            format!(
                "SELECT m.name, (SELECT group_concat(x.name, ',') FROM (SELECT name FROM pragma_index_info(m.name) ORDER BY seqno) x) FROM sqlite_master m WHERE m.type = 'index' AND {more}"
            )
        }
    })
}
