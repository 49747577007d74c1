//! Constraints of tables, which SQLite can only change by a rebuild.

use super::alter::{invalid, no_column, rebuild, required};
use super::definition::{Index, Named, TableSays};
use super::rebuild::Rebuild;
use crate::sql::action::{RenderError, Rendered, sql};
use crate::sql::identifier::{direction, split_names};
use crate::sql::statement::{
    AddCheck, AddForeignKey, AddPrimaryKey, AddUnique, DropAllForeignKeys, DropCheck, DropForeignKey, DropPrimaryKey, DropUnique,
    SetNullable, Statement,
};
use crate::sql::{ObjectName, Target};

/// Statements that have to do with constraints.
pub(super) fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    Some(match statement {
        Statement::AddPrimaryKey(s) => add_primary_key(s, target),
        Statement::DropPrimaryKey(s) => drop_primary_key(s, target),
        Statement::AddUnique(s) => add_unique(s, target),
        Statement::DropUnique(s) => drop_unique(s, target),
        Statement::AddForeignKey(s) => add_foreign_key(s, target),
        Statement::DropForeignKey(s) => drop_foreign_key(s, target),
        Statement::DropAllForeignKeys(s) => drop_all_foreign_keys(s, target),
        Statement::AddCheck(s) => add_check(s, target),
        Statement::DropCheck(s) => drop_check(s, target),
        Statement::SetNullable(s) => set_nullable(s, target),
        _ => return None,
    })
}

/// A key of one INTEGER column is the number of the row. The columns of a key may not be NULL, which SQLite does not see to by itself.
fn add_primary_key(s: &AddPrimaryKey, target: &Target) -> Rendered {
    let mut rebuild = rebuild(target, &s.table, "addPrimaryKey")?;
    if !rebuild.new.primary_key().is_empty() {
        return Err(invalid(format!("table {} has a primary key already", s.table.name)));
    }
    let mut nulls = Vec::new();
    for column in split_names(&s.columns).map(|name| direction(name).0) {
        set_not_null(&mut rebuild, &s.table, column, "NOT NULL")?;
        nulls.push(format!("{} IS NULL", target.name(column)));
    }
    let head = target.constraint_head(s.name.as_deref());
    let text = format!("{head}PRIMARY KEY ({})", target.names(&s.columns));
    add_constraint(&mut rebuild, &TableSays::PrimaryKey(false), &text)?;
    // A NULL for the number of a row would silently become one.
    let name = s.name.clone().unwrap_or_else(|| target.primary_key_name(&s.table.name));
    rebuild.expect_none(&name, &nulls.join(" OR "));
    rebuild.statements()
}

fn drop_primary_key(s: &DropPrimaryKey, target: &Target) -> Rendered {
    let stored = required(target, &s.table, "dropPrimaryKey")?;
    let mut rebuild = Rebuild::new(target, &s.table, stored)?;
    let columns = rebuild.new.primary_key();
    if let Some(other) = columns.iter().find_map(|c| stored.referrer_of(c, true)) {
        return Err(invalid(format!("the primary key of table {} cannot be dropped: table {other} refers to it", s.table.name)));
    }
    if rebuild.new.is_without_rowid() {
        return Err(invalid(format!("table {} is WITHOUT ROWID and cannot lose its primary key", s.table.name)));
    }
    if !rebuild.new.drop_primary_key() {
        return Err(invalid(format!("table {} has no primary key", s.table.name)));
    }
    rebuild.statements()
}

fn add_unique(s: &AddUnique, target: &Target) -> Rendered {
    let mut rebuild = rebuild(target, &s.table, "addUniqueConstraint")?;
    if s.deferrable || s.initially_deferred {
        return Err(invalid(format!("a unique constraint cannot be checked later on {}", target.dialect.id)));
    }
    is_new(&rebuild, &s.table, Named::Unique, s.name.as_deref())?;
    let text = format!("{}UNIQUE ({})", target.constraint_head(s.name.as_deref()), target.names(&s.columns));
    add_constraint(&mut rebuild, &TableSays::Unique, &text)?;
    rebuild.statements()
}

/// A unique index is as good as a constraint, and found by the same name.
fn drop_unique(s: &DropUnique, target: &Target) -> Rendered {
    let stored = required(target, &s.table, "dropUniqueConstraint")?;
    let mut rebuild = Rebuild::new(target, &s.table, stored)?;
    let Some(columns) = rebuild.new.columns_of(Named::Unique, &s.name) else {
        let mut indexes = stored.indexes.iter().filter_map(|text| Index::read(text));
        return match indexes.find(|index| index.is_unique && index.is_named(&s.name)) {
            Some(index) => sql([format!("DROP INDEX {}", index.name)]),
            None => Err(invalid(format!("table {} has no unique constraint {}", s.table.name, s.name))),
        };
    };
    let key = rebuild.new.primary_key();
    let is_key = |column: &&String| key.iter().any(|k| k.eq_ignore_ascii_case(column));
    if let Some(other) = columns.iter().filter(|c| !is_key(c)).find_map(|c| stored.referrer_of(c, false)) {
        return Err(invalid(format!("the unique constraint {} cannot be dropped: table {other} refers to its columns", s.name)));
    }
    rebuild.new.drop_constraint(Named::Unique, &s.name);
    rebuild.statements()
}

