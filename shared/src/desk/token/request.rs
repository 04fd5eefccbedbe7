//! The forms that clients send.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::TokenError;
use crate::authorization;
use crate::desk::scope::Scopes;

/// How a client says who it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientLogin {
    pub client_id: String,
    /// A public client has none.
    pub client_secret: Option<String>,
}

/// A token request that says all it must.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRequest {
    pub client: ClientLogin,
    pub grant: GrantRequest,
}

/// What a token is asked for.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum GrantRequest {
    /// With the client's own credentials; it may be allowed less than it asks for.
    ClientCredentials { scopes: Scopes },
    /// With the code that a person's consent gave.
    AuthorizationCode {
        code: String,
        redirect_uri: Option<String>,
        code_verifier: Option<String>,
    },
    /// With what came beside an earlier token; `None` asks for all that was given then.
    RefreshToken {
        refresh_token: String,
        scopes: Option<Scopes>,
    },
}

/// A request to make a token worthless (RFC 7009).
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationRequest {
    pub client: ClientLogin,
    pub token: String,
}

/// Secrets are left out.
impl fmt::Debug for ClientLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientLogin")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Secrets are left out.
impl fmt::Debug for GrantRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientCredentials { .. } => "ClientCredentials",
            Self::AuthorizationCode { .. } => "AuthorizationCode",
            Self::RefreshToken { .. } => "RefreshToken",
        })
    }
}

/// Secrets are left out.
impl fmt::Debug for RevocationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevocationRequest")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

impl TokenRequest {
    /// Reads the form, and the credentials from the `Authorization` header where the form
    /// has none. Parameters are known in any case.
    pub fn parse(body: &str, authorization: Option<&str>) -> Result<Self, TokenError> {
        let mut form = Form::read(body)?;
        let grant = match form.take("grant_type").as_deref() {
            Some("client_credentials") => GrantRequest::ClientCredentials {
                scopes: Scopes::parse(&form.take("scope").unwrap_or_default())?,
            },
            Some("authorization_code") => GrantRequest::AuthorizationCode {
                code: form.need("code")?,
                redirect_uri: form.given("redirect_uri"),
                code_verifier: form.given("code_verifier"),
            },
            Some("refresh_token") => GrantRequest::RefreshToken {
                refresh_token: form.need("refresh_token")?,
                scopes: form
                    .given("scope")
                    .map(|scope| Scopes::parse(&scope))
                    .transpose()?,
            },
            Some(_) => return Err(TokenError::UnsupportedGrant),
            None => {
                return Err(TokenError::invalid_request(
                    "Send a form with grant_type, client_id and client_secret",
                ));
            }
        };
        let client = form.client(authorization)?;
        let own = matches!(grant, GrantRequest::ClientCredentials { .. });
        if own && client.client_secret.is_none() {
            return Err(TokenError::invalid_request(
                "Send both client_id and client_secret",
            ));
        }
        Ok(Self { client, grant })
    }
}

impl RevocationRequest {
    /// Reads the form; what kind of token it is does not need to be told.
    pub fn parse(body: &str, authorization: Option<&str>) -> Result<Self, TokenError> {
        let mut form = Form::read(body)?;
        Ok(Self {
            token: form.need("token")?,
            client: form.client(authorization)?,
        })
    }
}

/// The parameters that are known; each is there once at most.
#[derive(Default)]
struct Form([Option<String>; NAMES.len()]);

const NAMES: [&str; 9] = [
    "grant_type",
    "client_id",
    "client_secret",
    "scope",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "token",
];

impl Form {
    fn read(body: &str) -> Result<Self, TokenError> {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body.as_bytes()) {
            let Some(place) = form.place(&name) else {
                continue;
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(TokenError::invalid_request(
                    "A parameter is there more than once: send each once",
                ));
            }
        }
        Ok(form)
    }

    fn place(&mut self, name: &str) -> Option<&mut Option<String>> {
        let index = NAMES
            .iter()
            .position(|known| known.eq_ignore_ascii_case(name))?;
        self.0.get_mut(index)
    }

    fn take(&mut self, name: &str) -> Option<String> {
        self.place(name)?.take()
    }

    /// A parameter without a value is as good as none (RFC 6749, 3.2).
    fn given(&mut self, name: &str) -> Option<String> {
        self.take(name).filter(|value| !value.trim().is_empty())
    }

    fn need(&mut self, name: &str) -> Result<String, TokenError> {
        self.given(name)
            .ok_or_else(|| TokenError::InvalidRequest(format!("Send {name} in the form, too")))
    }

    fn client(&mut self, authorization: Option<&str>) -> Result<ClientLogin, TokenError> {
        let (id, secret) = (self.take("client_id"), self.take("client_secret"));
        match (id, secret, authorization) {
            (Some(client_id), Some(secret), _) => Ok(ClientLogin {
                client_id,
                client_secret: Some(secret),
            }),
            (_, None, Some(_)) => credentials(authorization),
            (Some(client_id), None, None) => Ok(ClientLogin {
                client_id,
                client_secret: None,
            }),
            (None, _, _) => Err(TokenError::invalid_request(
                "Send both client_id and client_secret",
            )),
        }
    }
}

