//! CREATE TABLE (dialects §4.4).

use super::add_foreign_key::on_commit;
use super::{SetTableRemarks, StatementType};
use crate::sql::action::{Action, RenderError, Rendered, Sql};
use crate::sql::column::{ColumnDef, ColumnForeignKey, ColumnPrimaryKey, ColumnUnique};
use crate::sql::column_clauses::said;
use crate::sql::data_type::DataType;
use crate::sql::forms::{ConstantDefaults, ConstraintNames, Deferral, PrimaryKeyName, Remarks, UnknownDeferral};
use crate::sql::object_forms::PartitionPlace;
use crate::sql::{ObjectName, Target, Validation};

/// Makes a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CreateTable {
    /// The table.
    pub table: ObjectName,
    /// What stands between CREATE and TABLE.
    pub table_type: Option<String>,
    /// Whether an existing table is left alone.
    pub if_not_exists: bool,
    /// Its columns.
    pub columns: Vec<ColumnDef>,
    /// How its rows are divided, behind PARTITION BY.
    pub partition_by: Option<String>,
    /// Its tablespace.
    pub tablespace: Option<String>,
    /// Its remarks.
    pub remarks: Option<String>,
    /// Whether the columns are those of the ledger, which are quoted by a rule of their own.
    pub own_columns: bool,
}

impl CreateTable {
    fn column_name(&self, target: &Target, column: &ColumnDef) -> String {
        if self.own_columns { target.ledger_column(&column.name) } else { target.name(&column.name) }
    }

    /// The columns of the primary key.
    fn key_columns(&self) -> Vec<&ColumnDef> {
        self.columns.iter().filter(|c| c.primary_key.is_some()).collect()
    }

    /// The column whose definition holds the primary key, where a column that counts up must.
    fn counting_key(&self, target: &Target) -> Option<&ColumnDef> {
        let [key] = self.key_columns()[..] else { return None };
        let counts = target.column_data_type(key).ok()??.auto_increment;
        (target.caps.identity_is_key && counts).then_some(key)
    }

    /// The name of the primary key; none where the server chooses it.
    fn key_name(&self, target: &Target, key: &ColumnPrimaryKey) -> Option<String> {
        let chosen = || (target.caps.primary_key_name != PrimaryKeyName::Unnamed).then(|| target.primary_key_name(&self.table.name));
        key.name.clone().or_else(chosen).map(|name| target.name(&name))
    }

    fn primary_key(&self, target: &Target) -> Option<String> {
        let columns = self.key_columns();
        let key = columns.first()?.primary_key.as_ref()?;
        if self.counting_key(target).is_some() {
            return None;
        }
        let names: Vec<String> = columns.iter().map(|c| self.column_name(target, c)).collect();
        let mut text = named(target, self.key_name(target, key), &format!("PRIMARY KEY ({})", names.join(", ")));
        if let Some(tablespace) = key.tablespace.as_deref().filter(|_| target.caps.tablespaces && target.caps.table_key_tablespace) {
            text.push_str(&format!(" USING INDEX TABLESPACE {tablespace}"));
        }
        text.push_str(target.unchecked(key.validate));
        if target.caps.deferrable_keys {
            text.push_str(deferral(target, key.initially_deferred, key.deferrable));
        }
        Some(text)
    }

    /// The unique constraints; columns whose constraints have one name share it.
    fn unique_constraints(&self, target: &Target) -> Vec<String> {
        let mut constraints: Vec<(&ColumnUnique, Vec<String>)> = Vec::new();
        for (column, unique) in self.columns.iter().filter_map(|c| Some((c, c.unique.as_ref()?))) {
            match constraints.iter_mut().find(|(other, _)| unique.name.is_some() && other.name == unique.name) {
                Some((_, columns)) => columns.push(target.name(&column.name)),
                None => constraints.push((unique, vec![target.name(&column.name)])),
            }
        }
        let text = |(unique, columns): (&ColumnUnique, Vec<String>)| {
            let name = unique.name.as_deref().map(|n| target.name(n));
            named(target, name, &format!("UNIQUE ({})", columns.join(", "))) + target.unchecked(unique.validate)
        };
        constraints.into_iter().map(text).collect()
    }

