//! An API that Nimbus calls: it answers as told, and remembers what it was sent, byte for byte.

mod connection;
mod reply;

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

pub use reply::{Gate, Reply};

/// The longest that [`Stub::wait_for`] waits.
const PATIENCE: Duration = Duration::from_mins(1);

/// A request as it reached the stub.
#[derive(Debug, Clone)]
pub struct Received {
    /// As sent.
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// Names as sent, in their order.
    pub headers: Vec<(String, String)>,
    /// The body, with any transfer coding taken off.
    pub body: Vec<u8>,
    /// Everything before the body, with the empty line.
    pub head: Vec<u8>,
}

impl Received {
    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// A server on this machine.
#[derive(Debug)]
pub struct Stub {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    arrived: Condvar,
    closed: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    /// By method and path. The last reply of a script is given again and again.
    scripts: HashMap<(String, String), VecDeque<Script>>,
    received: Vec<Received>,
}

/// Finds the reply to one request.
#[derive(Clone)]
struct Script(Arc<dyn Fn(&Received) -> Reply + Send + Sync>);

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").finish_non_exhaustive()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a request and finds the reply to it.
    fn take(&self, request: Received) -> Reply {
        let mut state = self.state();
        let path = request.target.split('?').next().unwrap_or_default();
        let key = (request.method.clone(), path.to_owned());
        let script = match state.scripts.get_mut(&key) {
            Some(scripts) if scripts.len() > 1 => scripts.pop_front(),
            Some(scripts) => scripts.front().cloned(),
            None => None,
        };
        let reply = match script {
            Some(Script(reply)) => reply(&request),
            None => Reply::text(404, &format!("The stub has no reply to {} {path}", key.0)),
        };
        state.received.push(request);
        self.arrived.notify_all();
        reply
    }
}

impl Stub {
    /// Starts a stub on a free port of 127.0.0.1; until it is told otherwise, it answers 404.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                if serving.closed.load(Ordering::Relaxed) {
                    break;
                }
                let serving = Arc::clone(&serving);
                // A caller that hangs up is none of the stub's concern.
                thread::spawn(move || {
                    drop(connection::serve(stream, |request| serving.take(request)));
                });
            }
        });
        Self { address, shared }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a path, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Adds a reply to requests with this method and path (any query). Several are given in their order; the
    /// last one is given from then on.
    pub fn reply(&self, method: &str, path: &str, reply: Reply) {
        self.reply_with(method, path, move |_| reply.clone());
    }

    /// As [`Stub::reply`], with a reply that depends on the request.
    pub fn reply_with(
        &self,
        method: &str,
        path: &str,
        reply: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    ) {
        self.shared
            .state()
            .scripts
            .entry((method.to_owned(), path.to_owned()))
            .or_default()
            .push_back(Script(Arc::new(reply)));
    }

    /// All requests so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.state().received.clone()
    }

    /// How many requests with this method and path came so far.
    pub fn count(&self, method: &str, path: &str) -> usize {
        count(&self.shared.state().received, method, path)
    }

    /// Waits until this many requests with this method and path have come, and gives them.
    pub fn wait_for(&self, number: usize, method: &str, path: &str) -> Vec<Received> {
        let (state, _) = self
            .shared
            .arrived
            .wait_timeout_while(self.shared.state(), PATIENCE, |state| {
                count(&state.received, method, path) < number
            })
            .unwrap_or_else(PoisonError::into_inner);
        let found: Vec<_> = state
            .received
            .iter()
            .filter(|request| is(request, method, path))
            .cloned()
            .collect();
        assert!(
            found.len() >= number,
            "waited for {number} × {method} {path}, and this came: {:?}",
            state
                .received
                .iter()
                .map(|request| (&request.method, &request.target))
                .collect::<Vec<_>>()
        );
        found
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

fn is(request: &Received, method: &str, path: &str) -> bool {
    request.method == method && request.target.split('?').next() == Some(path)
}

fn count(received: &[Received], method: &str, path: &str) -> usize {
    received
        .iter()
        .filter(|request| is(request, method, path))
        .count()
}
