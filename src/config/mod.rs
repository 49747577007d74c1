//! The table of settings, the table of commands, and how flags, environment and files merge into one value a setting.
//!
//! Everything here is pure: the caller hands in the environment and the texts of files. See [`resolve()`].

pub mod command;
pub mod commands;
mod key;
pub mod project_file;
pub mod resolve;
mod setting;
pub mod settings;
mod values;

pub use command::{Command, Use};
pub use commands::{COMMANDS, CommandKind, find_command, is_not_offered};
pub use resolve::{Flag, Layers, resolve};
pub use setting::{Group, Kind, Scope, Setting, Standing};
pub use values::{Entry, Layer, Origin, Parameter, PasswordSource, Program, Settings, SettingsFile, Value};
