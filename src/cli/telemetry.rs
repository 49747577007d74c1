//! OpenTelemetry: a span for the command, one for each changeset, and what there is to count, as OTLP JSON in a file.
//!
//! One export a line, in the form that the file receiver of the OpenTelemetry Collector (`otlpjsonfile`) reads: nothing here talks
//! to a network, and a pod leaves its file to the collector beside it. Fields are those of the protocol (opentelemetry-proto 1.x,
//! JSON encoding: ids in hex, 64 bit numbers as text, times in nanoseconds since 1970).

use super::Environment;
use crate::changelog::Identity;
use crate::exec::event::{Event, Outcome};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// `SPAN_KIND_INTERNAL`, `SPAN_KIND_CLIENT`.
const INTERNAL: u8 = 1;
const CLIENT: u8 = 3;
/// `STATUS_CODE_ERROR`.
const ERROR: u8 = 2;
/// `AGGREGATION_TEMPORALITY_DELTA`: each run counts from zero.
const DELTA: u8 = 1;

/// What became of changesets, in the order in which it is counted.
const OUTCOMES: [&str; 5] = ["recorded", "skipped", "rolled_back", "failed_ignored", "failed"];

/// The span of a changeset that is under way.
#[derive(Debug)]
struct Open {
    identity: Identity,
    is_rollback: bool,
    started: SystemTime,
    events: Vec<Value>,
}

/// Writes what a command does into a telemetry file.
#[derive(Debug)]
pub(super) struct Telemetry {
    file: File,
    /// 16 bytes in hex, the caller's where it gives one.
    trace: String,
    /// The span of the caller; empty without one.
    parent: String,
    /// The span of the command.
    root: String,
    command: String,
    started: SystemTime,
    /// The same moment on a clock that nobody turns.
    running: Instant,
    open: Option<Open>,
    events: Vec<Value>,
    counts: [u64; OUTCOMES.len()],
    waited: Duration,
    waiting_since: Option<SystemTime>,
    spans: u64,
    /// The first error of writing: telemetry must not fail a run, but must not fail in silence either.
    error: Option<io::Error>,
}

fn nanoseconds(time: SystemTime) -> String {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos().to_string()
}

fn attribute(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

/// The caller's trace and span out of a `traceparent` (W3C Trace Context, level 1): version, trace, parent, flags.
fn caller(text: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let [version, trace, parent, _flags, ..] = parts[..] else { return None };
    let is_id = |id: &str, length: usize| {
        id.len() == length && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) && id.bytes().any(|b| b != b'0')
    };
    let is_known = version.len() == 2 && version != "ff" && is_id(trace, 32) && is_id(parent, 16);
    is_known.then(|| (trace.to_owned(), parent.to_owned()))
}

