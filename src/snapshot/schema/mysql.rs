//! The `information_schema` of MySQL and MariaDB.

use super::super::columns::in_schema;
use super::Cells;
use crate::db::{Connection, DbError};
use crate::schema::{Check, Column, ForeignKey, Index, Key, Privilege, Routine, Schema, Sequence, Table, Trigger, View};
use crate::sql::{ObjectName, Target};

pub(super) async fn read(connection: &mut dyn Connection, target: &Target) -> Result<Schema, DbError> {
    let space = |column: &str| in_schema(target, column, &ObjectName::default(), "DATABASE()");
    let mut schema = Schema::default();
    let sequences = tables(connection, &space("table_schema"), &mut schema).await?;
    partitions(connection, &space("table_schema"), &mut schema).await?;
    columns(connection, &space("c.table_schema"), &mut schema).await?;
    indexes(connection, &space("table_schema"), &mut schema).await?;
    foreign_keys(connection, &space("k.table_schema"), &mut schema).await?;
    // MySQL keeps checks since 8.0.16, MariaDB, whose versions are higher, since 10.2.
    if target.at_least(8, 0, 16) {
        checks(connection, &space("k.constraint_schema"), &mut schema).await?;
    }
    triggers(connection, &space("trigger_schema"), &mut schema).await?;
    views(connection, &space("table_schema"), &mut schema).await?;
    routines(connection, &space("r.routine_schema"), &mut schema).await?;
    privileges(connection, &space("table_schema"), &mut schema).await?;
    for (space, name) in sequences {
        sequence(connection, target, &space, name, &mut schema).await?;
    }
    Ok(schema)
}

/// Tables; the sequences among them are given back.
async fn tables(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<Vec<(String, String)>, DbError> {
    let sql = format!(
        "SELECT table_name, table_type, table_comment, engine, table_collation, create_options, table_schema FROM information_schema.tables WHERE {space}"
    );
    let mut sequences = Vec::new();
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        match cells.text(1).as_str() {
            "SEQUENCE" => sequences.push((cells.text(6), cells.text(0))),
            "BASE TABLE" => {
                let mut options: Vec<String> = Vec::new();
                options.extend(cells.filled(3).map(|e| format!("ENGINE={e}")));
                options.extend(cells.filled(4).map(|c| format!("COLLATE={c}")));
                options.extend(cells.filled(5));
                schema.tables.insert(cells.text(0), Table { remarks: cells.filled(2), options, ..Table::default() });
            }
            _ => {}
        }
    }
    Ok(sequences)
}

async fn partitions(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT table_name, partition_ordinal_position, partition_method, partition_expression, partition_name, partition_description \
         FROM information_schema.partitions WHERE partition_name IS NOT NULL AND {space} ORDER BY table_name, partition_ordinal_position"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        let Some(table) = schema.tables.get_mut(&cells.text(0)) else { continue };
        if cells.text(1) == "1" {
            table.options.push(format!("PARTITION BY {} ({})", cells.text(2), cells.text(3)));
        }
        table.options.push(format!("PARTITION {} {}", cells.text(4), cells.text(5)));
    }
    Ok(())
}

async fn columns(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT c.table_name, c.column_name, c.column_type, c.is_nullable, c.column_default, c.extra, c.generation_expression, c.column_comment, \
         CASE WHEN c.collation_name <> t.table_collation THEN c.collation_name END \
         FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
         WHERE {space} ORDER BY c.table_name, c.ordinal_position"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        let Some(table) = schema.tables.get_mut(&cells.text(0)) else { continue };
        let extra = cells.text(5);
        let counts = extra.to_ascii_lowercase().contains("auto_increment");
        let on_update = extra.to_ascii_lowercase().contains("on update").then(|| extra.clone());
        // MariaDB writes the default NULL as a word, MySQL as NULL.
        let default = cells.given(4).filter(|d| d != "NULL");
        let default = match on_update {
            Some(words) => Some(format!("{} {words}", default.unwrap_or_else(|| "NULL".to_owned()))),
            None => default,
        };
        table.columns.push(Column {
            name: cells.text(1),
            data_type: cells.text(2),
            nullable: cells.text(3).eq_ignore_ascii_case("yes"),
            default,
            identity: counts.then(|| "auto_increment".to_owned()),
            generated: cells.filled(6),
            stored: extra.to_ascii_uppercase().contains("STORED GENERATED"),
            collation: cells.given(8),
            remarks: cells.filled(7),
        });
    }
    Ok(())
}

async fn indexes(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    // By name: only MySQL 8 has the column of expressions.
    let sql = format!("SELECT * FROM information_schema.statistics WHERE {space} ORDER BY table_name, index_name, seq_in_index");
    for row in &connection.query(&sql).await? {
        let text = |column: &str| row.text(column).unwrap_or_default();
        let Some(table) = schema.tables.get_mut(&text("table_name")) else { continue };
        let name = text("index_name");
        let mut key = row.text("column_name").or_else(|| row.text("expression").map(|e| format!("({e})"))).unwrap_or_default();
        if name == "PRIMARY" {
            table.primary_key.get_or_insert_with(Key::default).columns.push(key);
            continue;
        }
        if let Some(length) = row.text("sub_part") {
            key.push_str(&format!("({length})"));
        }
        if text("collation") == "D" {
            key.push_str(" DESC");
        }
        match table.indexes.last_mut().filter(|i| i.name == name) {
            Some(index) => index.keys.push(key),
            None => table.indexes.push(Index {
                name,
                unique: text("non_unique") == "0",
                keys: vec![key],
                method: row.text("index_type").filter(|t| t != "BTREE"),
                predicate: None,
            }),
        }
    }
    Ok(())
}

