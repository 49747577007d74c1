//! The changelog: files followed through their includes, parameters expanded, changesets typed and in order.

pub mod changeset;
pub mod checksum;
pub mod convert;
pub mod elements;
pub mod expression;
mod include;
pub mod inputs;
pub mod loader;
mod modify_sql;
mod parameters;
pub mod path;
pub mod properties;
mod read_ahead;
mod read_changeset;
pub mod resources;
mod rollback;
pub mod search_path;

pub use changeset::{ChangeSet, FileScope, Identity, Located, Rollback};
pub use loader::{Changelog, LoadOptions, load};
