//! CREATE TABLE (dialects §4.4).

use super::StatementType;
use crate::sql::action::{Action, RenderError, Rendered, Sql};
use crate::sql::column::{ColumnDef, ColumnForeignKey};
use crate::sql::dialect::{PrimaryKeyName, Remarks};
use crate::sql::{ObjectName, Target};

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
    /// Its tablespace.
    pub tablespace: Option<String>,
    /// Its remarks.
    pub remarks: Option<String>,
    /// Whether the columns are those of the ledger, which are quoted by a rule of their own.
    pub own_columns: bool,
}

impl StatementType for CreateTable {
    fn render(&self, target: &Target) -> Rendered {
        let mut parts = Vec::new();
        for column in &self.columns {
            parts.push(target.column_definition(&self.table, column)?);
        }
        let keys: Vec<&ColumnDef> = self.columns.iter().filter(|c| c.primary_key.is_some()).collect();
        if let Some(key) = keys.first().and_then(|c| c.primary_key.as_ref()) {
            let name = key.name.clone().unwrap_or_else(|| target.primary_key_name(&self.table.name));
            let columns: Vec<String> = keys.iter().map(|c| target.name(&c.name)).collect();
            parts.push(format!("CONSTRAINT {} PRIMARY KEY ({})", target.name(&name), columns.join(", ")));
        }
        for column in &self.columns {
            if let Some(key) = &column.foreign_key {
                parts.push(foreign_key(target, column, key));
            }
        }
        for column in &self.columns {
            if let Some(unique) = &column.unique {
                let name = unique.name.as_deref().map(|n| format!("CONSTRAINT {} ", target.name(n))).unwrap_or_default();
                parts.push(format!("{name}UNIQUE ({})", target.name(&column.name)));
            }
        }
        let kind = self.table_type.as_deref().map(|t| format!("{} ", t.trim())).unwrap_or_default();
        let exists = if self.if_not_exists { "IF NOT EXISTS " } else { "" };
        let table = target.qualified(&self.table);
        let mut text = format!("CREATE {kind}TABLE {exists}{table} ({})", parts.join(", "));
        if let Some(tablespace) = self.tablespace.as_deref().filter(|_| target.caps.tablespaces) {
            text.push_str(&format!(" TABLESPACE {tablespace}"));
        }
        let mut actions = Vec::new();
        if let (Some(remarks), Remarks::Inline) = (&self.remarks, target.caps.remarks) {
            text.push_str(&format!(" COMMENT={}", target.string(remarks)));
        }
        actions.push(Action::Sql(Sql::new(text)));
        if target.caps.remarks == Remarks::CommentOn {
            if let Some(remarks) = &self.remarks {
                actions.push(Action::Sql(Sql::new(format!("COMMENT ON TABLE {table} IS {}", target.string(remarks)))));
            }
            for column in &self.columns {
                if let Some(remarks) = &column.remarks {
                    let text = format!("COMMENT ON COLUMN {table}.{} IS {}", target.name(&column.name), target.string(remarks));
                    actions.push(Action::Sql(Sql::new(text)));
                }
            }
        }
        Ok(actions)
    }
}

fn foreign_key(target: &Target, column: &ColumnDef, key: &ColumnForeignKey) -> String {
    let name = key.name.as_deref().map(|n| target.name(n)).unwrap_or_default();
    let refers = key.references.clone().unwrap_or_else(|| {
        let table = key.table.as_ref().map(|t| target.qualified(t)).unwrap_or_default();
        format!("{table}({})", target.names(key.columns.as_deref().unwrap_or("")))
    });
    let cascade = if key.delete_cascade { " ON DELETE CASCADE" } else { "" };
    format!("CONSTRAINT {name} FOREIGN KEY ({}) REFERENCES {refers}{cascade}", target.name(&column.name))
}

impl Target {
    /// The name of a primary key for which the changelog gives none.
    pub fn primary_key_name(&self, table: &str) -> String {
        match self.caps.primary_key_name {
            PrimaryKeyName::PkTable => format!("PK_{}", table.to_uppercase()),
            PrimaryKeyName::TablePkey => {
                let mut base = table.to_owned();
                while base.len() > 63 - "_pkey".len() {
                    base.pop();
                }
                base + "_pkey"
            }
        }
    }

    /// One column of CREATE TABLE.
    ///
    /// # Errors
    /// When its type or default cannot be had.
    pub fn column_definition(&self, _table: &ObjectName, column: &ColumnDef) -> Result<String, RenderError> {
        let mut text = self.name(&column.name);
        if let Some(written) = &column.type_text {
            text.push(' ');
            text.push_str(&self.native_type(written).map_err(RenderError::Invalid)?);
        }
        let not_null = column.nullable == Some(false) || column.primary_key.is_some();
        if not_null {
            text.push_str(" NOT NULL");
        } else if self.caps.explicit_null {
            text.push_str(" NULL");
        }
        if let (Some(remarks), Remarks::Inline) = (&column.remarks, self.caps.remarks) {
            text.push_str(&format!(" COMMENT {}", self.string(remarks)));
        }
        Ok(text)
    }
}
