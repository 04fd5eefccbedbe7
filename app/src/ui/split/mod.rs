//! Two panes with a divider that is dragged, or moved with the arrow keys.

use crate::{
    browser::{keep, kept},
    ui::Render,
};
use leptos::{ev, html, prelude::*};

const LEAST: f64 = 25.0;
const MOST: f64 = 75.0;
const STEP: f64 = 5.0;

/// The share of the first pane for a pointer at `at`, in percent of what lies between `start` and `start + length`.
fn share_at(at: f64, start: f64, length: f64) -> f64 {
    if length <= 0.0 {
        50.0
    } else {
        ((at - start) / length * 100.0).clamp(LEAST, MOST)
    }
}

/// The share after a key.
fn share_for_key(key: &str, share: f64) -> Option<f64> {
    let next = match key {
        "ArrowLeft" => share - STEP,
        "ArrowRight" => share + STEP,
        "Home" => LEAST,
        "End" => MOST,
        _ => return None,
    };
    Some(next.clamp(LEAST, MOST))
}

/// Two panes side by side; one above the other where the page is narrow. The division is kept in this browser.
#[component]
pub fn SplitPane(
    /// What the divider divides; read out.
    #[prop(into)]
    label: String,
    /// Under which name the division is kept.
    name: &'static str,
    #[prop(into)] start: Render,
    #[prop(into)] end: Render,
    /// The share of the first pane at first, in percent.
    #[prop(default = 50.0)]
    share: f64,
) -> impl IntoView {
    let kept_name = format!("nimbus.split.{name}");
    let first = kept(&kept_name)
        .and_then(|kept| kept.parse().ok())
        .unwrap_or(share)
        .clamp(LEAST, MOST);
    let share = RwSignal::new(first);
    let dragging = RwSignal::new(false);
    let node = NodeRef::<html::Div>::new();
    let save = move || keep(&kept_name, &share.get_untracked().to_string());
    let save_after_key = save.clone();
    let drag = move |event: ev::PointerEvent| {
        if dragging.get_untracked()
            && let Some(node) = node.get_untracked()
        {
            let rect = node.get_bounding_client_rect();
            share.set(share_at(
                f64::from(event.client_x()),
                rect.left(),
                rect.width(),
            ));
        }
    };
    let grip = NodeRef::<html::Div>::new();
    let start_drag = move |event: ev::PointerEvent| {
        event.prevent_default();
        if let Some(grip) = grip.get_untracked() {
            let _ = grip.set_pointer_capture(event.pointer_id());
            let _ = grip.focus();
        }
        dragging.set(true);
    };
    let keydown = move |event: ev::KeyboardEvent| {
        if let Some(next) = share_for_key(&event.key(), share.get_untracked()) {
            event.prevent_default();
            share.set(next);
            save_after_key();
        }
    };
    view! {
        <div class="split" node_ref=node style:--share=move || format!("{}%", share.get())>
            <div class="split-pane">{start.run()}</div>
            <div
                class="split-divider"
                class:dragging=move || dragging.get()
                node_ref=grip
                role="separator"
                tabindex="0"
                aria-label=label
                aria-orientation="vertical"
                aria-valuemin=LEAST.to_string()
                aria-valuemax=MOST.to_string()
                aria-valuenow=move || format!("{:.0}", share.get())
                on:pointerdown=start_drag
                on:pointermove=drag
                on:lostpointercapture=move |_| {
                    dragging.set(false);
                    save();
                }
                on:dblclick=move |_| share.set(50.0)
                on:keydown=keydown
            ></div>
            <div class="split-pane">{end.run()}</div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{share_at, share_for_key};

    #[test]
    #[expect(clippy::float_cmp, reason = "quarters are exact")]
    fn no_pane_becomes_too_narrow() {
        for (at, share) in [(500.0, 50.0), (0.0, 25.0), (1000.0, 75.0), (-50.0, 25.0)] {
            assert_eq!(share_at(at, 0.0, 1000.0), share);
        }
        assert_eq!(share_at(10.0, 0.0, 0.0), 50.0);
        let keys = [
            ("ArrowLeft", Some(25.0)),
            ("ArrowRight", Some(35.0)),
            ("End", Some(75.0)),
            ("a", None),
        ];
        for (key, share) in keys {
            assert_eq!(share_for_key(key, 30.0), share, "{key}");
        }
    }
}
