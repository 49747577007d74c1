//! `addColumn`.

use crate::attributes;
use crate::change::columns::AddedColumns;
use crate::change::{ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, Validation, statement};

attributes! {
    /// Adds columns to a table, with their constraints and, for rows that exist, their values.
    pub struct AddColumn {
        /// Catalog of the table.
        pub catalog_name: Option<String> = "catalogName",
        /// The new columns.
        pub columns: AddedColumns = "columns" (required),
        /// Schema of the table.
        pub schema_name: Option<String> = "schemaName",
        /// Name of the table.
        pub table_name: Option<String> = "tableName" (required),
    }
}

impl ChangeType for AddColumn {
    fn validate(&self, _cx: &Context<'_>, validation: &mut Validation) {
        self.columns.iter().for_each(|column| column.validate_generated(validation));
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let columns = self.columns.iter().map(|c| c.definition()).collect();
        Ok(vec![statement::AddColumn { table: self.table(self.catalog_name.as_deref()), columns }.into()])
    }

    /// Defaults are dropped one by one before the columns, where the database keeps them apart; the catalog is
    /// not named then (changes §7).
    fn inverse(&self, cx: &Context<'_>) -> Result<Inverse, String> {
        let mut statements = Vec::new();
        for column in self.columns.iter().filter(|c| c.default_literal().is_some()) {
            let type_text = column.definition().type_text;
            let column = column.name.clone().unwrap_or_default();
            let drop: Statement = statement::DropDefaultValue { table: self.table(None), column, type_text }.into();
            if cx.target.supports(&drop) && !cx.target.rebuilds_for(&drop) {
                statements.push(drop);
            }
        }
        let columns = self.columns.iter().map(|c| c.name.clone().unwrap_or_default()).collect();
        statements.push(statement::DropColumn { table: self.table(self.catalog_name.as_deref()), columns }.into());
        Ok(Inverse::Statements(statements))
    }
}

impl AddColumn {
    fn table(&self, catalog: Option<&str>) -> ObjectName {
        ObjectName::new(catalog, self.schema_name.as_deref(), self.table_name.clone().unwrap_or_default())
    }
}
