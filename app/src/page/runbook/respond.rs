//! A step that answers the caller while the run goes on.

use leptos::prelude::*;
use shared::engine::body_context;
use shared::model::{Pair as Row, StepId, StepKind};
use shared::template::Template;

use super::places::{HEADERS, id};
use crate::chart::Chart;
use crate::page::drafting::step_field;
use crate::page::headers::{kept, shown};
use crate::ui::{CodeField, NumberField, Pair, PairEditor};

pub(super) fn respond(chart: Chart, id: &StepId) -> AnyView {
    // A status that is being typed is none yet; publishing says so.
    let status = step_field(
        chart,
        id,
        "Change the status",
        |step| match &step.kind {
            StepKind::Respond { status, .. } => {
                Some(u64::from(*status)).filter(|status| *status > 0)
            }
            _ => None,
        },
        |step, number: Option<u64>| {
            if let StepKind::Respond { status, .. } = &mut step.kind {
                *status = number
                    .and_then(|number| u16::try_from(number).ok())
                    .unwrap_or(0);
            }
        },
    );
    let headers = step_field(
        chart,
        id,
        "Change the headers",
        |step| match &step.kind {
            StepKind::Respond { headers, .. } => shown(headers),
            _ => Vec::new(),
        },
        |step, rows: Vec<Pair>| {
            if let StepKind::Respond { headers, .. } = &mut step.kind {
                *headers = kept(rows);
            }
        },
    );
    let body = step_field(
        chart,
        id,
        "Change the body",
        |step| match &step.kind {
            StepKind::Respond { body, .. } => body.clone(),
            _ => String::new(),
        },
        |step, text: String| {
            if let StepKind::Respond { body, .. } = &mut step.kind {
                *body = text;
            }
        },
    );
    let fault = Memo::new(move |_| {
        let text = body.get();
        if text.trim().is_empty() {
            return None;
        }
        let rows: Vec<Row> = kept(headers.get());
        let content_type = rows
            .iter()
            .find(|row| row.on && row.name.eq_ignore_ascii_case("content-type"));
        let context = body_context(content_type.map(|row| row.value.as_str()));
        let error = Template::parse(&text, context).err()?;
        Some((error.at(), error.to_string()))
    });
    view! {
        <p class="muted">
            "Who called the public address and waits gets this at once, and the run goes on. Each run answers once; without this step, the answer tells how it ended."
        </p>
        <NumberField label="Status" id=id::STATUS value=status min=200 max=599 example="200" />
        <PairEditor label=HEADERS noun="header" rows=headers />
        <CodeField
            label="Body"
            id=id::BODY
            value=body
            optional=true
            rows=5
            hint=Some("JSON, unless a Content-Type header says that it is something else. Values are written as that wants it.".to_owned())
            fault=Signal::derive(move || fault.get().map(|(at, _)| at))
            error=Signal::derive(move || fault.get().map(|(_, text)| text))
        />
    }
    .into_any()
}