async fn foreign_keys(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT k.table_name, k.constraint_name, k.column_name, \
         CASE WHEN k.referenced_table_schema <> k.table_schema THEN k.referenced_table_schema END, \
         k.referenced_table_name, k.referenced_column_name, LOWER(r.update_rule), LOWER(r.delete_rule) \
         FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r \
         ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name \
         WHERE k.referenced_table_name IS NOT NULL AND {space} ORDER BY k.table_name, k.constraint_name, k.ordinal_position"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        let Some(table) = schema.tables.get_mut(&cells.text(0)) else { continue };
        let name = Some(cells.text(1));
        match table.foreign_keys.last_mut().filter(|k| k.name == name) {
            Some(key) => {
                key.columns.push(cells.text(2));
                key.references.push(cells.text(5));
            }
            None => table.foreign_keys.push(ForeignKey {
                name,
                columns: vec![cells.text(2)],
                schema: cells.given(3),
                table: cells.text(4),
                references: vec![cells.text(5)],
                on_update: cells.text(6),
                on_delete: cells.text(7),
                deferral: None,
            }),
        }
    }
    Ok(())
}

async fn checks(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    // MariaDB names the table with the check, since names are unique in a table only; MySQL does not.
    let sql = format!(
        "SELECT k.*, t.*, t.table_name AS of_table FROM information_schema.check_constraints k JOIN information_schema.table_constraints t \
         ON t.constraint_schema = k.constraint_schema AND t.constraint_name = k.constraint_name AND t.constraint_type = 'CHECK' WHERE {space}"
    );
    for row in &connection.query(&sql).await? {
        let of_table = row.text("of_table").unwrap_or_default();
        if row.text("table_name").is_some_and(|name| name != of_table) {
            continue;
        }
        if let Some(table) = schema.tables.get_mut(&of_table) {
            let state = if row.text("enforced").as_deref() == Some("NO") { " NOT ENFORCED" } else { "" };
            let condition = format!("{}{state}", row.text("check_clause").unwrap_or_default());
            table.checks.push(Check { name: row.text("constraint_name"), condition });
        }
    }
    Ok(())
}

async fn triggers(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT event_object_table, trigger_name, CONCAT(action_timing, ' ', event_manipulation, ' ', action_statement) \
         FROM information_schema.triggers WHERE {space}"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        if let Some(table) = schema.tables.get_mut(&cells.text(0)) {
            table.triggers.push(Trigger { name: cells.text(1), definition: cells.text(2), disabled: false });
        }
    }
    Ok(())
}

async fn views(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!("SELECT table_name, view_definition FROM information_schema.views WHERE {space}");
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        schema.views.insert(cells.text(0), View { definition: cells.text(1), ..View::default() });
    }
    Ok(())
}

async fn routines(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT r.routine_name, r.routine_type, CONCAT_WS(' ', r.dtd_identifier, r.sql_data_access, r.routine_definition), \
         (SELECT GROUP_CONCAT(CONCAT_WS(' ', p.parameter_mode, p.parameter_name, p.dtd_identifier) ORDER BY p.ordinal_position SEPARATOR ', ') \
         FROM information_schema.parameters p WHERE p.specific_schema = r.routine_schema AND p.specific_name = r.specific_name \
         AND p.routine_type = r.routine_type AND p.ordinal_position > 0) FROM information_schema.routines r WHERE {space}"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        // A function, a procedure, a package and its body may have one name.
        let name = format!("{} {}({})", cells.text(1).to_ascii_lowercase(), cells.text(0), cells.text(3));
        schema.routines.insert(name, Routine { definition: cells.text(2) });
    }
    Ok(())
}

async fn privileges(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!("SELECT table_name, privilege_type, grantee, is_grantable FROM information_schema.table_privileges WHERE {space}");
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        let (object, name, grantee) = (cells.text(0), cells.text(1), cells.text(2));
        schema.privileges.insert(Privilege { object, name, grantee, grant_option: cells.text(3).eq_ignore_ascii_case("yes") });
    }
    Ok(())
}

/// MariaDB's sequences are tables of one row.
async fn sequence(connection: &mut dyn Connection, target: &Target, space: &str, name: String, schema: &mut Schema) -> Result<(), DbError> {
    let table = target.qualified(&ObjectName::new(None, Some(space), name.clone()));
    let sql = format!("SELECT start_value, increment, minimum_value, maximum_value, cache_size, cycle_option FROM {table}");
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        let sequence = Sequence {
            data_type: None,
            start: cells.text(0),
            increment: cells.text(1),
            minimum: cells.text(2),
            maximum: cells.text(3),
            cache: cells.text(4),
            cycle: cells.is(5),
            owner: None,
        };
        schema.sequences.insert(name.clone(), sequence);
    }
    Ok(())
}
