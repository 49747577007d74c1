//! A schema as text: one line an object or part, in a stable order, for people and for comparing.

use super::{Column, ForeignKey, Index, Key, Schema, Sequence, Table, Trigger, View};
use std::fmt::Write;

/// Describes a schema. Equal schemas have equal descriptions; parts without an order stand in that of their names.
pub fn describe(schema: &Schema) -> String {
    let mut out = String::new();
    for (name, table) in &schema.tables {
        describe_table(name, table, &mut out);
    }
    for (name, view) in &schema.views {
        describe_view(name, view, &mut out);
    }
    for (name, sequence) in &schema.sequences {
        line(&mut out, 0, &format!("sequence {name}{}", describe_sequence(sequence)));
    }
    for (name, routine) in &schema.routines {
        line(&mut out, 0, &format!("routine {name}"));
        block(&mut out, &routine.definition);
    }
    for (name, values) in &schema.enums {
        line(&mut out, 0, &format!("enum {name} {values:?}"));
    }
    for (name, version) in &schema.extensions {
        line(&mut out, 0, &format!("extension {name} {version}"));
    }
    for privilege in &schema.privileges {
        let option = if privilege.grant_option { " with grant option" } else { "" };
        line(&mut out, 0, &format!("privilege {} on {} to {}{option}", privilege.name, privilege.object, privilege.grantee));
    }
    out
}

fn line(out: &mut String, depth: usize, text: &str) {
    // Writing into a text does not fail.
    let _ = writeln!(out, "{:width$}{text}", "", width = depth * 2);
}

fn block(out: &mut String, text: &str) {
    for part in text.lines() {
        line(out, 1, &format!("| {part}"));
    }
}

fn remarks(out: &mut String, text: Option<&str>) {
    if let Some(text) = text {
        line(out, 1, &format!("remarks {text:?}"));
    }
}

fn describe_table(name: &str, table: &Table, out: &mut String) {
    let mut table = table.clone();
    table.sort();
    let options = if table.options.is_empty() { String::new() } else { format!(" [{}]", table.options.join(", ")) };
    line(out, 0, &format!("table {name}{options}"));
    remarks(out, table.remarks.as_deref());
    for column in &table.columns {
        line(out, 1, &format!("column {}", describe_column(column)));
    }
    for (kind, key) in table.primary_key.iter().map(|k| ("primary key", k)).chain(table.unique.iter().map(|k| ("unique", k))) {
        line(out, 1, &format!("{kind}{}", describe_key(key)));
    }
    for key in &table.foreign_keys {
        line(out, 1, &format!("foreign key{}", describe_foreign_key(key)));
    }
    for check in &table.checks {
        line(out, 1, &format!("check{} {}", named(check.name.as_deref()), check.condition));
    }
    describe_indexes(&table.indexes, out);
    describe_triggers(&table.triggers, out);
}

fn describe_view(name: &str, view: &View, out: &mut String) {
    let mut view = view.clone();
    view.sort();
    let kind = if view.materialized { "materialized view" } else { "view" };
    line(out, 0, &format!("{kind} {name}{}", if view.unpopulated { " unpopulated" } else { "" }));
    remarks(out, view.remarks.as_deref());
    block(out, &view.definition);
    describe_indexes(&view.indexes, out);
    describe_triggers(&view.triggers, out);
}

fn describe_indexes(indexes: &[Index], out: &mut String) {
    for index in indexes {
        line(out, 1, &describe_index(index));
    }
}

fn describe_triggers(triggers: &[Trigger], out: &mut String) {
    for trigger in triggers {
        line(out, 1, &format!("trigger {}{}", trigger.name, if trigger.disabled { " disabled" } else { "" }));
        block(out, &trigger.definition);
    }
}

fn named(name: Option<&str>) -> String {
    name.map(|n| format!(" {n}")).unwrap_or_default()
}

fn with(word: &str, text: Option<&str>) -> String {
    text.map(|t| format!(" {word} {t}")).unwrap_or_default()
}

fn describe_column(column: &Column) -> String {
    let mut text = format!("{} {}", column.name, column.data_type);
    if !column.nullable {
        text.push_str(" not null");
    }
    text.push_str(&with("default", column.default.as_deref()));
    text.push_str(&with("identity", column.identity.as_deref()));
    text.push_str(&with("generated", column.generated.as_deref()));
    if column.stored {
        text.push_str(" stored");
    }
    text.push_str(&with("collate", column.collation.as_deref()));
    if let Some(remarks) = &column.remarks {
        text.push_str(&format!(" remarks {remarks:?}"));
    }
    text
}

fn describe_key(key: &Key) -> String {
    format!("{} ({}){}", named(key.name.as_deref()), key.columns.join(", "), named(key.deferral.as_deref()))
}

fn describe_foreign_key(key: &ForeignKey) -> String {
    let space = key.schema.as_deref().map(|s| format!("{s}.")).unwrap_or_default();
    format!(
        "{} ({}) to {space}{} ({}) on update {} on delete {}{}",
        named(key.name.as_deref()),
        key.columns.join(", "),
        key.table,
        key.references.join(", "),
        key.on_update,
        key.on_delete,
        named(key.deferral.as_deref())
    )
}

fn describe_index(index: &Index) -> String {
    let unique = if index.unique { "unique " } else { "" };
    format!(
        "{unique}index {} ({}){}{}",
        index.name,
        index.keys.join(", "),
        with("using", index.method.as_deref()),
        with("where", index.predicate.as_deref())
    )
}

fn describe_sequence(sequence: &Sequence) -> String {
    format!(
        "{} start {} increment {} from {} to {} cache {}{}{}",
        named(sequence.data_type.as_deref()),
        sequence.start,
        sequence.increment,
        sequence.minimum,
        sequence.maximum,
        sequence.cache,
        if sequence.cycle { " cycle" } else { "" },
        with("of", sequence.owner.as_deref())
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Check;

    #[test]
    fn parts_without_an_order_are_sorted() {
        let check = |name: &str| Check { name: Some(name.into()), condition: "(a > 0)".into() };
        let table = Table {
            columns: vec![Column { name: "b".into(), data_type: "int".into(), default: Some("5".into()), ..Column::default() }],
            primary_key: Some(Key { name: Some("pk".into()), columns: vec!["b".into()], deferral: None }),
            checks: vec![check("z"), check("a")],
            triggers: vec![Trigger { name: "t".into(), definition: "after\ninsert".into(), disabled: false }],
            remarks: Some("one\ntwo".into()),
            options: vec!["STRICT".into()],
            ..Table::default()
        };
        let view = View { definition: "SELECT 1".into(), ..View::default() };
        let schema = Schema { tables: [("t".into(), table)].into(), views: [("v".into(), view)].into(), ..Schema::default() };
        let expected = "table t [STRICT]\n  remarks \"one\\ntwo\"\n  column b int not null default 5\n  primary key pk (b)\n  \
                        check a (a > 0)\n  check z (a > 0)\n  trigger t\n  | after\n  | insert\nview v\n  | SELECT 1\n";
        assert_eq!(describe(&schema), expected);
        assert_eq!(describe(&schema.without_tables(&["T"])), "view v\n  | SELECT 1\n");
    }
}
