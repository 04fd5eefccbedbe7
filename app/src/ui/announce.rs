//! Says to screen readers what sighted people see happen.

use leptos::prelude::*;

thread_local! {
    /// The last sentence, and how many came before: the same sentence twice is two announcements.
    static SAID: ArcRwSignal<(u32, String)> = ArcRwSignal::new((0, String::new()));
}

/// Has a screen reader say `sentence` as soon as it is free to.
pub fn announce(sentence: impl Into<String>) {
    let sentence = sentence.into();
    SAID.with(|said| said.update(|said| *said = (said.0.wrapping_add(1), sentence)));
}

/// The region that is read out. Stands once in the frame and is empty until something happens.
#[component]
pub fn LiveRegion() -> impl IntoView {
    let said = SAID.with(Clone::clone);
    let text = move || {
        let (count, sentence) = said.get();
        // A no-break space at the end, every second time, makes a repeated sentence a change.
        if count % 2 == 0 {
            sentence
        } else {
            sentence + "\u{a0}"
        }
    };
    view! { <div class="visually-hidden" role="status" aria-live="polite">{text}</div> }.into_any()
}
