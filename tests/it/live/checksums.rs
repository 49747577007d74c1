//! Checksums in the ledger: edits are found, old versions replaced, forgotten ones computed anew.

use super::block_on;
use super::project::{Project, rows};

fn changesets(text: &str) -> String {
    format!("- changeSet: {{id: 1, author: a, changes: [{{sql: {{sql: \"{text}\"}}}}]}}\n")
}

fn stored(found: &[Vec<Option<String>>]) -> String {
    found[0][0].clone().unwrap_or_default()
}

#[test]
fn an_edit_after_the_fact_is_refused() {
    block_on(async {
        for project in Project::each("an_edit_after_the_fact_is_refused", &changesets("create table t1 (a int)")).await {
            project.ok(&["update"]);
            let was = stored(&project.query("SELECT MD5SUM FROM LEDGER").await);
            let edited = changesets("create table t1 (a bigint)");
            project.write(&edited);
            let now = project.ok(&["calculate-checksum", "changelog.yaml::1::a"]).stderr;
            let now = now.lines().next().unwrap();
            assert!(now.starts_with("9:") && now != was, "{now}");
            let text = format!(
                "Unexpected error running Liquibase: Validation Failed:\n     1 changesets check sum\n          changelog.yaml::1::a was: {was} but is now: {now}\n"
            );
            for command in ["update", "validate", "status"] {
                let failed = project.fails(&[command], 3, &text);
                assert!(failed.stderr.contains("--> changelog.yaml:2:3\n"), "{}", failed.stderr);
            }
            let report = project.run(&["validate", "--format", "json"]);
            assert_eq!(report.code, 3);
            let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
            assert_eq!((&report["valid"], &report["problems"][0]["code"]), (&false.into(), &"E0403".into()));
            assert_eq!(stored(&project.query("SELECT MD5SUM FROM LEDGER").await), was);

            project.write(&edited.replace("changes:", &format!("validCheckSum: [\"{now}\"], changes:")));
            project.ok(&["validate"]);
            // The checksum that it had may be named as well (checksums §7, step 4); another one helps nothing.
            project.write(&edited.replace("changes:", &format!("validCheckSum: [\"{was}\"], changes:")));
            project.ok(&["validate"]);
            project.write(&edited.replace("changes:", "validCheckSum: ['9:00000000000000000000000000000000'], changes:"));
            project.fails(&["validate"], 3, &text);
            project.write(&edited);
            project.plain(&["clear-checksums"]);
            assert_eq!(project.query("SELECT MD5SUM FROM LEDGER").await, rows(&[&["NULL"]]), "{}", project.db.dialect);
            let forgiven = project.ok(&["update"]);
            assert!(!forgiven.stderr.contains("Upgrading checksum"), "{}", forgiven.stderr);
            assert_eq!(stored(&project.query("SELECT MD5SUM FROM LEDGER").await), now);
            project.db.remove().await;
        }
    });
}

/// checksums §4.1: version 8 may have counted raw SQL that runs with a program as split.
#[test]
fn an_old_checksum_of_sql_for_a_program_is_accepted_in_both_forms() {
    let inner = |split: bool| {
        format!("databaseChangeLog:\n- changeSet: {{id: 1, author: a, changes: [{{sql: {{splitStatements: {split}, sql: select 1}}}}]}}\n")
    };
    block_on(async {
        for project in
            Project::each("an_old_checksum_of_sql_for_a_program_is_accepted_in_both_forms", "- include: {file: inner.yaml}\n").await
        {
            let old = |split| {
                project.write_file("inner.yaml", &inner(split));
                let plan: serde_json::Value = serde_json::from_str(&project.ok(&["plan", "--format", "json"]).stdout).unwrap();
                plan["changesets"][0]["md5sum_v8"].as_str().unwrap().to_owned()
            };
            let (split, whole) = (old(true), old(false));
            assert_ne!(split, whole);
            project.ok(&["update"]);
            project.execute(&format!("UPDATE LEDGER SET MD5SUM = '{split}'")).await;
            project.fails(&["update"], 3, &format!("was: {split} but is now: {whole}\n"));
            // What surrounds an include reaches through the files in between.
            project.write_file("middle.yaml", "databaseChangeLog:\n- modifyChangeSets: {include: {file: inner.yaml}}\n");
            project.write("- modifyChangeSets: {runWith: psql, include: {file: middle.yaml}}\n");
            project.ok(&["update"]);
            assert!(stored(&project.query("SELECT MD5SUM FROM LEDGER").await).starts_with("9:"), "{}", project.db.dialect);
            project.db.remove().await;
        }
    });
}

