//! How a path is written, shown with the response that is at hand.

use leptos::prelude::*;
use shared::output::OutputPath;
use shared::trial::{Example, examples};

use super::bench::Bench;
use super::outputs::make;
use crate::ui::{Icon, IconButton};

pub(super) fn help(bench: Bench) -> AnyView {
    let found = Memo::new(move |_| {
        bench.response.with(|response| {
            let body = response
                .as_ref()
                .and_then(|response| std::str::from_utf8(&response.body.0).ok());
            let (mut examples, own) = examples(body);
            if let Some(response) = response.as_ref().filter(|_| own) {
                examples.push(Example {
                    syntax: "@status",
                    words: "what stands beside the body; also `@time_ms`, `@header[name]`",
                    path: "response@status".to_owned(),
                    value: response.status.to_string(),
                });
            }
            (examples, own)
        })
    });
    let rows = move || {
        let (examples, own) = found.get();
        examples
            .into_iter()
            .map(|example| row(bench, example, own))
            .collect_view()
    };
    let whose = move || {
        if found.with(|(_, own)| *own) {
            "With values from this response:"
        } else {
            "With values from a made-up response; send a test to see them from its own:"
        }
    };
    view! {
        <details class="more path-help">
            <summary>"How a path is written"</summary>
            <p class="muted tab-words">{whose}</p>
            <div class="table-scroll">
                <table class="path-examples">
                    <thead>
                        <tr>
                            <th scope="col">"Write"</th>
                            <th scope="col">"For"</th>
                            <th scope="col">"As in"</th>
                            <th scope="col">"Which is"</th>
                            <th scope="col"><span class="visually-hidden">"Use it"</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="muted tab-words">
                "Tests may be joined, as in " <code>"[active=true&id>7]"</code> "; besides " <code>"="</code> " there are "
                <code>"!= > >= < <= ~"</code> ". A " <code>"\\"</code> " makes any of " <code>"^ [ ] ! \\ = < > ~ & @ ?"</code>
                " part of a name. Where a path finds nothing the step fails, unless the variable has a default."
            </p>
        </details>
    }
    .into_any()
}

fn row(bench: Bench, example: Example, own: bool) -> AnyView {
    let path = example.path.clone();
    let label = format!("Make an output variable of {path}");
    let use_it = OutputPath::parse(&path).ok().filter(|_| own).map(|path| {
        view! { <IconButton icon=Icon::Plus label=label on_press=move |()| make(bench, &path) /> }
    });
    view! {
        <tr>
            <td><code>{example.syntax}</code></td>
            <td>{crate::ui::words(example.words)}</td>
            <td><code>{example.path}</code></td>
            <td><code>{example.value}</code></td>
            <td>{use_it}</td>
        </tr>
    }
    .into_any()
}
