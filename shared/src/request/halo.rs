//! What is known of an integration once it is said to be a Halo instance: where it gives tokens, and to whom.

use url::form_urlencoded;

use crate::model::{Authorization, Integration, OAuthGrant, Secret};

/// The parameter of the token URL that names the customer of a hosted Halo.
const TENANT: &str = "tenant";

/// Marks an integration as a Halo instance, and fills in how one logs in there. What somebody has typed stays.
pub fn mark(integration: &mut Integration) {
    integration.halo = true;
    let base = integration.base_url.trim();
    let is_own = base.starts_with("<<halo_url>>");
    match &mut integration.auth {
        auth @ Authorization::None {} if is_own => *auth = Authorization::Desk { scope: None },
        auth @ Authorization::None {} => {
            *auth = Authorization::OAuth2 {
                grant: OAuthGrant::ClientCredentials,
                token_url: token_url(base).unwrap_or_default(),
                client_id: String::new(),
                client_secret: Secret::default(),
                scope: "all".to_owned(),
                header: "Authorization".to_owned(),
                prefix: "Bearer".to_owned(),
                token_name: "access_token".to_owned(),
                lifetime_minutes: None,
                username: String::new(),
                password: Secret::default(),
            }
        }
        Authorization::OAuth2 {
            token_url: known,
            scope,
            ..
        } if known.trim().is_empty() => {
            *known = token_url(base).unwrap_or_default();
            if scope.trim().is_empty() {
                "all".clone_into(scope);
            }
        }
        _ => {}
    }
}

/// Gives an integration another base URL. The token URL of a Halo instance goes along, unless somebody typed another one.
pub fn set_base_url(integration: &mut Integration, base_url: &str) {
    let derived = token_url(&integration.base_url).unwrap_or_default();
    base_url.clone_into(&mut integration.base_url);
    if integration.halo
        && let Authorization::OAuth2 {
            token_url: known, ..
        } = &mut integration.auth
        && with_tenant(known, "") == derived
    {
        *known = with_tenant(&token_url(base_url).unwrap_or_default(), &tenant(known));
    }
}

/// Where the instance of that base URL gives tokens; `None` where the base URL does not say it yet.
pub fn token_url(base_url: &str) -> Option<String> {
    let base = base_url.trim().trim_end_matches('/');
    // Constants may stand in a base URL, but not in the address of tokens.
    if base.is_empty() || base.replace("<<halo_url>>", "").contains("<<") {
        return None;
    }
    let instance = match base.rsplit_once('/') {
        Some((instance, last)) if last.eq_ignore_ascii_case("api") => instance,
        _ => base,
    };
    Some(format!("{instance}/auth/token"))
}

/// The customer whom a token URL names; empty where it names none.
pub fn tenant(token_url: &str) -> String {
    let query = token_url.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name.eq_ignore_ascii_case(TENANT))
        .map_or_else(String::new, |(_, tenant)| tenant.into_owned())
}

