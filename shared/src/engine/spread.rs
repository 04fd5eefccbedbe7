//! Over how many objects the runs of a busy runbook are spread, and which of them takes a start.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::authorization::PublicGuard;
use crate::model::{PublicAuth, Runbook, Start, StartLimits};

/// How the runs of a runbook are spread. Each object is a *shard*, and knows nothing of the others: what must be
/// recognised when it comes again has to come to the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    pub shards: u16,
    /// How many of its objects were ever told anything; runs may be in all of them.
    pub told: u16,
    /// What a public start proves, without secrets; only where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    auth: Option<PublicAuth>,
}

impl Spread {
    pub fn of(runbook: &Runbook) -> Self {
        let shards = shards(runbook);
        let auth = runbook.start.auth.clone().filter(|_| shards > 1);
        Self {
            shards,
            told: shards,
            auth,
        }
    }

    /// So many objects were told something at some time.
    #[must_use]
    pub fn told_to(self, told: u16) -> Self {
        Self {
            told: told.max(self.shards),
            ..self
        }
    }

    /// The limits of public starts that hold for one shard; all together allow what the runbook does.
    pub fn limits(runbook: &Runbook, shard: u16) -> StartLimits {
        let limits = &runbook.start.limits;
        let divided = |starts: u32| {
            let rest = starts % u32::from(shards(runbook));
            let has_one_more = u32::from(shard) < rest && starts >= u32::from(shards(runbook));
            part(starts, runbook) + u32::from(has_one_more)
        };
        StartLimits {
            per_second: limits.per_second.map(divided),
            burst: limits.burst.map(divided),
            ..limits.clone()
        }
    }

    /// The shard of a start from within: by its key, else by chance.
    pub fn shard(&self, key: Option<&str>, random: u64) -> u16 {
        match key {
            Some(key) => self.by(key.as_bytes()),
            None => self.pick(random),
        }
    }

    /// The shard of a public start: by its idempotency key, else by its body where that is signed, else by chance.
    /// Where a recorded start is recognised, a key that is not signed does not count.
    pub fn public_shard(&self, headers: &[(String, String)], body: &[u8], random: u64) -> u16 {
        if self.shards <= 1 {
            return 0;
        }
        let start = Start {
            auth: self.auth.clone(),
            ..Start::default()
        };
        let guard = PublicGuard::new(&start).ok();
        let common = guard
            .as_ref()
            .and_then(|guard| guard.meets_repeats_by(headers, body));
        match common {
            Some(common) => self.by(common),
            None => self.pick(random),
        }
    }

    fn by(&self, bytes: &[u8]) -> u16 {
        let digest = Sha256::digest(bytes);
        let mut first = [0; 8];
        first
            .iter_mut()
            .zip(digest)
            .for_each(|(to, from)| *to = from);
        self.pick(u64::from_le_bytes(first))
    }

    fn pick(&self, number: u64) -> u16 {
        let shard = number % u64::from(self.shards.max(1));
        u16::try_from(shard).unwrap_or_default()
    }
}

/// Over how many objects a runbook's runs are spread, at least one.
pub fn shards(runbook: &Runbook) -> u16 {
    let shards = runbook.shards.unwrap_or(1);
    shards.clamp(1, Runbook::MOST_SHARDS)
}

