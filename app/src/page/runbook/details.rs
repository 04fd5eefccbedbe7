//! How the runbook is started, what it takes and what it answers.

use leptos::prelude::*;
use shared::model::{Access, AnswerWhen, PublicAuth, Runbook, SignatureScheme};

use super::inputs::Inputs;
use super::public_access::PublicAccess;
use super::running::{BesideOneAnother, FailuresAndHistory};
use super::start_rules::StartRules;
use super::started_by_itself::StartedByItself;
use super::started_by_workflows::StartedByWorkflows;
use super::started_from::StartedFrom;
use super::{places, sections};
use crate::chart::Chart;
use crate::client;
use crate::load::Loaded;
use crate::page::drafting::field;
use crate::ui::field::{Choice, Segments};
use crate::ui::{Bound, NumberField, Switch, TextField};

#[component]
pub(super) fn Details(
    chart: Chart,
    stored_secrets: Memo<Vec<String>>,
    public_url: String,
) -> impl IntoView {
    let enabled = field(
        chart,
        "Switch on or off",
        None,
        |draft| draft.enabled,
        |draft, on| draft.enabled = on,
    );
    let access = field(
        chart,
        "Change start access",
        None,
        |draft| access_name(draft.start.access).to_owned(),
        |draft, name| {
            draft.start.access = if name == access_name(Access::DeskAndPublic) {
                Access::DeskAndPublic
            } else {
                Access::Desk
            };
        },
    );
    let is_public = Memo::new(move |_| {
        chart
            .draft
            .with(|draft| draft.start.access == Access::DeskAndPublic)
    });
    let id = chart.draft.with_untracked(|draft| draft.id.clone());
    let starts = Loaded::new(move || {
        let id = id.clone();
        async move { client::starts(&id).await }
    });
    let most_steps = field(
        chart,
        "Change the limit of steps",
        Some("limit of steps"),
        |draft| draft.max_steps.map(u64::from),
        |draft, most: Option<u64>| {
            draft.max_steps = most.and_then(|most| u32::try_from(most).ok());
        },
    );
    view! {
        <div class="page runbook-details">
            <section class="stack start-access">
                <h2>"Start access"</h2>
                <Switch
                    label="Starts are accepted"
                    hint="While this is off, whoever starts it is told so. It holds as soon as it is saved, as passwords and secret keys do; the rest of this page as soon as it is published."
                    value=enabled
                />
                <Segments
                    label="Who may start it"
                    value=access
                    choices=vec![
                        Choice::new(access_name(Access::Desk), "Only from the desk"),
                        Choice::new(
                            access_name(Access::DeskAndPublic),
                            "From the desk and a public address",
                        ),
                    ]
                />
                <Show when=move || is_public.get()>
                    <PublicAccess
                        chart=chart
                        stored_secrets=stored_secrets
                        starts=starts
                        public_url=public_url.clone()
                    />
                    <Answer chart=chart public_url=public_url.clone() />
                    <StartRules chart=chart starts=starts />
                </Show>
            </section>
            <Inputs chart=chart />
            <StartedFrom chart=chart />
            <StartedByItself chart=chart />
            <StartedByWorkflows chart=chart />
            <BesideOneAnother chart=chart />
            <FailuresAndHistory chart=chart />
            <section class="stack" id=sections::STEPS.id>
                <h2>"Limits of a run"</h2>
                <NumberField
                    label="Steps that a run may pass through"
                    value=most_steps
                    min=1
                    max=u64::from(Runbook::MOST_STEPS)
                    optional=true
                    example=Runbook::MAX_STEPS.to_string()
                    hint=Some("A run that passes through more is taken to go in circles, and ends as failed. Long arrays need more.".to_owned())
                />
            </section>
        </div>
    }
    .into_any()
}

fn access_name(access: Access) -> &'static str {
    match access {
        Access::Desk => "desk",
        Access::DeskAndPublic => "desk_and_public",
    }
}

