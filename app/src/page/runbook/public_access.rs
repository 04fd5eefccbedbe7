//! The public address: the URL, what a caller must prove, and a call to copy.

use leptos::prelude::*;
use shared::api::StartsReport;
use shared::example_call::{curl, sample_body};
use shared::model::{
    Digest, DigestEncoding, PublicAuth, Runbook, Secret, SignatureScheme, SigningSecret,
};
use shared::seed;
use shared::signature::SecretFault;

use super::sections;
use super::signature::Signature;
use crate::chart::Chart;
use crate::client;
use crate::load::Loaded;
use crate::page::drafting::{field, problem_at};
use crate::ui::field::Choice;
use crate::ui::{CopyButton, Notice, SecretField, SelectField, TextField, Tone};

#[component]
pub(super) fn PublicAccess(
    chart: Chart,
    stored_secrets: Memo<Vec<String>>,
    starts: Loaded<StartsReport>,
    public_url: String,
) -> impl IntoView {
    let address = StoredValue::new(format!(
        "{public_url}/api/automation/{}",
        chart.draft.with_untracked(|draft| draft.id.to_string())
    ));
    let kind = field(
        chart,
        "Change authentication",
        None,
        |draft| kind_name(draft.start.auth.as_ref()).to_owned(),
        |draft, name| draft.start.auth = Some(fresh(&name)),
    );
    let fields = move || {
        match kind.get().as_str() {
        "basic" => basic(chart, stored_secrets),
        "signature" => view! { <Signature chart=chart stored_secrets=stored_secrets starts=starts /> }.into_any(),
        _ => view! {
            <Notice tone=Tone::Warning>
                "Whoever knows the address can start this runbook. Choose Basic or a signature unless the caller can do neither."
            </Notice>
        }
        .into_any(),
    }
    };
    // A call that names a ticket which is not there would only show how a run fails.
    let tickets = Loaded::new(|| client::tickets("pageinate=true&page_size=50"));
    let ticket = Memo::new(move |_| tickets.value()?.tickets.first().map(|ticket| ticket.id));
    let call = Signal::derive(move || {
        chart.draft.with(|draft| {
            let body = sample_body(draft, ticket.get()).to_string();
            address.with_value(|address| curl(draft, address, &body, known_secret(draft)))
        })
    });
    let is_example = chart
        .draft
        .with_untracked(|draft| draft.id.to_string() == seed::RUNBOOK);
    view! {
        <div class="address">
            <span class="field-label">"Address (POST)"</span>
            <div class="address-line">
                <code class="address-text">{address.get_value()}</code>
                <CopyButton text=Signal::derive(move || address.get_value()) label="Copy the address" />
            </div>
            <p class="muted">"It starts what is published. Before that, callers are answered with 401."</p>
        </div>
        <div id=sections::AUTHENTICATION.id>
            <SelectField
                label="Authentication"
                value=kind
                choices=Signal::stored(vec![
                    Choice::new("none", "None"),
                    Choice::new("basic", "Basic (user name and password)"),
                    Choice::new("signature", "Signature with a secret key"),
                ])
            />
        </div>
        {fields}
        <details class="example-call">
            <summary>"A call to copy"</summary>
            <p class="muted">
                "Paste it into a terminal. A secret that is stored already is not shown here: put it in its place first."
            </p>
            {is_example
                .then(|| {
                    view! {
                        <p>
                            "This example came with the signing secret " <code>{seed::SIGNING_SECRET}</code>
                            ". It is written in Nimbus's guide: put in one of your own before others can reach this address."
                        </p>
                    }
                })}
            <div class="example-call-text">
                <pre class="code">{move || call.get()}</pre>
                <CopyButton text=call label="Copy the call" show_label=true />
            </div>
        </details>
    }
    .into_any()
}

fn kind_name(auth: Option<&PublicAuth>) -> &'static str {
    match auth {
        None | Some(PublicAuth::None {}) => "none",
        Some(PublicAuth::Basic { .. }) => "basic",
        Some(PublicAuth::Signature { .. }) => "signature",
    }
}

fn fresh(kind: &str) -> PublicAuth {
    match kind {
        "basic" => PublicAuth::Basic {
            username: String::new(),
            password: Secret::default(),
        },
        "signature" => PublicAuth::Signature {
            scheme: SignatureScheme::Hmac,
            secrets: vec![SigningSecret::default()],
            algorithm: Digest::Sha256,
            encoding: DigestEncoding::Hex,
            header: "X-Signature".to_owned(),
            prefix: "sha256=".to_owned(),
            timestamp_header: None,
            signed: None,
            tolerance_s: None,
        },
        _ => PublicAuth::None {},
    }
}

/// The secret as far as this page knows it: only while it has just been typed.
pub(super) fn known_secret(draft: &Runbook) -> Option<&str> {
    match &draft.start.auth {
        Some(PublicAuth::Basic { password, .. }) => password.secret.as_deref(),
        Some(PublicAuth::Signature { secrets, .. }) => secrets
            .iter()
            .filter_map(|secret| secret.value.secret.as_deref())
            .find(|secret| !secret.is_empty()),
        _ => None,
    }
}

/// Whether the server holds a value for the secret at `place`.
pub(super) fn is_stored(stored: Memo<Vec<String>>, place: String) -> Signal<bool> {
    Signal::derive(move || stored.with(|stored| stored.contains(&place)))
}

/// When what is typed into a secret's field begins to count.
pub(super) const COUNTS_AT_ONCE: &str = "What you enter counts as soon as you save, also for what is published: what it replaces is refused from then on.";

fn basic(chart: Chart, stored_secrets: Memo<Vec<String>>) -> AnyView {
    let username = field(
        chart,
        "Change the user name",
        Some("username"),
        |draft| match &draft.start.auth {
            Some(PublicAuth::Basic { username, .. }) => username.clone(),
            _ => String::new(),
        },
        |draft, value| {
            if let Some(PublicAuth::Basic { username, .. }) = &mut draft.start.auth {
                *username = value;
            }
        },
    );
    let password = field(
        chart,
        "Change the password",
        Some("password"),
        |draft| match &draft.start.auth {
            Some(PublicAuth::Basic { password, .. }) => password.secret.clone(),
            _ => None,
        },
        |draft, value| {
            if let Some(PublicAuth::Basic { password, .. }) = &mut draft.start.auth {
                password.secret = value;
            }
        },
    );
    let fault = Signal::derive(move || {
        let fault = SecretFault::of(SignatureScheme::Hmac, password.get()?.as_str())?;
        Some(fault.to_string())
    });
    view! {
        <div class="field-grid">
            <TextField
                label="User name"
                value=username
                error=problem_at(chart, "start.auth.username")
            />
            <SecretField
                label="Password"
                value=password
                stored=is_stored(stored_secrets, "start.auth.password".to_owned())
                error=fault
            />
        </div>
        <p class="muted">{COUNTS_AT_ONCE}</p>
    }
    .into_any()
}
