//! The service that runs call. It misbehaves in all ways, each start in its own, and counts what reaches it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
    time::Duration,
};

use edge_tests::{Gate, Received, Reply, Stub};
use serde_json::{Value, json};

use crate::setting;

/// How long a run waits for the service.
pub(crate) const TIME_LIMIT_MS: u64 = 1_000;
/// Within the time limit.
const SLOW: Duration = Duration::from_millis(150);
/// What is wrong with the service differs from start to start, and comes again after so many.
pub(crate) const MANNERS: usize = 16;

pub(crate) struct Service {
    stub: Stub,
    /// Behind it are the answers that never come.
    never: Gate,
}

impl Service {
    pub(crate) fn start() -> Self {
        let service = Self {
            stub: Stub::start(),
            never: Gate::new(),
        };
        let never = service.never.clone();
        service.stub.reply_with("POST", "/once", move |request| {
            let number = setting::number(&mark(request));
            let good = Reply::json(201, &json!({"number": number * 7 + 1}));
            match number % MANNERS {
                3 => good.after(SLOW),
                5 => Reply::reset(),
                7 => good.half(),
                9 => Reply::json(500, &json!({"error": "no"})),
                11 => good.behind(&never),
                _ => good,
            }
        });
        for path in ["/confirm", "/regret"] {
            let never = service.never.clone();
            let tries = Mutex::new(BTreeMap::<String, usize>::new());
            service.stub.reply_with("PUT", path, move |request| {
                let mark = mark(request);
                let number = setting::number(&mark);
                let mut tries = tries.lock().unwrap();
                let tries = tries.entry(mark).or_default();
                *tries += 1;
                let good = Reply::json(200, &json!({}));
                if *tries > 1 {
                    return good;
                }
                match number % MANNERS {
                    2 => good.after(SLOW),
                    4 => Reply::reset(),
                    6 => Reply::json(200, &json!({"much": "x".repeat(200)})).half(),
                    8 | 9 => Reply::json(500, &json!({"error": "not now"})),
                    10 => good.behind(&never),
                    _ => good,
                }
            });
        }
        service
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        self.stub.url("")
    }

    /// The marks of runs that have come to their last step.
    pub(crate) fn have_ended(&self) -> BTreeSet<String> {
        let steps = ["/confirm", "/regret"].map(|path| self.by_mark(path));
        steps.into_iter().flat_map(BTreeMap::into_keys).collect()
    }

    /// How many requests came that had come before.
    pub(crate) fn repeats(&self) -> usize {
        ["/once", "/confirm", "/regret"]
            .map(|path| self.by_mark(path))
            .iter()
            .flat_map(BTreeMap::values)
            .map(|requests| requests.len() - 1)
            .sum()
    }

    /// What must not be repeated was not, whatever became of it; and what is repeated says the same each time.
    /// `outcomes` are the variables that callers were told, by the number of the start.
    pub(crate) fn check(&self, outcomes: &BTreeMap<usize, Value>) {
        for (mark, requests) in self.by_mark("/once") {
            assert_eq!(requests.len(), 1, "{mark} was sent twice");
        }
        let (confirmed, regretted) = (self.by_mark("/confirm"), self.by_mark("/regret"));
        for (mark, requests) in &confirmed {
            let number = setting::number(mark);
            assert!(!regretted.contains_key(mark), "{mark} went both ways");
            for request in requests {
                let expected = json!({"mark": mark, "number": number * 7 + 1});
                assert_eq!(request.json(), expected);
            }
        }
        for (number, outputs) in outcomes {
            let mark = setting::mark(*number);
            assert_eq!(outputs["Mark"], mark.as_str());
            let told = outputs["Number"].as_u64();
            let is_confirmed = confirmed.contains_key(&mark);
            assert_eq!(told.is_some(), is_confirmed, "{mark}: {outputs}");
            let given = u64::try_from(number * 7 + 1).unwrap();
            assert!(told.is_none_or(|told| told == given), "{mark}: {outputs}");
        }
    }

    fn by_mark(&self, path: &str) -> BTreeMap<String, Vec<Received>> {
        let mut requests = BTreeMap::<String, Vec<Received>>::new();
        for request in self.stub.received() {
            if request.target == path {
                requests.entry(mark(&request)).or_default().push(request);
            }
        }
        requests
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.never.open();
    }
}

fn mark(request: &Received) -> String {
    request.json()["mark"].as_str().unwrap().to_owned()
}
