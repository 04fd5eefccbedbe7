//! Thousands of starts while the worker is killed again and again, with services that misbehave: nothing that was
//! accepted is lost, nothing is done or answered twice.
//!
//! What happens when is random; the seed is printed, and `NIMBUS_FAULT_SEED` takes it. `NIMBUS_FAULT_STARTS` makes
//! it shorter or longer.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ledger;
mod random;
mod service;
mod setting;

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    io::ErrorKind,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use edge_tests::{
    Call, Server,
    console::{get, runs, text, wait_for},
};
use serde_json::{Value, json};

use ledger::Ledger;
use random::Random;
use service::Service;

/// All starts, those by ticket actions among them, where nothing else is set.
const STARTS: usize = 2_000;
const STARTS_PER_CRASH: usize = 100;
const CONNECTIONS: usize = 16;
/// Every so-manieth start is an action on a ticket.
const BY_ACTION: usize = 7;
/// After so many answers a crash waits up to this long, so that it hits any place of a run.
const LONGEST_PAUSE_US: u64 = 40_000;
/// The pause of a caller that found nobody.
const PAUSE: Duration = Duration::from_millis(20);

#[test]
fn nothing_is_lost_and_nothing_happens_twice() {
    let mut random = Random::from_environment();
    let starts = env::var("NIMBUS_FAULT_STARTS").map_or(STARTS, |starts| starts.parse().unwrap());
    let crashes = starts / STARTS_PER_CRASH;
    println!(
        "NIMBUS_FAULT_SEED={} NIMBUS_FAULT_STARTS={starts}",
        random.seed()
    );
    let service = Service::start();
    let mut server = setting::server(&service);
    let ledger = Mutex::new(Ledger::default());
    let (next, answered, is_over) = (
        AtomicUsize::new(0),
        AtomicUsize::new(0),
        AtomicBool::new(false),
    );
    let calls = Calls::of(&server);
    thread::scope(|scope| {
        let callers: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= starts || is_over.load(Ordering::Relaxed) {
                            break;
                        }
                        calls.start(number, &ledger);
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        // Also when something is found wrong here, or the callers would never end.
        let _end = OnDrop(|| is_over.store(true, Ordering::Relaxed));
        let each = starts / (crashes + 1);
        for crash in 0..crashes {
            let after = crash * each + 1 + random.below(each);
            wait_for(|| {
                let has_come = answered.load(Ordering::Relaxed) >= after;
                (has_come || callers.iter().all(thread::ScopedJoinHandle::is_finished))
                    .then_some(())
            });
            thread::sleep(Duration::from_micros(random.up_to(LONGEST_PAUSE_US)));
            server.restart();
        }
        for caller in callers {
            caller.join().unwrap();
        }
    });
    let ledger = ledger.into_inner().unwrap();
    assert!(
        ledger.lost_answers() >= crashes,
        "crashes hit nothing that was under way: {} answers were lost",
        ledger.lost_answers()
    );
    finished(&server, &ledger);
    let outcomes = answered_once(&server, &ledger);
    delivered(&server, &ledger, &service);
    service.check(&outcomes);
    // To ask again has started nothing.
    finished(&server, &ledger);
    println!(
        "{starts} starts, {crashes} crashes, {} answers lost, {} requests sent again",
        ledger.lost_answers(),
        service.repeats()
    );
}

/// The requests that start runs.
struct Calls {
    waited_for: Call,
    accepted: Call,
    act: Call,
}

impl Calls {
    fn of(server: &Server) -> Self {
        let start = |id: &str| server.post(&format!("/api/automation/{id}"));
        Self {
            waited_for: start(setting::WAITED_FOR),
            accepted: start(setting::ACCEPTED),
            act: server.post("/api/Actions").admin(),
        }
    }

