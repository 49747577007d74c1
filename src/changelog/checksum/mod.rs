//! Checksums.

pub mod bytes;
pub mod text;

pub use text::Checksum;
