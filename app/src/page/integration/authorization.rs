//! The fields of a login; which of them are there follows its kind.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::model::{ApiKeyPlace, Authorization, OAuthGrant, Secret};
use shared::request::halo;

use super::words::{AUTHORIZATIONS, authorization_kind};
use crate::ui::field::{Choice, Segments};
use crate::ui::{Bound, NumberField, SecretField, SelectField, TextField};

/// Edits an authorization. Secrets are written only: `missing` names the places that the server holds no
/// value for, and `saved` says what kind it stores them for.
#[component]
pub fn AuthorizationFields(
    auth: Bound<Authorization>,
    #[prop(into)] saved: Signal<Authorization>,
    #[prop(into)] missing: Signal<Vec<String>>,
    /// Whether one logs in at a Halo instance.
    #[prop(optional, into)]
    halo: Signal<bool>,
) -> impl IntoView {
    let kind = Memo::new(move |_| auth.signal().with(authorization_kind));
    // What was typed for one kind is there again when it is chosen again.
    let earlier = StoredValue::new(BTreeMap::<&'static str, Authorization>::new());
    let choose = Bound::new(
        Signal::derive(move || kind.get().to_owned()),
        Callback::new(move |chosen: String| {
            let now = auth.peek();
            if chosen == authorization_kind(&now) {
                return;
            }
            earlier.update_value(|earlier| {
                earlier.insert(authorization_kind(&now), now);
            });
            let stored = saved.get_untracked();
            auth.set(
                earlier
                    .with_value(|earlier| earlier.get(chosen.as_str()).cloned())
                    .or_else(|| (authorization_kind(&stored) == chosen).then_some(stored))
                    .unwrap_or_else(|| fresh(&chosen)),
            );
        }),
    );
    let choices = AUTHORIZATIONS
        .iter()
        .map(|(value, label)| Choice::new(*value, *label))
        .collect::<Vec<_>>();
    let fields = Fields {
        auth,
        saved,
        missing,
        halo,
    };
    view! {
        <div class="stack">
            <SelectField label="Authorization" value=choose choices=Signal::stored(choices) hint=Signal::derive(move || Some(hint(kind.get()).to_owned())) />
            {move || fields.of(kind.get())}
        </div>
    }
    .into_any()
}

fn hint(kind: &str) -> &'static str {
    match kind {
        "api_key" => "A key that the service gave you, sent with every request.",
        "bearer" => "A token that the service gave you, sent with every request.",
        "basic" => "A user name and a password, sent with every request.",
        "oauth2" => {
            "Nimbus fetches a token with the client id and secret, and a new one before it expires."
        }
        "desk" => "Signs in at this desk itself. The base URL begins with `<<halo_url>>`.",
        _ => "Requests are sent without a login.",
    }
}

fn fresh(kind: &str) -> Authorization {
    let authorization = "Authorization".to_owned();
    let bearer = "Bearer".to_owned();
    match kind {
        "api_key" => Authorization::ApiKey {
            r#in: ApiKeyPlace::Header,
            name: "X-Api-Key".to_owned(),
            prefix: String::new(),
            key: Secret::default(),
        },
        "bearer" => Authorization::Bearer {
            token: Secret::default(),
            r#in: ApiKeyPlace::Header,
            name: authorization,
            prefix: bearer,
        },
        "basic" => Authorization::Basic {
            username: String::new(),
            password: Secret::default(),
        },
        "oauth2" => Authorization::OAuth2 {
            grant: OAuthGrant::ClientCredentials,
            token_url: String::new(),
            client_id: String::new(),
            client_secret: Secret::default(),
            scope: String::new(),
            header: authorization,
            prefix: bearer,
            token_name: "access_token".to_owned(),
            lifetime_minutes: None,
            username: String::new(),
            password: Secret::default(),
        },
        "desk" => Authorization::Desk { scope: None },
        _ => Authorization::None {},
    }
}

/// Picks one field out of a kind that has it.
type Pick<T> = fn(&mut Authorization) -> Option<&mut T>;

