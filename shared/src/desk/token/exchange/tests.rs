use super::*;
use crate::model::Secret;

/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const URI: &str = "https://a.example/cb";

fn application(public: bool) -> Application {
    let code = GrantType::AuthorizationCode;
    Application {
        name: "Reports".to_owned(),
        client_id: "reports".to_owned(),
        client_secret: Secret::default(),
        scopes: Scopes::parse("edit:tickets read:customers").unwrap(),
        grants: if public {
            vec![code]
        } else {
            vec![GrantType::ClientCredentials, code]
        },
        redirect_uris: vec![URI.to_owned()],
        public,
        active: true,
        rate_limit: None,
    }
}

fn given() -> Given {
    Given {
        scopes: Scopes::parse("read:tickets read:kb").unwrap(),
        agent: Some(1),
    }
}

fn told(presented: Presented) -> Result<String, (bool, &'static str)> {
    match presented {
        Presented::Good(given) => Ok(given.scopes.to_string()),
        Presented::Stolen(error) => Err((true, error.code())),
        Presented::Refused(error) => Err((false, error.code())),
    }
}

#[test]
fn a_client_is_who_it_says_or_not() {
    let confidential = Client {
        application: application(false),
        secret_hash: Some(secret_hash("right")),
    };
    let mut off = confidential.clone();
    off.application.active = false;
    let without = Client {
        secret_hash: None,
        ..confidential.clone()
    };
    let public = Client {
        application: application(true),
        secret_hash: None,
    };
    for (client, secret, expected) in [
        (Some(&confidential), Some("right"), true),
        (Some(&confidential), Some("wrong"), false),
        (Some(&confidential), Some(""), false),
        (Some(&confidential), None, false),
        (Some(&off), Some("right"), false),
        (Some(&without), Some(""), false),
        (Some(&without), None, false),
        (Some(&public), None, true),
        (Some(&public), Some(""), true),
        (Some(&public), Some("right"), false),
        (None, Some("right"), false),
        (None, None, false),
    ] {
        let login = ClientLogin {
            client_id: "reports".to_owned(),
            client_secret: secret.map(str::to_owned),
        };
        assert_eq!(
            authenticate(client, &login).is_ok(),
            expected,
            "{client:?} {secret:?}"
        );
    }
}

#[test]
fn client_credentials_give_no_more_than_the_application_may_have() {
    let own = |public, asked| {
        own_grant(&application(public), Scopes::parse(asked).unwrap())
            .map(|given| given.scopes.to_string())
            .map_err(|error| error.code())
    };
    let all = "read:tickets edit:tickets read:customers";
    assert_eq!(own(false, "all").as_deref(), Ok(all));
    assert_eq!(own(false, "read:tickets").as_deref(), Ok("read:tickets"));
    assert_eq!(own(false, "admin"), Err("invalid_scope"));
    assert_eq!(own(true, "all"), Err("unauthorized_client"));
}

#[test]
fn a_code_is_good_for_what_it_was_bound_to() {
    let code = |challenge: Option<&str>| StoredCode {
        client_id: "reports".to_owned(),
        redirect_uri: Some(URI.to_owned()),
        challenge: challenge.map(str::to_owned),
        given: given(),
        expires_at: 60,
        used: false,
    };
    let with = Some(CHALLENGE);
    let (good, bad) = (Ok("read:tickets".to_owned()), Err((false, "invalid_grant")));
    for (public, challenge, uri, verifier, now, expected) in [
        (true, with, Some(URI), Some(VERIFIER), 59, &good),
        (true, with, Some(URI), Some(VERIFIER), 60, &bad),
        (true, with, Some(URI), Some("wrong"), 0, &bad),
        (true, with, Some(URI), Some(CHALLENGE), 0, &bad),
        (true, with, Some(URI), None, 0, &bad),
        (true, with, None, Some(VERIFIER), 0, &bad),
        (
            true,
            with,
            Some("https://a.example/"),
            Some(VERIFIER),
            0,
            &bad,
        ),
        (true, None, Some(URI), None, 0, &bad),
        (false, None, Some(URI), None, 0, &good),
        (false, None, Some(URI), Some(VERIFIER), 0, &bad),
        (false, with, Some(URI), Some(VERIFIER), 0, &good),
        (false, with, Some(URI), None, 0, &bad),
    ] {
        let redeemed = redeem(
            &application(public),
            Some(&code(challenge)),
            uri,
            verifier,
            now,
        );
        assert_eq!(
            told(redeemed),
            *expected,
            "{public} {challenge:?} {uri:?} {verifier:?} {now}"
        );
    }
    let mut used = code(with);
    used.used = true;
    let mut other = used.clone();
    other.client_id = "other".to_owned();
    let mut off = application(true);
    off.grants.clear();
    for (application, code, expected) in [
        (&application(true), Some(&used), (true, "invalid_grant")),
        (&application(true), Some(&other), (false, "invalid_grant")),
        (&application(true), None, (false, "invalid_grant")),
        (&off, Some(&used), (false, "unauthorized_client")),
    ] {
        let redeemed = redeem(application, code, Some(URI), Some(VERIFIER), 0);
        assert_eq!(told(redeemed), Err(expected));
    }
}

#[test]
fn a_refresh_token_is_good_once() {
    let token = |client_id: &str, used| StoredRefresh {
        client_id: client_id.to_owned(),
        given: given(),
        expires_at: 60,
        used,
    };
    let good = Ok("read:tickets".to_owned());
    for (token, now, expected) in [
        (Some(token("reports", false)), 59, good),
        (
            Some(token("reports", false)),
            60,
            Err((false, "invalid_grant")),
        ),
        (
            Some(token("reports", true)),
            0,
            Err((true, "invalid_grant")),
        ),
        (Some(token("other", true)), 0, Err((false, "invalid_grant"))),
        (None, 0, Err((false, "invalid_grant"))),
    ] {
        let renewed = renew(&application(true), token.as_ref(), None, now);
        assert_eq!(told(renewed), expected, "{token:?}");
    }
    let token = token("reports", false);
    for (asked, expected) in [
        ("all", Ok("read:tickets".to_owned())),
        ("read:tickets", Ok("read:tickets".to_owned())),
        ("read:customers", Err((false, "invalid_scope"))),
    ] {
        let asked = Scopes::parse(asked).unwrap();
        let renewed = renew(&application(true), Some(&token), Some(asked), 0);
        assert_eq!(told(renewed), expected, "{asked}");
    }
}
