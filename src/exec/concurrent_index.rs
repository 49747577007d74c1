//! What a failed CREATE INDEX CONCURRENTLY leaves: an index of that name that no query uses. It is dropped before the
//! statement is sent again, so that it is neither in the way nor, with IF NOT EXISTS, taken for done.

use super::event::Event;
use super::outbox::Outbox;
use super::run::{Run, RunError};
use crate::changelog::ChangeSet;
use crate::db::Value;
use crate::sql::Target;
use crate::sql::words::Words;

/// An index that is to be built while its table is in use.
#[derive(Debug, PartialEq, Eq)]
struct Build {
    /// Its name as the server stores it; none when the server chooses one.
    name: Option<String>,
    /// Its table as it is written.
    table: String,
}

/// What CREATE INDEX CONCURRENTLY builds; `None` for any other statement.
fn build(sql: &str, target: &Target) -> Option<Build> {
    let mut words = Words::new(sql);
    words.word().filter(|word| word.eq_ignore_ascii_case("CREATE"))?;
    words.skip_words(&["UNIQUE"]);
    for expected in ["INDEX", "CONCURRENTLY"] {
        words.word().filter(|word| word.eq_ignore_ascii_case(expected))?;
    }
    words.skip_words(&["IF", "NOT", "EXISTS"]);
    let mut name = None;
    let first = words.name().pop()?;
    if !first.eq_ignore_ascii_case("ON") {
        name = Some(stored(first, target));
        words.word().filter(|word| word.eq_ignore_ascii_case("ON"))?;
    }
    words.skip_words(&["ONLY"]);
    Some(Build { name, table: words.name().join(".") })
}

/// A written name as the server stores it.
fn stored(name: &str, target: &Target) -> String {
    match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(quoted) => quoted.to_owned(),
        None => target.stored_name(&name.to_lowercase()),
    }
}

/// Asks for unusable indexes of a table, but for those that are being built right now, and for those of a partitioned
/// table, which wait for their parts.
fn question(build: &Build, target: &Target) -> String {
    let running = if target.at_least(12, 0, 0) {
        " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)"
    } else {
        ""
    };
    let name = build.name.as_ref().map(|name| format!(" AND c.relname = {}", target.string(name))).unwrap_or_default();
    format!(
        "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND c.relkind = 'i' \
         AND i.indrelid = pg_catalog.to_regclass({}){name}{running}",
        target.string(&build.table)
    )
}

impl Run<'_> {
    /// Before a concurrent build of an index is sent: drops what an earlier one left unusable. An index without a name
    /// cannot be told from others, so those of its table are told only.
    ///
    /// # Errors
    /// When the database cannot be asked, or refuses to drop it.
    pub(super) async fn clear_unusable_index(&mut self, changeset: &ChangeSet, sql: &str, out: &mut Outbox) -> Result<(), RunError> {
        if self.session.is_writing() || !self.session.target.caps.concurrent_indexes || self.in_transaction(changeset) {
            return Ok(());
        }
        let Some(build) = build(sql, &self.session.target) else { return Ok(()) };
        self.send(out).await?;
        let question = question(&build, &self.session.target);
        let found = self.session.query(&question).await?;
        for index in found.iter().filter_map(|row| row.values.first().and_then(Value::to_text)) {
            if build.name.is_none() {
                let text = format!("index {index} of table {} is unusable; a build without a name may have left it", build.table);
                self.observer.on(&Event::Warning(&text));
                continue;
            }
            self.session.text(&format!("DROP INDEX CONCURRENTLY {index}")).await?;
            self.observer.on(&Event::UnusableIndexDropped { index: &index });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::postgres;

    #[test]
    fn concurrent_builds_are_known() {
        let target = Target::new(&postgres::DIALECT, None);
        let found = |sql: &str| build(sql, &target).map(|b| (b.name.unwrap_or_default(), b.table));
        let pair = |name: &str, table: &str| Some((name.to_owned(), table.to_owned()));
        assert_eq!(found("create unique index concurrently if not exists Ix on only app.\"T\" (a)"), pair("ix", "app.\"T\""));
        assert_eq!(found("CREATE INDEX CONCURRENTLY \"Ix\" ON t(a)"), pair("Ix", "t"));
        assert_eq!(found("CREATE INDEX CONCURRENTLY ON t(a)"), pair("", "t"));
        for other in
            ["CREATE INDEX ix ON t(a)", "DROP INDEX CONCURRENTLY ix", "CREATE INDEX CONCURRENTLY", "CREATE TABLE concurrently (a int)"]
        {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
