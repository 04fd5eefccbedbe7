//! `cargo xtask start`: from a clone to a running Nimbus.

use std::{
    net::{Ipv4Addr, TcpListener},
    path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use xtask::{
    failure::Failure,
    layout::Layout,
    runtime::{self, Runtime},
    secrets::{self, Secrets},
    setup::{self, Extent},
    stage,
};

use crate::command_line::StartOptions;

const STAGE: &str = "start";
/// How long answers that have begun may take when Nimbus is stopped. Runs need no time: they go on at the next start.
const GRACE: Duration = Duration::from_secs(5);

pub(crate) fn run(layout: &Layout, options: StartOptions) -> Result<(), Failure> {
    // First, because it is a pity to find out after a long build.
    let port = free_port(options.port)?;
    setup::run(layout, Extent::Built)?;

    let start = Instant::now();
    let data = path::absolute(options.data.unwrap_or_else(|| layout.data()))
        .map_err(Failure::io("find the data folder"))?;
    secrets::private_folder(&data)?;
    let options = runtime::Options {
        port,
        networks: options.networks,
        public_url: options
            .public_url
            .unwrap_or_else(|| runtime::local_url(port)),
        seed: !options.empty,
        movable_clock: options.movable_clock,
        secrets: Secrets::of(&data, options.admin_token)?,
        data,
    };
    let mut runtime = Runtime::start(layout, options, None)?;
    let stopping = stop_on_interrupt(&runtime)?;
    runtime.wait_until_healthy()?;
    let link = runtime.sign_in_link()?;
    stage::say(
        STAGE,
        format_args!("up in {}", stage::seconds(start.elapsed())),
    );
    println!(
        "\nNimbus is at {}\nSign in:     {link}\n\nThe link is good once, for ten minutes. Ctrl-C stops Nimbus.",
        runtime.options().public_url
    );

    let status = runtime.wait()?;
    if stopping.load(Ordering::Relaxed) {
        stage::say(STAGE, "stopped");
        Ok(())
    } else {
        Err(Failure::Unexpected {
            what: format!("workerd ended by itself ({status})"),
            advice: "The lines above may say why. Start Nimbus again: what was accepted goes on.",
        })
    }
}

/// Ctrl-C, SIGTERM and a closed terminal stop the runtime; when it has ended, we end too.
fn stop_on_interrupt(runtime: &Runtime) -> Result<Arc<AtomicBool>, Failure> {
    let stopping = Arc::new(AtomicBool::new(false));
    let signals = runtime.signals();
    let flag = Arc::clone(&stopping);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            signals.kill();
        } else {
            signals.terminate();
            thread::spawn(move || {
                thread::sleep(GRACE);
                signals.kill();
            });
        }
    })
    .map_err(|error| Failure::Unexpected {
        what: format!("Ctrl-C cannot be caught ({error})"),
        advice: "This is a mistake in xtask.",
    })?;
    Ok(stopping)
}

/// The port itself when nothing listens there, or a free one in place of 0.
fn free_port(port: u16) -> Result<u16, Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|_| Failure::PortInUse { port })
}
