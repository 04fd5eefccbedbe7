//! Fields in all their states.

use crate::ui::{
    Checkbox, CodeField, Combobox, NumberField, Pair, PairEditor, SecretField, SelectField, Switch,
    TextField,
    field::{Choice, Segments},
};
use leptos::prelude::*;

/// Two columns of fields.
pub(super) fn show() -> AnyView {
    let name = RwSignal::new("Completions".to_owned());
    let address = RwSignal::new("api.openai.com/v1".to_owned());
    let wait = RwSignal::new(Some(30_000));
    let secret = RwSignal::new(None);
    let fresh = RwSignal::new(Some(String::new()));
    let login = RwSignal::new("bearer".to_owned());
    let method = RwSignal::new("m1".to_owned());
    let path = RwSignal::new("choices[0].mesage.content".to_owned());
    let body = RwSignal::new(
        "{\n  \"model\": \"gpt-4o-mini\",\n  \"prompt\": <<question>>,\n  \"max_tokens\": 250\n}"
            .to_owned(),
    );
    let note = RwSignal::new("Forwarded to the second line.".to_owned());
    let on = RwSignal::new(true);
    let off = RwSignal::new(false);
    let access = RwSignal::new("desk".to_owned());
    let headers = RwSignal::new(vec![
        Pair {
            name: "Accept".to_owned(),
            value: "application/json".to_owned(),
            off: false,
        },
        Pair {
            name: "X-Trace".to_owned(),
            value: "<<trace_id>>".to_owned(),
            off: true,
        },
        Pair {
            name: "X-Team".to_owned(),
            value: "<<team".to_owned(),
            off: false,
        },
    ]);
    let problems = vec![(
        2,
        "The token is not closed. Add >> behind “team”.".to_owned(),
    )];
    let logins = vec![
        Choice::new("none", "None"),
        Choice::new("api_key", "API key"),
        Choice::new("bearer", "Bearer token"),
        Choice::new("basic", "Basic"),
        Choice::new("oauth2", "OAuth 2.0"),
    ];
    let methods = vec![
        Choice::new("m1", "Ask a question").with_note("POST /completions"),
        Choice::new("m2", "List models").with_note("GET /models"),
        Choice::new("m3", "Delete a file").with_note("DELETE /files/<<id>>"),
    ];
    let accesses = vec![
        Choice::new("desk", "Desk only"),
        Choice::new("desk_and_public", "Desk and public address"),
    ];
    view! {
        <div class="columns">
            <div class="stack">
                <TextField label="Name" value=name />
                <TextField
                    label="Base URL"
                    value=address
                    code=true
                    error=Some("The address has no scheme. Put https:// in front.".to_owned())
                />
                <TextField label="Description" value=RwSignal::new(String::new()) optional=true example="What it is for" />
                <NumberField
                    label="Time limit"
                    value=wait
                    min=1
                    max=600_000
                    unit="ms"
                    hint="How long one request may take."
                />
                <SelectField label="Authorization" value=login choices=logins />
                <SecretField label="Token" value=secret stored=true />
                <SecretField label="Client secret" value=fresh stored=false hint="Never shown again." />
                <Combobox label="Method" value=method choices=methods />
                <TextField label="Disabled" value=RwSignal::new("rb_01HZX".to_owned()) code=true disabled=true />
            </div>
            <div class="stack">
                <CodeField label="Body" value=body />
                <CodeField
                    label="Path"
                    rows=1
                    value=path
                    fault=Some(11)
                    error=Some("Nothing is called “mesage” here. There is “message”.".to_owned())
                />
                <CodeField label="Note" value=note prose=true />
                <Segments label="Start access" value=access choices=accesses />
                <Switch label="Enabled" hint="Switched off, it refuses every start." value=on />
                <Switch label="Light logs" value=off />
                <Checkbox label="Safe to repeat" hint="A request that was cut off is sent again." value=on />
                <Checkbox label="Secret" value=off />
                <Checkbox label="Cannot be changed" value=on disabled=true />
                <PairEditor label="Headers" noun="header" rows=headers problems=problems />
            </div>
        </div>
    }
    .into_any()
}
