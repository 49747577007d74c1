//! `createSynonym`.

use crate::attributes;
use crate::change::synonym::drop_synonym::DropSynonym;
use crate::change::{Change, ChangeType, Context, Inverse};
use crate::sql::{ObjectName, Statement, statement};

attributes! {
    /// Makes another name for an object.
    pub struct CreateSynonym {
        /// Catalog of the object.
        pub object_catalog_name: Option<String> = "objectCatalogName",
        /// The object that it stands for.
        pub object_name: Option<String> = "objectName" (required),
        /// Schema of the object.
        pub object_schema_name: Option<String> = "objectSchemaName",
        /// What kind of object that is, where the database asks (`TABLE`, `SEQUENCE`).
        pub object_type: Option<String> = "objectType",
        /// Whether it is in a schema (the default); else it is for everybody (`PUBLIC`), where the database can.
        pub private: Option<bool> = "private",
        /// Whether an existing synonym is replaced.
        pub replace_if_exists: Option<bool> = "replaceIfExists",
        /// Catalog of the synonym.
        pub synonym_catalog_name: Option<String> = "synonymCatalogName",
        /// The synonym.
        pub synonym_name: Option<String> = "synonymName" (required),
        /// Schema of the synonym.
        pub synonym_schema_name: Option<String> = "synonymSchemaName",
    }
}

impl ChangeType for CreateSynonym {
    fn statements(&self, _cx: &Context<'_>) -> Result<Vec<Statement>, String> {
        let synonym = self.synonym_name.clone().unwrap_or_default();
        let object = self.object_name.clone().unwrap_or_default();
        Ok(vec![
            statement::CreateSynonym {
                synonym: ObjectName::new(self.synonym_catalog_name.as_deref(), self.synonym_schema_name.as_deref(), synonym),
                object: ObjectName::new(self.object_catalog_name.as_deref(), self.object_schema_name.as_deref(), object),
                kind: self.object_type.clone(),
                public: self.private == Some(false),
                replace: self.replace_if_exists == Some(true),
            }
            .into(),
        ])
    }

    fn inverse(&self, _cx: &Context<'_>) -> Result<Inverse, String> {
        if self.replace_if_exists == Some(true) {
            return Ok(Inverse::None);
        }
        let drop = DropSynonym {
            object_type: self.object_type.clone(),
            private: self.private,
            synonym_catalog_name: self.synonym_catalog_name.clone(),
            synonym_name: self.synonym_name.clone(),
            synonym_schema_name: self.synonym_schema_name.clone(),
        };
        Ok(Inverse::Changes(vec![Change::from(drop)]))
    }
}
