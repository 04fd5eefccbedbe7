//! What the bodies that are under way may take up together: an isolate has 128 MB for everything,
//! and shares them among all objects in it.

use std::cell::Cell;
use std::time::Duration;

use worker::Delay;

use super::MAX_BODY_BYTES;

/// Bodies up to this size are taken in freely.
pub(super) const SMALL_BYTES: usize = 256 * 1024;

/// How many larger ones are at a time: 48 MiB, if all are as large as can be.
const LARGE_BODIES: usize = 48 * 1024 * 1024 / MAX_BODY_BYTES;

/// How often one that waits looks again. It cannot be woken: who gives a place back may belong to
/// another object, and the runtime lets none of them act for another.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

thread_local! {
    static LARGE: Cell<usize> = const { Cell::new(0) };
}

/// The right to hold a large body, until it is dropped.
#[derive(Debug)]
pub struct Place(());

impl Place {
    /// Waits until there is one.
    pub(super) async fn take() -> Self {
        loop {
            if let Some(place) = Self::try_take() {
                return place;
            }
            Delay::from(LOOK_AGAIN).await;
        }
    }

    fn try_take() -> Option<Self> {
        LARGE.with(|large| {
            (large.get() < LARGE_BODIES).then(|| {
                large.set(large.get() + 1);
                Self(())
            })
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        LARGE.with(|large| large.set(large.get().saturating_sub(1)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_when_they_are_dropped() {
        let places: Vec<_> = (0..6).map_while(|_| Place::try_take()).collect();
        assert_eq!((places.len(), LARGE_BODIES), (6, 6));
        assert!(Place::try_take().is_none());
        drop(places);
        assert!(Place::try_take().is_some());
    }
}
