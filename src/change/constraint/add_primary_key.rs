//! `addPrimaryKey`.

use crate::attributes;
use crate::change::constraint::drop_primary_key::DropPrimaryKey;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Makes columns the primary key of a table.
    pub struct AddPrimaryKey {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Whether rows are kept in its order.
        pub clustered: Option<bool> = "clustered",
        /// Comma list of the columns, each with ASC or DESC behind it if wanted.
        pub column_names: Option<String> = "columnNames" (required),
        /// Name of the constraint.
        pub constraint_name: Option<String> = "constraintName",
        /// Catalog of `forIndexName`.
        pub for_index_catalog_name: Option<String> = "forIndexCatalogName",
        /// An existing index that the key uses.
        pub for_index_name: Option<String> = "forIndexName",
        /// Schema of `forIndexName`.
        pub for_index_schema_name: Option<String> = "forIndexSchemaName",
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

impl ChangeType for AddPrimaryKey {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let for_index = self
            .for_index_name
            .as_deref()
            .map(|name| ObjectName::new(self.for_index_catalog_name.as_deref(), self.for_index_schema_name.as_deref(), name));
        Ok(vec![
            statement::AddPrimaryKey {
                table: ObjectName::new(
                    self.catalog_name.as_deref(),
                    self.schema_name.as_deref(),
                    self.table_name.clone().unwrap_or_default(),
                ),
                columns: self.column_names.clone().unwrap_or_default(),
                name: self.constraint_name.clone(),
                tablespace: self.tablespace.clone(),
                clustered: self.clustered,
                for_index,
                validate: self.validate != Some(false),
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let drop = DropPrimaryKey {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            table_name: self.table_name.clone(),
            constraint_name: self.constraint_name.clone(),
            drop_index: self.for_index_name.is_some().then_some(false),
        };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }
}
