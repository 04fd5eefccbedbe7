//! A stage says what it does and how long it took.

use std::{
    fmt::Display,
    time::{Duration, Instant},
};

use crate::failure::Failure;

/// Prints one line about a stage, its name in a column of its own.
pub fn say(stage: &str, what: impl Display) {
    println!("{stage:<10} {what}");
}

/// Does the work of a stage: announces it, and says how long it took.
pub fn run<T>(
    stage: &str,
    announcement: impl Display,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    say(stage, announcement);
    let start = Instant::now();
    let done = work()?;
    say(stage, format_args!("done in {}", seconds(start.elapsed())));
    Ok(done)
}

/// `1.2 s`
pub fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