/// The same token URL for another customer, or for none.
pub fn with_tenant(token_url: &str, tenant: &str) -> String {
    let (address, query) = token_url.split_once('?').unwrap_or((token_url, ""));
    let mut parameters = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !name.eq_ignore_ascii_case(TENANT) {
            parameters.append_pair(&name, &value);
        }
    }
    if !tenant.trim().is_empty() {
        parameters.append_pair(TENANT, tenant.trim());
    }
    match parameters.finish() {
        query if query.is_empty() => address.to_owned(),
        query => format!("{address}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn integration(base_url: &str, auth: &Value) -> Integration {
        let fields = json!({"id": "i", "name": "I", "base_url": base_url, "auth": auth});
        serde_json::from_value(fields).unwrap()
    }

    #[test]
    fn a_halo_instance_is_logged_into_with_client_credentials() {
        for (base, expected) in [
            ("https://x.halopsa.com", "https://x.halopsa.com/auth/token"),
            (
                "https://x.halopsa.com/API/",
                "https://x.halopsa.com/auth/token",
            ),
            ("https://h.test/desk/api", "https://h.test/desk/auth/token"),
            ("https://<<name>>.halopsa.com", ""),
            ("", ""),
        ] {
            let mut marked = integration(base, &json!({"type": "none"}));
            mark(&mut marked);
            assert!(marked.halo);
            let Authorization::OAuth2 {
                token_url, scope, ..
            } = marked.auth
            else {
                panic!("{:?}", marked.auth);
            };
            assert_eq!(
                (token_url.as_str(), scope.as_str()),
                (expected, "all"),
                "{base}"
            );
        }
        let mut own = integration("<<halo_url>>/api", &json!({"type": "none"}));
        mark(&mut own);
        assert_eq!(own.auth, Authorization::Desk { scope: None });
    }

    #[test]
    fn what_was_typed_stays() {
        for auth in [
            json!({"type": "bearer", "name": "Authorization"}),
            json!({"type": "oauth2", "grant": "client_credentials", "token_url": "https://login.test/t", "client_id": "a", "scope": "read:tickets"}),
        ] {
            let before = integration("https://x.halopsa.com", &auth);
            let mut marked = before.clone();
            mark(&mut marked);
            assert_eq!(marked.auth, before.auth);
        }
        let auth = json!({"type": "oauth2", "grant": "client_credentials", "token_url": "", "client_id": "a", "scope": ""});
        let mut marked = integration("https://x.halopsa.com", &auth);
        mark(&mut marked);
        let Authorization::OAuth2 {
            token_url,
            client_id,
            ..
        } = marked.auth
        else {
            panic!("{:?}", marked.auth);
        };
        assert_eq!(
            (token_url.as_str(), client_id.as_str()),
            ("https://x.halopsa.com/auth/token", "a")
        );
    }

    #[test]
    fn the_token_url_follows_the_base_url_until_somebody_types_another_one() {
        let token_url_of = |integration: &Integration| match &integration.auth {
            Authorization::OAuth2 { token_url, .. } => token_url.clone(),
            other => panic!("{other:?}"),
        };
        let mut halo = integration("", &json!({"type": "none"}));
        mark(&mut halo);
        for (base, tenant, expected) in [
            (
                "https://a.test",
                "acme",
                "https://a.test/auth/token?tenant=acme",
            ),
            ("", "acme", "?tenant=acme"),
            (
                "https://b.test/api",
                "acme",
                "https://b.test/auth/token?tenant=acme",
            ),
        ] {
            set_base_url(&mut halo, base);
            if let Authorization::OAuth2 { token_url, .. } = &mut halo.auth {
                *token_url = with_tenant(token_url, tenant);
            }
            assert_eq!(token_url_of(&halo), expected, "{base}");
        }
        if let Authorization::OAuth2 { token_url, .. } = &mut halo.auth {
            "https://login.test/t".clone_into(token_url);
        }
        set_base_url(&mut halo, "https://c.test");
        assert_eq!(token_url_of(&halo), "https://login.test/t");
        assert_eq!(halo.base_url, "https://c.test");
    }

    #[test]
    fn the_tenant_stands_in_the_token_url() {
        for (url, tenant_before, tenant_after, expected) in [
            (
                "https://h.test/auth/token",
                "",
                "acme",
                "https://h.test/auth/token?tenant=acme",
            ),
            (
                "https://h.test/auth/token?Tenant=a%26b",
                "a&b",
                "",
                "https://h.test/auth/token",
            ),
            (
                "https://h.test/t?x=1&tenant=old",
                "old",
                " R & D ",
                "https://h.test/t?x=1&tenant=R+%26+D",
            ),
            ("", "", "", ""),
        ] {
            assert_eq!(tenant(url), tenant_before, "{url}");
            assert_eq!(with_tenant(url, tenant_after), expected, "{url}");
        }
    }
}
