//! Runs.

use std::borrow::Cow;

use shared::api::{Replay, RunsQuery, StartAnswer};
use shared::engine::RunStatus;
use shared::model::{RunId, RunbookId, StepId, Timestamp};
use worker::Response;

use super::{Call, json, raw};
use crate::door;
use crate::error::Failure;
use crate::object::Reply;
use crate::runner;
use crate::workspace::client;
use crate::workspace::protocol::RunsCall;

/// The last moment that a date of a browser can be.
const LATEST: Timestamp = 8_640_000_000_000_000;

/// `GET /console/runs`.
pub(super) async fn list(call: &Call<'_>) -> Result<Response, Failure> {
    let url = call.request.url()?;
    let query = query(url.query_pairs())?;
    raw(&client::about_runs::<Reply>(call.env, RunsCall::List { query }).await?)
}

/// `GET /console/runs/{id}`; with `?values=short`, long ones are cut.
pub(super) async fn read(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let run_id = run_id(id)?;
    let url = call.request.url()?;
    let short = url
        .query_pairs()
        .any(|(name, value)| name == "values" && value == "short");
    json(&runner::client::view(call.env, &run_id, short).await?)
}

/// `GET /console/runs/{id}/visits/{number}`: one of the run's visits, whole; the first has number 0.
pub(super) async fn visit(call: &Call<'_>, id: &str, number: &str) -> Result<Response, Failure> {
    let run_id = run_id(id)?;
    let number = number
        .parse()
        .map_err(|_| Failure::not_found("The passage"))?;
    json(&runner::client::visit(call.env, &run_id, number).await?)
}

/// `GET /console/runs/{id}/plan`: the runbook as the run executes it, with what it uses.
pub(super) async fn plan(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let run_id = run_id(id)?;
    raw(&runner::client::plan(call.env, &run_id).await?)
}

/// `POST /console/runs/{id}/cancel`.
pub(super) async fn cancel(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let run_id = run_id(id)?;
    let status = runner::client::cancel(call.env, &run_id).await?;
    json(&StartAnswer {
        run_id,
        status,
        outputs: None,
        error: None,
    })
}

/// `GET /console/runs/{id}/replay?from_step=…`.
pub(super) async fn replay_point(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let run_id = run_id(id)?;
    let from_step = from_step(call.request.url()?.query_pairs())?;
    json(&runner::client::replay_point(call.env, &run_id, from_step).await?)
}

/// `POST /console/runs/{id}/replay`.
pub(super) async fn replay(mut call: Call<'_>, id: &str) -> Result<Response, Failure> {
    let run_id = run_id(id)?;
    let replay: Replay = door::read_json(&mut call.request).await?;
    let answer = runner::client::replay(call.env, &run_id, replay).await?;
    Ok(json(&answer)?.with_status(202))
}

fn run_id(segment: &str) -> Result<RunId, Failure> {
    RunId::parse(segment).map_err(|_| Failure::not_found("The run"))
}

/// Reads which step a replay is to begin with.
fn from_step<'q>(
    pairs: impl Iterator<Item = (Cow<'q, str>, Cow<'q, str>)>,
) -> Result<Option<StepId>, Failure> {
    let mut from_step = None;
    for (name, value) in pairs.filter(|(_, value)| !value.is_empty()) {
        let step = StepId::parse(&value).ok().filter(|_| name == "from_step");
        from_step = Some(step.ok_or_else(|| {
            let message = "Ask with `from_step`, the id of a step, or with nothing.";
            Failure::bad_request("invalid_step", message).at_field(&*name)
        })?);
    }
    Ok(from_step)
}

