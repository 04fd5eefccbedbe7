//! Random numbers that come again for the same seed.

use std::{
    env,
    time::{SystemTime, UNIX_EPOCH},
};

const SEED: &str = "NIMBUS_FAULT_SEED";

/// `SplitMix64`.
#[derive(Debug)]
pub(crate) struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    /// With the seed that is set there, else a new one.
    pub(crate) fn from_environment() -> Self {
        let seed = env::var(SEED).map_or_else(
            |_| {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
                u64::from(now.subsec_nanos())
            },
            |seed| seed.parse().unwrap(),
        );
        Self { seed, state: seed }
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// From 0 up to that one.
    pub(crate) fn up_to(&mut self, most: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % (most + 1)
    }

    /// A place among so many.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let most = u64::try_from(count).unwrap() - 1;
        usize::try_from(self.up_to(most)).unwrap()
    }
}
