//! What rules would make of a ticket, without changing it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{RuleTrial, RuleTrialRequest, TriedCondition, TriedRule};
use shared::desk::rule::{RuleDraft, Verdict};

use crate::client::{self, Fault};
use crate::route::Route;
use crate::ui::field::{Choice, Segments};
use crate::ui::{
    Badge, Bound, Button, Icon, IconView, Notice, TextField, Tone, announce, error_words,
    in_address,
};

/// Tries all rules, with this one as it stands on the screen.
#[component]
pub(super) fn TryOut(draft: Option<RwSignal<RuleDraft>>) -> impl IntoView {
    // Whoever comes from a ticket wants to know of that one.
    let asked = in_address("ticket").peek();
    let is_asked = !asked.is_empty();
    let number = RwSignal::new(asked);
    let as_new = RwSignal::new("new".to_owned());
    let busy = RwSignal::new(false);
    let answer = RwSignal::new(None::<Result<RuleTrial, Fault>>);
    let refused = RwSignal::new(None::<String>);
    // What was found is of the rule as it was then.
    Effect::new(move |_| {
        if let Some(draft) = draft {
            draft.track();
        }
        as_new.track();
        number.track();
        answer.set(None);
    });
    let run = Callback::new(move |()| {
        let Ok(ticket_id) = number
            .get_untracked()
            .trim()
            .trim_start_matches('#')
            .parse()
        else {
            refused.set(Some("Enter the number of a ticket.".to_owned()));
            return;
        };
        let trial = RuleTrialRequest {
            ticket_id,
            as_new: as_new.get_untracked() == "new",
            rule: draft.map(|draft| draft.with_untracked(RuleDraft::write)),
        };
        refused.set(None);
        busy.set(true);
        spawn_local(async move {
            let tried = client::try_rules(&trial).await;
            busy.try_set(false);
            match tried {
                Err(Fault::Refused { detail, .. })
                    if detail.at.field.as_deref() == Some("ticket_id") =>
                {
                    refused.try_set(Some(detail.message));
                }
                tried => {
                    announce("The trial is done");
                    answer.try_set(Some(tried));
                }
            }
        });
    });
    if is_asked {
        // The effect above, which forgets what was found, has its first turn before the answer comes.
        run.run(());
    }
    let number = Bound::from(number);
    let looked_at = vec![
        Choice::new("new", "As a new ticket"),
        Choice::new("updated", "As it stands, without a change"),
    ];
    let own = draft.map(|draft| draft.with_untracked(|draft| draft.id));
    let found = move || {
        answer.get().map(|answer| match answer {
            Ok(trial) => shown(&trial, own),
            Err(fault) => {
                view! { <Notice tone=Tone::Bad>{error_words(&fault.to_string())}</Notice> }
                    .into_any()
            }
        })
    };
    view! {
        <section class="section" aria-label="Try on a ticket">
            <h2>"Try on a ticket"</h2>
            <div class="stack">
                <p class="muted">
                    "Says which conditions a ticket meets and what would be set. Nothing is changed."
                </p>
                <div class="rule-row rule-trial">
                    <TextField label="Ticket number" value=number error=refused on_enter=run />
                    <Segments label="Look at it" value=as_new choices=looked_at />
                    <Button busy=busy icon=Icon::Play on_press=run>"Try"</Button>
                </div>
                <div aria-live="polite" class="stack">{found}</div>
            </div>
        </section>
    }
    .into_any()
}

/// The verdict on the rule that is being edited comes first, with its conditions; then those on all.
fn shown(trial: &RuleTrial, own: Option<u64>) -> AnyView {
    let href = Route::Ticket(trial.ticket_id.to_string()).to_string();
    let title = format!("{} {}", trial.ticket_id, trial.summary);
    let own = own.and_then(|own| trial.rules.iter().find(|rule| rule.id == own));
    let count = trial.rules.len();
    let rules = trial.rules.iter().map(of_rule).collect_view();
    let alone = own.is_some() && count == 1;
    let others = (!alone).then(|| {
        let heading = if own.is_some() {
            "All rules on this ticket, in their order"
        } else {
            "In their order"
        };
        view! {
            <h3 class="field-label">{heading}</h3>
            <ol class="rule-verdicts">{rules}</ol>
        }
    });
    let own = own.map(|own| {
        // The conditions below say why it does not fit, unless all of them are met.
        let is_told =
            own.verdict == Verdict::DoesNotFit && own.conditions.iter().any(|one| !one.met);
        let sentence = (!is_told).then(|| own.sentence.clone());
        view! {
            <p>
                {badge(own.verdict)} " " <strong>{sentence}</strong>
            </p>
            {conditions(&own.conditions)}
        }
    });
    let none = (count == 0).then(|| view! { <p class="muted">"No rule is on."</p> });
    view! {
        <p>
            "Ticket " <a href=href>{title}</a>
        </p>
        {own}
        {others}
        {none}
    }
    .into_any()
}

fn of_rule(rule: &TriedRule) -> AnyView {
    view! {
        <li>
            {badge(rule.verdict)} " " {rule.sentence.clone()}
            {(!rule.conditions.is_empty()).then(|| {
                view! {
                    <details class="more">
                        <summary>"Conditions"</summary>
                        {conditions(&rule.conditions)}
                    </details>
                }
            })}
        </li>
    }
    .into_any()
}

fn badge(verdict: Verdict) -> AnyView {
    let (tone, word) = match verdict {
        Verdict::Changed => (Tone::Good, "Fits"),
        Verdict::NothingToChange => (Tone::Good, "Fits, nothing to change"),
        Verdict::Failed => (Tone::Bad, "Cannot be carried out"),
        Verdict::DoesNotFit => (Tone::Neutral, "Does not fit"),
        Verdict::NotTried => (Tone::Neutral, "Not tried"),
    };
    view! { <Badge tone=tone label=word.to_owned() /> }.into_any()
}

fn conditions(all: &[TriedCondition]) -> AnyView {
    if all.is_empty() {
        return view! { <p class="muted">"It has no conditions."</p> }.into_any();
    }
    let rows = all
        .iter()
        .map(|condition| {
            let (icon, word) = if condition.met {
                (Icon::Check, "Met: ")
            } else {
                (Icon::Cross, "Not met: ")
            };
            view! {
                <li class:rule-unmet=!condition.met>
                    <IconView icon=icon />
                    <span>
                        {word} {condition.words.clone()}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rule-conditions" aria-label="Conditions">{rows}</ul> }.into_any()
}
