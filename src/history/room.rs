//! How much the columns of the ledger hold. What does not fit is refused before anything runs: where definitions commit by themselves
//! a changeset would have taken effect when its row is refused.

use super::Ledger;
use crate::changelog::ChangeSet;

/// The lengths of the ledger's columns that are written as they are, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Room(Vec<(&'static str, u32)>);

impl Ledger {
    /// The room in the ledger's columns; `existing` are those of a table that is there, with the length of their text type, and empty
    /// when it is yet to be made.
    pub fn room(&self, existing: &[(String, Option<u32>)]) -> Room {
        let form = self.target.dialect.ledger;
        if !form.is_bounded {
            return Room::default();
        }
        // Contexts and labels are cut instead: they decide nothing once they are recorded.
        let made = [("ID", form.id_length), ("AUTHOR", form.id_length), ("FILENAME", 255)];
        let found = |name: &str| existing.iter().find(|(column, _)| column.eq_ignore_ascii_case(name));
        // A column that is missing is added with its usual length.
        // And the journal, which goes before the ledger where definitions commit by themselves, has the usual lengths.
        let has_journal = !self.target.caps.transactional_ddl;
        let length = |(name, usual): (&'static str, u32)| {
            let length = found(name).map_or(Some(usual), |(_, length)| *length)?;
            Some((name, if has_journal { length.min(usual) } else { length }))
        };
        Room(made.into_iter().filter_map(length).collect())
    }
}

impl Room {
    /// Why a changeset cannot be recorded; nothing when it can.
    pub fn refusals(&self, changeset: &ChangeSet) -> Vec<String> {
        let identity = &changeset.identity;
        let refusal = |(column, length): &(&'static str, u32)| {
            let (what, text) = match *column {
                "ID" => ("id", identity.id()),
                "AUTHOR" => ("author", identity.author()),
                _ => ("path", &*identity.path),
            };
            let characters = text.chars().count();
            let is_long = u32::try_from(characters).map_or(true, |n| n > *length);
            is_long.then(|| format!("{what} of {characters} characters: the column {column} of the history table holds {length}"))
        };
        self.0.iter().filter_map(refusal).collect()
    }
}
