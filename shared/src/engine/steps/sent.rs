//! What steps have in common that send a request.

use std::borrow::Cow;

use super::{Answer, Left, ResponseVariables, Scope};
use crate::engine::event::Response;
use crate::engine::outputs::{Outputs, body_as_json};
use crate::model::Way;
use crate::problem::ErrorDetail;
use crate::request::RequestError;
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
        Answer::Response(response) => response,
    };
    let body = body_as_json(response);
    let left = if (200..300).contains(&response.status) {
        let taken = outputs.take(response, body.as_deref(), scope.variables);
        match taken.into_iter().collect() {
            Ok(set) => Left {
                set,
                ..Left::by(Way::Success)
            },
            Err(error) => Left::failing(error),
        }
    } else {
        Left::failing(ErrorDetail::new(
            "unsuccessful",
            format!(
                "the service answered {}, and only 200 to 299 means success: look at the response for its reason",
                described(response.status)
            ),
        ))
    };
    let response = ResponseVariables {
        body: body.ok().map(Cow::into_owned),
        status: Some(response.status),
        headers: Some(headers_as_json(response)),
        time_ms: Some(response.time_ms),
    };
    Left {
        response: Some(response),
        ..left
    }
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
