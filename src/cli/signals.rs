//! SIGINT and SIGTERM: the run under way comes to an orderly end, or is ended.

use super::output::Messages;
use super::{Exit, Failure, Invocation, Output, commands};
use crate::exec::stop::Held;
use std::time::Duration;
use tokio::sync::mpsc;

/// How long a run that is told to stop may take to come to its own end before its session is ended.
const GRACE: Duration = Duration::from_secs(3);

/// How long the server may take to end a session and give the lock back.
const PATIENCE: Duration = Duration::from_secs(15);

/// Runs the command until it ends or the process is told to stop.
///
/// The first signal asks a run that holds the lock to stop. When it has not done so in [`GRACE`], or a second signal
/// comes, it is dropped: its session is ended on the server, and the lock given back, over a connection of its own.
///
/// # Errors
/// Those of the command; [`Exit::Interrupted`] or [`Exit::Terminated`] when it was stopped.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut signals = listen();
    let messages = output.messages();
    let exit = {
        let mut command = std::pin::pin!(commands::run(invocation, output));
        let first = tokio::select! {
            biased;
            result = &mut command => return after_loss(invocation, &messages, result).await,
            Some(exit) = signals.recv() => exit,
        };
        if invocation.stop.held().is_none() {
            return Err(Failure::new(first, "Stopped; nothing was under way"));
        }
        invocation.stop.ask();
        messages.line("Stopping: the statement under way may come to its end for a moment; a second signal ends it now");
        tokio::select! {
            biased;
            result = &mut command => {
                return result.map_err(|failure| match failure.exit {
                    Exit::Interrupted => Failure { exit: first, ..failure },
                    _ => failure,
                });
            }
            Some(second) = signals.recv() => second,
            () = tokio::time::sleep(GRACE) => first,
        }
    };
    let text = match (invocation.stop.held(), tokio::time::timeout(PATIENCE, take_away(invocation)).await) {
        (None, _) => "Stopped; the lock is free".to_owned(),
        (_, Ok(Ok(()))) => {
            "Stopped: the session was ended, the changeset under way was rolled back as far as the database can, and the lock is free"
                .to_owned()
        }
        (_, Ok(Err(reason))) => format!("Stopped; the lock could not be released (see list-locks and release-locks): {reason}"),
        (_, Err(_)) => {
            "Stopped; the server does not answer, so the lock could not be released: see list-locks and release-locks".to_owned()
        }
    };
    Err(Failure::new(exit, text))
}

/// A run whose connection broke could not give the lock back: that is done over a new one.
async fn after_loss(invocation: &Invocation, messages: &Messages, result: Result<(), Failure>) -> Result<(), Failure> {
    if result.is_err()
        && invocation.stop.held().is_some()
        && let Ok(Ok(())) = tokio::time::timeout(PATIENCE, take_away(invocation)).await
    {
        messages.line("The connection broke; the lock was given back over a new one");
    }
    result
}

/// Takes away what a dropped run held.
async fn take_away(invocation: &Invocation) -> Result<(), String> {
    let Some(held): Option<Held> = invocation.stop.held() else { return Ok(()) };
    let Some(address) = invocation.connected.get() else { return Ok(()) };
    let mut connection = address.connect().await.map_err(|e| e.to_string())?;
    held.take_away(connection.as_mut()).await.map_err(|e| e.to_string())?;
    connection.close().await.map_err(|e| e.to_string())
}

/// What the process is told from now on.
fn listen() -> mpsc::Receiver<Exit> {
    let (sender, receiver) = mpsc::channel(4);
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        for (kind, exit) in [(SignalKind::interrupt(), Exit::Interrupted), (SignalKind::terminate(), Exit::Terminated)] {
            let sender = sender.clone();
            // Without a handler the signal ends the process, as it would without this module.
            if let Ok(mut told) = signal(kind) {
                tokio::spawn(async move { while told.recv().await.is_some() && sender.send(exit).await.is_ok() {} });
            }
        }
    }
    #[cfg(not(unix))]
    tokio::spawn(async move { while tokio::signal::ctrl_c().await.is_ok() && sender.send(Exit::Interrupted).await.is_ok() {} });
    receiver
}
