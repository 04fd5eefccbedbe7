//! A step that starts another runbook.

use leptos::prelude::*;
use shared::model::{NamedTemplate, RunbookId, StepId, StepKind};

use super::draft::step_field;
use crate::chart::Chart;
use crate::client;
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::field::Choice;
use crate::ui::{Pair, PairEditor, SelectField, Switch};

pub(super) fn start_runbook(chart: Chart, id: &StepId) -> AnyView {
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
    let choices = Signal::derive(move || {
        let chosen = runbook.get();
        let mut choices = vec![Choice::new("", "Choose a runbook")];
        let known = all.value().map(|list| list.items).unwrap_or_default();
        if !chosen.is_empty() && known.iter().all(|one| one.id.as_str() != chosen) {
            choices.push(Choice::new(chosen, "A runbook that is not there"));
        }
        choices.extend(
            known
                .iter()
                .map(|one| Choice::new(one.id.to_string(), one.name.clone())),
        );
        choices
    });
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
        <SelectField label="Runbook" value=runbook choices=choices />
        {takes}
        <Switch
            label="Wait for its end"
            hint="Then it is a part of this run, and its answer is <<response>>. Otherwise this run ends here."
            value=wait
        />
        <div class="stack stack-small">
            <h3 class="field-label">"Its input variables"</h3>
            <PairEditor label="Its input variables" rows=rows noun="input variable" switches=false />
            <p class="muted">"The name of an input variable, and what fills it, such as " <code>"<<ticket^id>>"</code> "."</p>
        </div>
    }
    .into_any()
}
