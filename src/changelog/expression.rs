//! Context and label expressions (filters §1, §2, §4).
//!
//! Where Liquibase 4.28 and 5 differ, this follows 5:
//! - commas inside parentheses of a context expression do not split it;
//! - a runtime context `@a` equals `a`, and while one is required changesets without contexts do not run;
//! - runtime contexts may be expressions over the contexts of the changeset;
//! - `nocontexts` stands for the absence of contexts;
//! - labels of includes join those of the changeset.
//!
//! The language itself is the same in both: names, `and`, `or` or a comma, `not` or `!`, `@` for a required name, and
//! parentheses. Names may contain blanks, and nothing is an error but an opening parenthesis that is not closed.

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

/// What a group in parentheses becomes. Upper case, so that no name equals it: expressions are in lower case.
const TRUE: &str = ":TRUE";
const FALSE: &str = ":FALSE";

/// Matches one alternative of an expression, in lower case, with a set of items.
fn matches(expression: &str, items: &[String]) -> Result<bool, ExpressionError> {
    reduce(expression, |group| operand(group, items)).map(|flat| combined(&flat, items))
}

/// Checks that every opening parenthesis is closed.
fn check(alternatives: &[String]) -> Result<(), ExpressionError> {
    alternatives.iter().try_for_each(|a| reduce(a, |_| true).map(|_| ()))
}

/// Replaces each group in parentheses by the word of its value, innermost first. A closing parenthesis that closes
/// nothing is part of a name.
fn reduce(expression: &str, value_of: impl Fn(&str) -> bool) -> Result<String, ExpressionError> {
    let mut outer: Vec<String> = Vec::new();
    let mut text = String::new();
    for c in expression.trim().chars() {
        match c {
            '(' => outer.push(std::mem::take(&mut text)),
            ')' if !outer.is_empty() => {
                let word = if value_of(&text) { TRUE } else { FALSE };
                text = outer.pop().unwrap_or_default();
                text.extend([" ", word, " "]);
            }
            other => text.push(other),
        }
    }
    if outer.is_empty() { Ok(text) } else { Err(ExpressionError(expression.trim().to_owned())) }
}

/// The value of a part: a group, or a text without groups.
fn operand(text: &str, items: &[String]) -> bool {
    match text.trim() {
        TRUE => true,
        FALSE => false,
        other => combined(other, items),
    }
}

/// The value of a text without parentheses. It may be a lone group: then, as in Liquibase, it is true whenever there
/// are no items, whatever the group says.
fn combined(text: &str, items: &[String]) -> bool {
    let text = text.trim().split(',').map(str::trim).collect::<Vec<_>>().join(" or ");
    let any = split_word(&text, "or");
    if any.len() > 1 {
        return any.iter().any(|part| operand(part, items));
    }
    let all = split_word(&text, "and");
    if all.len() > 1 {
        return all.iter().all(|part| operand(part, items));
    }
    name_matches(text.trim(), items)
}

/// Matches one name, with its signs. Both sides are in lower case.
fn name_matches(name: &str, items: &[String]) -> bool {
    let mut name = name;
    let mut negated = false;
    if let Some(rest) = strip_not(name) {
        (negated, name) = (true, rest);
    } else if let Some(rest) = name.strip_prefix('@').and_then(|rest| strip_not(rest.trim_start())) {
        // `@!a` is `!a`.
        (negated, name) = (true, rest);
    }
    let required = name.strip_prefix('@').map(str::trim);
    let name = required.unwrap_or(name);
    if required.is_none() && name.eq_ignore_ascii_case("nocontexts") {
        return items.is_empty() != negated;
    }
    if required.is_none() && items.is_empty() {
        return true;
    }
    match name {
        TRUE => !negated,
        FALSE => negated,
        _ => items.iter().any(|item| item.strip_prefix('@').unwrap_or(item) == name) != negated,
    }
}

