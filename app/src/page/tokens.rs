//! Tokens to copy into a template, each with what it stands for.

use leptos::prelude::*;
use shared::model::{ActsOn, DeskAction};

use crate::ui::CopyButton;

/// A list that is folded away until somebody wants it.
#[component]
pub fn Tokens(
    #[prop(into)] title: String,
    /// Each with where it comes from.
    #[prop(into)]
    tokens: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let row = |(token, from): (String, String)| {
        let label = format!("Copy {token}");
        let text = token.clone();
        view! {
            <li>
                <code>{token}</code>
                <span class="muted">{from}</span>
                <CopyButton text=Signal::stored(text) label=label />
            </li>
        }
    };
    view! {
        <details class="variables">
            <summary>{title}</summary>
            <ul>{move || tokens.get().into_iter().map(row).collect_view()}</ul>
        </details>
    }
    .into_any()
}

/// What the mapping of an action to its runbook can draw from.
pub fn action_tokens(action: &DeskAction) -> Vec<(String, String)> {
    let record: &[(&str, &str)] = match action.records {
        ActsOn::Ticket => &[
            ("ticket^id", "the ticket's number"),
            ("ticket^summary", "its summary"),
            ("ticket^details", "what was reported"),
            ("ticket^client_name", "its customer"),
            ("ticket^user_email", "who reported it"),
            ("action^note", "the note"),
        ],
        ActsOn::User => &[
            ("user^id", "the user's number"),
            ("user^name", "their name"),
            ("user^emailaddress", "their email address"),
            ("user^client_name", "their customer"),
        ],
        ActsOn::Asset => &[
            ("asset^id", "the asset's number"),
            ("asset^inventory_number", "its asset tag"),
            ("asset^client_name", "its customer"),
        ],
    };
    let record = record
        .iter()
        .map(|(token, from)| (format!("<<{token}>>"), (*from).to_owned()));
    let fields = action.fields.iter().map(|field| {
        (
            format!("<<action^{}>>", field.name),
            format!("the field {}", field.label()),
        )
    });
    let rest = [
        ("<<action^who>>", "who took the action"),
        ("<<action^customfields>>", "all of its fields"),
        ("<<halo_url>>", "this desk's address"),
    ];
    let rest = rest.map(|(token, from)| (token.to_owned(), from.to_owned()));
    record.chain(fields).chain(rest).collect()
}