/// Rows that refer to nothing are looked for, as other databases do: SQLite itself would only see them when they change. It also
/// would not mind that the columns referred to are no key until a row is written; asked for violations, it says so.
fn add_foreign_key(s: &AddForeignKey, target: &Target) -> Rendered {
    let mut rebuild = rebuild(target, &s.table, "addForeignKeyConstraint")?;
    is_new(&rebuild, &s.table, Named::ForeignKey, Some(&s.name))?;
    // A foreign key stays in its database, which is not named, and says that it can be deferred before it says that it is.
    let key = AddForeignKey {
        referenced_table: ObjectName::new(None, None, s.referenced_table.name.clone()),
        deferrable: s.deferrable || s.initially_deferred,
        ..s.clone()
    };
    add_constraint(&mut rebuild, &TableSays::ForeignKey, &key.definition(target))?;
    if s.validate {
        let (mut given, mut equal) = (Vec::new(), Vec::new());
        for (own, other) in split_names(&s.columns).zip(split_names(&s.referenced_columns)) {
            let own = target.name(own);
            given.push(format!("{own} IS NOT NULL"));
            equal.push(format!("referred.{} = referring.{own}", target.name(other)));
        }
        rebuild.expect_none(
            &s.name,
            &format!(
                "{} AND NOT EXISTS (SELECT 1 FROM {} AS referred WHERE {})",
                given.join(" AND "),
                target.qualified(&key.referenced_table),
                equal.join(" AND ")
            ),
        );
    }
    let check = format!("PRAGMA foreign_key_check({})", rebuild.new.name);
    let mut actions = rebuild.statements()?;
    actions.extend(sql([check])?);
    Ok(actions)
}

fn drop_foreign_key(s: &DropForeignKey, target: &Target) -> Rendered {
    let mut rebuild = rebuild(target, &s.table, "dropForeignKeyConstraint")?;
    if !rebuild.new.drop_constraint(Named::ForeignKey, &s.name) {
        return Err(invalid(format!("table {} has no foreign key {}", s.table.name, s.name)));
    }
    rebuild.statements()
}

fn drop_all_foreign_keys(s: &DropAllForeignKeys, target: &Target) -> Rendered {
    let mut rebuild = rebuild(target, &s.table, "dropAllForeignKeyConstraints")?;
    if rebuild.new.drop_foreign_keys() { rebuild.statements() } else { Ok(Vec::new()) }
}

fn add_check(s: &AddCheck, target: &Target) -> Rendered {
    let mut rebuild = rebuild(target, &s.table, "addCheckConstraint")?;
    is_new(&rebuild, &s.table, Named::Check, Some(&s.name))?;
    add_constraint(&mut rebuild, &TableSays::Check, &s.definition(target))?;
    rebuild.statements()
}

fn drop_check(s: &DropCheck, target: &Target) -> Rendered {
    let mut rebuild = rebuild(target, &s.table, "dropCheckConstraint")?;
    if !rebuild.new.drop_constraint(Named::Check, &s.name) {
        return Err(invalid(format!("table {} has no CHECK constraint {}", s.table.name, s.name)));
    }
    rebuild.statements()
}

fn set_nullable(s: &SetNullable, target: &Target) -> Rendered {
    let statement = if s.nullable { "dropNotNullConstraint" } else { "addNotNullConstraint" };
    let mut rebuild = rebuild(target, &s.table, statement)?;
    let changes = if s.nullable {
        rebuild.new.set_not_null(&s.column, None).map_err(|()| no_column(&s.table, &s.column))?
    } else {
        let text = format!("{}NOT NULL", target.constraint_head(s.constraint.as_deref()));
        set_not_null(&mut rebuild, &s.table, &s.column, &text)?
    };
    if changes { rebuild.statements() } else { Ok(Vec::new()) }
}

fn set_not_null(rebuild: &mut Rebuild<'_>, table: &ObjectName, column: &str, text: &str) -> Result<bool, RenderError> {
    rebuild.new.set_not_null(column, Some(text)).map_err(|()| no_column(table, column))
}

/// Two constraints of one name could not be told apart when one is dropped.
fn is_new(rebuild: &Rebuild<'_>, table: &ObjectName, kind: Named, name: Option<&str>) -> Result<(), RenderError> {
    match name.filter(|name| rebuild.new.columns_of(kind, name).is_some()) {
        Some(name) => Err(invalid(format!("table {} has a constraint {name} already", table.name))),
        None => Ok(()),
    }
}

fn add_constraint(rebuild: &mut Rebuild<'_>, says: &TableSays, text: &str) -> Result<(), RenderError> {
    if rebuild.new.add_constraint(says, text) { Ok(()) } else { Err(invalid(format!("this constraint is not understood: {text}"))) }
}
