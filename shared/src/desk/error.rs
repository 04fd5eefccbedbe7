//! What the desk refuses, and how it says so: a status and a sentence, which is the whole
//! body of Halo's error answers, as a JSON string.

use std::fmt;

use crate::model::RateLimit;
use crate::workflow::{MOVE_THE_TICKETS, StillUsed};

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskError {
    /// The body is not JSON, or holds something other than records.
    Body { problem: String },
    /// What one of several records is refused for.
    Element {
        /// From 1.
        number: usize,
        count: usize,
        /// Of the record that was to be changed.
        id: Option<u64>,
        error: Box<DeskError>,
    },
    /// The body holds more records than one request may.
    TooManyRecords { most: usize },
    /// A field that a new record needs is missing or empty; the sentence is the field's own.
    Missing { sentence: &'static str },
    /// A field holds a value of another type.
    WrongType {
        field: String,
        expected: &'static str,
    },
    /// A single-line text is too long.
    TooLong { field: String, most: usize },
    /// The record holds lists and objects too deep within one another.
    TooDeep { most: usize },
    /// The record as a whole is too large to be stored.
    RecordTooLarge { most: usize },
    /// A field names a record that does not exist.
    NoSuchReference {
        field: String,
        singular: &'static str,
        id: u64,
    },
    /// A field holds the name of no time zone; the sentence says which is meant.
    NoTimeZone { field: String, problem: String },
    /// A write names a row that a custom table does not have.
    NoSuchRow { table: String, id: u64 },
    /// A write names a column that a custom table does not have.
    NoSuchColumn {
        table: String,
        column: String,
        /// Those that it has, between commas.
        columns: String,
    },
    /// A ticket rule is active and holds what cannot be read: sentences with their places.
    NeverWorks { problems: String },
    /// Another record has that value already.
    NotUnique { sentence: &'static str },
    /// Other records still refer to the one that is to be deleted.
    StillUsed {
        singular: &'static str,
        count: usize,
        /// What one of them is called.
        by: &'static str,
    },
    /// Workflows still use the record that is to be deleted.
    UsedByWorkflows {
        singular: &'static str,
        by: StillUsed,
    },
    /// The step of the ticket's workflow does not allow it; the sentence says why.
    Workflow { sentence: String },
    /// The record is one that the desk cannot do without; the sentence says why.
    Needed { sentence: &'static str },
    /// A list parameter holds something else than it may.
    Parameter {
        name: String,
        expected: &'static str,
    },
    /// `advanced_search` holds something else than it may.
    AdvancedSearch { problem: String },
    /// The records asked for, or sent, make more than one answer may hold.
    AnswerTooLarge { most: usize },
    /// No login.
    NotSignedIn,
    /// An access token that was never given, has expired or was revoked.
    BadToken,
    /// The login lacks a scope.
    Scope { needed: &'static str },
    /// The application makes more requests than it may.
    RateLimit {
        limit: RateLimit,
        retry_after_s: u64,
    },
    /// No record has that id.
    NotFound { singular: &'static str, id: String },
    /// No resource has that name.
    NoResource { name: String },
    /// The address does not take that method.
    Method { allow: &'static str },
    /// The key of an earlier write came with another one.
    OtherRequest,
    /// What is stored cannot be read or written. The detail is for the log, not for the caller.
    Storage(StorageError),
}

/// Why the shell could not read or write what is stored; for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageError(pub String);

impl From<StorageError> for DeskError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl DeskError {
    /// Says which of several records it is about. One that is alone needs no such words, and a fault of the
    /// storage is nobody's.
    pub(super) fn of_element(self, number: usize, count: usize, id: Option<u64>) -> Self {
        if count == 1 || matches!(self, Self::Storage(_)) {
            return self;
        }
        Self::Element {
            number,
            count,
            id,
            error: Box::new(self),
        }
    }

    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        match self {
            Self::Element { error, .. } => error.status(),
            Self::NotSignedIn | Self::BadToken => 401,
            Self::Scope { .. } => 403,
            Self::NotFound { .. } | Self::NoResource { .. } => 404,
            Self::Method { .. } => 405,
            Self::OtherRequest => 422,
            Self::RateLimit { .. } => 429,
            Self::Storage(_) => 500,
            _ => 400,
        }
    }

    /// Headers that say the same to programs (RFC 6750, 3; RFC 9110, 10.2.1 and 10.2.3).
    pub fn headers(&self) -> Vec<(String, String)> {
        let (name, value) = match self {
            Self::NotSignedIn => ("WWW-Authenticate", "Bearer".to_owned()),
            Self::BadToken => (
                "WWW-Authenticate",
                "Bearer error=\"invalid_token\"".to_owned(),
            ),
            Self::Scope { needed } => (
                "WWW-Authenticate",
                format!("Bearer error=\"insufficient_scope\", scope=\"{needed}\""),
            ),
            Self::RateLimit { retry_after_s, .. } => ("Retry-After", retry_after_s.to_string()),
            Self::Method { allow } => ("Allow", (*allow).to_owned()),
            _ => return Vec::new(),
        };
        vec![(name.to_owned(), value)]
    }

    /// The answer's body.
    pub fn body(&self) -> String {
        serde_json::Value::String(self.to_string()).to_string()
    }
}

impl fmt::Display for DeskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body { problem } => write!(
                f,
                "The body must be a JSON array of records, or one record: {problem}"
            ),
            Self::Element {
                number,
                count,
                id,
                error,
            } => {
                write!(f, "Record {number} of {count}")?;
                if let Some(id) = id {
                    write!(f, " (id {id})")?;
                }
                write!(f, ": {error}")
            }
            Self::TooManyRecords { most } => {
                write!(f, "Send at most {most} records in one request")
            }
            Self::Missing { sentence }
            | Self::NotUnique { sentence }
            | Self::Needed { sentence } => f.write_str(sentence),
            Self::Workflow { sentence } => f.write_str(sentence),
            Self::WrongType { field, expected } => write!(f, "{field} must be {expected}"),
            Self::TooLong { field, most } => {
                write!(f, "{field} must have at most {most} characters")
            }
            Self::TooDeep { most } => write!(
                f,
                "A record may hold lists and objects within one another up to {most} levels deep: send what is deeper as text"
            ),
            Self::RecordTooLarge { most } => write!(
                f,
                "The record is too large: all of its fields together must have at most {most} bytes"
            ),
            Self::NoSuchReference {
                field,
                singular,
                id,
            } => write!(f, "{field}: there is no {singular} {id}"),
            Self::NoTimeZone { field, problem } => write!(f, "{field}: {problem}"),
            Self::NoSuchRow { table, id } => write!(f, "The table {table} has no row {id}"),
            Self::NoSuchColumn {
                table,
                column,
                columns,
            } => write!(
                f,
                "The table {table} has no column {column}; its columns are {columns}"
            ),
            Self::NeverWorks { problems } => write!(
                f,
                "{problems} Correct that, or send the rule with active false: then it is kept as it is, and not applied"
            ),
            Self::StillUsed {
                singular,
                count,
                by,
            } => f.write_str(&still_used(singular, *count, by)),
            Self::UsedByWorkflows { singular, by } => {
                f.write_str(&used_by_workflows(singular, by))
            }
            Self::Parameter { name, expected } => {
                write!(f, "The parameter {name} must be {expected}")
            }
            // Clients know it by these words, and search in another way then.
            Self::AdvancedSearch { problem } => {
                write!(f, "Invalid advanced search parameter: {problem}")
            }
            Self::AnswerTooLarge { most } => write!(
                f,
                "The answer would be larger than {most} bytes: ask for fewer records with page_size or count, or send fewer at once"
            ),
            Self::NotSignedIn => {
                f.write_str("Sign in, or send a valid access token from /auth/token")
            }
            Self::BadToken => f.write_str(
                "This access token is not good: it was never given, has expired or was revoked. Get a new one from /auth/token",
            ),
            Self::RateLimit {
                limit,
                retry_after_s,
            } => write!(
                f,
                "Rate Limit Reached - this application may make {} requests in {} seconds: try again in {retry_after_s} seconds",
                limit.requests, limit.window_s
            ),
            Self::Scope { needed } => write!(f, "This login lacks the scope {needed}"),
            Self::NotFound { singular, id } => write!(f, "There is no {singular} {id}"),
            Self::NoResource { name } => write!(f, "There is no resource {name}"),
            Self::Method { allow } => write!(f, "This address takes only {allow}"),
            Self::OtherRequest => f.write_str(
                "This Idempotency-Key came with another request before: take a new one for each write",
            ),
            Self::Storage(_) => {
                f.write_str("The desk could not read or write its records: try again")
            }
        }
    }
}

impl std::error::Error for DeskError {}

fn still_used(singular: &str, count: usize, by: &str) -> String {
    let (refer, that) = match count {
        1 => (format!("{by} still refers"), "that"),
        _ => (format!("{by}s still refer"), "those"),
    };
    format!(
        "This {singular} cannot be deleted: {count} {refer} to it. Change or delete {that} first"
    )
}

fn used_by_workflows(singular: &str, by: &StillUsed) -> String {
    let advice = if by.is_inside_only() {
        MOVE_THE_TICKETS
    } else {
        "Take it out there first."
    };
    let names = by.names().join(", ");
    format!("This {singular} cannot be deleted: it is still used by {names}. {advice}")
}
