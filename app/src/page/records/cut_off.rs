//! What of its workflow a ticket type cuts off by the actions that it allows.

use leptos::prelude::*;
use shared::model::Workflow;
use shared::workflow::CutOff as Lost;

use crate::client::{self, Fault};
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::{Notice, Tone};

/// A warning with the steps whose actions the list leaves out; nothing where there are none.
#[component]
pub(super) fn CutOff(ticket_type: u64, allowed: Memo<Vec<String>>) -> impl IntoView {
    let workflows = Loaded::new(move || entered(ticket_type));
    let notice = move || match workflows.state.get()? {
        Err(fault) => {
            let sentence = format!(
                "Whether a workflow uses actions that are not ticked is not known. {fault}"
            );
            Some(view! { <Notice tone=Tone::Bad>{sentence}</Notice> }.into_any())
        }
        Ok(workflows) => {
            let rows: Vec<AnyView> = allowed.with(|allowed| {
                let workflows = workflows.iter();
                let lost = workflows.flat_map(|workflow| {
                    let lost = workflow.cut_off(allowed).into_iter();
                    lost.map(move |lost| row(workflow, lost))
                });
                lost.collect()
            });
            (!rows.is_empty()).then(|| warning(rows))
        }
    };
    view! { <div role="status">{notice}</div> }.into_any()
}

fn warning(rows: Vec<AnyView>) -> AnyView {
    view! {
        <Notice tone=Tone::Warning>
            <p>
                "A workflow for tickets of this type uses actions that are not ticked, so they lead no ticket on. Tick them, or take them out of its steps:"
            </p>
            <ul class="plain-list">{rows}</ul>
        </Notice>
    }
    .into_any()
}

fn row(workflow: &Workflow, lost: Lost) -> AnyView {
    let href = format!(
        "{}?tab=chart&step={}",
        Route::Workflow(workflow.id.to_string()),
        client::encoded(lost.step.as_str())
    );
    let place = format!("{} of {}", lost.step_name, workflow.name);
    view! { <li>{lost.action} " in the step " <a href=href>{place}</a></li> }.into_any()
}

/// The workflow that new tickets of the type enter.
async fn entered(ticket_type: u64) -> Result<Vec<Workflow>, Fault> {
    let all = client::workflows().await?.items.into_iter();
    let entered = all
        .filter(|one| one.publication.version.is_some() && one.ticket_types.contains(&ticket_type));
    let mut workflows = Vec::new();
    for summary in entered {
        workflows.push(client::workflow(&summary.id).await?.record.value);
    }
    Ok(workflows)
}
