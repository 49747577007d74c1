//! EnterpriseDB: PostgreSQL's syntax.

use super::postgres;
use crate::sql::Dialect;
use crate::sql::capabilities::Capabilities;
use crate::sql::object_forms::{ObjectForms, Replacing, SynonymForm};

/// EDB Postgres Advanced Server.
pub const DIALECT: Dialect = Dialect {
    id: "edb",
    aliases: &[],
    product: "EnterpriseDB",
    caps: Capabilities {
        table_if_not_exists: false,
        // What Oracle has.
        objects: ObjectForms {
            package: Some(Replacing::By("OR REPLACE")),
            synonym: Some(SynonymForm { replacing: Replacing::By("OR REPLACE"), public: true, ..SynonymForm::PLAIN }),
            ..postgres::DIALECT.caps.objects
        },
        ..postgres::DIALECT.caps
    },
    ..postgres::DIALECT
};
