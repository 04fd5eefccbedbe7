//! `cargo xtask bench desk`: how long the desk takes to answer when it is full.

mod fill;
mod measure;

use std::{error::Error, process::ExitCode};

use tempfile::TempDir;
use xtask::{
    layout::Layout,
    networks::Networks,
    runtime::{self, Runtime},
    secrets::Secrets,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

const ADMIN_TOKEN: &str = "the-admin-token-of-the-benchmark";
/// The base64 of 32 bytes.
const MASTER_KEY: &str = "bWFzdGVyLWtleS1tYXN0ZXIta2V5LW1hc3Rlci1rZXk=";
const PORT: u16 = 8797;

const TICKETS: u32 = 50_000;
const ACTIONS_PER_TICKET: u32 = 10;
const REQUESTS: usize = 300;

/// What is asked for, and where. `#` stands for the id of a ticket, another one each time.
const QUESTIONS: [(&str, &str); 8] = [
    ("list page", "/api/Tickets?pageinate=true&page_size=50"),
    (
        "list page, open ones",
        "/api/Tickets?pageinate=true&page_size=50&open_only=true",
    ),
    (
        "list page, of a client",
        "/api/Tickets?pageinate=true&page_size=50&client_id=2",
    ),
    (
        "list page, of an agent, by date",
        "/api/Tickets?pageinate=true&page_size=50&agent_id=2&order=dateoccurred&orderdesc=true",
    ),
    (
        "list page, searched",
        "/api/Tickets?pageinate=true&page_size=50&search=printer%204711",
    ),
    (
        "list page 500",
        "/api/Tickets?pageinate=true&page_size=50&page_no=500",
    ),
    ("ticket", "/api/Tickets/#"),
    ("actions of a ticket", "/api/Actions?ticket_id=#"),
];

fn main() -> ExitCode {
    let named: Vec<_> = std::env::args().skip(1).collect();
    if named != ["desk"] {
        eprintln!("There is one benchmark: `cargo xtask bench desk`.");
        return ExitCode::FAILURE;
    }
    match desk() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nThe benchmark was not finished: {error}");
            ExitCode::FAILURE
        }
    }
}

fn desk() -> Outcome<()> {
    let layout = Layout::of_repository();
    let data = tempfile::Builder::new().prefix("nimbus-bench-").tempdir()?;
    let mut runtime = start(&layout, &data)?;
    // The desk makes its tables when it is first asked.
    measure::request(&agent(), &url("/api/Tickets/1001"))?;
    runtime.kill()?;
    // It holds the data folder.
    drop(runtime);

    println!("filling    {TICKETS} tickets with {ACTIONS_PER_TICKET} actions each");
    fill::desk(data.path(), TICKETS, ACTIONS_PER_TICKET)?;

    let mut runtime = start(&layout, &data)?;
    let agent = agent();
    println!(
        "\n{:<34} {:>9} {:>9} {:>9}   of {REQUESTS} requests",
        "", "p50", "p95", "p99"
    );
    for (name, path) in QUESTIONS {
        let times = measure::times(REQUESTS, |number| {
            let path = path.replace('#', &fill::ticket(number, TICKETS).to_string());
            measure::request(&agent, &url(&path))
        })?;
        let [p50, p95, p99] =
            [50, 95, 99].map(|percent| measure::milliseconds(times.percentile(percent)));
        println!("{name:<34} {p50:>9} {p95:>9} {p99:>9}");
    }
    runtime.kill()?;
    Ok(())
}

fn start(layout: &Layout, data: &TempDir) -> Outcome<Runtime> {
    let options = runtime::Options {
        port: PORT,
        data: data.path().to_owned(),
        networks: "public".parse::<Networks>()?,
        public_url: runtime::local_url(PORT),
        seed: true,
        secrets: Secrets::new(MASTER_KEY.to_owned(), ADMIN_TOKEN.to_owned()),
    };
    let mut runtime = Runtime::start(layout, options, None)?;
    runtime.wait_until_healthy()?;
    Ok(runtime)
}

fn url(path: &str) -> String {
    format!("{}{path}", runtime::local_url(PORT))
}

fn agent() -> ureq::Agent {
    ureq::Agent::new_with_defaults()
}
