//! Changes of columns: by ALTER TABLE where SQLite can, else by a rebuild.

use super::column::{Parts, Says};
use super::constrain;
use super::definition::{Definition, Index};
use super::lexer::{Kind, significant};
use super::rebuild::Rebuild;
use crate::sql::action::{Action, RenderError, Rendered, Sql, sql};
use crate::sql::column::{ColumnDef, ColumnForeignKey};
use crate::sql::data_type::DataType;
use crate::sql::literal::Literal;
use crate::sql::statement::{
    AddAutoIncrement, AddColumn, AddDefaultValue, CopyDistinct, DropColumn, DropDefaultValue, MergeColumns, ModifyDataType, Statement,
};
use crate::sql::target::StoredTable;
use crate::sql::{ObjectName, Target};

/// Statements that SQLite says in its own way.
pub(super) fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    Some(match statement {
        Statement::AddColumn(s) => add_column(s, target),
        Statement::DropColumn(s) => drop_column(s, target),
        Statement::MergeColumns(s) => merge_columns(s, target),
        Statement::AddAutoIncrement(s) => add_auto_increment(s, target),
        Statement::AddDefaultValue(s) => add_default_value(s, target),
        Statement::DropDefaultValue(s) => drop_default_value(s, target),
        Statement::ModifyDataType(s) => modify_data_type(s, target),
        Statement::CopyDistinct(s) => copy_distinct(s, target),
        _ => return constrain::special(statement, target),
    })
}

/// The stored definition, if it is known. It is asked for when it can be had.
fn stored<'t>(target: &'t Target, table: &ObjectName, statement: &'static str) -> Result<Option<&'t StoredTable>, RenderError> {
    let known = target.stored_tables.get(&table.name.to_lowercase()).filter(|_| is_in_main(target, table));
    match known {
        None if target.asks && is_in_main(target, table) => Err(needed(table, statement)),
        known => Ok(known),
    }
}

/// The stored definition, without which there is no way.
pub(super) fn required<'t>(target: &'t Target, table: &ObjectName, statement: &'static str) -> Result<&'t StoredTable, RenderError> {
    if !is_in_main(target, table) {
        let text = format!("{statement} must rebuild table {}, and only tables of the main database can be", target.qualified(table));
        return Err(RenderError::Invalid(text));
    }
    stored(target, table, statement)?.ok_or_else(|| needed(table, statement))
}

/// The table, to be rebuilt.
pub(super) fn rebuild<'t>(target: &'t Target, table: &'t ObjectName, statement: &'static str) -> Result<Rebuild<'t>, RenderError> {
    Rebuild::new(target, table, required(target, table, statement)?)
}

fn needed(table: &ObjectName, statement: &'static str) -> RenderError {
    RenderError::NeedsTable { statement, table: table.name.clone() }
}

fn is_in_main(target: &Target, table: &ObjectName) -> bool {
    target.space_of(table).is_none_or(|space| space.trim_matches('"').eq_ignore_ascii_case("main"))
}

pub(super) fn invalid(text: String) -> RenderError {
    RenderError::Invalid(text)
}

/// There is no such column.
pub(super) fn no_column(table: &ObjectName, column: &str) -> RenderError {
    RenderError::Invalid(format!("table {} has no column {column}", table.name))
}

/// New columns, each as the text of its definition.
fn additions(s: &AddColumn, target: &Target) -> Result<Vec<String>, RenderError> {
    s.columns.iter().map(|c| definition(&s.table, c, target)).collect()
}

/// Whether ADD can make all of these columns.
fn can_add(columns: &[ColumnDef], texts: &[String]) -> bool {
    // Rows that exist have no value yet when NOT NULL is to hold.
    let late = columns.iter().any(|c| c.value.is_some() && c.nullable == Some(false));
    !late && texts.iter().all(|text| Parts::read(text).is_some_and(|parts| parts.clauses.iter().all(|c| can_be_added(text, &c.says))))
}

