use crate::sql::splitter::{DollarQuotes, Lexis, SplitOptions, split};
use proptest::prelude::*;

fn texts(sql: &str, strip_comments: bool, split_statements: bool, end_delimiter: Option<&str>) -> Vec<String> {
    let options = SplitOptions { strip_comments, split_statements, end_delimiter, lexis: None };
    split(sql, &options).into_iter().map(|p| p.text).collect()
}

/// Recorded from Liquibase 4.28.0.
#[test]
fn recorded_cases_hold() {
    let cases = include_str!("../../../../fixtures/splitting/cases.jsonl");
    let mut count = 0;
    for line in cases.lines().filter(|l| !l.trim().is_empty()) {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let flag = |name: &str| case[name].as_bool().unwrap();
        let got = texts(case["sql"].as_str().unwrap(), flag("stripComments"), flag("splitStatements"), case["endDelimiter"].as_str());
        let expected: Vec<&str> = case["result"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
        assert_eq!(got, expected, "{line}");
        count += 1;
    }
    assert_eq!(count, 94);
}

/// changelog-formats §5.6: the table. All but two rows are recorded from Liquibase 4.28.0; a delimiter `\nGO` is
/// written with a backslash and an `n`.
#[test]
fn the_table_of_the_formats_holds() {
    let rows: [(&str, Option<&str>, &[&str]); 46] = [
        ("a;;b;c", Some(";;"), &["a", "b;c"]),
        ("a GO b", Some("GO"), &["a", "b"]),
        ("a\ngo\nb", Some("\\nGO"), &["a", "b"]),
        ("a\n  GO  \nb", Some("\\nGO"), &["a\n  GO  \nb"]),
        ("a\n\nGO\nb", Some("\\nGO"), &["a", "b"]),
        ("a END; b", Some("END;"), &["a", "b"]),
        ("a ^ b", Some("^"), &["a", "b"]),
        ("a//b", Some("//"), &["a", "b"]),
        ("a // b", Some("//"), &["a", "b"]),
        ("a~b~c", Some("~"), &["a", "b", "c"]),
        ("a\n/\nb;c", Some("/"), &["a", "b;c"]),
        ("a\r\n/\r\nb", Some("/"), &["a", "b"]),
        ("a !! b", Some("!!"), &["a", "b"]),
        ("x;y\n;\nz", Some("\\n;"), &["x;y", "z"]),
        ("a\n\\\nb", Some("\\"), &["a", "b"]),
        ("p1 @ p2", Some("@"), &["p1", "p2"]),
        ("p1@p2", Some("@"), &["p1@p2"]),
        ("a\nGO 5\nb", None, &["a", "5\nb"]),
        ("a;/* c;d */;b", None, &["a", "/* c;d */", "b"]),
        ("-- x\n;a", None, &["-- x", "a"]),
        ("a -- b;c\n;d", None, &["a -- b;c", "d"]),
        ("'it''s; ok';b", None, &["'it''s; ok'", "b"]),
        ("'a\\';b;c", None, &["'a\\'", "b", "c"]),
        ("e'a;b';c", None, &["e'a;b'", "c"]),
        ("\"a\n;b\";c", None, &["\"a\n;b\"", "c"]),
        ("begin\na;\nend", None, &["begin\na;\nend"]),
        ("begin;a;commit", None, &["begin;a;commit"]),
        ("declare x; begin a; end; b", None, &["declare x", "begin a; end", "b"]),
        ("if x then begin a; end; end; b", None, &["if x then begin a; end", "end", "b"]),
        ("a;\n\n\n;b", None, &["a", "b"]),
        ("a\n/", None, &["a"]),
        ("/\na", None, &["a"]),
        ("a / b", None, &["a / b"]),
        ("a\n/ b", None, &["a", "b"]),
        ("go\na", None, &["a"]),
        ("a\n  go\nb", None, &["a\n  go\nb"]),
        ("a\nGO;b", None, &["a", "b"]),
        ("x\u{a0};y", None, &["x\u{a0}", "y"]),
        (";", None, &[]),
        ("a\n--c", None, &["a\n--c"]),
        ("[1;2];b", None, &["[1", "2]", "b"]),
        ("1.5e3;2", None, &["1.5e3", "2"]),
        ("q'[it's; x]';b", None, &["q'[it's", "x]'", "b"]),
        ("select 'a' 'b;' ;c", None, &["select 'a' 'b;'", "c"]),
        ("begin tran; a; end", None, &["begin tran", "a", "end"]),
        ("case begin end; a", None, &["case begin end", "a"]),
    ];
    for (sql, delimiter, expected) in rows {
        assert_eq!(texts(sql, false, true, delimiter), expected, "{sql:?} at {delimiter:?}");
    }
}

/// changelog-formats §5.6 and dialects §6.3: results named in the text.
#[test]
fn results_of_the_text_hold() {
    let rows: [(&str, Option<&str>, &[&str]); 13] = [
        ("x.begin; y", None, &["x.begin", "y"]),
        ("begin_x; y", None, &["begin_x", "y"]),
        ("a;b;\nGO\nc\ngo\nd", None, &["a", "b", "c", "d"]),
        ("select go;x", None, &["select go", "x"]),
        ("$$a;b$$;c", None, &["$$a", "b$$", "c"]),
        ("CREATE … BEGIN a;b; END; x", None, &["CREATE … BEGIN a;b; END", "x"]),
        ("a;b//c", Some("//"), &["a;b", "c"]),
        ("a;b", Some(""), &["a;b"]),
        ("a@@b", Some("@@"), &["a@@b"]),
        ("a##b", Some("##"), &["a##b"]),
        ("select 1;--x", None, &["select 1", "--x"]),
        ("begin if x then y; end if; loop z; end loop; end;", None, &["begin if x then y; end if", "loop z", "end loop", "end"]),
        ("select 1; select 2;\nselect 3;\n", Some(";\\s*\\n|;\\s*$"), &["select 1;", "select 2;", "select 3;"]),
    ];
    for (sql, delimiter, expected) in rows {
        assert_eq!(texts(sql, false, true, delimiter), expected, "{sql:?} at {delimiter:?}");
    }
    // A comment stays with the statement behind it.
    assert_eq!(texts("a; -- x\nb", false, true, None), ["a", "-- x\nb"]);
    assert_eq!(texts(" a; b ", false, false, None), ["a; b"]);
}

/// Files with CRLF line ends are cut like those with LF, also by a delimiter with a line end.
#[test]
fn carriage_returns_are_dropped_before_cutting() {
    assert_eq!(texts("a; b;\r\nc;\r\n", false, true, Some(";\n")), ["a; b", "c"]);
    assert_eq!(texts("a\r\nGO\r\nb", false, true, Some("\\nGO")), ["a", "b"]);
    assert_eq!(texts("a 'x\r\ny'", false, true, None), ["a 'x\ny'"]);
    assert_eq!(texts("a\n\r/\nb", false, true, None), ["a", "b"]);
}

#[test]
fn ranges_are_those_of_the_input() {
    let at = |sql: &str, strip: bool| -> Vec<String> {
        let options = SplitOptions { strip_comments: strip, split_statements: true, ..SplitOptions::default() };
        split(sql, &options).into_iter().map(|p| sql[p.range].to_owned()).collect()
    };
    assert_eq!(at(" a b ;\n c -- x\n;", false), ["a b", "c -- x"]);
    assert_eq!(at(" a /* x */ b /* y */;/* z */ c", true), ["a /* x */ b", "c"]);
    assert_eq!(at("\r\na\r\nb\r\n;\r\n\r\n'\r';é\r", false), ["a\r\nb", "'\r'", "é"]);
}

fn stripped(sql: &str) -> String {
    texts(sql, true, false, None).concat()
}

#[test]
fn comments_are_stripped_but_not_in_quotes() {
    assert_eq!(stripped("-- a\nselect '--x' /* b */ from \"/* t */\" -- c"), "select '--x'  from \"/* t */\"");
    assert_eq!(stripped("/* only */"), "");
}

/// Only a change with an `endDelimiter` is cut like this: the rules of the dialect are for those without.
#[test]
fn dollar_quotes_stay_whole_when_asked() {
    let lexis = Lexis { dollar_quotes: DollarQuotes::Tagged, ..Lexis::STANDARD };
    let whole = |sql: &str, delimiter: &str| -> Vec<String> {
        let options = SplitOptions { strip_comments: true, split_statements: true, end_delimiter: Some(delimiter), lexis: Some(&lexis) };
        split(sql, &options).into_iter().map(|p| p.text).collect()
    };
    assert_eq!(whole("do $x$ begin a; b; $x$; select $1; c", ";"), ["do $x$ begin a; b; $x$", "select $1", "c"]);
    assert_eq!(
        whole("create function f() returns int as $$ begin return 1; /* c */ end; $$ language plpgsql; select 2", ";"),
        ["create function f() returns int as $$ begin return 1;  end; $$ language plpgsql", "select 2"]
    );
    assert_eq!(whole("a $$ b", ";"), ["a $$ b"]);
    assert_eq!(whole("select 1 $$ select 2; x $$", "$$"), ["select 1", "select 2; x"]);
}

/// A delimiter of symbols joined a million times, and many short statements.
#[test]
fn long_scripts_take_linear_time() {
    let n = 1 << 18;
    assert_eq!(texts(&"a//".repeat(n), false, true, Some("//")).len(), n);
    assert_eq!(texts(&"a;\r\n".repeat(n), true, true, None).len(), n);
    assert_eq!(texts(&"begin ".repeat(n), true, true, None).len(), 1);
    assert_eq!(texts(&"a\nGO\n".repeat(n), true, true, Some("\\nGO\\s*")).len(), n);
}

proptest! {
    #[test]
    fn nothing_but_delimiters_is_lost(sql in "[a-fA-F0-9 ;'\"\\-/*\n\r$@.()\\[\\]`\\\\é]{0,80}") {
        // Where `/` and `go` may be delimiters too, only `;` can be told from the text alone.
        let kept = texts(&sql, false, true, Some(";")).concat();
        let left = |t: &str| t.chars().filter(|c| !c.is_whitespace() && *c != ';').collect::<String>();
        prop_assert_eq!(left(&kept), left(&sql));
    }

    #[test]
    fn without_splitting_only_the_ends_are_trimmed(sql in any::<String>()) {
        let clean = sql.replace('\r', "");
        let expected = clean.trim_start().trim_end_matches(|c: char| c <= ' ');
        let got = texts(&sql, false, false, None).concat();
        prop_assert_eq!(got.trim_start_matches(|c: char| c <= ' '), expected.trim_start_matches(|c: char| c <= ' '));
    }

    #[test]
    fn stripping_comments_twice_is_stripping_them_once(sql in "[ab \n'/*;-]{0,40}") {
        // A comment between two characters of a comment mark may leave a new mark behind.
        let once = stripped(&sql);
        prop_assume!(!once.contains("--") && !once.contains("/*"));
        prop_assert_eq!(stripped(&once), once);
    }

    #[test]
    fn ranges_are_in_order_and_within_the_input(
        sql in any::<String>(),
        delimiter in proptest::option::of("[;/@$a-z\\\\\n(|]{0,4}"),
        strip_comments in any::<bool>(),
        dollar_quotes in proptest::sample::select(vec![DollarQuotes::None, DollarQuotes::Plain, DollarQuotes::Tagged]),
    ) {
        let lexis = Lexis { dollar_quotes, ..Lexis::STANDARD };
        let options = SplitOptions { strip_comments, split_statements: true, end_delimiter: delimiter.as_deref(), lexis: Some(&lexis) };
        let mut end = 0;
        for piece in split(&sql, &options) {
            prop_assert!(end <= piece.range.start && piece.range.start < piece.range.end);
            prop_assert!(sql.get(piece.range.clone()).is_some());
            end = piece.range.end;
        }
    }
}
