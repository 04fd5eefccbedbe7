//! How callers of the public address sign: a service by its name, or all parts by hand.

use leptos::prelude::*;
use shared::api::StartsReport;
use shared::model::{Digest, DigestEncoding, PublicAuth, Runbook, SignatureScheme, SigningSecret};
use shared::signature::{DEFAULT_TOLERANCE_S, Hmac, PRESETS, Preset, ReplayGuard};

use super::signing_secrets::Secrets;
use crate::chart::Chart;
use crate::load::Loaded;
use crate::page::drafting::field;
use crate::ui::field::Choice;
use crate::ui::{Bound, NumberField, SelectField, TextField};

/// An optional text of the signature; an empty one is none.
fn optional_text(
    chart: Chart,
    label: &'static str,
    part: for<'a> fn(SignatureFields<'a>) -> &'a mut Option<String>,
) -> Bound<String> {
    field(
        chart,
        label,
        Some(label),
        move |draft| {
            let mut auth = draft.start.auth.clone();
            SignatureFields::of(&mut auth)
                .and_then(|fields| part(fields).clone())
                .unwrap_or_default()
        },
        move |draft, value: String| {
            if let Some(fields) = SignatureFields::of(&mut draft.start.auth) {
                *part(fields) = Some(value).filter(|value| !value.is_empty());
            }
        },
    )
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
pub(super) struct SignatureFields<'a> {
    header: &'a mut String,
    prefix: &'a mut String,
    pub(super) secrets: &'a mut Vec<SigningSecret>,
    algorithm: &'a mut Digest,
    encoding: &'a mut DigestEncoding,
    timestamp_header: &'a mut Option<String>,
    signed: &'a mut Option<String>,
    tolerance_s: &'a mut Option<u32>,
}

impl<'a> SignatureFields<'a> {
    pub(super) fn of(auth: &'a mut Option<PublicAuth>) -> Option<Self> {
        match auth {
            Some(PublicAuth::Signature {
                header,
                prefix,
                secrets,
                algorithm,
                encoding,
                timestamp_header,
                signed,
                tolerance_s,
                ..
            }) => Some(Self {
                header,
                prefix,
                secrets,
                algorithm,
                encoding,
                timestamp_header,
                signed,
                tolerance_s,
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

fn digest_name(wanted: Digest) -> &'static str {
    let mut digests = DIGESTS.iter();
    let found = digests.find(|(digest, ..)| *digest == wanted);
    found.map_or("sha256", |(_, name, _)| name)
}

/// How callers sign, and with which secrets.
#[component]
pub(super) fn Signature(
    chart: Chart,
    stored_secrets: Memo<Vec<String>>,
    starts: Loaded<StartsReport>,
) -> impl IntoView {
    let algorithm = field(
        chart,
        "Change the algorithm",
        None,
        |draft| match &draft.start.auth {
            Some(PublicAuth::Signature { algorithm, .. }) => digest_name(*algorithm).to_owned(),
            _ => String::new(),
        },
        |draft, value| {
            if let Some(fields) = SignatureFields::of(&mut draft.start.auth)
                && let Some((digest, name, _)) = DIGESTS.iter().find(|(_, name, _)| *name == value)
            {
                // A prefix that names the algorithm goes with it.
                let before = digest_name(*fields.algorithm);
                if *fields.prefix == format!("{before}=") {
                    *fields.prefix = format!("{name}=");
                }
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
    let tolerance = field(
        chart,
        "Change the age of a time stamp",
        Some("tolerance"),
        |draft| match &draft.start.auth {
            Some(PublicAuth::Signature { tolerance_s, .. }) => tolerance_s.map(u64::from),
            _ => None,
        },
        |draft, value: Option<u64>| {
            if let Some(fields) = SignatureFields::of(&mut draft.start.auth) {
                *fields.tolerance_s = value.and_then(|value| u32::try_from(value).ok());
            }
        },
    );
    let has_stamp = Memo::new(move |_| chart.draft.with(has_stamp));
    let words = move || {
        let replay = chart.draft.with(replay_words);
        match preset.get() {
            None => view! {
                <p class="muted">
                    "The caller signs the raw body, or what is set below, with the secret key (HMAC) and sends the result in a header. "
                    {replay}
                </p>
            }
            .into_any(),
            Some(preset) => view! {
                <p class="muted">
                    {preset.name} " signs in the header " <code>{preset.header}</code> ". " {replay}
                </p>
                <p class="muted">{preset.secret}</p>
            }
            .into_any(),
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
            <TextField
                label="Header of the time stamp"
                code=true
                optional=true
                example="X-Timestamp"
                value=optional_text(chart, "Change the time stamp", |fields| fields.timestamp_header)
            />
            <TextField
                label="What is signed"
                code=true
                optional=true
                example="<<timestamp>>.<<body>>"
                hint=Some("The body alone where this is empty. It may name <<body>>, <<timestamp>>, <<url>> and <<request@header[name]>>.".to_owned())
                value=optional_text(chart, "Change what is signed", |fields| fields.signed)
            />
        </div>
        }
    };
    view! {
        <SelectField label="Who signs" value=scheme choices=Signal::stored(senders) />
        {words}
        <Show when=move || preset.with(Option::is_none)>{by_hand()}</Show>
        <Show when=move || has_stamp.get()>
            <NumberField
                label="How old a time stamp may be"
                value=tolerance
                unit="s"
                min=1
                max=86_400
                optional=true
                example=DEFAULT_TOLERANCE_S.to_string()
            />
        </Show>
        <Secrets chart=chart stored_secrets=stored_secrets starts=starts />
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

/// Whether a time stamp is looked at. Of settings by hand that are not right yet, what is set says so.
fn has_stamp(draft: &Runbook) -> bool {
    match &draft.start.auth {
        Some(
            auth @ PublicAuth::Signature {
                timestamp_header, ..
            },
        ) => match Hmac::of(auth) {
            Ok(Some(hmac)) => hmac.has_timestamp(),
            _ => timestamp_header.is_some(),
        },
        _ => false,
    }
}

/// Whether somebody who has recorded a request can send it again. What is not right yet is reported elsewhere.
fn replay_words(draft: &Runbook) -> String {
    let Some(Ok(Some(hmac))) = draft.start.auth.as_ref().map(Hmac::of) else {
        return String::new();
    };
    match hmac.replay_guard() {
        Some(ReplayGuard::Timestamp) => "A recorded request that is sent again starts nothing.".to_owned(),
        Some(ReplayGuard::Header(name)) => format!(
            "A recorded request that is sent again within 24 hours starts nothing: each has its own {name}."
        ),
        None => "Neither a time stamp nor an id is signed, so whoever has recorded a request can send it again: make sure that a second run does no harm.".to_owned(),
    }
}
