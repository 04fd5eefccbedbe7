//! The keys that an action's JSON may have, to look up and to put in, and the records of this desk that they may name.

use leptos::prelude::*;
use shared::desk::operation::{Choices, Key, KeyPlace, Need, id_in, keys, place_of, put};
use shared::model::DeskOperation;

use crate::client::{self, Fault};
use crate::load::Loaded;
use crate::ui::{Bound, Button, ButtonKind, Icon, IconButton, TextField, announce, error_words};

/// `own` says whether the action is done at this desk, whose records may be chosen then.
#[component]
pub(super) fn Keys(
    body: Bound<String>,
    chosen: Memo<Option<DeskOperation>>,
    own: Memo<bool>,
) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let words = search.get().to_lowercase();
        let all = chosen.get().map(keys).unwrap_or_default();
        all.into_iter()
            .filter(|key| {
                let text = format!("{} {}", key.name, key.about).to_lowercase();
                words.split_whitespace().all(|word| text.contains(word))
            })
            .collect::<Vec<_>>()
    });
    view! {
        <details class="more desk-keys">
            <summary>"Keys of this JSON"</summary>
            <TextField label="Search the keys" value=search example="name" />
            <ul class="key-list">
                {move || found.get().into_iter().map(|key| row(body, own, key)).collect_view()}
            </ul>
            <Show when=move || found.with(Vec::is_empty)>
                <p class="muted">"No key fits. Other keys can be written by hand: the desk keeps them."</p>
            </Show>
        </details>
    }
    .into_any()
}

fn row(body: Bound<String>, own: Memo<bool>, key: Key) -> AnyView {
    let Key {
        name,
        expected,
        about,
        need,
        example,
        choices,
    } = key;
    let need = match need {
        Need::Required => "required",
        Need::OneOfSeveral => "this or another one is required",
        Need::Optional => "",
    };
    let place = Memo::new(move |_| body.signal().with(|body| place_of(body, name)));
    let idle = Signal::derive(move || place.get() != KeyPlace::Free);
    let insert_label = Signal::derive(move || match place.get() {
        KeyPlace::Held => format!("{name} is in the JSON already"),
        KeyPlace::Free => format!("Put in {name}"),
        KeyPlace::Unseen => {
            format!("{name} cannot be put in: the record comes as a whole, from a token")
        }
        KeyPlace::Nowhere => format!("{name} cannot be put in: correct the JSON first"),
    });
    let insert = move |()| {
        if let Some(text) = put(&body.peek(), name, example) {
            body.set(text);
            announce(format!("Added {name}"));
        }
    };
    let offer = choices.map(|choices| {
        view! {
            <Show when=move || own.get()>
                <Offer body=body name=name choices=choices />
            </Show>
        }
    });
    view! {
        <li class="key-row">
            <span class="key-words">
                <code>{name}</code> " " <span class="muted">{need}</span>
                <span class="muted key-about">{about} " · " {expected}</span>
                <span class="key-about">
                    <span class="muted">"Such as "</span>
                    <code>{example}</code>
                </span>
                {offer}
            </span>
            <IconButton icon=Icon::Plus label=insert_label idle=idle on_press=insert />
        </li>
    }
    .into_any()
}

/// How many records are shown at once; the search leads to the others.
const SHOWN: usize = 20;

/// Records of this desk to choose from; read once it is opened.
#[component]
fn Offer(body: Bound<String>, name: &'static str, choices: Choices) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <details class="key-choices">
            <summary on:click=move |_| open.set(true)>{format!("Choose {name}")}</summary>
            <Show when=move || open.get()>
                <Records body=body name=name choices=choices />
            </Show>
        </details>
    }
    .into_any()
}

#[component]
fn Records(body: Bound<String>, name: &'static str, choices: Choices) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let table = Memo::new(move |_| body.signal().with(|body| id_in(body)));
    let found = Loaded::new(move || {
        let (search, table) = (search.get(), table.get());
        async move { read(choices, table, &search).await }
    });
    let choose = move |json: String| {
        if let Some(text) = put(&body.peek(), name, &json) {
            body.set(text);
            announce(format!("{name} is set"));
        }
    };
    let unreadable = Signal::derive(move || {
        let place = body.signal().with(|body| place_of(body, name));
        matches!(place, KeyPlace::Unseen | KeyPlace::Nowhere)
    });
    let list = move || match found.state.get() {
        None => view! { <p class="muted">"Reading …"</p> }.into_any(),
        Some(Err(fault)) => {
            view! { <p class="field-error">{error_words(&fault.to_string())}</p> }.into_any()
        }
        Some(Ok(found)) if found.is_empty() => {
            let sentence = match (choices.are_rows(), table.get()) {
                (true, None) => "Choose the table first: its number stands behind id.",
                (true, Some(_)) => "This table has no rows.",
                (false, _) => "Nothing here fits.",
            };
            view! { <p class="muted">{sentence}</p> }.into_any()
        }
        Some(Ok(found)) => {
            let more = found.len() > SHOWN && !choices.are_rows();
            let shown = if more { SHOWN } else { found.len() };
            let buttons = found.into_iter().take(shown).map(|(json, words)| {
                view! {
                    <li>
                        <Button
                            small=true
                            kind=ButtonKind::Quiet
                            idle=unreadable
                            on_press=move |()| choose(json.clone())
                        >
                            {words}
                        </Button>
                    </li>
                }
            });
            view! {
                <ul class="key-records">{buttons.collect_view()}</ul>
                {more.then(|| view! { <p class="muted">"There are more: search for the one you mean."</p> })}
            }
            .into_any()
        }
    };
    let finder = (!choices.are_rows()).then(|| {
        view! { <TextField label=format!("Search what {name} may be") value=search hide_label=true example="Search" /> }
    });
    view! { <div class="stack stack-small">{finder} {list}</div> }.into_any()
}

/// One more than is shown, so that it can be said that there are more.
async fn read(
    choices: Choices,
    table: Option<u64>,
    search: &str,
) -> Result<Vec<(String, String)>, Fault> {
    let records = match (choices.are_rows(), table) {
        (true, None) => Vec::new(),
        (true, Some(id)) => vec![client::record(choices.resource, id).await?],
        (false, _) => {
            let query = format!(
                "{}&count={}&search={}",
                choices.query,
                SHOWN + 1,
                client::encoded(search)
            );
            client::records(choices.resource, &query).await?.records
        }
    };
    Ok(choices.of(&records))
}
