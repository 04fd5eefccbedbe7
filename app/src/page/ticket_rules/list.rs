//! All ticket rules, in the order in which they are tried.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::desk::Record;
use shared::desk::resource::TICKET_RULE;
use shared::desk::rule::{RuleDraft, moved};

use super::row::row;
use super::try_out::TryOut;
use super::{all, to_settings};
use crate::browser::{follow, unique};
use crate::client;
use crate::frame::PageHeader;
use crate::load::Loaded;
use crate::page::desk_names::ShortLists;
use crate::page::pending::{is_deleted, key, track_settled};
use crate::route::Route;
use crate::ui::unsaved::go;
use crate::ui::{
    ButtonKind, ButtonLink, EmptyState, ErrorPanel, Icon, Skeleton, announce, toast, use_shortcut,
};

/// The page.
#[component]
pub fn TicketRules() -> impl IntoView {
    let rules = Loaded::new(|| {
        track_settled();
        all()
    });
    let lists = Loaded::new(ShortLists::read);
    use_shortcut("N", "New ticket rule", || go(Route::NewTicketRule));
    let shown = Memo::new(move |_| {
        rules.state.with(|state| match state {
            None => None,
            Some(Ok(rules)) => {
                let is_there = |rule: &&RuleDraft| !is_deleted(&key(TICKET_RULE.name, rule.id));
                Some(Ok(rules
                    .iter()
                    .filter(is_there)
                    .cloned()
                    .collect::<Vec<_>>()))
            }
            Some(Err(fault)) => Some(Err(fault.to_string())),
        })
    });
    let shift = Callback::new(move |(from, to): (usize, usize)| {
        let Some(Ok(rules_now)) = shown.get_untracked() else {
            return;
        };
        let name = rules_now.get(from).map(|rule| rule.name.clone());
        let numbers: Vec<_> = rules_now
            .iter()
            .map(|rule| (rule.id, rule.precedence))
            .collect();
        let records = moved(&numbers, from, to)
            .into_iter()
            .map(|(id, precedence)| {
                let mut record = Record::new();
                record.insert("id".to_owned(), id.into());
                record.insert("precedence".to_owned(), precedence.into());
                record
            })
            .collect::<Vec<_>>();
        spawn_local(async move {
            match client::write_records(&TICKET_RULE, &unique(), &records).await {
                Ok(_) => {
                    let name = name.unwrap_or_default();
                    announce(format!("{name} moved to place {}", to + 1));
                    rules.again();
                    let (up, down) = (format!("Move up {name}"), format!("Move down {name}"));
                    if to < from {
                        follow(up, down);
                    } else {
                        follow(down, up);
                    }
                }
                Err(fault) => toast(format!("It was not moved. {fault}")),
            }
        });
    });
    let has_rules = Memo::new(move |_| {
        shown.with(|shown| matches!(shown, Some(Ok(rules)) if !rules.is_empty()))
    });
    let list = move || match shown.get() {
        None => view! { <Skeleton lines=4 /> }.into_any(),
        Some(Err(text)) => view! {
            <ErrorPanel
                title="Could not load the ticket rules"
                text=text
                on_retry=Callback::new(move |()| rules.again())
            />
        }
        .into_any(),
        Some(Ok(rules)) if rules.is_empty() => nothing_yet(),
        Some(Ok(rules)) => {
            let lists = lists.value().unwrap_or_default();
            let count = rules.len();
            let rows = rules
                .iter()
                .enumerate()
                .map(|(at, rule)| row(rule, at, count, &lists, shift))
                .collect_view();
            view! {
                <p class="muted">
                    "Rules are tried from the top, each on the ticket as those before it left it. What they set does not run them again, and stands on the ticket as a private action."
                </p>
                <ol class="action-list" aria-label="Ticket rules">{rows}</ol>
            }
            .into_any()
        }
    };
    view! {
        <PageHeader title="Ticket rules" crumbs=vec![to_settings()]>
            <ButtonLink kind=ButtonKind::Primary href=Route::NewTicketRule.to_string() icon=Icon::Plus>
                "New ticket rule"
            </ButtonLink>
        </PageHeader>
        <div class="page stack">
            {list}
            <Show when=move || has_rules.get()>
                <TryOut draft=None />
            </Show>
        </div>
    }
    .into_any()
}

fn nothing_yet() -> AnyView {
    let example = format!("{}?example=password", Route::NewTicketRule);
    view! {
        <EmptyState
            icon=Icon::Condition
            title="No ticket rules yet"
            text="A rule looks at each new or changed ticket, and sets fields of those that meet its conditions. For example, tickets whose summary contains “password” go to 1st Line Support."
        >
            <ButtonLink href=Route::NewTicketRule.to_string() icon=Icon::Plus>"New ticket rule"</ButtonLink>
            <ButtonLink href=example>"Start from the example"</ButtonLink>
        </EmptyState>
    }
    .into_any()
}
