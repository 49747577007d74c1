//! Tables drawn with characters, as `history` and the verbose summary have them.

/// Draws a table: a head, then rows, each followed by a rule. A column is as wide as its longest cell, line ends counted,
/// but not wider than `widest`; cells wrap there.
pub fn draw(head: &[&str], rows: &[Vec<String>], widest: &[usize]) -> String {
    let wrapped: Vec<Vec<Vec<String>>> =
        rows.iter().map(|r| r.iter().enumerate().map(|(i, c)| wrap(c, widest.get(i).copied().unwrap_or(60))).collect()).collect();
    let widths: Vec<usize> = head
        .iter()
        .enumerate()
        .map(|(i, h)| {
            let widest = widest.get(i).copied().unwrap_or(60);
            let cells = rows.iter().filter_map(|r| r.get(i)).map(|c| c.chars().count().min(widest));
            cells.chain([h.chars().count()]).max().unwrap_or(0)
        })
        .collect();
    let rule: String = widths.iter().map(|w| format!("+{}", "-".repeat(w + 2))).collect::<String>() + "+\n";
    let line = |cells: &[&str]| -> String {
        let body: String = widths
            .iter()
            .enumerate()
            .map(|(i, w)| {
                let cell = cells.get(i).copied().unwrap_or("");
                format!("| {cell}{} ", " ".repeat(w.saturating_sub(cell.chars().count())))
            })
            .collect();
        body + "|\n"
    };
    let mut out = rule.clone() + &line(head) + &rule;
    for row in &wrapped {
        let height = row.iter().map(Vec::len).max().unwrap_or(1);
        for n in 0..height {
            let cells: Vec<&str> = row.iter().map(|c| c.get(n).map_or("", String::as_str)).collect();
            out.push_str(&line(&cells));
        }
        out.push_str(&rule);
    }
    out
}

/// Cuts a text into lines of at most `width` characters, at its own line ends too.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut out = Vec::new();
    for line in text.split('\n') {
        let chars: Vec<char> = line.chars().collect();
        if chars.is_empty() {
            out.push(String::new());
        }
        out.extend(chars.chunks(width.max(1)).map(|c| c.iter().collect::<String>()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the recorded output of an update with `--show-summary=VERBOSE`.
    #[test]
    fn cells_are_padded_and_wrapped() {
        let rows = [
            vec!["rb.yaml::r8::a".to_owned(), "mismatched DBMS value of 'oracle'".to_owned()],
            vec!["rb.yaml::r7::a".to_owned(), "Context does not match 'prod'\nLabels does not match 'l9'".to_owned()],
        ];
        let expected = "\
+----------------+------------------------------------------+
| Changeset Info | Reason Skipped                           |
+----------------+------------------------------------------+
| rb.yaml::r8::a | mismatched DBMS value of 'oracle'        |
+----------------+------------------------------------------+
| rb.yaml::r7::a | Context does not match 'prod'            |
|                | Labels does not match 'l9'               |
+----------------+------------------------------------------+
";
        assert_eq!(draw(&["Changeset Info", "Reason Skipped"], &rows, &[60, 40]), expected);
    }
}
