//! SIGINT and SIGTERM: the run under way comes to an orderly end, or is ended.

use super::output::Console;
use super::{Exit, Failure, Invocation, Output, commands};
use crate::exec::Stop;
use crate::exec::stop::Held;
use std::time::{Duration, Instant};
#[cfg(unix)]
use tokio::signal::unix;
use tokio::sync::mpsc;

/// How long a run that is told to stop may take to come to its own end before its session is ended.
const GRACE: Duration = Duration::from_secs(3);

/// How long the server may take to end a session and give the lock back.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long a command may take to hear of a signal. It hears of it whenever it waits for anything.
const UNHEARD: Duration = Duration::from_secs(1);

/// What is said when a command ends that held nothing.
const NOTHING_UNDER_WAY: &str = "Stopped; nothing was under way";

/// Runs the command until it ends or the process is told to stop.
///
/// The first signal asks a run that holds the lock to stop. When it has not done so in [`GRACE`], or a second signal
/// comes, it is dropped: its session is ended on the server, and the lock given back, over a connection of its own.
///
/// # Errors
/// Those of the command; [`Exit::Interrupted`] or [`Exit::Terminated`] when it was stopped.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let console = output.console();
    let mut signals = listen(&invocation.stop, &console);
    let exit = {
        let mut command = std::pin::pin!(commands::run(invocation, output));
        let first = tokio::select! {
            biased;
            result = &mut command => return after_loss(invocation, &console, result).await,
            Some(exit) = signals.recv() => exit,
        };
        if invocation.stop.held().is_none() {
            return Err(Failure::new(first, NOTHING_UNDER_WAY));
        }
        invocation.stop.ask();
        console.line("Stopping: the statement under way may come to its end for a moment; a second signal ends it now");
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
async fn after_loss(invocation: &Invocation, console: &Console, result: Result<(), Failure>) -> Result<(), Failure> {
    if result.is_err()
        && invocation.stop.held().is_some()
        && let Ok(Ok(())) = tokio::time::timeout(PATIENCE, take_away(invocation)).await
    {
        console.line("The connection broke; the lock was given back over a new one");
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
///
/// A thread of its own listens: a command that is busy with files awaits nothing, and would not hear a signal. Such a command is ended
/// from there, unless it holds the lock.
fn listen(stop: &Stop, console: &Console) -> mpsc::Receiver<Exit> {
    let (sender, receiver) = mpsc::channel(4);
    // What cannot be listened to ends the process, as it would without this module.
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return receiver };
    let mut signals = {
        let _context = runtime.enter();
        Signals::new()
    };
    let (stop, console) = (stop.clone(), console.clone());
    let listening = async move {
        loop {
            let exit = signals.next().await;
            if sender.send(exit).await.is_err() {
                return;
            }
            let is_unheard = || sender.capacity() < sender.max_capacity();
            let deadline = Instant::now() + UNHEARD;
            while is_unheard() && Instant::now() < deadline {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            if is_unheard() && stop.held().is_none() {
                console.line(NOTHING_UNDER_WAY);
                leave(exit);
            }
        }
    };
    let spawned = std::thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(listening));
    // Without the thread, signals are not heard; the command runs all the same.
    drop(spawned);
    receiver
}

#[expect(clippy::exit, clippy::disallowed_methods, reason = "the thread that would return an error is busy")]
fn leave(exit: Exit) {
    std::process::exit(i32::from(exit.code()));
}

/// The signals that end a process.
#[cfg(unix)]
struct Signals {
    interrupt: Option<unix::Signal>,
    terminate: Option<unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Self {
        let listen = |kind| unix::signal(kind).ok();
        Signals { interrupt: listen(unix::SignalKind::interrupt()), terminate: listen(unix::SignalKind::terminate()) }
    }

    async fn next(&mut self) -> Exit {
        async fn heard(signal: &mut Option<unix::Signal>) {
            match signal {
                Some(signal) => _ = signal.recv().await,
                None => std::future::pending().await,
            }
        }
        tokio::select! {
            () = heard(&mut self.interrupt) => Exit::Interrupted,
            () = heard(&mut self.terminate) => Exit::Terminated,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Self {
        Signals
    }

    async fn next(&mut self) -> Exit {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Exit::Interrupted,
            Err(_) => std::future::pending().await,
        }
    }
}
