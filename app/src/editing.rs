//! Editing a stored document: what was saved, what is on the screen, and what to do when
//! somebody else saved in the meantime.

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use crate::browser::{bring_into_view, focus_invalid};
use crate::client::Fault;
use crate::route::Route;
use crate::ui::field::Unread;
use crate::ui::unsaved::go_instead;
use crate::ui::{
    Badge, Button, ButtonKind, Dialog, Icon, IconView, Notice, Tone, announce, error_words,
    guard_unsaved, toast, use_shortcut,
};

/// A document being edited. Copies share their state.
#[derive(Debug)]
pub struct Editing<T: Send + Sync + 'static> {
    /// What is on the screen.
    pub draft: RwSignal<T>,
    /// What the server holds, as far as this page knows.
    pub saved: RwSignal<T>,
    /// The version of `saved`; 0 for what is not stored yet.
    pub version: RwSignal<u64>,
    pub saving: RwSignal<bool>,
    /// Why the last save did not work.
    pub fault: RwSignal<Option<Fault>>,
    dirty: Memo<bool>,
    unread: Unread,
}

impl<T: Send + Sync + 'static> Clone for Editing<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Editing<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Editing<T> {
    /// Starts with what is stored. Leaving the page with unsaved changes asks first.
    pub fn new(stored: T, version: u64) -> Self {
        let draft = RwSignal::new(stored.clone());
        let saved = RwSignal::new(stored);
        let unread = Unread::provide();
        let dirty = Memo::new(move |_| {
            unread.any() || draft.with(|draft| saved.with(|saved| draft != saved))
        });
        guard_unsaved(Signal::from(dirty));
        Self {
            draft,
            saved,
            version: RwSignal::new(version),
            saving: RwSignal::new(false),
            fault: RwSignal::new(None),
            dirty,
            unread,
        }
    }

    /// Whether the screen differs from what is stored.
    pub fn dirty(self) -> Signal<bool> {
        self.dirty.into()
    }

    /// Whether what is stored was not saved since it was made, and is not being saved. Asked of a page that is being left.
    pub fn is_as_made(self) -> bool {
        self.version.try_get_untracked() == Some(1)
            && self.saving.try_get_untracked() == Some(false)
    }

    /// Takes over what the server holds now.
    pub fn take(self, stored: T, version: u64) {
        self.version.set(version);
        self.saved.set(stored.clone());
        self.draft.set(stored);
        self.fault.set(None);
    }

    /// Takes over what `newest` reads, in place of what is on the screen; then `done`.
    pub fn reload<F: Future<Output = Result<(T, u64), Fault>> + 'static>(
        self,
        newest: F,
        done: impl FnOnce() + 'static,
    ) {
        self.read(newest, move |stored, version| {
            self.take(stored, version);
            done();
        });
    }

    /// Has `save` put what is on the screen in the place of what `newest` reads, whoever saved that.
    pub fn overwrite<F: Future<Output = Result<(T, u64), Fault>> + 'static>(
        self,
        newest: F,
        save: Callback<()>,
    ) {
        self.read(newest, move |stored, version| {
            self.saved.set(stored);
            self.version.set(version);
            save.try_run(());
        });
    }

    fn read<F: Future<Output = Result<(T, u64), Fault>> + 'static>(
        self,
        newest: F,
        then: impl FnOnce(T, u64) + 'static,
    ) {
        spawn_local(async move {
            let answer = newest.await;
            if self.fault.is_disposed() {
                return;
            }
            match answer {
                Ok((stored, version)) => then(stored, version),
                Err(fault) => self.fault.set(Some(fault)),
            }
        });
    }

    /// Lets go of a refusal as soon as what it is about is changed. `sent` is the draft as it is sent: a refusal may
    /// name a field of it, else it is about all of it.
    pub fn forgive(self, sent: fn(&T) -> Value) {
        Effect::new(move |before: Option<Option<(Fault, Value)>>| {
            let refusal = self.fault.get().filter(|fault| *fault != Fault::Changed);
            let now = refusal.map(|fault| {
                let sent = self.draft.with(sent);
                let about = fault.field().and_then(|field| part(&sent, field).cloned());
                (fault, about.unwrap_or(sent))
            });
            let Some((fault, about)) = &now else {
                return None;
            };
            if let Some(Some((former, was_about))) = before
                && former == *fault
                && was_about != *about
            {
                self.fault.set(None);
                return None;
            }
            now
        });
    }

    /// Goes back to what is stored.
    pub fn discard(self) {
        self.draft.set(self.saved.get_untracked());
        self.unread.put_back();
        self.fault.set(None);
    }

    /// Saves the draft by `send`, which gets the version it must replace and gives the stored document.
    /// What was typed meanwhile stays on the screen.
    pub fn save<F: Future<Output = Result<(T, u64), Fault>> + 'static>(
        self,
        send: impl FnOnce(u64, T) -> F,
        done: impl FnOnce() + 'static,
    ) {
        if self.saving.get_untracked() {
            return;
        }
        if untrack(|| self.unread.any()) {
            announce("Not saved: some fields need another value");
            focus_invalid();
            return;
        }
        self.saving.set(true);
        let offered = self.draft.get_untracked();
        let answer = send(self.version.get_untracked(), offered.clone());
        spawn_local(async move {
            let answer = answer.await;
            // Of a page that is left, nothing is there any more to be shown on.
            if self.saving.try_set(false).is_some() {
                return match answer {
                    Ok(_) => announce("Saved"),
                    Err(fault) => toast(format!("What was being saved is not saved. {fault}")),
                };
            }
            match answer {
                Ok((stored, version)) => {
                    self.fault.set(None);
                    self.version.set(version);
                    let unchanged = self.draft.with_untracked(|draft| *draft == offered);
                    self.saved.set(stored.clone());
                    if unchanged {
                        self.draft.set(stored);
                    }
                    announce("Saved");
                    done();
                }
                Err(fault) => self.fault.set(Some(fault)),
            }
        });
    }

    /// Makes what is on the screen, and goes to the page that it has then: `send` gives it as it is stored, and that page.
    pub fn create<F: Future<Output = Result<((T, u64), Route), Fault>> + 'static>(
        self,
        send: impl FnOnce(T) -> F,
    ) {
        let page = Rc::new(Cell::new(None));
        let found = Rc::clone(&page);
        self.save(
            |_, draft| {
                let answer = send(draft);
                async move {
                    let (stored, own) = answer.await?;
                    found.set(Some(own));
                    Ok(stored)
                }
            },
            // Whoever has left meanwhile is not called back.
            move || {
                if let Some(page) = page.take().filter(|_| !self.fault.is_disposed()) {
                    go_instead(page);
                }
            },
        );
    }
}

