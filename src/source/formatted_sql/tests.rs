use super::*;

fn parse(text: &str) -> (Node, Vec<String>) {
    let mut problems = Diagnostics::new();
    let root = read(FileId(0), "f.sql", text, &Limits::default(), &mut problems).unwrap();
    (root, problems.iter().map(|p| p.message.clone()).collect())
}

fn good(text: &str) -> Node {
    let (root, problems) = parse(text);
    assert!(problems.is_empty(), "{problems:?}");
    root
}

fn changesets(root: &Node) -> Vec<&Node> {
    root.children.iter().filter(|c| *c.name == *"changeSet").collect()
}

/// `name=value` of each child with one value, in order.
fn leaves(node: &Node) -> Vec<String> {
    node.children.iter().filter_map(|c| c.text().map(|t| format!("{}={t}", c.name))).collect()
}

fn one(line: &str) -> Node {
    let root = good(&format!("--liquibase formatted sql\n{line}\nselect 1\n"));
    (*changesets(&root).first().unwrap()).clone()
}

fn attribute(line: &str, name: &str) -> Option<String> {
    one(line).child_text(name).map(str::to_owned)
}

#[test]
fn headers() {
    for text in ["--liquibase formatted sql", "-- liquibase   formatted SQL changeLogId:abc-123", "\n\n   --LIQUIBASE formattedx\r\n"] {
        assert!(is_formatted(text), "{text}");
    }
    for text in ["select 1", "-liquibase formatted sql", "", "/* x */\n--liquibase formatted sql"] {
        assert!(!is_formatted(text), "{text}");
    }
    let root = good("--liquibase formatted sql logicalFilePath:a/b.sql\n--liquibase formatted sql logicalFilePath:c.sql\n");
    assert_eq!(root.child_text("logicalFilePath"), Some("a/b.sql"));
    assert!(root.child(FORMATTED).is_some());
}

