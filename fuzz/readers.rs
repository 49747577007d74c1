//! What reads input that anybody may have written, by name: run by the fuzz targets, and by the ordinary tests over
//! changed seeds (`tests/it/hostile_input.rs`). Nothing here may panic, and what is said must hold for any input.

use changelog::changelog::expression::{ContextExpression, LabelFilter, Labels, RuntimeContexts};
use changelog::changelog::properties::Properties;
use changelog::config::project_file;
use changelog::db::url::DatabaseUrl;
use changelog::diagnostic::{Diagnostics, render_text};
use changelog::source::{self, Format, Limits, Node, ReadOptions};
use changelog::span::SourceMap;
use changelog::sql::Target;
use changelog::sql::data_type::DataType;
use changelog::sql::dbms;
use changelog::sql::java_regex::JavaRegex;
use changelog::sql::splitter::{SplitOptions, split};
use changelog::{dialect, plan};

/// A reader of bytes.
type Reader = fn(&[u8]);

/// All of them.
pub(crate) const READERS: &[(&str, Reader)] = &[
    ("yaml", |bytes| changelog(bytes, Format::Yaml)),
    ("json", |bytes| changelog(bytes, Format::Json)),
    ("xml", |bytes| changelog(bytes, Format::Xml)),
    ("sql", |bytes| changelog(bytes, Format::Sql)),
    ("properties", properties),
    ("config", config),
    ("splitter", splitter),
    ("expressions", expressions),
    ("urls", urls),
    ("types", types),
];

/// Reads by the reader of that name.
///
/// # Panics
/// When there is no such reader, or it does not keep what it promises.
#[allow(clippy::panic)]
pub(crate) fn read(name: &str, bytes: &[u8]) {
    match READERS.iter().find(|(n, _)| *n == name) {
        Some((_, reader)) => reader(bytes),
        None => panic!("no reader {name}"),
    }
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Each place of a tree is a place of the file, and the tree is no deeper than it may be.
fn check(node: &Node, length: u32, depth: usize) {
    assert!(depth <= Limits::default().depth() + 2);
    for span in [node.span, node.name_span] {
        assert!(span.start <= span.end && span.end <= length, "{span:?} in {length} bytes");
    }
    for child in &node.children {
        check(child, length, depth + 1);
    }
}

fn changelog(bytes: &[u8], format: Format) {
    let limits = Limits::default();
    let Ok(text) = source::decode_changelog(bytes, "a", format, None, &limits) else { return };
    let mut sources = SourceMap::new();
    let file = sources.add("a", text.clone());
    let mut problems = Diagnostics::new();
    let root = source::read_changelog(file, "a", format, &text, &limits, ReadOptions::default(), &mut problems);
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    if let Some(root) = &root {
        check(root, length, 0);
    }
    assert!(root.is_some() || problems.has_errors(), "nothing came of it and nothing was said");
    // What is wrong is shown with its place, which must be one.
    for problem in problems.iter() {
        render_text(problem, &sources, false);
    }
}

fn properties(bytes: &[u8]) {
    let text = text(bytes);
    let mut sources = SourceMap::new();
    let file = sources.add("a", text.clone().into_owned());
    let found = source::properties::read(file, &text, &mut Diagnostics::new());
    let properties = Properties::new([], found.into_iter().map(|p| (p.name, p.value)));
    let _ = properties.expand(&text, &[]);
}

fn config(bytes: &[u8]) {
    let _ = project_file::read(&text(bytes));
}

/// The first byte chooses the dialect and the options, the first line may be a delimiter.
fn splitter(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let text = text(rest);
    let dialect = dialect::ALL[usize::from(choice >> 3) % dialect::ALL.len()];
    let (end_delimiter, sql) = match text.split_once('\n') {
        Some((line, sql)) if choice & 1 == 1 => (Some(line), sql),
        _ => (None, &*text),
    };
    let lexis = (choice & 2 == 0).then_some(&dialect.lexis);
    let options = SplitOptions { strip_comments: choice & 4 == 4, split_statements: true, end_delimiter, lexis };
    let (mut end, mut last) = (0, 0..0);
    for piece in split(sql, &options) {
        assert!(!piece.text.trim().is_empty() && sql.get(piece.range.clone()).is_some());
        assert!(piece.range == last || end <= piece.range.start, "statements overlap");
        (end, last) = (piece.range.end, piece.range);
        // What is done with each: its first words say whether it can run in a transaction.
        plan::transaction::is_alone(&piece.text, &Target::new(dialect, None));
    }
}

fn expressions(bytes: &[u8]) {
    let text = text(bytes);
    let (own, given) = text.split_once('\n').unwrap_or((&text, "a, b and c"));
    let expression = ContextExpression::parse(own);
    assert_eq!(expression.check().is_ok(), ContextExpression::parse(expression.original()).check().is_ok());
    let _ = expression.matches(&RuntimeContexts::parse(given));
    let _ = RuntimeContexts::parse(given).accepts(&expression, &[]);
    let _ = LabelFilter::parse(given).matches(&Labels::parse(own));
    dbms::matches(&dbms::parse_list(own), given, true);
    if let Ok(regex) = JavaRegex::new(own, given) {
        regex.replace_all("aaa bb c");
    }
}

fn urls(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(url) = DatabaseUrl::parse(&text) {
        assert!(!url.display_url().is_empty());
    }
    changelog::secret::mask_url(&text);
}

fn types(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let text = text(rest);
    let target = Target::new(dialect::ALL[usize::from(*choice) % dialect::ALL.len()], None);
    let _ = DataType::parse(&text);
    let _ = target.native_type(&text);
    let _ = target.counting_type(&text, true);
}
