//! Requests one after the other, and how long they took.

use std::time::{Duration, Instant};

use ureq::Agent;

use crate::{Outcome, nimbus::ADMIN_TOKEN};

/// Asks, and reads the whole answer.
pub(crate) fn request(agent: &Agent, url: &str) -> Outcome<()> {
    let answer = agent
        .get(url)
        .header("authorization", &format!("Bearer {ADMIN_TOKEN}"))
        .call()?;
    answer
        .into_body()
        .with_config()
        .limit(u64::MAX)
        .read_to_vec()?;
    Ok(())
}

/// In ascending order.
#[derive(Debug)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(place).copied().unwrap_or_default()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}

pub(crate) fn sorted(mut times: Vec<Duration>) -> Times {
    times.sort_unstable();
    Times(times)
}

/// The middle one; of an even number, the higher of the two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// So many things, to be divided.
#[expect(
    clippy::cast_precision_loss,
    reason = "nothing here is counted up to 2^53"
)]
pub(crate) fn number(count: usize) -> f64 {
    count as f64
}

/// Does that so many times, after a tenth of it to warm up.
pub(crate) fn times(count: usize, mut one: impl FnMut(usize) -> Outcome<()>) -> Outcome<Times> {
    for number in 0..count / 10 {
        one(count + number)?;
    }
    let mut times = Vec::with_capacity(count);
    for number in 0..count {
        let start = Instant::now();
        one(number)?;
        times.push(start.elapsed());
    }
    Ok(sorted(times))
}

pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_those_that_were_measured() {
        let times = Times((1..=200).map(Duration::from_millis).collect());
        assert_eq!(
            [50, 95, 100].map(|percent| times.percentile(percent).as_millis()),
            [100, 190, 200]
        );
        assert_eq!(Times(Vec::new()).percentile(95), Duration::ZERO);
        assert!((median(vec![9.0, 1.0, 4.0]) - 4.0).abs() < f64::EPSILON);
    }
}
