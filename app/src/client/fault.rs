//! What can go wrong between the page and the server, in words that say what to do.

use std::fmt;

use shared::api::DELETED;
use shared::problem::{ErrorDetail, Problem};

/// Why a call gave no answer to work with.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The server could not be reached.
    Offline,
    /// Nobody is signed in, or the session has ended.
    SignedOut,
    /// Somebody else saved in the meantime (412).
    Changed,
    /// Publishing was refused with these problems (422).
    Problems(Vec<Problem>),
    /// The server refused, and says why.
    Refused { status: u16, detail: ErrorDetail },
    /// The answer was not what this version of the app understands.
    Unreadable(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offline => f.write_str(
                "The server did not answer. Check that it is running and that you are connected, then try again.",
            ),
            Self::SignedOut => f.write_str(
                "You are signed out. Open a fresh sign-in link in another tab: each start of Nimbus prints one, and so does POST /console/sign-in-links with the admin token.",
            ),
            Self::Changed => f.write_str("Somebody else saved this after you opened it."),
            Self::Problems(problems) => {
                let count = problems.len();
                write!(
                    f,
                    "{count} {} to solve before this can be published.",
                    if count == 1 { "problem" } else { "problems" }
                )
            }
            Self::Refused { detail, .. } => detail.fmt(f),
            Self::Unreadable(_) => f.write_str(
                "The server answered in a way this page does not understand. Reload the page, so that both are of the same version.",
            ),
        }
    }
}

impl Fault {
    /// What an address names that cannot exist.
    pub fn not_found() -> Self {
        Self::Refused {
            status: 404,
            detail: ErrorDetail::new("not_found", "There is nothing of that name."),
        }
    }

    /// The field that the server names, where it names one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Refused { detail, .. } => detail.at.field.as_deref(),
            _ => None,
        }
    }

    /// Whether the thing asked for was deleted, and may be brought back.
    pub fn is_deleted(&self) -> bool {
        matches!(self, Self::Refused { detail, .. } if detail.code == DELETED)
    }

    /// Whether the thing asked for does not exist.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }
}