    /// Starts one run, asking again until there is an answer; only an action is not asked for again, for nobody
    /// could tell whether it is another one.
    fn start(&self, number: usize, ledger: &Mutex<Ledger>) {
        if number.is_multiple_of(BY_ACTION) {
            let note = setting::mark(number);
            let action =
                json!([{"ticket_id": setting::TICKET, "outcome": setting::OUTCOME, "note": note}]);
            match self.act.clone().json(&action).try_send() {
                Ok(answer) => {
                    let _ = answer.expect(201);
                    ledger.lock().unwrap().acted(number);
                }
                Err(error) => failed(&error, ledger),
            }
            return;
        }
        let answer = loop {
            match self.keyed(number).try_send() {
                Ok(answer) => break answer,
                Err(error) => failed(&error, ledger),
            }
        };
        ledger.lock().unwrap().answered(number, &answer);
    }

    /// The same request every time.
    fn keyed(&self, number: usize) -> Call {
        let mark = setting::mark(number);
        let call = if setting::is_waited_for(number) {
            self.waited_for.clone()
        } else {
            self.accepted.clone()
        };
        call.header("idempotency-key", &mark)
            .json(&json!({ "mark": mark }))
    }
}

/// Notes that a request had no answer, and waits a little; one that found nobody was none.
fn failed(error: &ureq::Error, ledger: &Mutex<Ledger>) {
    let is_refused =
        matches!(error, ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused);
    if !is_refused {
        ledger.lock().unwrap().lost();
    }
    thread::sleep(PAUSE);
}

/// Every start that was answered comes to its end, and to a good one: where a step fails there is a way on. No other
/// run was started.
fn finished(server: &Server, ledger: &Ledger) {
    let started: BTreeSet<String> = ledger.runs().cloned().collect();
    let listed = wait_for(|| {
        let listed: Vec<Value> = [setting::WAITED_FOR, setting::ACCEPTED]
            .into_iter()
            .flat_map(|id| runs(server, id))
            .collect();
        have_ended(&listed, started.len()).then_some(listed)
    });
    let ended: BTreeSet<String> = listed.iter().map(|run| text(&run["run_id"])).collect();
    assert_eq!(ended, started);
}

/// Whether at least so many runs are listed, and none is under way. The list comes a moment after what it tells of.
fn have_ended(runs: &[Value], number: usize) -> bool {
    let have_ended = runs.iter().all(|run| run["ended_at"].is_u64());
    if have_ended && runs.len() >= number {
        let failed = runs.iter().find(|run| run["status"] != "succeeded");
        assert_eq!(failed, None);
        return true;
    }
    false
}

/// Asking again with the same key brings the same run, and the same outcome. Gives the variables that callers who
/// wait are told.
fn answered_once(server: &Server, ledger: &Ledger) -> BTreeMap<usize, Value> {
    let calls = Calls::of(server);
    let mut outcomes = BTreeMap::new();
    for (number, (status, answer)) in ledger.answers() {
        let again = calls.keyed(*number).send();
        let told = again.json();
        if *status == 200 {
            assert_eq!((again.status, &told), (200, answer), "{number}");
        } else {
            assert_eq!(told["run_id"], answer["run_id"], "{number}");
        }
        if setting::is_waited_for(*number) {
            assert_eq!(again.status, 200, "{number}: {told}");
            outcomes.insert(*number, told["outputs"].clone());
        }
    }
    outcomes
}

/// Every action that was taken has started its run, once.
fn delivered(server: &Server, ledger: &Ledger, service: &Service) {
    let actions = wait_for(|| {
        let (actions, runs) = (actions(server), runs(server, setting::BY_ACTION));
        have_ended(&runs, actions.len()).then(|| {
            assert_eq!(runs.len(), actions.len());
            actions
        })
    });
    for number in ledger.acted_on() {
        assert!(actions.contains(&setting::mark(*number)), "{number}");
    }
    let have_ended = service.have_ended();
    for mark in &actions {
        assert!(have_ended.contains(mark), "{mark}");
    }
}

/// What was noted by actions on the ticket.
fn actions(server: &Server) -> Vec<String> {
    let path = format!("/api/Actions?ticket_id={}&count=100000", setting::TICKET);
    let list = get(server, &path);
    let actions: &Vec<Value> = list["actions"].as_array().unwrap();
    let meant = actions
        .iter()
        .filter(|action| action["outcome"] == setting::OUTCOME);
    meant.map(|action| text(&action["note"])).collect()
}

struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