/// What stands at a place such as `fields[0].name`.
fn part<'v>(whole: &'v Value, place: &str) -> Option<&'v Value> {
    let mut steps = place.split(['.', '[', ']']).filter(|step| !step.is_empty());
    steps.try_fold(whole, |value, step| match step.parse::<usize>() {
        Ok(at) if value.is_array() => value.get(at),
        _ => value.get(step),
    })
}

/// The state of a draft in the page's header: saved, unsaved, saving.
#[component]
pub fn SaveState(
    #[prop(into)] dirty: Signal<bool>,
    #[prop(into)] saving: Signal<bool>,
) -> impl IntoView {
    let tone = Signal::derive(move || {
        if dirty.get() {
            Tone::Warning
        } else {
            Tone::Neutral
        }
    });
    let label = Signal::derive(move || {
        let word = match (saving.get(), dirty.get()) {
            (true, _) => "Saving",
            (false, true) => "Unsaved changes",
            (false, false) => "Saved",
        };
        word.to_owned()
    });
    view! { <Badge tone=tone label=label /> }.into_any()
}

/// The buttons that save and take back; `Ctrl S` saves too.
#[component]
pub fn SaveButtons(
    #[prop(into)] dirty: Signal<bool>,
    #[prop(into)] saving: Signal<bool>,
    #[prop(into)] on_save: Callback<()>,
    #[prop(into)] on_discard: Callback<()>,
    /// Where another button is the page's primary one.
    #[prop(optional)]
    secondary: bool,
) -> impl IntoView {
    use_shortcut("Ctrl S", "Save", move || on_save.run(()));
    let kind = if secondary {
        ButtonKind::Secondary
    } else {
        ButtonKind::Primary
    };
    let idle = Signal::derive(move || !dirty.get());
    view! {
        <Button kind=ButtonKind::Quiet idle=idle on_press=on_discard>"Discard"</Button>
        <Button kind=kind idle=idle busy=saving on_press=on_save>"Save"</Button>
    }
    .into_any()
}

/// Why saving did not work, on the page; and the question when somebody else was faster, which of nothing new can be.
///
/// `on_overwrite` saves over the other's version, `on_reload` takes it and drops what is on the screen.
#[component]
pub fn SaveTrouble(
    fault: RwSignal<Option<Fault>>,
    #[prop(optional, into)] on_overwrite: Option<Callback<()>>,
    #[prop(optional, into)] on_reload: Option<Callback<()>>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    Effect::new(move |_| asking.set(fault.with(|fault| *fault == Some(Fault::Changed))));
    Effect::new(move |_| {
        if fault.with(|fault| fault.as_ref().is_some_and(|fault| *fault != Fault::Changed)) {
            bring_into_view(".refusal");
        }
    });
    let close_with = move |then: Option<Callback<()>>| {
        fault.set(None);
        if let Some(then) = then {
            then.try_run(());
        }
    };
    view! {
        {move || {
            fault
                .get()
                .filter(|fault| *fault != Fault::Changed)
                .map(|fault| {
                    let way_back = fault.is_deleted().then(|| {
                        view! {
                            " "
                            <a href=Route::Deleted.to_string() target="_blank">
                                "Open Settings > Deleted in another tab"
                                <IconView icon=Icon::External />
                            </a>
                            ": what is on this page stays, and can be saved once it is back."
                        }
                    });
                    view! {
                        <div role="alert" class="refusal">
                            <Notice tone=Tone::Bad>
                                <strong>"Not saved. "</strong>
                                {error_words(&fault.to_string())}
                                {way_back}
                            </Notice>
                        </div>
                    }
                })
        }}
        <Dialog title="Somebody else saved this" open=asking>
            <p>"It was changed after you opened it, so your changes are not saved yet. Keep yours and replace theirs, or take theirs and lose yours."</p>
            <div class="dialog-actions">
                <Button on_press=move |()| fault.set(None)>"Decide later"</Button>
                <Button kind=ButtonKind::Danger on_press=move |()| close_with(on_reload)>"Take theirs"</Button>
                <Button kind=ButtonKind::Primary on_press=move |()| close_with(on_overwrite)>"Keep mine"</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::part;

    #[test]
    fn a_place_is_found_in_what_is_sent() {
        let whole = json!({"name": "A", "fields": [{"name": "B"}, {"1": "C"}]});
        for (place, found) in [
            ("name", Some(json!("A"))),
            ("fields[0].name", Some(json!("B"))),
            ("fields[1].1", Some(json!("C"))),
            ("fields[2].name", None),
            ("runbook", None),
            ("", Some(whole.clone())),
        ] {
            assert_eq!(part(&whole, place).cloned(), found, "{place}");
        }
    }
}
