//! How programs log in: tokens given, renewed and revoked, and what a person allows.

use shared::api::{AuthorizeAnswer, AuthorizeRequest, Decision};
use shared::desk::authorize::{self, Asked, NotAsked};
use shared::desk::token::{
    Client, ClientLogin, Given, GrantRequest, Presented, RevocationRequest, TokenError,
    TokenRequest, authenticate, granted, may_revoke, own_grant, redeem, renew,
};
use shared::desk::{Access, Caller};
use shared::model::{Application, Timestamp};

use super::tables::Tables;
use super::{applications, tokens};
use crate::config::Config;
use crate::error::Failure;
use crate::store::Store;

/// What an application is told: the body of the answer, or why there is none. Both are kept, also where what was
/// presented turned out to be stolen.
type Told<T> = Result<Result<T, TokenError>, Failure>;

/// Gives tokens.
pub(super) fn token(
    store: &Store,
    config: &Config,
    request: &TokenRequest,
    now: Timestamp,
) -> Told<String> {
    let client = match known(store, config, &request.client)? {
        Ok(client) => client,
        Err(error) => return Ok(Err(error)),
    };
    let application = &client.application;
    let answer = match &request.grant {
        GrantRequest::ClientCredentials { scopes } => match own_grant(application, *scopes) {
            Ok(given) => {
                let token = tokens::issue(store, &application.client_id, &given, None, now)?;
                Ok(granted(&token, None, given.scopes))
            }
            Err(error) => Err(error),
        },
        GrantRequest::AuthorizationCode {
            code,
            redirect_uri,
            code_verifier,
        } => {
            let kept = tokens::code(store, code)?;
            let presented = redeem(
                application,
                kept.as_ref().map(|kept| &kept.value),
                redirect_uri.as_deref(),
                code_verifier.as_deref(),
                now,
            );
            let kept = kept.map(|kept| (kept.value.given, kept.family));
            exchange(store, application, code, kept, presented, now)?
        }
        GrantRequest::RefreshToken {
            refresh_token,
            scopes,
        } => {
            let kept = tokens::refresh(store, refresh_token)?;
            let stored = kept.as_ref().map(|kept| &kept.value);
            let presented = renew(application, stored, *scopes, now);
            let kept = kept.map(|kept| (kept.value.given, kept.family));
            exchange(store, application, refresh_token, kept, presented, now)?
        }
    };
    if answer.is_ok() {
        applications::note_use(store, &application.client_id, None, now)?;
    }
    Ok(answer)
}

/// Takes what was presented, and gives an access token with the next refresh token.
/// `kept` is what had been given with it, and its family.
fn exchange(
    store: &Store,
    application: &Application,
    secret: &str,
    kept: Option<(Given, String)>,
    presented: Presented,
    now: Timestamp,
) -> Told<String> {
    let Some((all, family)) = kept else {
        return Ok(Err(match presented {
            Presented::Stolen(error) | Presented::Refused(error) => error,
            Presented::Good(_) => TokenError::invalid_grant("It is not good"),
        }));
    };
    match presented {
        Presented::Good(given) => {
            tokens::use_up(store, secret)?;
            let client_id = &application.client_id;
            let access = tokens::issue(store, client_id, &given, Some(&family), now)?;
            let refresh = tokens::issue_refresh(store, client_id, &all, &family, now)?;
            Ok(Ok(granted(&access, Some(&refresh), given.scopes)))
        }
        Presented::Stolen(error) => {
            tokens::revoke_family(store, &family)?;
            Ok(Err(error))
        }
        Presented::Refused(error) => Ok(Err(error)),
    }
}

/// Makes a token worthless. One that is not known is so already (RFC 7009, 2.2).
pub(super) fn revoke(store: &Store, config: &Config, request: &RevocationRequest) -> Told<()> {
    let client = match known(store, config, &request.client)? {
        Ok(client) => client,
        Err(error) => return Ok(Err(error)),
    };
    let client_id = &client.application.client_id;
    if let Some(kept) = tokens::refresh(store, &request.token)? {
        if let Err(error) = may_revoke(client_id, &kept.value.client_id) {
            return Ok(Err(error));
        }
        tokens::revoke_family(store, &kept.family)?;
    } else if let Some(owner) = tokens::owner(store, &request.token)? {
        if let Err(error) = may_revoke(client_id, &owner) {
            return Ok(Err(error));
        }
        tokens::revoke(store, &request.token)?;
    }
    Ok(Ok(()))
}

fn known(store: &Store, config: &Config, login: &ClientLogin) -> Told<Client> {
    let client = applications::client(store, config, &login.client_id)?;
    Ok(authenticate(client.as_ref(), login).and_then(|()| client.ok_or(TokenError::InvalidClient)))
}

/// What a person is asked, or where their browser goes next.
pub(super) fn authorize(
    store: &Store,
    request: &AuthorizeRequest,
    now: Timestamp,
) -> Result<AuthorizeAnswer, Failure> {
    let row = applications::row(store, &request.client_id)?;
    let application = row.map(|row| row.application()).transpose()?;
    let asked = match authorize::check(application.as_ref(), request) {
        Ok(asked) => asked,
        Err(NotAsked::Redirect(redirect)) => return Ok(AuthorizeAnswer::Redirect { redirect }),
        Err(NotAsked::Stay(detail)) => return Err(Failure::of(400, detail)),
    };
    let person = Access::of(&Caller::Console {}, None, &Tables::new(store))
        .map_err(|error| Failure::internal("agent", &error))?;
    let redirect = match request.decision {
        None => {
            return Ok(AuthorizeAnswer::Ask {
                application: application.map(|it| it.name).unwrap_or_default(),
                scopes: asked
                    .scopes
                    .names()
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
                redirect_uri: asked.redirect_uri,
                who: person.who,
            });
        }
        Some(Decision::Refuse) => asked.refused(),
        Some(Decision::Allow) => {
            let code = code(store, request, &asked, person.agent, now)?;
            asked.allowed(&code)
        }
    };
    let redirect = redirect
        .ok_or_else(|| Failure::internal("authorization", &"the redirect URI is none any more"))?;
    Ok(AuthorizeAnswer::Redirect { redirect })
}

fn code(
    store: &Store,
    request: &AuthorizeRequest,
    asked: &Asked,
    agent: Option<u64>,
    now: Timestamp,
) -> Result<String, Failure> {
    // A token that acts for nobody would act for the application.
    let agent = agent.ok_or_else(|| {
        Failure::conflict(
            "no_agent",
            "The desk has no agent in whose name the application could act. Make one first.",
        )
    })?;
    let given = Given {
        scopes: asked.scopes,
        agent: Some(agent),
    };
    tokens::issue_code(
        store,
        &request.client_id,
        &given,
        request.redirect_uri.as_deref(),
        asked.challenge.as_deref(),
        now,
    )
}
