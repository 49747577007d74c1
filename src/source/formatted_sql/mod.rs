//! Formatted SQL to the node tree (changelog-formats §5).
//!
//! The tree is what YAML would give: `databaseChangeLog` with `property` and `changeSet` nodes; a changeset has its
//! attributes, `comment`, `validCheckSum`, `preConditions`, one `sql` change and perhaps a `rollback`. Texts are as
//! written: `${…}` is expanded later, in every scalar, by the rules that hold for all formats.
//!
//! What YAML has no word for is said by nodes that no YAML key means ([`is_marker`]):
//!
//! * [`FORMATTED`] under `databaseChangeLog`: the changesets come from formatted SQL. Their paths are normalised
//!   fully, also logical ones, and rolling one back without a `rollback` has its own error text.
//! * [`STRIP_COMMENTS_DEFAULT`] and [`SPLIT_STATEMENTS_DEFAULT`] under a `changeSet`: the attribute was not written,
//!   so `modifyChangeSets` may set it. The `sql` node has the value `true` in any case, since that is the default
//!   of this format and not that of a `sql` change elsewhere.
//!
//! A `rollback` node is one of three things: without children and value, the rollback does nothing; with
//! `changeSetId`, `changeSetAuthor` and `changeSetPath` it takes the changes of that changeset; else it has one
//! `sql` child.

mod line;
mod precondition;
mod spelling;

use super::ROOT;
use super::limits::Limits;
use super::node::{Node, Scalar, ScalarKind};
use crate::diagnostic::{
    BAD_CHANGESET, Code, Diagnostic, Diagnostics, FORMATTED_SQL, IGNORED_ATTRIBUTE, IGNORED_ELEMENT, LIMIT, NOT_SUPPORTED,
};
use crate::span::{FileId, Span};
use line::{Pair, after_blank, directive, last, last_whole, skip_blanks};
use spelling::Slip;

pub use spelling::not_formatted;

/// Marker under `databaseChangeLog`: the changelog is formatted SQL.
pub const FORMATTED: &str = "#formattedSql";
/// Marker under `changeSet`: `stripComments` was not written.
pub const STRIP_COMMENTS_DEFAULT: &str = "#stripCommentsDefault";
/// Marker under `changeSet`: `splitStatements` was not written.
pub const SPLIT_STATEMENTS_DEFAULT: &str = "#splitStatementsDefault";

/// Whether a node name is that of a marker, which no attribute or element has.
pub fn is_marker(name: &str) -> bool {
    name.starts_with('#')
}

/// Whether a text is formatted SQL: its first line that is not blank is the header.
pub fn is_formatted(text: &str) -> bool {
    line::lines(text).find(|l| !l.trim_matches(|c| c <= ' ').is_empty()).is_some_and(is_header)
}

fn is_header(line: &str) -> bool {
    directive(line, true, "--", "liquibase").is_some_and(|rest| line::after(skip_blanks(rest), "formatted").is_some())
}

/// Reads formatted SQL; `path` is the path of the file, as changesets know it.
///
/// Problems: `FORMATTED_SQL` for a malformed directive, `BAD_CHANGESET` for a changeset without SQL, `LIMIT`. The
/// reader goes on after a problem, and gives what it could read.
pub fn read(file: FileId, path: &str, text: &str, limits: &Limits, problems: &mut Diagnostics) -> Option<Node> {
    let mut root = Node::new(ROOT, Span::new(file, 0, 0));
    root.span = Span::new(file, 0, text.len());
    root.children.push(Node::new(FORMATTED, Span::new(file, 0, 0)));
    let mut reader = Reader { file, path, text, problems, root, told_stray: false, open: None, nodes: 0 };
    let mut lines = line::lines(text).enumerate();
    while let Some((number, line)) = lines.next() {
        reader.line(number + 1, line, &mut lines.by_ref().map(|(_, line)| line));
        if reader.nodes > limits.max_nodes {
            let message = format!("the file has more than {} nodes", limits.max_nodes);
            let problem = Diagnostic::error(LIMIT, message).at(reader.span(line));
            reader.problems.push(problem);
            return None;
        }
    }
    reader.finish(true);
    Some(reader.root)
}

/// A changeset whose lines are being read.
struct Open<'a> {
    node: Node,
    sql: Node,
    body: String,
    body_span: Option<Span>,
    rollback: String,
    rollback_span: Option<Span>,
    preconditions: Option<Node>,
    rollback_split: Option<Pair<'a>>,
    rollback_delimiter: Option<Pair<'a>>,
    delimiter: bool,
}

