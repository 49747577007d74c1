//! `dbms` lists (filters §3).

/// The entries of a comma list, trimmed; letter case is kept.
pub fn parse_list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|e| !e.is_empty()).map(str::to_owned).collect()
}

/// Whether a list lets a database pass; `when_empty` is the answer of an empty one.
pub fn matches(list: &[String], database: &str, when_empty: bool) -> bool {
    if list.is_empty() {
        return when_empty;
    }
    if list.iter().any(|e| e == "all") {
        return true;
    }
    if list.iter().any(|e| e == "none" || e.strip_prefix('!') == Some(database)) {
        return false;
    }
    let mut positives = list.iter().filter(|e| !e.starts_with('!')).peekable();
    positives.peek().is_none() || positives.any(|e| e == database)
}

/// Whether an entry, with or without its `!`, is the name of one of these databases, or stands for all or none of them.
pub fn is_known(entry: &str, databases: &[&str]) -> bool {
    let name = entry.trim_start_matches('!');
    matches!(name, "all" | "none" | "") || databases.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_cases_hold() {
        for (list, expected) in
            [("!h2,oracle", false), ("!oracle", true), ("all,!h2", true), ("none,h2", false), ("H2", false), ("h2, x", true)]
        {
            assert_eq!(matches(&parse_list(list), "h2", true), expected, "{list}");
        }
        assert!(matches(&[], "h2", true) && !matches(&[], "h2", false));
    }
}
