//! Starts by the public address.

use url::form_urlencoded;

use super::{Given, StartInputs, settle};
use crate::json::{self, Limits};
use crate::model::Input;
use crate::output::{OutputPath, Part, Paths, Source};
use crate::problem::ErrorDetail;
use crate::typed;

/// A public start as it came, once it has been authenticated.
#[derive(Debug, Clone, Copy)]
pub struct PublicRequest<'r> {
    /// JSON, or a form that becomes an object of strings.
    pub body: &'r [u8],
    pub content_type: Option<&'r str>,
    pub headers: &'r [(String, String)],
    /// Without `?`.
    pub query: &'r str,
}

/// Headers that prove who sent a request: no run has a use for them.
const CREDENTIALS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// Fills the input variables from a public request. An error's field names the variable.
pub fn from_request(
    inputs: &[Input],
    request: &PublicRequest<'_>,
) -> Result<StartInputs, ErrorDetail> {
    let is_form = is_form(request.content_type.unwrap_or_default());
    let body = if is_form {
        object(form_urlencoded::parse(request.body))
    } else {
        let text = json::validate(request.body, Limits::default()).map_err(|error| {
            let mut detail = ErrorDetail::new("body_not_json", error.to_string());
            detail.at.offset = Some(error.offset());
            detail
        })?;
        text.to_owned()
    };
    let sources = sources(inputs)?;
    let paths: Vec<OutputPath> = sources
        .iter()
        .filter_map(|source| Some(source.as_ref()?.body()?.clone().with_bare(false)))
        .collect();
    let paths = Paths::new(&paths);
    let found = paths
        .extract_all(body.as_bytes(), Limits::default())
        .map_err(|error| ErrorDetail::new("body_not_json", error.to_string()))?;
    let mut found = found.into_iter();
    let mut variables = Vec::with_capacity(inputs.len());
    for (input, source) in inputs.iter().zip(&sources) {
        let (value, reason) = match source.as_ref().map(|source| (source, source.part())) {
            None => (None, "its path is not set".to_owned()),
            Some((_, Part::Body(_))) => match found.next() {
                Some(Ok(value)) => (Some(value.into_owned()), String::new()),
                Some(Err(missing)) => (None, missing.to_string()),
                None => (None, String::new()),
            },
            Some((_, part)) => beside(part, request),
        };
        let given = value.map(|value| Given {
            value,
            bare: source.as_ref().is_some_and(Source::is_bare),
            is_loose: is_form || !matches!(source.as_ref().map(Source::part), Some(Part::Body(_))),
        });
        variables.extend(settle(input, given, || reason)?);
    }
    Ok(StartInputs {
        variables,
        request: Some(body),
        request_headers: Some(object(
            request
                .headers
                .iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .filter(|(name, _)| !is_credential(name)),
        )),
        request_query: Some(object(form_urlencoded::parse(request.query.as_bytes()))),
        request_method: Some(json::quote("POST")),
        ..StartInputs::default()
    })
}

fn is_credential(header: &str) -> bool {
    CREDENTIALS
        .iter()
        .any(|known| header.eq_ignore_ascii_case(known))
}

fn is_form(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence
        .trim()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Where each input variable is taken from; nothing where that is not set.
fn sources(inputs: &[Input]) -> Result<Vec<Option<Source>>, ErrorDetail> {
    inputs
        .iter()
        .map(|input| {
            if input.value.is_empty() {
                return Ok(None);
            }
            Source::parse_from("request", &input.value)
                .map(Some)
                .map_err(|error| {
                    let message = format!(
                        "the path of the input variable `{}` cannot be read: {error}",
                        input.name
                    );
                    ErrorDetail::new(error.code(), message).at_field(&input.name)
                })
        })
        .collect()
}

/// What stands beside the body is text; its JSON text, or why there is none.
fn beside(part: &Part, request: &PublicRequest<'_>) -> (Option<String>, String) {
    let value = match part {
        Part::Header(name) if is_credential(name) => None,
        Part::Header(name) => request
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| json::quote(value)),
        Part::Query(name) => form_urlencoded::parse(request.query.as_bytes())
            .find(|(known, _)| known == name.as_str())
            .map(|(_, value)| json::quote(&value)),
        Part::Method => Some(json::quote("POST")),
        Part::Body(_) | Part::Status | Part::TimeMs => None,
    };
    let reason = match part {
        Part::Header(name) if is_credential(name) => {
            format!("the header `{name}` proves who sent the request, and is given to no run")
        }
        Part::Header(name) => format!("the request has no header `{name}`"),
        Part::Query(name) => format!("the address has no query parameter `{name}`"),
        _ => "the request has no such part".to_owned(),
    };
    (value, reason)
}

/// A JSON object of texts; of equal names the last counts.
fn object<N: AsRef<str>, V: AsRef<str>>(fields: impl Iterator<Item = (N, V)>) -> String {
    let fields: std::collections::BTreeMap<String, String> = fields
        .map(|(name, value)| (name.as_ref().to_owned(), value.as_ref().to_owned()))
        .collect();
    typed::object_of_texts(
        fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )
}