fn can_be_added(text: &str, says: &Says) -> bool {
    match says {
        Says::PrimaryKey { .. } | Says::Unique | Says::Generated { stored: true, .. } => false,
        Says::Default(value) => text.get(value.clone()).is_some_and(is_constant),
        _ => true,
    }
}

/// ADD for each column, then the values of rows that exist.
fn add_natively(s: &AddColumn, texts: &[String], target: &Target) -> Rendered {
    let table = target.qualified(&s.table);
    let mut actions: Vec<Action> = texts.iter().map(|t| Action::Sql(Sql::new(format!("ALTER TABLE {table} ADD {t}")))).collect();
    for column in &s.columns {
        if let Some(value) = &column.value {
            let text = format!("UPDATE {table} SET {} = {}", target.name(&column.name), target.assigned(value)?);
            actions.push(Action::Sql(Sql::new(text)));
        }
    }
    Ok(actions)
}

fn add_column(s: &AddColumn, target: &Target) -> Rendered {
    let texts = additions(s, target)?;
    if can_add(&s.columns, &texts) {
        return add_natively(s, &texts, target);
    }
    let mut rebuild = rebuild(target, &s.table, "addColumn")?;
    extend(&mut rebuild, s, &texts, target)?;
    rebuild.statements()
}

fn extend(rebuild: &mut Rebuild<'_>, s: &AddColumn, texts: &[String], target: &Target) -> Result<(), RenderError> {
    for (column, text) in s.columns.iter().zip(texts) {
        if column.primary_key.is_some() && !rebuild.new.primary_key().is_empty() {
            return Err(invalid(format!("table {} has a primary key already", s.table.name)));
        }
        if !rebuild.new.add(text) {
            return Err(invalid(format!("this definition of a column is not understood: {text}")));
        }
        if let Some(value) = &column.value {
            rebuild.fill(&column.name, target.assigned(value)?);
        }
    }
    Ok(())
}

/// `name TYPE` with the constraints that a column's definition can hold.
fn definition(table: &ObjectName, column: &ColumnDef, target: &Target) -> Result<String, RenderError> {
    let t = target.column_data_type(column)?.unwrap_or_else(|| DataType::parse(""));
    let native = target.native(&t).map_err(invalid)?;
    let mut text = format!("{}{}", target.name(&column.name), target.type_clause(column, &native)?).trim_end().to_owned();
    if let Some(key) = &column.primary_key {
        let name = key.name.clone().unwrap_or_else(|| target.primary_key_name(&table.name));
        text.push_str(&format!(" {}PRIMARY KEY", target.constraint_head(Some(&name))));
        if let Some(clause) = target.identity_clause(column, &t) {
            text.push_str(&format!(" {clause}"));
        }
    }
    if let Some(default) = &column.default {
        text.push_str(&format!(" DEFAULT {}", default_text(default, target.default_value(&t, default)?)));
    }
    if column.nullable == Some(false) || column.primary_key.is_some() {
        text.push_str(&format!(" {}NOT NULL", target.constraint_head(column.not_null_name.as_deref())));
    }
    if let Some(unique) = &column.unique {
        text.push_str(&format!(" {}UNIQUE", target.constraint_head(unique.name.as_deref())));
    }
    if let Some(key) = &column.foreign_key {
        text.push_str(&format!(" {}{}", target.constraint_head(key.name.as_deref()), references(key, target)?));
    }
    Ok(text)
}

/// `REFERENCES table (columns)`: a foreign key stays in its database, which is not named.
fn references(key: &ColumnForeignKey, target: &Target) -> Result<String, RenderError> {
    let (table, columns) = key.referred_parts()?;
    let mut text = format!("REFERENCES {} ({})", target.name(&table.name), target.names(&columns));
    if key.delete_cascade {
        text.push_str(" ON DELETE CASCADE");
    }
    if key.deferrable || key.initially_deferred {
        text.push_str(" DEFERRABLE");
        if key.initially_deferred {
            text.push_str(" INITIALLY DEFERRED");
        }
    }
    Ok(text)
}

