//! Changes by subject: sequence.
