//! What steps have in common that send a request.

use std::borrow::Cow;

use super::{Answer, Left, ResponseVariables, Scope};
use crate::engine::event::Response;
use crate::engine::limits::MAX_VARIABLE_BYTES;
use crate::engine::outputs::{Outputs, SetVariable, body_as_json};
use crate::json::{self, Kind};
use crate::model::Way;
use crate::problem::ErrorDetail;
use crate::request::RequestError;
use crate::template::Variables;
use crate::typed::object_of_texts;

/// Leaves a step by what was answered: 200 to 299 is success, if the output variables can be taken.
pub(super) fn judge(scope: &Scope<'_>, outputs: &Outputs, answer: Answer<'_>) -> Left {
    let response = match answer {
        Answer::Nothing(error) => {
            return Left {
                response: Some(ResponseVariables::default()),
                ..Left::failing(error.clone())
            };
        }
        Answer::Woken | Answer::Child(_) | Answer::Responded(_) => {
            return super::unexpected();
        }
        Answer::Response(response) => response,
    };
    let body = body_as_json(response);
    let left = if (200..300).contains(&response.status) {
        let taken = outputs.take(response, body.as_deref(), scope.variables);
        let set: Result<Vec<SetVariable>, ErrorDetail> = taken.into_iter().collect();
        match set.and_then(|set| fitting(set, scope.variables, scope.elsewhere)) {
            Ok(set) => Left {
                set,
                ..Left::by(Way::Success)
            },
            Err(error) => Left::failing(error),
        }
    } else {
        let status = described(response.status);
        Left::failing(ErrorDetail::new(
            "unsuccessful",
            match reason(body.as_deref().unwrap_or_default()) {
                Some(reason) => format!("{SERVICE_ANSWERED}{status}: {reason}"),
                None => format!(
                    "{SERVICE_ANSWERED}{status}, and only 200 to 299 means success: look at the response for its reason"
                ),
            },
        ))
    };
    let response = ResponseVariables {
        body: body.ok().map(Cow::into_owned),
        status: Some(response.status),
        headers: Some(headers_as_json(response)),
        time_ms: Some(response.time_ms),
        secret: false,
    };
    Left {
        response: Some(response),
        ..left
    }
}

/// How long a reason may be to stand in a sentence, in characters.
const LONGEST_REASON: usize = 200;

/// What a refusal says for itself, where its whole body is one text, as Halo's are.
fn reason(body: &str) -> Option<String> {
    if Kind::of(body) != Some(Kind::String) {
        return None;
    }
    let text = json::decode(body.trim()).into_owned();
    let text = text.trim();
    let fits = !text.is_empty()
        && text.chars().count() <= LONGEST_REASON
        && !text.contains(['<', '\n', '\0']);
    fits.then(|| text.to_owned())
}

/// What is set, unless the run's variables would then hold more than they may; `elsewhere` is what
/// they hold beside these.
pub(super) fn fitting(
    set: Vec<SetVariable>,
    variables: &Variables,
    elsewhere: usize,
) -> Result<Vec<SetVariable>, ErrorDetail> {
    let mut bytes = variables.bytes().saturating_add(elsewhere);
    for (place, new) in set.iter().enumerate() {
        // Of several values for one variable, the last stays.
        let mut later = set.iter().skip(place + 1);
        if later.any(|other| other.name == new.name) {
            continue;
        }
        let old = variables.get(&new.name).map_or(0, |old| old.json().len());
        bytes = bytes.saturating_sub(old).saturating_add(new.json.len());
    }
    if bytes > MAX_VARIABLE_BYTES {
        return Err(ErrorDetail::new(
            "variables_too_large",
            format!(
                "with its output variables the run would hold {} MiB, and {} MiB is the most: take smaller parts of the response, or add less to an array",
                bytes.div_ceil(1024 * 1024),
                MAX_VARIABLE_BYTES / (1024 * 1024)
            ),
        ));
    }
    Ok(set)
}

/// Leaves a step whose request cannot be built.
pub(super) fn not_built(error: RequestError) -> Left {
    Left::failing(error.into())
}

/// A JSON object of the headers, names in lower case; those that occur twice are joined (RFC 9110, 5.3).
fn headers_as_json(response: &Response) -> String {
    let mut merged: Vec<(String, String)> = Vec::new();
    for (name, value) in &response.headers {
        let name = name.to_ascii_lowercase();
        match merged.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => {
                known.push_str(", ");
                known.push_str(value);
            }
            None => merged.push((name, value.clone())),
        }
    }
    object_of_texts(
        merged
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )
}

/// The statuses that people meet most, in words.
/// What stands before the status in the message about an answer that is no success.
pub(crate) const SERVICE_ANSWERED: &str = "the service answered ";

fn described(status: u16) -> String {
    let words = match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => return status.to_string(),
    };
    format!("{status} {words}")
}
