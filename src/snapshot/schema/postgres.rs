//! PostgreSQL's catalog, 10 and newer.

use super::super::columns::in_schema;
use super::Cells;
use crate::db::{Connection, DbError};
use crate::schema::{Check, Column, ForeignKey, Index, Key, Privilege, Routine, Schema, Sequence, Table, Trigger, View};
use crate::sql::{ObjectName, Target};

/// Objects that belong to an extension are not the schema's own.
const NOT_OF_EXTENSION: &str = "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x WHERE x.objid = o.oid AND x.deptype = 'e')";

/// Names of columns, as a JSON list in the order of an array of their numbers.
fn names(numbers: &str, table: &str) -> String {
    format!(
        "(SELECT json_agg(a.attname ORDER BY u.n) FROM unnest({numbers}) WITH ORDINALITY u(attnum, n) \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = {table} AND a.attnum = u.attnum)"
    )
}

pub(super) async fn read(connection: &mut dyn Connection, target: &Target) -> Result<Schema, DbError> {
    let space = in_schema(target, "n.nspname", &ObjectName::default(), "current_schema()");
    let mut schema = Schema::default();
    tables_and_views(connection, &space, &mut schema).await?;
    columns(connection, &space, &mut schema).await?;
    constraints(connection, &space, &mut schema).await?;
    indexes(connection, &space, &mut schema).await?;
    triggers(connection, &space, &mut schema).await?;
    sequences(connection, &space, &mut schema).await?;
    routines(connection, &space, &mut schema).await?;
    enums(connection, &space, &mut schema).await?;
    extensions(connection, &space, &mut schema).await?;
    privileges(connection, &space, &mut schema).await?;
    Ok(schema)
}

async fn tables_and_views(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT o.relname, o.relkind::text, obj_description(o.oid, 'pg_class'), o.relpersistence::text, t.spcname, o.reloptions::text, \
         CASE WHEN o.relkind IN ('v', 'm') THEN pg_get_viewdef(o.oid) END, o.relispopulated, pg_get_partkeydef(o.oid), \
         (SELECT p.relname || ' ' || pg_get_expr(o.relpartbound, o.oid) FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent \
         WHERE i.inhrelid = o.oid AND o.relispartition) \
         FROM pg_catalog.pg_class o JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = o.reltablespace \
         WHERE o.relkind IN ('r', 'p', 'f', 'v', 'm') AND {space} AND {NOT_OF_EXTENSION}"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        let (name, kind, remarks) = (cells.text(0), cells.text(1), cells.given(2));
        if matches!(kind.as_str(), "v" | "m") {
            let view = View { definition: cells.text(6), materialized: kind == "m", unpopulated: !cells.is(7), remarks, ..View::default() };
            schema.views.insert(name, view);
            continue;
        }
        let mut options = Vec::new();
        if kind == "f" {
            options.push("FOREIGN".to_owned());
        }
        options.extend(cells.given(8).map(|key| format!("PARTITION BY {key}")));
        options.extend(cells.given(9).map(|bound| format!("PARTITION OF {bound}")));
        if cells.text(3) == "u" {
            options.push("UNLOGGED".to_owned());
        }
        options.extend(cells.given(4).map(|t| format!("TABLESPACE {t}")));
        options.extend(cells.given(5));
        schema.tables.insert(name, Table { remarks, options, ..Table::default() });
    }
    Ok(())
}

async fn columns(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    // Not every version has attgenerated; a row as JSON has what there is.
    let sql = format!(
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), \
         to_json(a) ->> 'attidentity', to_json(a) ->> 'attgenerated', CASE WHEN a.attcollation <> t.typcollation THEN l.collname END, \
         col_description(c.oid, a.attnum) \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
         LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
         LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation \
         WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND {space} ORDER BY c.oid, a.attnum"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        let Some(table) = schema.tables.get_mut(&cells.text(0)) else { continue };
        let kind = cells.filled(6);
        let generated = kind.is_some();
        let expression = cells.given(4);
        let identity = match cells.text(5).as_str() {
            "a" => Some("ALWAYS".to_owned()),
            "d" => Some("BY DEFAULT".to_owned()),
            _ => None,
        };
        table.columns.push(Column {
            name: cells.text(1),
            data_type: cells.text(2),
            nullable: !cells.is(3),
            default: expression.clone().filter(|_| !generated),
            identity,
            generated: expression.filter(|_| generated),
            stored: kind.as_deref() == Some("s"),
            collation: cells.given(7),
            remarks: cells.given(8),
        });
    }
    Ok(())
}

