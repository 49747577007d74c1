//! Changes by subject: view.