    fn column(&self, target: &Target, column: &ColumnDef, counting_key: bool) -> Result<String, RenderError> {
        let Some(t) = target.column_data_type(column)? else {
            // A computed column is a whole definition.
            return Ok(if column.computed { column.name.clone() } else { target.name(&column.name) });
        };
        let name = self.column_name(target, column);
        // Only as the key may the type of a column that counts up be another one.
        let as_key = t.auto_increment && (counting_key || !target.caps.identity_is_key);
        let native = target.native(&DataType { auto_increment: as_key, ..t.clone() }).map_err(RenderError::Invalid)?;
        let mut text = name + &target.type_clause(column, &native)?;
        if let Some(key) = column.primary_key.as_ref().filter(|_| counting_key) {
            text.push_str(&format!(" {}", named(target, self.key_name(target, key), "PRIMARY KEY")));
        }
        let clause = target.identity_clause(column, &t);
        // A type that counts up by itself is a default already.
        let counts_by_type = t.auto_increment && clause.is_none() && native.to_ascii_lowercase().contains("serial");
        if let Some(default) = column.default.as_ref().filter(|_| !counts_by_type) {
            let constraint = target.default_constraint(column.default_name.as_deref(), &self.table.name, &column.name);
            let written = target.caps.constant_defaults == ConstantDefaults::Written || default.is_expression();
            let value = if written { target.default_value(&t, default)? } else { String::new() };
            text.push_str(&format!(" {constraint}DEFAULT {value}"));
        }
        if let Some(clause) = clause {
            text.push_str(&format!(" {clause}"));
        }
        let nullability = target.nullability(column);
        let says_null =
            column.generated.is_none() && target.caps.explicit_null_of.is_some_and(|word| native.to_ascii_lowercase().contains(word));
        text.push_str(if nullability.is_empty() && says_null { " NULL" } else { &nullability });
        if let (Some(remarks), Remarks::Inline) = (&column.remarks, target.caps.remarks) {
            text.push_str(&format!(" COMMENT {}", target.string(remarks)));
        }
        Ok(text)
    }

    fn foreign_key(&self, target: &Target, column: &ColumnDef, key: &ColumnForeignKey) -> Result<String, RenderError> {
        let Some(name) = &key.name else {
            return Err(RenderError::invalid("createTable with references requires foreignKeyName"));
        };
        let cascade = if key.delete_cascade { " ON DELETE CASCADE" } else { "" };
        let refers = format!("FOREIGN KEY ({}) REFERENCES {}{cascade}", target.name(&column.name), target.references(key));
        let deferral = match target.caps.deferral {
            Deferral::Standard => deferral(target, key.initially_deferred, key.deferrable),
            Deferral::OnCommit => on_commit(key.initially_deferred),
        };
        Ok(named(target, Some(target.name(name)), &refers) + deferral + target.unchecked(key.validate))
    }
}