/// A default as SQLite takes it: an expression that is no single value stands in parentheses.
fn default_text(value: &Literal, written: String) -> String {
    let is_expression = matches!(value, Literal::Computed(_)) && {
        let words = significant(&written);
        let first = words.first();
        let single = words.len() == 1 && first.is_some_and(|t| t.kind != Kind::Symbol && t.kind != Kind::Quoted);
        !(single || is_constant(&written) || is_in_parentheses(&written))
    };
    if is_expression { format!("({written})") } else { written }
}

fn is_in_parentheses(text: &str) -> bool {
    let words = significant(text);
    let mut depth = 0usize;
    for (i, token) in words.iter().enumerate() {
        if token.is_symbol('(') {
            depth += 1;
        } else if token.is_symbol(')') {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            return i > 0 && i + 1 == words.len();
        }
    }
    false
}

/// Whether a default is one value that does not change: rows that exist can have it without being written.
fn is_constant(text: &str) -> bool {
    let words = significant(text);
    let unsigned = match words.as_slice() {
        [sign, rest @ ..] if sign.is_symbol('-') || sign.is_symbol('+') => rest,
        all => all,
    };
    match unsigned {
        [one] => matches!(one.kind, Kind::Literal | Kind::Text) || one.is_one_of(&["NULL", "TRUE", "FALSE"]),
        _ => false,
    }
}

/// How columns can be dropped.
#[derive(Debug, PartialEq, Eq)]
enum Droppable {
    /// By DROP COLUMN, when these indexes (as they are written) are dropped before.
    Now(Vec<String>),
    /// Only when they are taken out of constraints before, by a rebuild.
    Unbound,
}

fn droppable(stored: &StoredTable, table: &ObjectName, columns: &[String]) -> Result<Droppable, RenderError> {
    let definition = Definition::read(&stored.create).map_err(RenderError::Invalid)?;
    let mut bound = false;
    for column in columns {
        if definition.column(column).is_none() {
            return Err(no_column(table, column));
        }
        if let Some(other) = definition.computed_from(column).filter(|o| !columns.iter().any(|c| c.eq_ignore_ascii_case(o))) {
            return Err(invalid(format!("column {column} of table {} cannot be dropped: {other} is computed from it", table.name)));
        }
        let refers_to_key = definition.primary_key().iter().any(|k| k.eq_ignore_ascii_case(column));
        if let Some(other) = stored.referrer_of(column, refers_to_key) {
            return Err(invalid(format!("column {column} of table {} cannot be dropped: table {other} refers to it", table.name)));
        }
        bound |= definition.is_bound(column);
    }
    if bound {
        if definition.is_without_rowid() && definition.primary_key().iter().any(|k| columns.iter().any(|c| c.eq_ignore_ascii_case(k))) {
            return Err(invalid(format!("table {} is WITHOUT ROWID and cannot lose its primary key", table.name)));
        }
        return Ok(Droppable::Unbound);
    }
    let indexes = stored.indexes.iter().filter_map(|text| Index::read(text));
    let names = indexes.filter(|i| columns.iter().any(|c| i.reads(c))).map(|i| i.name.to_owned());
    Ok(Droppable::Now(names.collect()))
}

/// Computed columns go before those that they are computed from.
fn in_order_of_dropping(stored: Option<&StoredTable>, columns: &[String]) -> Vec<String> {
    let definition = stored.and_then(|s| Definition::read(&s.create).ok());
    let is_computed = |c: &String| definition.as_ref().and_then(|d| d.column(c)).is_some_and(|c| c.parts.is_generated());
    let (mut computed, plain): (Vec<String>, Vec<String>) = columns.iter().cloned().partition(is_computed);
    computed.extend(plain);
    computed
}

