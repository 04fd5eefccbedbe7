//! The tokens that a step may use, to copy into a template.

use leptos::prelude::*;
use shared::model::{Access, Runbook, StepId, StepKind};

use crate::chart::Chart;
use crate::page::tokens::Tokens;

/// What can be written in this step's templates, each with a button that copies it.
#[component]
pub(super) fn Variables(chart: Chart, step: Option<StepId>) -> impl IntoView {
    let tokens = Memo::new(move |_| {
        let methods = chart.known.get();
        chart
            .draft
            .with(|draft| tokens(draft, step.as_ref(), &methods))
    });
    view! { <Tokens title="Variables that can be used here" tokens=tokens /> }.into_any()
}

/// Tokens with where they come from: inputs, then the outputs of steps that a run can pass before this one.
fn tokens(
    draft: &Runbook,
    step: Option<&StepId>,
    integrations: &[shared::api::IntegrationSummary],
) -> Vec<(String, String)> {
    let mut tokens: Vec<(String, String)> = draft
        .start
        .inputs
        .iter()
        .map(|input| (format!("<<{}>>", input.name), "input".to_owned()))
        .collect();
    let Some(step) = step else {
        return tokens;
    };
    for before in passed_before(draft, step) {
        let Some(before) = draft.step(&before) else {
            continue;
        };
        if let StepKind::Method { method } = &before.kind {
            let outputs = integrations
                .iter()
                .flat_map(|i| &i.methods)
                .find(|m| m.id == *method)
                .map(|m| m.outputs.clone())
                .unwrap_or_default();
            tokens.extend(
                outputs
                    .into_iter()
                    .map(|name| (format!("<<{name}>>"), before.name.clone())),
            );
        }
        tokens.extend(
            before
                .outputs
                .iter()
                .map(|output| (format!("<<{}>>", output.name), before.name.clone())),
        );
    }
    if draft.start.access == Access::Desk {
        // What else they hold stands under the input variables, which serve every way of starting.
        for (token, from) in [
            ("<<ticket^id>>", "the ticket"),
            ("<<action^note>>", "the action"),
        ] {
            tokens.push((token.to_owned(), from.to_owned()));
        }
    }
    tokens.push(("<<halo_url>>".to_owned(), "this desk's address".to_owned()));
    tokens.push(("<<run^id>>".to_owned(), "this run".to_owned()));
    tokens.dedup();
    tokens
}

/// All steps from which a run can come to `step`.
fn passed_before(draft: &Runbook, step: &StepId) -> Vec<StepId> {
    let mut found = vec![step.clone()];
    let mut next = 0;
    while let Some(target) = found.get(next).cloned() {
        for other in &draft.steps {
            if other.next.values().any(|id| *id == target) && !found.contains(&other.id) {
                found.push(other.id.clone());
            }
        }
        next += 1;
    }
    found.split_off(1)
}
