//! `dropSynonym`.

use crate::attributes;
use crate::change::{ChangeType, Context};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Drops another name of an object.
    pub struct DropSynonym {
        /// What kind of object that is, where the database asks (`TABLE`, `SEQUENCE`).
        pub object_type: Option<String> = "objectType",
        /// Whether it is in a schema (the default); else it is for everybody (`PUBLIC`), where the database can.
        pub private: Option<bool> = "private",
        /// Catalog of the synonym.
        pub synonym_catalog_name: Option<String> = "synonymCatalogName",
        /// The synonym.
        pub synonym_name: Option<String> = "synonymName" (required),
        /// Schema of the synonym.
        pub synonym_schema_name: Option<String> = "synonymSchemaName",
    }
}

impl ChangeType for DropSynonym {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let synonym = self.synonym_name.clone().unwrap_or_default();
        let synonym = ObjectName::new(self.synonym_catalog_name.as_deref(), self.synonym_schema_name.as_deref(), synonym);
        Ok(vec![statement::DropSynonym { synonym, kind: self.object_type.clone(), public: self.private == Some(false) }.into()])
    }
}
