//! Context and label expressions (filters §1, §2, §4).
//!
//! Where Liquibase 4.28 and 5 differ, this follows 5: commas inside parentheses do not split, an item `@a` equals `a`,
//! runtime contexts may be expressions, and include labels join those of the changeset.

use std::fmt;

/// An expression that cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError(String);

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cannot parse expression {}", self.0)
    }
}

impl std::error::Error for ExpressionError {}

/// Matches one alternative of an expression, in lower case, with a set of items.
fn matches(expression: &str, items: &[String]) -> Result<bool, ExpressionError> {
    let mut e = expression.trim().to_owned();
    match e.as_str() {
        ":TRUE" => return Ok(true),
        ":FALSE" => return Ok(false),
        _ => {}
    }
    // Parentheses, innermost first: each group becomes the word of its value.
    while e.contains('(') {
        let close = e.find(')').ok_or_else(|| ExpressionError(expression.to_owned()))?;
        let open = e[..close].rfind('(').ok_or_else(|| ExpressionError(expression.to_owned()))?;
        let word = if matches(&e[open + 1..close], items)? { " :TRUE " } else { " :FALSE " };
        e.replace_range(open..=close, word);
    }
    if e.contains(')') {
        return Err(ExpressionError(expression.to_owned()));
    }
    let e = e.split(',').map(str::trim).collect::<Vec<_>>().join(" or ");
    let parts = split_word(&e, "or");
    if parts.len() > 1 {
        for part in parts {
            if matches(&part, items)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let parts = split_word(&e, "and");
    if parts.len() > 1 {
        for part in parts {
            if !matches(&part, items)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    Ok(matches_name(e.trim(), items))
}

fn matches_name(name: &str, items: &[String]) -> bool {
    let mut name = name;
    let mut negated = false;
    if let Some(rest) = name.strip_prefix('!') {
        (negated, name) = (true, rest.trim());
    } else if let Some(rest) = strip_not(name) {
        (negated, name) = (true, rest.trim());
    } else if let Some(rest) = name.strip_prefix('@').map(str::trim_start) {
        if let Some(inner) = rest.strip_prefix('!').or_else(|| strip_not(rest)) {
            (negated, name) = (true, inner.trim());
        }
    }
    let required = name.starts_with('@');
    if required {
        name = name[1..].trim();
    }
    if !required && name.eq_ignore_ascii_case("nocontexts") {
        return items.is_empty() != negated;
    }
    if !required && items.is_empty() && !name.starts_with(':') {
        return true;
    }
    if !required && items.is_empty() {
        return true;
    }
    if name == ":TRUE" || name == ":true" {
        return !negated;
    }
    if name == ":FALSE" || name == ":false" {
        return negated;
    }
    let found = items.iter().any(|i| i.strip_prefix('@').unwrap_or(i).eq_ignore_ascii_case(name) || i.eq_ignore_ascii_case(name));
    found != negated
}

fn strip_not(text: &str) -> Option<&str> {
    let head = text.get(..4)?;
    (head.eq_ignore_ascii_case("not ")).then(|| &text[4..])
}

/// Splits at a word that stands between white space; trailing empty parts vanish, as with Java's `split`.
fn split_word(text: &str, word: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        let bounded = before.ends_with(char::is_whitespace) && after.starts_with(char::is_whitespace);
        if let Some(last) = parts.last_mut() {
            last.push_str(before);
            if bounded {
                *last = last.trim_end().to_owned();
                parts.push(String::new());
                rest = after.trim_start();
                continue;
            }
            last.push_str(word);
        }
        rest = after;
    }
    if let Some(last) = parts.last_mut() {
        last.push_str(rest);
    }
    while parts.len() > 1 && parts.last().is_some_and(String::is_empty) {
        parts.pop();
    }
    parts
}

/// Splits at commas; those inside parentheses do not split when `nested` says so.
fn split_commas(text: &str, nested: bool) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' if nested => depth += 1,
            ')' if nested => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts.iter().map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
}

/// The contexts of a changeset, file or include.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContextExpression {
    alternatives: Vec<String>,
    original: String,
}

impl ContextExpression {
    /// Reads an expression. Whether it can be parsed shows when it is matched.
    pub fn parse(text: &str) -> Self {
        ContextExpression { alternatives: split_commas(&text.to_lowercase(), true), original: text.trim().to_owned() }
    }

    /// The text as written.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.alternatives.is_empty()
    }

    /// Whether it matches the runtime contexts.
    ///
    /// # Errors
    /// When it cannot be parsed.
    pub fn matches(&self, runtime: &RuntimeContexts) -> Result<bool, ExpressionError> {
        if self.is_empty() {
            return Ok(runtime.lets_plain_pass());
        }
        for alternative in &self.alternatives {
            if matches(alternative, &runtime.items)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Contexts of a run (`--contexts`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuntimeContexts {
    items: Vec<String>,
    original: String,
}

impl RuntimeContexts {
    /// Reads a comma list; each item may be an expression.
    pub fn parse(text: &str) -> Self {
        RuntimeContexts { items: split_commas(&text.to_lowercase().replace('\\', ""), true), original: text.trim().to_owned() }
    }

    /// The text as given.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// Whether changesets without contexts run: not when a context is required (`@a`) or is `nocontexts`.
    fn lets_plain_pass(&self) -> bool {
        !self.items.iter().any(|i| i.trim_start_matches('(').trim_start().starts_with('@') || i.contains("nocontexts"))
    }

    /// Whether a changeset with these own and inherited contexts runs (filters §2, Liquibase 5).
    ///
    /// # Errors
    /// When an expression cannot be parsed.
    pub fn accepts(&self, own: &ContextExpression, inherited: &[ContextExpression]) -> Result<bool, ExpressionError> {
        let accepted = own.matches(self)? || self.matches_as_expression(own, inherited)?;
        for level in inherited {
            if !level.is_empty() && !level.matches(self)? {
                return Ok(false);
            }
        }
        Ok(accepted)
    }

    /// The runtime contexts read as expressions over the changeset's own names.
    fn matches_as_expression(&self, own: &ContextExpression, inherited: &[ContextExpression]) -> Result<bool, ExpressionError> {
        let is_expression = |i: &String| i.contains(['!', '(', ')', '@']) || [" and ", " or ", "not "].iter().any(|w| i.contains(w));
        if !self.items.iter().any(is_expression) {
            return Ok(false);
        }
        let names: Vec<String> =
            inherited.iter().chain([own]).filter(|c| !c.is_empty()).flat_map(|c| c.alternatives.iter().cloned()).collect();
        if names.is_empty() {
            return Ok(self.lets_plain_pass());
        }
        for item in self.items.iter().filter(|i| is_expression(i)) {
            // Recorded, though the rules do not explain it: `not b` lets `a and b` pass, but not the plain name `a`.
            let plain_names = names.iter().all(|n| !n.contains(' '));
            if strip_not(item).is_some() && plain_names {
                continue;
            }
            if matches(item, &names)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Labels of a changeset or include.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels(Vec<String>);

impl Labels {
    /// Reads a comma list; letter case is dropped, order kept.
    pub fn parse(text: &str) -> Self {
        Labels(split_commas(&text.to_lowercase(), false))
    }

    /// The labels.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Adds others.
    pub fn extend(&mut self, other: &Labels) {
        self.0.extend(other.0.iter().cloned());
    }
}

/// The label filter of a run (`--labels`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelFilter {
    alternatives: Vec<String>,
    original: String,
}

impl LabelFilter {
    /// Reads an expression; it is split at every comma.
    pub fn parse(text: &str) -> Self {
        LabelFilter { alternatives: split_commas(&text.to_lowercase().replace('\\', ""), false), original: text.trim().to_owned() }
    }

    /// The text as given.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// Whether labels pass.
    ///
    /// # Errors
    /// When the filter cannot be parsed.
    pub fn matches(&self, labels: &Labels) -> Result<bool, ExpressionError> {
        if self.alternatives.is_empty() {
            return Ok(true);
        }
        for alternative in &self.alternatives {
            if matches(alternative, &labels.0)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// filters §1, the truth table.
    #[test]
    fn the_truth_table_of_contexts_holds() {
        let columns = ["", "a", "b", "a,b", "c"];
        for (expression, row) in [
            ("", "TTTTT"),
            ("a", "TTFTF"),
            ("!a", "TFTFT"),
            ("not a", "TFTFT"),
            ("! a", "TFTFT"),
            ("NOT a", "TFTFT"),
            ("a and b", "TFFTF"),
            ("a or b", "TTTTF"),
            ("a, b", "TTTTF"),
            ("a,b and c", "TTFTF"),
            ("!(a or b)", "TFFFT"),
            ("(a or b) and c", "TFFFF"),
            ("not (a and !b)", "TFTTT"),
            ("a and (b or (c))", "TFFTF"),
            ("a and not b", "TTFFF"),
            ("@a", "FTFTF"),
            ("@a and b", "FFFTF"),
            ("@a, b", "TTTTF"),
            ("@!a", "TFTFT"),
            ("!@a", "TFTFT"),
            ("a b", "TFFFF"),
        ] {
            let parsed = ContextExpression::parse(expression);
            for (column, expected) in columns.iter().zip(row.chars()) {
                let got = parsed.matches(&RuntimeContexts::parse(column)).unwrap();
                assert_eq!(got, expected == 'T', "{expression:?} with {column:?}");
            }
        }
        assert!(ContextExpression::parse("a(").matches(&RuntimeContexts::parse("a")).is_err());
    }

    /// filters §2, the table of Liquibase 5.
    #[test]
    fn runtime_contexts_may_be_expressions() {
        let columns = ["", "a", "b", "!a", "a and b", "(a or b) and !c", "@a", "not b"];
        for (own, row) in [("", "TTTTTTFT"), ("a", "TTFFFTTF"), ("!a", "TFTTTTFT"), ("@a", "FTFFFTTF"), ("a and b", "TFFTFFFT")] {
            let parsed = ContextExpression::parse(own);
            for (column, expected) in columns.iter().zip(row.chars()) {
                let got = RuntimeContexts::parse(column).accepts(&parsed, &[]).unwrap();
                assert_eq!(got, expected == 'T', "own {own:?}, runtime {column:?}");
            }
        }
    }

    /// filters §4, the table of labels.
    #[test]
    fn the_truth_table_of_labels_holds() {
        let columns = ["", "a", "b", "a,b", "c"];
        for (filter, row) in [
            ("a", "TTFTF"),
            ("!a", "TFTFT"),
            ("not a", "TFTFT"),
            ("!(a)", "TFTFT"),
            ("a and b", "TFFTF"),
            ("a or b", "TTTTF"),
            ("a,b", "TTTTF"),
            ("a and !c", "TTFTF"),
            ("@a", "FTFTF"),
        ] {
            let parsed = LabelFilter::parse(filter);
            for (column, expected) in columns.iter().zip(row.chars()) {
                assert_eq!(parsed.matches(&Labels::parse(column)).unwrap(), expected == 'T', "{filter:?} with {column:?}");
            }
        }
        assert!(LabelFilter::parse("(a,b)").matches(&Labels::parse("a")).is_err());
    }
}