/// The file `q1.sql` of checksums §11.
#[test]
fn the_vector_file() {
    let text = r#"--liquibase formatted sql logicalFilePath:logical/q1.sql

--property name:p1 value:hello
--changeset alice:1 labels:"l1, l2" context:"a and b" dbms:postgresql,h2 runOnChange:true runAlways:false failOnError:false runInTransaction:false splitStatements:false stripComments:false endDelimiter:/ ignore:false runWith:psql
--comment This is a comment
--validCheckSum: 9:abc
--preconditions onFail:MARK_RAN onError:WARN onSqlOutput:TEST
--precondition-sql-check expectedResult:0 select count(*) from t
--precondition-table-exists table:t schema:s
select '${p1}';
--rollback drop table a;
--rollback drop table b;

--changeset "bob smith":"id with space"
select 2;
/* liquibase rollback
drop table x;
drop table y;
*/
select 3;
--rollback not required

-- changeset carl:3
select 1; -- trailing
-- not a directive
--rollback empty
--changeset dan:4 stripComments:true
select 4;
GO
select 5
/
--rollback changesetId:3 changesetAuthor:carl changesetPath:logical/q1.sql

--CHANGESET eve:5 context:test,prod labels:a,b RUNONCHANGE:TRUE
   select  6
--ignoreLines:start
junk
--ignoreLines:end
;
--ignoreLines:2
junk1
junk2
select 7;

--changeset f:6 contextFilter:x context:y logicalFilePath:lfp/other.sql
create function f() as $$
begin
 select 1;
end;
$$
/
--changeset a\b:c:d
select 1
"#;
    let root = good(text);
    let property = root.child("property").unwrap();
    assert_eq!(leaves(property), ["name=p1", "value=hello"]);
    let sets = changesets(&root);
    let ids: Vec<String> = sets.iter().map(|s| format!("{}::{}", s.child_text("id").unwrap(), s.child_text("author").unwrap())).collect();
    assert_eq!(ids, ["1::alice", "id with space::bob smith", "3::carl", "4::dan", "5::eve", "6::f", "c:d::a\\b"]);
    let sql = |at: usize| sets[at].child("sql").unwrap().child_text("sql").unwrap();

    let expected = [
        "id=1",
        "author=alice",
        "runOnChange=true",
        "runAlways=false",
        "runInTransaction=false",
        "failOnError=false",
        "context=a and b",
        "labels=l1, l2",
        "dbms=postgresql,h2",
        "ignore=false",
        "runWith=psql",
        "comment=This is a comment",
        "validCheckSum=9:abc",
    ];
    assert_eq!(leaves(sets[0]), expected);
    assert_eq!(
        leaves(sets[0].child("sql").unwrap()),
        ["splitStatements=false", "stripComments=false", "endDelimiter=/", "sql=select '${p1}';"]
    );
    let conditions = sets[0].child("preConditions").unwrap();
    assert_eq!(leaves(conditions), ["onFail=MARK_RAN", "onError=WARN", "onSqlOutput=TEST"]);
    assert_eq!(leaves(conditions.child("sqlCheck").unwrap()), ["expectedResult=0", "sql=select count(*) from t"]);
    assert_eq!(leaves(conditions.child("tableExists").unwrap()), ["tableName=t", "schemaName=s"]);
    let rollback = |at: usize| sets[at].child("rollback").unwrap();
    assert_eq!(leaves(rollback(0).child("sql").unwrap()), ["stripComments=false", "sql=drop table a;\ndrop table b;"]);

    assert_eq!(sql(1), "select 2;\nselect 3;");
    // The block and the line together are no longer the word "not required".
    assert_eq!(rollback(1).child("sql").unwrap().child_text("sql"), Some("drop table x;drop table y;not required"));
    assert_eq!(sql(2), "select 1; -- trailing\n-- not a directive");
    assert!(rollback(2).children.is_empty() && rollback(2).values.is_empty());
    assert_eq!(sql(3), "select 4;\nGO\nselect 5\n/");
    // Only the last changeset of a file gets the slash as delimiter.
    assert_eq!(leaves(sets[3].child("sql").unwrap()).len(), 3);
    assert!(sets[3].child(STRIP_COMMENTS_DEFAULT).is_none() && sets[3].child(SPLIT_STATEMENTS_DEFAULT).is_some());
    assert_eq!(leaves(rollback(3)), ["changeSetId=3", "changeSetAuthor=carl", "changeSetPath=logical/q1.sql"]);
    assert_eq!(sql(4), "select  6\n;\nselect 7;");
    assert_eq!(sets[4].child_text("runOnChange"), Some("true"));
    assert_eq!(sets[5].child_text("contextFilter"), Some("x"));
    assert!(sets[5].child("context").is_none());
    assert_eq!(sql(5), "create function f() as $$\nbegin\n select 1;\nend;\n$$\n/");
}

#[test]
fn identities() {
    let id = |line: &str| {
        let set = one(line);
        format!("{}|{}", set.child_text("author").unwrap(), set.child_text("id").unwrap())
    };
    assert_eq!(id("--changeset a:b:c x"), "a|b:c");
    assert_eq!(id("--changeset \"a:b\":1"), "a:b|1");
    assert_eq!(id("--changeset John Doe:1"), "John Doe|1");
    assert_eq!(id("  --  changeset a:'x'"), "a|x");
    assert_eq!(id("--changeset a:${x}"), "a|${x}");
    for line in [
        "--changeset a: 1",
        "--changeset \"x\" : \"y\"",
        "--changeset ab",
        "--changeset",
        "-changeset a:1",
        "--changesets a:1",
        "--changeset a:",
        "--changeset a:::",
    ] {
        let (_, problems) = parse(&format!("--liquibase formatted sql\n{line}\nselect 1"));
        let expected = "Unexpected formatting in formatted changelog 'f.sql' at line 2. Formatted SQL changelogs require known formats, \
                        such as '--changeset <authorname>:<changesetId>' and others to be recognized and run.";
        assert_eq!(problems, [expected], "{line}");
    }
}

