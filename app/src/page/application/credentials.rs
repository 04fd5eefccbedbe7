//! The client id and the secret, and taking away what was given.

use std::cell::RefCell;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::example_call::token_call;
use shared::model::{Application, GrantType, Timestamp};

use crate::client;
use crate::editing::Editing;
use crate::page::pending::{self, Deletion, application_key};
use crate::route::Route;
use crate::session::use_session;
use crate::ui::unsaved::go_instead;
use crate::ui::{Button, Confirm, CopyButton, Icon, Notice, Time, Tone, confirm, toast};

thread_local! {
    /// The secret of what was just made, on its way from one page to the next.
    static HANDED_OVER: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// Keeps the secret of an application until its page takes it.
pub(super) fn hand_over(client_id: &str, secret: Option<String>) {
    HANDED_OVER.with_borrow_mut(|kept| {
        *kept = secret.map(|secret| (client_id.to_owned(), secret));
    });
}

fn take_over(client_id: &str) -> Option<String> {
    HANDED_OVER
        .with_borrow_mut(Option::take)
        .filter(|(id, _)| id == client_id)
        .map(|(_, secret)| secret)
}

/// Deletes an application, unless that is taken back. Until then it can still log in.
pub(super) fn delete(client_id: &str, name: String) {
    pending::delete(Deletion {
        key: application_key(client_id),
        method: "DELETE",
        path: client::application_path(client_id),
        body: None,
        name,
        done: "Deleted",
    });
    go_instead(Route::Settings);
}

/// The client id, the secret while it may be seen, and what can be taken away.
#[component]
pub(super) fn Credentials(
    editing: Editing<Application>,
    lacks_secret: RwSignal<bool>,
    last_used_at: Option<Timestamp>,
) -> impl IntoView {
    let id = editing
        .draft
        .with_untracked(|draft| draft.client_id.clone());
    let id = StoredValue::new(id);
    let secret = RwSignal::new(take_over(&id.get_value()));
    let public = Memo::new(move |_| editing.saved.with(|saved| saved.public));
    let public_url = use_session().public_url;
    let token_url = format!("{public_url}/auth/token");
    let logs_in_itself = Memo::new(move |_| {
        let saved = editing.saved;
        saved.with(|saved| !saved.public && saved.allows(GrantType::ClientCredentials))
    });
    let call = Signal::derive(move || {
        let secret = secret.get();
        let saved = editing.saved;
        saved.with(|saved| token_call(&public_url, saved, secret.as_deref()))
    });
    let used = match last_used_at {
        Some(at) => {
            let at = i64::try_from(at).unwrap_or(i64::MAX);
            view! { <Time at=at /> }.into_any()
        }
        None => "Never".into_any(),
    };
    view! {
        <section class="section">
            <h2>"Credentials"</h2>
            <div class="stack">
                {move || secret.get().map(shown_once)}
                {move || (lacks_secret.get() && !public.get()).then(without_secret)}
                <dl class="facts">
                    <dt>"Token address"</dt>
                    <dd class="address-line">
                        <code class="address-text">{token_url.clone()}</code>
                        <CopyButton text=Signal::stored(token_url) label="Copy the token address" />
                    </dd>
                    <dt>"Client id"</dt>
                    <dd class="address-line">
                        <code class="address-text">{id.get_value()}</code>
                        <CopyButton text=Signal::derive(move || id.get_value()) label="Copy the client id" />
                    </dd>
                    <dt>"Secret"</dt>
                    <dd>{move || secret_words(public.get(), lacks_secret.get())}</dd>
                    <dt>"Last used"</dt>
                    <dd>{used}</dd>
                </dl>
                <Show when=move || logs_in_itself.get()>
                    <details class="example-call">
                        <summary>"A call to copy"</summary>
                        <p class="muted">
                            "It gets an access token, which goes along with every request as " <code>"Authorization: Bearer …"</code>
                            ". The secret that is stored is not shown here: put it in its place first."
                        </p>
                        <div class="example-call-text">
                            <pre class="code">{move || call.get()}</pre>
                            <CopyButton text=call label="Copy the call" show_label=true />
                        </div>
                    </details>
                </Show>
                <div class="row row-wrap">
                    <Show when=move || !public.get()>
                        <Button icon=Icon::Key on_press=move |()| renew(id.get_value(), editing, secret, lacks_secret)>
                            "New secret"
                        </Button>
                    </Show>
                    <Button icon=Icon::Lock on_press=move |()| revoke(id.get_value())>
                        "Revoke all tokens"
                    </Button>
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn secret_words(public: bool, lacks_secret: bool) -> &'static str {
    match (public, lacks_secret) {
        (true, _) => "None: the application is public",
        (false, true) => "None yet",
        (false, false) => "Stored as a hash; it is never shown again",
    }
}

fn shown_once(secret: String) -> AnyView {
    let text = secret.clone();
    view! {
        <div role="status">
            <Notice tone=Tone::Good>
                <strong>"Copy the secret now: it is shown only this once."</strong>
                <div class="address-line">
                    <code class="address-text">{secret}</code>
                    <CopyButton text=Signal::stored(text) label="Copy the secret" show_label=true />
                </div>
            </Notice>
        </div>
    }
    .into_any()
}

fn without_secret() -> AnyView {
    view! {
        <Notice tone=Tone::Warning>
            "This application has no secret yet and cannot log in. Make one with New secret."
        </Notice>
    }
    .into_any()
}

fn renew(
    client_id: String,
    editing: Editing<Application>,
    secret: RwSignal<Option<String>>,
    lacks_secret: RwSignal<bool>,
) {
    let question = Confirm::danger(
        "Make a new secret?",
        "The one that the application uses now stops working at once. Tokens that it has stay good until they expire.",
        "Make a new secret",
    );
    confirm(question, move || {
        let client_id = client_id.clone();
        spawn_local(async move {
            match client::renew_secret(&client_id).await {
                Ok(record) => {
                    lacks_secret.try_set(false);
                    editing.version.try_set(record.record.version);
                    secret.try_set(record.record.value.client_secret.secret);
                }
                Err(fault) => toast(format!("There is no new secret. {fault}")),
            }
        });
    });
}

fn revoke(client_id: String) {
    let question = Confirm::danger(
        "Revoke all tokens?",
        "Every token that this application has stops working at once. It can log in again, and people have to allow it again.",
        "Revoke",
    );
    confirm(question, move || {
        let client_id = client_id.clone();
        spawn_local(async move {
            toast(match client::revoke_tokens(&client_id).await {
                Ok(()) => "All tokens are revoked".to_owned(),
                Err(fault) => format!("The tokens are not revoked. {fault}"),
            });
        });
    });
}