impl StatementType for CreateTable {
    fn render(&self, target: &Target) -> Rendered {
        let counting_key = self.counting_key(target).is_some();
        let mut parts = Vec::new();
        for column in &self.columns {
            parts.push(self.column(target, column, counting_key && column.primary_key.is_some())?);
        }
        parts.extend(self.primary_key(target));
        for column in &self.columns {
            if let Some(key) = &column.foreign_key {
                parts.push(self.foreign_key(target, column, key)?);
            }
        }
        parts.extend(self.unique_constraints(target));
        let kind = self.table_type.as_deref().map(str::trim).filter(|t| !t.is_empty());
        let kind = kind.map(|t| format!("{} ", t.to_uppercase())).unwrap_or_default();
        let exists = if self.if_not_exists && target.caps.table_if_not_exists { "IF NOT EXISTS " } else { "" };
        let temporary = target.caps.temporary_tables_apart && kind.contains("TEMPORARY");
        let table = if temporary { target.name(&self.table.name) } else { target.qualified(&self.table) };
        let mut text = format!("CREATE {kind}TABLE {exists}{table} ({})", parts.join(", "));
        if target.caps.identity_start_of_table {
            let mut starts = self.columns.iter().filter(|c| c.counts()).filter_map(|c| c.counting.start.as_deref());
            if let Some(start) = starts.next_back() {
                text.push_str(&format!(" AUTO_INCREMENT={start}"));
            }
        }
        let partitions = |place| self.partition_by.as_deref().map(str::trim).filter(|_| target.caps.objects.partition_by == Some(place));
        if let Some(partition_by) = partitions(PartitionPlace::BeforeTablespace) {
            text.push_str(&format!(" PARTITION BY {partition_by}"));
        }
        if let Some(tablespace) = self.tablespace.as_deref().filter(|_| target.caps.tablespaces) {
            text.push_str(&format!(" {} {tablespace}", target.caps.tablespace_word));
        }
        if let (Some(remarks), Remarks::Inline) = (&self.remarks, target.caps.remarks) {
            text.push_str(&format!(" COMMENT={}", target.string(remarks)));
        }
        if let Some(partition_by) = partitions(PartitionPlace::Last) {
            text.push_str(&format!(" PARTITION BY {partition_by}"));
        }
        let mut actions = vec![Action::Sql(Sql::new(text))];
        if target.caps.remarks == Remarks::CommentOn {
            if let Some(remarks) = said(self.remarks.as_deref()) {
                actions.push(Action::Sql(Sql::new(format!("COMMENT ON TABLE {table} IS {}", target.string(remarks)))));
            }
            actions.extend(self.columns.iter().filter_map(|c| target.comment_on_column(&self.table, c)));
        }
        if let (Remarks::Statements, Some(remarks)) = (target.caps.remarks, said(self.remarks.as_deref())) {
            actions.extend(target.render(&SetTableRemarks { table: self.table.clone(), remarks: remarks.to_owned() }.into())?);
        }
        if target.caps.remarks == Remarks::Statements {
            actions.extend(self.columns.iter().filter_map(|c| target.comment_on_column(&self.table, c)));
        }
        Ok(actions)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let refused = !target.caps.deferrable && target.caps.unknown_deferral == UnknownDeferral::Refused;
        validation.disallow("partitionBy", self.partition_by.is_some() && target.caps.objects.partition_by.is_none(), target);
        for column in &self.columns {
            target.check_generated(column, validation);
            if let Err(error) = self.column(target, &ColumnDef { generated: None, ..column.clone() }, false) {
                validation.error(error.to_string());
            }
            if let Some(key) = column.primary_key.as_ref().filter(|k| k.deferrable || k.initially_deferred)
                && target.caps.deferrable
                && !target.caps.deferrable_keys
            {
                let name = key.name.as_deref().map(|n| format!(" {n}")).unwrap_or_default();
                validation.warn(format!("primary keys of {} cannot be deferred; key{name} is checked at once", target.dialect.id));
            }
            if let Some(Err(error)) = column.foreign_key.as_ref().map(|key| self.foreign_key(target, column, key)) {
                validation.error(error.to_string());
            }
            if let Some(key) = column.foreign_key.as_ref().filter(|_| refused) {
                validation.disallow("deferrable", key.deferrable, target);
                validation.disallow("initiallyDeferred", key.initially_deferred, target);
            }
            let step = column.counts() && column.counting.by.is_some();
            validation.disallow("incrementBy", step && !target.caps.identity_step, target);
        }
    }
}

/// A constraint with its name, if it has one.
fn named(target: &Target, name: Option<String>, text: &str) -> String {
    match (name, target.caps.constraint_names) {
        (None, _) => text.to_owned(),
        (Some(name), ConstraintNames::Before) => format!("CONSTRAINT {name} {text}"),
        (Some(name), ConstraintNames::Behind) => format!("{text} CONSTRAINT {name}"),
    }
}

/// What a constraint says about when it is checked.
fn deferral(target: &Target, initially_deferred: bool, deferrable: bool) -> &'static str {
    match (initially_deferred, deferrable) {
        (true, true) if target.caps.deferrable_first => " DEFERRABLE INITIALLY DEFERRED",
        (true, true) => " INITIALLY DEFERRED DEFERRABLE",
        (true, false) if target.caps.deferrable_first => " DEFERRABLE INITIALLY DEFERRED",
        (true, false) => " INITIALLY DEFERRED",
        (false, true) => " DEFERRABLE",
        (false, false) => "",
    }
}

impl Target {
    /// The name of a primary key for which the changelog gives none.
    pub fn primary_key_name(&self, table: &str) -> String {
        match self.caps.primary_key_name {
            PrimaryKeyName::PkTable | PrimaryKeyName::Unnamed => format!("PK_{}", table.to_uppercase()),
            PrimaryKeyName::PkTableCut { longest, cut } => {
                let name = format!("PK_{}", table.to_uppercase());
                if name.chars().count() > longest { name.chars().take(cut).collect() } else { name }
            }
            PrimaryKeyName::TablePkey => {
                let mut base = table.to_owned();
                // Liquibase leaves one byte of the server's 63 free.
                while base.len() >= 63 - "_pkey".len() {
                    base.pop();
                }
                base + "_pkey"
            }
        }
    }
}
