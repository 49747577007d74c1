//! What changelogs may start: the programs that `executeCommand` names, and those that stand for Java classes.

use crate::change::{Change, Context};
use crate::sql::{Action, Statement};
use std::collections::BTreeMap;

/// The programs that stand for the Java classes of custom changes and preconditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomClasses {
    /// Their paths, by class name.
    pub programs: BTreeMap<String, String>,
    /// Whether `customChange` is forbidden altogether.
    pub forbids_changes: bool,
}

impl CustomClasses {
    /// The program for the class of a `customChange`.
    ///
    /// # Errors
    /// When there is none, or such changes are forbidden.
    pub fn of_change(&self, class: &str) -> Result<&str, String> {
        if self.forbids_changes {
            return Err(format!("customChange {class} is not allowed: allow-custom-change is false"));
        }
        self.of_precondition(class).ok_or_else(|| {
            format!("{class} is a Java class, and no program stands for it: name one under `programs:` in changelog.config.yaml")
        })
    }

    /// The program for the class of a `customPrecondition`, if there is one.
    pub fn of_precondition(&self, class: &str) -> Option<&str> {
        self.programs.get(class).map(String::as_str)
    }
}

/// What changes may start.
#[derive(Debug, Clone, Copy)]
pub struct Programs<'a> {
    /// Whether they may start what they name themselves.
    pub allow_commands: bool,
    /// What stands for Java classes.
    pub custom_classes: &'a CustomClasses,
}

impl Programs<'_> {
    /// Why a change that is a Java class cannot be run, if it is one and cannot.
    pub fn lacks(&self, change: &Change) -> Option<String> {
        let Change::CustomChange(custom) = change else { return None };
        self.custom_classes.of_change(custom.class.as_deref().filter(|c| !c.is_empty())?).err()
    }

    /// Why a change cannot be run, if it cannot.
    pub(super) fn refuses(&self, change: &Change, cx: &Context<'_>) -> Option<String> {
        match change {
            Change::CustomChange(_) => self.lacks(change),
            Change::ExecuteCommand(command) if !self.allow_commands => {
                // On other operating systems it is passed over.
                let statements = change.as_type().statements(cx).ok()?;
                let starts = statements.iter().any(|s| matches!(s, Statement::Act(act) if matches!(act.0, Action::Command(_))));
                let program = command.executable.as_deref().unwrap_or_default();
                starts.then(|| format!("executeCommand starts {program}; programs are started only with --allow-commands"))
            }
            _ => None,
        }
    }
}
