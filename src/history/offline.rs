//! The ledger of an offline run: a CSV file with the columns of the table (executor §5.5).

use super::LedgerRow;
use crate::changelog::checksum::Checksum;
use std::fmt;
use std::fs::File;
use std::io::{self, Write};
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

/// What names a changeset; every history has it.
const KEY: [&str; 3] = ["ID", "AUTHOR", "FILENAME"];

/// Reads the rows; a file that does not exist, or is empty, has none.
///
/// # Errors
/// When the file cannot be read or is no such CSV file; the text names it.
pub fn read(file: &Path) -> Result<Vec<LedgerRow>, String> {
    let bad = |e: &dyn fmt::Display| format!("the history file {} cannot be read: {e}", file.display());
    let bytes = match std::fs::read(file) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        bytes => bytes.map_err(|e| bad(&e))?,
    };
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header = reader.headers().map_err(|e| bad(&e))?.clone();
    let place = |name: &str| header.iter().position(|h| h.eq_ignore_ascii_case(name));
    if let Some(missing) = KEY.iter().find(|name| !bytes.is_empty() && place(name).is_none()) {
        return Err(bad(&format_args!("it has no column {missing}")));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| bad(&e))?;
        let get = |name: &str| place(name).and_then(|at| record.get(at)).map(str::to_owned);
        let some = |name: &str| get(name).filter(|t| !t.is_empty());
        let order = match some("ORDEREXECUTED").map(|text| text.trim().parse().map_err(|_| text)) {
            None => 0,
            Some(Ok(order)) => order,
            Some(Err(text)) => {
                let line = record.position().map_or(0, csv::Position::line);
                return Err(bad(&format_args!("line {line} has the ORDEREXECUTED `{text}`, which is no number")));
            }
        };
        rows.push(LedgerRow {
            id: get("ID").unwrap_or_default(),
            author: get("AUTHOR").unwrap_or_default(),
            filename: get("FILENAME").unwrap_or_default(),
            date_executed: get("DATEEXECUTED").unwrap_or_default(),
            order_executed: order,
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
    let bad = |e: &dyn fmt::Display| format!("the history file {} cannot be written: {e}", file.display());
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
    replace(file, &bytes).map_err(|e| bad(&e))
}

/// Puts a new content in the place of a file's old one, with its permissions; a link stays one.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = file.with_file_name(name);
    let written = (|| {
        let mut new = File::create(&temporary)?;
        if let Ok(old) = std::fs::metadata(&file) {
            new.set_permissions(old.permissions())?;
        }
        new.write_all(bytes)?;
        // A rename may reach the disk before the content does.
        new.sync_all()?;
        std::fs::rename(&temporary, &file)
    })();
    if written.is_err() {
        // The first error counts.
        let _ = std::fs::remove_file(&temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, order: i64) -> LedgerRow {
        LedgerRow { id: id.into(), author: "a".into(), filename: "c.sql".into(), order_executed: order, ..LedgerRow::default() }
    }

    #[test]
    fn rows_come_back_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.csv");
        assert_eq!(read(&file), Ok(Vec::new()));
        let first = LedgerRow {
            checksum: Checksum::parse("9:0123456789abcdef0123456789abcdef"),
            tag: Some("v1".into()),
            description: Some("a \"b\",\nc".into()),
            ..row("1", 2)
        };
        write(&file, &[first.clone(), row("2", 4)]).unwrap();
        let found = read(&file).unwrap();
        let kept = |r: &LedgerRow| (r.key(), r.order_executed, r.checksum.clone(), r.tag.clone(), r.description.clone());
        assert_eq!(found.iter().map(kept).collect::<Vec<_>>()[0], kept(&first));
        assert_eq!(found.iter().map(|r| r.order_executed).collect::<Vec<_>>(), [2, 4]);
        // Nothing else is left beside it.
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        // An empty file is a history without rows, as one that Liquibase has just made.
        std::fs::write(&file, "").unwrap();
        assert_eq!(read(&file), Ok(Vec::new()));
    }

    /// It would be taken for one, and be lost when the history is written.
    #[test]
    fn a_file_that_is_no_history_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("people.csv");
        for (text, why) in [
            ("id,name\n1,ann\n", "it has no column AUTHOR"),
            ("ID,AUTHOR,FILENAME\n1,a\n", "found record with 2 fields, but the previous record has 3 fields"),
            ("ID,AUTHOR,FILENAME,ORDEREXECUTED\n1,a,c.sql,many\n", "line 2 has the ORDEREXECUTED `many`, which is no number"),
        ] {
            std::fs::write(&file, text).unwrap();
            let told = read(&file).unwrap_err();
            assert!(told.starts_with(&format!("the history file {} cannot be read: ", file.display())) && told.ends_with(why), "{told}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_history_keeps_its_permissions_and_its_links() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("kept.csv"), folder.path().join("history.csv"));
        std::fs::write(&file, "").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, &[row("1", 1)]).unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(read(&file).unwrap().len(), 1);
    }
}
