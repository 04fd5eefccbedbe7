//! A runbook: how it is started, and its steps.

use serde::{Deserialize, Serialize};

use super::secret::{HasSecrets, Secret, SigningSecret};
use super::step::Step;
use super::variable::{NamedTemplate, VariableType};
use super::{RawJson, RunbookId, StepId};
use crate::condition::When;

/// A flow chart of steps with its ways of starting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runbook {
    pub id: RunbookId,
    pub name: String,
    /// In a bundle: publish it. In the console: whether the published version may start.
    #[serde(default)]
    pub enabled: bool,
    #[serde(default)]
    pub start: Start,
    /// How a start from the desk fills the input variables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from_desk: Vec<NamedTemplate>,
    /// Missing only while the chart is empty.
    #[serde(default)]
    pub first_step: Option<StepId>,
    #[serde(default)]
    pub steps: Vec<Step>,
    /// How many steps a run may pass through before it is taken to go in circles; [`Runbook::MAX_STEPS`] where it is
    /// not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_steps: Option<u32>,
    /// What a start does while other runs are under way.
    #[serde(default, skip_serializing_if = "Running::is_default")]
    pub running: Running,
    /// A text template over what a run starts with: of runs with the same text, one goes on at a time. For
    /// [`Running::OnePerKey`] only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running_key: Option<String>,
    /// How many runs may be under way at once; see [`Runbook::most_at_once`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_at_once: Option<u32>,
    /// After so many failures in a row it is switched off; never where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failures_to_switch_off: Option<u32>,
    /// Whether the first failure after a success opens a ticket on the desk.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub failure_ticket: bool,
    /// How long ended runs are kept; [`Runbook::RETENTION_DAYS`] where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    /// How many ended runs are kept; [`Runbook::RETENTION_RUNS`] where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_runs: Option<u32>,
    /// Of a run that has ended, no bodies and no values are kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub light_logs: bool,
    /// Over how many objects its runs are spread; one where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shards: Option<u16>,
}

/// What a start does while other runs of the runbook are under way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Running {
    /// It begins beside them.
    #[default]
    SideBySide,
    /// It waits for its turn.
    Queue,
    /// It is refused.
    Refuse,
    /// It waits for those with the same key.
    OnePerKey,
}

impl Running {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Runbook {
    /// The default of `retention_days`.
    pub const RETENTION_DAYS: u32 = 30;
    pub const MOST_RETENTION_DAYS: u32 = 3_650;
    /// The default of `retention_runs`.
    pub const RETENTION_RUNS: u32 = 50_000;
    pub const MOST_RETENTION_RUNS: u32 = 1_000_000;
    pub const MOST_AT_ONCE: u32 = 1_000;
    pub const MOST_FAILURES_TO_SWITCH_OFF: u32 = 1_000;
    pub const MOST_SHARDS: u16 = 16;

    /// How many of its runs may be under way at once; any number where that is nothing.
    pub fn at_most(&self) -> Option<u32> {
        match self.running {
            Running::SideBySide | Running::OnePerKey => self.most_at_once,
            Running::Queue | Running::Refuse => Some(self.most_at_once.unwrap_or(1)),
        }
    }

    /// The default of `max_steps`.
    pub const MAX_STEPS: u32 = 1_000;
    /// The most that can be set: what a run has passed through stays in memory while it goes on.
    pub const MOST_STEPS: u32 = 50_000;

    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == *id)
    }
}

/// Who may start it, what they send, and how they are answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    #[serde(default)]
    pub access: Access,
    /// Counts only where the access is public; missing is the same as `none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<PublicAuth>,
    #[serde(default)]
    pub answer: Answer,
    #[serde(default)]
    pub inputs: Vec<Input>,
    /// Of public starts.
    #[serde(default, skip_serializing_if = "StartLimits::is_empty")]
    pub limits: StartLimits,
    /// Which public starts are wanted: others are answered, and start nothing. Without rows, all are.
    #[serde(default, skip_serializing_if = "When::is_empty")]
    pub when: When,
}

