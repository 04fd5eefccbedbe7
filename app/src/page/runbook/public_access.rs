//! The public address: the URL, what a caller must prove, and a call to copy.

use leptos::prelude::*;
use shared::example_call::{curl, sample_body};
use shared::model::{Digest, DigestEncoding, PublicAuth, Runbook, Secret, SignatureScheme};
use shared::seed;
use shared::signature::{PRESETS, Preset};

use super::draft::field;
use crate::chart::Chart;
use crate::client;
use crate::load::Loaded;
use crate::ui::field::Choice;
use crate::ui::{
    Bound, Button, CopyButton, Icon, IconButton, Notice, SecretField, SelectField, TextField, Tone,
};

#[component]
pub(super) fn PublicAccess(
    chart: Chart,
    missing_secrets: RwSignal<Vec<String>>,
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
        "basic" => basic(chart, missing_secrets),
        "signature" => signature(chart, missing_secrets),
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
        </div>
        <SelectField
            label="Authentication"
            value=kind
            choices=Signal::stored(vec![
                Choice::new("none", "None"),
                Choice::new("basic", "Basic (user name and password)"),
                Choice::new("signature", "Signature with a secret key"),
            ])
        />
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
            secrets: vec![Secret::default()],
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
fn known_secret(draft: &Runbook) -> Option<&str> {
    match &draft.start.auth {
        Some(PublicAuth::Basic { password, .. }) => password.secret.as_deref(),
        Some(PublicAuth::Signature { secrets, .. }) => {
            secrets.iter().find_map(|secret| secret.secret.as_deref())
        }
        _ => None,
    }
}

/// Whether the server holds a value for the secret at `place`.
fn is_stored(chart: Chart, missing: RwSignal<Vec<String>>, place: String) -> Signal<bool> {
    Signal::derive(move || {
        // What has not been saved at all yet has nothing stored either.
        let saved = chart.draft.with(|draft| draft.start.auth.is_some());
        saved && missing.with(|missing| !missing.contains(&place))
    })
}

fn basic(chart: Chart, missing: RwSignal<Vec<String>>) -> AnyView {
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
    view! {
        <div class="field-grid">
            <TextField label="User name" value=username />
            <SecretField
                label="Password"
                value=password
                stored=is_stored(chart, missing, "start.auth.password".to_owned())
            />
        </div>
    }
    .into_any()
}

/// A text field of the signature.
fn signature_text(
    chart: Chart,
    label: &'static str,
    part: for<'a> fn(SignatureFields<'a>) -> &'a mut String,
) -> Bound<String> {
    field(
        chart,
        label,
        Some(label),
        move |draft| {
            let mut auth = draft.start.auth.clone();
            SignatureFields::of(&mut auth)
                .map(|fields| part(fields).clone())
                .unwrap_or_default()
        },
        move |draft, value| {
            if let Some(fields) = SignatureFields::of(&mut draft.start.auth) {
                *part(fields) = value;
            }
        },
    )
}

/// The parts of a signature that are edited, while the authentication is one.
struct SignatureFields<'a> {
    header: &'a mut String,
    prefix: &'a mut String,
    secrets: &'a mut Vec<Secret>,
    algorithm: &'a mut Digest,
    encoding: &'a mut DigestEncoding,
}

impl<'a> SignatureFields<'a> {
    fn of(auth: &'a mut Option<PublicAuth>) -> Option<Self> {
        match auth {
            Some(PublicAuth::Signature {
                header,
                prefix,
                secrets,
                algorithm,
                encoding,
                ..
            }) => Some(Self {
                header,
                prefix,
                secrets,
                algorithm,
                encoding,
            }),
            _ => None,
        }
    }
}

const DIGESTS: [(Digest, &str, &str); 3] = [
    (Digest::Sha256, "sha256", "SHA-256"),
    (Digest::Sha512, "sha512", "SHA-512"),
    (Digest::Sha1, "sha1", "SHA-1"),
];

