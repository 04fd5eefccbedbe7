//! Identifiers. They are opaque text that is safe in a URL, chosen by whoever makes
//! the thing (a bundle brings its own), and unique within their kind.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdError {
    /// The text is empty.
    Empty,
    /// The text is longer than 64 characters.
    TooLong,
    /// The text holds a character other than ASCII letters, digits, `-` and `_`.
    Character(char),
    /// A run's id does not name its runbook and shard.
    NotARun,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("an id must not be empty"),
            Self::TooLong => f.write_str("an id has at most 64 characters"),
            Self::Character(character) => write!(
                f,
                "an id holds only letters, digits, `-` and `_`, not {character:?}"
            ),
            Self::NotARun => f.write_str("a run's id has the form runbook.shard.unique"),
        }
    }
}

impl std::error::Error for IdError {}

fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > 64 {
        return Err(IdError::TooLong);
    }
    text.chars()
        .find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
        .map_or(Ok(()), |c| Err(IdError::Character(c)))
}

macro_rules! id {
    ($(#[doc = $doc:literal] $name:ident),+ $(,)?) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a text of 1 to 64 letters, digits, `-` and `_`.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                check(text).map(|()| Self(text.to_owned()))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                check(&text).map(|()| Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

id! {
    /// Names an integration.
    IntegrationId,
    /// Names a method, across all integrations.
    MethodId,
    /// Names a runbook; part of its public address.
    RunbookId,
    /// Names a step within its runbook.
    StepId,
    /// Names a schedule.
    ScheduleId,
    /// Names a workflow.
    WorkflowId,
    /// Names an event trigger.
    EventTriggerId,
}

impl EventTriggerId {
    /// Of a trigger that came without an id; a bundle gives it one while it is read.
    pub(super) fn missing() -> Self {
        Self(String::new())
    }

    pub(super) fn is_missing(&self) -> bool {
        self.0.is_empty()
    }
}

/// Names a run, and says where it lives: `runbook.shard.unique`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId {
    runbook: RunbookId,
    shard: u16,
    unique: String,
}

impl RunId {
    /// `now` comes first in the unique part, so that ids sort by age; `random` makes it unguessable.
    pub fn new(runbook: RunbookId, shard: u16, now: Timestamp, random: u64) -> Self {
        Self {
            runbook,
            shard,
            unique: format!("{now:011x}{random:016x}"),
        }
    }

    pub fn parse(text: &str) -> Result<Self, IdError> {
        let mut parts = text.split('.');
        let (Some(runbook), Some(shard), Some(unique), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(IdError::NotARun);
        };
        check(unique)?;
        Ok(Self {
            runbook: RunbookId::parse(runbook)?,
            shard: shard.parse().map_err(|_| IdError::NotARun)?,
            unique: unique.to_owned(),
        })
    }

    pub fn runbook(&self) -> &RunbookId {
        &self.runbook
    }

    /// Which of the runbook's Runner objects holds the run.
    pub fn shard(&self) -> u16 {
        self.shard
    }
}

impl TryFrom<String> for RunId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<RunId> for String {
    fn from(id: RunId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.runbook, self.shard, self.unique)
    }
}

use super::Timestamp;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_safe_in_a_url_or_refused() {
        for (text, expected) in [
            ("0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0001", Ok(())),
            ("ask", Ok(())),
            ("", Err(IdError::Empty)),
            ("a/b", Err(IdError::Character('/'))),
            ("a.b", Err(IdError::Character('.'))),
            ("ä", Err(IdError::Character('ä'))),
        ] {
            assert_eq!(StepId::parse(text).map(|_| ()), expected, "{text}");
        }
        assert_eq!(StepId::parse(&"x".repeat(65)), Err(IdError::TooLong));
    }

    #[test]
    fn a_run_id_carries_its_runbook_and_shard() {
        let runbook = RunbookId::parse("rb-1").unwrap();
        let id = RunId::new(runbook.clone(), 3, 1_700_000_000_000, 7);
        assert_eq!(id.to_string(), "rb-1.3.18bcfe568000000000000000007");
        let read = RunId::parse(&id.to_string()).unwrap();
        assert_eq!((read.runbook(), read.shard()), (&runbook, 3));
        for text in ["", "rb", "rb.0", "rb.x.1", "rb.0.1.2", "rb.0."] {
            assert!(RunId::parse(text).is_err(), "{text}");
        }
    }
}
