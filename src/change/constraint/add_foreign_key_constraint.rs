//! `addForeignKeyConstraint`.

use crate::attributes;
use crate::change::constraint::drop_foreign_key_constraint::DropForeignKeyConstraint;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::source::attributes::Reader;
use crate::sql::{ObjectName, Statement, Validation, statement};

attributes! {
    /// Makes columns refer to those of another table.
    pub struct AddForeignKeyConstraint {
        /// Comma list of the columns that refer.
        pub base_column_names: Option<String> = "baseColumnNames" (required),
        /// Catalog of the table that refers.
        pub base_table_catalog_name: Option<String> = "baseTableCatalogName",
        /// The table that refers.
        pub base_table_name: Option<String> = "baseTableName" (required),
        /// Schema of the table that refers.
        pub base_table_schema_name: Option<String> = "baseTableSchemaName",
        /// Name of the constraint.
        pub constraint_name: Option<String> = "constraintName" (required),
        /// Whether checking may be put off.
        pub deferrable: Option<bool> = "deferrable",
        /// Old form of `onDelete`: true means CASCADE.
        pub delete_cascade: Option<bool> = "deleteCascade" (unhashed),
        /// Whether it is checked at commit.
        pub initially_deferred: Option<bool> = "initiallyDeferred",
        /// Whether existing rows are left unchecked, and only `validateConstraint` checks them.
        pub not_valid: Option<bool> = "notValid" (extension),
        /// What a delete of the row referred to does.
        pub on_delete: Option<String> = "onDelete",
        /// What an update of the row referred to does.
        pub on_update: Option<String> = "onUpdate",
        /// Comma list of the columns referred to.
        pub referenced_column_names: Option<String> = "referencedColumnNames" (required),
        /// Catalog of the table referred to.
        pub referenced_table_catalog_name: Option<String> = "referencedTableCatalogName",
        /// The table referred to.
        pub referenced_table_name: Option<String> = "referencedTableName" (required),
        /// Schema of the table referred to.
        pub referenced_table_schema_name: Option<String> = "referencedTableSchemaName",
        /// Accepted without an effect.
        pub references_unique_column: Option<bool> = "referencesUniqueColumn" (unhashed),
        /// Whether existing rows are checked.
        pub validate: Option<bool> = "validate",
    }
}

impl ChangeType for AddForeignKeyConstraint {
    /// `deleteCascade` is a setter of Liquibase that is applied after `onDelete`: true sets it to CASCADE where it was
    /// not given, and clears it where it was; false clears it (changes §7).
    fn read(reader: &mut Reader<'_, '_>) -> Self {
        let mut change = AddForeignKeyConstraint::read_fields(reader);
        if let Some(cascade) = change.delete_cascade {
            change.on_delete = (cascade && change.on_delete.is_none()).then(|| "CASCADE".to_owned());
        }
        change
    }

    fn validate(&self, cx: &Context<'_>, validation: &mut Validation) {
        validation.disallow("notValid", self.not_valid == Some(true) && cx.target.caps.not_valid.is_none(), cx.target);
    }

    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        Ok(vec![
            statement::AddForeignKey {
                table: ObjectName::new(
                    self.base_table_catalog_name.as_deref(),
                    self.base_table_schema_name.as_deref(),
                    text(&self.base_table_name),
                ),
                columns: text(&self.base_column_names),
                referenced_table: ObjectName::new(
                    self.referenced_table_catalog_name.as_deref(),
                    self.referenced_table_schema_name.as_deref(),
                    text(&self.referenced_table_name),
                ),
                referenced_columns: text(&self.referenced_column_names),
                name: text(&self.constraint_name),
                on_delete: self.on_delete.clone(),
                on_update: self.on_update.clone(),
                deferrable: self.deferrable == Some(true),
                initially_deferred: self.initially_deferred == Some(true),
                validate: self.validate != Some(false) && self.not_valid != Some(true),
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        let drop = DropForeignKeyConstraint {
            base_table_catalog_name: self.base_table_catalog_name.clone(),
            base_table_schema_name: self.base_table_schema_name.clone(),
            base_table_name: self.base_table_name.clone(),
            constraint_name: self.constraint_name.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }
}
