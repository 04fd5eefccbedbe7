//! `cargo xtask bench`: how fast the built worker is, measured from outside.

mod desk;
mod edge;
mod example;
mod hand_written;
mod load;
mod measure;
mod nimbus;
mod node_red;
mod peer;
mod runs;
mod upstream;
mod usage;
mod wire;

use std::{error::Error, process::ExitCode};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const NAMES: &str = "desk, edge, runs";

fn main() -> ExitCode {
    let named: Vec<_> = std::env::args().skip(1).collect();
    let measured = match named.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["desk"] => desk::run(),
        ["edge"] => edge::run(),
        ["runs"] => runs::run(),
        _ => {
            eprintln!("Name one benchmark of these: {NAMES}. See benches/README.md.");
            return ExitCode::FAILURE;
        }
    };
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nThe benchmark was not finished: {error}");
            ExitCode::FAILURE
        }
    }
}
