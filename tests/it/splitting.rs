//! Raw SQL is cut into statements by the rules of each dialect, and by Liquibase's where these are asked for.

use changelog::dialect;
use changelog::sql::Dialect;
use changelog::sql::splitter::{Backslashes, Blocks, DollarQuotes, Lexis, SplitOptions, split};
use proptest::prelude::*;
use proptest::sample::select;

fn native(dialect: &Dialect, sql: &str, strip_comments: bool) -> Vec<String> {
    let options = SplitOptions { strip_comments, split_statements: true, end_delimiter: None, lexis: Some(&dialect.lexis) };
    split(sql, &options).into_iter().map(|p| p.text).collect()
}

fn of(name: &str, sql: &str) -> Vec<String> {
    native(dialect::by_name(name).unwrap(), sql, false)
}

/// Where a recorded case is cut otherwise on purpose: by which dialects, into what and why. The first that fits counts.
struct Difference {
    sql: &'static str,
    of: fn(&Lexis) -> bool,
    pieces: &'static [&'static str],
    why: &'static str,
}

const fn difference(sql: &'static str, of: fn(&Lexis) -> bool, pieces: &'static [&'static str], why: &'static str) -> Difference {
    Difference { sql, of, pieces, why }
}

const PLSQL: fn(&Lexis) -> bool = |l| l.blocks == Blocks::PlSql;
const COMPOUND: fn(&Lexis) -> bool = |l| matches!(l.blocks, Blocks::Compound | Blocks::PlSql);
const LAST_SEMICOLON: &str = "a unit of PL/SQL ends in a semicolon, without which the server refuses it";
const DOLLARS: &str = "a text in dollar quotes is one text";
const NO_NAMES: &str = "these quotes are none here, so what is between them is no name";

const DIFFERENCES: &[Difference] = &[
    difference(
        "begin; insert into t values (1); commit; select 2",
        |_| true,
        &["begin", "insert into t values (1)", "commit", "select 2"],
        "BEGIN alone starts a transaction and needs no END",
    ),
    difference(
        "begin if x then y; end if; loop z; end loop; end; select 1",
        PLSQL,
        &["begin if x then y; end if; loop z; end loop; end;", "select 1"],
        LAST_SEMICOLON,
    ),
    difference(
        "begin if x then y; end if; loop z; end loop; end; select 1",
        COMPOUND,
        &["begin if x then y; end if; loop z; end loop; end", "select 1"],
        "END IF and END LOOP close what IF and LOOP opened",
    ),
    difference(
        "create function f() returns int as $$ begin return 1; end; $$ language plpgsql; select 2",
        |l| l.dollar_quotes != DollarQuotes::None,
        &["create function f() returns int as $$ begin return 1; end; $$ language plpgsql", "select 2"],
        DOLLARS,
    ),
    difference(
        "create function f() returns int as $$ begin return 1; end; $$ language plpgsql; select 2",
        PLSQL,
        &["create function f() returns int as $$ begin return 1; end;", "$$ language plpgsql", "select 2"],
        LAST_SEMICOLON,
    ),
    difference(
        "create package p as procedure a is begin null; end; end; select 1",
        PLSQL,
        &["create package p as procedure a is begin null; end; end; select 1"],
        "a package without a `/` line goes to the end of the text",
    ),
    difference(
        "create procedure p as begin select 1; select 2; end; select 3",
        PLSQL,
        &["create procedure p as begin select 1; select 2; end;", "select 3"],
        LAST_SEMICOLON,
    ),
    difference(
        "create trigger t begin case when 1 then 2 end; select 1; end; select 2",
        PLSQL,
        &["create trigger t begin case when 1 then 2 end; select 1; end;", "select 2"],
        LAST_SEMICOLON,
    ),
    difference(
        "create trigger t begin case when 1 then 2 end; select 1; end; select 2",
        |_| true,
        &["create trigger t begin case when 1 then 2 end; select 1; end", "select 2"],
        "the END of a CASE does not close the BEGIN around it",
    ),
    difference(
        "create type t as object (a int)\n/\ncreate type body t as begin x; end;\n/\n",
        PLSQL,
        &["create type t as object (a int)", "create type body t as begin x; end;"],
        LAST_SEMICOLON,
    ),
    difference(
        "do $$ declare x int; begin x := 1; if x then y; end if; end $$; select 3",
        |l| l.dollar_quotes != DollarQuotes::None,
        &["do $$ declare x int; begin x := 1; if x then y; end if; end $$", "select 3"],
        DOLLARS,
    ),
    difference(
        "do $$ declare x int; begin x := 1; if x then y; end if; end $$; select 3",
        PLSQL,
        &["do $$ declare x int", "begin x := 1; if x then y; end if; end $$;", "select 3"],
        LAST_SEMICOLON,
    ),
    difference(
        "do $$ declare x int; begin x := 1; if x then y; end if; end $$; select 3",
        COMPOUND,
        &["do $$ declare x int", "begin x := 1; if x then y; end if; end $$", "select 3"],
        "END IF closes what IF opened",
    ),
    difference(
        "do $body$ select 1; select 2; $body$; select 3",
        |l| l.dollar_quotes == DollarQuotes::Tagged,
        &["do $body$ select 1; select 2; $body$", "select 3"],
        DOLLARS,
    ),
    difference("end; select 1; begin x; end; select 2", PLSQL, &["end", "select 1", "begin x; end;", "select 2"], LAST_SEMICOLON),
    difference("select 1\n/ select 2", |_| true, &["select 1\n/ select 2"], "only a `/` alone on its line ends a statement"),
    difference("select 1;--x", |l| l.refuses_empty, &["select 1"], "the server refuses a statement of comments only"),
    difference("select `a;b`; select [c;d]; x", |l| l.backquotes && l.brackets, &["select `a;b`", "select [c;d]", "x"], "as Liquibase"),
    difference("select `a;b`; select [c;d]; x", |l| l.backquotes, &["select `a;b`", "select [c", "d]", "x"], NO_NAMES),
    difference("select `a;b`; select [c;d]; x", |l| l.brackets, &["select `a", "b`", "select [c;d]", "x"], NO_NAMES),
    difference("select `a;b`; select [c;d]; x", |_| true, &["select `a", "b`", "select [c", "d]", "x"], NO_NAMES),
    difference(
        "select q'[it's; ok]' from dual; select 2",
        |l| l.alternative_quotes,
        &["select q'[it's; ok]' from dual", "select 2"],
        "q'[…]' is a string",
    ),
];

/// Every recorded case without an `endDelimiter` is cut as Liquibase cuts it, but for the differences above.
#[test]
fn recorded_cases_differ_only_on_purpose() {
    let cases = include_str!("../../fixtures/splitting/cases.jsonl");
    let mut met = vec![false; DIFFERENCES.len()];
    let mut compared = 0;
    for line in cases.lines().filter(|l| !l.trim().is_empty()) {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let sql = case["sql"].as_str().unwrap();
        let recorded: Vec<&str> = case["result"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
        let options = SplitOptions {
            strip_comments: case["stripComments"].as_bool().unwrap(),
            split_statements: case["splitStatements"].as_bool().unwrap(),
            end_delimiter: case["endDelimiter"].as_str(),
            lexis: None,
        };
        for dialect in dialect::ALL {
            let got: Vec<String> =
                split(sql, &SplitOptions { lexis: Some(&dialect.lexis), ..options }).into_iter().map(|p| p.text).collect();
            let on_purpose = DIFFERENCES
                .iter()
                .position(|d| options.end_delimiter.is_none() && options.split_statements && d.sql == sql && (d.of)(&dialect.lexis));
            match on_purpose.map(|at| (at, &DIFFERENCES[at])) {
                Some((at, difference)) => {
                    met[at] = true;
                    assert_eq!(got, difference.pieces, "{}: {}", dialect.id, difference.why);
                }
                None => assert_eq!(got, recorded, "{}: {line}", dialect.id),
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 94 * dialect::ALL.len());
    let unmet: Vec<&str> = DIFFERENCES.iter().zip(met).filter(|(_, met)| !met).map(|(d, _)| d.sql).collect();
    assert_eq!(unmet, [""; 0], "no recorded case is cut like that");
}

#[test]
fn statements_of_postgresql() {
    assert_eq!(of("postgresql", r"select E'it\'s; ok'; select 'a\'; b"), [r"select E'it\'s; ok'", r"select 'a\'", "b"]);
    assert_eq!(of("postgresql", "select 1 /* a /* b; */ c; */; d"), ["select 1 /* a /* b; */ c; */", "d"]);
    assert_eq!(
        of("postgresql", "create rule r as on insert to t do also (delete from a; delete from b); c"),
        ["create rule r as on insert to t do also (delete from a; delete from b)", "c"]
    );
    assert_eq!(
        of("postgresql", "create function f() returns int begin atomic select case when true then 1 end; select 2; end; c"),
        ["create function f() returns int begin atomic select case when true then 1 end; select 2; end", "c"]
    );
    assert_eq!(of("postgresql", "begin isolation level serializable; a; end; b"), ["begin isolation level serializable", "a", "end", "b"]);
    assert_eq!(of("postgresql", "insert into t (begin, case_) values (1, 2); a"), ["insert into t (begin, case_) values (1, 2)", "a"]);
    assert_eq!(
        of("postgresql", "do $a$ $$;$$; $b$;$b$ $a$; select $1; a$b$;c$b$"),
        ["do $a$ $$;$$; $b$;$b$ $a$", "select $1", "a$b$", "c$b$"]
    );
}

#[test]
fn statements_of_mysql_and_mariadb() {
    for name in ["mysql", "mariadb"] {
        let whole = |sql: &str| assert_eq!(of(name, &format!("{sql}; select 2")), [sql, "select 2"], "{name}");
        whole(r#"select 'it\'s; ok', "a\";b", `c\`"#);
        whole("select 5--3");
        whole("create table t (a int) # it's; ok\n comment 'x'");
        whole("/*!50003 create trigger t begin a; /* b; */ end */");
        whole("create definer=`a`@`%` procedure p() begin if a then b; elseif c then d; else if e then f; end if; end if; g; end");
        whole("create procedure p() begin l: loop a; leave l; end loop l; while a < b do c; end while; repeat d; until e end repeat; end");
        whole("create procedure p() begin case a when 1 then b; else c; end case; set @x = case when if(a, b, c) then 1 end; end");
        whole("create procedure p() begin set @x = if(a, b, c), @y = repeat('a', 3); drop table if exists t; d; end");
        whole(
            "create procedure if not exists p() begin declare continue handler for not found begin a; end; for i in 1..3 do b; end for; end",
        );
        whole("create trigger t after insert on a for each row if new.x then set @y = 1; end if");
        whole("create event e on schedule every 1 day do begin a; b; end");
        assert_eq!(of(name, "create table t (a int); -- that's all"), ["create table t (a int)"]);
        assert_eq!(of(name, "set @a = if(a, b, c); b"), ["set @a = if(a, b, c)", "b"]);
        assert_eq!(of(name, "begin; a; commit"), ["begin", "a", "commit"]);
    }
    assert_eq!(of("mariadb", "begin not atomic a; b; end; c"), ["begin not atomic a; b; end", "c"]);
}

/// The tag of a dollar quote is an identifier; `$1` is a parameter.
#[test]
fn parameters_are_no_dollar_quotes() {
    assert_eq!(of("postgresql", "execute f($1); a $1$; b $1$"), ["execute f($1)", "a $1$", "b $1$"]);
    assert_eq!(of("postgresql", "a $t1$; b $t1$; c"), ["a $t1$; b $t1$", "c"]);
}

#[test]
fn delimiter_lines_are_followed() {
    let script = "create table a (b int);\n\n-- the trigger\nDELIMITER $$\ncreate trigger t begin a; b; END$$\nselect 'x$$' $$\ndelimiter ;\nselect 3;";
    assert_eq!(
        of("mysql", script),
        ["create table a (b int)", "-- the trigger\n\ncreate trigger t begin a; b; END", "select 'x$$'", "select 3"]
    );
    assert_eq!(of("mysql", "delimiter //\na; b\nGO\n/\n//\nc"), ["a; b\nGO\n/", "c"]);
    assert_eq!(
        of("mysql", "DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=a*/ /*!50003 TRIGGER t begin a; end */;;\nDELIMITER ;\nb;"),
        ["/*!50003 CREATE*/ /*!50017 DEFINER=a*/ /*!50003 TRIGGER t begin a; end */", "b"]
    );
    // Then a routine is known by its words again.
    assert_eq!(
        of("mysql", "DELIMITER //\na//\nDELIMITER ;\ncreate trigger t before insert on u for each row begin a; b; end; c"),
        ["a", "create trigger t before insert on u for each row begin a; b; end", "c"]
    );
    // A column of that name is not a line of the client.
    assert_eq!(of("mysql", "create table t (\n delimiter varchar(1)); b"), ["create table t (\n delimiter varchar(1))", "b"]);
    assert_eq!(of("postgresql", "delimiter //\na; b"), ["delimiter //\na", "b"]);
}

#[test]
fn statements_of_sqlite() {
    let trigger =
        "create temp trigger t after update on a when case when new.b then 1 end begin select case when 1 then 2 end; select [;], `;`; end";
    assert_eq!(of("sqlite", &format!("{trigger}; select 'a\\'; b")), [trigger, "select 'a\\'", "b"]);
    assert_eq!(of("sqlite", "begin immediate; a; end; b"), ["begin immediate", "a", "end", "b"]);
}

#[test]
fn statements_of_sql_server() {
    for name in ["mssql", "sybase"] {
        assert_eq!(of(name, "select [a]];b] /* /* ; */ ; */; c"), ["select [a]];b] /* /* ; */ ; */", "c"]);
        assert_eq!(of(name, "a\n  GO 3 -- thrice\nb\ngo;\nc"), ["a", "a", "a", "b", "c"]);
        assert_eq!(of(name, "a\nGO 1001\nb"), ["a\nGO 1001\nb"]);
        assert_eq!(of(name, "if x begin a; b; end else begin c; end; d"), ["if x begin a; b; end else begin c; end", "d"]);
        assert_eq!(of(name, "if x a; else b; c"), ["if x a; else b", "c"]);
        assert_eq!(
            of(name, "begin try a; b; end try begin catch c; end catch; d"),
            ["begin try a; b; end try begin catch c; end catch", "d"]
        );
        assert_eq!(of(name, "begin tran; a; commit; b"), ["begin tran", "a", "commit", "b"]);
        assert_eq!(of(name, "a; declare @x int = 1; select @x;\ngo\nb"), ["a", "declare @x int = 1; select @x", "b"]);
        let procedure = "create or alter procedure p @a as int as set nocount on; begin a; end; b";
        assert_eq!(of(name, &format!("{procedure};\nGO\nc; d")), [procedure, "c", "d"]);
        assert_eq!(of(name, "create proc p as begin tran; a; commit;\ngo\nb"), ["create proc p as begin tran; a; commit", "b"]);
        assert_eq!(of(name, "create procedure p as begin a; b; end; c"), ["create procedure p as begin a; b; end", "c"]);
        assert_eq!(of(name, "alter table t enable trigger all; b"), ["alter table t enable trigger all", "b"]);
    }
    assert_eq!(of("postgresql", "a\nGO 3\nb"), ["a\nGO 3\nb"]);
}

#[test]
fn statements_of_oracle() {
    assert_eq!(of("oracle", "select q'!it's; !', nq'{a};'b}' from dual; b"), ["select q'!it's; !', nq'{a};'b}' from dual", "b"]);
    let body = "create or replace package body p is procedure a is begin null; end; procedure b is x int; begin null; end; end;";
    assert_eq!(
        of("oracle", &format!("create table t (a int);\n{body}\n/\nselect 1 from dual;\n  /  \nselect 2 from dual")),
        ["create table t (a int)", body, "select 1 from dual", "select 2 from dual"]
    );
    assert_eq!(
        of("oracle", "declare x int; begin for i in 1..3 loop if x then y; end if; end loop; end;\nselect 1"),
        ["declare x int; begin for i in 1..3 loop if x then y; end if; end loop; end;", "select 1"]
    );
    assert_eq!(of("oracle", "alter trigger t enable; select 4\n/ 2 from dual"), ["alter trigger t enable", "select 4\n/ 2 from dual"]);
}

#[test]
fn what_cannot_be_read_is_cut_as_liquibase_cuts_it() {
    for dialect in dialect::ALL {
        for sql in ["a 'b; c; d", "a; /* b; c", "a; \"b; c"] {
            let options = SplitOptions { split_statements: true, ..SplitOptions::default() };
            let theirs: Vec<String> = split(sql, &options).into_iter().map(|p| p.text).collect();
            assert_eq!(native(dialect, sql, false), theirs, "{}: {sql}", dialect.id);
        }
    }
}

#[test]
fn comments_are_stripped_by_the_rules_of_the_dialect() {
    let strip = |name: &str, sql: &str| native(dialect::by_name(name).unwrap(), sql, true);
    assert_eq!(strip("postgresql", "a /* b /* c */ d */; e"), ["a", "e"]);
    assert_eq!(strip("postgresql", "do $$ -- kept\n; $$ -- gone"), ["do $$ -- kept\n; $$"]);
    assert_eq!(strip("mysql", "select 5--3 -- gone\n;--gone\nb # kept"), ["select 5--3", "b # kept"]);
    assert_eq!(strip("oracle", "select q'[--]' from dual --gone"), ["select q'[--]' from dual"]);
}

/// Each of these takes the square of its length where a token makes a search to the end of its line or of the text.
#[test]
fn long_scripts_take_linear_time() {
    let n = 1 << 13;
    for dialect in ["postgresql", "mysql", "sqlite", "mssql", "oracle"].map(|name| dialect::by_name(name).unwrap()) {
        for part in [
            "a;",
            "a\nGO\n",
            "begin ",
            "end;",
            "/*",
            "*/",
            "--",
            "--\n",
            "[",
            "`",
            "'\n",
            "$$ ",
            "$a$;",
            "q'[",
            "if then ",
            "delimiter ;",
            "/ ",
            "go ",
        ] {
            let sql = part.repeat(n);
            let length: usize = native(dialect, &sql, false).iter().map(String::len).sum();
            assert!(length <= sql.len(), "{}: {part}", dialect.id);
        }
    }
}

/// Whole statements of a dialect, each of which ends where the delimiter behind it stands.
fn statements(lexis: &Lexis) -> Vec<&'static str> {
    let mut all = vec![
        "select 1",
        "select 'a;b', \"c;d\"",
        "insert into t values ('it''s; ok', \"x\"\"y;\")",
        "select 1 /* c; 'd */ + 2",
        "select 1 -- x; it's\n + 2",
        "select case when a then b end from t",
        "update t set a = 4 / 2",
    ];
    match lexis.blocks {
        Blocks::PlSql => all.extend([
            "create or replace trigger t before insert on a begin b; case c when 1 then d; end case; end;",
            "declare a int; begin while b loop c; end loop; end;",
            "begin if a then b; elsif c then d; end if; end;",
        ]),
        _ => all.extend([
            "create trigger t after insert on a begin select case when b then c end; delete from d; end",
            "create procedure p() begin select 1; begin select 2; end; end",
        ]),
    }
    if lexis.blocks == Blocks::Compound {
        all.extend([
            "create function f() begin if a then b; elseif c then d; end if; while e do f; end while; end",
            "create procedure p() begin repeat a; until b end repeat; loop if(a, b, c); end loop; end",
        ]);
    }
    if lexis.blocks == Blocks::Batches {
        all.extend(["if a begin b; c; end else begin d; end", "begin try a; end try begin catch b; end catch"]);
    }
    if lexis.dollar_quotes != DollarQuotes::None {
        all.extend(["select $$ it's; $ $$", "do $$ begin a; end; $$"]);
    }
    if lexis.dollar_quotes == DollarQuotes::Tagged {
        all.push("do $a$ $$; ' $b$ $a$ language x");
    }
    match lexis.backslashes {
        Backslashes::None => all.push("select 'a\\'"),
        Backslashes::EscapeStrings => all.extend(["select 'a\\'", "select e'it\\'s; ok'"]),
        Backslashes::Strings => all.extend(["select 'it\\'s; ok'", "select \"a\\\";b\""]),
    }
    if lexis.nested_comments {
        all.push("select 1 /* a /* b; */ c; ' */ + 2");
    }
    if lexis.alternative_quotes {
        all.push("select q'(it's; ok)', nq'!a;'b!' from dual");
    }
    if lexis.backquotes {
        all.push("select `a;'b`");
    }
    if lexis.brackets {
        all.push("select [a;'b]");
    }
    if lexis.parentheses_hold {
        all.push("create rule r as on insert to t do also (delete from a; delete from b)");
    }
    if lexis.line_comment == Some("#") {
        all.push("select 1 # it's; ok\n + 2");
    }
    all
}

fn scripts() -> impl Strategy<Value = (&'static Dialect, Vec<&'static str>, Vec<&'static str>)> {
    select(dialect::ALL.to_vec()).prop_flat_map(|d| {
        let delimiters = match d.lexis.blocks {
            // A unit goes to the next line with `/`, whatever stands between.
            Blocks::PlSql => vec!["\n/\n"],
            _ => vec![";", " ;\n", "\nGO\n", "\ngo \n\n", "\n/\n", ";;", ";\n\n/\n"],
        };
        let pair = (select(statements(&d.lexis)), select(delimiters));
        proptest::collection::vec(pair, 0..8).prop_map(move |list| {
            let (statements, delimiters) = list.into_iter().unzip();
            (d, statements, delimiters)
        })
    })
}

/// What means something to one splitter or another.
const TOKENS: [&str; 32] = [
    "a",
    "1",
    " ",
    "\n",
    ";",
    ";",
    ";",
    "(",
    ")",
    "--",
    "//",
    "begin",
    "end",
    "end",
    "case",
    "if",
    "then",
    "loop",
    "end if",
    "while",
    "do",
    "declare",
    "@x",
    "create",
    "procedure",
    "trigger",
    "as",
    "package",
    "type body",
    "\nGO\n",
    "\n/\n",
    "else",
];
/// What begins or ends quotes and comments, or changes how the rest is read.
const QUOTES: [&str; 19] = [
    "'",
    "''",
    "\"",
    "`",
    "[",
    "]",
    "$$",
    "$x$",
    "\\",
    "/*",
    "*/",
    "/*!",
    "#",
    "delimiter //\n",
    "\ndelimiter ;\n",
    "q'[",
    "]'",
    "E'",
    "\r\n",
];

/// Anything out of these.
fn soup(tokens: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    proptest::collection::vec(select(tokens.to_vec()), 0..40).prop_map(|list| list.join(" "))
}

/// A text with a blank for each comment, in the order in which they begin: what one holds opens and closes no other.
fn without_comments(text: &str, nests: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = if rest.starts_with("/*") {
            let (mut depth, mut at) = (1, 2);
            while depth > 0 && at < rest.len() {
                let (step, deeper) = match &rest.as_bytes()[at..] {
                    [b'*', b'/', ..] => (2, -1),
                    [b'/', b'*', ..] if nests => (2, 1),
                    _ => (1, 0),
                };
                at += step;
                depth += deeper;
            }
            at
        } else if ["--", "#", "//"].iter().any(|begin| rest.starts_with(begin)) {
            rest.find('\n').unwrap_or(rest.len())
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        out.push(' ');
        rest = &rest[end..];
    }
    out
}

/// What of a gap between two statements is no delimiter.
fn rest_of_gap(gap: &str, strip_comments: bool, nests: bool) -> String {
    let mut gap = if strip_comments { without_comments(gap, nests) } else { gap.to_owned() };
    gap = regex(r"(?i)\bdelimiter\s+[^\n]*").replace_all(&gap, " ").into_owned();
    gap = regex(r"(?im)^\s*go\b[^\n]*").replace_all(&gap, " ").into_owned();
    gap.chars().filter(|c| !c.is_whitespace() && !matches!(c, ';' | '/')).collect()
}

fn regex(pattern: &str) -> regex::Regex {
    regex::Regex::new(pattern).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_script_of_whole_statements_is_cut_into_them((dialect, statements, delimiters) in scripts()) {
        let script: String = statements.iter().zip(&delimiters).map(|(s, d)| format!("{s}{d}")).collect();
        prop_assert_eq!(native(dialect, &script, false), statements, "{}", dialect.id);
    }

    #[test]
    fn nothing_but_delimiters_is_lost(dialect in select(dialect::ALL.to_vec()), sql in soup(&[&TOKENS[..], &QUOTES[..]].concat()), strip_comments in any::<bool>()) {
        let options = SplitOptions { strip_comments, split_statements: true, end_delimiter: None, lexis: Some(&dialect.lexis) };
        let (mut end, mut last) = (0, 0..0);
        let pieces = split(&sql, &options);
        for range in pieces.iter().map(|p| p.range.clone()).chain(std::iter::once(sql.len()..sql.len())) {
            if range == last && !range.is_empty() {
                continue;
            }
            prop_assert!(end <= range.start && range.start <= range.end, "{}", dialect.id);
            // Comments nest in the reading of some dialects; Liquibase's, for texts that a dialect cannot read, has none that do.
            let gap = &sql[end..range.start];
            let lost = [true, false].map(|nests| rest_of_gap(gap, strip_comments || dialect.lexis.refuses_empty, nests));
            prop_assert!(lost.iter().any(String::is_empty), "{} loses one of {:?} between {:?}", dialect.id, lost, gap);
            end = range.end;
            last = range;
        }
    }

    #[test]
    fn a_statement_is_one_statement(dialect in select(dialect::ALL.to_vec()), sql in soup(&TOKENS)) {
        // How far a unit of PL/SQL goes depends on the `/` line behind it, which is no part of it.
        prop_assume!(dialect.lexis.blocks != Blocks::PlSql);
        for piece in native(dialect, &sql, false) {
            prop_assert_eq!(native(dialect, &piece, false), [piece.clone()], "{}", dialect.id);
        }
    }
}