/// As Liquibase 4.28 undoes them: the word must stand in the only line.
#[test]
fn what_needs_no_rollback_says_so_in_one_line() {
    let sql = |lines: &str| {
        let text = format!("--liquibase formatted sql\n--changeset a:1\nselect 1;\n{lines}\n");
        let root = good(&text);
        let rollback = changesets(&root)[0].child("rollback").unwrap().clone();
        let place = &text[rollback.span.start as usize..rollback.span.end as usize];
        assert_eq!(Some(place), lines.strip_prefix("--rollback "), "the place is that of all lines");
        rollback.child("sql").and_then(|sql| sql.child_text("sql")).map(str::to_owned)
    };
    assert_eq!(sql("--rollback not required, says Ann"), None);
    assert_eq!(sql("--rollback EMPTY of meaning"), None);
    assert_eq!(sql("--rollback not required\n--rollback drop table t1").as_deref(), Some("not required\ndrop table t1"));
}

#[test]
fn attributes_of_changesets() {
    let of = |line: &str, name: &str| attribute(&format!("--changeset a:1 {line}"), name);
    assert_eq!(of("contextFilter:\"\" context:z", "contextFilter").as_deref(), Some(""));
    assert_eq!(of("contextFilter:\"\" context:z", "context"), None);
    assert_eq!(of("contextFilter: context:z", "context").as_deref(), Some("z"));
    assert_eq!(of("context:a context:b", "context").as_deref(), Some("b"));
    assert_eq!(of("labels:'x,y'", "labels").as_deref(), Some("x,y"));
    assert_eq!(of("dbms:!h2,mysql (x)", "dbms").as_deref(), Some("!h2,mysql"));
    assert_eq!(of("runOnChange:maybe", "runOnChange").as_deref(), Some("maybe"));
    assert_eq!(of("runWith:${r} runWithSpoolFile:a b.txt", "runWith").as_deref(), Some("${r}"));
    assert_eq!(of("runWithSpoolFile:a b.txt", "runWithSpoolFile").as_deref(), Some("a b.txt"));
    assert_eq!(of("logicalFilePath:", "logicalFilePath"), None);
    let sql = |line: &str| leaves(one(&format!("--changeset a:1 {line}")).child("sql").unwrap());
    assert_eq!(sql("rollbackSplitStatements:false"), ["splitStatements=false", "stripComments=true", "sql=select 1"]);
    assert_eq!(sql("rollbackEndDelimiter:/"), ["splitStatements=true", "stripComments=true", "sql=select 1"]);
    assert_eq!(sql("endDelimiter:\\nGO"), ["splitStatements=true", "stripComments=true", "endDelimiter=\\nGO", "sql=select 1"]);
    let set = one("--changeset a:1 runAlways:TRUE");
    assert_eq!(set.child("runAlways").and_then(Node::value).map(|v| v.kind), Some(ScalarKind::Bool));
}

#[test]
fn rollbacks() {
    let of = |lines: &str| {
        let root = good(&format!(
            "--liquibase formatted sql\n--changeset a:1 rollbackSplitStatements:false rollbackEndDelimiter:/\nselect 1\n{lines}"
        ));
        changesets(&root)[0].child("rollback").cloned()
    };
    assert_eq!(of("--rollback"), None);
    assert_eq!(of("--rollbackfoo"), None);
    assert_eq!(of("--rollback "), None);
    assert_eq!(
        leaves(of("--ROLLBACK x").unwrap().child("sql").unwrap()),
        ["splitStatements=false", "stripComments=false", "endDelimiter=/", "sql=x"]
    );
    assert_eq!(
        leaves(&of("--rollback changesetId:x changesetAuthor:y").unwrap()),
        ["changeSetId=x", "changeSetAuthor=y", "changeSetPath=f.sql"]
    );
    assert_eq!(of("/* liquibase rollback\na;\n b; */").unwrap().child("sql").unwrap().child_text("sql"), Some("a; b;"));
    // A bare directive is SQL text.
    let root = good("--liquibase formatted sql\n--changeset a:1\nselect 1;\n--rollback\n");
    assert_eq!(changesets(&root)[0].child("sql").unwrap().child_text("sql"), Some("select 1;\n--rollback"));
    let (_, problems) = parse("--liquibase formatted sql\n--changeset a:1\nselect 1\n--rollback changesetId: x\n");
    assert_eq!(
        problems,
        ["'changesetId' not set in rollback block 'changesetId: x'", "'changesetAuthor' not set in rollback block 'changesetId: x'"]
    );
    let (_, problems) = parse("--liquibase formatted sql\n--changeset a:1\nselect 1;\n/* liquibase rollback\nselect 2;\n");
    assert_eq!(problems, ["Liquibase rollback comment is not closed."]);
}

