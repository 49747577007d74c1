//! Which rows of the ledger a rollback undoes (executor §6).

use crate::history::LedgerRow;

/// What a rollback goes back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Back {
    /// The newest so many.
    Count(usize),
    /// Everything of one deployment.
    Deployment(String),
    /// A tag: everything recorded after its first row.
    TagOldest(String),
    /// A tag: everything recorded after its last row.
    TagNewest(String),
    /// Everything with DATEEXECUTED later than this text, `YYYY-MM-DD HH:MM:SS[.fraction]`.
    Date(String),
}

/// A tag that no row has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Could not find tag '{0}' in the database")]
pub struct NoSuchTag(pub String);

/// Indexes of the rows to undo, newest first. `rows` are in the order in which they ran. `keeps_tag` says whether
/// a tagDatabase changeset wants its row kept.
///
/// # Errors
/// When the tag is not in the ledger.
pub fn select(rows: &[LedgerRow], back: &Back, keeps_tag: &dyn Fn(&LedgerRow) -> bool) -> Result<Vec<usize>, NoSuchTag> {
    let newest_first = || (0..rows.len()).rev();
    match back {
        Back::Count(count) => Ok(newest_first().take(*count).collect()),
        Back::Deployment(id) => Ok(newest_first().filter(|i| rows[*i].deployment_id.as_ref() == Some(id)).collect()),
        Back::Date(date) => Ok(newest_first().filter(|i| later(&rows[*i].date_executed, date)).collect()),
        Back::TagOldest(tag) | Back::TagNewest(tag) => {
            let has = |i: &usize| rows[*i].tag.as_deref().is_some_and(|t| t.eq_ignore_ascii_case(tag));
            let at = match back {
                Back::TagOldest(_) => (0..rows.len()).find(has),
                _ => newest_first().find(has),
            };
            let at = at.ok_or_else(|| NoSuchTag(tag.clone()))?;
            // The row of a changeset that does nothing but tag goes too; a row that the tag command tagged stays.
            let goes = rows[at].description.as_deref() == Some("tagDatabase") && !keeps_tag(&rows[at]);
            Ok(newest_first().filter(|i| *i > at || (*i == at && goes)).collect())
        }
    }
}

/// Compares two timestamps by their digits, so that `T`, blanks and fractions of different length do not matter.
fn later(a: &str, b: &str) -> bool {
    let digits = |t: &str| {
        let mut d: String = t.chars().filter(char::is_ascii_digit).collect();
        while d.len() < 23 {
            d.push('0');
        }
        d
    };
    digits(a) > digits(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, date: &str, tag: Option<&str>, description: &str) -> LedgerRow {
        LedgerRow {
            id: id.into(),
            date_executed: date.into(),
            tag: tag.map(str::to_owned),
            description: Some(description.into()),
            ..LedgerRow::default()
        }
    }

    #[test]
    fn tags_counts_and_dates_choose_rows() {
        let rows = [
            row("1", "2026-01-01 10:00:00", None, "createTable tableName=a"),
            row("2", "2026-01-01 10:00:00.5", Some("v1"), "tagDatabase"),
            row("3", "2026-01-02 10:00:00", Some("v2"), "sql"),
            row("4", "2026-01-03 10:00:00.000", Some("v1"), "sql"),
        ];
        let never = |_: &LedgerRow| false;
        assert_eq!(select(&rows, &Back::Count(2), &never), Ok(vec![3, 2]));
        assert_eq!(select(&rows, &Back::TagOldest("V1".into()), &never), Ok(vec![3, 2, 1]));
        assert_eq!(select(&rows, &Back::TagNewest("v1".into()), &never), Ok(vec![]));
        assert_eq!(select(&rows, &Back::TagOldest("v2".into()), &never), Ok(vec![3]));
        assert_eq!(select(&rows, &Back::Date("2026-01-01T10:00:00".into()), &never), Ok(vec![3, 2, 1]));
        assert_eq!(select(&rows, &Back::Date("2026-01-03T10:00:00".into()), &never), Ok(vec![]));
        assert_eq!(select(&rows, &Back::TagOldest("nope".into()), &never), Err(NoSuchTag("nope".into())));
        assert_eq!(select(&rows, &Back::TagOldest("v1".into()), &|_| true), Ok(vec![3, 2]));
    }
}
