//! Processes that a changelog asks for, and programs that stand for Java classes. Both are off unless configured.

use crate::sql::action::Command;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// Runs a process; its output goes where ours goes, but never to standard output, which carries results.
///
/// # Errors
/// When it cannot be started, takes too long, or ends with a status other than 0.
pub async fn command(command: &Command) -> Result<(), String> {
    let mut child = tokio::process::Command::new(&command.executable)
        .args(&command.arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::from(std::io::stderr()))
        .kill_on_drop(true)
        .spawn()
        .map_err(|e| format!("{} cannot be started: {e}", command.executable))?;
    let line =
        std::iter::once(command.executable.as_str()).chain(command.arguments.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
    let status = match command.timeout {
        Some(limit) => match tokio::time::timeout(limit, child.wait()).await {
            Ok(status) => status,
            Err(_) => return Err(format!("{line} did not end within {} s", limit.as_secs())),
        },
        None => child.wait().await,
    };
    let status = status.map_err(|e| format!("{line}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{line} returned a code of {}", status.code().unwrap_or(-1))) }
}

/// How long a program that stands for a class may take.
const CLASS_TIMEOUT: Duration = Duration::from_secs(3600);

/// Runs the program that is mapped to a Java class: the connection in its environment, the parameters as a JSON
/// object on its standard input; its exit status decides, its standard error is the reason of a failure.
///
/// # Errors
/// With the last lines of its standard error when it fails.
pub async fn class(program: &str, class: &str, parameters: &[(String, String)], environment: &[(String, String)]) -> Result<(), String> {
    let mut child = tokio::process::Command::new(program)
        .env("CHANGELOG_CLASS", class)
        .envs(environment.iter().map(|(k, v)| (k.as_str(), v.as_str())))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|e| format!("{program} (for {class}) cannot be started: {e}"))?;
    let object: serde_json::Map<String, serde_json::Value> = parameters.iter().map(|(k, v)| (k.clone(), v.clone().into())).collect();
    let input = child.stdin.take();
    let write = async {
        if let Some(mut input) = input {
            // A program that does not read its input closes the pipe; that alone is no failure.
            let _ = input.write_all(serde_json::Value::Object(object).to_string().as_bytes()).await;
        }
    };
    // Both at once: a program that talks before it reads must not wait for us while we wait for it.
    let talk = async { tokio::join!(write, child.wait_with_output()).1 };
    let output = match tokio::time::timeout(CLASS_TIMEOUT, talk).await {
        Ok(output) => output.map_err(|e| format!("{program} (for {class}): {e}"))?,
        Err(_) => return Err(format!("{program} (for {class}) did not end within {} s", CLASS_TIMEOUT.as_secs())),
    };
    if output.status.success() {
        return Ok(());
    }
    let error = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = error.lines().rev().take(5).collect();
    let reason: Vec<&str> = last.into_iter().rev().collect();
    Err(format!("{program} (for {class}) returned a code of {}: {}", output.status.code().unwrap_or(-1), reason.join("\n")))
}
