//! Query parameters and headers.

use leptos::prelude::*;
use shared::model::{Method, Pair as Row};

use super::bench::Bench;
use super::problems::of_rows;
use crate::ui::{Bound, Pair, PairEditor};

fn shown(rows: &[Row]) -> Vec<Pair> {
    let pair = |row: &Row| Pair {
        name: row.name.clone(),
        value: row.value.clone(),
        off: !row.on,
    };
    rows.iter().map(pair).collect()
}

fn kept(pairs: Vec<Pair>) -> Vec<Row> {
    let row = |pair: Pair| Row {
        name: pair.name,
        value: pair.value,
        on: !pair.off,
    };
    pairs.into_iter().map(row).collect()
}

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
