//! The words that an SQL text begins with; a light look at what it is, where no lexer of a whole script is needed.

/// The words, quoted names and single characters of a text; blanks and comments are between them.
#[derive(Debug, Clone)]
pub struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    /// The words of a text from its beginning.
    pub fn new(text: &'t str) -> Self {
        Words { text, at: 0 }
    }

    /// What stands behind the last word.
    pub fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Where the blanks and comments from here on end.
    pub fn blank_end(&self) -> usize {
        let mut rest = self.rest();
        loop {
            let trimmed = rest.trim_start();
            let comment = if trimmed.starts_with("--") {
                Some(trimmed.find('\n').map_or(trimmed.len(), |n| n + 1))
            } else if trimmed.starts_with("/*") {
                Some(trimmed.find("*/").map_or(trimmed.len(), |n| n + 2))
            } else {
                None
            };
            match comment.and_then(|n| trimmed.get(n..)) {
                Some(behind) => rest = behind,
                None => return self.text.len() - trimmed.len(),
            }
        }
    }

    /// The next word.
    pub fn word(&mut self) -> Option<&'t str> {
        self.at = self.blank_end();
        let rest = self.rest();
        let first = rest.chars().next()?;
        let closing = match first {
            '"' | '`' => Some(first),
            '[' => Some(']'),
            _ => None,
        };
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
        let length = match closing.and_then(|c| rest.get(1..)?.find(c)) {
            Some(end) => end + 2,
            None if is_part(first) => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
            None => first.len_utf8(),
        };
        self.at += length;
        rest.get(..length)
    }

    /// Takes these words, if all of them stand here.
    pub fn skip_words(&mut self, expected: &[&str]) {
        let start = self.at;
        if !expected.iter().all(|w| self.word().is_some_and(|n| n.eq_ignore_ascii_case(w))) {
            self.at = start;
        }
    }

    /// The parts of a name between dots.
    pub fn name(&mut self) -> Vec<&'t str> {
        let mut parts: Vec<&str> = self.word().into_iter().collect();
        while self.rest().starts_with('.') {
            self.at += 1;
            parts.extend(self.word());
        }
        parts
    }
}

/// The first words of a text in upper case, names in quotes as they are, up to so many.
pub fn leading_words(text: &str, most: usize) -> Vec<String> {
    let mut words = Words::new(text);
    std::iter::from_fn(|| words.word()).take(most).map(|word| if is_quoted(word) { word.to_owned() } else { word.to_uppercase() }).collect()
}

fn is_quoted(word: &str) -> bool {
    word.starts_with(['"', '`', '['])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blanks_are_between_words() {
        assert_eq!(
            leading_words("-- x\n create /* y */ Unique\nindex \"Concurrently\"", 9),
            ["CREATE", "UNIQUE", "INDEX", "\"Concurrently\""]
        );
        assert_eq!(leading_words("a b c", 2), ["A", "B"]);
        assert!(leading_words("-- nothing", 3).is_empty());
    }
}
