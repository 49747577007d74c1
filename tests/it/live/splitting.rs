//! Raw SQL with semicolons inside of its statements, run on real databases without a word about how it is split.

use super::block_on;
use super::project::{Project, rows};

/// A trigger and, where there are procedures, a procedure with a loop, an IF and a CASE; both are used behind them in the
/// same text. In the end `done` has one row for each statement that a body was to run.
fn script(dialect: &str) -> &'static str {
    match dialect {
        "sqlite" => {
            "CREATE TABLE done (what TEXT, n INT); -- it's; a comment
CREATE TABLE [a;b] (`c;d` INT);
CREATE TRIGGER tr AFTER INSERT ON [a;b] BEGIN
  INSERT INTO done VALUES (CASE WHEN new.`c;d` > 1 THEN 'big;' ELSE 'small' END, new.`c;d`);
  INSERT INTO done VALUES ('both', 0);
END;
INSERT INTO [a;b] VALUES (2);
INSERT INTO [a;b] VALUES (1);
INSERT INTO done VALUES ('end\\', 3); DELETE FROM done WHERE n = 0;
"
        }
        "postgresql" => {
            "CREATE TABLE done (what TEXT, n INT); -- it's; a comment
CREATE TABLE \"a;b\" (c INT); /* a /* nested; */ comment; */
CREATE FUNCTION f() RETURNS TRIGGER LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO done VALUES (CASE WHEN new.c > 1 THEN E'big\\';' ELSE 'small\\' END, new.c);
  IF new.c > 1 THEN INSERT INTO done VALUES ('$$;', 0); END IF;
  RETURN new;
END; $body$;
CREATE TRIGGER tr BEFORE INSERT ON \"a;b\" FOR EACH ROW EXECUTE PROCEDURE f();
CREATE FUNCTION twice(n INT) RETURNS INT LANGUAGE SQL BEGIN ATOMIC
  SELECT 1;
  SELECT CASE WHEN n > 0 THEN 2 * n ELSE 0 END;
END;
CREATE RULE r AS ON DELETE TO \"a;b\" DO ALSO (INSERT INTO done VALUES ('rule', 1); INSERT INTO done VALUES ('rule', twice(1)));
DO $$ BEGIN INSERT INTO \"a;b\" VALUES (2); INSERT INTO \"a;b\" VALUES (1); END $$;
DELETE FROM \"a;b\" WHERE c = 2;
"
        }
        _ => {
            "CREATE TABLE done (what VARCHAR(20), n INT); # it's; a comment
CREATE TABLE `a;b` (c INT); -- that's another;
CREATE TRIGGER tr BEFORE INSERT ON `a;b` FOR EACH ROW BEGIN
  INSERT INTO done VALUES (CASE WHEN new.c > 1 THEN 'big\\';' ELSE \"small\\\\\" END, new.c);
  IF new.c > 1 THEN INSERT INTO done VALUES ('if', 5--3); END IF;
END;
CREATE PROCEDURE p(n INT) BEGIN
  WHILE n > 0 DO
    CASE n WHEN 1 THEN INSERT INTO `a;b` VALUES (1); ELSE INSERT INTO `a;b` VALUES (IF(n > 5, 5, n)); END CASE;
    SET n = n - 1;
  END WHILE;
END;
CREATE PROCEDURE q() IF TRUE THEN INSERT INTO done VALUES ('q', 1); INSERT INTO done VALUES ('q', 2); END IF;
/*!50003 CALL p(2) */;
DELIMITER //
CREATE PROCEDURE r() BEGIN CALL q(); CALL q(); END//
CALL r() //
DELIMITER ;
DELETE FROM done WHERE what = 'q' AND n = 1;
-- that's all;
"
        }
    }
}

fn expected(dialect: &str) -> &'static [&'static [&'static str]] {
    match dialect {
        "sqlite" => &[&["small", "1"], &["big;", "2"], &["end\\", "3"]],
        "postgresql" => &[&["$$;", "0"], &["rule", "1"], &["small\\", "1"], &["big';", "2"], &["rule", "2"]],
        _ => &[&["small\\", "1"], &["big';", "2"], &["q", "2"], &["q", "2"], &["if", "8"]],
    }
}

#[test]
fn bodies_with_semicolons_run_whole() {
    block_on(async {
        let changesets = "- changeSet: {id: bodies, author: a, changes: [{sqlFile: {path: bodies.sql}}]}\n";
        for project in Project::each("bodies_with_semicolons_run_whole", changesets).await {
            project.write_file("bodies.sql", script(project.db.dialect));
            let plan = project.ok(&["plan"]);
            assert!(plan.stdout.contains("note: its SQL is split into "), "{}: {}", project.db.dialect, plan.stdout);
            project.ok(&["update"]);
            let sorted = if project.db.dialect == "postgresql" { "what COLLATE \"C\"" } else { "what" };
            let found = project.query(&format!("SELECT what, CAST(n AS CHAR(9)) FROM done ORDER BY n, {sorted}")).await;
            let found: Vec<Vec<_>> = found.into_iter().map(|r| r.into_iter().map(|v| v.map(|t| t.trim().to_owned())).collect()).collect();
            assert_eq!(found, rows(expected(project.db.dialect)), "{}", project.db.dialect);
            assert_eq!(project.recorded().await, rows(&[&["bodies", "EXECUTED"]]));
            project.db.remove().await;
        }
    });
}

#[test]
fn the_same_text_fails_as_liquibase_splits_it() {
    block_on(async {
        let changesets = "- changeSet: {id: bodies, author: a, changes: [{sqlFile: {path: bodies.sql}}]}\n";
        for project in Project::each("the_same_text_fails_as_liquibase_splits_it", changesets).await {
            project.write_file("bodies.sql", script(project.db.dialect));
            let plan = project.ok(&["plan", "--sql-splitting=liquibase"]);
            assert!(!plan.stdout.contains("note:"), "{}: {}", project.db.dialect, plan.stdout);
            let failed = project.run(&["update", "--sql-splitting=liquibase"]);
            assert_eq!(failed.code, 1, "{}: {}", project.db.dialect, failed.stderr);
            project.db.remove().await;
        }
    });
}

/// Text that is not split is one message to the server, which runs all of its statements.
#[test]
fn text_that_is_not_split_runs_to_its_end() {
    block_on(async {
        let changesets = "- include: {file: plain.sql}
- changeSet: {id: whole, author: a, changes: [{sql: {splitStatements: false, sql: 'insert into plain values (2); insert into plain values (3)'}}]}
";
        for project in Project::each("text_that_is_not_split_runs_to_its_end", changesets).await {
            project.write_file(
                "plain.sql",
                "-- as it is\ncreate table plain (a int);\ninsert into plain values (0);\ninsert into plain values (1);\n",
            );
            project.ok(&["update"]);
            let found = project.query("SELECT a FROM plain ORDER BY a").await;
            assert_eq!(found, rows(&[&["0"], &["1"], &["2"], &["3"]]), "{}", project.db.dialect);
            assert_eq!(project.recorded().await, rows(&[&["raw", "EXECUTED"], &["whole", "EXECUTED"]]));
            project.db.remove().await;
        }
    });
}
