//! Changes by subject: routine.
