//! A draft with what is stored and published of it, and what its page has above the tabs.

use leptos::prelude::*;
use shared::api::{Publication, Record};

use super::{PublicationBadge, PublishBar, Publishable, Publishing};
use crate::chart::Chart;
use crate::client::Fault;
use crate::editing::{Editing, SaveButtons, SaveState, SaveTrouble};
use crate::frame::{Crumb, PageHeader};
use crate::page::deleting::still_used;
use crate::ui::{Bound, Button, ButtonKind, Icon, Menu, MenuItem, Render};

/// A draft that is edited on its page. Copies share their state.
#[derive(Clone)]
pub struct Drafted<D: Publishable> {
    pub editing: Editing<D>,
    pub publication: RwSignal<Publication>,
    /// Places of secrets that the server holds no value for.
    pub missing_secrets: RwSignal<Vec<String>>,
    pub chart: Chart<D>,
    /// Why it was not deleted.
    pub refused: RwSignal<Option<String>>,
    publishing: Publishing<D>,
}

impl<D: Publishable> Copy for Drafted<D> {}

impl<D: Publishable> Drafted<D> {
    pub fn new(record: Record<D>, publication: Publication, known: Signal<D::Known>) -> Self {
        let editing = Editing::new(record.value, record.version);
        let publishing = Publishing::new(editing.draft);
        Self {
            editing,
            publication: RwSignal::new(publication),
            missing_secrets: RwSignal::new(record.missing_secrets),
            chart: Chart::new(editing.draft, known, publishing.problems.into()),
            refused: RwSignal::new(None),
            publishing,
        }
    }

    fn took(self, (record, publication): (Record<D>, Publication)) -> (D, u64) {
        self.publication.set(publication);
        self.missing_secrets.set(record.missing_secrets);
        (record.value, record.version)
    }

    /// Saves what differs from what is stored.
    fn save_then(self, then: impl FnOnce() + 'static) {
        if !self.editing.dirty().get_untracked() {
            then();
            return;
        }
        self.editing.save(
            move |version, draft| {
                let gone = self.editing.saved.with_untracked(|saved| {
                    self.missing_secrets
                        .with_untracked(|missing| draft.takes_away(saved, missing))
                });
                async move {
                    let stored = draft.store(version).await?;
                    self.forget_secrets(&draft, &gone);
                    Ok(self.took(stored))
                }
            },
            then,
        );
    }

    /// What a save has taken away for good is brought back by no undo, nor by what was changed meanwhile.
    fn forget_secrets(self, offered: &D, gone: &[usize]) {
        if gone.is_empty() {
            return;
        }
        let Some(mut now) = self.editing.draft.try_get_untracked() else {
            return;
        };
        self.chart.adapt(&now, |draft| draft.forget_secrets(gone));
        if now != *offered {
            now.forget_secrets(gone);
            self.editing.draft.set(now);
        }
    }

    async fn newest(self) -> Result<(D, u64), Fault> {
        let draft = self.editing.draft.get_untracked();
        Ok(self.took(draft.read().await?))
    }

    fn publish(self) {
        self.save_then(move || self.publishing.publish(self.publication));
    }
}

/// Title, state, commands and buttons, and below them what keeps the draft from being saved, deleted or published.
#[component]
pub fn Head<D: Publishable>(
    drafted: Drafted<D>,
    crumbs: Vec<Crumb>,
    /// Where the title is kept.
    name: Bound<String>,
    /// Whether starts are accepted.
    #[prop(into)]
    enabled: Signal<bool>,
    #[prop(into)] on_delete: Callback<()>,
    /// What else has to be said of it.
    #[prop(optional, into)]
    notice: Option<Render>,
    /// Further buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let Drafted {
        editing,
        publication,
        publishing,
        chart,
        refused,
        ..
    } = drafted;
    let state = view! {
        <PublicationBadge publication=publication enabled=enabled />
        <SaveState dirty=editing.dirty() saving=editing.saving />
    }
    .into_any();
    let commands = Signal::derive(move || {
        let mut commands = Vec::new();
        if publication.with(|publication| publication.version.is_some()) {
            commands.push(MenuItem::new("Unpublish", Icon::Stop, move || {
                publishing.unpublish(publication);
            }));
        }
        let delete = format!("Delete {}", D::WHOLE.to_lowercase());
        let delete = MenuItem::new(delete, Icon::Trash, move || on_delete.run(()));
        commands.push(delete.danger());
        commands
    });
    let save = Callback::new(move |()| drafted.save_then(|| ()));
    view! {
        <PageHeader title=name.signal() rename=name crumbs=crumbs state=state>
            <Menu label="More" items=commands />
            {children.map(|children| children())}
            <SaveButtons
                dirty=editing.dirty()
                saving=editing.saving
                on_save=save
                on_discard=move |()| {
                    editing.discard();
                    chart.forget();
                }
                secondary=true
            />
            <Button
                kind=ButtonKind::Primary
                busy=publishing.busy
                on_press=move |()| drafted.publish()
                hint=D::PUBLISHES
            >
                "Publish"
            </Button>
        </PageHeader>
        <SaveTrouble
            fault=editing.fault
            on_overwrite=move |()| editing.overwrite(drafted.newest(), save)
            on_reload=move |()| editing.reload(drafted.newest(), move || chart.forget())
        />
        {move || refused.get().map(|why| view! { <div class="drafting-notice">{still_used(why)}</div> })}
        {notice.map(|notice| move || notice.run())}
        <PublishBar publishing=publishing publication=publication chart=chart dirty=editing.dirty() />
    }
    .into_any()
}