/// Reads the filters; an empty one is none, and an unknown one is refused rather than ignored.
fn query<'q>(
    pairs: impl Iterator<Item = (Cow<'q, str>, Cow<'q, str>)>,
) -> Result<RunsQuery, Failure> {
    let mut query = RunsQuery::default();
    for (name, value) in pairs.filter(|(_, value)| !value.is_empty()) {
        let wrong = |wanted: &str| {
            Failure::bad_request("invalid_filter", format!("`{name}` must be {wanted}."))
                .at_field(&*name)
        };
        match &*name {
            "runbook" => {
                let id = RunbookId::parse(&value).map_err(|_| wrong("the id of a runbook"))?;
                query.runbook = Some(id);
            }
            "status" => {
                let status = status(&value).ok_or_else(|| {
                    wrong("one of queued, running, waiting, succeeded, failed and cancelled")
                })?;
                query.status = Some(status);
            }
            "ticket" => {
                let ticket = value.parse().map_err(|_| wrong("the number of a ticket"))?;
                query.ticket = Some(ticket);
            }
            "replay_of" => {
                let run = RunId::parse(&value).map_err(|_| wrong("the id of a run"))?;
                query.replay_of = Some(run);
            }
            "from" | "to" => {
                let time =
                    time(&value).ok_or_else(|| wrong("a time in milliseconds since 1970"))?;
                let end = if name == "from" {
                    &mut query.from
                } else {
                    &mut query.to
                };
                *end = Some(time);
            }
            "text" => query.text = Some(value.into_owned()),
            "limit" => {
                let limit = value
                    .parse()
                    .map_err(|_| wrong("a number of at most 200"))?;
                query.limit = Some(limit);
            }
            "after" => query.after = Some(value.into_owned()),
            _ => return Err(wrong("left out: runs have no such filter")),
        }
    }
    Ok(query)
}

/// A moment of a filter.
pub(super) fn time(value: &str) -> Option<Timestamp> {
    value.parse().ok().filter(|time| *time <= LATEST)
}

fn status(name: &str) -> Option<RunStatus> {
    serde_json::from_value(serde_json::Value::from(name)).ok()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn read(text: &str) -> Result<RunsQuery, Failure> {
        let url = Url::parse(&format!("https://nimbus.example/console/runs?{text}")).unwrap();
        query(url.query_pairs())
    }

    #[test]
    fn the_step_of_a_replay_is_read_or_refused() {
        let read = |text: &str| {
            let url = Url::parse(&format!("https://nimbus.example/?{text}")).unwrap();
            from_step(url.query_pairs())
        };
        let step = StepId::parse("ask").ok();
        assert_eq!(read("from_step=ask"), Ok(step));
        assert_eq!(read("from_step="), Ok(None));
        assert_eq!(read(""), Ok(None));
        for (text, field) in [
            ("from_step=a/b", "from_step"),
            ("form_step=ask", "form_step"),
        ] {
            let at = read(text).unwrap_err().detail.at;
            assert_eq!(at.field.as_deref(), Some(field), "{text}");
        }
    }

    #[test]
    fn filters_are_read_or_refused_by_name() {
        let expected = RunsQuery {
            runbook: Some(RunbookId::parse("rb").unwrap()),
            status: Some(RunStatus::Failed),
            ticket: Some(7),
            replay_of: Some(RunId::parse("rb.0.1").unwrap()),
            from: Some(1),
            to: Some(2),
            text: Some("Bern a&b".to_owned()),
            after: Some("1000".to_owned()),
            limit: Some(3),
        };
        let text = "runbook=rb&status=failed&ticket=7&replay_of=rb.0.1&from=1&to=2&text=Bern+a%26b&after=1000&limit=3";
        assert_eq!(read(text), Ok(expected));
        assert_eq!(read("runbook=&status="), Ok(RunsQuery::default()));
        for (text, field) in [
            ("runbook=a/b", "runbook"),
            ("status=done", "status"),
            ("ticket=x", "ticket"),
            ("replay_of=rb", "replay_of"),
            ("from=-1", "from"),
            ("to=8640000000000001", "to"),
            ("limit=-1", "limit"),
            ("order=asc", "order"),
        ] {
            let at = read(text).unwrap_err().detail.at;
            assert_eq!(at.field.as_deref(), Some(field), "{text}");
        }
    }
}
