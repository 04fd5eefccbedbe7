//! One method: the request on the left, its result on the right.

mod bench;
mod body;
mod error;
mod help;
mod line;
mod marked;
mod output_more;
mod output_row;
mod outputs;
mod picked;
pub mod places;
mod problems;
mod rendered;
mod response;
mod result;
mod rows;
mod samples;
mod settings;

use leptos::prelude::*;
use shared::api::{IntegrationRecord, MethodRecord};
use shared::model::{Body, IntegrationId, MethodId};

use self::bench::Bench;
use crate::browser::focus_inside;
use crate::client::{self, Fault};
use crate::editing::{SaveButtons, SaveState, SaveTrouble};
use crate::frame::{Crumb, PageHeader};
use crate::load::{Loaded, show_loaded};
use crate::page::begun::take_back_untouched;
use crate::page::deleting::{Deleting, still_used, told_by};
use crate::page::integration::Outdated;
use crate::page::integration::commands::select_title;
use crate::route::{Route, use_route};
use crate::ui::{
    Bound, Icon, Menu, MenuItem, Notice, SplitPane, Tab, Tabs, Tone, in_address, use_shortcut,
};

/// The page.
#[component]
pub fn Method() -> impl IntoView {
    let route = use_route();
    let ids = Memo::new(move |_| match route.get() {
        Some(Route::Method {
            integration,
            method,
        }) => (integration, method),
        _ => Default::default(),
    });
    // Another id is another page: nothing of the last one's draft may stay.
    (move || {
        let (integration, method) = ids.get();
        let ids = IntegrationId::parse(&integration).and_then(|integration| {
            let method = MethodId::parse(&method)?;
            Ok((integration, method))
        });
        let records = Loaded::new(move || {
            let ids = ids.clone();
            async move {
                let Ok((integration, method)) = ids else {
                    return Err(Fault::not_found());
                };
                let record = client::method(&method).await?;
                if record.integration != integration {
                    return Err(Fault::not_found());
                }
                Ok((client::integration(&integration).await?, record))
            }
        });
        show_loaded("method", records, |(integration, method)| {
            view! { <Editor integration=integration method=method /> }.into_any()
        })
    })
    .into_any()
}

#[component]
fn Editor(integration: IntegrationRecord, method: MethodRecord) -> impl IntoView {
    let is_new = method.record.version == 1 && method.record.value.path.is_empty();
    let has_body = method.record.value.body != (Body::Empty {});
    let bench = Bench::new(integration, method);
    let editing = bench.editing;
    take_back_untouched(bench.id(), editing);
    use_shortcut("Ctrl Enter", "Send test", move || bench.send());
    let name = Bound::of(
        editing.draft,
        |draft| draft.name.clone(),
        |draft, name| draft.name = name,
    );
    if is_new {
        select_title();
    }
    if let Some(part) = places::part(&in_address(places::FIELD).peek()) {
        focus_inside(part, Some(places::PANEL.to_owned()));
    }
    let integration = bench.integration.with_value(|record| record.value.clone());
    let crumbs = vec![
        Crumb::new("Integrations".to_owned(), Route::Integrations),
        Crumb::new(
            integration.name,
            Route::Integration(integration.id.to_string()),
        ),
    ];
    let state = view! { <SaveState dirty=editing.dirty() saving=editing.saving /> }.into_any();
    let refused = RwSignal::new(None::<String>);
    let items = Signal::stored(vec![
        MenuItem::new("Delete method", Icon::Trash, move || {
            delete(bench, &name.peek(), refused);
        })
        .danger(),
    ]);
    let save = Callback::new(move |()| bench.save());
    let first = if has_body { "body" } else { "query" };
    view! {
        <PageHeader title=name.signal() rename=name crumbs=crumbs state=state>
            <Menu label="More" items=items />
            <SaveButtons
                dirty=editing.dirty()
                saving=editing.saving
                on_save=save
                on_discard=move |()| editing.discard()
                secondary=true
            />
        </PageHeader>
        <div class="page page-wide method">
            <SaveTrouble
                fault=editing.fault
                on_overwrite=move |()| editing.overwrite(bench.newest(), save)
                on_reload=move |()| editing.reload(bench.newest(), || ())
            />
            {move || refused.get().map(still_used)}
            {line::request_line(bench)}
            {demo_words(bench)}
            <Outdated
                methods=Signal::derive(move || vec![bench.id()])
                version=editing.version
            />
            <SplitPane
                label="Request and result"
                name="method"
                start=move || request_tabs(bench, first)
                end=move || result::result(bench)
            />
        </div>
    }
    .into_any()
}

fn request_tabs(bench: Bench, first: &'static str) -> AnyView {
    let draft = bench.editing.draft;
    let count = move |count: fn(&shared::model::Method) -> usize| {
        Signal::derive(move || {
            let count = draft.with(count);
            (count > 0).then(|| count.to_string())
        })
    };
    let body_note = Signal::derive(move || draft.with(|draft| body::note(&draft.body)));
    view! {
        <Tabs
            label="Request"
            first=first
            tabs=vec![
                Tab::new("query", "Query", move || rows::query(bench))
                    .with_note(count(|draft| draft.query.iter().filter(|row| row.on).count())),
                Tab::new("headers", "Headers", move || rows::headers(bench))
                    .with_note(count(|draft| draft.headers.iter().filter(|row| row.on).count())),
                Tab::new("body", "Body", move || body::body(bench)).with_note(body_note),
                Tab::new("outputs", "Output variables", move || outputs::outputs(bench))
                    .with_note(count(|draft| draft.outputs.len())),
                Tab::new("settings", "Settings", move || settings::settings(bench)),
            ]
        />
    }
    .into_any()
}

/// How to put a real service in the place of the demo one.
fn demo_words(bench: Bench) -> AnyView {
    let (base_url, id) = bench
        .integration
        .with_value(|record| (record.value.base_url.clone(), record.value.id.clone()));
    if !base_url.trim_start().starts_with("<<halo_url>>/demo") {
        return ().into_any();
    }
    view! {
        <Notice tone=Tone::Neutral>
            <p>
                "This is a demo that needs no key. To use a real service, "
                <a href=Route::Integration(id.to_string()).to_string()>"set the base URL"</a> " to "
                <code>"https://api.openai.com/v1"</code>
                " and paste your key under Authorization. Then publish the runbooks that use it again."
            </p>
        </Notice>
    }
    .into_any()
}

/// Deletes at once, and offers to take it back.
fn delete(bench: Bench, name: &str, refused: RwSignal<Option<String>>) {
    let id = bench.id();
    let integration = bench.integration_id().to_string();
    let deleting = Deleting {
        kind: "methods",
        id: id.to_string(),
        done: format!("Deleted {name}"),
        list: format!("{}?tab=methods", Route::Integration(integration.clone())),
        page: Route::Method {
            integration,
            method: id.to_string(),
        },
    };
    let request = async move { client::delete_method(&id).await };
    deleting.send(request, told_by(refused));
}