/// What a public caller gets back, and when.
#[component]
fn Answer(chart: Chart, public_url: String) -> impl IntoView {
    let when = field(
        chart,
        "Change the answer",
        None,
        |draft| when_name(draft.start.answer.when).to_owned(),
        |draft, name| {
            draft.start.answer.when = if name == when_name(AnswerWhen::Finished) {
                AnswerWhen::Finished
            } else {
                AnswerWhen::Accepted
            };
        },
    );
    let within = field(
        chart,
        "Change the wait",
        Some("within"),
        |draft| draft.start.answer.within_ms.map(u64::from),
        |draft, value| {
            draft.start.answer.within_ms = value.and_then(|ms| u32::try_from(ms).ok());
        },
    );
    let outputs: Bound<String> = field(
        chart,
        "Change the answer",
        Some("answer outputs"),
        |draft| draft.start.answer.outputs.join(", "),
        |draft, names| {
            draft.start.answer.outputs = names
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect();
        },
    );
    let poll = field(
        chart,
        "Change whether callers may ask",
        None,
        |draft| draft.start.answer.poll,
        |draft, on| draft.start.answer.poll = on,
    );
    let id = chart.draft.with_untracked(|draft| draft.id.to_string());
    let poll_address =
        StoredValue::new(format!("{public_url}/api/automation/{id}/runs/{{run_id}}"));
    let signs = Memo::new(move |_| {
        chart.draft.with(|draft| match &draft.start.auth {
            Some(PublicAuth::Signature {
                scheme: SignatureScheme::Twilio,
                ..
            }) => Some("The address is signed, without a body."),
            Some(PublicAuth::Signature { .. }) => Some(
                "The run's id is signed in place of the body, with the same headers as a start.",
            ),
            _ => None,
        })
    });
    let waits = Memo::new(move |_| {
        chart
            .draft
            .with(|draft| draft.start.answer.when == AnswerWhen::Finished)
    });
    view! {
        <div id=sections::ANSWER.id>
            <Segments
                label="The caller is answered"
                value=when
                choices=vec![
                    Choice::new(when_name(AnswerWhen::Accepted), "At once"),
                    Choice::new(when_name(AnswerWhen::Finished), "When the run has finished"),
                ]
            />
        </div>
        <Show when=move || waits.get()>
            <NumberField
                label="Longest wait"
                value=within
                unit="ms"
                max=120_000
                optional=true
                example="10000"
                hint=Some("After that the caller gets the run's id, and the run goes on.".to_owned())
            />
        </Show>
        <Show when=move || waits.get() || poll.get()>
            <LazyTextField
                label="Variables in the answer"
                id=places::id::ANSWER_OUTPUTS
                value=outputs
                hint="Names, with commas between them."
            />
        </Show>
        <Switch
            label="Callers may ask how a run went"
            hint="With GET, and the same proof as for a start. They are told what a caller is that waits, also what a respond step has answered."
            value=poll
        />
        <Show when=move || poll.get()>
            <p class="muted">
                <code class="address-text">{poll_address.get_value()}</code>
                " "
                {move || signs.get()}
            </p>
        </Show>
    }
    .into_any()
}

fn when_name(when: AnswerWhen) -> &'static str {
    match when {
        AnswerWhen::Accepted => "accepted",
        AnswerWhen::Finished => "finished",
    }
}

/// A field whose text is only read when one leaves it: what is typed is not rewritten under the hand.
#[component]
fn LazyTextField(
    #[prop(into)] label: String,
    value: Bound<String>,
    #[prop(into)] hint: String,
    id: &'static str,
) -> impl IntoView {
    let typed = RwSignal::new(value.peek());
    Effect::new(move |_| typed.set(value.get()));
    let take = move || {
        if typed.get_untracked() != value.peek() {
            value.set(typed.get_untracked());
        }
    };
    view! {
        <div on:focusout=move |_| take()>
            <TextField label=label id=id value=typed hint=Some(hint) on_enter=move |()| take() />
        </div>
    }
    .into_any()
}
