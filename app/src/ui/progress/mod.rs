//! That something is under way.

use leptos::prelude::*;

/// Work of unknown length. The word is read out, and shown only where nothing else says it.
#[component]
pub fn Spinner(
    #[prop(into)] label: String,
    /// Shows the label beside it.
    #[prop(optional)]
    show_label: bool,
) -> impl IntoView {
    let class = if show_label {
        "spinner-label"
    } else {
        "visually-hidden"
    };
    view! {
        <span class="spinner" role="status">
            <span class="spinner-wheel"></span>
            <span class=class>{label}</span>
        </span>
    }
    .into_any()
}

/// Work of known length.
#[component]
pub fn Progress(
    #[prop(into)] label: String,
    /// From 0 to 100.
    #[prop(into)]
    percent: Signal<u8>,
) -> impl IntoView {
    let percent = Memo::new(move |_| percent.get().min(100));
    view! {
        <div
            class="progress"
            role="progressbar"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || percent.get().to_string()
        >
            <div class="progress-done" style:width=move || format!("{}%", percent.get())></div>
        </div>
    }
    .into_any()
}

/// Grey lines in the place of text that is on its way, so that nothing moves when it comes.
#[component]
pub fn Skeleton(
    /// How many lines of text.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            {(0..lines).map(|_| view! { <span></span> }).collect_view()}
        </div>
    }
    .into_any()
}