/// checksums §4.2: before 4.26, Liquibase expanded the properties of an SQL file before it hashed the file.
#[test]
fn the_checksum_of_a_file_that_an_old_liquibase_expanded_is_accepted() {
    let changesets = "- property: {name: column, value: n}\n- changeSet: {id: 1, author: a, changes: [{sqlFile: {path: f.sql}}]}\n";
    block_on(async {
        for project in Project::each("the_checksum_of_a_file_that_an_old_liquibase_expanded_is_accepted", changesets).await {
            let now = |text: &str| {
                project.write_file("f.sql", text);
                let plan: serde_json::Value = serde_json::from_str(&project.ok(&["plan", "--format", "json"]).stdout).unwrap();
                plan["changesets"][0]["md5sum"].as_str().unwrap().to_owned()
            };
            let (expanded, written) = (now("create table t (n int)"), now("create table t (${column} int)"));
            project.ok(&["update"]);
            assert_eq!(stored(&project.query("SELECT MD5SUM FROM LEDGER").await), written);
            project.execute(&format!("UPDATE LEDGER SET LIQUIBASE = '4.26.0', MD5SUM = '{expanded}'")).await;
            project.fails(&["update"], 3, &format!("was: {expanded} but is now: {written}\n"));
            project.execute("UPDATE LEDGER SET LIQUIBASE = '4.25.1'").await;
            project.ok(&["update"]);
            project.db.remove().await;
        }
    });
}

#[test]
fn a_checksum_of_an_old_version_is_replaced() {
    block_on(async {
        for project in Project::each("a_checksum_of_an_old_version_is_replaced", &changesets("create table t1 (a int)")).await {
            project.ok(&["update"]);
            let new = stored(&project.query("SELECT MD5SUM FROM LEDGER").await);
            let plan = project.ok(&["plan", "--format", "json"]).stdout;
            let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
            let old = plan["changesets"][0]["md5sum_v8"].as_str().unwrap().to_owned();
            project.execute(&format!("UPDATE LEDGER SET MD5SUM = '{old}'")).await;
            let script = project.ok(&["update-sql"]).stdout;
            assert!(
                script.contains(&format!("SET MD5SUM = '{new}' WHERE ID = '1' AND AUTHOR = 'a' AND FILENAME = 'changelog.yaml'")),
                "{script}"
            );
            assert_eq!(stored(&project.query("SELECT MD5SUM FROM LEDGER").await), old);
            let upgraded = project.ok(&["update"]);
            let text = format!("Upgrading checksum for Changeset changelog.yaml::1::a from {old} to {new}.\n");
            assert!(upgraded.stderr.contains(&text), "{}", upgraded.stderr);
            assert_eq!(stored(&project.query("SELECT MD5SUM FROM LEDGER").await), new, "{}", project.db.dialect);
            assert_eq!(project.query("SELECT count(*) FROM t1").await, rows(&[&["0"]]));

            project.execute("UPDATE LEDGER SET MD5SUM = '8:00000000000000000000000000000000'").await;
            project.fails(&["update"], 3, &format!("was: 8:00000000000000000000000000000000 but is now: {old}\n"));
            // Nobody knows how a later version computes.
            project.execute("UPDATE LEDGER SET MD5SUM = '10:00000000000000000000000000000000'").await;
            project.fails(&["update"], 1, "changelog.yaml::1::a: unknown checksum calculation version 10");
            project.db.remove().await;
        }
    });
}
