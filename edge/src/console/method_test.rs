//! Trying a method out: `POST /console/methods/{id}/test`, and `POST /console/methods/test`
//! for one that is not saved.

use std::collections::BTreeMap;

use shared::api::resources::RECORD_FIELDS;
use shared::api::{OutputResult, TestReport, TestRequest};
use shared::engine::outputs::try_out;
use shared::engine::{ReceivedResponse, Response as Answer};
use shared::json::{Kind, Limits, duplicate_keys};
use shared::mask::{MASK, Mask};
use shared::model::strict::{self, Fields};
use shared::model::{HasSecrets, Method, MethodId, RawJson};
use shared::problem::ErrorDetail;
use shared::request::{Request, RequestTemplate, login};
use shared::template::Variables;
use worker::Response;

use super::{Call, json};
use crate::carry_out::{self, Sender};
use crate::config::Config;
use crate::door::body;
use crate::error::{Failure, log};
use crate::runner::protocol::{Credential, Owner};
use crate::workspace::client;
use crate::workspace::protocol::{self, MethodToTest};
use crate::{random, seal};

/// Sends the method once, and says what came of it.
pub(super) async fn answer(mut call: Call<'_>, id: Option<&str>) -> Result<Response, Failure> {
    let id = id
        .map(|id| MethodId::parse(id).map_err(|_| Failure::not_found("The method")))
        .transpose()?;
    let request = read(body::read_object(&mut call.request).await?, id.as_ref())?;
    let material = protocol::Call::MethodToTest {
        id,
        method: request.method.map(Box::new),
        integration: request.integration,
    };
    let material: MethodToTest = client::call(call.env, &material).await?;
    json(&test(&call, material, &request.variables).await?)
}

/// Reads what is to be tested. A method that was never saved needs no id yet.
fn read(mut fields: Fields, id: Option<&MethodId>) -> Result<TestRequest, Failure> {
    let method = fields.get("method").map(RawJson::as_str);
    if let Some(Ok(mut method)) = method.map(serde_json::from_str::<Fields>) {
        for field in RECORD_FIELDS {
            method.remove(field);
        }
        if !method.contains_key("id") {
            let id = match id {
                Some(id) => id.to_string(),
                None => random::uuid()?,
            };
            method.insert("id".to_owned(), RawJson::of_text(&id));
        }
        fields.insert("method".to_owned(), RawJson::of_fields(&method));
    }
    Ok(strict::from_fields(&fields)?)
}

async fn test(
    call: &Call<'_>,
    material: MethodToTest,
    variables: &BTreeMap<String, RawJson>,
) -> Result<TestReport, Failure> {
    let config = Config::read(call.env)?;
    let MethodToTest {
        mut integration,
        mut method,
        credentials,
    } = material;
    fill(
        &config,
        &credentials,
        &Owner::Integration(integration.id.clone()),
        &mut integration,
    );
    fill(
        &config,
        &credentials,
        &Owner::Method(method.id.clone()),
        &mut method,
    );
    let authorization = method.auth.as_ref().unwrap_or(&integration.auth);

    let built = RequestTemplate::for_method(&integration, &method)
        .map_err(|errors| errors.into_iter().next())
        .and_then(|template| build(&template, variables, &config.public_url).map_err(Some));
    let request = match built {
        Ok(request) => request,
        Err(error) => return Ok(without_answer(None, error)),
    };
    let sender = Sender {
        authorization,
        integration: &integration.id,
        name: "Test of a method",
        key: None,
        timeout_ms: method.timeout_ms.unwrap_or(Method::DEFAULT_TIMEOUT_MS),
        depth: 0,
    };
    let sent = Box::pin(carry_out::send(call.env, &config, &request, &sender)).await;
    let mut secrets = login::secret_values(authorization, None);
    secrets.extend(sent.tokens);
    let found = sent.exchange.outcome.as_ref();
    let found = found.map_or_else(|_| Vec::new(), |answer| try_out(&method.outputs, answer));
    let captured = captured(&method, &found);
    let mask = Mask::with_values(
        secrets.iter().map(String::as_str),
        captured.iter().map(String::as_str),
    );

    let mut shown = request;
    // A login that cannot be added was not sent either: the error says so.
    let _ = login::preview(authorization, &mut shown);
    let shown = Some(shown.describe(&mask));
    Ok(match sent.exchange.outcome {
        Ok(answer) => TestReport {
            request: shown,
            time_ms: answer.time_ms,
            outputs: outputs(&method, found, &mask),
            warnings: warnings(&answer, &mask),
            response: Some(received(&answer, &mask)),
            error: None,
        },
        Err(error) => TestReport {
            time_ms: sent
                .exchange
                .sendings
                .iter()
                .map(|sending| sending.time_ms)
                .sum(),
            ..without_answer(
                shown.filter(|_| !sent.exchange.sendings.is_empty()),
                Some(masked(error, &mask)),
            )
        },
    })
}

