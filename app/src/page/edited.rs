//! What the pages have in common on which one thing is edited as a whole: that of one that is there, and that of a new one.

use std::future::Future;

use leptos::prelude::*;

use crate::client::Fault;
use crate::editing::{Editing, SaveButtons, SaveState, SaveTrouble};
use crate::frame::{Crumb, PageHeader};
use crate::page::integration::commands::select_title;
use crate::ui::{Bound, Button, ButtonKind, ButtonLink, Menu, MenuItem, use_shortcut};

/// The page of one that is there.
#[component]
pub fn EditedPage<T, N, F>(
    editing: Editing<T>,
    name: Bound<String>,
    crumbs: Vec<Crumb>,
    /// How its body is laid out.
    class: &'static str,
    /// What stands before the menu.
    #[prop(optional, into)]
    link: Option<AnyView>,
    menu: Signal<Vec<MenuItem>>,
    on_save: Callback<()>,
    /// Reads it anew, for when somebody else saved it meanwhile.
    newest: N,
    children: Children,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    N: Fn() -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<(T, u64), Fault>> + 'static,
{
    let (dirty, saving) = (editing.dirty(), editing.saving);
    let state = view! { <SaveState dirty=dirty saving=saving /> }.into_any();
    let buttons = view! {
        {link}
        <Menu label="More" items=menu />
        <SaveButtons dirty=dirty saving=saving on_save=on_save on_discard=move |()| editing.discard() />
    }
    .into_any();
    let trouble = view! {
        <SaveTrouble
            fault=editing.fault
            on_overwrite=move |()| editing.overwrite(newest(), on_save)
            on_reload=move |()| editing.reload(newest(), || ())
        />
    }
    .into_any();
    view! {
        <PageHeader title=name.signal() rename=name crumbs=crumbs state=state>{buttons}</PageHeader>
        {body(class, trouble, children)}
    }
    .into_any()
}

/// The page of one that is being made: its title is selected, so that typing names it.
#[component]
pub fn NewPage<T>(
    editing: Editing<T>,
    name: Bound<String>,
    /// To cancel leads to the last one.
    crumbs: Vec<Crumb>,
    class: &'static str,
    /// The words of the button.
    #[prop(default = "Create")]
    label: &'static str,
    on_create: Callback<()>,
    children: Children,
) -> impl IntoView
where
    T: Send + Sync + 'static,
{
    use_shortcut("Ctrl S", "Create", move || on_create.run(()));
    select_title();
    let cancel = crumbs.last().map(|crumb| {
        let href = crumb.href.to_string();
        view! { <ButtonLink kind=ButtonKind::Quiet href=href>"Cancel"</ButtonLink> }
    });
    let trouble = view! { <SaveTrouble fault=editing.fault /> }.into_any();
    view! {
        <PageHeader title=name.signal() rename=name crumbs=crumbs>
            {cancel}
            <Button kind=ButtonKind::Primary busy=editing.saving on_press=on_create>{label}</Button>
        </PageHeader>
        {body(class, trouble, children)}
    }
    .into_any()
}

fn body(class: &'static str, trouble: AnyView, children: Children) -> AnyView {
    view! { <div class=format!("page {class}")>{trouble} {children()}</div> }.into_any()
}
