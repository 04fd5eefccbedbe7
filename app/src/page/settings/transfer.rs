//! A whole set-up as one file: out of this workspace, and into it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::ImportReport;
use shared::model::{RawJson, RunbookId};
use shared::problem::Severity;

use crate::browser::focus;
use crate::client;
use crate::route::Route;
use crate::ui::{
    Button, ButtonKind, Chosen, CodeField, FileButton, Icon, IconView, Notice, Tone, announce,
    words,
};

const NAME: &str = "nimbus-bundle.json";
/// The empty state of the integrations leads here.
const IMPORT: &str = "import";

/// Hands everything out as a bundle.
#[component]
pub(super) fn Export() -> impl IntoView {
    view! {
        <section class="section">
            <h2>"Export"</h2>
            <div class="stack">
                <p class="muted">
                    "All that is set up, from integrations and runbooks to workflows, ticket rules and API applications, as one JSON file, to keep or to import elsewhere. Secrets are left out."
                </p>
                <div>
                    <a class="button" href="/console/export" download=NAME>
                        <span class="button-face"><IconView icon=Icon::Download /> "Export a bundle"</span>
                    </a>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// Takes a bundle in, from a file or from what was pasted, and says what it made.
#[component]
pub(super) fn Import() -> impl IntoView {
    let text = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let report = RwSignal::new(None::<ImportReport>);
    let chosen =
        move |file: Chosen| match file.bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(read) => {
                fault.set(None);
                report.set(None);
                text.set(read);
            }
            None => fault.set(Some(
                "The file could not be read. Choose a JSON file that was exported from Nimbus."
                    .to_owned(),
            )),
        };
    let import = move |()| {
        fault.set(None);
        report.set(None);
        let bundle = match text.with_untracked(|text| RawJson::parse(text)) {
            Ok(bundle) => bundle,
            Err(error) => {
                fault.set(Some(error.to_string()));
                return;
            }
        };
        busy.set(true);
        spawn_local(async move {
            let answer = client::import(&bundle).await;
            busy.set(false);
            match answer {
                Ok(made) => {
                    announce("Imported");
                    text.set(String::new());
                    report.set(Some(made));
                }
                Err(problem) => fault.set(Some(problem.to_string())),
            }
        });
    };
    let empty = Signal::derive(move || text.with(|text| text.trim().is_empty()));
    Effect::new(move |_| {
        let hash = window().location().hash().unwrap_or_default();
        if hash.strip_prefix('#') == Some(IMPORT) {
            focus(IMPORT);
        }
    });
    view! {
        <section class="section">
            <h2>"Import"</h2>
            <div class="stack">
                <p class="muted">
                    "A bundle is taken whole or not at all. What has the same id is replaced and keeps its secrets."
                </p>
                <CodeField id=IMPORT label="Bundle (JSON)" value=text rows=6 />
                {move || fault.get().map(|text| refused("Nothing was imported. ", text))}
                {move || report.get().map(|made| told(&made))}
                <div class="row">
                    <Button kind=ButtonKind::Primary icon=Icon::Upload busy=busy disabled=empty on_press=import>
                        "Import"
                    </Button>
                    <FileButton accept="application/json,.json" on_file=chosen />
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn refused(title: &'static str, text: String) -> AnyView {
    view! {
        <div role="alert">
            <Notice tone=Tone::Bad>
                <strong>{title}</strong>
                {text}
            </Notice>
        </div>
    }
    .into_any()
}

/// What an import made, and what is left to do.
fn told(report: &ImportReport) -> AnyView {
    let lines = summary(report)
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    let drafts = report
        .drafts
        .iter()
        .map(|(id, problems)| {
            let first = problems
                .iter()
                .find(|problem| problem.severity == Severity::Error)
                .map(|problem| words(&problem.detail.message));
            let href = Route::Runbook(id.to_string()).to_string();
            view! {
                <li>
                    "The runbook " <a href=href>{name_of(report, id)}</a> " was imported, but not published: "
                    {first}
                </li>
            }
        })
        .collect_view();
    let workflows = report.workflows.iter().filter_map(|workflow| {
        let first = workflow.problems.first()?;
        let name = &workflow.name;
        let first = words(&first.detail.message);
        Some(view! {
            <li>{format!("The workflow {name} was imported, but not published: ")} {first}</li>
        })
    });
    let workflows = workflows.collect_view();
    let tone = if report.drafts.is_empty()
        && report.missing_secrets.is_empty()
        && report.notes.is_empty()
        && report
            .workflows
            .iter()
            .all(|workflow| workflow.problems.is_empty())
    {
        Tone::Good
    } else {
        Tone::Warning
    };
    view! {
        <div role="status">
            <Notice tone=tone>
                <strong>"Imported."</strong>
                <ul class="plain-list">{lines} {drafts} {workflows}</ul>
            </Notice>
        </div>
    }
    .into_any()
}

fn name_of(report: &ImportReport, id: &RunbookId) -> String {
    let name = report.names.get(id);
    name.cloned().unwrap_or_else(|| id.to_string())
}

fn summary(report: &ImportReport) -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |word: &str, names: &[String]| {
        if !names.is_empty() {
            lines.push(format!("{word}: {}", names.join(", ")));
        }
    };
    add("New", &report.created);
    add("Replaced", &report.replaced);
    let runbooks = report.published.iter().map(|id| name_of(report, id));
    let workflows = report.workflows.iter();
    let workflows = workflows.filter(|workflow| workflow.problems.is_empty());
    let published: Vec<_> = runbooks
        .chain(workflows.map(|workflow| workflow.name.clone()))
        .collect();
    add("Published", &published);
    let missing: Vec<_> = report
        .missing_secrets
        .iter()
        .map(|(what, place)| format!("{what} ({place})"))
        .collect();
    add("Secrets still to be entered", &missing);
    lines.extend(report.notes.iter().cloned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_what_was_made_and_what_is_missing() {
        let report = ImportReport {
            created: vec!["integration A".to_owned(), "method B".to_owned()],
            missing_secrets: vec![("integration A".to_owned(), "auth.token".to_owned())],
            notes: vec![
                "The service level Gold is the default now, in place of Silver.".to_owned(),
            ],
            ..ImportReport::default()
        };
        assert_eq!(
            summary(&report),
            [
                "New: integration A, method B",
                "Secrets still to be entered: integration A (auth.token)",
                "The service level Gold is the default now, in place of Silver.",
            ]
        );
        assert!(summary(&ImportReport::default()).is_empty());
    }
}
