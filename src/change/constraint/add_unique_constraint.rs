//! `addUniqueConstraint`.

use crate::attributes;
use crate::change::constraint::drop_unique_constraint::DropUniqueConstraint;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Makes the values of columns differ.
    pub struct AddUniqueConstraint {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Whether rows are kept in its order.
        pub clustered: Option<bool> = "clustered",
        /// Comma list of the columns.
        pub column_names: Option<String> = "columnNames" (required),
        /// Name of the constraint.
        pub constraint_name: Option<String> = "constraintName",
        /// Whether checking may be put off.
        pub deferrable: Option<bool> = "deferrable",
        /// Whether it is made without being enforced, where the database can.
        pub disabled: Option<bool> = "disabled",
        /// Catalog of `forIndexName`.
        pub for_index_catalog_name: Option<String> = "forIndexCatalogName",
        /// An existing index that it uses.
        pub for_index_name: Option<String> = "forIndexName",
        /// Schema of `forIndexName`.
        pub for_index_schema_name: Option<String> = "forIndexSchemaName",
        /// Whether it is checked at commit.
        pub initially_deferred: Option<bool> = "initiallyDeferred",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName" (required),
        /// Tablespace of its index.
        pub tablespace: Option<String> = "tablespace",
        /// Whether existing rows are checked.
        pub validate: Option<bool> = "validate",
    }
}

impl ChangeType for AddUniqueConstraint {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let for_index = self
            .for_index_name
            .as_deref()
            .map(|name| ObjectName::new(self.for_index_catalog_name.as_deref(), self.for_index_schema_name.as_deref(), name));
        Ok(vec![
            statement::AddUnique {
                table: ObjectName::new(
                    self.catalog_name.as_deref(),
                    self.schema_name.as_deref(),
                    self.table_name.clone().unwrap_or_default(),
                ),
                columns: self.column_names.clone().unwrap_or_default(),
                name: self.constraint_name.clone(),
                tablespace: self.tablespace.clone(),
                clustered: self.clustered == Some(true),
                deferrable: self.deferrable == Some(true),
                initially_deferred: self.initially_deferred == Some(true),
                for_index,
                disabled: self.disabled == Some(true),
                validate: self.validate != Some(false),
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        // The server chose the name: Liquibase writes `null` in its place, which fails when it runs.
        if self.constraint_name.is_none() {
            return Ok(Inverse::None);
        }
        let drop = DropUniqueConstraint {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            table_name: self.table_name.clone(),
            constraint_name: self.constraint_name.clone(),
            unique_columns: self.column_names.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }
}
