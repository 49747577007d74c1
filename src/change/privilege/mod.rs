//! Changes by subject: privilege.

pub mod grant;
pub mod revoke;
