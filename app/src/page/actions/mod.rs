//! The actions of the desk, and the buttons on users and assets: their list in its order, and one by one.

mod asked;
mod editor;
mod offered;
mod row;
mod variables;
mod words;

pub use editor::Action;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::RunbookSummary;
use shared::desk::Record;
use shared::desk::resource::TICKET_TYPE;
use shared::model::{DeskAction, NamedTemplate, RunbookId, SystemUse};
use shared::seed;

use self::row::row;
use crate::client;
use crate::frame::{Crumb, PageHeader};
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::unsaved::go;
use crate::ui::{Button, ButtonKind, EmptyState, ErrorPanel, Icon, Skeleton, toast, use_shortcut};

/// What the list shows, and what its rows need to say where each is offered.
#[derive(Debug, Clone)]
struct Known {
    actions: Vec<shared::api::DeskActionRecord>,
    runbooks: Vec<RunbookSummary>,
    types: Vec<Record>,
}

/// The page of the list.
#[component]
pub fn Actions() -> impl IntoView {
    let known = Loaded::new(|| async {
        Ok(Known {
            actions: client::desk_actions().await?.items,
            runbooks: client::runbooks().await?.items,
            types: client::records(&TICKET_TYPE, "count=1000").await?.records,
        })
    });
    let busy = RwSignal::new(false);
    let create = Callback::new(move |example: bool| {
        let Some(known) = known.state.with_untracked(|state| match state {
            Some(Ok(known)) if !busy.get_untracked() => Some(known.clone()),
            _ => None,
        }) else {
            return;
        };
        let action = if example {
            example_action(&known.runbooks)
        } else {
            let taken = known.actions.into_iter().map(|one| one.record.value.name);
            DeskAction {
                name: free_name(&taken.collect::<Vec<_>>()),
                ..DeskAction::default()
            }
        };
        busy.set(true);
        spawn_local(async move {
            let made = client::create_desk_action(&action).await;
            busy.set(false);
            match made {
                Ok(record) => go(Route::Action(record.record.value.name)),
                Err(fault) => toast(format!("The action was not made. {fault}")),
            }
        });
    });
    use_shortcut("N", "New action", move || create.run(false));
    let new = move || {
        view! {
            <Button kind=ButtonKind::Primary icon=Icon::Plus busy=busy on_press=move |()| create.run(false)>
                "New action"
            </Button>
        }
    };
    let list = move || {
        match known.state.get() {
        None => view! { <Skeleton lines=4 /> }.into_any(),
        Some(Err(fault)) => view! {
            <ErrorPanel
                title="Could not load the actions"
                text=fault.to_string()
                on_retry=Callback::new(move |()| known.again())
            />
        }
        .into_any(),
        Some(Ok(list)) if list.actions.is_empty() => view! {
            <EmptyState
                icon=Icon::DeskAction
                title="No actions yet"
                text="An action is a button on a ticket, a user or an asset: it asks what you let it ask, and can start a runbook with the answers. Make one, or start from the example."
            >
                {new()}
                <Button busy=busy on_press=move |()| create.run(true)>"Start from the example"</Button>
            </EmptyState>
        }
        .into_any(),
        Some(Ok(list)) => {
            let names: Vec<String> = list
                .actions
                .iter()
                .map(|one| one.record.value.name.clone())
                .collect();
            let again = Callback::new(move |()| known.again());
            let rows = list
                .actions
                .iter()
                .enumerate()
                .map(|(at, one)| row(one, at, &names, &list, again))
                .collect_view();
            view! { <ol class="action-list">{rows}</ol> }.into_any()
        }
    }
    };
    view! {
        <PageHeader title="Actions" crumbs=vec![Crumb::new("Settings", Route::Settings)]>
            {new()}
        </PageHeader>
        <div class="page stack">
            <p class="muted">
                "Buttons stand in this order. Which of them a ticket type allows is set up under "
                <a href=Route::Records("ticket-types".to_owned()).to_string()>"Ticket types"</a> "."
            </p>
            {list}
        </div>
    }
    .into_any()
}

/// The guide's action; it queues the guide's runbook where that is there.
fn example_action(runbooks: &[RunbookSummary]) -> DeskAction {
    let name = "Ask ChatGPT a Question".to_owned();
    let runbook = RunbookId::parse(seed::RUNBOOK)
        .ok()
        .filter(|id| runbooks.iter().any(|runbook| runbook.id == *id));
    DeskAction {
        name,
        system_use: match runbook {
            Some(_) => SystemUse::QueueRunbook,
            None => SystemUse::None,
        },
        // The runbook's own defaults, to be seen and changed.
        variables: runbook.is_some().then(example_rows).unwrap_or_default(),
        runbook,
        ..DeskAction::default()
    }
}

fn example_rows() -> Vec<NamedTemplate> {
    [("TicketId", "<<ticket^id>>"), ("Prompt", "<<action^note>>")]
        .map(|(name, value)| NamedTemplate {
            name: name.to_owned(),
            value: value.to_owned(),
        })
        .into()
}

/// "New action", and a number where that is taken.
fn free_name(taken: &[String]) -> String {
    let base = "New action";
    let is_taken = |name: &str| taken.iter().any(|other| other.eq_ignore_ascii_case(name));
    let numbered = (2..taken.len() + 3).map(|number| format!("{base} {number}"));
    // Of so many names one is free.
    std::iter::once(base.to_owned())
        .chain(numbered)
        .find(|name| !is_taken(name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::free_name;

    #[test]
    fn a_new_name_is_free() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(free_name(&names(&[])), "New action");
        assert_eq!(free_name(&names(&["new action"])), "New action 2");
        assert_eq!(
            free_name(&names(&["New action", "New action 2", "New action 4"])),
            "New action 3"
        );
    }
}
