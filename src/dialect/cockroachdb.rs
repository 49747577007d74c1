//! CockroachDB: PostgreSQL's syntax without tablespaces and deferrable constraints.

use super::postgres;
use crate::sql::Dialect;
use crate::sql::Statement;
use crate::sql::action::{Rendered, one};
use crate::sql::capabilities::Capabilities;
use crate::sql::forms::{IdentityForm, UpsertForm};
use crate::sql::object_forms::{ObjectForms, TriggerForm};
use crate::sql::statement::{CreateSequence, StatementType};
use crate::sql::target::Target;

/// CockroachDB.
pub const DIALECT: Dialect = Dialect {
    id: "cockroachdb",
    aliases: &[],
    product: "CockroachDB",
    sessions: None,
    sum_of_rows: None,
    caps: Capabilities {
        transactional_ddl: false,
        deferrable: false,
        deferrable_keys: false,
        tablespaces: false,
        // Identity columns came with version 21.2; this form is understood by all.
        identity: IdentityForm::InType,
        concurrent_indexes: false,
        copies_rows: false,
        upsert: UpsertForm::InsertOnly,
        // Triggers came with version 24.3; they are neither replaced, disabled nor renamed.
        objects: ObjectForms {
            trigger: Some(TriggerForm { of_table: true, ..TriggerForm::STANDARD }),
            extensions: false,
            partitions: false,
            ..postgres::DIALECT.caps.objects
        },
        ..postgres::DIALECT.caps
    },
    before: &[],
    leaves_transaction: None,
    special,
    ..postgres::DIALECT
};

/// A unique constraint is an index, and only drops with it; sequences have no types.
fn special(statement: &Statement, target: &Target) -> Option<Rendered> {
    match statement {
        Statement::DropUnique(s) => Some(one(format!("DROP INDEX {} CASCADE", target.name(&s.name)))),
        // The wish that it can be deferred is written, for the server to judge.
        Statement::AddUnique(s) => {
            let caps = Capabilities { deferrable: true, ..target.caps };
            Some(s.render(&Target { caps, ..target.clone() }))
        }
        Statement::CreateSequence(s) => Some(CreateSequence { data_type: None, ..(**s).clone() }.render(target)),
        _ => (postgres::DIALECT.special)(statement, target),
    }
}
