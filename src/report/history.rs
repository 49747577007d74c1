//! The ledger as `history` shows it (executor §7).

use super::table;
use crate::history::LedgerRow;
use serde_json::{Value, json};

/// Consecutive rows of one deployment.
fn deployments(rows: &[LedgerRow]) -> Vec<&[LedgerRow]> {
    rows.chunk_by(|a, b| a.deployment_id == b.deployment_id).collect()
}

/// Tables, one for each deployment. `date` prints a DATEEXECUTED.
pub fn tabular(rows: &[LedgerRow], url: &str, date: &dyn Fn(&str) -> String) -> String {
    let mut out = format!("Liquibase History for {url}\n\n");
    if rows.is_empty() {
        out.push_str("No changesets deployed\n");
    }
    for group in deployments(rows) {
        let head = ["Deployment ID", "Update Date", "Changelog Path", "Changeset Author", "Changeset ID", "Tag"];
        let cells: Vec<Vec<String>> = group
            .iter()
            .map(|r| {
                vec![
                    r.deployment_id.clone().unwrap_or_default(),
                    date(&r.date_executed),
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
pub fn text(rows: &[LedgerRow], url: &str, date: &dyn Fn(&str) -> String) -> String {
    let mut out = format!("Liquibase History for {url}\n\n");
    if rows.is_empty() {
        out.push_str("No changesets deployed\n");
    }
    for group in deployments(rows) {
        let first = group.first().map(|r| r.date_executed.as_str()).unwrap_or("");
        let id = group.first().and_then(|r| r.deployment_id.clone()).unwrap_or_default();
        out.push_str(&format!("- Database updated at {}. Applied {} changeset(s), DeploymentId: {id}\n", date(first), group.len()));
        for row in group {
            out.push_str(&format!("  {}::{}::{}\n", row.filename, row.id, row.author));
        }
        out.push('\n');
    }
    out
}

/// All rows as JSON objects.
pub fn json(rows: &[LedgerRow]) -> Value {
    Value::Array(
        rows.iter()
            .map(|r| {
                json!({
                    "id": r.id,
                    "author": r.author,
                    "path": r.filename,
                    "dateExecuted": r.date_executed,
                    "orderExecuted": r.order_executed,
                    "execType": r.exec_type,
                    "md5sum": r.checksum.as_ref().map(ToString::to_string),
                    "description": r.description,
                    "comments": r.comments,
                    "tag": r.tag,
                    "liquibase": r.liquibase,
                    "contexts": r.contexts,
                    "labels": r.labels,
                    "deploymentId": r.deployment_id,
                })
            })
            .collect(),
    )
}
