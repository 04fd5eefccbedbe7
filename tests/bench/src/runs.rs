//! `cargo xtask bench runs`: what keeping everything costs. How many commits and waits for the disk a run takes,
//! whether a start takes longer when there are many past runs, and how large the data becomes.

mod past;
mod trace;

use std::{thread, time::Duration};

use serde_json::json;

use crate::{
    Outcome,
    example::{self, NotedAt},
    load::{Target, Until},
    measure::{median, milliseconds, number},
    nimbus::{self, Nimbus},
    upstream::Upstream,
    usage::megabytes,
};
use trace::{Count, Trace};

const PORT: u16 = 8798;
const OTHER_PORT: u16 = 8799;
/// How the runbook's ids begin.
const EXAMPLE: &str = "runs-";
const CONNECTIONS: [usize; 4] = [1, 8, 32, 128];
const COUNTED_RUNS: usize = 1_000;
const WARM_UP_RUNS: usize = 200;
const PAST_RUNS: u32 = 100_000;
/// Odd, so that there is a middle one.
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(2);
/// So many runs are kept where it is shown that storage stays bounded.
const KEPT_RUNS: u32 = 500;
const BATCHES: usize = 6;
/// After the last answer, summaries are delivered and old runs removed.
const SETTLING: Duration = Duration::from_secs(3);

pub(crate) fn run() -> Outcome<()> {
    let upstream = Upstream::start()?;
    commits(&upstream)?;
    past_runs(&upstream)?;
    bounded(&upstream)
}

fn example(nimbus: &Nimbus, upstream: &Upstream) -> Outcome<Target> {
    nimbus.import(&example::bundle(
        EXAMPLE,
        &upstream.url(),
        NotedAt::Service,
    )?)?;
    Target::new(nimbus.port(), &example::path(EXAMPLE))
}

fn commits(upstream: &Upstream) -> Outcome<()> {
    println!("The worked example, its two requests answered by services. For each run:\n");
    let Some(strace) = trace::program() else {
        println!(
            "(commits and fsyncs are not counted: that needs `strace`, which is not installed)"
        );
        return Ok(());
    };
    println!(
        "{:<12} {:>8} {:>8}   {:>16} {:>16} {:>16}",
        "connections", "commits", "fsyncs", "Runner", "Workspace", "alarms"
    );
    for connections in CONNECTIONS {
        let data = nimbus::data()?;
        let trace = Trace::new(data.path().join("trace"));
        let nimbus = Nimbus::start_under(data.path(), PORT, &trace.command(&strace))?;
        let target = example(&nimbus, upstream)?;
        target.load(connections, Until::Count(WARM_UP_RUNS))?;
        thread::sleep(SETTLING);
        let before = trace.counts()?;
        target.load(connections, Until::Count(COUNTED_RUNS))?;
        thread::sleep(SETTLING);
        let counts = trace.counts()?;
        nimbus.stop()?;
        let of = |what: fn(&Count) -> usize, whose: Option<&str>| {
            let counted = counts.sum(what, whose) - before.sum(what, whose);
            number(counted) / number(COUNTED_RUNS)
        };
        let part = |whose| {
            format!(
                "{:.2} / {:.2}",
                of(|count| count.commits, Some(whose)),
                of(|count| count.fsyncs, Some(whose))
            )
        };
        println!(
            "{connections:<12} {:>8.2} {:>8.2}   {:>16} {:>16} {:>16}",
            of(|count| count.commits, None),
            of(|count| count.fsyncs, None),
            part("runner"),
            part("workspace"),
            part(trace::ALARMS)
        );
    }
    Ok(())
}

/// Two workers in turns: one without a past, one with a long one.
fn past_runs(upstream: &Upstream) -> Outcome<()> {
    let (fresh, old) = (nimbus::data()?, nimbus::data()?);
    let setup = Nimbus::start(old.path(), OTHER_PORT)?;
    example(&setup, upstream)?.load(1, Until::Count(1))?;
    thread::sleep(SETTLING);
    setup.stop()?;
    past::copy_the_run(old.path(), PAST_RUNS)?;
    println!(
        "\nA start with {PAST_RUNS} past runs ({} of data), {ROUNDS} rounds of {} s in turns:\n",
        megabytes(nimbus::size(old.path())?),
        ROUND.as_secs()
    );

    let workers = [
        Nimbus::start(fresh.path(), PORT)?,
        Nimbus::start(old.path(), OTHER_PORT)?,
    ];
    let targets = [
        example(&workers[0], upstream)?,
        Target::new(workers[1].port(), &example::path(EXAMPLE))?,
    ];
    println!(
        "{:<12} {:>22} {:>22} {:>8}",
        "connections", "fresh: p50, p99", "old: p50, p99", "ratio"
    );
    for connections in [1, 32] {
        let mut times: [[Vec<f64>; 2]; 2] = Default::default();
        for target in &targets {
            target.load(connections, Until::Time(ROUND))?;
        }
        for turn in 0..ROUNDS {
            for place in 0..targets.len() {
                let place = (place + turn) % targets.len();
                let measured = targets[place].load(connections, Until::Time(ROUND))?;
                for (times, percent) in times[place].iter_mut().zip([50, 99]) {
                    times.push(measured.times.percentile(percent).as_secs_f64());
                }
            }
        }
        let [fresh, old] = times.map(|times| times.map(median));
        let shown = |times: [f64; 2]| {
            times
                .map(|time| milliseconds(Duration::from_secs_f64(time)))
                .join(", ")
        };
        println!(
            "{connections:<12} {:>22} {:>22} {:>8.2}",
            shown(fresh),
            shown(old),
            old[0] / fresh[0]
        );
    }
    workers.into_iter().try_for_each(Nimbus::stop)
}

/// With few runs kept, the data stops growing.
fn bounded(upstream: &Upstream) -> Outcome<()> {
    let data = nimbus::data()?;
    let nimbus = Nimbus::start(data.path(), PORT)?;
    let mut bundle = example::bundle(EXAMPLE, &upstream.url(), NotedAt::Service)?;
    bundle["runbooks"][0]["retention_runs"] = json!(KEPT_RUNS);
    nimbus.import(&bundle)?;
    println!("\nWith {KEPT_RUNS} runs kept:\n");
    let target = Target::new(nimbus.port(), &example::path(EXAMPLE))?;
    for batch in 1..=BATCHES {
        target.load(32, Until::Count(COUNTED_RUNS))?;
        thread::sleep(SETTLING);
        println!(
            "{:>6} runs: {} of data",
            batch * COUNTED_RUNS,
            megabytes(nimbus::size(data.path())?)
        );
    }
    nimbus.stop()
}
