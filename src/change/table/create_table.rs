//! `createTable`.

use crate::attributes;
use crate::change::columns::NewColumns;
use crate::change::table::drop_table::DropTable;
use crate::change::{Change, ChangeType, Context, HashRule, Inverse};
use crate::sql::{ObjectName, Statement, Validation, statement};

attributes! {
    /// Makes a table with its columns and their constraints.
    pub struct CreateTable {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
        /// Its columns.
        pub columns: NewColumns = "columns" (required),
        /// Leaves an existing table alone, where the database can.
        pub if_not_exists: Option<bool> = "ifNotExists",
        /// How its rows are divided, as the database writes it behind PARTITION BY: `RANGE (made)`.
        pub partition_by: Option<String> = "partitionBy" (extension),
        /// Remarks kept in the database.
        pub remarks: Option<String> = "remarks",
        /// What stands between CREATE and TABLE, such as `temporary`.
        pub table_type: Option<String> = "tableType",
        /// Tablespace of the table.
        pub tablespace: Option<String> = "tablespace",
    }
}

impl ChangeType for CreateTable {
    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        for column in self.columns.iter() {
            column.validate_generated(validation);
            if column.type_text.is_none() && column.computed != Some(true) {
                validation.error("column 'type' is required for all columns");
            }
            if column.name.is_none() {
                validation.error("column 'name' is required for all columns");
            }
        }
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        Ok(vec![
            statement::CreateTable {
                table: self.table(),
                table_type: self.table_type.clone(),
                if_not_exists: self.if_not_exists == Some(true),
                columns: self.columns.iter().map(|c| c.definition()).collect(),
                partition_by: self.partition_by.clone(),
                tablespace: self.tablespace.clone(),
                remarks: self.remarks.clone(),
                own_columns: false,
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let drop = DropTable {
            catalog_name: self.catalog_name.clone(),
            schema_name: self.schema_name.clone(),
            table_name: self.table_name.clone(),
            ..DropTable::default()
        };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }

    fn hash_rule(&self) -> HashRule<'_> {
        HashRule::Attributes { unhashed: &["ifNotExists"], unhashed_v8: &["ifNotExists"] }
    }
}

impl CreateTable {
    fn table(&self) -> ObjectName {
        ObjectName::new(self.catalog_name.as_deref(), self.schema_name.as_deref(), self.table_name.clone().unwrap_or_default())
    }
}
