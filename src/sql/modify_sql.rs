//! Edits of rendered SQL (`modifySql`).

use super::java_regex::JavaRegex;

/// One edit of the text of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Puts a text behind.
    Append(String),
    /// Puts a text in front.
    Prepend(String),
    /// Replaces a text everywhere.
    Replace {
        /// What is replaced.
        what: String,
        /// What takes its place.
        with: String,
    },
    /// Replaces what matches a pattern.
    ReplacePattern(JavaRegex),
}

impl Edit {
    /// The edited text.
    pub fn apply(&self, text: &str) -> String {
        match self {
            Edit::Append(value) => format!("{text}{value}"),
            Edit::Prepend(value) => format!("{value}{text}"),
            Edit::Replace { what, with } => text.replace(what.as_str(), with),
            Edit::ReplacePattern(regex) => regex.replace_all(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits() {
        assert_eq!(Edit::Append(" end".into()).apply("select 2 end"), "select 2 end end");
        assert_eq!(Edit::Prepend("/* hi */ ".into()).apply("x"), "/* hi */ x");
        let replace = Edit::Replace { what: "CREATE".into(), with: "CREATE COLUMN".into() };
        assert_eq!(replace.apply("CREATE TABLE a"), "CREATE COLUMN TABLE a");
    }
}
