//! Dialogs: the browser's own `<dialog>`, which keeps focus inside, gives it back, and closes on Esc.

mod confirm;

pub use confirm::{Confirm, ConfirmDialog, confirm, confirm_of_page};

use crate::ui::{Icon, IconButton, id::unique_id};
use leptos::{html, prelude::*, reactive::effect::ImmediateEffect};
use leptos_router::hooks::use_location;

/// A dialog over the page. Its content is made when it opens and dropped when it closes, which it does by itself where
/// another page comes.
#[component]
pub fn Dialog(
    #[prop(into)] title: Signal<String>,
    /// Whether it is open; Esc and the cross set it to `false`.
    open: RwSignal<bool>,
    /// For content that needs more width.
    #[prop(optional)]
    wide: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let title_id = StoredValue::new(unique_id("dialog"));
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            // After its content is drawn, so that focus finds what it goes to.
            request_animation_frame(move || {
                if open.try_get_untracked() == Some(true) && !dialog.open() {
                    let _ = dialog.show_modal();
                }
            });
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let path = use_location().pathname;
    let before = StoredValue::new(path.get_untracked());
    // At once: nothing in it may be pressed any more when what it is about is gone.
    ImmediateEffect::new_scoped(move || {
        let now = path.get();
        let before = before.try_update_value(|before| std::mem::replace(before, now.clone()));
        if before.is_some_and(|before| before != now) {
            open.try_set(false);
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog
            class="dialog"
            class:dialog-wide=wide
            node_ref=node
            aria-labelledby=title_id.get_value()
            on:close=move |_| open.set(false)
        >
            <Show when=move || open.get()>
                <h2 class="dialog-title" id=title_id.get_value()>
                    {move || title.get()}
                </h2>
                <div class="dialog-content">{children.with_value(|children| children())}</div>
                // Last, so that the content is what focus goes to first.
                <div class="dialog-close">
                    <IconButton icon=Icon::Cross label="Close" on_press=move |()| open.set(false) />
                </div>
            </Show>
        </dialog>
    }
    .into_any()
}
