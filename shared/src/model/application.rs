//! An API application: a program that may ask the desk for access tokens.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::secret::{HasSecrets, Secret};
use crate::desk::{Scopes, redirect_uri};
use crate::problem::ErrorDetail;

/// A program that may log in. It is known by its client id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    pub name: String,
    /// Made by the desk, or brought by a bundle.
    #[serde(default)]
    pub client_id: String,
    /// Made by the desk and shown once, or brought by a bundle. Only its hash is kept.
    #[serde(default)]
    pub client_secret: Secret,
    /// The most that its tokens may do.
    #[serde(with = "scopes")]
    pub scopes: Scopes,
    /// In which ways it may get tokens.
    #[serde(default = "client_credentials")]
    pub grants: Vec<GrantType>,
    /// Where people are sent back to. Exact; on a loopback address the port is free.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redirect_uris: Vec<String>,
    /// Whether it can keep no secret, such as a program on people's own machines.
    #[serde(default, skip_serializing_if = "is_false")]
    pub public: bool,
    /// What is switched off gets no tokens, and those that it has are not good.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
}

/// A way to get tokens. Refresh tokens come with authorization codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// In its own name, with its secret.
    ClientCredentials,
    /// In the name of a person who allows it.
    AuthorizationCode,
}

/// So many requests in a rolling window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    pub requests: u32,
    pub window_s: u32,
}

/// Whoever holds the admin token logs in under this id.
pub const ADMIN_CLIENT: &str = "admin";

/// Where the one secret stands.
const SECRET: &str = "client_secret";

impl RateLimit {
    /// The moment of each request in the window is remembered.
    pub const MOST_REQUESTS: u32 = 10_000;
    pub const LONGEST_WINDOW_S: u32 = 24 * 3600;

    fn is_in_bounds(self) -> bool {
        (1..=Self::MOST_REQUESTS).contains(&self.requests)
            && (1..=Self::LONGEST_WINDOW_S).contains(&self.window_s)
    }
}

impl Application {
    pub fn allows(&self, grant: GrantType) -> bool {
        self.grants.contains(&grant)
    }

    /// Says what must be changed before it can be kept.
    pub fn check(&self) -> Result<(), ErrorDetail> {
        let refused = |code: &str, field: &str, sentence: String| {
            Err(ErrorDetail::new(code, sentence).at_field(field))
        };
        if self.name.trim().is_empty() || self.name.chars().count() > 100 {
            let sentence = "Enter a name of 1 to 100 characters.".to_owned();
            return refused("name", "name", sentence);
        }
        if let Err(sentence) = check_client_id(&self.client_id) {
            return refused("client_id", "client_id", sentence);
        }
        if self.grants.is_empty() {
            let sentence = "Choose at least one way to log in.".to_owned();
            return refused("no_grant", "grants", sentence);
        }
        if self.public && self.allows(GrantType::ClientCredentials) {
            let sentence = "An application without a secret cannot use client credentials. Take that login away, or give it a secret.".to_owned();
            return refused("public_client", "public", sentence);
        }
        if self.allows(GrantType::AuthorizationCode) && self.redirect_uris.is_empty() {
            let sentence = "Enter at least one redirect URI for the authorization code.".to_owned();
            return refused("no_redirect_uri", "redirect_uris", sentence);
        }
        for (index, uri) in self.redirect_uris.iter().enumerate() {
            if let Err(sentence) = redirect_uri::check(uri) {
                let field = format!("redirect_uris[{index}]");
                return refused("redirect_uri", &field, format!("`{uri}`: {sentence}"));
            }
        }
        if self.rate_limit.is_some_and(|limit| !limit.is_in_bounds()) {
            let sentence = format!(
                "Allow 1 to {} requests in 1 to {} seconds.",
                RateLimit::MOST_REQUESTS,
                RateLimit::LONGEST_WINDOW_S
            );
            return refused("rate_limit", "rate_limit", sentence);
        }
        match &self.client_secret.secret {
            Some(_) if self.public => {
                let sentence = "A public application has no secret. Leave it out.".to_owned();
                refused("public_client", SECRET, sentence)
            }
            Some(secret) if secret.is_empty() => {
                let sentence = "The secret is empty. Enter one, or leave it out.".to_owned();
                refused("empty", SECRET, sentence)
            }
            _ => Ok(()),
        }
    }
}

