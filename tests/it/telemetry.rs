//! The telemetry file: what a collector would read of a run.

use crate::live::project::Project;
use crate::live::{Database, block_on};
use crate::program::command_in;
use serde_json::Value;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

/// Runs an update with telemetry, within a trace; gives its exit code and the lines of the file.
fn update(project: &Project) -> (i32, Vec<Value>) {
    let file = project.folder.path().join("telemetry.jsonl");
    let _ = std::fs::remove_file(&file);
    let words = ["update", "--url", &project.db.url, "--changelog-file", "changelog.yaml", "--telemetry-file", "telemetry.jsonl"];
    let mut command = command_in(project.folder.path(), &words);
    let code = command.env("TRACEPARENT", format!("00-{TRACE}-{CALLER}-01")).output().unwrap().status.code().unwrap();
    (code, std::fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Name, parent, outcome and status code of each span, in the order of the file.
fn spans(lines: &[Value]) -> Vec<(String, String, String, u64)> {
    let spans = lines.iter().filter_map(|line| line.pointer("/resourceSpans/0/scopeSpans/0/spans/0"));
    let mut out = Vec::new();
    for span in spans {
        assert_eq!(span["traceId"], TRACE);
        let time = |name: &str| span[name].as_str().unwrap().parse::<u128>().unwrap();
        assert!(time("startTimeUnixNano") <= time("endTimeUnixNano") && time("startTimeUnixNano") > 1_700_000_000_000_000_000);
        assert_eq!(span["spanId"].as_str().unwrap().len(), 16);
        let attributes = span["attributes"].as_array().unwrap();
        let outcome = attributes.iter().find(|a| a["key"] == "changelog.changeset.outcome").map(|a| &a["value"]["stringValue"]);
        let id = attributes.iter().find(|a| a["key"] == "changelog.changeset.id").map(|a| &a["value"]["stringValue"]);
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let name = format!("{} {}", span["name"].as_str().unwrap(), text(id)).trim().to_owned();
        out.push((name, text(span.get("parentSpanId")), text(outcome), span["status"]["code"].as_u64().unwrap_or(0)));
    }
    out
}

fn root_of(lines: &[Value]) -> String {
    let last = lines.iter().filter_map(|line| line.pointer("/resourceSpans/0/scopeSpans/0/spans/0/spanId")).next_back();
    last.unwrap().as_str().unwrap().to_owned()
}

/// The number of changesets with each outcome.
fn counts(lines: &[Value]) -> Vec<(String, String)> {
    let metrics: Vec<&Value> = lines.iter().filter_map(|line| line.pointer("/resourceMetrics/0/scopeMetrics/0/metrics")).collect();
    assert_eq!(metrics.len(), 1);
    let names: Vec<&str> = metrics[0].as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["changelog.changesets", "changelog.duration", "changelog.lock.wait"]);
    let points = metrics[0][0]["sum"]["dataPoints"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    points.iter().map(|p| (text(&p["attributes"][0]["value"]["stringValue"]), text(&p["asInt"]))).collect()
}

#[test]
fn a_run_is_a_span_with_one_for_each_changeset() {
    let project = Project::on(
        Database::sqlite(),
        "
- changeSet: {id: 1, author: a, changes: [{sql: create table t (n int)}]}
- changeSet: {id: 2, author: a, preConditions: [{onFail: CONTINUE}, {tableExists: {tableName: u}}], changes: [{sql: insert into u values (1)}]}
- changeSet: {id: 3, author: a, failOnError: false, changes: [{sql: insert into nothing values (1)}]}
- changeSet: {id: 4, author: a, changes: [{sql: insert into t values (1)}]}
",
    );
    let (code, lines) = update(&project);
    assert_eq!(code, 0);
    let root = root_of(&lines);
    let child = |id: &str, outcome: &str, status: u64| (format!("changeset {id}"), root.clone(), outcome.to_owned(), status);
    let expected = [
        child("1", "recorded", 0),
        child("2", "skipped", 0),
        child("3", "failed_ignored", 2),
        child("4", "recorded", 0),
        ("changelog update".to_owned(), CALLER.to_owned(), String::new(), 0),
    ];
    assert_eq!(spans(&lines), expected);
    let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    assert_eq!(counts(&lines), pairs(&[("recorded", "2"), ("skipped", "1"), ("failed_ignored", "1")]));

    project.write("- changeSet: {id: 5, author: a, changes: [{sql: insert into nothing values (1)}]}\n");
    let (code, lines) = update(&project);
    assert_eq!(code, 1);
    let failed = spans(&lines);
    assert_eq!(failed[0], ("changeset 5".to_owned(), root_of(&lines), "failed".to_owned(), 2));
    assert_eq!((failed[1].0.as_str(), failed[1].3, failed.len()), ("changelog update", 2, 2));
    assert_eq!(counts(&lines), pairs(&[("failed", "1")]));
    block_on(async { assert_eq!(project.query("SELECT n FROM t").await.len(), 1) });
}
