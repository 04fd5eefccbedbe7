//! `GET /auth/authorize`: whether a person is asked, sent back, or told that something is wrong.

use super::redirect_uri::{is_same, with_parameters};
use super::scope::Scopes;
use crate::api::applications::AuthorizeRequest;
use crate::model::{Application, GrantType};
use crate::problem::ErrorDetail;

/// What a person may allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub scopes: Scopes,
    /// Where the answer goes.
    pub redirect_uri: String,
    pub challenge: Option<String>,
    state: Option<String>,
}

/// Why a person is not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAsked {
    /// Who asks, or where the answer would go, is not known: the browser stays (RFC 6749, 4.1.2.1).
    Stay(ErrorDetail),
    /// The browser goes here, and the application learns what is wrong.
    Redirect(String),
}

impl Asked {
    /// Where the browser goes with the code.
    pub fn allowed(&self, code: &str) -> Option<String> {
        let state = self.state.as_deref();
        with_parameters(
            &self.redirect_uri,
            &[("code", Some(code)), ("state", state)],
        )
    }

    /// Where the browser goes when the person refuses.
    pub fn refused(&self) -> Option<String> {
        let sentence = "The person refused";
        sent_back(
            &self.redirect_uri,
            self.state.as_deref(),
            "access_denied",
            sentence,
        )
    }
}

/// Looks at an authorization request. `application` is the stored one of that client id, if there is one.
pub fn check(
    application: Option<&Application>,
    request: &AuthorizeRequest,
) -> Result<Asked, NotAsked> {
    let Some(application) = application.filter(|application| application.active) else {
        return Err(stay(
            "unknown_client",
            "client_id",
            "No application has this client id, or it is switched off. Ask whoever sent you here.",
        ));
    };
    let redirect_uri = redirect_uri(application, request.redirect_uri.as_deref())?;
    let back = |code: &str, sentence: &str| {
        let state = request.state.as_deref();
        Err(sent_back(&redirect_uri, state, code, sentence)
            .map_or_else(wrong_uri, NotAsked::Redirect))
    };
    match request.response_type.as_deref() {
        Some("code") => {}
        None => return back("invalid_request", "Send response_type=code"),
        Some(_) => return back("unsupported_response_type", "Send response_type=code"),
    }
    if !application.allows(GrantType::AuthorizationCode) {
        return back(
            "unauthorized_client",
            "This application is not set up for authorization codes",
        );
    }
    let challenge = request
        .code_challenge
        .as_deref()
        .filter(|text| !text.is_empty());
    match (challenge, request.code_challenge_method.as_deref()) {
        (Some(challenge), Some("S256")) if is_challenge(challenge) => {}
        (Some(_), Some("S256")) => {
            return back(
                "invalid_request",
                "The code_challenge must be the SHA-256 of the verifier, in base64url without padding",
            );
        }
        // Without a method, `plain` is meant (RFC 7636, 4.3).
        (Some(_), _) => {
            return back("invalid_request", "Send code_challenge_method=S256");
        }
        (None, _) if application.public => {
            return back(
                "invalid_request",
                "An application without a secret must send a code_challenge",
            );
        }
        (None, _) => {}
    }
    let asked = Scopes::parse(request.scope.as_deref().unwrap_or_default());
    let scopes = asked.map(|asked| asked.and(application.scopes));
    match scopes {
        Ok(scopes) if !scopes.is_empty() => Ok(Asked {
            scopes,
            challenge: challenge.map(str::to_owned),
            state: request.state.clone(),
            redirect_uri,
        }),
        _ => back("invalid_scope", "This application may not have that scope"),
    }
}

/// Where the answer goes: what is asked for, where that is registered; the only one, where none is asked for.
fn redirect_uri(application: &Application, asked: Option<&str>) -> Result<String, NotAsked> {
    let registered = &application.redirect_uris;
    match (asked, registered.as_slice()) {
        (Some(asked), _) if registered.iter().any(|known| is_same(known, asked)) => {
            Ok(asked.to_owned())
        }
        (None, [only]) => Ok(only.clone()),
        _ => Err(wrong_uri()),
    }
}

fn wrong_uri() -> NotAsked {
    stay(
        "redirect_uri",
        "redirect_uri",
        "The redirect URI is none of those that this application is registered with. Nobody is sent there. Ask whoever sent you here.",
    )
}

fn stay(code: &str, field: &str, sentence: &str) -> NotAsked {
    NotAsked::Stay(ErrorDetail::new(code, sentence).at_field(field))
}

fn sent_back(uri: &str, state: Option<&str>, code: &str, sentence: &str) -> Option<String> {
    with_parameters(
        uri,
        &[
            ("error", Some(code)),
            ("error_description", Some(sentence)),
            ("state", state),
        ],
    )
}

