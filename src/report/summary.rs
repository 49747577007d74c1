//! The summary of an update (executor §5.3).

use super::table;
use crate::exec::update::Summary;

/// The summary box; `verbose` adds a table with the reason of each changeset that was left out.
pub fn text(summary: &Summary, verbose: bool) -> String {
    let line = |label: &str, n: usize| format!("{:<25}{n:>6}\n", format!("{label}:"));
    let mut out = String::from("\nUPDATE SUMMARY\n");
    out.push_str(&line("Run", summary.run));
    out.push_str(&line("Previously run", summary.previously_run));
    out.push_str(&line("Filtered out", summary.filtered_out));
    out.push_str("-------------------------------\n");
    out.push_str(&line("Total change sets", summary.total));
    out.push('\n');
    if !summary.filtered.is_empty() {
        out.push_str("\nFILTERED CHANGE SETS SUMMARY\n");
        for (label, n) in &summary.filtered {
            out.push_str(&line(label, *n));
        }
        out.push('\n');
        if verbose {
            let rows: Vec<Vec<String>> = summary.details.iter().map(|(id, why)| vec![id.clone(), why.join("\n")]).collect();
            out.push_str(&table::draw(&["Changeset Info", "Reason Skipped"], &rows, &[60, 40]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_is_that_of_liquibase() {
        let summary =
            Summary { run: 2, previously_run: 3, filtered_out: 1, total: 6, filtered: vec![("Context mismatch", 1)], ..Summary::default() };
        let expected = "\nUPDATE SUMMARY\nRun:                          2\nPreviously run:               3\nFiltered out:                 1\n-------------------------------\nTotal change sets:            6\n\n\nFILTERED CHANGE SETS SUMMARY\nContext mismatch:             1\n\n";
        assert_eq!(text(&summary, false), expected);
    }
}