impl Open<'_> {
    /// Adds a line of SQL.
    fn push(&mut self, line: &str, place: Span) {
        self.body.push_str(line);
        self.body.push('\n');
        self.body_span = Some(self.body_span.map_or(place, |s| s.to(place)));
        self.node.span = self.node.span.to(place);
    }
}

struct Reader<'a, 'p> {
    file: FileId,
    path: &'a str,
    text: &'a str,
    problems: &'p mut Diagnostics,
    root: Node,
    /// Whether text outside of changesets was told; once is enough.
    told_stray: bool,
    open: Option<Open<'a>>,
    nodes: usize,
}

impl<'a> Reader<'a, '_> {
    /// Where a piece of the text stands.
    fn span(&self, piece: &str) -> Span {
        let at = (piece.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if at <= self.text.len() { Span::new(self.file, at, at + piece.len()) } else { Span::new(self.file, 0, 0) }
    }

    fn leaf(&self, name: &str, pair: Pair<'_>) -> Node {
        let mut node = Node::new(name, self.span(pair.key));
        let value = self.span(pair.value);
        node.span = node.name_span.to(value);
        node.values.push(Scalar::text(pair.value, value));
        node
    }

    /// A truth value: what YAML has as a boolean, other words as they are.
    fn flag(&self, name: &str, pair: Pair<'_>) -> Node {
        let mut node = self.leaf(name, pair);
        for value in &mut node.values {
            if value.text.eq_ignore_ascii_case("true") || value.text.eq_ignore_ascii_case("false") {
                value.text.make_ascii_lowercase();
                value.kind = ScalarKind::Bool;
            }
        }
        node
    }

    fn malformed(&mut self, number: usize, line: &str, form: &str) {
        // A changeset that could not begin explains the text after it.
        self.told_stray = true;
        let message = format!(
            "Unexpected formatting in formatted changelog '{}' at line {number}. Formatted SQL changelogs require known formats, \
             such as '{form}' and others to be recognized and run.",
            self.path
        );
        let hint = "see https://docs.liquibase.com/concepts/changelogs/sql-format.html for all the options";
        self.problems.push(Diagnostic::error(FORMATTED_SQL, message).at(self.span(line)).hint(hint));
    }

    fn problem(&mut self, message: impl Into<String>, line: &str) {
        self.problems.push(Diagnostic::error(FORMATTED_SQL, message).at(self.span(line)));
    }

    fn slip(&mut self, code: Code, slip: Slip<'_>) {
        let told = Diagnostic::warning(code, slip.message).at(self.span(slip.text));
        self.problems.push(match slip.hint {
            Some(hint) => told.hint(hint),
            None => told,
        });
    }

    /// Tells what of the attributes of a directive has no effect.
    fn slips(&mut self, keys: &spelling::Keys, attributes: &str) {
        for slip in spelling::attributes(keys, attributes) {
            self.slip(IGNORED_ATTRIBUTE, slip);
        }
    }

    /// Tells of a comment that looks like a directive.
    fn misspelt(&mut self, line: &str) {
        if let Some(slip) = spelling::directive(line) {
            self.slip(IGNORED_ELEMENT, slip);
        }
    }

    /// Reads one line; `more` gives the lines after it, which blocks take.
    fn line(&mut self, number: usize, line: &'a str, more: &mut dyn Iterator<Item = &'a str>) {
        let place = self.span(line);
        if !skip_blanks(line).starts_with(['-', '/']) {
            // Most lines are no directive.
            if let Some(open) = &mut self.open {
                open.push(line, place);
            } else if !line.trim().is_empty() && !self.told_stray {
                self.told_stray = true;
                let message = "what stands before the first changeset is ignored";
                let hint = "a changeset begins with `--changeset author:id`";
                self.problems.push(Diagnostic::warning(IGNORED_ELEMENT, message).at(place).hint(hint));
            }
            return;
        }
        if let Some(rest) = directive(line, true, "--", "property").filter(|r| is_property(r)) {
            self.property(line, rest);
        } else if is_dashed_property(line) {
            self.malformed(number, line, "--property name=<property name> value=<property value>");
        } else if let Some(count) = directive(line, false, "--", "ignoreLines:").filter(|r| is_one_word(r)) {
            self.ignore_lines(number, line, count, more);
        } else if directive(line, false, "--", "ignore:").is_some_and(is_one_word)
            || directive(line, false, "-", "ignoreLines:").is_some_and(|r| line::word(r).is_some())
        {
            self.malformed(number, line, "--ignoreLines:<count|start>");
        } else if let Some(rest) = directive(line, true, "--", "changeset") {
            self.changeset(number, line, rest);
        } else if directive(line, false, "-", "changeset").and_then(after_blank).is_some() {
            self.malformed(number, line, "--changeset <authorname>:<changesetId>");
        } else if let Some(open) = self.open.take() {
            // A header may come late; inside a changeset it is SQL text as well.
            self.header(line);
            self.open = Some(self.body_line(number, line, open, more));
        } else if comment(line, "--", "comment").is_some() {
            let message = format!(
                "Unexpected formatting at line {number}. Formatted SQL changelogs do not allow comment lines outside of changesets."
            );
            self.problem(message, line);
        } else if !self.refuse_licensed(line) {
            self.misspelt(line);
            self.header(line);
        }
    }

    /// Takes the logical path of a header; the first one that is written counts.
    fn header(&mut self, line: &str) {
        if is_header(line) && self.root.child("logicalFilePath").is_none() {
            let node = last(line, "logicalFilePath", line::run).map(|pair| self.leaf("logicalFilePath", pair));
            self.root.children.extend(node);
        }
    }

    /// Reports a directive that only the licensed Java product knows; says whether it did.
    fn refuse_licensed(&mut self, line: &str) -> bool {
        let Some(what) = licensed(line) else { return false };
        let message = format!("{what} is a directive of the licensed Java product; it is not supported");
        self.problems.push(Diagnostic::error(NOT_SUPPORTED, message).at(self.span(line)));
        true
    }

    fn property(&mut self, line: &'a str, rest: &'a str) {
        self.slips(&spelling::PROPERTY, rest);
        let mut node = Node::new("property", self.span(word_before(line, rest, "property")));
        node.span = self.span(line);
        let leaf = |name, pair: Option<Pair<'_>>| pair.map(|p| self.leaf(name, p));
        node.children.extend(leaf("name", last(line, "name", line::next_run)));
        node.children.extend(leaf("value", last(line, "value", line::next_run)));
        node.children.extend(self.context(line));
        node.children.extend(last(line, "labels", line::quoted_or_run).map(|p| self.unquoted("labels", p)));
        node.children.extend(leaf("dbms", last(line, "dbms", line::dbms)));
        node.children.extend(last(line, "global", line::full_run).map(|p| self.flag("global", p)));
        self.nodes += 1 + node.children.len();
        self.root.children.push(node);
    }

    fn unquoted(&self, name: &str, pair: Pair<'_>) -> Node {
        self.leaf(name, Pair { value: line::unquote(pair.value), ..pair })
    }

    /// `contextFilter` if it has any text, be it `""`; else `context`.
    fn context(&self, line: &str) -> Option<Node> {
        if let Some(pair) = last(line, "contextFilter", line::quoted_or_run).filter(|p| !p.value.is_empty()) {
            return Some(self.unquoted("contextFilter", pair));
        }
        last(line, "context", line::quoted_or_run).map(|pair| self.unquoted("context", pair))
    }

    fn ignore_lines(&mut self, number: usize, line: &'a str, count: &str, more: &mut dyn Iterator<Item = &'a str>) {
        if count == "start" {
            for (passed, line) in more.enumerate() {
                if directive(line, false, "--", "ignoreLines:").is_some_and(|r| r == "end") {
                    return;
                }
                if directive(line, false, "-", "ignoreLines:").is_some_and(|r| line::word(r).is_some()) {
                    self.malformed(number + passed + 1, line, "--ignoreLines:end");
                }
            }
            let message = "there is no --ignoreLines:end: the rest of the file is ignored";
            self.problems.push(Diagnostic::warning(IGNORED_ELEMENT, message).at(self.span(line)));
        } else if let Ok(count) = count.parse::<usize>() {
            for _ in 0..count {
                if more.next().is_none() {
                    return;
                }
            }
        } else {
            self.problem(format!("Unknown ignoreLines syntax: \"{count}\""), line);
        }
    }

    fn changeset(&mut self, number: usize, line: &'a str, rest: &'a str) {
        let Some((author, id)) = identity(rest) else {
            self.malformed(number, line, "--changeset <authorname>:<changesetId>");
            return self.finish(false);
        };
        self.finish(false);
        let attributes = rest.get((id.as_ptr() as usize - rest.as_ptr() as usize) + id.len()..).unwrap_or_default();
        self.slips(&spelling::CHANGESET, attributes);
        let mut node = Node::new("changeSet", self.span(word_before(line, rest, "changeset")));
        node.span = self.span(line);
        let part = |name, value| {
            let value = line::unquote(value);
            Node::leaf(name, value, self.span(value))
        };
        node.children.push(part("id", id));
        node.children.push(part("author", author));
        let flag = |name| last(line, name, line::word).map(|p| self.flag(name, p));
        node.children.extend(["runOnChange", "runAlways", "runInTransaction", "failOnError"].into_iter().filter_map(flag));
        node.children.extend(self.context(line));
        node.children.extend(last(line, "labels", line::quoted_or_run).map(|p| self.unquoted("labels", p)));
        node.children.extend(last(line, "dbms", line::dbms).map(|p| self.leaf("dbms", p)));
        node.children.extend(flag("ignore"));
        let path = last(line, "logicalFilePath", line::full_run);
        node.children.extend(path.map(|p| self.leaf("logicalFilePath", p)));
        node.children.extend(last(line, "runWith", line::executor).map(|p| self.leaf("runWith", p)));
        node.children.extend(last(line, "runWithSpoolFile", line::rest).map(|p| self.leaf("runWithSpoolFile", p)));

        let mut sql = Node::new("sql", node.name_span);
        sql.span = node.span;
        for (name, marker) in [("splitStatements", SPLIT_STATEMENTS_DEFAULT), ("stripComments", STRIP_COMMENTS_DEFAULT)] {
            match flag(name) {
                Some(written) => sql.children.push(written),
                None => {
                    let mut standard = Node::leaf(name, "true", node.name_span);
                    standard.values.iter_mut().for_each(|v| v.kind = ScalarKind::Bool);
                    sql.children.push(standard);
                    node.children.push(Node::new(marker, node.name_span));
                }
            }
        }
        let delimiter = last_whole(line, "endDelimiter", line::run);
        sql.children.extend(delimiter.map(|p| self.leaf("endDelimiter", p)));
        self.nodes += 2 + node.children.len() + sql.children.len();
        self.open = Some(Open {
            node,
            sql,
            body: String::new(),
            body_span: None,
            rollback: String::new(),
            rollback_span: None,
            preconditions: None,
            rollback_split: last(line, "rollbackSplitStatements", line::word),
            rollback_delimiter: last_whole(line, "rollbackEndDelimiter", line::run),
            delimiter: delimiter.is_some(),
        });
    }

    /// Reads a line inside a changeset.
    fn body_line(&mut self, number: usize, line: &'a str, mut open: Open<'a>, more: &mut dyn Iterator<Item = &'a str>) -> Open<'a> {
        let extend = |span: &mut Option<Span>, more: Span| *span = Some(span.map_or(more, |s| s.to(more)));
        let here = self.span(line);
        if let Some(text) = comment(line, "--", "comment") {
            open.node.children.retain(|c| *c.name != *"comment");
            open.node.children.push(Node::leaf("comment", text, self.span(text)));
            self.nodes += 1;
        } else if comment(line, "--", "comments").is_some() || comment(line, "-", "comment").is_some() {
            self.malformed(number, line, "--comment <comment>");
        } else if let Some(sum) = comment(line, "--", "validCheckSum") {
            open.node.children.push(Node::leaf("validCheckSum", sum, self.span(sum)));
            self.nodes += 1;
        } else if directive(line, false, "-", "validCheckSum").is_some() {
            self.malformed(number, line, "--validChecksum <checksum>");
        } else if let Some(text) = directive(line, true, "--", "rollback").and_then(|r| r.strip_prefix(' ')) {
            open.rollback.push_str(text);
            open.rollback.push('\n');
            extend(&mut open.rollback_span, self.span(text));
        } else if directive(line, true, "-", "rollback").and_then(after_blank).is_some() {
            self.malformed(number, line, "--rollback <rollback SQL>");
        } else if is_rollback_block(line) {
            self.rollback_block(line, &mut open, more);
        } else if let Some(text) = directive(line, true, "--", "preconditions") {
            let mut node = Node::new("preConditions", here);
            self.slips(&spelling::PRECONDITIONS, text);
            match precondition::options(text) {
                Ok(options) => node.children.extend(options.into_iter().map(|(name, pair)| self.leaf(name, pair))),
                Err(message) => self.problem(message, line),
            }
            self.nodes += 1 + node.children.len();
            open.preconditions = Some(node);
        } else if directive(line, true, "-", "preconditions").and_then(after_blank).is_some() {
            self.malformed(number, line, "--preconditions <onFail>|<onError>|<onUpdate>");
        } else if let Some(read) = directive(line, true, "--", "precondition-").and_then(precondition::condition) {
            match read {
                Ok(condition) => {
                    let mut node = Node::new(condition.name, here);
                    let leaf = |(name, text): (&'static str, &str)| Node::leaf(name, text, self.span(text));
                    node.children.extend(condition.attributes.into_iter().map(leaf));
                    self.nodes += 1 + node.children.len();
                    let container = open.preconditions.get_or_insert_with(|| Node::new("preConditions", here));
                    container.span = container.span.to(here);
                    container.children.push(node);
                }
                Err(message) => self.problem(message, line),
            }
        } else if directive(line, true, "-", "precondition").is_some() {
            self.malformed(number, line, "--precondition-sql-check");
        } else {
            if !self.refuse_licensed(line) {
                self.misspelt(line);
            }
            open.push(line, here);
        }
        open.node.span = open.node.span.to(here);
        open
    }

    /// The lines of `/* liquibase rollback … */`, which are put together without line ends.
    fn rollback_block(&mut self, start: &str, open: &mut Open<'a>, more: &mut dyn Iterator<Item = &'a str>) {
        let mut span = self.span(start);
        for line in more {
            span = span.to(self.span(line));
            open.node.span = open.node.span.to(span);
            let Some(text) = line.trim_end_matches([' ', '\t', '\u{b}', '\u{c}']).strip_suffix("*/") else {
                open.rollback.push_str(line);
                continue;
            };
            if !text.trim_matches(|c| c <= ' ').is_empty() {
                open.rollback.push_str(text);
            }
            open.rollback_span = Some(open.rollback_span.map_or(span, |s| s.to(span)));
            return;
        }
        self.problem("Liquibase rollback comment is not closed.", start);
    }

    /// Completes the changeset that is open; `end` says that the file ends here.
    fn finish(&mut self, end: bool) {
        let Some(mut open) = self.open.take() else { return };
        let place = open.node.name_span;
        let body = open.body.trim_matches(|c| c <= ' ');
        // Blank lines make an empty changeset at the end of the file. Without any, the reference would run the SQL of
        // the changeset before once more; that is worth an error.
        let repeats = open.body.is_empty() && self.root.child("changeSet").is_some();
        if body.is_empty() && (!end || repeats) {
            let text = |name| open.node.child_text(name);
            let path = text("logicalFilePath").or_else(|| self.root.child_text("logicalFilePath")).unwrap_or(self.path);
            let (id, author) = (text("id").unwrap_or_default(), text("author").unwrap_or_default());
            let message = format!("No SQL for changeset {path}::{id}::{author}");
            self.problems.push(Diagnostic::error(BAD_CHANGESET, message).at(place));
        }
        if end && !open.delimiter && body.ends_with("\n/") {
            // A lone slash at the end of the file: the slashes on lines of their own end statements.
            open.sql.children.push(Node::leaf("endDelimiter", "\n/$", place));
        }
        open.sql.children.push(Node::leaf("sql", body, open.body_span.unwrap_or(place)));
        open.node.children.extend(open.preconditions.take());
        let rollback = self.rollback(&open);
        open.node.children.push(open.sql);
        open.node.children.extend(rollback);
        self.root.children.push(open.node);
    }

    /// The `rollback` node of a changeset (changelog-formats §5.5).
    fn rollback(&mut self, open: &Open<'_>) -> Option<Node> {
        let text = open.rollback.trim_matches(|c| c <= ' ');
        if text.is_empty() {
            return None;
        }
        let span = open.rollback_span.unwrap_or(open.node.name_span);
        let mut node = Node::new("rollback", span);
        let lower = text.to_lowercase();
        if !text.contains(['\n', '\r']) && (lower.starts_with("not required") || lower.starts_with("empty")) {
            return Some(node);
        }
        if lower.contains("changesetid") {
            let joined: String = open.rollback.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
            for (key, name) in [("changesetId", "changeSetId"), ("changesetAuthor", "changeSetAuthor"), ("changesetPath", "changeSetPath")]
            {
                match last(&joined, key, line::full_run) {
                    Some(pair) => node.children.push(Node::leaf(name, pair.value, span)),
                    // The path of the file itself, whatever logical path it has.
                    None if name == "changeSetPath" => node.children.push(Node::leaf(name, self.path, span)),
                    None => {
                        let message = format!("'{key}' not set in rollback block '{joined}'");
                        self.problems.push(Diagnostic::error(FORMATTED_SQL, message).at(span));
                    }
                }
            }
            return Some(node);
        }
        let mut sql = Node::new("sql", span);
        sql.children.extend(open.rollback_split.map(|p| self.flag("splitStatements", p)));
        let mut strip = Node::leaf("stripComments", "false", span);
        strip.values.iter_mut().for_each(|v| v.kind = ScalarKind::Bool);
        sql.children.push(strip);
        sql.children.extend(open.rollback_delimiter.map(|p| self.leaf("endDelimiter", p)));
        sql.children.push(Node::leaf("sql", text, span));
        node.children.push(sql);
        Some(node)
    }
}

/// The keyword of a directive: what stands before `rest`.
fn word_before<'a>(line: &'a str, rest: &str, word: &str) -> &'a str {
    let end = line.len() - rest.len();
    line.get(end.saturating_sub(word.len())..end).unwrap_or(line)
}

