//! All parts side by side, to look at; in debug builds only.

mod data;
mod fields;
mod floating;
mod small;

use crate::{
    frame::{Crumb, PageHeader},
    route::Route,
    ui::{Badge, Button, ButtonKind, Icon, Tab, Tabs, Tone, guard_unsaved, use_shortcut},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn Gallery() -> impl IntoView {
    let name = RwSignal::new("Ask a question".to_owned());
    let first = name.get_untracked();
    guard_unsaved(Memo::new(move |_| name.with(|name| *name != first)));
    let sent = RwSignal::new(false);
    use_shortcut("Ctrl Enter", "Send test", move || {
        sent.update(|sent| *sent = !*sent);
    });
    let crumbs = vec![
        Crumb::new("Integrations", Route::Integrations),
        Crumb::new("Completions", Route::Integration("completions".to_owned())),
    ];
    let state = view! { <Badge tone=Tone::Warning label="Draft" icon=Icon::Edit /> }.into_any();
    let tabs = vec![
        Tab::new("fields", "Fields", fields::show),
        Tab::new("data", "Data", data::show).with_note(Some("4".to_owned())),
        Tab::new("floating", "Floating", floating::show),
        Tab::new("small", "Small parts", small::show),
    ];
    view! {
        <PageHeader title=name rename=name crumbs=crumbs state=state>
            <Button icon=Icon::Play busy=sent on_press=move |()| sent.set(true)>
                "Send test"
            </Button>
            <Button kind=ButtonKind::Primary>"Save"</Button>
        </PageHeader>
        <div class="page page-wide">
            <Tabs label="Parts" tabs=tabs />
        </div>
    }
    .into_any()
}
