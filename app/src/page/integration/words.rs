//! How things of an integration are called on the page.

use shared::model::Authorization;

/// The kinds of authorization: how they are stored, and what people call them.
pub const AUTHORIZATIONS: [(&str, &str); 6] = [
    ("none", "None"),
    ("api_key", "API key"),
    ("bearer", "Bearer token"),
    ("basic", "Basic (user name and password)"),
    ("oauth2", "OAuth 2.0"),
    ("desk", "This desk"),
];

/// What people call an authorization of that `type`.
pub fn authorization_name(kind: &str) -> &str {
    AUTHORIZATIONS
        .iter()
        .find(|(known, _)| *known == kind)
        .map_or(kind, |(_, name)| name)
}

/// The `type` of an authorization.
pub fn authorization_kind(authorization: &Authorization) -> &'static str {
    match authorization {
        Authorization::None {} => "none",
        Authorization::ApiKey { .. } => "api_key",
        Authorization::Bearer { .. } => "bearer",
        Authorization::Basic { .. } => "basic",
        Authorization::OAuth2 { .. } => "oauth2",
        Authorization::Desk { .. } => "desk",
    }
}

/// What people call a secret at a place such as `auth.client_secret`.
pub fn secret_name(place: &str) -> String {
    match place {
        "auth.key" => "key",
        "auth.token" => "token",
        "auth.password" => "password",
        "auth.client_secret" => "client secret",
        place if place.starts_with("start.auth.secrets") => "signing secret",
        "start.auth.password" => "password of its public address",
        other => other,
    }
    .to_owned()
}

/// The names in a sentence: "a", "a and b", "a, b and c".
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_authorization_has_a_name() {
        for (kind, name) in AUTHORIZATIONS {
            assert_eq!(authorization_name(kind), name);
        }
        assert_eq!(authorization_name("mtls"), "mtls");
        assert_eq!(authorization_kind(&Authorization::default()), "none");
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        for (names, expected) in [
            (&[][..], ""),
            (&["a"], "a"),
            (&["a", "b"], "a and b"),
            (&["a", "b", "c"], "a, b and c"),
        ] {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(listed(&names), expected);
        }
    }
}