impl Start {
    /// Which of the stored keys go when this is saved, by their places: an empty text takes the place of each, or there
    /// is nothing in it any more.
    pub fn deleted_keys(&self, stored: &[String]) -> impl Iterator<Item = usize> {
        let secrets: &[SigningSecret] = match &self.auth {
            Some(PublicAuth::Signature { secrets, .. }) => secrets,
            _ => &[],
        };
        stored.iter().filter_map(|place| {
            let index = place.strip_prefix("start.auth.secrets[")?;
            let index: usize = index.strip_suffix(']')?.parse().ok()?;
            let is_kept = secrets
                .get(index)
                .is_some_and(|secret| secret.value.secret.as_deref() != Some(""));
            (!is_kept).then_some(index)
        })
    }

    /// Takes keys out that are stored no longer: those behind them have moved up, as saving has it. Where none is left,
    /// there is a place for a new one.
    pub fn forget_keys(&mut self, deleted: &[usize]) {
        let Some(PublicAuth::Signature { secrets, .. }) = &mut self.auth else {
            return;
        };
        let mut index = 0;
        secrets.retain(|_| {
            let is_kept = !deleted.contains(&index);
            index += 1;
            is_kept
        });
        if secrets.is_empty() && index > 0 {
            secrets.push(SigningSecret::default());
        }
    }

    /// Takes over which keys there are and when they end, as they stand in another version of these settings: the keys
    /// themselves are known by their places and count at once, so what is said of each must count with it.
    pub fn take_ends_from(&mut self, other: &Self) {
        if let (
            Some(PublicAuth::Signature { secrets, .. }),
            Some(PublicAuth::Signature { secrets: now, .. }),
        ) = (&mut self.auth, &other.auth)
        {
            *secrets = now
                .iter()
                .map(|secret| SigningSecret {
                    value: Secret::default(),
                    ends_at: secret.ends_at.clone(),
                })
                .collect();
        }
    }
}

/// What public starts are held to; what is not set is not limited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartLimits {
    /// The largest body, [`StartLimits::MOST_BODY_BYTES`] where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_bytes: Option<u32>,
    /// Starts a second, in the long run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_second: Option<u32>,
    /// How many of them may come at once; as many as in a second where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<u32>,
    /// The addresses and networks (CIDR) that starts may come from; any where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

impl StartLimits {
    pub const MOST_BODY_BYTES: u32 = 1024 * 1024;
    /// The most that `per_second` can be.
    pub const MOST_PER_SECOND: u32 = 1_000;
    /// The most that `burst` can be.
    pub const MOST_BURST: u32 = 10_000;

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    #[default]
    Desk,
    DeskAndPublic,
}

/// What a public start must prove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum PublicAuth {
    None {},
    Basic {
        username: String,
        #[serde(default)]
        password: Secret,
    },
    Signature {
        scheme: SignatureScheme,
        /// Any of them may sign, so that a secret can be rotated.
        #[serde(default)]
        secrets: Vec<SigningSecret>,
        #[serde(default)]
        algorithm: Digest,
        #[serde(default)]
        encoding: DigestEncoding,
        #[serde(default = "signature_header")]
        header: String,
        /// Stands before the digest in the header, such as `sha256=`.
        #[serde(default)]
        prefix: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timestamp_header: Option<String>,
        /// What is signed where that is not the body alone, such as `<<timestamp>>.<<body>>`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signed: Option<String>,
        /// How old a time stamp may be, in seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tolerance_s: Option<u32>,
    },
}

