//! The secrets with which callers of the public address sign.

use leptos::prelude::*;
use shared::api::StartsReport;
use shared::model::{PublicAuth, Runbook, SigningSecret};
use shared::signature::SecretFault;

use super::public_access::{COUNTS_AT_ONCE, is_stored};
use super::signature::SignatureFields;
use crate::browser::focus_on;
use crate::chart::Chart;
use crate::load::Loaded;
use crate::page::drafting::field;
use crate::ui::clock::use_now;
use crate::ui::field::InstantField;
use crate::ui::{Button, Confirm, Icon, IconButton, SecretField, Time, confirm};

/// The secret keys: any of them may sign, so that one can be replaced without a gap.
#[component]
pub(super) fn Secrets(
    chart: Chart,
    stored_secrets: Memo<Vec<String>>,
    starts: Loaded<StartsReport>,
) -> impl IntoView {
    let is_stored_at = move |index: usize| stored_secrets.with(|s| s.contains(&place_of(index)));
    let shown = Memo::new(move |_| {
        chart.draft.with(|draft| {
            let deleted: Vec<usize> =
                stored_secrets.with(|stored| draft.start.deleted_keys(stored).collect());
            let mut left: Vec<usize> = (0..secrets_of(draft).len()).collect();
            left.retain(|index| !deleted.contains(index));
            left
        })
    });
    let count = Memo::new(move |_| shown.with(Vec::len));
    let total = Memo::new(move |_| chart.draft.with(|draft| secrets_of(draft).len()));
    let change = move |label: &str, change: &dyn Fn(&mut Vec<SigningSecret>)| {
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
            move |draft| secrets_of(draft).get(index)?.value.secret.clone(),
            move |draft, value| {
                if let Some(secret) = secret_at(draft, index) {
                    secret.value.secret = value;
                }
            },
        );
        let ends_at = field(
            chart,
            "Change when a secret ends",
            Some("secret end"),
            move |draft| {
                let secret = secrets_of(draft).get(index);
                secret
                    .and_then(|secret| secret.ends_at.clone())
                    .unwrap_or_default()
            },
            move |draft, value: String| {
                if let Some(secret) = secret_at(draft, index) {
                    secret.ends_at = Some(value).filter(|value| !value.is_empty());
                }
            },
        );
        let number =
            shown.with_untracked(|shown| shown.iter().take_while(|i| **i < index).count()) + 1;
        let label = if number == 1 {
            "Secret key".to_owned()
        } else {
            format!("Secret key {number}")
        };
        let fault = Signal::derive(move || {
            chart.draft.with(|draft| {
                let Some(PublicAuth::Signature {
                    scheme, secrets, ..
                }) = &draft.start.auth
                else {
                    return None;
                };
                let secret = secrets.get(index)?.value.reveal();
                SecretFault::of(*scheme, secret).map(|fault| fault.to_string())
            })
        });
        let place = place_of(index);
        let stored = is_stored(stored_secrets, place.clone());
        let last_used = move || {
            let used_at = starts
                .value()?
                .secrets
                .iter()
                .find(|secret| secret.place == place)
                .and_then(|secret| i64::try_from(secret.used_at).ok());
            Some(match used_at {
                Some(at) => view! { "Last used " <Time at=Signal::stored(at) /> }.into_any(),
                None => view! { "Not used yet" }.into_any(),
            })
        };
        let now = use_now();
        let has_ended = move || {
            let now = u64::try_from(now.get()).unwrap_or(0);
            let is_over = chart.draft.with(|draft| {
                secrets_of(draft)
                    .get(index)
                    .is_some_and(|secret| !secret.is_good_at(now))
            });
            is_over.then_some(" · Ended: no longer accepted.")
        };
        // One must stay. A key is known by its place: one that is not stored yet can go where none is behind it.
        let can_go = move || count.get() > 1 && (index + 1 == total.get() || is_stored_at(index));
        let delete = move || {
            change("Delete a secret key", &|secrets| {
                if index + 1 == secrets.len() {
                    secrets.pop();
                } else if let Some(secret) = secrets.get_mut(index) {
                    secret.value.secret = Some(String::new());
                }
            });
            // The button that was pressed goes.
            request_animation_frame(|| focus_on(".signing-secret input"));
        };
        let ask = move |()| {
            if is_stored_at(index) {
                confirm(deletion(number), delete);
            } else {
                delete();
            }
        };
        view! {
            <div class="signing-secret">
                <div class="secret-row">
                    <SecretField label=label value=value stored=stored error=fault />
                    // With one alone there is nothing to change over to.
                    <Show when=move || { count.get() > 1 || !ends_at.get().is_empty() }>
                        <InstantField
                            id=format!("secret-{index}-ends")
                            label=format!("Secret key {number} ends")
                            value=ends_at
                        />
                    </Show>
                    <Show when=can_go>
                        <IconButton
                            icon=Icon::Trash
                            label="Delete this secret key"
                            on_press=ask
                        />
                    </Show>
                </div>
                <p class="muted">{last_used} {has_ended}</p>
            </div>
        }
    };
    view! {
        {move || shown.get().into_iter().map(&row).collect_view()}
        <p class="muted">{COUNTS_AT_ONCE} " So does when a key ends, and that one is deleted."</p>
        <div>
            <Button
                small=true
                icon=Icon::Plus
                on_press=move |()| change("Add a secret key", &|secrets| {
                    secrets.push(SigningSecret::default());
                })
                hint="While a key is being replaced, both are good; the old one can end by itself"
            >
                "Add a secret key"
            </Button>
        </div>
    }
    .into_any()
}

/// Asks before a stored key is deleted.
fn deletion(number: usize) -> Confirm {
    Confirm {
        title: format!("Delete secret key {number}?"),
        text: "As soon as you save, whoever signs with it is refused, and nothing brings it back: Nimbus gives no stored key away. Before that, Undo on the Flow Chart tab does.".to_owned(),
        action: "Delete the key".to_owned(),
        cancel: "Keep it".to_owned(),
        danger: true,
    }
}

/// Where a key stands among the secrets of its runbook.
fn place_of(index: usize) -> String {
    format!("start.auth.secrets[{index}]")
}

fn secrets_of(draft: &Runbook) -> &[SigningSecret] {
    match &draft.start.auth {
        Some(PublicAuth::Signature { secrets, .. }) => secrets,
        _ => &[],
    }
}

fn secret_at(draft: &mut Runbook, index: usize) -> Option<&mut SigningSecret> {
    SignatureFields::of(&mut draft.start.auth)?
        .secrets
        .get_mut(index)
}
