//! The ledger of an offline run: a CSV file with the columns of the table (executor §5.5).

use super::LedgerRow;
use crate::changelog::checksum::Checksum;
use std::path::Path;

const HEADER: [&str; 14] = [
    "ID",
    "AUTHOR",
    "FILENAME",
    "DATEEXECUTED",
    "ORDEREXECUTED",
    "EXECTYPE",
    "MD5SUM",
    "DESCRIPTION",
    "COMMENTS",
    "TAG",
    "LIQUIBASE",
    "CONTEXTS",
    "LABELS",
    "DEPLOYMENT_ID",
];

/// Reads the rows; a file that does not exist has none.
///
/// # Errors
/// When the file cannot be read or is no such CSV file; the text names it.
pub fn read(file: &Path) -> Result<Vec<LedgerRow>, String> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let bad = |e: &dyn std::fmt::Display| format!("the history file {} cannot be read: {e}", file.display());
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(file).map_err(|e| bad(&e))?;
    let header = reader.headers().map_err(|e| bad(&e))?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| bad(&e))?;
        let get = |name: &str| -> Option<String> {
            let at = header.iter().position(|h| h.eq_ignore_ascii_case(name))?;
            record.get(at).map(str::to_owned)
        };
        let some = |name: &str| get(name).filter(|t| !t.is_empty());
        rows.push(LedgerRow {
            id: get("ID").unwrap_or_default(),
            author: get("AUTHOR").unwrap_or_default(),
            filename: get("FILENAME").unwrap_or_default(),
            date_executed: get("DATEEXECUTED").unwrap_or_default(),
            order_executed: get("ORDEREXECUTED").and_then(|t| t.trim().parse().ok()).unwrap_or(0),
            exec_type: get("EXECTYPE").unwrap_or_default(),
            checksum: some("MD5SUM").and_then(|t| Checksum::parse(&t)),
            description: get("DESCRIPTION"),
            comments: get("COMMENTS"),
            tag: some("TAG"),
            liquibase: get("LIQUIBASE"),
            contexts: get("CONTEXTS"),
            labels: get("LABELS"),
            deployment_id: get("DEPLOYMENT_ID"),
        });
    }
    Ok(rows)
}

/// Writes the rows, every field in quotes. The file is replaced as a whole, so that a crash leaves the old one.
///
/// # Errors
/// When the file cannot be written; the text names it.
pub fn write(file: &Path, rows: &[LedgerRow]) -> Result<(), String> {
    let bad = |e: &dyn std::fmt::Display| format!("the history file {} cannot be written: {e}", file.display());
    let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
    writer.write_record(HEADER).map_err(|e| bad(&e))?;
    for r in rows {
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        let record = [
            r.id.clone(),
            r.author.clone(),
            r.filename.clone(),
            r.date_executed.clone(),
            r.order_executed.to_string(),
            r.exec_type.clone(),
            r.checksum.as_ref().map(ToString::to_string).unwrap_or_default(),
            text(&r.description),
            text(&r.comments),
            text(&r.tag),
            text(&r.liquibase),
            text(&r.contexts),
            text(&r.labels),
            text(&r.deployment_id),
        ];
        writer.write_record(&record).map_err(|e| bad(&e))?;
    }
    let bytes = writer.into_inner().map_err(|e| bad(&e))?;
    let temporary = file.with_extension("csv.tmp");
    std::fs::write(&temporary, bytes).map_err(|e| bad(&e))?;
    std::fs::rename(&temporary, file).map_err(|e| bad(&e))
}
