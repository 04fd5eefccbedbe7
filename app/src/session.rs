//! Who is signed in: the link's token is traded for a cookie, and pages are shown to who has one.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::Session;

use crate::client::{self, Fault};
use crate::load::failed;
use crate::page::sign_in::SignIn;
use crate::ui::{Render, Skeleton};

/// How the link that the server prints carries its token; a fragment is never sent.
const FRAGMENT: &str = "#sign-in=";

/// The session of whoever looks at the page.
pub fn use_session() -> Session {
    expect_context()
}

/// Shows `children` to who is signed in, and the way in to who is not.
#[component]
pub fn SignedIn(#[prop(into)] children: Render) -> impl IntoView {
    let state = RwSignal::new(None::<Result<Session, Fault>>);
    let used_up = RwSignal::new(false);
    let ask = Callback::new(move |()| {
        spawn_local(async move {
            if let Some(token) = take_token() {
                let answer = client::sign_in(token).await;
                used_up.set(matches!(
                    answer,
                    Err(Fault::SignedOut | Fault::Refused { .. })
                ));
            }
            let answer = client::session().await;
            // Asked twice at once, the pages must not be shown anew.
            if !state.with_untracked(|state| matches!(state, Some(Ok(_)))) {
                state.set(Some(answer));
            }
        });
    });
    ask.run(());
    (move || match state.get() {
        None => view! { <div class="page"><Skeleton lines=6 /></div> }.into_any(),
        Some(Ok(session)) => {
            provide_context(session);
            client::provide_live();
            children.run()
        }
        Some(Err(Fault::SignedOut)) => {
            listen_for_links(ask);
            view! { <SignIn used_up=used_up.get() /> }.into_any()
        }
        Some(Err(fault)) => failed("session", &fault, ask),
    })
    .into_any()
}

/// Signs in by a link that is opened in the tab that asks for one: where only the fragment of its address is another
/// one, the browser loads nothing anew. Whoever comes back from another tab that has signed in goes on at this address.
fn listen_for_links(ask: Callback<()>) {
    let back = window_event_listener(ev::focus, move |_| ask.run(()));
    on_cleanup(move || back.remove());
    let listener = window_event_listener(ev::hashchange, move |_| {
        let hash = window().location().hash();
        if hash.is_ok_and(|hash| hash.starts_with(FRAGMENT)) {
            ask.run(());
        }
    });
    on_cleanup(move || listener.remove());
}

/// The token of the address, which is taken out of it: it must not stay in the history.
fn take_token() -> Option<String> {
    let location = window().location();
    let hash = location.hash().ok()?;
    let token = hash.strip_prefix(FRAGMENT)?.to_owned();
    let address = format!(
        "{}{}",
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default()
    );
    if let Ok(history) = window().history() {
        let nothing = leptos::wasm_bindgen::JsValue::NULL;
        let _ = history.replace_state_with_url(&nothing, "", Some(&address));
    }
    Some(token)
}