impl Telemetry {
    /// Telemetry of a command into a file, which is added to. The caller's trace comes from `TRACEPARENT`.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub(super) fn new(file: &str, command: &str, environment: &Environment) -> io::Result<Telemetry> {
        let file = OpenOptions::new().create(true).append(true).open(file)?;
        let (started, running) = (SystemTime::now(), Instant::now());
        let (trace, parent) = environment.get("TRACEPARENT").and_then(caller).unwrap_or_default();
        let mut telemetry = Telemetry {
            file,
            trace,
            parent,
            root: String::new(),
            command: command.to_owned(),
            started,
            running,
            open: None,
            events: Vec::new(),
            counts: [0; OUTCOMES.len()],
            waited: Duration::ZERO,
            waiting_since: None,
            spans: 0,
            error: None,
        };
        if telemetry.trace.is_empty() {
            telemetry.trace = telemetry.new_id(32);
        }
        telemetry.root = telemetry.new_id(16);
        Ok(telemetry)
    }

    /// An id of so many digits that no other span has: of this process, this moment and a count.
    fn new_id(&mut self, digits: usize) -> String {
        self.spans += 1;
        let seed = format!("{} {} {}", std::process::id(), nanoseconds(self.started), self.spans);
        let hash = Sha256::digest(seed.as_bytes());
        crate::changelog::checksum::hex(&hash).chars().take(digits).collect()
    }

    /// The time, counted from the start: a clock that is turned under the run must not make spans end before they begin.
    fn now(&self) -> SystemTime {
        self.started + self.running.elapsed()
    }

    /// Takes note of what happened.
    pub(super) fn on(&mut self, event: &Event<'_>) {
        let now = self.now();
        if !matches!(event, Event::LockWaiting { .. })
            && let Some(since) = self.waiting_since.take()
        {
            self.waited += now.duration_since(since).unwrap_or_default();
        }
        match event {
            Event::LockWaiting { .. } => {
                self.waiting_since.get_or_insert(now);
            }
            Event::LockTaken => self.note(now, "lock taken", &[]),
            Event::LockTakenOver { holder, .. } => self.note(now, "lock taken over", &[attribute("changelog.lock.holder", holder)]),
            Event::LockReleased => self.note(now, "lock released", &[]),
            Event::Blocked(blocker) => self.note(now, "blocked", &[attribute("message", &format!("waiting {blocker}"))]),
            Event::Warning(text) => self.note(now, "warning", &[attribute("message", text)]),
            Event::Started { identity, rollback, .. } => {
                self.open = Some(Open { identity: (*identity).clone(), is_rollback: *rollback, started: now, events: Vec::new() });
            }
            Event::Finished { outcome, .. } => {
                let (word, error) = match outcome {
                    Outcome::Recorded(_) => (0, None),
                    Outcome::Skipped(_) => (1, None),
                    Outcome::RolledBack => (2, None),
                    Outcome::FailedIgnored(reason) => (3, Some(reason.as_str())),
                };
                self.close(now, word, error);
            }
            _ => {}
        }
    }

    fn note(&mut self, now: SystemTime, name: &str, attributes: &[Value]) {
        let event = json!({"timeUnixNano": nanoseconds(now), "name": name, "attributes": attributes});
        self.open.as_mut().map_or(&mut self.events, |open| &mut open.events).push(event);
    }

    /// Ends the span of the changeset under way, and writes it: whatever happens later, it is there.
    fn close(&mut self, now: SystemTime, outcome: usize, error: Option<&str>) {
        let Some(open) = self.open.take() else { return };
        let (Some(word), Some(count)) = (OUTCOMES.get(outcome), self.counts.get_mut(outcome)) else { return };
        *count += 1;
        let id = self.new_id(16);
        let span = json!({
            "traceId": self.trace,
            "spanId": id,
            "parentSpanId": self.root,
            "name": if open.is_rollback { "changeset rollback" } else { "changeset" },
            "kind": CLIENT,
            "startTimeUnixNano": nanoseconds(open.started),
            "endTimeUnixNano": nanoseconds(now),
            "attributes": [
                attribute("changelog.changeset.id", open.identity.id()),
                attribute("changelog.changeset.author", open.identity.author()),
                attribute("changelog.changeset.path", &open.identity.path),
                attribute("changelog.changeset.outcome", word),
            ],
            "events": open.events,
            "status": status(error),
        });
        self.write_span(&span);
    }

    /// Ends the command's span, and writes it with what was counted. `error` is why the command failed.
    ///
    /// # Errors
    /// The first error of writing anything.
    pub(super) fn finish(mut self, error: Option<(u8, &str)>) -> io::Result<()> {
        let now = self.now();
        self.close(now, OUTCOMES.len() - 1, error.map(|(_, text)| text));
        let code = error.map_or(0, |(code, _)| code);
        let mut span = json!({
            "traceId": self.trace,
            "spanId": self.root,
            "name": format!("changelog {}", self.command),
            "kind": INTERNAL,
            "startTimeUnixNano": nanoseconds(self.started),
            "endTimeUnixNano": nanoseconds(now),
            "attributes": [{"key": "process.exit.code", "value": {"intValue": code.to_string()}}],
            "events": std::mem::take(&mut self.events),
            "status": status(error.map(|(_, text)| text)),
        });
        if !self.parent.is_empty() {
            span["parentSpanId"] = json!(self.parent);
        }
        self.write_span(&span);
        let point = |kind: &str, value: Value, attribute: Value| {
            json!({
                "startTimeUnixNano": nanoseconds(self.started), "timeUnixNano": nanoseconds(now), "attributes": [attribute], kind: value,
            })
        };
        let counted = OUTCOMES.iter().zip(self.counts).filter(|(_, count)| *count > 0);
        let changesets: Vec<Value> =
            counted.map(|(word, count)| point("asInt", json!(count.to_string()), attribute("changelog.changeset.outcome", word))).collect();
        let seconds = |time: Duration| point("asDouble", json!(time.as_secs_f64()), attribute("changelog.command", &self.command));
        let took = seconds(now.duration_since(self.started).unwrap_or_default());
        let waited = seconds(self.waited);
        let metrics = json!([
            {"name": "changelog.changesets", "unit": "{changeset}", "sum": {"aggregationTemporality": DELTA, "isMonotonic": true, "dataPoints": changesets}},
            {"name": "changelog.duration", "unit": "s", "gauge": {"dataPoints": [took]}},
            {"name": "changelog.lock.wait", "unit": "s", "gauge": {"dataPoints": [waited]}},
        ]);
        let line = json!({"resourceMetrics": [{"resource": resource(), "scopeMetrics": [{"scope": scope(), "metrics": metrics}]}]});
        self.write(&line);
        self.error.map_or(Ok(()), Err)
    }

    fn write_span(&mut self, span: &Value) {
        let line = json!({"resourceSpans": [{"resource": resource(), "scopeSpans": [{"scope": scope(), "spans": [span]}]}]});
        self.write(&line);
    }

    fn write(&mut self, line: &Value) {
        // In one call, so that the lines of several processes do not mix.
        if let Err(error) = self.file.write_all(format!("{line}\n").as_bytes()) {
            self.error.get_or_insert(error);
        }
    }
}

fn status(error: Option<&str>) -> Value {
    error.map_or(json!({}), |text| json!({"code": ERROR, "message": text}))
}

fn resource() -> Value {
    json!({"attributes": [attribute("service.name", "changelog"), attribute("service.version", env!("CARGO_PKG_VERSION"))]})
}

fn scope() -> Value {
    json!({"name": "changelog", "version": env!("CARGO_PKG_VERSION")})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caller_is_who_the_standard_says() {
        let (trace, parent) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
        let found = Some((trace.to_owned(), parent.to_owned()));
        assert_eq!(caller(&format!("00-{trace}-{parent}-01")), found);
        // A later version may have more fields.
        assert_eq!(caller(&format!("01-{trace}-{parent}-01-more")), found);
        let zeros = "0".repeat(32);
        for wrong in [
            String::new(),
            format!("ff-{trace}-{parent}-01"),
            format!("00-{zeros}-{parent}-01"),
            format!("00-{}-{parent}-01", trace.to_uppercase()),
            format!("00-{trace}-01"),
        ] {
            assert_eq!(caller(&wrong), None, "{wrong}");
        }
    }
}