/// Whether a text is one word and nothing else.
fn is_one_word(text: &str) -> bool {
    line::word(text).is_some_and(|w| w.len() == text.len())
}

/// Whether what follows `property` has two pairs with a colon, a blank between them.
fn is_property(rest: &str) -> bool {
    let Some(rest) = after_blank(rest) else { return false };
    let (Some(first), Some(end)) = (rest.find(':'), rest.rfind(':')) else { return false };
    rest.get(first..end).is_some_and(|between| between.contains([' ', '\t', '\u{b}', '\u{c}']))
}

/// Any number of dashes, `property` and a blank.
fn is_dashed_property(line: &str) -> bool {
    let line = skip_blanks(line);
    let text = line.trim_start_matches('-');
    text.len() < line.len() && line::after(skip_blanks(text), "property").and_then(after_blank).is_some()
}

/// The text of `--comment: text`: no blanks before the dashes, an optional colon, one blank.
fn comment<'a>(line: &'a str, dashes: &str, keyword: &str) -> Option<&'a str> {
    let rest = directive(line, false, dashes, keyword)?;
    rest.strip_prefix(':').unwrap_or(rest).strip_prefix(' ')
}

/// Whether a line is `/* liquibase rollback` and nothing else.
fn is_rollback_block(line: &str) -> bool {
    directive(line, true, "/*", "liquibase")
        .and_then(|rest| line::after(skip_blanks(rest), "rollback"))
        .is_some_and(|rest| skip_blanks(rest).is_empty())
}