async fn constraints(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let (own, referred) = (names("k.conkey", "k.conrelid"), names("k.confkey", "k.confrelid"));
    let sql = format!(
        "SELECT c.relname, k.conname, k.contype::text, {own}, rn.nspname, r.relname, {referred}, k.confupdtype::text, k.confdeltype::text, \
         concat_ws(' ', CASE WHEN k.condeferrable THEN 'DEFERRABLE' END, CASE WHEN k.condeferred THEN 'INITIALLY DEFERRED' END, \
         CASE WHEN NOT k.convalidated THEN 'NOT VALID' END), \
         pg_get_constraintdef(k.oid), n.nspname \
         FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace \
         WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND {space}"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        let Some(table) = schema.tables.get_mut(&cells.text(0)) else { continue };
        let name = Some(cells.text(1));
        let key = || Key { name: name.clone(), columns: cells.list(3), deferral: cells.filled(9) };
        match cells.text(2).as_str() {
            "p" => table.primary_key = Some(key()),
            "u" => table.unique.push(key()),
            "f" => table.foreign_keys.push(ForeignKey {
                name,
                columns: cells.list(3),
                schema: cells.given(4).filter(|s| *s != cells.text(11)),
                table: cells.text(5),
                references: cells.list(6),
                on_update: action(&cells.text(7)).to_owned(),
                on_delete: action(&cells.text(8)).to_owned(),
                deferral: cells.filled(9),
            }),
            _ => table.checks.push(Check { name, condition: cells.text(10) }),
        }
    }
    Ok(())
}

fn action(letter: &str) -> &'static str {
    match letter {
        "r" => "restrict",
        "c" => "cascade",
        "n" => "set null",
        "d" => "set default",
        _ => "no action",
    }
}

async fn indexes(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT c.relname, o.relname, i.indisunique, \
         (SELECT json_agg(pg_get_indexdef(i.indexrelid, k, true) || CASE WHEN k <= array_length(i.indoption::int2[], 1) \
         AND (i.indoption::int2[])[k - 1] & 1 = 1 THEN ' DESC' ELSE '' END ORDER BY k) FROM generate_series(1, i.indnatts) k), \
         m.amname, pg_get_expr(i.indpred, i.indrelid) \
         FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class o ON o.oid = i.indexrelid JOIN pg_catalog.pg_class c ON c.oid = i.indrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_am m ON m.oid = o.relam \
         WHERE {space} AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        let Some(indexes) = schema.indexes_mut(&cells.text(0)) else { continue };
        indexes.push(Index {
            name: cells.text(1),
            unique: cells.is(2),
            keys: cells.list(3),
            method: cells.given(4).filter(|m| m != "btree"),
            predicate: cells.given(5),
        });
    }
    Ok(())
}

async fn triggers(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid), t.tgenabled = 'D' FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND {space}"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        if let Some(triggers) = schema.triggers_mut(&cells.text(0)) {
            triggers.push(Trigger { name: cells.text(1), definition: cells.text(2), disabled: cells.is(3) });
        }
    }
    Ok(())
}

async fn sequences(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT o.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, \
         (SELECT c.relname || '.' || a.attname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.refobjid \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.objid = o.oid AND d.deptype = 'a' LIMIT 1) \
         FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class o ON o.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace \
         WHERE {space} AND {NOT_OF_EXTENSION} AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend i WHERE i.objid = o.oid AND i.deptype = 'i')"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        let sequence = Sequence {
            data_type: cells.given(1),
            start: cells.text(2),
            increment: cells.text(3),
            minimum: cells.text(4),
            maximum: cells.text(5),
            cache: cells.text(6),
            cycle: cells.is(7),
            owner: cells.given(8),
        };
        schema.sequences.insert(cells.text(0), sequence);
    }
    Ok(())
}

async fn routines(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT o.proname || '(' || pg_get_function_identity_arguments(o.oid) || ')', pg_get_functiondef(o.oid) \
         FROM pg_catalog.pg_proc o JOIN pg_catalog.pg_namespace n ON n.oid = o.pronamespace \
         WHERE {space} AND {NOT_OF_EXTENSION} AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = o.oid)"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        schema.routines.insert(cells.text(0), Routine { definition: cells.text(1) });
    }
    Ok(())
}

async fn enums(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT o.typname, json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_type o JOIN pg_catalog.pg_enum e ON e.enumtypid = o.oid \
         JOIN pg_catalog.pg_namespace n ON n.oid = o.typnamespace WHERE {space} AND {NOT_OF_EXTENSION} GROUP BY o.typname"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        schema.enums.insert(cells.text(0), cells.list(1));
    }
    Ok(())
}

async fn extensions(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT e.extname, e.extversion FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE {space}"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        schema.extensions.insert(cells.text(0), cells.text(1));
    }
    Ok(())
}

async fn privileges(connection: &mut dyn Connection, space: &str, schema: &mut Schema) -> Result<(), DbError> {
    let sql = format!(
        "SELECT o.relname, a.privilege_type, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.is_grantable \
         FROM pg_catalog.pg_class o JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace CROSS JOIN LATERAL aclexplode(o.relacl) a \
         WHERE {space} AND a.grantee <> o.relowner AND {NOT_OF_EXTENSION}"
    );
    for row in &connection.query(&sql).await? {
        let cells = Cells(row);
        let (object, name, grantee) = (cells.text(0), cells.text(1), cells.text(2));
        schema.privileges.insert(Privilege { object, name, grantee, grant_option: cells.is(3) });
    }
    Ok(())
}
