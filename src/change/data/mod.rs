//! Changes by subject: data.