/// DROP COLUMN for each, with the names as they are stored where that is known.
fn drops(table: &ObjectName, columns: &[String], stored: Option<&StoredTable>, target: &Target) -> Vec<Action> {
    let definition = stored.and_then(|s| Definition::read(&s.create).ok());
    let table = definition.as_ref().map_or_else(|| target.qualified(table), |d| d.name.clone());
    let name = |c: &String| definition.as_ref().and_then(|d| d.column(c)).map_or_else(|| target.name(c), |c| c.parts.written.clone());
    columns.iter().map(|c| Action::Sql(Sql::new(format!("ALTER TABLE {table} DROP COLUMN {}", name(c))))).collect()
}

/// DROP COLUMN looks at views and triggers that name the column and refuses with their names; what stands in its way
/// in the table itself goes with the column, as in other databases: keys, checks and indexes.
fn drop_column(s: &DropColumn, target: &Target) -> Rendered {
    let stored = stored(target, &s.table, "dropColumn")?;
    let way = match stored {
        // Without the definition SQLite itself decides whether the column can go.
        None => Droppable::Now(Vec::new()),
        Some(stored) => droppable(stored, &s.table, &s.columns)?,
    };
    let mut actions = match (way, stored) {
        (Droppable::Unbound, Some(stored)) => {
            let mut rebuild = Rebuild::new(target, &s.table, stored)?;
            unbind(&mut rebuild, &s.columns);
            rebuild.statements()?
        }
        (Droppable::Now(indexes), _) => drop_indexes(&indexes)?,
        (Droppable::Unbound, None) => Vec::new(),
    };
    actions.extend(drops(&s.table, &in_order_of_dropping(stored, &s.columns), stored, target));
    Ok(actions)
}

fn unbind(rebuild: &mut Rebuild<'_>, columns: &[String]) {
    for column in columns {
        rebuild.new.unbind(column);
        rebuild.unindex(column);
    }
}

fn drop_indexes(indexes: &[String]) -> Rendered {
    sql(indexes.iter().map(|name| format!("DROP INDEX {name}")))
}

fn merge_columns(s: &MergeColumns, target: &Target) -> Rendered {
    let addition = AddColumn { table: s.table.clone(), columns: vec![s.merged.clone()] };
    let texts = additions(&addition, target)?;
    let stored = stored(target, &s.table, "mergeColumns")?;
    let way = match stored {
        None => Droppable::Now(Vec::new()),
        Some(stored) => droppable(stored, &s.table, &s.sources)?,
    };
    let table = target.qualified(&s.table);
    let mut actions = match (way, can_add(&addition.columns, &texts)) {
        (Droppable::Now(indexes), true) => {
            let mut actions = add_natively(&addition, &texts, target)?;
            let update = format!("UPDATE {table} SET {} = {}", target.name(&s.merged.name), s.value(target));
            actions.push(Action::Sql(Sql::new(update)));
            actions.extend(drop_indexes(&indexes)?);
            actions
        }
        _ => {
            let mut rebuild = rebuild(target, &s.table, "mergeColumns")?;
            unbind(&mut rebuild, &s.sources);
            extend(&mut rebuild, &addition, &texts, target)?;
            rebuild.fill(&s.merged.name, s.value(target));
            rebuild.statements()?
        }
    };
    actions.extend(drops(&s.table, &s.sources, stored, target));
    Ok(actions)
}