/// What stands behind `!` or `not `, trimmed.
fn strip_not(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('!').or_else(|| {
        let (head, tail) = text.split_at_checked(4)?;
        head.eq_ignore_ascii_case("not ").then_some(tail)
    })?;
    Some(rest.trim())
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
        ContextExpression { alternatives: split_commas(&text.to_lowercase(), true), original: text.to_owned() }
    }

    /// The text as written.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.alternatives.is_empty()
    }

    /// Checks that it can be parsed, all of it: matching stops at the first alternative that is true.
    ///
    /// # Errors
    /// When a parenthesis is not closed.
    pub fn check(&self) -> Result<(), ExpressionError> {
        check(&self.alternatives)
    }

    /// The contexts of a changeset as they are recorded, its own and inherited ones: joined with `AND`, each in
    /// parentheses when it has a comma or a blank, be it around it (changelog-formats §9); `None` when there are none.
    pub fn join(inherited: &[ContextExpression], own: &ContextExpression) -> Option<String> {
        let parts: Vec<String> = inherited
            .iter()
            .chain([own])
            .filter(|c| !c.is_empty())
            .map(ContextExpression::original)
            .map(|c| if c.contains([',', ' ']) { format!("({c})") } else { c.to_owned() })
            .collect();
        (!parts.is_empty()).then(|| parts.join(" AND ").trim().to_owned())
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

    /// Checks that all of it can be parsed.
    ///
    /// # Errors
    /// When a parenthesis is not closed.
    pub fn check(&self) -> Result<(), ExpressionError> {
        check(&self.items)
    }

    /// Whether changesets without contexts run: not when a context is required (`@a`) or is `nocontexts`.
    fn lets_plain_pass(&self) -> bool {
        !self.items.iter().any(|i| i.trim_start_matches('(').trim_start().starts_with('@') || i.contains("nocontexts"))
    }

    /// Whether a changeset with these own and inherited contexts runs (filters §2, Liquibase 5): either its own
    /// expression matches the runtime contexts, or these, read as expressions, match its contexts; and each inherited
    /// expression matches the runtime contexts.
    ///
    /// # Errors
    /// When an expression cannot be parsed.
    pub fn accepts(&self, own: &ContextExpression, inherited: &[ContextExpression]) -> Result<bool, ExpressionError> {
        let accepted = own.matches(self)? || self.matches_contexts_of(own, inherited)?;
        for level in inherited {
            if !level.is_empty() && !level.matches(self)? {
                return Ok(false);
            }
        }
        Ok(accepted)
    }

    /// The runtime contexts as expressions over the contexts of a changeset, which are the parts of the text that is
    /// recorded for it. So only a changeset with one plain context has a name that an expression can find.
    fn matches_contexts_of(&self, own: &ContextExpression, inherited: &[ContextExpression]) -> Result<bool, ExpressionError> {
        let recorded = ContextExpression::join(inherited, own).unwrap_or_default();
        let names = split_commas(&recorded.to_lowercase(), true);
        for expression in &self.items {
            if matches(expression, &names)? {
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
    /// Reads a comma list; letter case is dropped, order kept. A label counts once. One that is empty is recorded (no filter
    /// finds it), but not at the end of the list: there Java's `split` drops it.
    pub fn parse(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        let mut labels: Vec<String> = Vec::new();
        for label in text.trim_end_matches(',').split(',').map(str::trim) {
            if !labels.iter().any(|l| l == label) {
                labels.push(label.to_owned());
            }
        }
        if labels.iter().all(String::is_empty) { Labels::default() } else { Labels(labels) }
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

    /// Checks that all of it can be parsed.
    ///
    /// # Errors
    /// When a parenthesis is not closed.
    pub fn check(&self) -> Result<(), ExpressionError> {
        check(&self.alternatives)
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
    use proptest::prelude::*;

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

    fn accepted(own: &str, runtime: &str) -> bool {
        RuntimeContexts::parse(runtime).accepts(&ContextExpression::parse(own), &[]).unwrap()
    }

    /// filters §2, the table of Liquibase 5. Its last column is headed `not b`, but holds what `not a` gives: by the
    /// rules of §1 `not b` and `!b` are the same, and both let a changeset with the context `a` run.
    #[test]
    fn runtime_contexts_may_be_expressions() {
        let columns = ["", "a", "b", "!a", "a and b", "(a or b) and !c", "@a", "not a"];
        for (own, row) in [("", "TTTTTTFT"), ("a", "TTFFFTTF"), ("!a", "TFTTTTFT"), ("@a", "FTFFFTTF"), ("a and b", "TFFTFFFT")] {
            for (column, expected) in columns.iter().zip(row.chars()) {
                assert_eq!(accepted(own, column), expected == 'T', "own {own:?}, runtime {column:?}");
            }
        }
        assert!(accepted("a", "not b") && accepted("a", "!b") && !accepted("b", "not b"));
    }

    #[test]
    fn nocontexts_selects_what_has_no_contexts() {
        assert!(accepted("", "nocontexts") && !accepted("a", "nocontexts"));
        assert!(!accepted("", "!nocontexts") && accepted("a", "!nocontexts"));
    }

    #[test]
    fn inherited_contexts_must_all_match() {
        let inherited = [ContextExpression::parse("deploy"), ContextExpression::parse("x or y")];
        let own = ContextExpression::parse("a");
        let accepts = |runtime: &str| RuntimeContexts::parse(runtime).accepts(&own, &inherited).unwrap();
        assert!(accepts("deploy,x,a") && accepts(""));
        assert!(!accepts("deploy,a") && !accepts("x,a") && !accepts("deploy,x"));
    }

    #[test]
    fn recorded_contexts_are_joined() {
        let join = |inherited: &[&str], own: &str| {
            let inherited: Vec<_> = inherited.iter().map(|c| ContextExpression::parse(c)).collect();
            ContextExpression::join(&inherited, &ContextExpression::parse(own))
        };
        assert_eq!(join(&["deploy"], "a or b").as_deref(), Some("deploy AND (a or b)"));
        assert_eq!(join(&["deep or x", "fileCtx"], "ctx1").as_deref(), Some("(deep or x) AND fileCtx AND ctx1"));
        assert_eq!(join(&[""], ""), None);
    }

    /// filters §1: what is named below the rules.
    #[test]
    fn oddities_hold() {
        let one = |e: &str, runtime: &str| ContextExpression::parse(e).matches(&RuntimeContexts::parse(runtime)).unwrap();
        assert!(!one("a or ", "a") && one("a or", "a or"));
        assert!(one("or", "or") && !one("or", "a"));
        assert!(one("(x)", "") && !one("@x", "") && one("(@x)", "") && !one("(@x) and y", ""));
        assert!(one("(a)", "a") && !one("(a)", "b") && one("((a))", "a"));
        assert!(!one("all", "a") && !one("*", "a") && !one("'a'", "a"));
        assert!(one("(a, b) and c", "b,c"));
        assert!(one("a", "@a"));
        assert!(one("A AND Not B", "a"));
        assert!(one("a\tand\nb", "a,b"));
        assert!(!one("a)", "a"));
        assert_eq!(RuntimeContexts::parse("\\@a\\").items, ["@a"]);
        let parse = ContextExpression::parse;
        assert_eq!(parse(" A, (B or C) ").original(), " A, (B or C) ");
        // As Liquibase 4.28 records them.
        let joined = |outer: &str, own: &str| ContextExpression::join(&[parse(outer)], &parse(own));
        assert_eq!(joined("", " x ").as_deref(), Some("( x )"));
        assert_eq!(joined("\ta", "\tb").as_deref(), Some("a AND \tb"));
        assert_eq!(joined(",", " "), None);
        let labels = |text| Labels::parse(text).iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(labels("A,b,,c,"), ["a", "b", "", "c"]);
        assert_eq!(labels(",b , a,B"), ["", "b", "a"]);
        assert!(labels(" , ").is_empty());
    }

    #[test]
    fn unclosed_parentheses_are_errors_wherever_they_are() {
        for text in ["a(", "a and (b", "x, (a", "((a)", ")("] {
            assert!(ContextExpression::parse(text).check().is_err(), "{text}");
        }
        assert_eq!(ContextExpression::parse("a and (b").check().unwrap_err().to_string(), "Cannot parse expression a and (b");
        assert!(LabelFilter::parse("(a,b)").check().is_err() && RuntimeContexts::parse("(a,b)").check().is_ok());
        // Deep nesting takes neither much time nor much stack.
        let n = 100_000;
        let deep = format!("{}a{}", "(".repeat(n), ")".repeat(n));
        assert!(ContextExpression::parse(&deep).matches(&RuntimeContexts::parse("a")).unwrap());
    }

    proptest! {
        #[test]
        fn no_input_panics(expression in "[ab@!(), \tnotrdé:TRUE]{0,40}", items in "[ab@, ]{0,6}") {
            let runtime = RuntimeContexts::parse(&items);
            let parsed = ContextExpression::parse(&expression);
            if parsed.check().is_ok() {
                prop_assert!(parsed.matches(&runtime).is_ok());
            }
            let _ = runtime.accepts(&parsed, &[]);
            let _ = LabelFilter::parse(&expression).matches(&Labels::parse(&items));
        }

        #[test]
        fn a_name_and_its_negation_differ(name in "[ac-m]{1,4}", items in "[a-m]{1,2}(,[a-m]{1,2}){0,3}") {
            let runtime = RuntimeContexts::parse(&items);
            let matches = |text: &str| ContextExpression::parse(text).matches(&runtime).unwrap();
            prop_assert_ne!(matches(&name), matches(&format!("!{name}")));
            prop_assert_eq!(matches(&format!("!{name}")), matches(&format!("not ({name})")));
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
