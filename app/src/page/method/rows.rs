//! Query parameters and headers.

use leptos::prelude::*;
use shared::model::Method;

use super::bench::Bench;
use super::problems::of_rows;
use crate::page::headers::{kept, shown};
use crate::ui::{Bound, Pair, PairEditor};

fn editor(
    bench: Bench,
    (label, noun, field): (&'static str, &'static str, &'static str),
    read: fn(&Method) -> Vec<Pair>,
    write: fn(&mut Method, Vec<Pair>),
) -> AnyView {
    let rows = Bound::of(bench.editing.draft, read, write);
    let problems = Signal::derive(move || bench.problems.with(|problems| of_rows(problems, field)));
    view! { <PairEditor label=label noun=noun rows=rows problems=problems /> }.into_any()
}

pub(super) fn query(bench: Bench) -> AnyView {
    view! {
        <p class="muted tab-words">
            "Appended to the address behind " <code>"?"</code> ". A value may hold variables, as " <code>"<<Name>>"</code> "."
        </p>
        {editor(
            bench,
            ("Query parameters", "parameter", "query"),
            |draft| shown(&draft.query),
            |draft, rows| draft.query = kept(rows),
        )}
    }
    .into_any()
}

pub(super) fn headers(bench: Bench) -> AnyView {
    view! {
        <p class="muted tab-words">
            "Sent beside the login and the content type, which need not be set here. A value may hold variables, as " <code>"<<Name>>"</code> "."
        </p>
        {editor(
            bench,
            ("Headers", "header", "headers"),
            |draft| shown(&draft.headers),
            |draft, rows| draft.headers = kept(rows),
        )}
    }
    .into_any()
}
