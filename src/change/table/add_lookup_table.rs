//! `addLookupTable`.

use crate::attributes;
use crate::change::constraint::drop_foreign_key_constraint::DropForeignKeyConstraint;
use crate::change::table::drop_table::DropTable;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::forms::LookupColumn;
use crate::sql::{Capabilities, ObjectName, Statement, statement};

attributes! {
    /// Makes a table of the values that a column has, and lets the column refer to it.
    pub struct AddLookupTable {
        /// Name of the foreign key; `FK_<existing table>_<new table>` when it is not given.
        pub constraint_name: Option<String> = "constraintName",
        /// The column.
        pub existing_column_name: Option<String> = "existingColumnName" (required),
        /// Catalog of its table.
        pub existing_table_catalog_name: Option<String> = "existingTableCatalogName",
        /// Its table.
        pub existing_table_name: Option<String> = "existingTableName" (required),
        /// Schema of its table.
        pub existing_table_schema_name: Option<String> = "existingTableSchemaName",
        /// Type of the new column, where the database must be told.
        pub new_column_data_type: Option<String> = "newColumnDataType",
        /// The column of the new table.
        pub new_column_name: Option<String> = "newColumnName" (required),
        /// Catalog of the new table.
        pub new_table_catalog_name: Option<String> = "newTableCatalogName",
        /// The new table.
        pub new_table_name: Option<String> = "newTableName" (required),
        /// Schema of the new table.
        pub new_table_schema_name: Option<String> = "newTableSchemaName",
    }
}

impl AddLookupTable {
    fn existing(&self) -> ObjectName {
        let (catalog, schema) = (self.existing_table_catalog_name.as_deref(), self.existing_table_schema_name.as_deref());
        ObjectName::new(catalog, schema, self.existing_table_name.clone().unwrap_or_default())
    }

    fn new_table(&self) -> ObjectName {
        let (catalog, schema) = (self.new_table_catalog_name.as_deref(), self.new_table_schema_name.as_deref());
        ObjectName::new(catalog, schema, self.new_table_name.clone().unwrap_or_default())
    }

    /// The name of the foreign key.
    fn key_name(&self) -> String {
        self.constraint_name.clone().unwrap_or_else(|| {
            let part = |t: &Option<String>| t.as_deref().unwrap_or("").to_uppercase();
            format!("FK_{}_{}", part(&self.existing_table_name), part(&self.new_table_name))
        })
    }
}

impl ChangeType for AddLookupTable {
    fn requires(&self, caps: &Capabilities) -> &'static [&'static str] {
        if caps.restates_type || caps.lookup_column == LookupColumn::Defined { &["newColumnDataType"] } else { &[] }
    }

    fn statements(&self, cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        let mut statements = vec![
            statement::CopyDistinct {
                from: self.existing(),
                column: text(&self.existing_column_name),
                table: self.new_table(),
                new_column: text(&self.new_column_name),
                type_text: self.new_column_data_type.clone(),
            }
            .into(),
            statement::SetNullable {
                table: self.new_table(),
                column: text(&self.new_column_name),
                nullable: false,
                type_text: self.new_column_data_type.clone(),
                constraint: None,
                validate: true,
            }
            .into(),
            statement::AddPrimaryKey {
                table: self.new_table(),
                columns: text(&self.new_column_name),
                name: None,
                tablespace: None,
                clustered: None,
                for_index: None,
                validate: true,
            }
            .into(),
            statement::AddForeignKey {
                table: self.existing(),
                columns: text(&self.existing_column_name),
                referenced_table: self.new_table(),
                referenced_columns: text(&self.new_column_name),
                name: self.key_name(),
                on_delete: None,
                on_update: None,
                deferrable: false,
                initially_deferred: false,
                validate: true,
            }
            .into(),
        ];
        if cx.target.caps.reorganizes_tables {
            let reorganize = || Statement::from(statement::Reorganize { table: self.new_table() });
            let alters = |s: &Statement| matches!(s, Statement::SetNullable(_) | Statement::AddPrimaryKey(_));
            statements = statements.into_iter().flat_map(|s| if alters(&s) { vec![s, reorganize()] } else { vec![s] }).collect();
        }
        let lookup_column = cx.target.caps.lookup_column;
        statements.retain(|statement| match statement {
            Statement::SetNullable(_) => lookup_column == LookupColumn::Copied,
            Statement::AddPrimaryKey(_) => lookup_column != LookupColumn::Keyed,
            _ => true,
        });
        Ok(statements)
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let key = DropForeignKeyConstraint {
            base_table_catalog_name: self.existing_table_catalog_name.clone(),
            base_table_schema_name: self.existing_table_schema_name.clone(),
            base_table_name: self.existing_table_name.clone(),
            constraint_name: Some(self.key_name()),
        };
        let table = DropTable {
            catalog_name: self.new_table_catalog_name.clone(),
            schema_name: self.new_table_schema_name.clone(),
            table_name: self.new_table_name.clone(),
            ..DropTable::default()
        };
        Ok(Inverse::Changes(vec![Change::from(key), Change::from(table)]))
    }
}