fn signature_header() -> String {
    "X-Signature".to_owned()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureScheme {
    /// Its parts are set by hand.
    Hmac,
    // Those of well-known services; their parts are in [`crate::signature::Preset`].
    Github,
    Stripe,
    Slack,
    Shopify,
    Twilio,
    StandardWebhooks,
}

/// The hash under an HMAC (RFC 2104).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Digest {
    Sha1,
    #[default]
    Sha256,
    Sha512,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DigestEncoding {
    #[default]
    Hex,
    Base64,
}

/// What a public caller gets back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    #[serde(default)]
    pub when: AnswerWhen,
    /// How long a caller waits for the end of the run; 10 s where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_ms: Option<u32>,
    /// The variables that are the runbook's answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<String>,
    /// Whether who started a run may ask later how it went.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub poll: bool,
}

impl Answer {
    /// The default of [`Answer::within_ms`].
    pub const DEFAULT_WITHIN_MS: u32 = 10_000;
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerWhen {
    #[default]
    Accepted,
    Finished,
}

/// An input variable, filled from what started the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    pub name: String,
    /// A path into the public request, such as `request^ticket_id`.
    #[serde(default)]
    pub value: String,
    #[serde(rename = "type")]
    pub variable_type: VariableType,
    #[serde(default = "yes")]
    pub required: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<RawJson>,
}

fn yes() -> bool {
    true
}

impl HasSecrets for Runbook {
    fn each_secret(&mut self, visit: &mut dyn FnMut(&str, &mut Secret)) {
        match &mut self.start.auth {
            None | Some(PublicAuth::None {}) => {}
            Some(PublicAuth::Basic { password, .. }) => visit("start.auth.password", password),
            Some(PublicAuth::Signature { secrets, .. }) => {
                for (index, secret) in secrets.iter_mut().enumerate() {
                    visit(&format!("start.auth.secrets[{index}]"), &mut secret.value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys as they stand in a draft: nothing keeps what is stored.
    fn signed(keys: &[Option<&str>]) -> Start {
        let keys: Vec<_> = keys
            .iter()
            .map(|key| serde_json::json!({ "secret": key }))
            .collect();
        let auth = serde_json::json!({"type": "signature", "scheme": "hmac", "secrets": keys});
        Start {
            auth: serde_json::from_value(auth).unwrap(),
            ..Start::default()
        }
    }

    #[test]
    fn keys_that_go_with_a_save_are_known() {
        let stored: Vec<String> = [0, 1, 2]
            .map(|index| format!("start.auth.secrets[{index}]"))
            .to_vec();
        let basic = Start {
            auth: Some(PublicAuth::Basic {
                username: String::new(),
                password: Secret::default(),
            }),
            ..Start::default()
        };
        let kept = None;
        for (start, expected) in [
            (signed(&[kept, kept, kept]), &[][..]),
            (signed(&[kept, Some(""), kept]), &[1]),
            // Another takes its place, and one is added.
            (signed(&[Some("new"), kept, kept, Some("more")]), &[]),
            (signed(&[kept, kept, kept, Some("")]), &[]),
            // The last was taken out.
            (signed(&[Some(""), kept]), &[0, 2]),
            (basic, &[0, 1, 2]),
            (Start::default(), &[0, 1, 2]),
        ] {
            let deleted: Vec<usize> = start.deleted_keys(&stored).collect();
            assert_eq!(deleted, expected, "{start:?}");
        }
        let password = ["start.auth.password".to_owned()];
        assert_eq!(Start::default().deleted_keys(&password).count(), 0);
    }

    #[test]
    fn keys_that_went_are_forgotten_and_the_others_keep_theirs() {
        for (before, deleted, after) in [
            (
                &[None, Some("b"), Some("c")][..],
                &[1][..],
                &[None, Some("c")][..],
            ),
            (&[None, Some("")], &[1], &[None]),
            (&[None], &[1], &[None]),
            (&[Some("a"), Some("b")], &[0, 1], &[None]),
            (&[], &[0], &[]),
        ] {
            let mut start = signed(before);
            start.forget_keys(deleted);
            assert_eq!(start, signed(after), "{before:?} {deleted:?}");
        }
        let mut basic = Start::default();
        basic.forget_keys(&[0]);
        assert_eq!(basic, Start::default());
    }
}