/// The directive that only a licence of the Java product unlocks, if the line is one.
fn licensed(line: &str) -> Option<&'static str> {
    let is = |keyword, next: char| directive(line, true, "--", keyword).is_some_and(|rest| rest.starts_with(next));
    if is("rollbackSqlFile", ' ') {
        Some("--rollbackSqlFile")
    } else if is("tagDatabase", ':') {
        Some("--tagDatabase")
    } else if directive(line, true, "--", "include ").is_some_and(|rest| line::after(skip_blanks(rest), "file:").is_some()) {
        Some("--include")
    } else if directive(line, true, "--", "includeAll ").is_some_and(|rest| line::after(skip_blanks(rest), "path:").is_some()) {
        Some("--includeAll")
    } else {
        None
    }
}

/// Author and id, as written, of what follows `changeset`.
fn identity(rest: &str) -> Option<(&str, &str)> {
    after_blank(rest)?;
    let rest = skip_blanks(rest);
    let quoted = |text: &str| -> Option<usize> {
        let end = text.strip_prefix('"')?.find('"')?;
        if end == 0 { None } else { Some(end + 2) }
    };
    let end = match quoted(rest) {
        Some(end) if rest.get(end..).is_some_and(|r| r.starts_with(':')) => end,
        _ => rest.find(':')?,
    };
    let (author, id) = (rest.get(..end)?, rest.get(end + 1..)?);
    let id = match quoted(id) {
        Some(end) => id.get(..end)?,
        None => line::run(id)?,
    };
    // The text `author:id` has no blanks around the colon, and the id is more than colons.
    let empty = |text: &str| line::unquote(text).trim_matches(|c| c <= ' ' || c == ':').is_empty();
    if author.is_empty() || empty(id) { None } else { Some((author, id)) }
}

#[cfg(test)]
mod tests;
