//! A question before something that cannot be taken back. Where it can, do it and offer undo instead.

use crate::ui::{Button, ButtonKind, Dialog, announce};
use leptos::prelude::*;
use std::{cell::Cell, sync::Arc};

/// A question with two answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    /// The question: "Discard your changes?"
    pub title: String,
    /// What will happen.
    pub text: String,
    /// The verb on the button that goes ahead.
    pub action: String,
    /// The words on the button that does not.
    pub cancel: String,
    /// Whether going ahead takes something away.
    pub danger: bool,
}

impl Confirm {
    /// A question whose answer takes something away.
    pub fn danger(
        title: impl Into<String>,
        text: impl Into<String>,
        action: impl Into<String>,
    ) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            action: action.into(),
            cancel: "Cancel".to_owned(),
            danger: true,
        }
    }
}

#[derive(Clone)]
struct Asked {
    number: u32,
    confirm: Confirm,
    /// A plain function: the part of the page that asked may be made anew, and with it its callbacks.
    go_ahead: Arc<dyn Fn() + Send + Sync>,
}

thread_local! {
    static ASKED: ArcRwSignal<Option<Asked>> = ArcRwSignal::new(None);
    static OPEN: ArcRwSignal<bool> = ArcRwSignal::new(false);
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// Asks, and runs `go_ahead` if the answer is yes.
///
/// The question goes with what asked it: with the page, as every dialog does, and with the part of the page whose event
/// is being handled.
pub fn confirm(question: Confirm, go_ahead: impl Fn() + Send + Sync + 'static) {
    let number = confirm_of_page(question, go_ahead);
    on_cleanup(move || withdraw(number));
}

/// Like [`confirm`], for a question about the page as a whole: it stays although the part goes that led to it.
/// Gives its number.
pub fn confirm_of_page(question: Confirm, go_ahead: impl Fn() + Send + Sync + 'static) -> u32 {
    let number = NEXT.get();
    NEXT.set(number.wrapping_add(1));
    ASKED.with(|asked| {
        asked.set(Some(Asked {
            number,
            confirm: question,
            go_ahead: Arc::new(go_ahead),
        }));
    });
    OPEN.with(|open| open.set(true));
    number
}

/// Takes a question back that nobody can answer any more.
fn withdraw(number: u32) {
    let is_open = OPEN.with(GetUntracked::get_untracked);
    let title = ASKED.with(|asked| {
        asked.with_untracked(|asked| {
            let asked = asked.as_ref().filter(|asked| asked.number == number);
            asked.map(|asked| asked.confirm.title.clone())
        })
    });
    if is_open && let Some(title) = title {
        OPEN.with(|open| open.set(false));
        announce(format!("{title} There is nothing to decide any more."));
    }
}

/// Where the question is put; stands once in the frame.
#[component]
pub fn ConfirmDialog() -> impl IntoView {
    let asked = ASKED.with(|asked| RwSignal::from(asked.clone()));
    let open = OPEN.with(|open| RwSignal::from(open.clone()));
    let text = move |pick: fn(&Confirm) -> &String| {
        asked.with_untracked(|asked| {
            asked
                .as_ref()
                .map(|asked| pick(&asked.confirm).clone())
                .unwrap_or_default()
        })
    };
    let go_ahead = Callback::new(move |()| {
        open.set(false);
        if let Some(asked) = asked.get_untracked() {
            (asked.go_ahead)();
        }
    });
    let kind = move || {
        let danger =
            asked.with_untracked(|asked| asked.as_ref().is_some_and(|asked| asked.confirm.danger));
        if danger {
            ButtonKind::Danger
        } else {
            ButtonKind::Primary
        }
    };
    let title = Signal::derive(move || text(|confirm| &confirm.title));
    view! {
        <Dialog title=title open=open>
            <p class="muted">{text(|confirm| &confirm.text)}</p>
            <div class="dialog-actions">
                <Button on_press=move |()| open.set(false)>{text(|confirm| &confirm.cancel)}</Button>
                <Button kind=kind() on_press=go_ahead>
                    {text(|confirm| &confirm.action)}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}