/// One shard's part of what is allowed to all of them together.
pub fn part(whole: u32, runbook: &Runbook) -> u32 {
    (whole / u32::from(shards(runbook))).max(1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    fn spread(shards: u16, auth: &serde_json::Value) -> Spread {
        let runbook = json!({"id": "rb", "name": "r", "shards": shards, "start": {"auth": auth}});
        Spread::of(&serde_json::from_value(runbook).unwrap())
    }

    fn header(name: &str, value: &str) -> Vec<(String, String)> {
        vec![(name.to_owned(), value.to_owned())]
    }

    #[test]
    fn what_comes_again_comes_to_the_same_shard() {
        let none = json!({"type": "none"});
        let github = json!({"type": "signature", "scheme": "github"});
        let webhooks = json!({"type": "signature", "scheme": "standard_webhooks"});
        for (auth, headers, body) in [
            (&none, header("Idempotency-Key", "k1"), "a"),
            (&github, header("X-Other", "x"), "a"),
            (&webhooks, header("webhook-id", "m1"), "a"),
        ] {
            let spread = spread(8, auth);
            let shards: BTreeSet<u16> = (0..100)
                .map(|random| spread.public_shard(&headers, body.as_bytes(), random))
                .collect();
            assert_eq!(shards.len(), 1, "{auth}");
        }
        let open = spread(8, &none);
        let by_chance = (0..8).map(|random| open.public_shard(&[], b"a", random));
        assert_eq!(by_chance.collect::<BTreeSet<_>>().len(), 8);
        // Where a recorded start is recognised, whoever sends it again chooses no other shard with a key of his own.
        let by_hand = |signed: &str| json!({"type": "signature", "scheme": "hmac", "timestamp_header": "X-Time", "signed": signed});
        for auth in [
            json!({"type": "signature", "scheme": "stripe"}),
            json!({"type": "signature", "scheme": "slack"}),
            by_hand("<<timestamp>>.<<body>>"),
            by_hand("<<request@header[X-Delivery]>>.<<body>>"),
        ] {
            let spread = spread(8, &auth);
            let shards: BTreeSet<u16> = (0..16_u64)
                .map(|key| {
                    let headers = header("Idempotency-Key", &key.to_string());
                    spread.public_shard(&headers, b"a", key)
                })
                .collect();
            assert_eq!(shards.len(), 1, "{auth}");
        }
        // Where it is not, its own key is all that there is.
        let keyed: BTreeSet<u16> = (0..16_u64)
            .map(|key| {
                let headers = header("Idempotency-Key", &key.to_string());
                spread(8, &github).public_shard(&headers, b"a", 0)
            })
            .collect();
        assert!(keyed.len() > 1);
        // An unsigned key does not decide where a signed one does.
        let signed = spread(8, &webhooks);
        let with = |id: &str, key: &str| {
            let mut headers = header("webhook-id", id);
            headers.extend(header("Idempotency-Key", key));
            signed.public_shard(&headers, b"", 0)
        };
        assert_eq!(with("m1", "a"), with("m1", "b"));
    }

    #[test]
    fn keys_are_spread_over_all() {
        let spread = spread(4, &json!({"type": "none"}));
        let mut counts = [0; 4];
        for number in 0..400 {
            counts[usize::from(spread.shard(Some(&format!("k{number}")), 0))] += 1;
        }
        assert!(counts.iter().all(|count| *count > 60), "{counts:?}");
        let one = Spread::of(&serde_json::from_value(json!({"id": "r", "name": "r"})).unwrap());
        assert_eq!(one.shard(Some("k"), 5), 0);
        assert_eq!(one.public_shard(&[], b"", 5), 0);
    }

    #[test]
    fn what_is_allowed_is_divided() {
        let of = |shards: u16| -> Runbook {
            serde_json::from_value(json!({"id": "r", "name": "r", "shards": shards})).unwrap()
        };
        assert_eq!(part(100, &of(4)), 25);
        assert_eq!(part(3, &of(4)), 1);
        assert_eq!(part(7, &of(1)), 7);
        for (whole, shards) in [(10, 4), (4, 4), (7, 1), (1_000, 16), (17, 16)] {
            let mut runbook = of(shards);
            runbook.start.limits.per_second = Some(whole);
            let all: u32 = (0..shards)
                .filter_map(|shard| Spread::limits(&runbook, shard).per_second)
                .sum();
            assert_eq!(all, whole, "{whole} among {shards}");
        }
        assert_eq!(shards(&of(0)), 1);
        assert_eq!(shards(&of(99)), Runbook::MOST_SHARDS);
    }
}
