//! The chart's tools: add, undo, redo, zoom, fit, tidy up; only those that change nothing where it is looked at.

use leptos::prelude::*;

use super::drawn::Drawn;
use super::state::Chart;
use crate::ui::{Button, Icon, IconButton};

#[component]
pub(super) fn Toolbar<D: Drawn>(chart: Chart<D>) -> impl IntoView {
    let zoom = move || format!("{:.0} %", chart.viewport.get().zoom * 100.0);
    let can_change = !chart.is_fixed;
    view! {
        <div class="chart-tools" role="toolbar" aria-label="Chart">
            {can_change.then(|| edits(chart))}
            <span class="chart-tools-group">
                <IconButton icon=Icon::ZoomOut label="Zoom out" keys="-" on_press=move |()| chart.zoom_by(0.8) />
                <span class="chart-zoom">{zoom}</span>
                <IconButton icon=Icon::ZoomIn label="Zoom in" keys="+" on_press=move |()| chart.zoom_by(1.25) />
                <IconButton icon=Icon::Fit label="Show all" keys="0" on_press=move |()| chart.fit() />
            </span>
            {can_change
                .then(|| view! { <Button small=true hint="T" on_press=move |()| chart.tidy()>"Tidy up"</Button> })}
            <IconButton
                icon=Icon::Text
                label="Show as a list"
                pressed=Signal::from(chart.as_list)
                on_press=move |()| chart.as_list.update(|on| *on = !*on)
            />
        </div>
    }
    .into_any()
}

/// Adding a step, and taking changes back.
fn edits<D: Drawn>(chart: Chart<D>) -> AnyView {
    let label = |word: &str, what: Option<String>| {
        what.map_or_else(|| word.to_owned(), |what| format!("{word}: {what}"))
    };
    let undo = Memo::new(move |_| chart.history.with(|h| h.undo_label().map(str::to_owned)));
    let redo = Memo::new(move |_| chart.history.with(|h| h.redo_label().map(str::to_owned)));
    view! {
        <Button icon=Icon::Plus small=true hint="A" on_press=move |()| chart.add_here()>
            "Add step"
        </Button>
        <span class="chart-tools-group">
            <IconButton
                icon=Icon::Undo
                keys="Ctrl Z"
                label=Signal::derive(move || label("Undo", undo.get()))
                disabled=Signal::derive(move || undo.with(Option::is_none))
                on_press=move |()| chart.undo()
            />
            <IconButton
                icon=Icon::Redo
                keys="Ctrl Shift Z"
                label=Signal::derive(move || label("Redo", redo.get()))
                disabled=Signal::derive(move || redo.with(Option::is_none))
                on_press=move |()| chart.redo()
            />
        </span>
    }
    .into_any()
}
