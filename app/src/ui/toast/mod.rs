//! Short news of what happened elsewhere, and the way back from a delete.

use crate::frame::MAIN;
use crate::ui::{Button, Icon, IconButton, use_shortcut};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// How long a toast stays, unless it is pointed at or has focus.
const STAYS_MS: u64 = 10_000;

/// Kept as plain functions: a toast outlives the page that made it, and with it that page's callbacks.
type Act = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Toast {
    number: u32,
    text: String,
    /// Takes it back.
    undo: Option<Act>,
    /// Runs when the toast goes away and nothing was taken back.
    then: Option<Act>,
}

thread_local! {
    static TOASTS: ArcRwSignal<(u32, Vec<Toast>)> = ArcRwSignal::new((0, Vec::new()));
}

fn add(text: String, undo: Option<Act>, then: Option<Act>) {
    TOASTS.with(|toasts| {
        toasts.update(|(next, toasts)| {
            toasts.push(Toast {
                number: *next,
                text,
                undo,
                then,
            });
            *next = next.wrapping_add(1);
        });
    });
}

/// Takes a toast away, and gives it back if it was still there.
fn take(number: u32) -> Option<Toast> {
    let toasts = TOASTS.with(Clone::clone);
    let position = toasts
        .with_untracked(|(_, toasts)| toasts.iter().position(|toast| toast.number == number))?;
    let mut taken = None;
    toasts.update(|(_, toasts)| taken = Some(toasts.remove(position)));
    taken
}

fn dismiss(number: u32) {
    if let Some(Toast {
        then: Some(then), ..
    }) = take(number)
    {
        then();
    }
}

/// Says what happened elsewhere.
pub fn toast(text: impl Into<String>) {
    add(text.into(), None, None);
}

/// Says what was done, and offers for ten seconds to take it back with `undo`.
pub fn toast_undo(text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
    add(text.into(), Some(Arc::new(undo)), None);
}

/// Like [`toast_undo`], for what is done only when nobody took it back: `then` runs as the toast goes.
pub fn toast_undo_then(
    text: impl Into<String>,
    undo: impl Fn() + Send + Sync + 'static,
    then: impl Fn() + Send + Sync + 'static,
) {
    add(text.into(), Some(Arc::new(undo)), Some(Arc::new(then)));
}

/// Where toasts appear; stands once in the frame.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = TOASTS.with(|toasts| RwSignal::from(toasts.clone()));
    view! {
        <section class="toasts" aria-live="polite" aria-label="News">
            <For each=move || toasts.get().1 key=|toast| toast.number let:toast>
                {show(toast)}
            </For>
        </section>
    }
    .into_any()
}

fn show(toast: Toast) -> AnyView {
    let number = toast.number;
    let held = RwSignal::new(false);
    // The clock starts anew whenever the toast is let go.
    Effect::new(move |running: Option<Option<TimeoutHandle>>| {
        if let Some(Some(running)) = running {
            running.clear();
        }
        if held.get() {
            return None;
        }
        set_timeout_with_handle(move || dismiss(number), Duration::from_millis(STAYS_MS)).ok()
    });
    // What had focus goes with the toast.
    let leave = move || {
        if held.try_get_untracked() == Some(true) {
            request_animation_frame(|| crate::browser::focus(MAIN));
        }
    };
    let undo = toast.undo.map(|undo| {
        let key = undo.clone();
        use_shortcut("U", format!("Undo: {}", toast.text), move || {
            if take(number).is_some() {
                key();
            }
        });
        let press = move |()| {
            leave();
            if take(number).is_some() {
                undo();
            }
        };
        view! {
            <Button small=true icon=Icon::Undo on_press=press hint="U">
                "Undo"
            </Button>
        }
    });
    view! {
        <div
            class="toast"
            on:pointerenter=move |_| held.set(true)
            on:pointerleave=move |_| held.set(false)
            on:focusin=move |_| held.set(true)
            on:focusout=move |_| held.set(false)
        >
            <p>{toast.text}</p>
            {undo}
            <IconButton icon=Icon::Cross label="Dismiss" on_press=move |()| {
                leave();
                dismiss(number);
            } />
        </div>
    }
    .into_any()
}