fn signature(chart: Chart, missing: RwSignal<Vec<String>>) -> AnyView {
    let algorithm = field(
        chart,
        "Change the algorithm",
        None,
        |draft| match &draft.start.auth {
            Some(PublicAuth::Signature { algorithm, .. }) => DIGESTS
                .iter()
                .find(|(digest, ..)| digest == algorithm)
                .map_or("sha256", |(_, name, _)| name)
                .to_owned(),
            _ => String::new(),
        },
        |draft, value| {
            if let Some(fields) = SignatureFields::of(&mut draft.start.auth)
                && let Some((digest, ..)) = DIGESTS.iter().find(|(_, name, _)| *name == value)
            {
                *fields.algorithm = *digest;
            }
        },
    );
    let encoding = field(
        chart,
        "Change the encoding",
        None,
        |draft| match &draft.start.auth {
            Some(PublicAuth::Signature {
                encoding: DigestEncoding::Base64,
                ..
            }) => "base64".to_owned(),
            _ => "hex".to_owned(),
        },
        |draft, value| {
            if let Some(fields) = SignatureFields::of(&mut draft.start.auth) {
                *fields.encoding = if value == "base64" {
                    DigestEncoding::Base64
                } else {
                    DigestEncoding::Hex
                };
            }
        },
    );
    let digests = StoredValue::new(
        DIGESTS
            .map(|(_, name, label)| Choice::new(name, label))
            .to_vec(),
    );
    let scheme = field(
        chart,
        "Change who signs",
        None,
        |draft| {
            preset_of(draft)
                .map_or(BY_HAND, |preset| preset.name)
                .to_owned()
        },
        |draft, name: String| {
            if let Some(PublicAuth::Signature { scheme, .. }) = &mut draft.start.auth {
                let preset = PRESETS.iter().find(|preset| preset.name == name);
                *scheme = preset.map_or(SignatureScheme::Hmac, |preset| preset.scheme);
            }
        },
    );
    let mut senders = vec![Choice::new(BY_HAND, "Another sender: set by hand")];
    senders.extend(PRESETS.map(|preset| Choice::new(preset.name, preset.name)));
    let preset = Memo::new(move |_| chart.draft.with(preset_of));
    let words = move || {
        match preset.get() {
        None => view! {
            <p class="muted">
                "The caller signs the raw body with the secret key (HMAC) and sends the result in a header."
            </p>
        }
        .into_any(),
        Some(preset) => {
            let replay = if preset.guards_against_replay() {
                "A recorded request that is sent again starts nothing."
            } else {
                "It signs no time, so whoever has recorded a request can send it again: let the runbook put up with that."
            };
            view! {
                <p class="muted">
                    {preset.name} " signs in the header " <code>{preset.header}</code> ". " {replay}
                </p>
                <p class="muted">"The secret: " {preset.secret}</p>
            }
            .into_any()
        }
    }
    };
    let by_hand = move || {
        view! {
        <div class="field-grid">
            <SelectField label="Algorithm" value=algorithm choices=Signal::stored(digests.get_value()) />
            <SelectField
                label="Encoding"
                value=encoding
                choices=Signal::stored(vec![Choice::new("hex", "Hex"), Choice::new("base64", "Base64")])
            />
            <TextField
                label="Header"
                code=true
                value=signature_text(chart, "Change the header", |fields| fields.header)
            />
            <TextField
                label="Prefix"
                code=true
                optional=true
                value=signature_text(chart, "Change the prefix", |fields| fields.prefix)
            />
        </div>
        }
    };
    view! {
        <SelectField label="Who signs" value=scheme choices=Signal::stored(senders) />
        {words}
        <Show when=move || preset.with(Option::is_none)>{by_hand()}</Show>
        <Secrets chart=chart missing=missing />
    }
    .into_any()
}

/// In the list of senders: none of those that are known.
const BY_HAND: &str = "";

fn preset_of(draft: &Runbook) -> Option<&'static Preset> {
    match &draft.start.auth {
        Some(PublicAuth::Signature { scheme, .. }) => Preset::of(*scheme),
        _ => None,
    }
}

/// The secret keys: any of them may sign, so that one can be replaced without a gap.
#[component]
fn Secrets(chart: Chart, missing: RwSignal<Vec<String>>) -> impl IntoView {
    let count = Memo::new(move |_| {
        chart.draft.with(|draft| match &draft.start.auth {
            Some(PublicAuth::Signature { secrets, .. }) => secrets.len(),
            _ => 0,
        })
    });
    let change = move |label: &str, change: &dyn Fn(&mut Vec<Secret>)| {
        chart.change(label, None, |draft| {
            if let Some(fields) = SignatureFields::of(&mut draft.start.auth) {
                change(fields.secrets);
            }
        });
    };
    let row = move |index: usize| {
        let value = field(
            chart,
            "Change the secret key",
            Some("secret"),
            move |draft| match &draft.start.auth {
                Some(PublicAuth::Signature { secrets, .. }) => {
                    secrets.get(index).and_then(|secret| secret.secret.clone())
                }
                _ => None,
            },
            move |draft, value| {
                if let Some(fields) = SignatureFields::of(&mut draft.start.auth)
                    && let Some(secret) = fields.secrets.get_mut(index)
                {
                    secret.secret = value;
                }
            },
        );
        let label = if index == 0 {
            "Secret key".to_owned()
        } else {
            format!("Secret key {}", index + 1)
        };
        let stored = is_stored(chart, missing, format!("start.auth.secrets[{index}]"));
        // Only the last can go: a secret is known by its place.
        let last = move || index + 1 == count.get() && index > 0;
        view! {
            <div class="secret-row">
                <SecretField label=label value=value stored=stored />
                <Show when=last>
                    <IconButton
                        icon=Icon::Trash
                        label="Delete this secret key"
                        on_press=move |()| change("Delete a secret key", &|secrets| {
                            secrets.pop();
                        })
                    />
                </Show>
            </div>
        }
    };
    view! {
        {move || (0..count.get()).map(row).collect_view()}
        <div>
            <Button
                small=true
                icon=Icon::Plus
                on_press=move |()| change("Add a secret key", &|secrets| secrets.push(Secret::default()))
                hint="While a key is being replaced, both are good"
            >
                "Add a secret key"
            </Button>
        </div>
    }
    .into_any()
}
