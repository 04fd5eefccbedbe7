//! Tokens to copy into a template, each with what it stands for.

use leptos::prelude::*;
use shared::event;
use shared::model::{ActsOn, DeskAction, EventKind};

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

/// What the mapping of an event trigger can draw from: its record, and where there is one, the action or the deadline.
pub fn event_tokens(event: EventKind) -> Vec<(String, String)> {
    let root = event.record().as_str();
    let mut tokens = vec![(format!("{root}^id"), "Its number".to_owned())];
    let fields = event::fields(event).into_iter();
    tokens.extend(fields.map(|field| (field.path, field.label)));
    let mut known = std::collections::BTreeSet::new();
    tokens.retain(|(token, _)| known.insert(token.clone()));
    if event.has_before() {
        let of_record = tokens.iter().find_map(|(token, label)| {
            let rest = token.strip_prefix(root)?.strip_prefix('^')?;
            (rest != "id").then(|| (format!("before^{rest}"), label.clone()))
        });
        tokens.extend(of_record.map(|(token, label)| {
            (
                token,
                format!("{label} before the change; so with all of the record"),
            )
        }));
    }
    tokens.push(("halo_url".to_owned(), "This desk's address".to_owned()));
    written(tokens)
}

/// What a step of a workflow and a schedule that goes by a date of tickets can draw from.
pub fn ticket_tokens() -> Vec<(String, String)> {
    event_tokens(EventKind::NewTicketLogged)
}

/// What a schedule can draw from.
pub fn schedule_tokens(of_tickets: bool) -> Vec<(String, String)> {
    let own = [
        ("schedule^due_at".to_owned(), "When it came due".to_owned()),
        ("schedule^name".to_owned(), "Its name".to_owned()),
    ];
    let mut tokens = written(own.into());
    if of_tickets {
        tokens.extend(ticket_tokens());
    } else {
        let address = ("halo_url".to_owned(), "This desk's address".to_owned());
        tokens.extend(written(vec![address]));
    }
    tokens
}

fn written(tokens: Vec<(String, String)>) -> Vec<(String, String)> {
    let tokens = tokens.into_iter();
    tokens
        .map(|(token, from)| (format!("<<{token}>>"), from))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_offers_what_it_brings_along_each_once() {
        for event in EventKind::all() {
            let tokens: Vec<String> = event_tokens(event).into_iter().map(|row| row.0).collect();
            let has = |text: &str| tokens.iter().any(|token| token.starts_with(text));
            assert!(
                has(&format!("<<{}^id>>", event.record().as_str())),
                "{event:?}"
            );
            assert_eq!(has("<<before^"), event.has_before(), "{event:?}");
            assert_eq!(has("<<sla^goal>>"), event.has_goal(), "{event:?}");
            assert_eq!(has("<<action^"), event.has_action(), "{event:?}");
            let mut once = tokens.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), tokens.len(), "{tokens:?}");
        }
    }
}
