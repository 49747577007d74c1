//! Settings with their values and origins, for programs.

use schemars::JsonSchema;
use serde::Serialize;

/// What `config show` says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Document {
    /// Of the form of this document.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// The command whose settings they are; null for those of all.
    pub command: Option<&'static str>,
    /// Every setting that has a value.
    pub settings: Vec<Setting>,
    /// What `${name}` becomes in changelogs.
    pub parameters: Vec<Parameter>,
    /// What runs in place of Java classes.
    pub programs: Vec<Program>,
}

/// A setting.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Setting {
    /// Its key.
    pub key: &'static str,
    /// Its value; secrets are masked.
    pub value: String,
    /// Where the value came from.
    pub origin: String,
    /// Whether it has an effect.
    pub effect: bool,
}

/// A parameter of changelogs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value; masked when the name is that of a secret.
    pub value: String,
    /// Where the value came from.
    pub origin: String,
}

/// A program.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Program {
    /// The Java class in whose place it runs.
    pub class: String,
    /// Its path.
    pub path: String,
    /// Where the path came from.
    pub origin: String,
}
