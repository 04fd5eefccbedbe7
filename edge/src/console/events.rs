//! The events log.

use std::borrow::Cow;

use shared::api::{CauseKind, EventOutcome, EventsQuery};
use shared::model::{EventKind, EventTriggerId, ScheduleId, WorkflowId};
use worker::Response;

use super::runs::time;
use super::{Call, raw};
use crate::error::Failure;
use crate::workspace::client;

/// `GET /console/events`.
pub(super) async fn list(call: &Call<'_>) -> Result<Response, Failure> {
    let url = call.request.url()?;
    let query = query(url.query_pairs())?;
    raw(&client::events(call.env, query).await?)
}

/// Reads the filters; an empty one is none, and an unknown one is refused rather than ignored.
fn query<'q>(
    pairs: impl Iterator<Item = (Cow<'q, str>, Cow<'q, str>)>,
) -> Result<EventsQuery, Failure> {
    const TIME: &str = "a time in milliseconds since 1970";
    let mut query = EventsQuery::default();
    for (name, value) in pairs.filter(|(_, value)| !value.is_empty()) {
        let wrong = |wanted: &str| {
            Failure::bad_request("invalid_filter", format!("`{name}` must be {wanted}."))
                .at_field(&*name)
        };
        match &*name {
            "cause" => {
                let cause = CauseKind::parse(&value);
                let cause = cause.ok_or_else(|| wrong("one of event, schedule and workflow"))?;
                query.cause = Some(cause);
            }
            "event" => {
                let event = EventKind::parse(&value);
                query.event = Some(event.ok_or_else(|| wrong("an event, such as ticket_closed"))?);
            }
            "outcome" => {
                let outcome = EventOutcome::parse(&value).ok_or_else(|| {
                    wrong("one of started, not_matched, too_deep, failed and not_told")
                })?;
                query.outcome = Some(outcome);
            }
            "trigger" => {
                let id = EventTriggerId::parse(&value);
                query.trigger = Some(id.map_err(|_| wrong("the id of an event trigger"))?);
            }
            "schedule" => {
                let id = ScheduleId::parse(&value);
                query.schedule = Some(id.map_err(|_| wrong("the id of a schedule"))?);
            }
            "workflow" => {
                let id = WorkflowId::parse(&value);
                query.workflow = Some(id.map_err(|_| wrong("the id of a workflow"))?);
            }
            "from" => query.from = Some(time(&value).ok_or_else(|| wrong(TIME))?),
            "to" => query.to = Some(time(&value).ok_or_else(|| wrong(TIME))?),
            "text" => query.text = Some(value.into_owned()),
            "limit" => {
                let limit = value.parse();
                query.limit = Some(limit.map_err(|_| wrong("a number of at most 200"))?);
            }
            "after" => query.after = Some(value.into_owned()),
            _ => return Err(wrong("left out: events have no such filter")),
        }
    }
    Ok(query)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn read(text: &str) -> Result<EventsQuery, Failure> {
        let url = Url::parse(&format!("https://nimbus.example/console/events?{text}")).unwrap();
        query(url.query_pairs())
    }

    #[test]
    fn filters_are_read_or_refused_by_name() {
        let expected = EventsQuery {
            cause: Some(CauseKind::Event),
            event: Some(EventKind::TicketClosed),
            outcome: Some(EventOutcome::NotMatched),
            trigger: EventTriggerId::parse("tr").ok(),
            schedule: ScheduleId::parse("morning").ok(),
            workflow: WorkflowId::parse("wf").ok(),
            from: Some(1),
            to: Some(2),
            text: Some("a b".to_owned()),
            after: Some("9".to_owned()),
            limit: Some(3),
        };
        let text = "cause=event&event=ticket_closed&outcome=not_matched&trigger=tr&schedule=morning&workflow=wf&from=1&to=2&text=a+b&after=9&limit=3";
        assert_eq!(read(text), Ok(expected));
        assert_eq!(read("event=&text="), Ok(EventsQuery::default()));
        for (text, field) in [
            ("cause=action", "cause"),
            ("event=ticket_deadlin", "event"),
            ("outcome=done", "outcome"),
            ("trigger=a/b", "trigger"),
            ("schedule=a/b", "schedule"),
            ("workflow=a/b", "workflow"),
            ("from=-1", "from"),
            ("to=8640000000000001", "to"),
            ("limit=x", "limit"),
            ("order=asc", "order"),
        ] {
            let at = read(text).unwrap_err().detail.at;
            assert_eq!(at.field.as_deref(), Some(field), "{text}");
        }
    }
}
