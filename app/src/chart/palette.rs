//! What can be put on the chart: opened by `A`, by the + of a way out, or by letting a pulled link go.

use leptos::prelude::*;
use shared::chart::Kind;
use shared::chart::edit::Place;

use super::chooser::Chooser;
use super::drawn::{Drawn, Offer};
use super::state::{Asked, Chart, face_of, keep_focus_on};
use crate::load::Loaded;

/// The palette; open while the chart has a place to fill.
#[component]
pub(super) fn Palette<D: Drawn>(chart: Chart<D>) -> impl IntoView {
    let open = RwSignal::new(false);
    // Asked for each time it is opened: not everybody who looks at a chart adds to it, and there may be new ones.
    let found = Loaded::new(move || {
        let wanted = open.get();
        async move {
            if wanted {
                D::find_more().await.map(Some)
            } else {
                Ok(None)
            }
        }
    });
    follow(chart.palette, open);
    let offers = move |search: String| {
        let known = chart.known.get();
        let found = found.value().flatten();
        let offers = |found: &D::Found| {
            chart
                .draft
                .with(|draft| draft.offers(&known, found, &search))
        };
        found.as_ref().map(offers).unwrap_or_default()
    };
    let choose = move |offer: Offer<Kind<D>>| chart.add(offer.what, &offer.name);
    let (words, nothing) = D::PALETTE;
    view! {
        <Chooser
            title="Add a step"
            search_words=("Search what to add", words)
            nothing=nothing
            open=open
            offers=offers
            on_choose=choose
        />
    }
    .into_any()
}

/// Asks which way out is meant, where a link is to be drawn that makes one.
#[component]
pub(super) fn Question<D: Drawn>(chart: Chart<D>) -> impl IntoView {
    let open = RwSignal::new(false);
    follow(chart.asked, open);
    let answers = move |_: String| {
        let Some(asked) = chart.asked.get() else {
            return Vec::new();
        };
        let known = chart.known.get();
        chart.draft.with(|draft| draft.answers(&known, &asked.from))
    };
    let choose = move |answer: Offer<shared::chart::Exit<D>>| {
        let Some(Asked { from, to }) = chart.asked.get_untracked() else {
            return;
        };
        chart.asked.set(None);
        match to {
            Some(to) => {
                chart.connect(&from, &answer.what, &to);
                // The ways out are drawn anew, and the one whose menu it was is gone.
                keep_focus_on(face_of(&from));
            }
            None => chart.open_palette(Place::After(from, answer.what)),
        }
    };
    let (question, words, nothing) = D::QUESTION;
    let title = Signal::derive(move || {
        let is_new = chart
            .asked
            .with(|asked| asked.as_ref().is_some_and(|asked| asked.to.is_none()));
        if is_new { D::QUESTION_OF_NEW } else { question }.to_owned()
    });
    view! {
        <Chooser
            title=title
            search_words=(words, words)
            nothing=nothing
            open=open
            offers=answers
            on_choose=choose
        />
    }
    .into_any()
}

/// A dialog is open while there is something for it to do, and closing it drops that.
fn follow<T: Clone + Send + Sync + 'static>(wanted: RwSignal<Option<T>>, open: RwSignal<bool>) {
    Effect::new(move |_| open.set(wanted.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && wanted.with_untracked(Option::is_some) {
            wanted.set(None);
        }
    });
}
