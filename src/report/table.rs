//! Tables drawn with characters, as `history` and the verbose summary have them.

/// Draws a table: a head, then rows, each followed by a rule. Cells wrap at the width of their column.
pub fn draw(head: &[&str], rows: &[Vec<String>], widest: &[usize]) -> String {
    let wrapped: Vec<Vec<Vec<String>>> =
        rows.iter().map(|r| r.iter().enumerate().map(|(i, c)| wrap(c, widest.get(i).copied().unwrap_or(60))).collect()).collect();
    let widths: Vec<usize> = head
        .iter()
        .enumerate()
        .map(|(i, h)| {
            let cells = wrapped.iter().filter_map(|r| r.get(i)).flatten().map(|l| l.chars().count());
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

    #[test]
    fn cells_are_padded_and_wrapped() {
        let drawn = draw(&["A", "Reason"], &[vec!["x::1::a".into(), "one\ntwo".into()]], &[60, 40]);
        let expected = "+---------+--------+\n| A       | Reason |\n+---------+--------+\n| x::1::a | one    |\n|         | two    |\n+---------+--------+\n";
        assert_eq!(drawn, expected);
    }
}
