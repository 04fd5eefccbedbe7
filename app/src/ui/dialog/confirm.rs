//! A question before something that cannot be taken back. Where it can, do it and offer undo instead.

use crate::ui::{Button, ButtonKind, Dialog};
use leptos::prelude::*;
use std::sync::Arc;

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
    confirm: Confirm,
    /// A plain function: the page that asked may be gone, and with it its callbacks.
    go_ahead: Arc<dyn Fn() + Send + Sync>,
}

thread_local! {
    static ASKED: ArcRwSignal<Option<Asked>> = ArcRwSignal::new(None);
    static OPEN: ArcRwSignal<bool> = ArcRwSignal::new(false);
}

/// Asks, and runs `go_ahead` if the answer is yes.
pub fn confirm(question: Confirm, go_ahead: impl Fn() + Send + Sync + 'static) {
    let go_ahead = Arc::new(go_ahead);
    ASKED.with(|asked| {
        asked.set(Some(Asked {
            confirm: question,
            go_ahead,
        }));
    });
    OPEN.with(|open| open.set(true));
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
