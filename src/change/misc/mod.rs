//! Changes by subject: misc.
