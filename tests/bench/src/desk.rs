//! `cargo xtask bench desk`: how long the desk takes to answer when it is full.

mod fill;

use crate::{
    Outcome, measure,
    nimbus::{self, Nimbus},
};

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

pub(crate) fn run() -> Outcome<()> {
    let data = nimbus::data()?;
    let nimbus = Nimbus::start(data.path(), PORT)?;
    // The desk makes its tables when it is first asked.
    measure::request(&agent(), &nimbus.url("/api/Tickets/1001"))?;
    // It holds the data folder.
    nimbus.stop()?;

    println!("filling    {TICKETS} tickets with {ACTIONS_PER_TICKET} actions each");
    fill::desk(data.path(), TICKETS, ACTIONS_PER_TICKET)?;

    let nimbus = Nimbus::start(data.path(), PORT)?;
    let agent = agent();
    println!(
        "\n{:<34} {:>9} {:>9} {:>9}   of {REQUESTS} requests",
        "", "p50", "p95", "p99"
    );
    for (name, path) in QUESTIONS {
        let times = measure::times(REQUESTS, |number| {
            let path = path.replace('#', &fill::ticket(number, TICKETS).to_string());
            measure::request(&agent, &nimbus.url(&path))
        })?;
        let [p50, p95, p99] =
            [50, 95, 99].map(|percent| measure::milliseconds(times.percentile(percent)));
        println!("{name:<34} {p50:>9} {p95:>9} {p99:>9}");
    }
    nimbus.stop()
}

fn agent() -> ureq::Agent {
    ureq::Agent::new_with_defaults()
}
