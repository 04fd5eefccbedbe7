//! Load: so many connections, each of which asks again as soon as it was answered.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::{
    Outcome,
    example::Question,
    measure::{Times, number, sorted},
    wire::Connection,
};

/// How many different questions there are; more than are ever under way.
const QUESTIONS: usize = 2_000;

/// What is asked, and where.
#[derive(Debug)]
pub(crate) struct Target {
    port: u16,
    questions: Vec<Question>,
}

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Until {
    Time(Duration),
    Count(usize),
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) times: Times,
    pub(crate) took: Duration,
}

impl Measured {
    pub(crate) fn per_second(&self) -> f64 {
        number(self.times.count()) / self.took.as_secs_f64()
    }
}

impl Target {
    pub(crate) fn new(port: u16, path: &str) -> Outcome<Self> {
        let host = format!("127.0.0.1:{port}");
        let questions = (0..QUESTIONS).map(|number| Question::new(path, &host, number));
        Ok(Self {
            port,
            questions: questions.collect::<Result<_, _>>()?,
        })
    }

    /// Asks over so many connections; a wrong answer ends it all.
    pub(crate) fn load(&self, connections: usize, until: Until) -> Outcome<Measured> {
        let next = AtomicUsize::new(0);
        let start = Instant::now();
        let work = || -> Outcome<Vec<Duration>> {
            let mut connection = Connection::open(self.port)?;
            let mut times = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let is_over = match until {
                    Until::Time(limit) => start.elapsed() >= limit,
                    Until::Count(count) => number >= count,
                };
                let Some(question) = self.questions.get(number % QUESTIONS) else {
                    return Ok(times);
                };
                if is_over {
                    return Ok(times);
                }
                let asked = Instant::now();
                connection.send(&question.request)?;
                let answer = connection.answer()?;
                times.push(asked.elapsed());
                question.check(&answer)?;
                if answer.is_last {
                    connection = Connection::open(self.port)?;
                }
            }
        };
        let times = thread::scope(|scope| {
            let threads: Vec<_> = (0..connections).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .map(|thread| {
                    thread
                        .join()
                        .map_err(|_| "a connection's thread broke off")?
                })
                .collect::<Outcome<Vec<_>>>()
        })?;
        Ok(Measured {
            took: start.elapsed(),
            times: sorted(times.concat()),
        })
    }
}
