//! Tables, JSON, panes.

use crate::{
    browser::now_ms,
    ui::{
        Badge, Cell, Column, EmptyState, ErrorPanel, Icon, JsonView, Notice, Render, Row, SortKey,
        SplitPane, Table, TableState, Tone, announce, clock,
    },
};
use leptos::prelude::*;

const BODY: &str = r#"{"id":"cmpl-9aZ","object":"text_completion","created":1718000000,"choices":[{"text":"Restart the spooler service, then print a test page.","index":0,"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":11,"total_tokens":23},"warnings":[],"cached":false}"#;

fn row(number: i64, runbook: &str, tone: Tone, state: &str, ms: u64) -> Row {
    let at = now_ms() - number * number * 190_000;
    let state = state.to_owned();
    let key = SortKey::text(&state);
    Row {
        key: number.to_string(),
        href: Some(format!("/runs/{number}")),
        cells: vec![
            Cell::text(runbook),
            Cell::new(
                move || view! { <Badge tone=tone label=state.clone() /> },
                key,
            ),
            Cell::text("Ticket action"),
            Cell::code(format!("run_01HZX{number:04}")),
            Cell::new(
                move || clock::duration(ms),
                SortKey::Number(i64::try_from(ms).unwrap_or(i64::MAX)),
            ),
            Cell::time(at),
        ],
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("Runbook").sorts(),
        Column::new("State").width("8.5rem").sorts(),
        Column::new("Started by").secondary(),
        Column::new("Run").secondary(),
        Column::new("Took").width("6rem").end().sorts().secondary(),
        Column::new("Started").width("7.5rem").end().sorts(),
    ]
}

/// Tables in all states, then a split pane.
pub(super) fn show() -> AnyView {
    let rows = vec![
        row(1, "Ask ChatGPT a question", Tone::Active, "Running", 640),
        row(
            2,
            "Create the customer in the CRM",
            Tone::Good,
            "Succeeded",
            1_870,
        ),
        row(5, "Order a replacement device", Tone::Bad, "Failed", 30_020),
        row(11, "Ask ChatGPT a question", Tone::Neutral, "Queued", 0),
        row(40, "Close stale tickets", Tone::Warning, "Waiting", 195_000),
    ];
    let empty = Render::new(|| {
        view! { <EmptyState title="No runs yet" text="A run appears here as soon as a runbook is started." icon=Icon::Runs /> }
    });
    let failed = TableState::Failed {
        title: "The server did not answer within 30 s.".to_owned(),
        text: "Check that it is running, then try again.".to_owned(),
    };
    let picked = RwSignal::new(None::<usize>);
    view! {
        <div class="stack stack-large">
            <Table label="Runs" columns=columns() state=TableState::Ready(rows) empty=empty.clone() />
            <Table label="Loading" columns=columns() state=TableState::Loading empty=empty.clone() />
            <Table label="Failed" columns=columns() state=failed empty=empty.clone() on_retry=move |()| announce("Trying again") />
            <SplitPane
                label="Request and result"
                name="gallery"
                start=move || {
                    view! {
                        <div class="stack">
                            <h2>"Request"</h2>
                            <Notice>"Click a value on the right to make an output variable of it."</Notice>
                            <p class="code">{move || picked.get().map_or("nothing picked".to_owned(), |at| format!("byte {at}"))}</p>
                            <ErrorPanel
                                title="choices[1] finds nothing."
                                text="The array has 1 element. Use choices[0]."
                            />
                        </div>
                    }
                }
                end=move || {
                    view! {
                        <div class="stack">
                            <h2>"Response"</h2>
                            <JsonView label="Response" text=BODY on_pick=move |at| picked.set(Some(at)) />
                            <JsonView label="Not JSON" text="<html>\n  <h1>502 Bad Gateway</h1>\n</html>" />
                        </div>
                    }
                }
            />
            <Table label="Empty" columns=columns() state=TableState::Ready(Vec::new()) empty=empty />
        </div>
    }
    .into_any()
}
