//! Bytes to tree: readers for each changelog format, and the attributes that typed structures read from it.

pub mod attributes;
pub mod node;

pub use node::{Node, Scalar, ScalarKind};