/// 256 bits in base64url.
fn is_challenge(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == 43 && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Secret;

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const URI: &str = "http://127.0.0.1/cb";

    fn application() -> Application {
        Application {
            name: "Reports".to_owned(),
            client_id: "reports".to_owned(),
            client_secret: Secret::default(),
            scopes: Scopes::parse("edit:tickets").unwrap(),
            grants: vec![GrantType::AuthorizationCode],
            redirect_uris: vec![URI.to_owned()],
            public: true,
            active: true,
            rate_limit: None,
        }
    }

    fn request() -> AuthorizeRequest {
        AuthorizeRequest {
            client_id: "reports".to_owned(),
            redirect_uri: Some("http://127.0.0.1:5000/cb".to_owned()),
            response_type: Some("code".to_owned()),
            scope: Some("all".to_owned()),
            state: Some("x y".to_owned()),
            code_challenge: Some(CHALLENGE.to_owned()),
            code_challenge_method: Some("S256".to_owned()),
            decision: None,
        }
    }

    #[test]
    fn a_good_request_is_asked_and_answered() {
        let asked = check(Some(&application()), &request()).unwrap();
        assert_eq!(asked.scopes.to_string(), "read:tickets edit:tickets");
        assert_eq!(
            asked.allowed("c").unwrap(),
            "http://127.0.0.1:5000/cb?code=c&state=x+y"
        );
        assert_eq!(
            asked.refused().unwrap(),
            "http://127.0.0.1:5000/cb?error=access_denied&error_description=The+person+refused&state=x+y"
        );
        let mut shorter = request();
        (shorter.redirect_uri, shorter.scope, shorter.state) = (None, None, None);
        let asked = check(Some(&application()), &shorter).unwrap();
        assert_eq!(asked.allowed("c").unwrap(), "http://127.0.0.1/cb?code=c");
    }

    type Change = fn(&mut Application, &mut AuthorizeRequest);

    #[test]
    fn what_is_wrong_is_told_where_it_is_safe() {
        let text = |text: &str| Some(text.to_owned());
        let cases: [(&str, Change); 13] = [
            ("stay unknown_client", |application, _| {
                application.active = false;
            }),
            ("stay redirect_uri", |_, request| {
                request.redirect_uri = Some("http://127.0.0.1:5000/other".to_owned());
            }),
            ("stay redirect_uri", |application, request| {
                application
                    .redirect_uris
                    .push("https://a.example/cb".to_owned());
                request.redirect_uri = None;
            }),
            ("stay redirect_uri", |application, request| {
                application.redirect_uris.clear();
                request.redirect_uri = None;
            }),
            ("invalid_request", |_, request| request.response_type = None),
            ("unsupported_response_type", |_, request| {
                request.response_type = Some("token".to_owned());
            }),
            ("unauthorized_client", |application, _| {
                application.grants = vec![GrantType::ClientCredentials];
            }),
            ("invalid_request", |_, request| {
                request.code_challenge_method = Some("plain".to_owned());
            }),
            ("invalid_request", |_, request| {
                request.code_challenge_method = None;
            }),
            ("invalid_request", |_, request| {
                request.code_challenge = None;
            }),
            ("invalid_request", |_, request| {
                request.code_challenge = Some("short".to_owned());
            }),
            ("invalid_scope", |_, request| {
                request.scope = Some("fly".to_owned());
            }),
            ("invalid_scope", |_, request| {
                request.scope = Some("read:kb".to_owned());
            }),
        ];
        for (index, (expected, change)) in cases.into_iter().enumerate() {
            let (mut application, mut request) = (application(), request());
            change(&mut application, &mut request);
            let told = match check(Some(&application), &request).unwrap_err() {
                NotAsked::Stay(detail) => format!("stay {}", detail.code),
                NotAsked::Redirect(uri) => {
                    let uri = url::Url::parse(&uri).unwrap();
                    let find = |name: &str| {
                        let found = uri.query_pairs().find(|(other, _)| other == name);
                        found.map(|(_, value)| value.into_owned())
                    };
                    assert_eq!(find("state"), text("x y"), "case {index}");
                    find("error").unwrap()
                }
            };
            assert_eq!(told, expected, "case {index}");
        }
        assert!(matches!(check(None, &request()), Err(NotAsked::Stay(_))));
    }

    #[test]
    fn an_application_with_a_secret_may_leave_the_challenge_out() {
        let (mut application, mut request) = (application(), request());
        application.public = false;
        (request.code_challenge, request.code_challenge_method) = (None, None);
        assert_eq!(check(Some(&application), &request).unwrap().challenge, None);
    }
}
