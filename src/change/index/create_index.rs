//! `createIndex`.

use crate::attributes;
use crate::change::columns::PlacedColumns;
use crate::change::index::drop_index::DropIndex;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::source::attributes::Reader;
use crate::sql::statement::{IndexColumn, IndexOptions};
use crate::sql::{ObjectName, Statement, Validation, statement};

attributes! {
    /// Makes an index.
    pub struct CreateIndex {
        /// What it belongs to (primaryKey, foreignKey, uniqueConstraint): such an index is made by the database.
        pub associated_with: Option<String> = "associatedWith" (unhashed),
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Whether rows are kept in its order.
        pub clustered: Option<bool> = "clustered",
        /// Whether it is built beside the work on its table, outside of a transaction, where the database can.
        pub concurrently: Option<bool> = "concurrently" (extension),
        /// Its columns.
        pub columns: PlacedColumns = "columns" (required),
        /// Whether an existing index of that name is left alone.
        pub if_not_exists: Option<bool> = "ifNotExists" (extension),
        /// Comma list of columns that it carries without being ordered by them.
        pub include: Option<String> = "include" (extension),
        /// Its name.
        pub index_name: Option<String> = "indexName",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// The table.
        pub table_name: Option<String> = "tableName" (required),
        /// Its tablespace.
        pub tablespace: Option<String> = "tablespace",
        /// Whether values must differ.
        pub unique: Option<bool> = "unique",
        /// Its method, such as `btree` or `gin`.
        pub using: Option<String> = "using" (extension),
        /// The rows that it is of, as a condition.
        pub where_condition: Option<String> = "where" (extension),
    }
}

impl ChangeType for CreateIndex {
    /// What a column says beside its name, order and computed values does not belong to an index; Liquibase drops it
    /// before it hashes (checksums §3.3).
    fn read(reader: &mut Reader<'_, '_>) -> Self {
        let mut change = CreateIndex::read_fields(reader);
        for column in &mut change.columns.0 {
            column.type_text = None;
            column.auto_increment = None;
            column.constraints = None;
            column.default_value = None;
            column.value = None;
            column.start_with = None;
            column.increment_by = None;
            column.encoding = None;
            column.remarks = None;
        }
        change
    }

    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        if self.columns.iter().any(|c| c.name.is_none()) {
            validation.error("column 'name' is required for all columns in an index");
        }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let columns = self.columns.iter().map(|c| IndexColumn {
            name: c.name.clone().unwrap_or_default(),
            computed: c.computed,
            descending: c.descending == Some(true),
        });
        Ok(vec![
            statement::CreateIndex {
                table: ObjectName::new(
                    self.catalog_name.as_deref(),
                    self.schema_name.as_deref(),
                    self.table_name.clone().unwrap_or_default(),
                ),
                name: self.index_name.clone(),
                columns: columns.collect(),
                unique: self.unique == Some(true),
                clustered: self.clustered,
                tablespace: self.tablespace.clone(),
                associated_with: self.associated_with.clone(),
                options: IndexOptions {
                    concurrently: self.concurrently == Some(true),
                    if_not_exists: self.if_not_exists == Some(true),
                    condition: self.where_condition.clone(),
                    include: self.include.clone(),
                    method: self.using.clone(),
                },
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        // The server chose the name: Liquibase writes `null` in its place, which fails when it runs.
        // With IF NOT EXISTS it may have been there before.
        if self.index_name.is_none() || self.if_not_exists == Some(true) {
            return Ok(Inverse::None);
        }
        let drop = DropIndex {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            table_name: self.table_name.clone(),
            index_name: self.index_name.clone(),
            concurrently: self.concurrently,
        };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }
}
