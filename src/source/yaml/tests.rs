use super::super::node::ScalarKind;
use super::*;
use crate::diagnostic::Code;
use proptest::prelude::*;

fn parse(text: &str) -> (Option<Node>, Vec<(Code, u32)>) {
    parse_within(text, &Limits::default())
}

fn parse_within(text: &str, limits: &Limits) -> (Option<Node>, Vec<(Code, u32)>) {
    let mut problems = Diagnostics::new();
    let node = read(FileId(0), text, limits, &mut problems);
    (node, problems.iter().map(|p| (p.code, p.span.map_or(0, |s| s.start))).collect())
}

fn good(text: &str) -> Node {
    let (node, problems) = parse(text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    node.unwrap()
}

/// The tree in short: `name=value{children}`.
fn short(node: &Node) -> String {
    let values: Vec<&str> = node.values.iter().map(|v| v.text.as_str()).collect();
    let children: Vec<String> = node.children.iter().map(short).collect();
    let mut out = node.name.to_string();
    if !values.is_empty() {
        out += &format!("={}", values.join("|"));
    }
    if !children.is_empty() {
        out += &format!("{{{}}}", children.join(" "));
    }
    out
}

fn tree(text: &str) -> String {
    short(&good(text)).trim_start_matches('{').trim_end_matches('}').to_owned()
}

#[test]
fn lists_hand_their_entries_up() {
    assert_eq!(tree("changes: [ {sql: a}, {insert: b} ]"), "changes{sql=a insert=b");
    assert_eq!(tree("changes:\n- a: 1\n  b: 2\n- [c: 3]\n"), "changes{a=1 b=2 c=3");
}

#[test]
fn a_root_that_is_no_map_is_refused() {
    for text in ["- a: 1\n", "text"] {
        assert_eq!(parse(text).1.first().map(|p| p.0), Some(NOT_A_CHANGELOG), "{text}");
    }
    for text in ["", "# only a comment\n", "---\n", "~"] {
        assert_eq!(parse(text).1.first().map(|p| p.0), Some(FILE_EMPTY), "{text}");
    }
}

#[test]
fn shapes_of_values() {
    assert_eq!(tree("a: [x]"), "a=x");
    assert_eq!(tree("a: [x, 1.10]"), "a=x|1.1");
    assert_eq!(tree("a: []"), "a");
    assert_eq!(tree("a: {}"), "a");
    assert_eq!(tree("a:"), "a");
    assert_eq!(tree("a: ~"), "a");
    assert_eq!(tree("a: [x, {b: c}, y]"), "a=x|y{b=c");
    assert_eq!(tree("columns:\n- column: {name: a}\n- column: {name: b}\n"), "columns{column{name=a} column{name=b");
    assert_eq!(tree("a: |\n  x\n   y\n\nb: >\n  c\n  d\n"), "a=x\n y\n b=c d\n");
    assert_eq!(tree("a: \"1.10\"\nb: '1.10'\nc: 1.10\nd: !!str 1.10\ne: ! 1.10"), "a=1.10 b=1.10 c=1.1 d=1.10 e=1.1");
    assert_eq!(tree("1: a\nyes: b\n"), "1=a yes=b");
    // A block scalar has the line end of its last line only when that is written.
    assert_eq!(tree("a: |\n  x\n  y"), "a=x\ny");
    assert_eq!(tree("a: |\n  x\n  "), "a=x\n");
}

#[test]
fn kinds_of_values() {
    let kinds: Vec<_> =
        good("a: 1\nb: x\nc: yes\nd: 1.5\ne: 2020-01-01\nf: '1'").children.iter().filter_map(|c| c.value().map(|v| v.kind)).collect();
    assert_eq!(kinds, [ScalarKind::Int, ScalarKind::Text, ScalarKind::Bool, ScalarKind::Float, ScalarKind::Date, ScalarKind::Text]);
}

#[test]
fn anchors_aliases_and_merge_keys() {
    assert_eq!(tree("a: &x {n: 1}\nb: *x\nc: &s t\nd: *s"), "a{n=1} b{n=1} c=t d=t");
    // An explicit key wins, before or after the merge key; its place is that of first appearance.
    assert_eq!(tree("a: &x {n: 1, m: 2}\nb: {<<: *x, n: 3}\nc: {n: 3, <<: *x}"), "a{n=1 m=2} b{n=3 m=2} c{n=3 m=2");
    // An earlier map of a list wins over a later one.
    assert_eq!(tree("a: &x {n: 1}\nb: &y {n: 2, m: 2}\nc: {<<: [*x, *y]}"), "a{n=1} b{n=2 m=2} c{n=1 m=2");
    assert_eq!(tree("a: {\"<<\": b}"), "a{<<=b");
    assert_eq!(parse("a: {<<: b}").1, [(SYNTAX, 4)]);
    assert_eq!(parse("a: *nowhere").1.first().map(|p| p.0), Some(SYNTAX));
    assert_eq!(parse("a: &x [*x]").1, [(SYNTAX, 7)]);
}

/// Changeset 4 of `y1.yaml`, checksums §11.
#[test]
fn the_merges_of_the_vector_file() {
    let text = "changes:\n  - createTable: &ct\n      tableName: t\n      columns:\n        - column: &c\n            name: id\n            type: int\n            constraints: {primaryKey: true}\n  - createTable:\n      <<: *ct\n      tableName: t2\n  - addColumn:\n      tableName: t\n      columns:\n        - column: \n            <<: *c\n            name: id2\n";
    let column = |name: &str| format!("column{{name={name} type=int constraints{{primaryKey=true}}}}");
    let expected = format!(
        "changes{{createTable{{tableName=t columns{{{0}}}}} createTable{{tableName=t2 columns{{{0}}}}} addColumn{{tableName=t columns{{{1}}}}}}}",
        column("id"),
        column("id2")
    );
    assert_eq!(good(text).children.first().map(short), Some(expected));
}

#[test]
fn the_last_of_equal_keys_counts() {
    let (node, problems) = parse("a: {x: 1, y: 2, x: 3}");
    assert_eq!(node.as_ref().map(short).as_deref(), Some("{a{y=2 x=3}}"));
    assert_eq!(problems, [(DUPLICATE_KEY, 16)]);
    let (node, problems) = parse("databaseChangeLog: [a: 1]\ndatabaseChangeLog: [b: 1]");
    assert_eq!(node.as_ref().map(short).as_deref(), Some("{databaseChangeLog{b=1}}"));
    assert_eq!(problems, [(SECOND_ROOT, 26)]);
    let many: String = (0..100).map(|n| format!("k{n}: {n}\n")).collect();
    let (node, problems) = parse(&format!("{many}k50: x\nk99: y\n"));
    assert_eq!(problems.len(), 2);
    assert_eq!(node.map(|n| (n.children.len(), n.child_text("k50").map(str::to_owned))), Some((100, Some("x".into()))));
}

#[test]
fn what_is_refused() {
    assert_eq!(parse("databaseChangeLog:\n- changeSet:\n\tid: a\n").1, [(SYNTAX, 32)]);
    assert_eq!(parse("\ta: 1").1, [(SYNTAX, 0)]);
    assert_eq!(parse("a: 1\n---\nb: 1\n").1.first().map(|p| p.0), Some(SYNTAX));
    assert_eq!(parse("a: !!java.util.Date 1").1.first().map(|p| p.0), Some(SYNTAX));
    assert_eq!(parse("a: !custom {}").1.first().map(|p| p.0), Some(SYNTAX));
    assert_eq!(parse("a: !!int x").1.first().map(|p| p.0), Some(SYNTAX));
    assert_eq!(parse("a: [1").1.first().map(|p| p.0), Some(SYNTAX));
    assert_eq!(parse("{a: 1}: 2").1.first().map(|p| p.0), Some(SYNTAX));
    assert_eq!(parse("a: b: c").1.first().map(|p| p.0), Some(SYNTAX));
    // Tabs that do not indent are no harm.
    assert_eq!(tree("a: 1\t# x\nb: |\n  \tx\n"), "a=1 b=\tx\n");
}

/// The scanner refuses these layouts; the reference reads them.
#[test]
fn quoted_texts_may_be_indented_less_and_flow_may_be_tight() {
    assert_eq!(tree("a:\n  b:\n    c: \"one\ntwo\n\n\tthree\"\n  d: 'x\n\ty'\n"), "a{b{c=one two\nthree} d=x y");
    assert_eq!(tree("a: [{b:[x], \"c\":{d:{e: f}}}]"), "a{b=x c{d{e=f");
    let text = "a:\n  b: \"one\ntwo\"\n  c: d\n";
    let root = good(text);
    let c = root.child("a").and_then(|a| a.child("c")).unwrap();
    assert_eq!(&text[c.span.start as usize..c.span.end as usize], "c: d");
    let lines = format!("a:\n  b: \"one\n{}\"\n", "two\n".repeat(20_000));
    assert_eq!(good(&lines).child("a").and_then(|a| a.child_text("b")).map(str::len), Some(3 + 20_000 * 4 + 1));
    // Each one is told once.
    assert_eq!(parse("a:\n  x: 1\n  x: 2\n  b: \"one\ntwo\"\n").1.len(), 1);
    assert_eq!(parse("a:\n  b: \"one\n").1.first().map(|p| p.0), Some(SYNTAX));
}

#[test]
fn spans_are_bytes_of_the_source() {
    let text = "é: 1\nlist:\n  - item: {k: 'v'} # x\n\nend: |\n  text\n";
    let root = good(text);
    let cut = |s: Span| &text[s.start as usize..s.end as usize];
    let list = root.child("list").unwrap();
    assert_eq!((cut(root.children[0].name_span), cut(root.children[0].span)), ("é", "é: 1"));
    assert_eq!((cut(list.name_span), cut(list.span)), ("list", "list:\n  - item: {k: 'v'}"));
    let item = list.child("item").unwrap();
    assert_eq!(cut(item.span), "item: {k: 'v'}");
    assert_eq!(cut(item.child("k").unwrap().value().unwrap().span), "'v'");
    assert!(cut(root.child("end").unwrap().span).starts_with("end: |\n  text"));
}

#[test]
fn limits_stop_bombs() {
    let deep = format!("a: {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(parse(&deep).1.first().map(|p| p.0), Some(LIMIT));
    let block: String = (0..300).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    assert_eq!(parse(&block).1.first().map(|p| p.0), Some(LIMIT));
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let before = format!("*a{}, ", n - 1).repeat(10);
        bomb += &format!("a{n}: &a{n} [{}]\n", before.trim_end_matches(", "));
    }
    assert_eq!(parse(&bomb).1.first().map(|p| p.0), Some(LIMIT));
    let text = format!("a: &a {}\n{}", "x".repeat(1_000_000), (0..1000).map(|n| format!("b{n}: *a\n")).collect::<String>());
    assert_eq!(parse(&text).1.first().map(|p| p.0), Some(LIMIT));
    // What an alias stands for counts where the alias stands.
    let half = format!("a: &a {}{}", "[".repeat(60), "]".repeat(60));
    let nested = |n: usize| format!("{half}\nb: {}*a{}", "[".repeat(n), "]".repeat(n));
    assert_eq!(parse(&nested(60)).1, []);
    assert_eq!(parse(&nested(180)).1.first().map(|p| p.0), Some(LIMIT));
    let few = Limits { max_nodes: 10, ..Limits::default() };
    assert_eq!(parse_within("a: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", &few).1.first().map(|p| p.0), Some(LIMIT));
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(?s).{0,200}") {
        parse(&text);
    }

    #[test]
    fn text_like_yaml_is_read(text in "([a-c]|: |- |\n  |\n|\\{|\\}|\\[|\\]|, |&a |\\*a|<<: |\"|'|\\||>|#|!!str |\t|---|\\?){0,40}") {
        let (node, problems) = parse(&text);
        prop_assert!(node.is_some() || !problems.is_empty());
    }
}
