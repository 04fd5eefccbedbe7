//! `cargo xtask bench edge`: the worked example over the public start, beside Node-RED and a worker by hand.
//!
//! Figures of a machine that does other things too say little; so everything is measured in turns, and what
//! counts is the ratio of medians.

use std::time::Duration;

use xtask::layout::Layout;

use crate::{
    Outcome,
    example::{self, NotedAt},
    hand_written,
    load::{Measured, Target, Until},
    measure::{median, milliseconds, number},
    nimbus::{self, Nimbus},
    node_red,
    upstream::Upstream,
    usage::{Usage, megabytes},
};

const NIMBUS_PORT: u16 = 8798;
const NODE_RED_PORT: u16 = 8799;
const HAND_WRITTEN_PORT: u16 = 8800;
const CONNECTIONS: [usize; 2] = [1, 32];
/// Odd, so that there is a middle one.
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(3);
const WARM_UP: Duration = Duration::from_secs(3);

/// One of those that are compared.
struct Contender {
    name: &'static str,
    process: u32,
    target: Target,
}

/// What one round has shown.
struct Round {
    measured: Measured,
    /// For each run.
    cpu_ms: f64,
}

pub(crate) fn run() -> Outcome<()> {
    let upstream = Upstream::start()?;
    let data = nimbus::data()?;
    let layout = Layout::of_repository();
    let peers = [
        node_red::start(&layout, NODE_RED_PORT, &upstream.url())?,
        hand_written::start(&layout, HAND_WRITTEN_PORT, &upstream.url())?,
    ];
    let nimbus = Nimbus::start(data.path(), NIMBUS_PORT)?;
    let mut contenders = Vec::new();
    for peer in &peers {
        contenders.push(Contender {
            name: peer.name,
            process: peer.process(),
            target: Target::new(peer.port, peer.path)?,
        });
    }
    for (name, id, noted_at) in [
        ("Nimbus", "service-", NotedAt::Service),
        ("Nimbus, own desk", "desk-", NotedAt::OwnDesk),
    ] {
        nimbus.import(&example::bundle(id, &upstream.url(), noted_at)?)?;
        contenders.push(Contender {
            name,
            process: nimbus.process(),
            target: Target::new(nimbus.port(), &example::path(id))?,
        });
    }
    println!(
        "The worked example, signed, every answer checked; {ROUNDS} rounds of {} s each, in turns.\n\
         Nimbus keeps the whole history of each run, and so does the worker by hand; Node-RED keeps nothing.",
        ROUND.as_secs()
    );
    for connections in CONNECTIONS {
        compare(&contenders, connections)?;
    }
    println!();
    let processes = peers.iter().map(|peer| (peer.name, peer.process()));
    for (name, process) in processes.chain([("Nimbus", nimbus.process())]) {
        let usage = Usage::of(process)?;
        println!(
            "{name:<26} memory {} (at most {})",
            megabytes(usage.pss_bytes),
            megabytes(usage.peak_bytes)
        );
    }
    let (completions, actions) = upstream.counts();
    println!(
        "{:<26} data folder {}; the services took {completions} questions and {actions} actions",
        "Nimbus",
        megabytes(nimbus::size(data.path())?)
    );
    nimbus.stop()
}

fn compare(contenders: &[Contender], connections: usize) -> Outcome<()> {
    for contender in contenders {
        contender.target.load(connections, Until::Time(WARM_UP))?;
    }
    let mut rounds: Vec<Vec<Round>> = contenders.iter().map(|_| Vec::new()).collect();
    for turn in 0..ROUNDS {
        for place in 0..contenders.len() {
            // Each is the first one now and then.
            let place = (place + turn) % contenders.len();
            rounds[place].push(contenders[place].measure(connections)?);
        }
    }
    println!(
        "\n{:<26} {:>9} {:>10} {:>10} {:>12} {:>8}",
        format!("{connections} connections"),
        "runs/s",
        "p50",
        "p99",
        "CPU per run",
        "ratio"
    );
    let of =
        |rounds: &[Round], what: &dyn Fn(&Round) -> f64| median(rounds.iter().map(what).collect());
    let first = of(&rounds[0], &|round| round.measured.per_second());
    for (contender, rounds) in contenders.iter().zip(&rounds) {
        let throughput = of(rounds, &|round| round.measured.per_second());
        let percentile = |percent| {
            let seconds = of(rounds, &|round| {
                round.measured.times.percentile(percent).as_secs_f64()
            });
            milliseconds(Duration::from_secs_f64(seconds))
        };
        println!(
            "{:<26} {throughput:>9.0} {:>10} {:>10} {:>9.2} ms {:>8.2}",
            contender.name,
            percentile(50),
            percentile(99),
            of(rounds, &|round| round.cpu_ms),
            throughput / first
        );
    }
    Ok(())
}

impl Contender {
    fn measure(&self, connections: usize) -> Outcome<Round> {
        let before = Usage::of(self.process)?;
        let measured = self.target.load(connections, Until::Time(ROUND))?;
        let cpu = Usage::of(self.process)?.cpu.saturating_sub(before.cpu);
        let runs = number(measured.times.count());
        Ok(Round {
            cpu_ms: cpu.as_secs_f64() * 1000.0 / runs.max(1.0),
            measured,
        })
    }
}
