//! Changes by subject: trigger.

pub mod create_trigger;
pub mod disable_trigger;
pub mod drop_trigger;
pub mod enable_trigger;
pub mod rename_trigger;

use crate::sql::ObjectName;

/// The table of a trigger, if one is given; it is in the trigger's schema.
fn table_of(trigger: &ObjectName, table: Option<&str>) -> Option<ObjectName> {
    table.filter(|name| !name.trim().is_empty()).map(|name| trigger.renamed(name))
}