/// The client's credentials from the header, where they are form-encoded first (RFC 6749, 2.3.1).
fn credentials(authorization: Option<&str>) -> Result<ClientLogin, TokenError> {
    let decode = |encoded: Vec<u8>| {
        let encoded = String::from_utf8(encoded).ok()?.replace('+', " ");
        let decoded = percent_decode_str(&encoded).decode_utf8().ok()?;
        Some(decoded.into_owned())
    };
    let (id, secret) =
        authorization::read_basic(authorization).map_err(|_| TokenError::InvalidClient)?;
    let (client_id, secret) = decode(id)
        .zip(decode(secret))
        .ok_or(TokenError::InvalidClient)?;
    Ok(ClientLogin {
        client_id,
        client_secret: Some(secret),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "grant_type=client_credentials";

    fn parse(
        body: &str,
        authorization: Option<&str>,
    ) -> Result<(String, String, String), &'static str> {
        let read = TokenRequest::parse(body, authorization).map_err(|error| error.code())?;
        let GrantRequest::ClientCredentials { scopes } = read.grant else {
            return Err("another grant");
        };
        Ok((
            read.client.client_id,
            read.client.client_secret.unwrap(),
            scopes.to_string(),
        ))
    }

    #[test]
    fn credentials_come_in_the_form_or_in_the_header() {
        let granted = |scope: &str| Ok(("app".to_owned(), "s e+c".to_owned(), scope.to_owned()));
        let header = authorization::basic("app", "s%20e%2Bc");
        for (rest, header, expected) in [
            (
                "&client_id=app&client_secret=s+e%2Bc&scope=all",
                None,
                granted("all"),
            ),
            (
                "&CLIENT_ID=app&client_secret=s%20e%2Bc&tenant=x",
                None,
                granted("all"),
            ),
            (
                "&scope=read%3Atickets+openid",
                Some(header.as_str()),
                granted("read:tickets"),
            ),
            (
                "&client_id=app&client_secret=",
                Some(header.as_str()),
                Ok(("app".to_owned(), String::new(), "all".to_owned())),
            ),
            ("&client_id=app", None, Err("invalid_request")),
            ("&client_id=app", Some("Bearer x"), Err("invalid_client")),
            (
                "&client_id=a&client_id=b&client_secret=c",
                None,
                Err("invalid_request"),
            ),
            (
                "&client_id=a&client_secret=c&scope=write:everything",
                None,
                Err("invalid_scope"),
            ),
        ] {
            assert_eq!(parse(&format!("{FORM}{rest}"), header), expected, "{rest}");
        }
        assert_eq!(parse("", None), Err("invalid_request"));
        assert_eq!(parse("{\"grant_type\": 1}", None), Err("invalid_request"));
        assert_eq!(
            parse("grant_type=password&client_id=a&client_secret=c", None),
            Err("unsupported_grant_type")
        );
    }

    #[test]
    fn each_grant_needs_its_own_parameters() {
        for (form, expected) in [
            (
                "grant_type=authorization_code&client_id=a&code=c",
                Ok("AuthorizationCode"),
            ),
            (
                "grant_type=authorization_code&client_id=a",
                Err("invalid_request"),
            ),
            (
                "grant_type=authorization_code&code=c",
                Err("invalid_request"),
            ),
            (
                "grant_type=refresh_token&client_id=a&refresh_token=r",
                Ok("RefreshToken"),
            ),
            (
                "grant_type=refresh_token&client_id=a&refresh_token=r&scope=fly",
                Err("invalid_scope"),
            ),
            (
                "grant_type=refresh_token&client_id=a&refresh_token=",
                Err("invalid_request"),
            ),
        ] {
            let read = TokenRequest::parse(form, None);
            let read = read.map(|read| format!("{:?}", read.grant));
            let expected = expected.map(str::to_owned);
            assert_eq!(read.map_err(|error| error.code()), expected, "{form}");
        }
        let revocation = RevocationRequest::parse("token=t&client_id=a", None).unwrap();
        assert_eq!(
            (revocation.token.as_str(), revocation.client.client_secret),
            ("t", None)
        );
        assert!(RevocationRequest::parse("client_id=a", None).is_err());
    }
}
