//! The body of the request: its kind, its text, and whether it will be sound.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::model::{Body, NamedTemplate};

use super::bench::Bench;
use super::problems::of_rows;
use super::rendered::rendered;
use crate::ui::field::{Choice, Segments};
use crate::ui::{Bound, Button, CodeField, Notice, Pair, PairEditor, TextField, Tone, error_words};

/// The word beside the tab; none where there is no body.
pub(super) fn note(body: &Body) -> Option<String> {
    match body {
        Body::Empty {} => None,
        Body::Json { .. } => Some("JSON".to_owned()),
        Body::Xml { .. } => Some("XML".to_owned()),
        Body::Text { .. } => Some("text".to_owned()),
        Body::Form { .. } => Some("form".to_owned()),
    }
}

fn kind(body: &Body) -> &'static str {
    match body {
        Body::Empty {} => "none",
        Body::Json { .. } => "json",
        Body::Xml { .. } => "xml",
        Body::Text { .. } => "text",
        Body::Form { .. } => "form",
    }
}

/// A new body of that kind, with the text of the one before where it had one.
fn fresh(kind: &str, before: &Body) -> Body {
    let text = match before {
        Body::Json { text } | Body::Xml { text } | Body::Text { text, .. } => text.clone(),
        Body::Empty {} | Body::Form { .. } => String::new(),
    };
    match kind {
        "json" if text.trim().is_empty() => Body::Json {
            text: "{\n  \n}".to_owned(),
        },
        "json" => Body::Json { text },
        "xml" => Body::Xml { text },
        "text" => Body::Text {
            text,
            content_type: "text/plain".to_owned(),
        },
        "form" => Body::Form { fields: Vec::new() },
        _ => Body::Empty {},
    }
}

pub(super) fn body(bench: Bench) -> AnyView {
    let draft = bench.editing.draft;
    let chosen = Memo::new(move |_| draft.with(|draft| kind(&draft.body)));
    // What was typed for one kind is there again when it is chosen again.
    let earlier = StoredValue::new(BTreeMap::<&'static str, Body>::new());
    let choose = Bound::new(
        Signal::derive(move || chosen.get().to_owned()),
        Callback::new(move |name: String| {
            draft.update(|draft| {
                let before = std::mem::take(&mut draft.body);
                let known = earlier.with_value(|earlier| earlier.get(name.as_str()).cloned());
                draft.body = known.unwrap_or_else(|| fresh(&name, &before));
                earlier.update_value(|earlier| {
                    earlier.insert(kind(&before), before);
                });
            });
        }),
    );
    let fields = move || match chosen.get() {
        "json" => json(bench),
        "xml" => xml(bench),
        "text" => text(bench),
        "form" => form(bench),
        _ => view! { <p class="muted">"The request has no body."</p> }.into_any(),
    };
    let refused = move || {
        bench.problem("body").get().map(|message| {
            view! {
                <Notice tone=Tone::Bad>
                    <p>{error_words(&message)}</p>
                    <Button small=true on_press=move |()| choose.set("none".to_owned())>"Set the body to none"</Button>
                </Notice>
            }
        })
    };
    view! {
        <div class="stack">
            <Segments
                label="Kind of body"
                hide_label=true
                value=choose
                choices=vec![
                    Choice::new("none", "None"),
                    Choice::new("json", "JSON"),
                    Choice::new("xml", "XML"),
                    Choice::new("text", "Text"),
                    Choice::new("form", "Form"),
                ]
            />
            {refused} {fields}
        </div>
    }
    .into_any()
}

fn whole_text(bench: Bench) -> Bound<String> {
    Bound::of(
        bench.editing.draft,
        |draft| match &draft.body {
            Body::Json { text } | Body::Xml { text } | Body::Text { text, .. } => text.clone(),
            Body::Empty {} | Body::Form { .. } => String::new(),
        },
        |draft, typed| {
            if let Body::Json { text } | Body::Xml { text } | Body::Text { text, .. } =
                &mut draft.body
            {
                *text = typed;
            }
        },
    )
}

/// Where the text goes wrong, in characters.
fn fault(bench: Bench) -> Signal<Option<usize>> {
    Signal::derive(move || {
        bench.problems.with(|problems| {
            problems
                .iter()
                .find(|problem| problem.at.field.as_deref() == Some("body.text"))
                .and_then(|problem| problem.at.offset)
        })
    })
}

fn json(bench: Bench) -> AnyView {
    view! {
        <CodeField
            label="JSON body"
            hide_label=true
            value=whole_text(bench)
            error=bench.problem("body.text")
            fault=fault(bench)
            hint="`<<Name>>` stands for a whole value, and brings its own quotes; inside quotes, `\"<<Name>>\"` stands for text.".to_owned()
        />
        {rendered(bench)}
    }
    .into_any()
}

fn xml(bench: Bench) -> AnyView {
    view! {
        <CodeField
            label="XML body"
            hide_label=true
            value=whole_text(bench)
            error=bench.problem("body.text")
            fault=fault(bench)
            hint="`<<Name>>` may stand between tags and in an attribute's quotes; its value is escaped there.".to_owned()
        />
        {rendered(bench)}
    }
    .into_any()
}

fn text(bench: Bench) -> AnyView {
    let content_type = Bound::of(
        bench.editing.draft,
        |draft| match &draft.body {
            Body::Text { content_type, .. } => content_type.clone(),
            _ => String::new(),
        },
        |draft, typed| {
            if let Body::Text { content_type, .. } = &mut draft.body {
                *content_type = typed;
            }
        },
    );
    view! {
        <TextField
            label="Content type"
            code=true
            value=content_type
            error=bench.problem("body.content_type")
            example="text/plain"
        />
        <CodeField
            label="Text body"
            value=whole_text(bench)
            error=bench.problem("body.text")
            fault=fault(bench)
            hint="A text variable keeps its quotes here; `<<Name!>>` leaves them out.".to_owned()
        />
        {rendered(bench)}
    }
    .into_any()
}

fn form(bench: Bench) -> AnyView {
    let rows = Bound::of(
        bench.editing.draft,
        |draft| {
            let pair = |field: &NamedTemplate| Pair {
                name: field.name.clone(),
                value: field.value.clone(),
                off: false,
            };
            match &draft.body {
                Body::Form { fields } => fields.iter().map(pair).collect(),
                _ => Vec::new(),
            }
        },
        |draft, rows: Vec<Pair>| {
            let field = |row: Pair| NamedTemplate {
                name: row.name,
                value: row.value,
            };
            if let Body::Form { fields } = &mut draft.body {
                *fields = rows.into_iter().map(field).collect();
            }
        },
    );
    let problems = Signal::derive(move || {
        bench
            .problems
            .with(|problems| of_rows(problems, "body.fields"))
    });
    view! { <PairEditor label="Form fields" noun="field" rows=rows problems=problems switches=false /> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_kind_keeps_the_text() {
        let typed = Body::Json {
            text: "{\"a\": 1}".to_owned(),
        };
        assert!(matches!(fresh("text", &typed), Body::Text { text, .. } if text == "{\"a\": 1}"));
        for name in ["none", "json", "xml", "text", "form"] {
            assert_eq!(kind(&fresh(name, &Body::default())), name);
        }
    }
}
