//! Changes by subject: index.
