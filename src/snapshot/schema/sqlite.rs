//! SQLite's `sqlite_master` and pragmas, and what only the stored texts tell.

use super::Cells;
use crate::db::{Connection, DbError};
use crate::dialect::sqlite::facts::{StoredFacts, StoredKey, index_parts, stored_facts};
use crate::schema::{Check, Column, ForeignKey, Index, Key, Schema, Table, Trigger, View};

pub(super) async fn read(connection: &mut dyn Connection) -> Result<Schema, DbError> {
    let mut schema = Schema::default();
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
               ORDER BY CASE WHEN type IN ('table', 'view') THEN 0 ELSE 1 END, rowid";
    let mut generated = Vec::new();
    let mut names_of_keys = Vec::new();
    for row in &connection.query(sql).await? {
        let cells = Cells(row);
        let (kind, name, of_table, text) = (cells.text(0), cells.text(1), cells.text(2), cells.text(3));
        match kind.as_str() {
            "view" => {
                schema.views.insert(name, View { definition: text, ..View::default() });
            }
            "table" => {
                // A virtual table has columns, but no definition to look into.
                let facts = stored_facts(&text).unwrap_or_else(|_| StoredFacts { options: vec![text.clone()], ..StoredFacts::default() });
                generated.extend(facts.generated.iter().map(|(column, expression)| (name.clone(), column.clone(), expression.clone())));
                names_of_keys.extend(facts.foreign_keys.iter().map(|key| (name.clone(), key.clone())));
                schema.tables.insert(name, table(facts));
            }
            kind => {
                if kind == "trigger" {
                    let trigger = Trigger { name, definition: text, disabled: false };
                    if let Some(triggers) = schema.triggers_mut(&of_table) {
                        triggers.push(trigger);
                    }
                } else if let Some(table) = schema.tables.get_mut(&of_table) {
                    let (keys, predicate) = index_parts(&text).unwrap_or_default();
                    let unique = text.trim_start().get(..13).is_some_and(|start| start.eq_ignore_ascii_case("CREATE UNIQUE"));
                    table.indexes.push(Index { name, unique, keys, method: None, predicate });
                }
            }
        }
    }
    columns(connection, &generated, &mut schema).await?;
    foreign_keys(connection, &names_of_keys, &mut schema).await?;
    Ok(schema)
}

fn key(stored: StoredKey) -> Key {
    Key { name: stored.name, columns: stored.columns, deferral: None }
}

fn table(facts: StoredFacts) -> Table {
    let mut options = facts.options;
    if facts.autoincrement {
        options.push("AUTOINCREMENT".to_owned());
    }
    Table {
        primary_key: facts.primary_key.map(key),
        unique: facts.unique.into_iter().map(key).collect(),
        checks: facts.checks.into_iter().map(|(name, condition)| Check { name, condition }).collect(),
        options,
        ..Table::default()
    }
}

async fn columns(connection: &mut dyn Connection, generated: &[(String, String, String)], schema: &mut Schema) -> Result<(), DbError> {
    let sql = "SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.hidden = 3 FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c \
               WHERE m.type = 'table' ORDER BY m.name, c.cid";
    for row in &connection.query(sql).await? {
        let cells = Cells(row);
        let (of_table, name) = (cells.text(0), cells.text(1));
        let Some(table) = schema.tables.get_mut(&of_table) else { continue };
        let expression = generated.iter().find(|(t, column, _)| *t == of_table && column.eq_ignore_ascii_case(&name));
        table.columns.push(Column {
            name,
            data_type: cells.text(2),
            nullable: !cells.is(3),
            default: cells.given(4),
            generated: expression.map(|(_, _, e)| e.clone()),
            stored: cells.is(5),
            ..Column::default()
        });
    }
    Ok(())
}

async fn foreign_keys(connection: &mut dyn Connection, names: &[(String, StoredKey)], schema: &mut Schema) -> Result<(), DbError> {
    let sql = "SELECT m.name, k.id, k.\"table\", k.\"from\", k.\"to\", LOWER(k.on_update), LOWER(k.on_delete) \
               FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k WHERE m.type = 'table' ORDER BY m.name, k.id, k.seq";
    let mut last = None;
    for row in &connection.query(sql).await? {
        let cells = Cells(row);
        let Some(table) = schema.tables.get_mut(&cells.text(0)) else { continue };
        let identity = Some((cells.text(0), cells.text(1)));
        if last != identity {
            last = identity;
            table.foreign_keys.push(ForeignKey {
                table: cells.text(2),
                on_update: cells.text(5),
                on_delete: cells.text(6),
                ..ForeignKey::default()
            });
        }
        if let Some(key) = table.foreign_keys.last_mut() {
            key.columns.push(cells.text(3));
            key.references.extend(cells.given(4));
        }
    }
    // Names stand in the stored text only; columns say which is which.
    for (of_table, stored) in names.iter().filter(|(_, stored)| stored.name.is_some()) {
        let same = |key: &&mut ForeignKey| {
            key.name.is_none()
                && key.columns.len() == stored.columns.len()
                && key.columns.iter().zip(&stored.columns).all(|(a, b)| a.eq_ignore_ascii_case(b))
        };
        let table = schema.tables.get_mut(of_table);
        if let Some(found) = table.and_then(|t| t.foreign_keys.iter_mut().find(same)) {
            found.name.clone_from(&stored.name);
        }
    }
    Ok(())
}
