//! A step that starts another runbook.

use leptos::prelude::*;
use shared::api::RunbookRecord;
use shared::model::{NamedTemplate, RunbookId, StepId, StepKind};

use super::places::{HANDED_OVER, id};
use super::step_panel::{TimeLimit, outputs, time_limit};
use crate::chart::Chart;
use crate::client;
use crate::load::Loaded;
use crate::page::drafting::step_field;
use crate::page::runbooks::runbook_choices;
use crate::route::Route;
use crate::ui::{Button, Icon, Pair, PairEditor, SelectField, Switch};

const LIMIT: TimeLimit = TimeLimit {
    most_ms: u32::MAX,
    hint: "For the end of the other run. Where nothing is set, it is waited for however long that takes.",
};

pub(super) fn start_runbook(chart: Chart, id: &StepId) -> AnyView {
    let step = StoredValue::new(id.clone());
    let runbook = step_field(
        chart,
        id,
        "Choose a runbook",
        |step| match &step.kind {
            StepKind::StartRunbook { runbook, .. } => runbook.to_string(),
            _ => String::new(),
        },
        |step, value: String| {
            if let (StepKind::StartRunbook { runbook, .. }, Ok(chosen)) =
                (&mut step.kind, RunbookId::parse(&value))
            {
                *runbook = chosen;
            }
        },
    );
    let wait = step_field(
        chart,
        id,
        "Change whether it waits",
        |step| matches!(step.kind, StepKind::StartRunbook { wait: true, .. }),
        |step, on: bool| {
            if let StepKind::StartRunbook { wait, .. } = &mut step.kind {
                *wait = on;
            }
            let ways = step.kind.ways();
            step.next.retain(|way, _| ways.contains(way));
        },
    );
    let rows = step_field(
        chart,
        id,
        "Change what it hands over",
        |step| match &step.kind {
            StepKind::StartRunbook { variables, .. } => variables
                .iter()
                .map(|row| Pair {
                    name: row.name.clone(),
                    value: row.value.clone(),
                    off: false,
                })
                .collect(),
            _ => Vec::new(),
        },
        |step, rows: Vec<Pair>| {
            if let StepKind::StartRunbook { variables, .. } = &mut step.kind {
                let row = |row: Pair| NamedTemplate {
                    name: row.name,
                    value: row.value,
                };
                *variables = rows.into_iter().map(row).collect();
            }
        },
    );
    let all = Loaded::new(|| async { client::runbooks().await });
    let choices = runbook_choices(all, runbook.signal());
    // Only of one that is there: the server would log that there is none.
    let chosen = Memo::new(move |_| {
        let id = RunbookId::parse(&runbook.get()).ok()?;
        let known = all.value()?.items;
        known.iter().any(|one| one.id == id).then_some(id)
    });
    let required = Loaded::new(move || {
        let chosen = chosen.get();
        async move {
            match chosen {
                Some(id) => client::runbook(&id).await.map(required),
                None => Ok(Vec::new()),
            }
        }
    });
    let missing = Memo::new(move |_| {
        let rows = rows.get();
        let mut names = required.value().unwrap_or_default();
        names.retain(|name| rows.iter().all(|row| row.name != *name));
        names
    });
    let fill = move |()| {
        rows.update(|rows| {
            rows.retain(|row| !row.name.is_empty() || !row.value.is_empty());
            rows.extend(missing.get_untracked().into_iter().map(|name| Pair {
                name,
                ..Pair::default()
            }));
        });
    };
    let fill_words = move || format!("Add {}", missing.get().join(", "));
    let takes = move || {
        let chosen = runbook.get();
        let list = all.value()?;
        let found = list
            .items
            .into_iter()
            .find(|one| one.id.as_str() == chosen)?;
        let link = Route::Runbook(found.id.to_string()).to_string();
        Some(view! { <p><a href=link>"Open the runbook"</a></p> })
    };
    view! {
        <SelectField label="Runbook" id=id::RUNBOOK value=runbook choices=choices />
        {takes}
        <Switch
            label="Wait for its end"
            hint="Then it is a part of this run, and its answer is <<response>>. Otherwise this run ends here."
            value=wait
        />
        <Show when=move || wait.get()>
            {outputs(chart, &step.get_value())}
            {time_limit(chart, &step.get_value(), LIMIT)}
        </Show>
        <div class="stack stack-small">
            <h3 class="field-label">"Its input variables"</h3>
            <PairEditor label=HANDED_OVER rows=rows noun="input variable" switches=false />
            <p class="muted">"The name of an input variable, and what fills it, such as " <code>"<<ticket^id>>"</code> "."</p>
            <Show when=move || !missing.with(Vec::is_empty)>
                <div class="row">
                    <Button small=true icon=Icon::Plus on_press=fill>{fill_words}</Button>
                    <span class="muted">"It cannot start without."</span>
                </div>
            </Show>
        </div>
    }
    .into_any()
}

/// The names of the input variables that a runbook cannot start without.
fn required(record: RunbookRecord) -> Vec<String> {
    let inputs = record.record.value.start.inputs.into_iter();
    let needed = inputs.filter(|input| input.required && input.default.is_none());
    needed.map(|input| input.name).collect()
}