fn build(
    template: &RequestTemplate,
    samples: &BTreeMap<String, RawJson>,
    halo_url: &str,
) -> Result<Request, ErrorDetail> {
    let mut variables = Variables::new();
    for (name, value) in samples {
        // As most variables are captured: a text stands in other texts without its quotes.
        variables
            .insert_bare(name, value.as_str())
            .map_err(|error| ErrorDetail::new("sample", error.to_string()).at_field(name))?;
    }
    Ok(template.render(&mut variables, halo_url)?)
}

/// Puts stored secrets where the document brings none of its own.
fn fill(
    config: &Config,
    credentials: &[Credential],
    owner: &Owner,
    document: &mut impl HasSecrets,
) {
    document.fill_secrets(&|place| {
        let stored = credentials
            .iter()
            .find(|credential| credential.owner == *owner && credential.place == place)?;
        let opened = seal::open_text(config, &owner.context(place), &stored.sealed);
        opened
            .inspect_err(|_| log(&format!("the secret of {owner} at {place} does not open")))
            .ok()
    });
}

fn received(answer: &Answer, mask: &Mask) -> ReceivedResponse {
    ReceivedResponse {
        status: answer.status,
        headers: answer
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), mask.apply(value).into_owned()))
            .collect(),
        body: mask
            .apply(&String::from_utf8_lossy(&answer.body.0))
            .into_owned(),
        bytes: answer.body.0.len(),
        time_ms: answer.time_ms,
    }
}

/// What secret variables take from an answer, as JSON: it stands in the answer, too.
fn captured(method: &Method, found: &[OutputResult]) -> Vec<String> {
    found
        .iter()
        .zip(&method.outputs)
        .filter(|(_, output)| output.secret)
        .filter_map(|(result, _)| result.value.as_deref())
        .map(|value| match Kind::of(value) {
            Some(_) => value.to_owned(),
            // A string without its quotes.
            None => format!("\"{value}\""),
        })
        .collect()
}

fn outputs(method: &Method, found: Vec<OutputResult>, mask: &Mask) -> Vec<OutputResult> {
    let mut results = found;
    for (result, output) in results.iter_mut().zip(&method.outputs) {
        if let Some(value) = &mut result.value {
            *value = if output.secret {
                MASK.to_owned()
            } else {
                mask.apply(value).into_owned()
            };
        }
        result.error = result.error.take().map(|error| masked(error, mask));
    }
    results
}

/// What a run would take without a word, though it may not be what one thinks.
fn warnings(answer: &Answer, mask: &Mask) -> Vec<String> {
    // A body that is no JSON has no keys.
    duplicate_keys(&answer.body.0, Limits::default())
        .unwrap_or_default()
        .into_iter()
        .map(|duplicate| {
            format!(
                "The key `{}` stands twice in one object (again at byte {}): the last one counts.",
                mask.apply(&duplicate.key),
                duplicate.offset
            )
        })
        .collect()
}

fn without_answer(
    request: Option<shared::engine::SentRequest>,
    error: Option<ErrorDetail>,
) -> TestReport {
    TestReport {
        request,
        response: None,
        time_ms: 0,
        outputs: Vec::new(),
        error,
        warnings: Vec::new(),
    }
}

fn masked(error: ErrorDetail, mask: &Mask) -> ErrorDetail {
    ErrorDetail {
        message: mask.apply(&error.message).into_owned(),
        ..error
    }
}
