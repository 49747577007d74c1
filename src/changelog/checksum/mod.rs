//! Checksums of changesets (checksums §1 to §5).

pub mod bytes;
mod compute;
pub mod text;

pub use compute::{ChecksumError, VisitorChoice, alternatives, of_change, of_changeset, serialise};
pub use text::{Checksum, hex};
