//! What an integration means: where its requests go, and what they carry.

use leptos::prelude::*;
use shared::mask::MASK;
use shared::model::{
    Authorization, Body, DeskOperation, HasSecrets, HttpMethod, Integration, Method, MethodId,
    OAuthGrant,
};
use shared::request::{Destination, RequestTemplate, login};
use shared::template::Variables;

use super::Desk;
use super::details::BASE_URL;
use super::words::{authorization_kind, listed, secret_name};
use crate::browser::focus;
use crate::ui::{Button, Notice, Tone, error_words};

/// Where requests go and what they carry, secrets masked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Preview {
    /// Without a slash at its end.
    url: String,
    stays_inside: bool,
    /// A header or query parameter.
    carries: Option<String>,
    /// Where Halo API actions go, of a Halo instance.
    actions: Option<String>,
}

/// The first request of an integration, as far as its own fields say.
fn preview(integration: &Integration, public_url: &str) -> Result<Preview, String> {
    let Ok(id) = MethodId::parse("preview") else {
        return Err(String::new());
    };
    let method = Method {
        id,
        name: String::new(),
        http_method: HttpMethod::Get,
        path: String::new(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Body::Empty {},
        outputs: Vec::new(),
        auth: None,
        timeout_ms: None,
        repeatable: None,
        idempotency_key: false,
        retry: None,
    };
    let template = RequestTemplate::for_method(integration, &method).map_err(|errors| {
        errors
            .into_iter()
            .next()
            .map(|e| e.message)
            .unwrap_or_default()
    })?;
    let mut request = template
        .render(&mut Variables::new(), public_url)
        .map_err(|error| error.to_string())?;
    let url = request.url().as_str().trim_end_matches('/').to_owned();
    login::preview(&integration.auth, &mut request).map_err(|error| error.to_string())?;
    let header = request
        .headers()
        .first()
        .map(|(name, value)| format!("{name}: {value}"));
    let in_query = request.url().query().is_some();
    Ok(Preview {
        url,
        stays_inside: request.destination() == Destination::Own,
        carries: header.or_else(|| in_query.then(|| query_parameter(&integration.auth))),
        actions: integration
            .halo
            .then(|| actions(integration, public_url))
            .flatten(),
    })
}

/// Where the action that makes a customer goes, for one of all.
fn actions(integration: &Integration, public_url: &str) -> Option<String> {
    let action = DeskOperation::CreateCustomer;
    let template = RequestTemplate::for_desk_action(integration, action, "[]").ok()?;
    let request = template.render(&mut Variables::new(), public_url).ok()?;
    Some(request.url().to_string())
}

fn query_parameter(auth: &Authorization) -> String {
    match auth {
        Authorization::ApiKey { name, prefix, .. } | Authorization::Bearer { name, prefix, .. } => {
            format!("?{name}={prefix}{MASK}")
        }
        _ => String::new(),
    }
}

/// The places whose secret is neither stored nor typed.
pub(super) fn still_missing(
    draft: &Integration,
    saved: &Integration,
    missing: &[String],
) -> Vec<String> {
    let same_kind = authorization_kind(&draft.auth) == authorization_kind(&saved.auth);
    let typed = draft.clone().take_secrets();
    typed
        .into_iter()
        .filter(|(place, secret)| {
            secret.reveal().is_empty() && (!same_kind || missing.contains(place))
        })
        .map(|(place, _)| place)
        .collect()
}

pub(super) fn meaning(desk: Desk, public_url: String) -> AnyView {
    let draft = desk.editing.draft;
    let preview = Memo::new(move |_| draft.with(|draft| preview(draft, &public_url)));
    let is_empty = Memo::new(move |_| draft.with(|draft| draft.base_url.trim().is_empty()));
    let missing = Memo::new(move |_| {
        draft.with(|draft| {
            desk.editing.saved.with(|saved| {
                desk.missing_secrets
                    .with(|missing| still_missing(draft, saved, missing))
            })
        })
    });
    let requests = move || match preview.get() {
        _ if is_empty.get() => view! {
            <p>"Requests go nowhere yet."</p>
            <Button small=true on_press=move |()| focus(BASE_URL)>"Type the base URL"</Button>
        }
        .into_any(),
        Ok(preview) => going_well(&preview),
        Err(message) => view! { <p class="field-error">{error_words(&message)}</p> }.into_any(),
    };
    let login = move || draft.with(|draft| login_words(&draft.auth));
    let secrets = move || {
        let names: Vec<String> = missing
            .get()
            .iter()
            .map(|place| secret_name(place))
            .collect();
        (!names.is_empty()).then(|| {
            let sentence = format!(
                "The {} {} missing. Until you type {} and save, requests fail before they are sent.",
                listed(&names),
                if names.len() == 1 { "is" } else { "are" },
                if names.len() == 1 { "it" } else { "them" },
            );
            view! { <Notice tone=Tone::Warning>{sentence}</Notice> }
        })
    };
    let client = move || {
        draft.with(|draft| lacks_client(&draft.auth)).then(|| {
            view! {
                <Notice tone=Tone::Warning>
                    "The client id is missing. Until you type it and save, no token is given."
                </Notice>
            }
        })
    };
    view! {
        <div class="boxed stack">
            <h2>"What it means"</h2>
            {requests}
            {login}
            {client}
            {secrets}
        </div>
    }
    .into_any()
}

fn going_well(preview: &Preview) -> AnyView {
    let url = format!("{}/…", preview.url);
    let carries = match preview.carries.clone() {
        Some(carries) => {
            view! { <p>"and carry " <code class="code-block">{carries}</code></p> }.into_any()
        }
        None => ().into_any(),
    };
    let inside = preview.stays_inside.then(|| {
        view! { <p class="muted">"They are answered by this deployment itself and do not use the network."</p> }
    });
    let actions = preview.actions.clone().map(|actions| {
        view! {
            <p>
                "Halo API actions go to addresses such as " <code class="code-block">{actions}</code>
            </p>
        }
    });
    view! {
        <p>"Requests go to " <code class="code-block">{url}</code></p>
        {carries}
        {actions}
        {inside}
    }
    .into_any()
}

/// Whether a token is to be fetched for a client without an id.
fn lacks_client(auth: &Authorization) -> bool {
    matches!(auth, Authorization::OAuth2 { client_id, .. } if client_id.trim().is_empty())
}

/// What the login does, where that needs more than its header.
fn login_words(auth: &Authorization) -> AnyView {
    let sentence = match auth {
        Authorization::None {} => "They carry no login.".to_owned(),
        Authorization::Desk { scope } => match scope {
            Some(scope) => format!("They may do what `{scope}` allows at this desk."),
            None => "They may do everything at this desk.".to_owned(),
        },
        Authorization::OAuth2 {
            token_url,
            client_id,
            grant,
            ..
        } if !token_url.is_empty() && !lacks_client(auth) => {
            let who = match grant {
                OAuthGrant::ClientCredentials => format!("the client `{client_id}`"),
                OAuthGrant::Password => format!("the client `{client_id}` and a user's password"),
            };
            format!(
                "The token comes from `{token_url}`, for {who}. It is kept until shortly before it expires, and fetched anew after a 401."
            )
        }
        _ => return ().into_any(),
    };
    view! { <p class="muted">{crate::ui::words(&sentence)}</p> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::model::{Bundle, Secret};

    fn integration(base_url: &str, auth: &str) -> Integration {
        let text = format!(
            r#"{{"format": "nimbus.bundle/1", "integrations": [{{"id": "i", "name": "I", "base_url": "{base_url}", "auth": {auth}}}]}}"#
        );
        Bundle::parse(text.as_bytes())
            .map(|mut bundle| bundle.integrations.remove(0))
            .unwrap()
    }

    #[test]
    fn it_says_where_requests_go_and_what_they_carry() {
        for (base_url, auth, url, carries) in [
            (
                "https://api.example.com/v1/",
                r#"{"type": "none"}"#,
                "https://api.example.com/v1",
                None,
            ),
            (
                "https://api.example.com",
                r#"{"type": "bearer"}"#,
                "https://api.example.com",
                Some("Authorization: Bearer ••••••"),
            ),
            (
                "https://api.example.com",
                r#"{"type": "api_key", "in": "query", "name": "key"}"#,
                "https://api.example.com",
                Some("?key=••••••"),
            ),
            (
                "https://api.example.com",
                r#"{"type": "basic", "username": "u"}"#,
                "https://api.example.com",
                Some("Authorization: Basic ••••••"),
            ),
            (
                "<<halo_url>>/api",
                r#"{"type": "none"}"#,
                "http://127.0.0.1:8787/api",
                None,
            ),
        ] {
            let shown = preview(&integration(base_url, auth), "http://127.0.0.1:8787").unwrap();
            assert_eq!(shown.url, url);
            assert_eq!(shown.carries.as_deref(), carries, "{auth}");
            assert_eq!(shown.stays_inside, base_url.starts_with('<'));
        }
        assert!(preview(&integration("ftp://x", r#"{"type": "none"}"#), "http://x").is_err());
    }

    #[test]
    fn it_says_where_actions_go_at_a_halo_instance() {
        let mut halo = integration("https://x.halopsa.com/api", r#"{"type": "none"}"#);
        assert_eq!(preview(&halo, "http://d").unwrap().actions, None);
        halo.halo = true;
        assert_eq!(
            preview(&halo, "http://d").unwrap().actions.as_deref(),
            Some("https://x.halopsa.com/api/Client")
        );
    }

    #[test]
    fn a_login_for_nobody_is_told() {
        for (auth, lacks) in [
            (r#"{"type": "none"}"#, false),
            (
                r#"{"type": "oauth2", "grant": "client_credentials", "token_url": "https://x.example/token", "client_id": "c"}"#,
                false,
            ),
            (
                r#"{"type": "oauth2", "grant": "client_credentials", "token_url": "https://x.example/token", "client_id": " "}"#,
                true,
            ),
        ] {
            let auth = integration("https://x.example", auth).auth;
            assert_eq!(lacks_client(&auth), lacks, "{auth:?}");
        }
    }

    #[test]
    fn a_secret_is_missing_until_it_is_typed_or_stored() {
        let saved = integration("https://x.example", r#"{"type": "bearer"}"#);
        let missing = ["auth.token".to_owned()];
        assert_eq!(still_missing(&saved, &saved, &missing), missing);
        assert!(still_missing(&saved, &saved, &[]).is_empty());
        let mut typed = saved.clone();
        if let Authorization::Bearer { token, .. } = &mut typed.auth {
            *token = Secret::new("sk-1");
        }
        assert!(still_missing(&typed, &saved, &missing).is_empty());
        let other = integration("https://x.example", r#"{"type": "basic", "username": "u"}"#);
        assert_eq!(still_missing(&other, &saved, &[]), ["auth.password"]);
    }
}
