//! A dialog in which one of many things is searched for and chosen.

use leptos::prelude::*;

use super::drawn::Offer;
use crate::ui::{Dialog, IconView};

/// Offers what `offers` gives for a search; Enter takes the first.
#[component]
pub(super) fn Chooser<T: Clone + Send + Sync + 'static>(
    #[prop(into)] title: Signal<String>,
    /// What the field of the search is for, and what stands in it while it is empty.
    search_words: (&'static str, &'static str),
    nothing: &'static str,
    open: RwSignal<bool>,
    #[prop(into)] offers: Callback<String, Vec<Offer<T>>>,
    #[prop(into)] on_choose: Callback<Offer<T>>,
) -> impl IntoView {
    let search = RwSignal::new(String::new());
    Effect::new(move |_| {
        if open.get() {
            search.set(String::new());
        }
    });
    let found = Signal::derive(move || {
        let words = search.get();
        let mut offers = offers.run(words.clone());
        offers.retain(|offer| offer.fits(&words));
        offers
    });
    let list = move || {
        let found = found.get();
        if found.is_empty() {
            return view! { <p class="muted">{nothing}</p> }.into_any();
        }
        let mut group = String::new();
        let item = |offer: Offer<T>| {
            let head = (offer.group != group).then(|| {
                group.clone_from(&offer.group);
                view! { <h3 class="palette-group">{offer.group.clone()}</h3> }
            });
            let (icon, label, note) = (offer.icon, offer.label.clone(), offer.note.clone());
            let is_code = offer.is_code;
            view! {
                {head}
                <button type="button" class="palette-item" on:click=move |_| on_choose.run(offer.clone())>
                    <IconView icon=icon />
                    <span>{label}</span>
                    <span class="palette-note" class:code=is_code>{note}</span>
                </button>
            }
        };
        found.into_iter().map(item).collect_view().into_any()
    };
    view! {
        <Dialog title=title open=open>
            <input
                class="input"
                type="search"
                aria-label=search_words.0
                placeholder=search_words.1
                autofocus=true
                prop:value=move || search.get()
                on:input=move |event| search.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Enter" && let Some(first) = found.get_untracked().first() {
                        event.prevent_default();
                        on_choose.run(first.clone());
                    }
                }
            />
            <div class="palette-list">{list}</div>
        </Dialog>
    }
    .into_any()
}
