//! An integration: where requests go and how they sign in there.

use serde::{Deserialize, Serialize};

use super::method::Method;
use super::secret::{HasSecrets, Secret};
use super::{IntegrationId, MethodId};

/// A service that runbooks talk to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    pub id: IntegrationId,
    pub name: String,
    /// A template; `<<halo_url>>…` stands for the embedded desk, whose requests never leave the worker.
    pub base_url: String,
    #[serde(default)]
    pub auth: Authorization,
    /// Values that all methods may use as `<<name>>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constants: Vec<Constant>,
    /// Whether the other side is a Halo instance, so that desk actions may target it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub halo: bool,
    /// Filled in bundles only; the console keeps methods as documents of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Method>,
}

/// A named value of an integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    pub name: String,
    pub value: String,
}

/// How requests are authorized.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Authorization {
    None {},
    ApiKey {
        r#in: ApiKeyPlace,
        /// Header or query parameter.
        name: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        prefix: String,
        #[serde(default)]
        key: Secret,
    },
    Bearer {
        #[serde(default)]
        token: Secret,
        #[serde(default)]
        r#in: ApiKeyPlace,
        #[serde(default = "authorization_header")]
        name: String,
        #[serde(default = "bearer_prefix")]
        prefix: String,
    },
    Basic {
        username: String,
        #[serde(default)]
        password: Secret,
    },
    #[serde(rename = "oauth2")]
    OAuth2 {
        grant: OAuthGrant,
        token_url: String,
        client_id: String,
        #[serde(default)]
        client_secret: Secret,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        scope: String,
        #[serde(default = "authorization_header")]
        header: String,
        #[serde(default = "bearer_prefix")]
        prefix: String,
        /// Which property of the token answer holds the token.
        #[serde(default = "access_token")]
        token_name: String,
        /// Overrides the lifetime that the token answer gives.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lifetime_minutes: Option<u32>,
        /// For the password grant only.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        username: String,
        /// For the password grant only.
        #[serde(default, skip_serializing_if = "not_held")]
        password: Secret,
    },
    /// Signs in at the embedded desk itself.
    Desk {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope: Option<String>,
    },
}

impl Default for Authorization {
    fn default() -> Self {
        Self::None {}
    }
}

/// Where a key or token travels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiKeyPlace {
    #[default]
    Header,
    Query,
}

/// OAuth 2.0 grants (RFC 6749) that need no person at the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OAuthGrant {
    ClientCredentials,
    Password,
}

fn authorization_header() -> String {
    "Authorization".to_owned()
}

fn bearer_prefix() -> String {
    "Bearer".to_owned()
}

fn access_token() -> String {
    "access_token".to_owned()
}

fn not_held(secret: &Secret) -> bool {
    !secret.is_held()
}

impl Authorization {
    /// The places of [`HasSecrets`], below `prefix`.
    fn each_secret_at(&mut self, prefix: &str, visit: &mut dyn FnMut(&str, &mut Secret)) {
        match self {
            Self::None {} | Self::Desk { .. } => {}
            Self::ApiKey { key, .. } => visit(&format!("{prefix}.key"), key),
            Self::Bearer { token, .. } => visit(&format!("{prefix}.token"), token),
            Self::Basic { password, .. } => visit(&format!("{prefix}.password"), password),
            Self::OAuth2 {
                grant,
                client_secret,
                password,
                ..
            } => {
                visit(&format!("{prefix}.client_secret"), client_secret);
                if *grant == OAuthGrant::Password {
                    visit(&format!("{prefix}.password"), password);
                }
            }
        }
    }
}

impl HasSecrets for Authorization {
    fn each_secret(&mut self, visit: &mut dyn FnMut(&str, &mut Secret)) {
        self.each_secret_at("auth", visit);
    }
}

impl HasSecrets for Integration {
    fn each_secret(&mut self, visit: &mut dyn FnMut(&str, &mut Secret)) {
        self.auth.each_secret_at("auth", visit);
    }
}

impl HasSecrets for Method {
    fn each_secret(&mut self, visit: &mut dyn FnMut(&str, &mut Secret)) {
        if let Some(auth) = &mut self.auth {
            auth.each_secret_at("auth", visit);
        }
    }
}

impl Integration {
    /// The method of that id, where the integration holds its methods.
    pub fn method(&self, id: &MethodId) -> Option<&Method> {
        self.methods.iter().find(|method| method.id == *id)
    }
}
