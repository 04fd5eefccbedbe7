//! The one place where the effects of a run are carried out.

mod own;

use shared::desk::{Caller, DeskRequest};
use shared::engine::{DeskCall, Response, Sending};
use shared::model::{Authorization, IntegrationId};
use shared::problem::ErrorDetail;
use shared::request::login::{self, Renewal};
use shared::request::{Destination, Request};
use worker::Env;

use crate::clock;
use crate::config::Config;
use crate::egress::{self, Exchange, Redirects};
use crate::login::client as logins;
use crate::login::protocol::TokenRequest;

/// How a request signs in, and on whose behalf it goes.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'s> {
    /// With its secrets.
    pub authorization: &'s Authorization,
    /// Whose tokens it signs in with.
    pub integration: &'s IntegrationId,
    /// Who the desk is told has done it.
    pub name: &'s str,
    /// The same for every sending that must be carried out once only, where the desk is asked.
    pub key: Option<&'s str>,
    /// From sending until the last byte of the answer.
    pub timeout_ms: u32,
    /// How many runs stand above what the request sets off at the own desk.
    pub depth: u8,
}

/// What became of a request.
#[derive(Debug)]
pub struct Sent {
    pub exchange: Exchange,
    /// Tokens that it signed in with: to be masked like secrets.
    pub tokens: Vec<String>,
}

/// Sends a request with its login. A token that the service refuses is renewed once.
pub async fn send(env: &Env, config: &Config, request: &Request, sender: &Sender<'_>) -> Sent {
    let mut sendings = Vec::new();
    let mut tokens = Vec::new();
    let mut place = None;
    let outcome = loop {
        let token = match token(env, sender, tokens.last()).await {
            Ok(token) => token,
            Err(error) => break Err(error),
        };
        let mut outgoing = request.clone();
        if let Err(error) = login::apply(sender.authorization, token.as_deref(), &mut outgoing) {
            break Err(error.into());
        }
        let mut exchange = deliver(env, config, outgoing, sender).await;
        sendings.append(&mut exchange.sendings);
        place = exchange.place;
        let is_renewed = !tokens.is_empty();
        tokens.extend(token);
        match exchange.outcome {
            Ok(response)
                if !tokens.is_empty()
                    && login::after(response.status, is_renewed) == Renewal::Renew => {}
            outcome => break outcome,
        }
    };
    Sent {
        exchange: Exchange {
            sendings,
            outcome,
            place,
        },
        tokens,
    }
}

/// Calls the embedded desk in the name of a runbook.
///
/// `depth` is how many runs stand above what that sets off.
pub async fn ask_desk(
    env: &Env,
    config: &Config,
    call: DeskCall,
    runbook: &str,
    depth: u8,
) -> Exchange {
    let sending = Sending {
        sent_at: clock::now(),
        method: Some(call.http_method),
        url: format!("{}{}", config.public_url, call.resource),
        status: None,
        time_ms: 0,
        error: None,
    };
    let request = DeskRequest {
        caller: Caller::Runbook {
            name: runbook.to_owned(),
            scope: None,
        },
        method: call.http_method.as_str().to_owned(),
        path: call.resource.to_owned(),
        query: String::new(),
        body: call.body,
        key: Some(call.key),
        depth,
    };
    own::timed(sending, call.timeout_ms, own::ask_desk(env, request)).await
}

/// Sends a request for a token, as it is: its redirects are not followed, because it carries a secret.
pub async fn ask_token_service(
    env: &Env,
    config: &Config,
    request: Request,
    timeout_ms: u32,
) -> Result<Response, ErrorDetail> {
    match request.destination() {
        Destination::Own => own::exchange(env, &request, None, timeout_ms).await,
        Destination::Outside => {
            egress::exchange(request, config.networks, timeout_ms, Redirects::Keep).await
        }
    }
    .outcome
}

async fn deliver(env: &Env, config: &Config, request: Request, sender: &Sender<'_>) -> Exchange {
    let timeout_ms = sender.timeout_ms;
    match request.destination() {
        Destination::Own => own::exchange(env, &request, Some(sender), timeout_ms).await,
        Destination::Outside => {
            egress::exchange(request, config.networks, timeout_ms, Redirects::Follow).await
        }
    }
}

/// The token that a sender needs; `refused` is the one that did not do.
async fn token(
    env: &Env,
    sender: &Sender<'_>,
    refused: Option<&String>,
) -> Result<Option<String>, ErrorDetail> {
    if !matches!(sender.authorization, Authorization::OAuth2 { .. }) {
        return Ok(None);
    }
    let wanted = TokenRequest {
        authorization: sender.authorization.clone(),
        refused: refused.cloned(),
    };
    logins::token(env, sender.integration, wanted)
        .await
        .unwrap_or_else(|failure| Err(failure.detail))
        .map(Some)
}
