//! Which published runbooks still run what stood here before.

use leptos::prelude::*;
use shared::api::RunbookSummary;
use shared::model::MethodId;

use crate::client;
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::{Notice, Tone};

/// Says that saving is not publishing, where a published runbook uses one of the methods.
#[component]
pub(crate) fn Outdated(
    methods: Signal<Vec<MethodId>>,
    /// Of what is saved: with each, what is published is looked at again.
    version: RwSignal<u64>,
) -> impl IntoView {
    let runbooks = Loaded::new(move || {
        version.track();
        client::runbooks()
    });
    let outdated = Memo::new(move |_| {
        let all = runbooks.value().map(|list| list.items).unwrap_or_default();
        methods.with(|methods| {
            all.into_iter()
                .filter(|runbook| runs_another(runbook, methods))
                .map(|runbook| (runbook.id.to_string(), runbook.name))
                .collect::<Vec<_>>()
        })
    });
    let list = move || {
        outdated
            .get()
            .into_iter()
            .map(|(id, name)| {
                let href = Route::Runbook(id).to_string();
                view! { <li><a href=href>{name}</a></li> }
            })
            .collect_view()
    };
    view! {
        <Show when=move || outdated.with(|outdated| !outdated.is_empty())>
            <Notice tone=Tone::Warning>
                <p>"These runbooks run what was published before. Publish them again to let them run what is saved here:"</p>
                <ul class="plain-list">{list}</ul>
            </Notice>
        </Show>
    }
    .into_any()
}

fn runs_another(runbook: &RunbookSummary, methods: &[MethodId]) -> bool {
    runbook.publication.version.is_some()
        && runbook.publication.changed
        && runbook
            .methods
            .iter()
            .any(|method| methods.contains(method))
}
