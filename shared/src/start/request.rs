//! Starts by the public address.

use std::borrow::Cow;

use url::form_urlencoded;

use super::{Given, StartInputs, StartVariable, settle};
use crate::condition::Condition;
use crate::json::{self, Appearance, InvalidJson, Limits};
use crate::model::Input;
use crate::output::{OutputPath, Part, Paths, Source};
use crate::problem::ErrorDetail;
use crate::template::Variables;
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
    /// Of a form that consists of this field alone, the field's JSON is the body.
    pub json_field: Option<&'r str>,
}

impl<'r> PublicRequest<'r> {
    fn content_type(&self) -> &'r str {
        self.content_type.unwrap_or_default()
    }

    /// The JSON that the request is; nothing where it is a form.
    fn json(&self) -> Option<Cow<'r, [u8]>> {
        if !is_form(self.content_type()) {
            return Some(Cow::Borrowed(self.body));
        }
        let mut fields = form_urlencoded::parse(self.body);
        match (fields.next(), fields.next()) {
            (Some((name, value)), None) if Some(name.as_ref()) == self.json_field => {
                Some(Cow::Owned(value.into_owned().into_bytes()))
            }
            _ => None,
        }
    }

    /// Whether it is a form only by its media type, which a client such as `curl -d` sets unasked.
    fn is_json_sent_as_form(&self) -> bool {
        let mut names = form_urlencoded::parse(self.body).map(|(name, _)| name);
        is_form(self.content_type())
            && names
                .next()
                .is_some_and(|name| name.trim_start().starts_with(['{', '[']))
            && names.next().is_none()
    }

    /// What is wrong with a body that is no JSON.
    fn not_json(&self, error: &InvalidJson) -> ErrorDetail {
        let message = if error.appearance() == Some(Appearance::Empty) {
            "The body is empty. Send JSON, at least {}.".to_owned()
        } else if is_multipart(self.content_type()) {
            "A form of several parts (multipart) is not read. Send JSON or application/x-www-form-urlencoded.".to_owned()
        } else {
            error.to_string()
        };
        let mut detail = ErrorDetail::new("body_not_json", message);
        detail.at.offset = Some(error.offset());
        detail
    }
}

/// Why nothing was found in a form whose only name is the whole of a JSON body.
const JSON_SENT_AS_FORM: &str = "the body looks like JSON but was sent as a form: send it with `Content-Type: application/json`";

/// Headers that prove who sent a request: no run has a use for them.
const CREDENTIALS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// What becomes of a public start.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    Yes(StartInputs),
    /// It does not meet the conditions to start, for this reason. Holds values, so it is masked
    /// like them when it is read.
    No {
        explanation: String,
    },
}

/// Reads a public request, and whether it meets the conditions to start. These are looked at before
/// the input variables are: what nobody wants may well lack them.
pub fn read_request(
    inputs: &[Input],
    when: Option<&Condition>,
    request: &PublicRequest<'_>,
) -> Result<Wanted, ErrorDetail> {
    let documents = documents(request)?;
    let filled = fill(inputs, request, &documents)?;
    if let Some(when) = when
        && let Some(explanation) = unmet(when, &documents, &filled)
    {
        return Ok(Wanted::No { explanation });
    }
    let variables = filled.into_iter().filter_map(Result::transpose);
    Ok(Wanted::Yes(StartInputs {
        variables: variables.collect::<Result<_, _>>()?,
        ..documents
    }))
}

/// Fills the input variables from a public request. An error's field names the variable.
pub fn from_request(
    inputs: &[Input],
    request: &PublicRequest<'_>,
) -> Result<StartInputs, ErrorDetail> {
    match read_request(inputs, None, request)? {
        Wanted::Yes(inputs) => Ok(inputs),
        Wanted::No { .. } => Ok(StartInputs::default()),
    }
}

/// Why a condition is not met; nothing where it is. What cannot be decided is not met.
fn unmet(
    when: &Condition,
    documents: &StartInputs,
    filled: &[Result<Option<StartVariable>, ErrorDetail>],
) -> Option<String> {
    let mut known = Variables::new();
    // All of these are JSON: they were checked at the door, or are made here.
    for (name, value) in documents.documents() {
        let _ = known.insert(name, value);
    }
    for variable in filled.iter().flatten().flatten() {
        let _ = if variable.bare {
            known.insert_bare(variable.name.as_str(), variable.value.as_str())
        } else {
            known.insert(variable.name.as_str(), variable.value.as_str())
        };
    }
    match when.evaluate_loosely(&known, |_| None) {
        Ok(verdict) => (!verdict.met).then_some(verdict.explanation),
        Err(error) => Some(format!("the conditions cannot be decided: {error}")),
    }
}

/// The request as templates see it.
fn documents(request: &PublicRequest<'_>) -> Result<StartInputs, ErrorDetail> {
    let body = match request.json() {
        None => object(form_urlencoded::parse(request.body)),
        Some(json) => json::validate(&json, Limits::default())
            .map_err(|error| request.not_json(&error))?
            .to_owned(),
    };
    Ok(StartInputs {
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

/// Each input variable with what was sent for it, in their order.
fn fill(
    inputs: &[Input],
    request: &PublicRequest<'_>,
    documents: &StartInputs,
) -> Result<Vec<Result<Option<StartVariable>, ErrorDetail>>, ErrorDetail> {
    let body = documents.request.as_deref().unwrap_or_default();
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
    let is_form = request.json().is_none();
    let is_mistaken = is_form && request.is_json_sent_as_form();
    let mut filled = Vec::with_capacity(inputs.len());
    for (input, source) in inputs.iter().zip(&sources) {
        let (value, reason) = match source.as_ref().map(|source| (source, source.part())) {
            None => (None, "its path is not set".to_owned()),
            Some((_, Part::Body(_))) => match found.next() {
                Some(Ok(value)) => (Some(value.into_owned()), String::new()),
                Some(Err(_)) if is_mistaken => (None, JSON_SENT_AS_FORM.to_owned()),
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
        filled.push(settle(input, given, || reason));
    }
    Ok(filled)
}

fn is_credential(header: &str) -> bool {
    CREDENTIALS
        .iter()
        .any(|known| header.eq_ignore_ascii_case(known))
}

/// Whether this is the media type of a form.
pub(crate) fn is_form(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence
        .trim()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn is_multipart(content_type: &str) -> bool {
    let kind = content_type.split('/').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("multipart")
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