#[test]
fn comments_checksums_and_preconditions() {
    let root = good(
        "--liquibase formatted sql\n--changeset a:1\n--comment: one\n--COMMENT two\n --comment three\n--validCheckSum 1:any\n--validCheckSum: x\n--precondition-view-exists view:v\n--preconditions onFail:WARN\nselect 1",
    );
    let set = changesets(&root)[0];
    assert_eq!(set.child_text("comment"), Some("two"));
    assert_eq!(set.children_named("validCheckSum").filter_map(Node::text).collect::<Vec<_>>(), ["1:any", "x"]);
    // Earlier preconditions are lost.
    assert_eq!(leaves(set.child("preConditions").unwrap()), ["onFail=WARN"]);
    assert_eq!(set.child("preConditions").unwrap().children.len(), 1);
    assert_eq!(set.child("sql").unwrap().child_text("sql"), Some("--comment three\nselect 1"));
}

#[test]
fn malformed_lines() {
    let unexpected = |form: &str| {
        format!(
            "Unexpected formatting in formatted changelog 'f.sql' at line 3. Formatted SQL changelogs require known formats, such as '{form}' and others to be recognized and run."
        )
    };
    for (line, message) in [
        ("--comments x", unexpected("--comment <comment>")),
        ("-comment x", unexpected("--comment <comment>")),
        ("-validCheckSum x", unexpected("--validChecksum <checksum>")),
        ("-rollback x", unexpected("--rollback <rollback SQL>")),
        ("-preconditions x", unexpected("--preconditions <onFail>|<onError>|<onUpdate>")),
        ("-precondition-sql-check x", unexpected("--precondition-sql-check")),
        ("-property name:x value:y", unexpected("--property name=<property name> value=<property value>")),
        ("--property name:x", unexpected("--property name=<property name> value=<property value>")),
        ("--ignore:3", unexpected("--ignoreLines:<count|start>")),
        ("-ignoreLines:3", unexpected("--ignoreLines:<count|start>")),
        ("--ignoreLines:many", "Unknown ignoreLines syntax: \"many\"".to_owned()),
        (
            "--precondition-sql-check",
            "Precondition sql check failed because of missing required expectedResult and sql parameters.".to_owned(),
        ),
        ("--precondition-moon full:1", "The 'moon' precondition type is not supported.".to_owned()),
        ("--tagDatabase: x", "--tagDatabase is a directive of the licensed Java product; it is not supported".to_owned()),
    ] {
        let (_, problems) = parse(&format!("--liquibase formatted sql\n--changeset a:1\n{line}\nselect 1"));
        assert_eq!(problems, [message], "{line}");
    }
    let (_, problems) = parse("--liquibase formatted sql\n--comment x\n");
    assert_eq!(problems, ["Unexpected formatting at line 2. Formatted SQL changelogs do not allow comment lines outside of changesets."]);
}

#[test]
fn empty_changesets() {
    let (_, problems) = parse("--liquibase formatted sql logicalFilePath:l.sql\n--changeset a:1\n\n--changeset a:2\n\n\n");
    assert_eq!(problems, ["No SQL for changeset l.sql::1::a"]);
    // The last one of a file may be empty.
    let root = good("--liquibase formatted sql\n--changeset a:1\n\n\n");
    assert_eq!(changesets(&root)[0].child("sql").unwrap().child_text("sql"), Some(""));
    // Without any line behind it Liquibase runs the SQL of the changeset before once more.
    let (_, problems) = parse("--liquibase formatted sql\n--changeset a:1\nselect 1;\n--changeset a:2\n");
    assert_eq!(problems, ["No SQL for changeset f.sql::2::a"]);
}

