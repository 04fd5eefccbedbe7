//! How many requests an application may make: so many in a window that rolls along.

use std::collections::VecDeque;

use crate::model::{RateLimit, Timestamp};

/// When the requests of one application came.
#[derive(Debug, Default)]
pub struct Window {
    came: VecDeque<Timestamp>,
}

impl Window {
    /// Counts a request that is within the limit. One that is not is refused with the seconds after which the next
    /// one may come; it does not count, so that whoever keeps trying gets in at that time.
    pub fn admit(&mut self, limit: RateLimit, now: Timestamp) -> Result<(), u64> {
        let window_ms = u64::from(limit.window_s) * 1000;
        while self
            .came
            .front()
            .is_some_and(|came| came.saturating_add(window_ms) <= now)
        {
            self.came.pop_front();
        }
        let most = usize::try_from(limit.requests).unwrap_or(usize::MAX);
        if self.came.len() < most {
            self.came.push_back(now);
            return Ok(());
        }
        // The limit may be lower than when the requests came.
        let leaves = self.came.len().saturating_sub(most);
        let free = self.came.get(leaves).map_or(now, |came| came + window_ms);
        Err(free.saturating_sub(now).div_ceil(1000).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_rolls_along() {
        let two_in_ten = RateLimit {
            requests: 2,
            window_s: 10,
        };
        let mut window = Window::default();
        for (now, expected) in [
            (0, Ok(())),
            (4_000, Ok(())),
            (4_001, Err(6)),
            (9_999, Err(1)),
            (10_000, Ok(())),
            (10_001, Err(4)),
            (14_000, Ok(())),
            (14_000, Err(6)),
            (90_000, Ok(())),
        ] {
            assert_eq!(window.admit(two_in_ten, now), expected, "{now}");
        }
    }

    #[test]
    fn a_lower_limit_counts_at_once() {
        let limit = |requests| RateLimit {
            requests,
            window_s: 10,
        };
        let mut window = Window::default();
        for now in [0, 1_000, 2_000] {
            assert_eq!(window.admit(limit(3), now), Ok(()));
        }
        assert_eq!(window.admit(limit(1), 3_000), Err(9), "the last one leaves");
        assert_eq!(window.admit(limit(1), 12_000), Ok(()));
    }
}