/// It travels in forms, in paths and in front of the colon of Basic credentials.
fn check_client_id(id: &str) -> Result<(), String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    if id.is_empty() || id.len() > 100 || !id.bytes().all(fits) {
        return Err(
            "A client id has 1 to 100 letters, digits, `-`, `_`, `.` and `~`. Enter another."
                .to_owned(),
        );
    }
    if id.eq_ignore_ascii_case(ADMIN_CLIENT) {
        return Err(format!(
            "The client id `{ADMIN_CLIENT}` belongs to the admin token. Enter another."
        ));
    }
    Ok(())
}

impl HasSecrets for Application {
    fn each_secret(&mut self, visit: &mut dyn FnMut(&str, &mut Secret)) {
        visit(SECRET, &mut self.client_secret);
    }
}

fn client_credentials() -> Vec<GrantType> {
    vec![GrantType::ClientCredentials]
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_true(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Scopes as a list of names; also read from one text with spaces between them.
mod scopes {
    use super::{Deserialize, Deserializer, Scopes, Serialize, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
    pub(super) fn serialize<S: Serializer>(scopes: &Scopes, to: S) -> Result<S::Ok, S::Error> {
        scopes.names().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Scopes, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a list of scopes")]
        enum Written {
            List(Vec<String>),
            Text(String),
        }
        let text = match Written::deserialize(from)? {
            Written::List(names) => names.join(" "),
            Written::Text(text) => text,
        };
        Scopes::of_application(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::strict;

    fn read(changes: &Value) -> Result<Application, String> {
        let mut fields = json!({
            "name": "Reports", "client_id": "reports", "scopes": ["read:tickets"],
        });
        for (name, value) in changes.as_object().unwrap() {
            fields[name] = value.clone();
        }
        strict::from_value(fields).map_err(|error| error.to_string())
    }

    #[test]
    fn what_a_contract_names_is_enough() {
        let application = read(&json!({})).unwrap();
        assert_eq!(application.check(), Ok(()));
        assert_eq!(
            serde_json::to_value(&application).unwrap(),
            json!({
                "name": "Reports", "client_id": "reports", "client_secret": {"secret": null},
                "scopes": ["read:tickets"], "grants": ["client_credentials"],
            })
        );
    }

    #[test]
    fn scopes_are_a_list_or_a_text_and_known() {
        for (scopes, expected) in [
            (json!("all"), Ok("all")),
            (json!(["all:standard"]), Ok("all")),
            (json!("edit:kb"), Ok("read:kb edit:kb")),
            (json!(["read:kb", "admin"]), Ok("admin read:kb")),
            (json!([]), Err("at least one")),
            (json!(""), Err("at least one")),
            (json!(["read:kb", "fly"]), Err("`fly`")),
            (json!(7), Err("list of scopes")),
        ] {
            let read = read(&json!({ "scopes": scopes }));
            match (read, expected) {
                (Ok(read), Ok(expected)) => assert_eq!(read.scopes.to_string(), expected),
                (Err(error), Err(part)) => assert!(error.contains(part), "{scopes}: {error}"),
                (read, _) => panic!("{scopes}: {read:?}"),
            }
        }
    }

    #[test]
    fn what_cannot_work_is_refused_with_its_place() {
        let code = json!(["authorization_code"]);
        for (changes, place) in [
            (json!({"name": " "}), Some("name")),
            (json!({"client_id": ""}), Some("client_id")),
            (json!({"client_id": "a b"}), Some("client_id")),
            (json!({"client_id": "Admin"}), Some("client_id")),
            (json!({"grants": []}), Some("grants")),
            (json!({"public": true}), Some("public")),
            (json!({"grants": code}), Some("redirect_uris")),
            (
                json!({"grants": code, "redirect_uris": ["https://a.example/cb", "javascript:1"]}),
                Some("redirect_uris[1]"),
            ),
            (
                json!({"grants": code, "public": true, "redirect_uris": ["https://a.example/cb"]}),
                None,
            ),
            (
                json!({"grants": code, "public": true, "redirect_uris": ["https://a.example/cb"], "client_secret": {"secret": "s"}}),
                Some("client_secret"),
            ),
            (
                json!({"client_secret": {"secret": ""}}),
                Some("client_secret"),
            ),
            (json!({"client_secret": {"secret": "s"}}), None),
            (
                json!({"rate_limit": {"requests": 0, "window_s": 1}}),
                Some("rate_limit"),
            ),
            (
                json!({"rate_limit": {"requests": 1, "window_s": 86_401}}),
                Some("rate_limit"),
            ),
            (json!({"rate_limit": {"requests": 1, "window_s": 1}}), None),
        ] {
            let checked = read(&changes).unwrap().check();
            let found = checked.err().and_then(|detail| detail.at.field);
            assert_eq!(found.as_deref(), place, "{changes}");
        }
    }
}
