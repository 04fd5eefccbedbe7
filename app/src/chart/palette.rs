//! What can be put on the chart: opened by `A`, by the + of a way out, or by letting a pulled link go.

use leptos::prelude::*;
use shared::api::RunbookSummary;
use shared::condition::When;
use shared::desk::operation::{label, starting_body};
use shared::model::{DeskOperation, EndOutcome, SetRow, StepKind};

use super::state::Chart;
use crate::client;
use crate::load::Loaded;
use crate::ui::{Dialog, Icon, IconView};

/// One thing to add.
#[derive(Debug, Clone)]
struct Offer {
    group: String,
    label: String,
    note: String,
    icon: Icon,
    kind: StepKind,
}

fn offers(chart: Chart, runbooks: &[RunbookSummary]) -> Vec<Offer> {
    let mut offers: Vec<Offer> = chart
        .integrations
        .get()
        .iter()
        .flat_map(|integration| {
            integration.methods.iter().map(|method| Offer {
                group: integration.name.clone(),
                label: method.name.clone(),
                note: format!("{} {}", method.http_method.as_str(), method.path),
                icon: Icon::Method,
                kind: StepKind::Method {
                    method: method.id.clone(),
                },
            })
        })
        .collect();
    offers.extend(DeskOperation::ALL.map(|action| Offer {
        group: "Halo API actions".to_owned(),
        label: label(action).to_owned(),
        note: String::new(),
        icon: Icon::DeskAction,
        kind: StepKind::DeskAction {
            action,
            body: starting_body(action),
            target: None,
        },
    }));
    let own = chart.draft.with(|draft| draft.id.clone());
    offers.extend(
        runbooks
            .iter()
            .filter(|runbook| runbook.id != own)
            .map(|runbook| Offer {
                group: "Runbooks".to_owned(),
                label: runbook.name.clone(),
                note: "Starts it".to_owned(),
                icon: Icon::Play,
                kind: StepKind::StartRunbook {
                    runbook: runbook.id.clone(),
                    variables: Vec::new(),
                    wait: true,
                },
            }),
    );
    let logic = "Logic";
    offers.push(Offer {
        group: logic.to_owned(),
        label: "Condition".to_owned(),
        note: "Chooses a way by comparing values".to_owned(),
        icon: Icon::Condition,
        kind: StepKind::Condition {
            when: When::default(),
        },
    });
    for (label, note, icon, kind) in [
        (
            "Set variables",
            "Gives variables values, also by a table",
            Icon::Edit,
            StepKind::Set {
                variables: vec![SetRow::default()],
            },
        ),
        (
            "For each element",
            "Goes through an array",
            Icon::Repeat,
            StepKind::ForEach {
                over: String::new(),
                limit: None,
                at_once: None,
            },
        ),
        (
            "Wait",
            "For a time, or until one",
            Icon::Clock,
            StepKind::Sleep {
                for_ms: Some(60_000),
                until: None,
            },
        ),
        (
            "Respond",
            "Answers the caller, and the run goes on",
            Icon::ArrowLeft,
            StepKind::Respond {
                status: 200,
                headers: Vec::new(),
                body: "{}".to_owned(),
            },
        ),
    ] {
        offers.push(Offer {
            group: logic.to_owned(),
            label: label.to_owned(),
            note: note.to_owned(),
            icon,
            kind,
        });
    }
    for (label, outcome) in [
        ("End: success", EndOutcome::Success),
        ("End: failed", EndOutcome::Failed),
        ("End: failed, start again", EndOutcome::FailedRetry),
    ] {
        offers.push(Offer {
            group: logic.to_owned(),
            label: label.to_owned(),
            note: String::new(),
            icon: Icon::End,
            kind: StepKind::End { outcome },
        });
    }
    offers
}

/// The palette; open while the chart has a place to fill.
#[component]
pub(super) fn Palette(chart: Chart) -> impl IntoView {
    let open = RwSignal::new(false);
    let search = RwSignal::new(String::new());
    // Asked for each time it is opened: not everybody who looks at a chart adds to it, and there may be new ones.
    let runbooks = Loaded::new(move || {
        let wanted = open.get();
        async move {
            if wanted {
                client::runbooks().await.map(|list| list.items)
            } else {
                Ok(Vec::new())
            }
        }
    });
    Effect::new(move |_| {
        let wanted = chart.palette.with(Option::is_some);
        if wanted {
            search.set(String::new());
        }
        open.set(wanted);
    });
    Effect::new(move |_| {
        if !open.get() && chart.palette.with_untracked(Option::is_some) {
            chart.palette.set(None);
        }
    });
    let found = Memo::new(move |_| {
        let words = search.get().to_lowercase();
        let runbooks = runbooks.value().unwrap_or_default();
        offers(chart, &runbooks)
            .into_iter()
            .filter(|offer| {
                words.split_whitespace().all(|word| {
                    [&offer.label, &offer.group, &offer.note]
                        .iter()
                        .any(|text| text.to_lowercase().contains(word))
                })
            })
            .map(|offer| Same(Box::new(offer)))
            .collect::<Vec<_>>()
    });
    let choose = move |offer: &Offer| {
        let name = match &offer.kind {
            StepKind::End {
                outcome: EndOutcome::Success,
            } => "Finished",
            StepKind::End {
                outcome: EndOutcome::Failed,
            } => "Failed",
            StepKind::End {
                outcome: EndOutcome::FailedRetry,
            } => "Start again",
            _ => &offer.label,
        };
        chart.add(offer.kind.clone(), name);
    };
    let content = move || {
        view! {
            <input
                class="input"
                type="search"
                aria-label="Search what to add"
                placeholder="Search methods, actions, conditions"
                autofocus=true
                prop:value=move || search.get()
                on:input=move |event| search.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Enter" && let Some(first) = found.get_untracked().first() {
                        event.prevent_default();
                        choose(&first.0);
                    }
                }
            />
            <div class="palette-list">
                {move || {
                    let mut group = String::new();
                    let found = found.get();
                    if found.is_empty() {
                        return view! {
                            <p class="muted">"Nothing matches. A method is made under Integrations."</p>
                        }
                        .into_any();
                    }
                    found
                        .into_iter()
                        .map(|Same(offer)| {
                            let head = (offer.group != group).then(|| {
                                group.clone_from(&offer.group);
                                view! { <h3 class="palette-group">{offer.group.clone()}</h3> }
                            });
                            let is_code = matches!(offer.kind, StepKind::Method { .. });
                            let (icon, label, note) =
                                (offer.icon, offer.label.clone(), offer.note.clone());
                            view! {
                                {head}
                                <button type="button" class="palette-item" on:click=move |_| choose(&offer)>
                                    <IconView icon=icon />
                                    <span>{label}</span>
                                    <span class="palette-note" class:code=is_code>{note}</span>
                                </button>
                            }
                        })
                        .collect_view()
                        .into_any()
                }}
            </div>
        }
        .into_any()
    };
    view! {
        <Dialog title="Add a step" open=open>
            {content()}
        </Dialog>
    }
    .into_any()
}

/// An offer, equal to itself by what it shows.
#[derive(Debug, Clone)]
struct Same(Box<Offer>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        self.0.label == other.0.label
            && self.0.group == other.0.group
            && self.0.note == other.0.note
            && self.0.kind == other.0.kind
    }
}