/// Files of the conformance folder `parse-errors`, with their verdicts.
#[test]
fn odd_files() {
    // SQL that belongs to no changeset does not run, and that is told.
    for text in ["--liquibase formatted sql\nselect 1;\n", "--liquibase formatted sql\n--change set a:b\nselect 1;\n"] {
        let (root, problems) = parse(text);
        assert!(changesets(&root).is_empty());
        assert_eq!(problems, ["what stands before the first changeset is ignored"]);
    }
    assert_eq!(changesets(&good("--liquibase formatted sql\n-- changeset a:b\nselect 1;\n")).len(), 1);
    assert_eq!(parse("--liquibase formatted sql\n--changeset no-colon\nselect 1;\n").1.len(), 1);
    let root = good("--liquibase formatted sql\n--changeset a:1\n--preconditions onFail:NOPE\nselect 1;\n");
    assert_eq!(changesets(&root)[0].child("preConditions").unwrap().child_text("onFail"), Some("NOPE"));
}

#[test]
fn a_slash_ends_the_last_changeset() {
    let last = |text: &str| {
        let root = good(&format!("--liquibase formatted sql\n--changeset a:0 \nselect 0\n/\n{text}"));
        changesets(&root).iter().map(|s| s.child("sql").unwrap().child_text("endDelimiter").map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(last(""), [Some("\n/$".to_owned())]);
    assert_eq!(last("--changeset a:1\nselect 1;\n/\n\n"), [None, Some("\n/$".to_owned())]);
    assert_eq!(last("--changeset a:1 endDelimiter:;\nselect 1;\n/\n"), [None, Some(";".to_owned())]);
    assert_eq!(last("--changeset a:1\nselect 1 /\n"), [None, None]);
}

#[test]
fn ignored_lines_and_properties_stand_anywhere() {
    let root = good(
        "--liquibase formatted sql\n--changeset a:1\nselect 1\n--property name:n value:v context:\"x y\" dbms:h2,x global:false\n--ignoreLines:1\n--changeset a:2\nselect 2\n",
    );
    assert_eq!(leaves(root.child("property").unwrap()), ["name=n", "value=v", "context=x y", "dbms=h2,x", "global=false"]);
    assert_eq!(changesets(&root).len(), 1);
    let (root, problems) =
        parse("--liquibase formatted sql\n--changeset a:1\nselect 1\n--ignoreLines:start\nselect 2\n--ignoreLines:END\nselect 3");
    assert_eq!(problems.len(), 1);
    assert_eq!(changesets(&root)[0].child("sql").unwrap().child_text("sql"), Some("select 1"));
}

#[test]
fn spans_point_at_what_was_written() {
    let text = "--liquibase formatted sql\n--changeset bob:x runOnChange:true\nselect 1;\nselect 2;\n";
    let root = good(text);
    let set = changesets(&root)[0];
    let cut = |s: Span| &text[s.start as usize..s.end as usize];
    assert_eq!(cut(set.name_span), "changeset");
    assert_eq!(cut(set.span), "--changeset bob:x runOnChange:true\nselect 1;\nselect 2;");
    let on_change = set.child("runOnChange").unwrap();
    assert_eq!((cut(on_change.name_span), cut(on_change.value().unwrap().span)), ("runOnChange", "true"));
    assert_eq!(cut(set.child("id").unwrap().value().unwrap().span), "x");
    assert_eq!(cut(set.child("sql").unwrap().child("sql").unwrap().value().unwrap().span), "select 1;\nselect 2;");
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "(?s)(--|-|/\\*|\\*/|liquibase|formatted|changeset|rollback|property|ignoreLines|precondition|comment|[ :\"'\n\ra\u{e9}]){0,60}") {
        read(FileId(0), "f.sql", &text, &Limits::default(), &mut Diagnostics::new());
    }
}
