//! How often a runbook may be started from outside.

use crate::model::{StartLimits, Timestamp};

/// A token bucket. It holds no tokens but the time at which it would be full again, which says the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bucket {
    /// In microseconds since 1970.
    full_at: u64,
}

impl Bucket {
    /// Takes one start, or says in how many seconds there will be one.
    pub fn take(&mut self, limits: &StartLimits, now: Timestamp) -> Result<(), u32> {
        let Some(per_second) = limits.per_second.filter(|rate| *rate > 0) else {
            return Ok(());
        };
        let burst = limits.burst.unwrap_or(per_second).max(1);
        let each = 1_000_000 / u64::from(per_second).min(1_000_000);
        let now = now.saturating_mul(1_000);
        // A clock that was set back must not close the door for long, nor settings that were changed.
        let longest = now.saturating_add(each * u64::from(burst));
        self.full_at = self.full_at.clamp(now, longest);
        let full_at = self.full_at + each;
        let late = full_at.saturating_sub(longest);
        if late > 0 {
            let seconds = late.div_ceil(1_000_000);
            return Err(u32::try_from(seconds).unwrap_or(u32::MAX));
        }
        self.full_at = full_at;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = 1_750_000_000_000;

    fn limits(per_second: u32, burst: Option<u32>) -> StartLimits {
        StartLimits {
            per_second: Some(per_second),
            burst,
            ..StartLimits::default()
        }
    }

    #[test]
    fn a_burst_is_let_in_and_then_the_rate() {
        for (per_second, burst, offsets, expected) in [
            // As many as in a second where no burst is set.
            (2, None, &[0, 0, 0, 499, 500, 501, 1_000][..], "yynnyny"),
            (
                1,
                Some(3),
                &[0, 0, 0, 0, 999, 1_000, 4_000, 4_000, 4_000, 4_000],
                "yyynnyyyyn",
            ),
            (1, Some(1), &[0, 0, 1_000, 1_500, 2_000], "ynyny"),
            (1_000, Some(1), &[0, 0, 1, 2], "ynyy"),
            (3, Some(1), &[0, 333, 334, 667, 668], "ynyny"),
        ] {
            let mut bucket = Bucket::default();
            let limits = limits(per_second, burst);
            let got: String = offsets
                .iter()
                .map(|offset| {
                    let taken = bucket.take(&limits, NOW + offset);
                    if taken.is_ok() { 'y' } else { 'n' }
                })
                .collect();
            assert_eq!(got, expected, "{per_second} a second, {burst:?} at once");
        }
    }

    #[test]
    fn the_wait_that_is_told_is_long_enough() {
        let limits = limits(1, Some(2));
        let mut bucket = Bucket::default();
        bucket.take(&limits, NOW).unwrap();
        bucket.take(&limits, NOW).unwrap();
        assert_eq!(bucket.take(&limits, NOW), Err(1));
        assert_eq!(bucket.take(&limits, NOW + 1), Err(1));
        assert_eq!(bucket.take(&limits, NOW + 1_000), Ok(()));
    }

    #[test]
    fn without_a_rate_everything_is_let_in() {
        let mut bucket = Bucket::default();
        for _ in 0..10_000 {
            assert_eq!(bucket.take(&StartLimits::default(), NOW), Ok(()));
        }
    }

    #[test]
    fn a_clock_that_was_set_back_closes_the_door_for_no_longer_than_a_burst() {
        let limits = limits(1, Some(2));
        let mut bucket = Bucket::default();
        bucket.take(&limits, NOW).unwrap();
        let earlier = NOW - 86_400_000;
        assert_eq!(bucket.take(&limits, earlier), Err(1));
        assert_eq!(bucket.take(&limits, earlier + 1_000), Ok(()));
    }

    proptest! {
        /// Held against a count: over any time, no more than the burst and what the rate adds to it.
        #[test]
        fn never_more_than_burst_and_rate(
            per_second in 1_u32..50,
            burst in 1_u32..50,
            steps in prop::collection::vec(0_u64..400, 1..300),
        ) {
            let limits = limits(per_second, Some(burst));
            let mut bucket = Bucket::default();
            let (mut now, mut taken) = (NOW, 0_u64);
            for step in steps {
                now += step;
                if bucket.take(&limits, now).is_ok() {
                    taken += 1;
                    let elapsed_us = (now - NOW) * 1_000;
                    let each = 1_000_000 / u64::from(per_second);
                    prop_assert!(taken <= u64::from(burst) + elapsed_us / each);
                }
            }
            // Whoever waits as long as is told gets in.
            if let Err(seconds) = bucket.take(&limits, now) {
                prop_assert!(bucket.take(&limits, now + u64::from(seconds) * 1_000).is_ok());
            }
        }
    }
}
