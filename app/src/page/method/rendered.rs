//! The body as it will be sent, with the sample values.

use leptos::prelude::*;
use shared::model::Body;
use shared::template::{Context, Template, Variables};

use super::bench::Bench;
use crate::ui::{JsonView, Notice, Tone, error_words};
use shared::trial::read_sample;

/// What the template of the body becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rendered {
    /// It is not a template; the field itself says why.
    Broken,
    /// It has no tokens: it is sent as it stands.
    Plain,
    Text(String),
    Failed(String),
}

fn render(text: &str, context: Context, variables: &Variables) -> Rendered {
    let Ok(template) = Template::parse(text, context) else {
        return Rendered::Broken;
    };
    if template.tokens().next().is_none() {
        return Rendered::Plain;
    }
    match template.render(variables) {
        Ok(text) => Rendered::Text(text),
        Err(error) => Rendered::Failed(error.to_string()),
    }
}

/// The samples and the integration's constants, as templates see them.
fn variables(bench: Bench) -> Variables {
    let mut variables = Variables::new();
    bench.samples.values.with(|typed| {
        for (name, text) in typed {
            if let Some(value) = read_sample(text).value() {
                // A JSON value prints as JSON, so it is taken.
                let _ = variables.insert(name.as_str(), value.to_string());
            }
        }
    });
    let public_url = crate::session::use_session().public_url;
    bench.integration.with_value(|record| {
        let constants = record
            .value
            .constants
            .iter()
            .map(|c| (c.name.as_str(), c.value.as_str()));
        for (name, value) in constants.chain([("halo_url", public_url.as_str())]) {
            if variables.get(name).is_none() {
                let _ = variables.insert_bare(name, shared::json::quote(value));
            }
        }
    });
    variables
}

pub(super) fn rendered(bench: Bench) -> AnyView {
    let result = Memo::new(move |_| {
        let variables = variables(bench);
        bench.editing.draft.with(|draft| match &draft.body {
            Body::Json { text } => render(text, Context::Json, &variables),
            Body::Xml { text } => render(text, Context::Xml, &variables),
            Body::Text { text, .. } => render(text, Context::Text, &variables),
            Body::Empty {} | Body::Form { .. } => Rendered::Plain,
        })
    });
    let text = Signal::derive(move || match result.get() {
        Rendered::Text(text) => text,
        _ => String::new(),
    });
    let lacking = Memo::new(move |_| !bench.without_sample().is_empty());
    let content = move || match result.get() {
        Rendered::Broken | Rendered::Plain => ().into_any(),
        Rendered::Failed(_) if lacking.get() => view! {
            <p class="muted">"Type sample values, and the body appears here as it will be sent."</p>
        }
        .into_any(),
        Rendered::Failed(message) => {
            view! { <Notice tone=Tone::Warning>{error_words(&message)}</Notice> }.into_any()
        }
        Rendered::Text(_) => view! {
            <details class="more">
                <summary>"With the sample values"</summary>
                <JsonView label="Body with the sample values" text=text />
            </details>
        }
        .into_any(),
    };
    content.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_shown_as_it_will_be_sent() {
        let mut variables = Variables::new();
        variables.insert("Prompt", "\"say \\\"hi\\\"\"").unwrap();
        for (text, expected) in [
            (r#"{"a": 1}"#, Rendered::Plain),
            (
                r#"{"a": <<Prompt>>}"#,
                Rendered::Text(r#"{"a": "say \"hi\""}"#.to_owned()),
            ),
            (r#"{"a": <<Prompt>>"#, Rendered::Broken),
        ] {
            assert_eq!(render(text, Context::Json, &variables), expected);
        }
        assert!(matches!(
            render("{\"a\": <<Promt>>}", Context::Json, &variables),
            Rendered::Failed(message) if message.contains("Prompt")
        ));
    }
}
