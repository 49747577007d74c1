//! Change types that Liquibase does not have, on PostgreSQL: made, used, undone, made again.

use super::project::{Project, rows};
use super::{Database, block_on};

/// What there is of schemas, extensions, types, views, partitions and privileges.
const CATALOG: &str = "SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname = 'app' \
    UNION ALL SELECT 'extension ' || extname FROM pg_extension WHERE extname = 'tcn' \
    UNION ALL SELECT 'value ' || enumlabel FROM pg_enum \
    UNION ALL SELECT 'view ' || matviewname FROM pg_matviews \
    UNION ALL SELECT 'part ' || inhrelid::regclass::text FROM pg_inherits \
    UNION ALL SELECT 'privilege ' || privilege_type FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC' AND table_name = 'sale' \
    ORDER BY 1";

fn changeset(id: &str, changes: &str) -> String {
    format!("- changeSet: {{id: {id}, author: a, changes: [{changes}]}}\n")
}

#[test]
fn types_of_ours_are_made_and_undone() {
    let tables =
        changeset("tables", "{sql: {sql: 'CREATE TABLE sale (made date) PARTITION BY RANGE (made); CREATE TABLE sale_2024 (made date)'}}");
    let made = [
        changeset("schema", "{createSchema: {schemaName: app}}"),
        changeset("extension", "{createExtension: {extensionName: tcn, schemaName: app}}"),
        changeset("type", "{createType: {typeName: mood, schemaName: app, values: 'sad, ok'}}"),
        changeset("view", "{createMaterializedView: {viewName: totals, schemaName: app, selectQuery: 'SELECT count(*) AS n FROM sale'}}"),
        changeset(
            "part",
            "{attachPartition: {tableName: sale, partitionName: sale_2024, values: 'FROM (''2024-01-01'') TO (''2025-01-01'')'}}",
        ),
    ]
    .concat();
    block_on(async {
        let Some(db) = Database::create("types_of_ours_are_made_and_undone", "POSTGRES").await else { return };
        let project = Project::on(db, &format!("{tables}{made}"));
        project.ok(&["update"]);
        let all = rows(&[&["extension tcn"], &["part sale_2024"], &["schema app"], &["value ok"], &["value sad"], &["view totals"]]);
        assert_eq!(project.query(CATALOG).await, all);
        project.ok(&["rollback-count", "5"]);
        assert_eq!(project.query(CATALOG).await, rows(&[]));
        project.ok(&["update"]);
        assert_eq!(project.query(CATALOG).await, all);
        let more = [
            changeset("value", "{alterType: {typeName: mood, schemaName: app, addValue: happy, after: sad}}"),
            changeset("row", "{insert: {tableName: sale, columns: [{column: {name: made, valueDate: 2024-05-06}}]}}"),
            changeset("refresh", "{refreshMaterializedView: {viewName: totals, schemaName: app}}"),
            changeset("grant", "{grant: {privileges: 'SELECT, INSERT', objectName: sale, grantee: PUBLIC}}"),
            changeset("revoke", "{revoke: {privileges: INSERT, objectName: sale, grantee: PUBLIC}}"),
        ]
        .concat();
        project.write(&format!("{tables}{made}{more}"));
        project.ok(&["update"]);
        assert_eq!(project.query("SELECT n::text FROM app.totals").await, rows(&[&["1"]]));
        assert_eq!(
            project.query("SELECT enumlabel::text FROM pg_enum ORDER BY enumsortorder").await,
            rows(&[&["sad"], &["happy"], &["ok"]])
        );
        assert!(project.query(CATALOG).await.contains(&vec![Some("privilege SELECT".to_owned())]));
        assert!(!project.query(CATALOG).await.contains(&vec![Some("privilege INSERT".to_owned())]));
        let gone = [
            changeset("detach", "{detachPartition: {tableName: sale, partitionName: sale_2024, concurrently: true}}"),
            changeset("drop-view", "{dropMaterializedView: {viewName: totals, schemaName: app}}"),
            changeset("drop-type", "{dropType: {typeName: mood, schemaName: app}}"),
            changeset("drop-extension", "{dropExtension: {extensionName: tcn}}"),
            changeset("drop-schema", "{dropSchema: {schemaName: app, cascade: true}}"),
        ]
        .concat();
        project.write(&format!("{tables}{made}{more}{gone}"));
        let ran = project.ok(&["update"]);
        assert!(ran.stderr.contains("Changeset changelog.yaml::detach::a runs outside of a transaction"), "{}", ran.stderr);
        assert_eq!(project.query(CATALOG).await, rows(&[&["privilege SELECT"]]));
        project.db.remove().await;
    });
}

#[test]
fn types_of_ours_are_refused_where_the_database_has_none() {
    block_on(async {
        let made = changeset("type", "{createType: {typeName: mood, values: 'sad, ok'}}");
        let project = Project::on(Database::sqlite(), &made);
        project.fails(&["update"], 3, "createType is not supported on sqlite");
    });
}
