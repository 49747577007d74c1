//! The ledger as `history` shows it (executor §7).

use super::{date, table};
use crate::history::LedgerRow;
use schemars::JsonSchema;
use serde::Serialize;

/// Consecutive rows of one deployment.
fn deployments(rows: &[LedgerRow]) -> Vec<&[LedgerRow]> {
    rows.chunk_by(|a, b| a.deployment_id == b.deployment_id).collect()
}

/// The ledger's rows, to be shown.
pub struct History<'a> {
    /// The rows, in the order in which they ran.
    pub rows: &'a [LedgerRow],
    /// The database.
    pub url: &'a str,
    /// What to say when there are no rows.
    pub none: &'a str,
    /// Prints a DATEEXECUTED.
    pub date: &'a dyn Fn(&str) -> String,
}

impl std::fmt::Debug for History<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("History").field("rows", &self.rows.len()).field("url", &self.url).finish_non_exhaustive()
    }
}

impl History<'_> {
    fn head(&self) -> String {
        let mut out = format!("Liquibase History for {}\n\n", self.url);
        if self.rows.is_empty() {
            out.push_str(self.none);
            out.push('\n');
        }
        out
    }

    /// Tables, one for each deployment.
    pub fn tabular(&self) -> String {
        let mut out = self.head();
        for group in deployments(self.rows) {
            let head = ["Deployment ID", "Update Date", "Changelog Path", "Changeset Author", "Changeset ID", "Tag"];
            let cells: Vec<Vec<String>> = group
                .iter()
                .map(|r| {
                    vec![
                        r.deployment_id.clone().unwrap_or_default(),
                        (self.date)(&r.date_executed),
                        r.filename.clone(),
                        r.author.clone(),
                        r.id.clone(),
                        r.tag.clone().unwrap_or_default(),
                    ]
                })
                .collect();
            out.push_str(&table::draw(&head, &cells, &[60; 6]));
            out.push('\n');
        }
        out
    }

    /// One line for each deployment, then its changesets.
    pub fn text(&self) -> String {
        let mut out = self.head();
        for group in deployments(self.rows) {
            let first = group.first().map_or("", |r| r.date_executed.as_str());
            let last = group.last().map_or("", |r| r.date_executed.as_str());
            let id = group.first().and_then(|r| r.deployment_id.clone()).unwrap_or_default();
            let took = if group.len() > 1 { duration(first, last) } else { None };
            let took = took.map(|s| format!(" in {s:?}s")).unwrap_or_default();
            let when = (self.date)(first);
            out.push_str(&format!("- Database updated at {when}. Applied {} changeset(s){took}, DeploymentId: {id}\n", group.len()));
            for row in group {
                out.push_str(&format!("  {}::{}::{}\n", row.filename, row.id, row.author));
            }
            out.push('\n');
        }
        out
    }

    /// All rows, for programs.
    pub fn document(&self) -> Document {
        Document { version: 1, database: self.url.to_owned(), changesets: self.rows.iter().map(Recorded::of).collect() }
    }
}

/// What ran, for programs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Document {
    /// Of the form of this document.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// The URL of the database.
    pub database: String,
    /// The rows of the history table, in the order in which they ran.
    pub changesets: Vec<Recorded>,
}

/// A row of the history table.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// The id of the changeset.
    pub id: String,
    /// Its author.
    pub author: String,
    /// Its path as recorded.
    pub path: String,
    /// When it ran, as the server prints it.
    pub date_executed: String,
    /// Its place in the order of all.
    pub order_executed: i64,
    /// How it ran: `EXECUTED`, `RERAN`, `MARK_RAN`, or what else somebody wrote there.
    pub exec_type: String,
    /// Its checksum.
    pub md5sum: Option<String>,
    /// What it did.
    pub description: Option<String>,
    /// What its author says of it.
    pub comments: Option<String>,
    /// The tag that was set behind it.
    pub tag: Option<String>,
    /// The version of Liquibase that it was recorded for.
    pub liquibase: Option<String>,
    /// Its contexts.
    pub contexts: Option<String>,
    /// Its labels.
    pub labels: Option<String>,
    /// The run that it was part of.
    pub deployment_id: Option<String>,
}

impl Recorded {
    fn of(row: &LedgerRow) -> Recorded {
        let row = row.clone();
        Recorded {
            id: row.id,
            author: row.author,
            path: row.filename,
            date_executed: row.date_executed,
            order_executed: row.order_executed,
            exec_type: row.exec_type,
            md5sum: row.checksum.map(|c| c.to_string()),
            description: row.description,
            comments: row.comments,
            tag: row.tag,
            liquibase: row.liquibase,
            contexts: row.contexts,
            labels: row.labels,
            deployment_id: row.deployment_id,
        }
    }
}

/// Seconds from one time to another, to the millisecond.
fn duration(first: &str, last: &str) -> Option<f64> {
    let span = date::parse(last)?.duration_since(date::parse(first)?);
    Some(span.as_millis() as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, date: &str, deployment: &str, tag: Option<&str>) -> LedgerRow {
        LedgerRow {
            id: id.into(),
            author: "bob".into(),
            filename: "main.yaml".into(),
            date_executed: date.into(),
            deployment_id: Some(deployment.into()),
            tag: tag.map(str::to_owned),
            ..LedgerRow::default()
        }
    }

    fn history(rows: &[LedgerRow], show: fn(&History<'_>) -> String) -> String {
        let when = |text: &str| date::styled(text, date::short);
        show(&History { rows, url: "jdbc:postgresql://h/d", none: "No changesets deployed", date: &when })
    }

    /// The example of executor §7.
    #[test]
    fn a_table_for_each_deployment() {
        let rows = [row("2", "2026-11-20 18:00:00", "5197626243", None)];
        let expected = "Liquibase History for jdbc:postgresql://h/d\n\n\
            +---------------+-------------------+----------------+------------------+--------------+-----+\n\
            | Deployment ID | Update Date       | Changelog Path | Changeset Author | Changeset ID | Tag |\n\
            +---------------+-------------------+----------------+------------------+--------------+-----+\n\
            | 5197626243    | 11/20/26, 6:00 PM | main.yaml      | bob              | 2            |     |\n\
            +---------------+-------------------+----------------+------------------+--------------+-----+\n\n";
        assert_eq!(history(&rows, |h| h.tabular()), expected);
    }

    #[test]
    fn a_line_for_each_deployment() {
        let rows = [
            row("1", "2026-11-20 18:00:00", "1", None),
            row("2", "2026-11-20 18:00:00.5", "5197626243", None),
            row("3", "2026-11-20 18:00:00.616", "5197626243", Some("v1")),
        ];
        let expected = "Liquibase History for jdbc:postgresql://h/d\n\n\
            - Database updated at 11/20/26, 6:00 PM. Applied 1 changeset(s), DeploymentId: 1\n  main.yaml::1::bob\n\n\
            - Database updated at 11/20/26, 6:00 PM. Applied 2 changeset(s) in 0.116s, DeploymentId: 5197626243\n  \
            main.yaml::2::bob\n  main.yaml::3::bob\n\n";
        assert_eq!(history(&rows, |h| h.text()), expected);
        assert_eq!(history(&[], |h| h.text()), "Liquibase History for jdbc:postgresql://h/d\n\nNo changesets deployed\n");
    }
}