/// Only the single column of a primary key counts up, and only as INTEGER.
fn add_auto_increment(s: &AddAutoIncrement, target: &Target) -> Rendered {
    let mut rebuild = rebuild(target, &s.table, "addAutoIncrement")?;
    let is_key = matches!(rebuild.new.primary_key().as_slice(), [only] if only.eq_ignore_ascii_case(&s.column));
    if !is_key || rebuild.new.is_without_rowid() {
        let reason = if is_key { "the table is WITHOUT ROWID" } else { "it is not the primary key by itself" };
        return Err(invalid(format!("column {} of table {} cannot count up: {reason}", s.column, s.table.name)));
    }
    let name = rebuild.new.plain_name();
    let mut actions = Vec::new();
    if !rebuild.new.is_autoincrement() {
        rebuild.new.count_up(&s.column);
        actions = rebuild.statements()?;
    }
    if let Some(start) = &s.counting.start {
        let name = target.string(&name);
        let texts = [
            format!("UPDATE sqlite_sequence SET seq = MAX(seq, {start} - 1) WHERE name = {name}"),
            format!(
                "INSERT INTO sqlite_sequence (name, seq) SELECT {name}, {start} - 1 \
                 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = {name})"
            ),
        ];
        actions.extend(sql(texts)?);
    }
    Ok(actions)
}

fn add_default_value(s: &AddDefaultValue, target: &Target) -> Rendered {
    let rebuild = rebuild(target, &s.table, "addDefaultValue")?;
    let value = s.value.as_ref().ok_or_else(|| RenderError::invalid("defaultValue is required"))?;
    let text = default_text(value, s.value_text(target)?);
    set_default(rebuild, &s.table, &s.column, Some(&text))
}

fn drop_default_value(s: &DropDefaultValue, target: &Target) -> Rendered {
    set_default(rebuild(target, &s.table, "dropDefaultValue")?, &s.table, &s.column, None)
}

fn set_default(mut rebuild: Rebuild<'_>, table: &ObjectName, column: &str, default: Option<&str>) -> Rendered {
    if !rebuild.new.set_default(column, default) {
        return Err(no_column(table, column));
    }
    rebuild.statements()
}

fn modify_data_type(s: &ModifyDataType, target: &Target) -> Rendered {
    let native = target.native_type(&s.type_text).map_err(invalid)?;
    let mut rebuild = rebuild(target, &s.table, "modifyDataType")?;
    let counts = rebuild.new.is_autoincrement() && rebuild.new.primary_key().iter().any(|key| key.eq_ignore_ascii_case(&s.column));
    if counts && has_integer_affinity(&native) {
        // Only as INTEGER it counts, which holds as much as any other whole number.
        return Ok(Vec::new());
    }
    if counts {
        return Err(invalid(format!("column {} of table {} counts up and cannot be {native}", s.column, s.table.name)));
    }
    if !rebuild.new.set_type(&s.column, &native) {
        return Err(no_column(&s.table, &s.column));
    }
    rebuild.statements()
}

/// Whether values of a column with that type become whole numbers where they can: SQLite's own rule.
fn has_integer_affinity(native: &str) -> bool {
    native.to_ascii_uppercase().contains("INT")
}

/// A table of the values, with the key that they are.
fn copy_distinct(s: &CopyDistinct, target: &Target) -> Rendered {
    let native = match &s.type_text {
        Some(text) => target.native_type(text).map_err(invalid)?,
        None => {
            let stored = required(target, &s.from, "addLookupTable")?;
            let from = Definition::read(&stored.create).map_err(RenderError::Invalid)?;
            let column = from.column(&s.column).ok_or_else(|| no_column(&s.from, &s.column))?;
            column.text_at(&column.parts.type_place).unwrap_or("").to_owned()
        }
    };
    let (table, new, old) = (target.qualified(&s.table), target.name(&s.new_column), target.name(&s.column));
    let key = target.constraint_head(Some(&target.primary_key_name(&s.table.name)));
    sql([
        format!("CREATE TABLE {table} ({} {key}PRIMARY KEY NOT NULL)", format!("{new} {native}").trim_end()),
        format!("INSERT INTO {table} ({new}) SELECT DISTINCT {old} FROM {} WHERE {old} IS NOT NULL", target.qualified(&s.from)),
    ])
}