macro_rules! pick {
    ($($kind:ident)|+, $field:ident) => {
        |auth| match auth {
            $(Authorization::$kind { $field, .. })|+ => Some($field),
            _ => None,
        }
    };
}

#[derive(Clone, Copy)]
struct Fields {
    auth: Bound<Authorization>,
    saved: Signal<Authorization>,
    missing: Signal<Vec<String>>,
    halo: Signal<bool>,
}

impl Fields {
    fn bound<T: Clone + PartialEq + Send + Sync + 'static>(
        self,
        pick: Pick<T>,
        empty: T,
    ) -> Bound<T> {
        let auth = self.auth;
        Bound::new(
            Memo::new(move |_| {
                let mut now = auth.get();
                pick(&mut now).cloned().unwrap_or_else(|| empty.clone())
            }),
            Callback::new(move |value: T| {
                auth.update(|auth| {
                    if let Some(field) = pick(auth) {
                        *field = value;
                    }
                });
            }),
        )
    }

    fn text(self, pick: Pick<String>) -> Bound<String> {
        self.bound(pick, String::new())
    }

    fn secret(self, label: &'static str, place: &'static str, pick: Pick<Secret>) -> AnyView {
        let secret = self.bound(pick, Secret::default());
        let value = Bound::new(
            Signal::derive(move || secret.get().secret),
            Callback::new(move |typed: Option<String>| secret.set(Secret { secret: typed })),
        );
        let Self {
            auth,
            saved,
            missing,
            ..
        } = self;
        let stored = Signal::derive(move || {
            let same_kind = authorization_kind(&saved.get()) == authorization_kind(&auth.get());
            same_kind && !missing.with(|missing| missing.iter().any(|other| other == place))
        });
        view! { <SecretField label=label value=value stored=stored hint="Kept sealed; it is never shown again.".to_owned() /> }.into_any()
    }

    fn place(self, pick: Pick<ApiKeyPlace>) -> AnyView {
        let place = self.bound(pick, ApiKeyPlace::Header);
        let value = Bound::new(
            Signal::derive(move || {
                match place.get() {
                    ApiKeyPlace::Header => "header",
                    ApiKeyPlace::Query => "query",
                }
                .to_owned()
            }),
            Callback::new(move |name: String| {
                place.set(if name == "query" {
                    ApiKeyPlace::Query
                } else {
                    ApiKeyPlace::Header
                });
            }),
        );
        view! {
            <Segments
                label="Sent in"
                value=value
                choices=vec![Choice::new("header", "A header"), Choice::new("query", "The query")]
            />
        }
        .into_any()
    }

    fn of(self, kind: &str) -> AnyView {
        match kind {
            "api_key" => view! {
                {self.secret("Key", "auth.key", pick!(ApiKey, key))}
                {self.place(pick!(ApiKey, r#in))}
                {self.name_and_prefix(pick!(ApiKey, name), pick!(ApiKey, prefix))}
            }
            .into_any(),
            "bearer" => view! {
                {self.secret("Token", "auth.token", pick!(Bearer, token))}
                {self.place(pick!(Bearer, r#in))}
                {self.name_and_prefix(pick!(Bearer, name), pick!(Bearer, prefix))}
            }
            .into_any(),
            "basic" => view! {
                <TextField label="User name" value=self.text(pick!(Basic, username)) code=true />
                {self.secret("Password", "auth.password", pick!(Basic, password))}
            }
            .into_any(),
            "oauth2" => self.oauth(),
            "desk" => self.desk(),
            _ => ().into_any(),
        }
    }

    fn name_and_prefix(self, name: Pick<String>, prefix: Pick<String>) -> AnyView {
        view! {
            <div class="field-pair">
                <TextField label="Name" value=self.text(name) code=true hint="Of the header or query parameter.".to_owned() />
                <TextField label="Prefix" value=self.text(prefix) code=true optional=true hint="Stands before the secret.".to_owned() />
            </div>
        }
        .into_any()
    }

    fn oauth(self) -> AnyView {
        let grant = self.bound(pick!(OAuth2, grant), OAuthGrant::ClientCredentials);
        let is_password = Memo::new(move |_| grant.get() == OAuthGrant::Password);
        let grant_name = Bound::new(
            Signal::derive(move || {
                if is_password.get() {
                    "password"
                } else {
                    "client_credentials"
                }
                .to_owned()
            }),
            Callback::new(move |name: String| {
                grant.set(if name == "password" {
                    OAuthGrant::Password
                } else {
                    OAuthGrant::ClientCredentials
                });
            }),
        );
        let lifetime = self.bound(pick!(OAuth2, lifetime_minutes), None);
        let lifetime = Bound::new(
            Signal::derive(move || lifetime.get().map(u64::from)),
            Callback::new(move |minutes: Option<u64>| {
                lifetime.set(minutes.and_then(|minutes| u32::try_from(minutes).ok()));
            }),
        );
        view! {
            <Segments
                label="Grant"
                value=grant_name
                choices=vec![
                    Choice::new("client_credentials", "Client credentials"),
                    Choice::new("password", "Password"),
                ]
            />
            <TextField label="Token URL" value=self.text(pick!(OAuth2, token_url)) code=true example="https://login.example.com/oauth2/token" />
            {self.tenant()}
            <TextField label="Client id" value=self.text(pick!(OAuth2, client_id)) code=true />
            {self.secret("Client secret", "auth.client_secret", pick!(OAuth2, client_secret))}
            <Show when=move || is_password.get()>
                <TextField label="User name" value=self.text(pick!(OAuth2, username)) code=true />
                {self.secret("Password", "auth.password", pick!(OAuth2, password))}
            </Show>
            <TextField label="Scope" value=self.text(pick!(OAuth2, scope)) code=true optional=true hint="Several with spaces between them.".to_owned() />
            <details class="more">
                <summary>"How the token is read and sent"</summary>
                <div class="stack">
                    <div class="field-pair">
                        <TextField label="Header" value=self.text(pick!(OAuth2, header)) code=true />
                        <TextField label="Prefix" value=self.text(pick!(OAuth2, prefix)) code=true optional=true />
                    </div>
                    <div class="field-pair">
                        <TextField label="Token name" value=self.text(pick!(OAuth2, token_name)) code=true hint="The property of the answer that holds the token.".to_owned() />
                        <NumberField label="Lifetime" value=lifetime min=1 max=525_600 unit="minutes" optional=true hint="As the answer says, where empty.".to_owned() />
                    </div>
                </div>
            </details>
        }
        .into_any()
    }

    /// The customer of a hosted Halo, which its token URL names.
    fn tenant(self) -> AnyView {
        let token_url = self.text(pick!(OAuth2, token_url));
        let tenant = token_url.part(
            |url| halo::tenant(url),
            |url, tenant: String| *url = halo::with_tenant(url, &tenant),
        );
        let is_halo = self.halo;
        view! {
            <Show when=move || is_halo.get()>
                <TextField
                    label="Tenant"
                    value=tenant
                    code=true
                    optional=true
                    hint="Of an instance that Halo hosts: it stands in Halo under Configuration, Integrations, HaloPSA API. It becomes a part of the token URL.".to_owned()
                />
            </Show>
        }
        .into_any()
    }

    fn desk(self) -> AnyView {
        let scope = self.bound(pick!(Desk, scope), None);
        let text = Bound::new(
            Signal::derive(move || scope.get().unwrap_or_default()),
            Callback::new(move |typed: String| {
                scope.set(Some(typed).filter(|typed| !typed.trim().is_empty()));
            }),
        );
        view! {
            <TextField
                label="Scope"
                value=text
                code=true
                optional=true
                hint="What it may do, such as `read:tickets edit:tickets`. Everything, where empty.".to_owned()
            />
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_can_be_chosen_afresh() {
        for (kind, _) in AUTHORIZATIONS {
            assert_eq!(authorization_kind(&fresh(kind)), kind);
        }
    }
}
