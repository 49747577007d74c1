//! The table of settings. Every setting is declared once, here; flags, variables, keys, help, completions and
//! `docs/reference/settings.md` derive from it. The doc comment of a row is its help text.
//!
//! Keys, defaults and aliases are those of Liquibase 4.28 (and the additions of 5.0) unless a row says that it is ours.

use super::setting::{Setting, normal};

macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident = $row:expr;)+) => {
        use $crate::config::setting::{Group::*, Kind::*, Setting};
        $(
            $(#[doc = $doc])+
            pub static $name: Setting = $row.doc(concat!($($doc, "\n"),+));
        )+
        pub(super) static ROWS: &[&Setting] = &[$(&$name),+];
    };
}

pub mod command;
pub mod comparison;
pub mod connection;
pub mod ignored;
pub mod ledger;
pub mod output;
pub mod reading;
pub mod safety;

pub use command::*;
pub use connection::*;
pub use ledger::*;
pub use output::*;
pub use reading::*;
pub use safety::*;

static TABLES: &[&[&Setting]] =
    &[connection::ROWS, command::ROWS, ledger::ROWS, reading::ROWS, safety::ROWS, output::ROWS, comparison::ROWS, ignored::ROWS];

/// All settings, in the order of the table.
pub fn all() -> impl Iterator<Item = &'static Setting> {
    TABLES.iter().flat_map(|table| table.iter().copied())
}

/// The setting of that name: key, kebab flag, upper snake case or alias; letter case and separators do not count.
pub fn find(name: &str) -> Option<&'static Setting> {
    let wanted = normal(name);
    all().find(|s| normal(s.key) == wanted || s.aliases.iter().any(|a| normal(a) == wanted))
}

#[cfg(test)]
mod tests {
    use super::super::setting::{Kind, Scope};
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn no_name_means_two_settings() {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for setting in all() {
            for name in std::iter::once(&setting.key).chain(setting.aliases) {
                if let Some(other) = seen.insert(normal(name), setting.key) {
                    panic!("`{name}` names both `{other}` and `{}`", setting.key);
                }
            }
        }
    }

    #[test]
    fn every_row_teaches() {
        for setting in all() {
            assert!(setting.summary().len() > 15, "{}", setting.key);
            assert!(setting.summary().ends_with('.'), "{}: {}", setting.key, setting.summary());
            if let Some(why) = setting.why_ignored() {
                assert!(why.len() > 10, "{}", setting.key);
            }
        }
    }

    #[test]
    fn defaults_are_of_their_kind() {
        for setting in all() {
            let Some(default) = setting.default else { continue };
            match setting.kind {
                Kind::Bool => assert!(default == "true" || default == "false", "{}", setting.key),
                Kind::Integer => assert!(default.parse::<u32>().is_ok(), "{}", setting.key),
                Kind::Choice(words) => assert!(words.contains(&default), "{}", setting.key),
                Kind::Secret => panic!("{} has a built-in secret", setting.key),
                _ => {}
            }
        }
    }

    /// `cli.md` §1 and §7: the legacy names.
    #[test]
    fn legacy_names_are_known() {
        for (name, key) in [
            ("contexts", "contextFilter"),
            ("labels", "labelFilter"),
            ("changeLogFile", "changelogFile"),
            ("CHANGELOG_FILE", "changelogFile"),
            ("changelog-file", "changelogFile"),
            ("changeLogLockPollRate", "changelogLockPollRate"),
            ("changeLogLockWaitTimeInMinutes", "changelogLockWaitTimeInMinutes"),
            ("databaseChangeLogTableName", "databaseChangelogTableName"),
            ("databaseChangeLogLockTableName", "databaseChangelogLockTableName"),
            ("schemaName", "liquibaseSchemaName"),
            ("catalogName", "liquibaseCatalogName"),
            ("databaseChangeLogTablespaceName", "liquibaseTablespaceName"),
            ("ddl_lock_timeout", "ddlLockTimeout"),
            ("should.run", "shouldRun"),
            ("enableEscaping", "supportPropertyEscaping"),
            ("generateChangeSetCreatedValues", "generateChangesetCreatedValues"),
            ("report.enabled", "reportEnabled"),
            ("databasechangeloghistory.captureExts", "dbclhistory.captureExtensions"),
            ("LOGLEVEL", "logLevel"),
        ] {
            assert_eq!(find(name).map(|s| s.key), Some(key), "{name}");
        }
        assert_eq!(find("nosuch"), None);
    }

    /// Defaults of `cli.md` §7 that runs depend on.
    #[test]
    fn built_in_values_are_liquibases() {
        assert_eq!(CHANGELOG_LOCK_WAIT_TIME_IN_MINUTES.default, Some("5"));
        assert_eq!(CHANGELOG_LOCK_POLL_RATE.default, Some("10"));
        assert_eq!(DATABASE_CHANGELOG_TABLE_NAME.default, Some("DATABASECHANGELOG"));
        assert_eq!(DATABASE_CHANGELOG_LOCK_TABLE_NAME.default, Some("DATABASECHANGELOGLOCK"));
        assert_eq!(MISSING_PROPERTY_MODE.default, Some("PRESERVE"));
        assert_eq!(DUPLICATE_FILE_MODE.default, Some("ERROR"));
        assert_eq!(LOG_LEVEL.default, Some("OFF"));
        assert_eq!(URL.scope, Scope::Command);
        assert_eq!(STRICT.scope, Scope::Global);
    }
}
