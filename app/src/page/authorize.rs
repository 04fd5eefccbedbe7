//! Where a program sends a person to be allowed to act for them: `/auth/authorize`.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use shared::api::{AuthorizeAnswer, AuthorizeRequest, Decision};
use shared::desk::Scopes;

use crate::client::{self, Fault};
use crate::frame::PageHeader;
use crate::load::Loaded;
use crate::ui::{Button, ButtonKind, EmptyState, ErrorPanel, Icon, Skeleton};

/// The page.
#[component]
pub fn Authorize() -> impl IntoView {
    let request = StoredValue::new(request());
    let answer = Loaded::new(move || {
        let request = request.get_value();
        async move { client::authorize(&request).await }
    });
    let content = move || match answer.state.get() {
        None => view! { <Skeleton lines=6 /> }.into_any(),
        Some(Ok(answer)) => answered(request, answer),
        Some(Err(Fault::Refused { detail, .. })) => view! {
            <div role="alert">
                <EmptyState icon=Icon::Warning title="This cannot be allowed" text=detail.message />
            </div>
        }
        .into_any(),
        Some(Err(fault)) => {
            let again = Callback::new(move |()| answer.again());
            view! { <ErrorPanel title="Could not load what is asked" text=fault.to_string() on_retry=again /> }.into_any()
        }
    };
    view! {
        <PageHeader title="Allow access" />
        <div class="page form">{content}</div>
    }
    .into_any()
}

/// The request that stands in the address.
fn request() -> AuthorizeRequest {
    let queries = use_query_map();
    queries.with_untracked(|queries| AuthorizeRequest {
        client_id: queries.get("client_id").unwrap_or_default(),
        redirect_uri: queries.get("redirect_uri"),
        response_type: queries.get("response_type"),
        scope: queries.get("scope"),
        state: queries.get("state"),
        code_challenge: queries.get("code_challenge"),
        code_challenge_method: queries.get("code_challenge_method"),
        decision: None,
    })
}

fn answered(request: StoredValue<AuthorizeRequest>, answer: AuthorizeAnswer) -> AnyView {
    match answer {
        AuthorizeAnswer::Redirect { redirect } => {
            leave(&redirect);
            view! { <p class="muted">"Going back to the application."</p> }.into_any()
        }
        AuthorizeAnswer::Ask {
            application,
            scopes,
            redirect_uri,
            who,
        } => {
            let scopes = scopes
                .iter()
                .map(
                    |name| view! { <li>{Scopes::about(name)} " " <code>{name.clone()}</code></li> },
                )
                .collect_view();
            view! {
                <div class="stack">
                    <p>
                        <strong>{application}</strong> " asks to act for " <strong>{who}</strong> " at this desk. It could then:"
                    </p>
                    <ul class="consent" aria-label="What it could do">{scopes}</ul>
                    <p class="muted">
                        "Your answer goes to " <code class="address-text">{redirect_uri}</code>
                        ". Allow it only if you started this yourself. Under Settings it can be taken back at any time."
                    </p>
                    <Decide request=request />
                </div>
            }
            .into_any()
        }
    }
}

#[component]
fn Decide(request: StoredValue<AuthorizeRequest>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<Fault>);
    let decide = move |decision: Decision| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let request = AuthorizeRequest {
            decision: Some(decision),
            ..request.get_value()
        };
        spawn_local(async move {
            match client::authorize(&request).await {
                Ok(AuthorizeAnswer::Redirect { redirect }) => leave(&redirect),
                Ok(AuthorizeAnswer::Ask { .. }) => busy.set(false),
                Err(problem) => {
                    busy.set(false);
                    fault.set(Some(problem));
                }
            }
        });
    };
    view! {
        {move || {
            fault
                .get()
                .map(|fault| view! { <ErrorPanel title="Your answer did not arrive" text=fault.to_string() /> })
        }}
        <div class="row">
            <Button kind=ButtonKind::Primary busy=busy on_press=move |()| decide(Decision::Allow)>
                "Allow"
            </Button>
            <Button busy=busy on_press=move |()| decide(Decision::Refuse)>"Refuse"</Button>
        </div>
    }
    .into_any()
}

/// Goes where the server says, which sends nobody anywhere else than where the application is registered. The
/// question does not stay in the history: going back to it would ask again.
fn leave(redirect: &str) {
    let _ = window().location().replace(redirect);
}
