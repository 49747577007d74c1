//! A TCP proxy that does something bad at a chosen message of the client.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What happens, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The client is killed, and its message never leaves.
    KillBefore,
    /// The client is killed right after its message left.
    KillAfter,
    /// The connection is cut, and the message never arrives.
    CutBefore,
    /// The message arrives, and the connection is cut when the server answers: the answer is lost.
    CutAfter,
}

impl Fault {
    pub(crate) const ALL: [Fault; 4] = [Fault::KillBefore, Fault::KillAfter, Fault::CutBefore, Fault::CutAfter];
}

/// A proxy in front of a server.
pub(crate) struct Proxy {
    port: u16,
    messages: Arc<AtomicUsize>,
    victim: Arc<Mutex<Option<u32>>>,
}

struct Plan {
    fault: Option<(usize, Fault)>,
    messages: Arc<AtomicUsize>,
    victim: Arc<Mutex<Option<u32>>>,
}

fn kill(victim: &Mutex<Option<u32>>) {
    // The client may have connected before its number was told.
    for _ in 0..500 {
        if let Some(pid) = *victim.lock().unwrap() {
            std::process::Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn close(stream: &TcpStream) {
    // It may be closed already.
    let _ = stream.shutdown(Shutdown::Both);
}

impl Plan {
    /// Carries what the client says.
    fn upstream(&self, mut client: TcpStream, mut server: TcpStream, loses: &AtomicBool) {
        let mut buffer = vec![0; 1 << 20];
        loop {
            let n = match client.read(&mut buffer) {
                Ok(n) if n > 0 => n,
                _ => break,
            };
            let number = self.messages.fetch_add(1, Ordering::SeqCst) + 1;
            let fault = self.fault.filter(|(at, _)| *at == number).map(|(_, fault)| fault);
            match fault {
                Some(Fault::KillBefore) => {
                    kill(&self.victim);
                    break;
                }
                Some(Fault::CutBefore) => break,
                Some(Fault::CutAfter) => loses.store(true, Ordering::SeqCst),
                Some(Fault::KillAfter) | None => {}
            }
            if server.write_all(&buffer[..n]).is_err() {
                break;
            }
            if fault == Some(Fault::KillAfter) {
                kill(&self.victim);
                break;
            }
        }
        close(&client);
        close(&server);
    }
}

/// Carries what the server says, until its answer is to be lost.
fn downstream(mut server: TcpStream, mut client: TcpStream, loses: &AtomicBool) {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match server.read(&mut buffer) {
            Ok(n) if n > 0 && !loses.load(Ordering::SeqCst) => {
                if client.write_all(&buffer[..n]).is_err() {
                    break;
                }
            }
            _ => break,
        }
    }
    close(&client);
    close(&server);
}

impl Proxy {
    /// A proxy to `host:port` with a fault at the message of that number, counted from 1 over all connections.
    pub(crate) fn start(server: &str, fault: Option<(usize, Fault)>) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (messages, victim) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(None)));
        let plan = Arc::new(Plan { fault, messages: Arc::clone(&messages), victim: Arc::clone(&victim) });
        let server = server.to_owned();
        // It ends with the test's process; each test has few of them.
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(upstream)) = (client, TcpStream::connect(&server)) else { continue };
                let (plan, loses) = (Arc::clone(&plan), Arc::new(AtomicBool::new(false)));
                let (c, s, l) = (client.try_clone().unwrap(), upstream.try_clone().unwrap(), Arc::clone(&loses));
                std::thread::spawn(move || downstream(s, c, &l));
                std::thread::spawn(move || plan.upstream(client, upstream, &loses));
            }
        });
        Proxy { port, messages, victim }
    }

    /// The URL of a database behind the proxy.
    pub(crate) fn url(&self, url: &str) -> String {
        let (head, tail) = split(url);
        let (credentials, path) = (head.rsplit_once('@').map_or("", |(c, _)| c), tail);
        let (scheme, credentials) = credentials.split_once("://").unwrap_or((head.split_once("://").unwrap().0, credentials));
        let at = if credentials.is_empty() { String::new() } else { format!("{credentials}@") };
        format!("{scheme}://{at}127.0.0.1:{}{path}", self.port)
    }

    /// Says who is killed.
    pub(crate) fn victim(&self, pid: u32) {
        *self.victim.lock().unwrap() = Some(pid);
    }

    /// How many messages the clients have sent.
    pub(crate) fn messages(&self) -> usize {
        self.messages.load(Ordering::SeqCst)
    }
}

/// Everything in front of the path, and the rest.
fn split(url: &str) -> (&str, &str) {
    let host = url.find("://").unwrap() + 3;
    let path = url[host..].find('/').map_or(url.len(), |at| host + at);
    url.split_at(path)
}

/// `host:port` of a URL.
pub(crate) fn address(url: &str) -> String {
    let (head, _) = split(url);
    let place = head.rsplit_once("://").unwrap().1;
    place.rsplit_once('@').map_or(place, |(_, place)| place).to_owned()
}
