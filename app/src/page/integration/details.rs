//! The form of an integration.

use leptos::prelude::*;
use shared::model::Constant;
use shared::request::{BaseUrl, halo};

use super::Desk;
use super::authorization::AuthorizationFields;
use super::meaning::meaning;
use crate::session::use_session;
use crate::ui::{Bound, Button, Icon, Notice, Pair, PairEditor, Switch, TextField, Tone};

pub(super) fn details(desk: Desk) -> AnyView {
    let draft = desk.editing.draft;
    let session = use_session();
    let base_url = Bound::of(
        draft,
        |draft| draft.base_url.clone(),
        // What is pasted often brings a space along.
        |draft, text| halo::set_base_url(draft, text.trim()),
    );
    let error = Signal::derive(move || {
        draft.with(|draft| {
            // An empty field is not wrong yet; what it means says that it is missing.
            let parsed = BaseUrl::parse(&draft.base_url, &draft.constants);
            let is_empty = draft.base_url.trim().is_empty();
            parsed
                .err()
                .filter(|_| !is_empty)
                .map(|error| error.to_string())
        })
    });
    let own = [
        session.public_url.clone(),
        window().location().origin().unwrap_or_default(),
    ];
    let rewritten = Memo::new(move |_| {
        let text = base_url.get();
        own.iter().find_map(|own| with_halo_url(&text, own))
    });
    let offer = move || {
        rewritten.get().map(|better| {
            let shown = better.clone();
            view! {
                <Notice tone=Tone::Neutral>
                    <p>
                        "This is the address of this very desk. Written as " <code>"<<halo_url>>"</code>
                        " its requests stay inside, and it goes on working when the address changes."
                    </p>
                    <Button small=true icon=Icon::Edit on_press=move |()| base_url.set(better.clone())>
                        {format!("Use {shown}")}
                    </Button>
                </Notice>
            }
        })
    };
    let auth = Bound::of(
        draft,
        |draft| draft.auth.clone(),
        |draft, auth| draft.auth = auth,
    );
    let saved = Signal::derive(move || desk.editing.saved.with(|saved| saved.auth.clone()));
    let constants = Bound::of(
        draft,
        |draft| {
            let pair = |constant: &Constant| Pair {
                name: constant.name.clone(),
                value: constant.value.clone(),
                off: false,
            };
            draft.constants.iter().map(pair).collect()
        },
        |draft, rows: Vec<Pair>| {
            let constant = |row: Pair| Constant {
                name: row.name,
                value: row.value,
            };
            draft.constants = rows.into_iter().map(constant).collect();
        },
    );
    let is_halo = Bound::of(
        draft,
        |draft| draft.halo,
        |draft, on| {
            if on {
                halo::mark(draft);
            } else {
                draft.halo = false;
            }
        },
    );
    view! {
        <div class="integration-columns">
            <div class="stack stack-large">
                <div class="stack">
                    <TextField
                        label="Base URL"
                        value=base_url
                        code=true
                        id=BASE_URL
                        error=error
                        hint="Where every request begins, such as `https://api.example.com/v1`. `<<halo_url>>` is this desk.".to_owned()
                    />
                    {offer}
                    <Switch
                        label="This is a Halo instance"
                        hint="Halo API actions of runbooks can then be sent there. The base URL is that of the instance, such as https://example.halopsa.com, or of its resource server."
                        value=is_halo
                    />
                    <AuthorizationFields auth=auth saved=saved missing=desk.missing_secrets halo=is_halo.signal() />
                </div>
                <section class="section">
                    <h2>"Constants"</h2>
                    <p class="muted section-words">
                        "Values that all methods of this integration may use, as " <code>"<<name>>"</code>
                        ". They may stand in the base URL, too."
                    </p>
                    <PairEditor label="Constants" noun="constant" rows=constants switches=false />
                </section>
            </div>
            <aside class="meaning" aria-label="What it means">{meaning(desk, session.public_url)}</aside>
        </div>
    }
    .into_any()
}

/// Where the base URL is typed.
pub(super) const BASE_URL: &str = "integration-base-url";

/// The same base URL beginning with `<<halo_url>>`, where it begins with the own address.
fn with_halo_url(text: &str, own: &str) -> Option<String> {
    let own = own.trim_end_matches('/');
    let start = text.trim().get(..own.len())?;
    let rest = text.trim().get(own.len()..)?;
    let ends_there = rest.is_empty() || rest.starts_with('/');
    (!own.is_empty() && start.eq_ignore_ascii_case(own) && ends_there)
        .then(|| format!("<<halo_url>>{}", rest.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::with_halo_url;

    #[test]
    fn the_own_address_is_offered_as_halo_url() {
        let own = "http://127.0.0.1:8787";
        for (text, expected) in [
            ("http://127.0.0.1:8787", Some("<<halo_url>>")),
            ("http://127.0.0.1:8787/", Some("<<halo_url>>")),
            (" HTTP://127.0.0.1:8787/api ", Some("<<halo_url>>/api")),
            ("http://127.0.0.1:87871", None),
            ("http://127.0.0.1", None),
            ("https://127.0.0.1:8787", None),
            ("", None),
        ] {
            assert_eq!(with_halo_url(text, own).as_deref(), expected, "{text}");
        }
        assert_eq!(with_halo_url("anything", ""), None);
    }
}
